// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.ulvs.control.lvscf.Ipv4;

/** The gateway that is asked whether this node's own network works. */
final class Gateway {
    private static final Path ROUTES = Path.of("/proc/net/route");
    /** It is asked up to three times, a second apart. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

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
}
