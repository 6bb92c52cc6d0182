// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.InetAddr;
import org.ulvs.cnc.ServiceKey;
import org.ulvs.control.lvscf.LvsCfFile;

/**
 * Which services and addresses the control plane has made, kept in a file so that a restarted pulse knows them. What is
 * not among them was made by somebody else and is never deleted.
 */
final class OwnedState {
    private final @Nullable Path file;
    private final Set<ServiceKey> services = new HashSet<>();
    private final Set<InetAddr> addresses = new HashSet<>();
    private String saved = "";

    OwnedState(@Nullable Path file) {
        this.file = file;
        if (file != null && Files.exists(file)) {
            try {
                for (final String line : Files.readAllLines(file)) {
                    read(line.split(" ", -1));
                }
            } catch (IOException | NumberFormatException e) {
                // an unreadable file means that nothing is known to be ours: nothing is deleted
                services.clear();
                addresses.clear();
            }
        }
    }

    private void read(String[] words) {
        if ("address".equals(words[0]) && words.length == 4) {
            addresses.add(address(words, 1));
        } else if ("service".equals(words[0]) && words.length == 7) {
            services.add(new ServiceKey(
                    Integer.parseInt(words[1]),
                    address(words, 2),
                    Integer.parseInt(words[5]),
                    Integer.parseInt(words[6])));
        }
    }

    private static InetAddr address(String[] words, int from) {
        return new InetAddr(
                Integer.parseInt(words[from]), Long.parseLong(words[from + 1]), Long.parseLong(words[from + 2]));
    }

    private static String words(InetAddr address) {
        return address.family() + " " + address.high() + " " + address.low();
    }

    Set<ServiceKey> services() {
        return services;
    }

    Set<InetAddr> addresses() {
        return addresses;
    }

    /** Writes the file if something has changed. Before a thing is made it must be written that it is ours. */
    void save() throws IOException {
        final StringBuilder text = new StringBuilder();
        addresses.stream()
                .map(OwnedState::words)
                .sorted()
                .forEach(line -> text.append("address ").append(line).append('\n'));
        services.stream()
                .map(key ->
                        "service " + key.protocol() + ' ' + words(key.address()) + ' ' + key.port() + ' ' + key.mark())
                .sorted()
                .forEach(line -> text.append(line).append('\n'));
        if (file != null && !saved.contentEquals(text)) {
            LvsCfFile.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
            saved = text.toString();
        }
    }
}
