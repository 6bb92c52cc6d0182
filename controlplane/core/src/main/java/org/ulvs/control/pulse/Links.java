// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The interfaces of this machine: which addresses it has, and whether their links are up. */
final class Links {
    private static final Path CLASS_NET = Path.of("/sys/class/net");

    private final Map<InetAddress, String> devices = new HashMap<>();

    /** Whether an interface of this machine carries an address. */
    static boolean isLocal(InetAddress address) {
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return false;
        }
    }

    /** Looks for the interfaces of addresses anew. */
    void forget() {
        devices.clear();
    }

    /**
     * Names of the interfaces whose links are down. An address that no interface carries counts as good; one that an
     * interface has lost since is still looked for there.
     */
    List<String> down(List<InetAddress> addresses) {
        final List<String> down = new ArrayList<>();
        for (final InetAddress address : addresses) {
            String name = devices.getOrDefault(address, "");
            if (name.isEmpty()) {
                name = device(address);
                devices.put(address, name);
            }
            if (!name.isEmpty() && !down.contains(name) && !up(name)) {
                down.add(name);
            }
        }
        return down;
    }

    /** Interface that carries an address, empty for none. */
    private static String device(InetAddress address) {
        try {
            final NetworkInterface device = NetworkInterface.getByInetAddress(address);
            return device == null ? "" : device.getName();
        } catch (SocketException e) {
            return "";
        }
    }

    private static boolean up(String name) {
        try {
            final Path carrier = CLASS_NET.resolve(name).resolve("carrier");
            // reading carrier of an interface that is set down fails: it is down
            return "1".equals(Files.readString(carrier).strip());
        } catch (IOException e) {
            return !Files.exists(CLASS_NET.resolve(name));
        }
    }
}
