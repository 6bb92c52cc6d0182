// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.ulvs.control.check.ProgramRunner;
import org.ulvs.control.lvscf.Ipv4;

/** Asks a gateway whether this node's own network works: up to three pings, one second each. */
final class Gateway {
    private static final Path ROUTES = Path.of("/proc/net/route");
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private Gateway() {}

    /** The default gateway of this machine. */
    static Optional<InetAddress> defaultGateway() {
        try {
            return parse(Files.readAllLines(ROUTES));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Lines of /proc/net/route: addresses in little-endian hexadecimal. */
    static Optional<InetAddress> parse(List<String> lines) {
        for (final String line : lines) {
            final String[] columns = line.strip().split("\\s+", -1);
            if (columns.length > 7 && "00000000".equals(columns[1]) && "00000000".equals(columns[7])) {
                final int address = Integer.reverseBytes(Integer.parseUnsignedInt(columns[2], 16));
                if (address != 0) {
                    return Optional.of(Ipv4.of(address));
                }
            }
        }
        return Optional.empty();
    }

    /** Tells whether an address answers, on a thread of the runner. */
    static void test(ProgramRunner programs, InetAddress address, Consumer<Boolean> then) {
        final List<String> ping = List.of("ping", "-n", "-c", "3", "-i", "1", "-W", "1", address.getHostAddress());
        if (!programs.submit(ping, LIMIT, result -> then.accept(result.succeeded()))) {
            then.accept(false);
        }
    }
}
