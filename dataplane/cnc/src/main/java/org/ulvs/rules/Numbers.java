// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.rules;

import java.util.Locale;

/** Numbers and addresses in text. */
final class Numbers {
    private Numbers() {}

    /** A decimal number from 0 to a maximum, or -1. */
    static int parse(final String text, final int max) {
        if (text.isEmpty() || text.length() > 9 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        final int value = Integer.parseInt(text);
        return value <= max ? value : -1;
    }

    /** An unsigned 32-bit number as C writes them (decimal, 0x hexadecimal, 0 octal), or -1. */
    static long parseUnsigned(final String text) {
        final String lower = text.toLowerCase(Locale.ROOT);
        try {
            final long value;
            if (lower.startsWith("0x")) {
                value = Long.parseLong(lower.substring(2), 16);
            } else if (lower.length() > 1 && lower.startsWith("0")) {
                value = Long.parseLong(lower.substring(1), 8);
            } else {
                value = Long.parseLong(lower);
            }
            return lower.matches("[0-9a-fx]+") && value <= 0xFFFF_FFFFL ? value : -1;
        } catch (final NumberFormatException e) {
            return -1;
        }
    }

    /** A dotted quad as a host-order number, or -1. */
    static long parseAddress(final String text) {
        final String[] octets = text.split("\\.", -1);
        if (octets.length != 4) {
            return -1;
        }
        long address = 0;
        for (final String octet : octets) {
            final int value = Numbers.parse(octet, 255);
            if (value < 0) {
                return -1;
            }
            address = address << 8 | value;
        }
        return address;
    }

    static String address(final int address) {
        return (address >>> 24) + "." + (address >>> 16 & 0xFF) + "." + (address >>> 8 & 0xFF) + "." + (address & 0xFF);
    }

    static String hex(final int value) {
        return "0x" + Integer.toHexString(value);
    }
}
