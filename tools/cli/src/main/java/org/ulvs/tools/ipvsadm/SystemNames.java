// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.InetAddr;

/** The names of this machine: its hosts and services files, then its resolver. */
final class SystemNames implements NameService {
    private final Path hostsFile;
    private final Path servicesFile;
    private final boolean useResolver;
    private @Nullable List<String[]> hosts;
    private @Nullable List<String[]> services;

    SystemNames() {
        this(Path.of("/etc/hosts"), Path.of("/etc/services"), true);
    }

    SystemNames(Path hostsFile, Path servicesFile, boolean useResolver) {
        this.hostsFile = hostsFile;
        this.servicesFile = servicesFile;
        this.useResolver = useResolver;
    }

    private static List<String[]> read(Path file) {
        final List<String[]> lines = new ArrayList<>();
        try {
            for (final String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                final int comment = line.indexOf('#');
                final StringTokenizer words =
                        new StringTokenizer(comment < 0 ? line : line.substring(0, comment), " \t");
                if (words.countTokens() >= 2) {
                    final String[] fields = new String[words.countTokens()];
                    for (int i = 0; i < fields.length; i++) {
                        fields[i] = words.nextToken();
                    }
                    lines.add(fields);
                }
            }
        } catch (final IOException missing) {
            return lines;
        }
        return lines;
    }

    private List<String[]> hosts() {
        if (hosts == null) {
            hosts = read(hostsFile);
        }
        return hosts;
    }

    private List<String[]> services() {
        if (services == null) {
            services = read(servicesFile);
        }
        return services;
    }

    @Override
    public @Nullable InetAddr hostAddress(String name) {
        for (final String[] line : hosts()) {
            for (int i = 1; i < line.length; i++) {
                if (line[i].equalsIgnoreCase(name) && line[0].indexOf(':') < 0) {
                    return Addresses.inetAton(line[0]);
                }
            }
        }
        // the resolver of Java takes for an address what the C library does not
        if (!useResolver || name.isEmpty() || isNumeric(name)) {
            return null;
        }
        try {
            for (final InetAddress address : InetAddress.getAllByName(name)) {
                if (address instanceof Inet4Address) {
                    return Addresses.inetAton(address.getHostAddress());
                }
            }
        } catch (final UnknownHostException unknown) {
            return null;
        }
        return null;
    }

    private static boolean isNumeric(String name) {
        for (int i = 0; i < name.length(); i++) {
            final char c = name.charAt(i);
            if (c != '.' && (c < '0' || c > '9')) {
                return false;
            }
        }
        return true;
    }

    @Override
    public @Nullable String hostName(InetAddr address) {
        final String text = Addresses.text(address);
        for (final String[] line : hosts()) {
            if (line[0].equals(text)) {
                return line[1];
            }
        }
        if (!useResolver) {
            return null;
        }
        try {
            final InetAddress numeric = InetAddress.getByName(text);
            final String name = numeric.getHostName();
            return name.equals(numeric.getHostAddress()) ? null : name;
        } catch (final UnknownHostException impossible) {
            return null;
        }
    }

    @Override
    public int servicePort(String name, String protocol) {
        for (final String[] line : services()) {
            if (isProtocol(line[1], protocol)) {
                for (int i = 0; i < line.length; i++) {
                    if (i != 1 && line[i].equals(name)) {
                        return Numbers.leading(line[1]);
                    }
                }
            }
        }
        return -1;
    }

    @Override
    public @Nullable String serviceName(int port, String protocol) {
        for (final String[] line : services()) {
            if (isProtocol(line[1], protocol) && Numbers.leading(line[1]) == port) {
                return line[0];
            }
        }
        return null;
    }

    private static boolean isProtocol(String portAndProtocol, String protocol) {
        final int slash = portAndProtocol.indexOf('/');
        return slash >= 0 && portAndProtocol.substring(slash + 1).equals(protocol);
    }
}
