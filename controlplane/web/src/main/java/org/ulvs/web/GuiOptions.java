// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.InstanceFiles;
import org.ulvs.control.lvscf.LvsCfFile;

/**
 * What the command line of the configuration tool says.
 *
 * @param listen address and port
 * @param plain HTTP instead of HTTPS
 * @param conf directory of password, tokens, certificate and journal
 * @param lvsCf the file that is edited
 * @param directory of the dataplane, where pulse has its files too
 * @param allow addresses and networks; empty for all
 * @param certificate PEM chain of one's own
 * @param key its PEM key
 */
record GuiOptions(
        InetSocketAddress listen,
        boolean plain,
        Path conf,
        Path lvsCf,
        Path directory,
        List<String> allow,
        @Nullable Path certificate,
        @Nullable Path key) {
    static final Path DEFAULT_CONF = Path.of("/etc/sysconfig/ha/conf");
    static final int PORT = 3636;
    static final String USAGE = """
            Usage: ./ulvs piranha-gui [OPTION…]

            The Piranha configuration tool: https on port 3636, user piranha.

              --listen ADDRESS[:PORT]  where to listen (default: all addresses, port 3636)
              --allow NETWORK          who may come in, repeatable: 10.0.0.0/8, 192.168.1.5 (default: everybody;
                                       also the lines of CONF/allow)
              --certificate FILE       PEM chain of your own, with --key FILE (default: one is made at first start)
              --http                   no TLS; on a loopback address only,
              --insecure-http          or on any address
              --config FILE            lvs.cf to edit (default: /etc/sysconfig/ha/lvs.cf)
              --conf DIR               password, tokens, certificate, journal (default: /etc/sysconfig/ha/conf)
              --dir DIR                directory of the dataplane and pulse (default: ULVS_DIR, or /run/ulvs)

            Examples:
              ./ulvs piranha-passwd && ./ulvs piranha-gui
              ./ulvs piranha-gui --listen 127.0.0.1:8080 --http
            """;

    /** The command line makes no sense. */
    static final class UsageException extends Exception {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }

    static Path password(Path conf) {
        return conf.resolve("piranha.passwd");
    }

    static Path tokens(Path conf) {
        return conf.resolve("piranha.tokens");
    }

    static Path allowFile(Path conf) {
        return conf.resolve("allow");
    }

    static GuiOptions parse(String[] arguments) throws UsageException {
        String listen = "";
        boolean plain = false;
        boolean insecure = false;
        Path conf = DEFAULT_CONF;
        Path lvsCf = LvsCfFile.DEFAULT_PATH;
        Path directory = Path.of(
                System.getenv().getOrDefault(InstanceFiles.DIRECTORY_VARIABLE, InstanceFiles.DEFAULT_DIRECTORY));
        Path certificate = null;
        Path key = null;
        final List<String> allow = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            final String option = arguments[i];
            if ("--http".equals(option)) {
                plain = true;
                continue;
            }
            if ("--insecure-http".equals(option)) {
                plain = true;
                insecure = true;
                continue;
            }
            if (i + 1 == arguments.length) {
                throw new UsageException("unexpected or incomplete argument \"" + option + '"');
            }
            final String value = arguments[++i];
            switch (option) {
                case "--listen" -> listen = value;
                case "--allow" -> allow.add(value);
                case "--config" -> lvsCf = Path.of(value);
                case "--conf" -> conf = Path.of(value);
                case "--dir" -> directory = Path.of(value);
                case "--certificate" -> certificate = Path.of(value);
                case "--key" -> key = Path.of(value);
                default -> throw new UsageException("unexpected argument \"" + option + '"');
            }
        }
        if ((certificate == null) != (key == null)) {
            throw new UsageException("--certificate and --key belong together");
        }
        final InetSocketAddress address = address(listen, plain);
        if (plain && !insecure && !address.getAddress().isLoopbackAddress()) {
            throw new UsageException("plain HTTP is for loopback addresses; --insecure-http if you mean it");
        }
        return new GuiOptions(address, plain, conf, lvsCf, directory, allow, certificate, key);
    }

    private static InetSocketAddress address(String listen, boolean plain) throws UsageException {
        if (listen.isEmpty()) {
            return plain ? new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT) : new InetSocketAddress(PORT);
        }
        final int colon = listen.lastIndexOf(':');
        final boolean hasPort = colon >= 0 && (listen.indexOf(':') == colon || listen.charAt(colon - 1) == ']');
        try {
            final String host = hasPort ? listen.substring(0, colon) : listen;
            final int port = hasPort ? Integer.parseInt(listen.substring(colon + 1)) : PORT;
            return new InetSocketAddress(InetAddress.getByName(host.replaceAll("[\\[\\]]", "")), port);
        } catch (UnknownHostException | IllegalArgumentException e) {
            throw new UsageException("not an address to listen on: " + listen);
        }
    }
}
