// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * One Ethernet frame in memory that someone else owns (a ring block, a scratch slot, a test's array), with what the
 * kernel told about it. Reused for frame after frame; owned by one worker thread.
 *
 * <p>Offsets are bytes from the first byte of the Ethernet header, which lies at {@link #offset()} of the buffer.
 * At least {@link #headroom()} writable bytes lie before it and {@link #capacity()} bytes from it onwards.
 *
 * <p>The offload facts are those of {@code struct virtio_net_hdr}: a frame that came in with an unfinished checksum or
 * as a super-frame goes out with the same facts, so that the receiving side finishes the work.
 */
public final class Frame {
    /** No VLAN tag was stripped from the frame. */
    public static final int NO_VLAN = -1;

    /** {@link #gsoType()} of a frame that is one packet. */
    public static final int GSO_NONE = 0;

    /** {@link #gsoType()} of TCP segments over IPv4 in one frame. */
    public static final int GSO_TCPV4 = 1;

    /** {@link #gsoType()} of one UDP datagram that is to leave as IP fragments. */
    public static final int GSO_UDP = 3;

    /** {@link #gsoType()} of UDP datagrams of one size in one frame. */
    public static final int GSO_UDP_L4 = 5;

    /** Bit of {@link #gsoType()}: the segments carry ECN marks. */
    public static final int GSO_ECN = 0x80;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private int offset;
    private int length;
    private int capacity;
    private int wireLength;
    private int headroom;
    private int port;
    private int vlanTci = NO_VLAN;
    private boolean checksumPartial;
    private int checksumStart;
    private int checksumOffset;
    private int gsoType;
    private int gsoSize;
    private int headerLength;

    /**
     * Points this frame at memory.
     *
     * @param address of the first byte of the region, headroom included
     * @param headroom writable bytes before the Ethernet header
     * @param length of the frame in memory
     * @param capacity writable bytes from the Ethernet header onwards, at least {@code length}
     * @param port index of the interface that it came from, in the dataplane's list of interfaces
     * @return this, with no offload facts, no VLAN tag and a wire length equal to {@code length}
     */
    public Frame wrap(long address, int headroom, int length, int capacity, int port) {
        buffer.wrap(address, headroom + capacity);
        return reset(headroom, length, capacity, port);
    }

    /** As {@link #wrap(long, int, int, int, int)}, over an array: for tests and replays. */
    public Frame wrap(byte[] array, int headroom, int length, int port) {
        buffer.wrap(array);
        return reset(headroom, length, array.length - headroom, port);
    }

    private Frame reset(int headroom, int length, int capacity, int port) {
        this.offset = headroom;
        this.headroom = headroom;
        this.length = length;
        this.wireLength = length;
        this.capacity = capacity;
        this.port = port;
        this.vlanTci = NO_VLAN;
        return plain();
    }

    /** Whether there are no offload facts: the checksum is complete and the frame is no super-frame. */
    public boolean isPlain() {
        return !checksumPartial && gsoType == GSO_NONE;
    }

    /** Forgets the offload facts: the checksum is complete and the frame is no super-frame. */
    public Frame plain() {
        checksumPartial = false;
        checksumStart = 0;
        checksumOffset = 0;
        gsoType = 0;
        gsoSize = 0;
        headerLength = 0;
        return this;
    }

    /**
     * States the offload facts, as {@code struct virtio_net_hdr} has them.
     *
     * @param checksumPartial whether the transport checksum holds only the pseudo header's sum
     * @param checksumStart first byte that the checksum covers, from the Ethernet header
     * @param checksumOffset place of the checksum from {@code checksumStart}
     * @param gsoType 0 for none, else VIRTIO_NET_HDR_GSO_*
     * @param gsoSize payload bytes of each segment
     * @param headerLength bytes of all headers
     */
    public Frame offload(
            boolean checksumPartial,
            int checksumStart,
            int checksumOffset,
            int gsoType,
            int gsoSize,
            int headerLength) {
        this.checksumPartial = checksumPartial;
        this.checksumStart = checksumStart;
        this.checksumOffset = checksumOffset;
        this.gsoType = gsoType;
        this.gsoSize = gsoSize;
        this.headerLength = headerLength;
        return this;
    }

    /** Moves the start of the frame {@code bytes} towards the headroom, for a header put in front of it. */
    public void push(int bytes) {
        offset -= bytes;
        headroom -= bytes;
        length += bytes;
        wireLength += bytes;
        capacity += bytes;
        if (checksumPartial) {
            checksumStart += bytes;
        }
        if (headerLength != 0) {
            headerLength += bytes;
        }
    }

    /** The memory; the Ethernet header begins at {@link #offset()}. */
    public UnsafeBuffer buffer() {
        return buffer;
    }

    /** Index of the Ethernet header's first byte in {@link #buffer()}. */
    public int offset() {
        return offset;
    }

    /** Bytes of the frame in memory, Ethernet header included. */
    public int length() {
        return length;
    }

    /** Sets the length after the frame has grown or shrunk at its end. */
    public void length(int length) {
        this.length = length;
        this.wireLength = length;
    }

    /** Bytes that the frame had on the wire; more than {@link #length()} when the ring truncated it. */
    public int wireLength() {
        return wireLength;
    }

    /** Sets the length that the frame had on the wire. */
    public void wireLength(int wireLength) {
        this.wireLength = wireLength;
    }

    /** Writable bytes from the Ethernet header onwards. */
    public int capacity() {
        return capacity;
    }

    /** Writable bytes before the Ethernet header. */
    public int headroom() {
        return headroom;
    }

    /** Index of the interface that the frame came from, or goes to. */
    public int port() {
        return port;
    }

    /** Sets the interface that the frame goes to. */
    public void port(int port) {
        this.port = port;
    }

    /** Tag control information of the VLAN header that the kernel stripped, or {@link #NO_VLAN}. */
    public int vlanTci() {
        return vlanTci;
    }

    /** Sets the tag control information of a stripped VLAN header. */
    public void vlanTci(int vlanTci) {
        this.vlanTci = vlanTci;
    }

    /** Whether the transport checksum is unfinished: it holds the pseudo header's sum only. */
    public boolean checksumPartial() {
        return checksumPartial;
    }

    /** First byte that the unfinished checksum covers, from the Ethernet header. */
    public int checksumStart() {
        return checksumStart;
    }

    /** Place of the unfinished checksum from {@link #checksumStart()}. */
    public int checksumOffset() {
        return checksumOffset;
    }

    /** Kind of super-frame (VIRTIO_NET_HDR_GSO_*), 0 for none. */
    public int gsoType() {
        return gsoType;
    }

    /** Payload bytes of each segment of a super-frame. */
    public int gsoSize() {
        return gsoSize;
    }

    /** Bytes of all headers of a super-frame. */
    public int headerLength() {
        return headerLength;
    }
}
