// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;

/** Dotted quads, host-order numbers and Java's addresses. */
public final class Ipv4 {
    private static final Pattern QUAD = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");

    private Ipv4() {}

    /** Whether a text is four decimal numbers up to 255 with dots between them. */
    public static boolean isDottedQuad(String text) {
        final var matcher = QUAD.matcher(text);
        if (!matcher.matches()) {
            return false;
        }
        for (int i = 1; i <= 4; i++) {
            if (Integer.parseInt(matcher.group(i)) > 255) {
                return false;
            }
        }
        return true;
    }

    /** The address of a dotted quad. */
    public static InetAddress parse(String quad) {
        if (!isDottedQuad(quad)) {
            throw new IllegalArgumentException("not a dotted quad: " + quad);
        }
        int address = 0;
        for (final String part : quad.split("\\.", -1)) {
            address = (address << 8) | Integer.parseInt(part);
        }
        return of(address);
    }

    /** The address of a host-order number. */
    public static InetAddress of(int address) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {(byte) (address >>> 24), (byte) (address >>> 16), (byte) (address >>> 8), (byte) address
                    });
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An IPv4 address as a host-order number. */
    public static int number(InetAddress address) {
        final byte[] bytes = address.getAddress();
        if (bytes.length != 4) {
            throw new IllegalArgumentException("not IPv4: " + address);
        }
        return ByteBuffer.wrap(bytes).getInt();
    }

    /** A host-order number as a dotted quad. */
    public static String text(int address) {
        return (address >>> 24) + "." + ((address >>> 16) & 0xff) + "." + ((address >>> 8) & 0xff) + "."
                + (address & 0xff);
    }
}
