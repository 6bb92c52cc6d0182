// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.testkit;

import java.util.HexFormat;
import org.ulvs.wire.Frame;

/** Frames from and to bytes. */
public final class Frames {
    /** Writable bytes before the frame that {@link #of(byte[])} leaves. */
    public static final int HEADROOM = 64;

    private Frames() {}

    /** A frame over a copy of {@code bytes}, with {@link #HEADROOM} before it and none behind it. */
    public static Frame of(final byte[] bytes) {
        return of(bytes, 0);
    }

    /** As {@link #of(byte[])}, with {@code tailroom} writable bytes behind the frame. */
    public static Frame of(final byte[] bytes, final int tailroom) {
        final byte[] memory = new byte[HEADROOM + bytes.length + tailroom];
        System.arraycopy(bytes, 0, memory, HEADROOM, bytes.length);
        return new Frame().wrap(memory, HEADROOM, bytes.length, 0);
    }

    /** A frame over exactly {@code bytes}, not copied: reading outside of it fails if bounds are checked. */
    public static Frame exact(final byte[] bytes) {
        return new Frame().wrap(bytes, 0, bytes.length, 0);
    }

    /** The bytes of a frame. */
    public static byte[] bytes(final Frame frame) {
        final byte[] bytes = new byte[frame.length()];
        frame.buffer().getBytes(frame.offset(), bytes);
        return bytes;
    }

    /** A copy of a frame with its port and facts, in memory of its own. */
    public static Frame copy(final Frame frame) {
        final Frame copy = of(bytes(frame), Math.min(frame.capacity() - frame.length(), 256));
        copy.offload(
                frame.checksumPartial(),
                frame.checksumStart(),
                frame.checksumOffset(),
                frame.gsoType(),
                frame.gsoSize(),
                frame.headerLength());
        copy.port(frame.port());
        copy.vlanTci(frame.vlanTci());
        copy.wireLength(frame.wireLength());
        return copy;
    }

    /** Reads hexadecimal digits; blanks and line ends between octets are ignored. */
    public static byte[] fromHex(final String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }

    /** Writes hexadecimal digits without blanks. */
    public static String toHex(final byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** Writes 16 octets a line, each line with its offset. */
    public static String hexDump(final Frame frame) {
        final byte[] bytes = bytes(frame);
        final StringBuilder dump = new StringBuilder();
        for (int line = 0; line < bytes.length; line += 16) {
            dump.append(String.format("%04x ", line));
            for (int i = line; i < Math.min(line + 16, bytes.length); i++) {
                dump.append(String.format(i % 8 == 0 ? "  %02x" : " %02x", bytes[i]));
            }
            dump.append('\n');
        }
        return dump.toString();
    }
}
