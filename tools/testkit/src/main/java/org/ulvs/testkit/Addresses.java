// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.testkit;

import java.util.HexFormat;

/** Text forms of addresses. */
public final class Addresses {
    private Addresses() {}

    /**
     * Reads an IPv4 address in dotted form.
     *
     * @throws IllegalArgumentException if the text is no such address
     */
    public static int ip(final String text) {
        final String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            throw new IllegalArgumentException("not an IPv4 address: " + text);
        }
        int address = 0;
        for (final String part : parts) {
            final int octet = Integer.parseInt(part);
            if (octet < 0 || octet > 255) {
                throw new IllegalArgumentException("not an IPv4 address: " + text);
            }
            address = address << 8 | octet;
        }
        return address;
    }

    /** Writes an IPv4 address in dotted form. */
    public static String ip(final int address) {
        return (address >>> 24) + "." + (address >>> 16 & 0xFF) + "." + (address >>> 8 & 0xFF) + "." + (address & 0xFF);
    }

    /** Reads a hardware address: six hexadecimal octets joined by colons. */
    public static long mac(final String text) {
        return Long.parseLong(text.replace(":", ""), 16);
    }

    /** Writes a hardware address. */
    public static String mac(final long address) {
        final HexFormat hex = HexFormat.of();
        final StringBuilder text = new StringBuilder();
        for (int shift = 40; shift >= 0; shift -= 8) {
            hex.toHexDigits(text, (byte) (address >>> shift));
            if (shift > 0) {
                text.append(':');
            }
        }
        return text.toString();
    }
}
