// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.pipeline;

import java.nio.ByteOrder;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.ulvs.shim.RingCounters;
import org.ulvs.shim.SlotReceiver;
import org.ulvs.wire.Checksums;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.Tcp;

/**
 * A ring of slots in memory, in the layout in which the kernel fills it: the part of the kernel is played here, outside
 * of what is timed. Each frame is 60 bytes of TCP with right checksums.
 */
final class Traffic {
    /** Slots, each with a frame. */
    static final int FRAMES = 4096;
    /** Bytes of each frame: the shortest that Ethernet carries, without its checksum. */
    static final int FRAME_LENGTH = 60;

    private static final int MAC_OFFSET = 146;
    private static final int SLOT_SIZE = 224;
    private static final int LENGTH = FRAMES * SLOT_SIZE;
    private static final int IP = Ethernet.LENGTH;
    private static final int TCP = IP + Ipv4.MIN_LENGTH;

    private final UnsafeBuffer memory = new UnsafeBuffer(BufferUtil.allocateDirectAligned(LENGTH, 4096));
    private final UnsafeBuffer pattern =
            new UnsafeBuffer(BufferUtil.allocateDirectAligned(64, BitUtil.CACHE_LINE_LENGTH));
    private final SlotReceiver receiver;
    private int next;

    Traffic(int port) {
        receiver = new SlotReceiver(-1, memory.addressOffset(), LENGTH, LENGTH, SLOT_SIZE, 0, port, new RingCounters());
    }

    /** The reading side. */
    SlotReceiver receiver() {
        return receiver;
    }

    /** Sets what all frames have in common. */
    void pattern(PacketKind kind) {
        final boolean reply = kind == PacketKind.REPLY;
        pattern.setMemory(0, FRAME_LENGTH, (byte) 0);
        Ethernet.destination(pattern, 0, reply ? Network.INSIDE_MAC : Network.OUTSIDE_MAC);
        Ethernet.source(pattern, 0, Network.ROUTER_MAC);
        Ethernet.type(pattern, 0, Ethernet.TYPE_IPV4);
        Ipv4.write(pattern, IP, 0, FRAME_LENGTH - IP, 7, Ipv4.DONT_FRAGMENT, 64, Ipv4.TCP, 0, 0);
        Tcp.sequence(pattern, TCP, 0x1234_5678);
        Tcp.headerLength(pattern, TCP, Tcp.MIN_LENGTH);
        Tcp.flags(pattern, TCP, kind == PacketKind.SYN ? Tcp.SYN : Tcp.ACK);
        Tcp.window(pattern, TCP, 0xFFFF);
        final int length = FRAME_LENGTH - TCP;
        Tcp.checksum(
                pattern,
                TCP,
                Checksums.complement(Checksums.add(
                        Checksums.pseudoHeader(0, 0, Ipv4.TCP, length), Checksums.sum(pattern, TCP, length))));
    }

    /** Writes a frame into the next slot and gives it to the reader. */
    void put(int source, int sourcePort, int destination, int destinationPort) {
        final int start = next * SLOT_SIZE;
        next = next + 1 == FRAMES ? 0 : next + 1;
        final int mac = start + MAC_OFFSET;
        memory.putLong(mac - 10, 0);
        memory.putShort(mac - 2, (short) 0);
        memory.putBytes(mac, pattern, 0, FRAME_LENGTH);
        Ipv4.source(memory, mac + IP, source);
        Ipv4.destination(memory, mac + IP, destination);
        Ipv4.checksum(
                memory,
                mac + IP,
                Checksums.update32(Checksums.update32(Ipv4.checksum(memory, mac + IP), 0, source), 0, destination));
        memory.putShort(mac + TCP, (short) sourcePort, ByteOrder.BIG_ENDIAN);
        memory.putShort(mac + TCP + 2, (short) destinationPort, ByteOrder.BIG_ENDIAN);
        final int withSource = Checksums.update(Tcp.checksum(memory, mac + TCP), 0, source, 0, sourcePort);
        Tcp.checksum(memory, mac + TCP, Checksums.update(withSource, 0, destination, 0, destinationPort));
        SlotReceiver.provide(memory, start, MAC_OFFSET, FRAME_LENGTH);
    }
}
