// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.rules;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names of ports, as /etc/services has them. */
public final class PortNames {
    /** Knows no name. */
    public static final PortNames NONE = new PortNames(List.of());

    private final Map<String, Integer> portByName = new HashMap<>();
    private final Map<String, String> nameByPort = new HashMap<>();

    private PortNames(final List<String> lines) {
        for (final String line : lines) {
            final int comment = line.indexOf('#');
            final String[] words =
                    (comment < 0 ? line : line.substring(0, comment)).trim().split("\\s+", -1);
            if (words.length >= 2 && words[1].indexOf('/') > 0) {
                final int slash = words[1].indexOf('/');
                final int port = Numbers.parse(words[1].substring(0, slash), 65_535);
                final String protocol = words[1].substring(slash + 1);
                if (port >= 0) {
                    nameByPort.putIfAbsent(port + "/" + protocol, words[0]);
                    portByName.putIfAbsent(words[0] + "/" + protocol, port);
                    for (int i = 2; i < words.length; i++) {
                        portByName.putIfAbsent(words[i] + "/" + protocol, port);
                    }
                }
            }
        }
    }

    /** The names that lines of such a file give. */
    public static PortNames of(final List<String> lines) {
        return new PortNames(lines);
    }

    /** The port with a name, or -1. */
    int port(final String name, final int protocol) {
        return portByName.getOrDefault(name + "/" + Protocols.name(protocol), -1);
    }

    /** The name of a port, or null. */
    @Nullable
    String name(final int port, final int protocol) {
        return nameByPort.get(port + "/" + Protocols.name(protocol));
    }
}
