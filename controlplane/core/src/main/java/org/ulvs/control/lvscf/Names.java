// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** What names in lvs.cf mean: host names (first IPv4 address) and service names. */
public final class Names {
    private final Function<String, Optional<InetAddress>> hosts;
    private final Map<String, Integer> services;

    private Names(Function<String, Optional<InetAddress>> hosts, Map<String, Integer> services) {
        this.hosts = hosts;
        this.services = services;
    }

    /** This machine's resolver and services file. */
    public static Names system() {
        return new Names(Names::resolve, ServiceNames.read(Path.of("/etc/services")));
    }

    /** Fixed host names and the usual service names: asks nobody. */
    public static Names of(Map<String, String> hosts) {
        final Map<String, String> copy = Map.copyOf(hosts);
        return new Names(
                name -> copy.containsKey(name) ? Optional.of(Ipv4.parse(copy.get(name))) : Optional.empty(),
                ServiceNames.usual());
    }

    /** The first IPv4 address of a name or dotted quad. */
    Optional<InetAddress> host(String name) {
        if (Ipv4.isDottedQuad(name)) {
            return Optional.of(Ipv4.parse(name));
        }
        return name.isEmpty() || name.matches("[0-9.]+") ? Optional.empty() : hosts.apply(name);
    }

    OptionalInt service(String name) {
        final Integer port = services.get(name);
        return port == null ? OptionalInt.empty() : OptionalInt.of(port);
    }

    private static Optional<InetAddress> resolve(String name) {
        try {
            for (final InetAddress address : InetAddress.getAllByName(name)) {
                if (address instanceof Inet4Address) {
                    return Optional.of(address);
                }
            }
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    /** The services file, or what everybody knows where there is none. */
    private static final class ServiceNames {
        private ServiceNames() {}

        static Map<String, Integer> usual() {
            final Map<String, Integer> names = new ConcurrentHashMap<>();
            names.putAll(Map.of("ftp-data", 20, "ftp", 21, "ssh", 22, "telnet", 23, "smtp", 25, "domain", 53));
            names.putAll(Map.of("http", 80, "www", 80, "pop3", 110, "nntp", 119, "ntp", 123, "imap2", 143));
            names.putAll(Map.of("imap", 143, "ldap", 389, "https", 443, "ldaps", 636, "imaps", 993, "pop3s", 995));
            names.putAll(Map.of("mysql", 3306, "sip", 5060, "sip-tls", 5061, "postgresql", 5432, "echo", 7));
            return names;
        }

        static Map<String, Integer> read(Path file) {
            final Map<String, Integer> names = usual();
            final java.util.List<String> lines;
            try {
                lines = java.nio.file.Files.readAllLines(file);
            } catch (java.io.IOException e) {
                return names;
            }
            for (final String line : lines) {
                final int hash = line.indexOf('#');
                final String[] words =
                        (hash < 0 ? line : line.substring(0, hash)).strip().split("\\s+", -1);
                if (words.length < 2 || !words[1].endsWith("/tcp")) {
                    continue;
                }
                final int port = Integer.parseInt(words[1].substring(0, words[1].length() - 4));
                for (int i = 0; i < words.length; i++) {
                    if (i != 1) {
                        names.put(words[i], port);
                    }
                }
            }
            return names;
        }
    }
}
