// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

/** IPv4 addresses as text. */
final class Addresses {
    private static final int BYTES = 4;
    private static final int MAX_BYTE = 255;

    private Addresses() {}

    /** Dotted text of a host-order int. */
    static String format(int address) {
        return (address >>> 24) + "." + (address >>> 16 & MAX_BYTE) + "." + (address >>> 8 & MAX_BYTE) + "."
                + (address & MAX_BYTE);
    }

    /**
     * Host-order int of dotted text.
     *
     * @throws IllegalArgumentException if it is not four numbers of 0 to 255
     */
    static int parse(String text) {
        final String[] parts = text.split("\\.", -1);
        if (parts.length != BYTES) {
            throw new IllegalArgumentException("not an IPv4 address: " + text);
        }
        int address = 0;
        for (final String part : parts) {
            if (!part.matches("[0-9]{1,3}") || Integer.parseInt(part) > MAX_BYTE) {
                throw new IllegalArgumentException("not an IPv4 address: " + text);
            }
            address = address << Byte.SIZE | Integer.parseInt(part);
        }
        return address;
    }
}
