// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** Small frames for the tests of this module, which cannot use the testkit that is built on it. */
public final class Packets {
    /** Writable bytes before the frames made here. */
    public static final int HEADROOM = 64;

    public static final int CLIENT = 0x0A010007;
    public static final int VIP = 0x0A000064;

    private Packets() {}

    /** A frame between two fixed hardware addresses around an IPv4 packet in hexadecimal. */
    public static Frame ipv4(final String hex) {
        return ipv4(HexFormat.of().parseHex(hex));
    }

    /** As {@link #ipv4(String)}. */
    public static Frame ipv4(final byte[] packet) {
        final byte[] memory = new byte[HEADROOM + Ethernet.LENGTH + packet.length];
        final Frame frame = new Frame().wrap(memory, HEADROOM, memory.length - HEADROOM, 1);
        Ethernet.destination(frame.buffer(), HEADROOM, 0x0200_0000_01FEL);
        Ethernet.source(frame.buffer(), HEADROOM, 0x0200_0000_0101L);
        Ethernet.type(frame.buffer(), HEADROOM, Ethernet.TYPE_IPV4);
        frame.buffer().putBytes(HEADROOM + Ethernet.LENGTH, packet);
        return frame;
    }

    /** A packet of any protocol with a body that is given. */
    public static Frame packet(
            final int protocol, final int id, final int fragmentWord, final int tos, final byte[] body) {
        final byte[] packet = new byte[Ipv4.MIN_LENGTH + body.length];
        final UnsafeBuffer buffer = new UnsafeBuffer(packet);
        Ipv4.write(buffer, 0, tos, packet.length, id, fragmentWord, 64, protocol, CLIENT, VIP);
        buffer.putBytes(Ipv4.MIN_LENGTH, body);
        return ipv4(packet);
    }

    /** Bytes that differ from place to place. */
    public static byte[] pattern(final int length, final int seed) {
        final byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 7 + i / 251 + seed);
        }
        return bytes;
    }

    /** The IPv4 packet of a frame in hexadecimal. */
    public static String hex(final Frame frame) {
        return HexFormat.of().formatHex(bytes(frame), Ethernet.LENGTH, frame.length());
    }

    public static byte[] bytes(final Frame frame) {
        final byte[] bytes = new byte[frame.length()];
        frame.buffer().getBytes(frame.offset(), bytes);
        return bytes;
    }

    /** Keeps the frames sent, which it allocated itself or which must not change. */
    public static final class Sink implements FrameSink {
        private final List<Frame> sent = new ArrayList<>();
        private int budget = Integer.MAX_VALUE;

        public Sink allocations(final int frames) {
            budget = frames;
            return this;
        }

        public List<Frame> sent() {
            return sent;
        }

        @Override
        public void send(final Frame frame, final int port) {
            frame.port(port);
            sent.add(frame);
        }

        @Override
        public @Nullable Frame allocate(final int length) {
            return budget-- > 0 ? new Frame().wrap(new byte[HEADROOM + length], HEADROOM, length, 0) : null;
        }
    }
}
