// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.auth;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** Addresses and networks from which the tool may be used. */
public final class AddressList {
    /** Everybody. */
    public static final AddressList ALL = new AddressList(List.of());

    private static final class Network {
        private final byte[] address;
        private final int prefix;

        Network(byte[] address, int prefix) {
            this.address = address;
            this.prefix = prefix;
        }

        boolean contains(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < prefix; bit++) {
                final int mask = 0x80 >> (bit & 7);
                if ((other[bit >> 3] & mask) != (address[bit >> 3] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private final List<Network> networks;

    private AddressList(List<Network> networks) {
        this.networks = List.copyOf(networks);
    }

    /**
     * Reads a list.
     *
     * @param entries addresses, {@code 192.168.1.0/24}, or as Apache wrote it {@code 192.168.1.} for the same
     * @throws IllegalArgumentException if one is neither
     */
    public static AddressList of(List<String> entries) {
        final List<Network> networks = new ArrayList<>();
        for (final String entry : entries) {
            networks.add(network(entry.strip()));
        }
        return new AddressList(networks);
    }

    private static Network network(String entry) {
        final int slash = entry.indexOf('/');
        String host = slash < 0 ? entry : entry.substring(0, slash);
        int prefix = -1;
        if (slash < 0 && host.matches("(\\d{1,3}\\.){1,3}")) {
            prefix = (int) host.chars().filter(c -> c == '.').count() * 8;
            host = host + "0.0.0".substring(0, (4 - prefix / 8) * 2 - 1);
        }
        if (!host.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            throw new IllegalArgumentException("not an address or network: " + entry);
        }
        try {
            final byte[] address = InetAddress.getByName(host).getAddress();
            final int bits = address.length * 8;
            if (slash >= 0) {
                prefix = Integer.parseInt(entry.substring(slash + 1));
            } else if (prefix < 0) {
                prefix = bits;
            }
            if (prefix < 0 || prefix > bits) {
                throw new IllegalArgumentException("prefix length out of range: " + entry);
            }
            return new Network(address, prefix);
        } catch (UnknownHostException | NumberFormatException e) {
            throw new IllegalArgumentException("not an address or network: " + entry, e);
        }
    }

    /** Whether somebody with this address may come in. An empty list lets everybody in. */
    public boolean allows(InetAddress address) {
        final byte[] bytes = address.getAddress();
        return networks.isEmpty() || networks.stream().anyMatch(network -> network.contains(bytes));
    }
}
