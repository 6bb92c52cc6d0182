// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The header of the packet that an ICMP error quotes. Filled by {@link PacketView#parseEmbedded()}; offsets are indexes
 * of the frame's buffer.
 */
public final class EmbeddedHeader {
    private UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private boolean usable;
    private boolean ports;
    private int offset;
    private int headerLength;
    private int limit;
    private int protocol;
    private int source;
    private int destination;
    private int sourcePort;
    private int destinationPort;
    private int fragmentWord;

    EmbeddedHeader() {}

    void clear() {
        usable = false;
        ports = false;
        offset = 0;
        headerLength = 0;
        limit = 0;
        protocol = 0;
        source = 0;
        destination = 0;
        sourcePort = 0;
        destinationPort = 0;
        fragmentWord = 0;
    }

    void parse(final UnsafeBuffer frame, final int start, final int end) {
        clear();
        if (end - start < Ipv4.MIN_LENGTH) {
            return;
        }
        final int length = Ipv4.headerLength(frame, start);
        if (Ipv4.version(frame, start) != 4 || length < Ipv4.MIN_LENGTH || end - start < length) {
            return;
        }
        buffer = frame;
        usable = true;
        offset = start;
        headerLength = length;
        limit = end;
        protocol = Ipv4.protocol(frame, start);
        source = Ipv4.source(frame, start);
        destination = Ipv4.destination(frame, start);
        fragmentWord = Ipv4.fragmentWord(frame, start);
        final boolean hasPorts = protocol == Ipv4.TCP || protocol == Ipv4.UDP || protocol == Ipv4.SCTP;
        if (hasPorts && fragmentOffset() == 0 && end - start - length >= 4) {
            ports = true;
            sourcePort = Udp.sourcePort(frame, start + length);
            destinationPort = Udp.destinationPort(frame, start + length);
        }
    }

    /**
     * Steps into the packet that a quoted IPIP packet carries: an error about a packet that we tunnelled.
     *
     * @return whether the quoted packet is IPIP and enough of the inner header is quoted; if not, nothing is changed
     */
    public boolean unwrapTunnel() {
        final int inner = offset + headerLength;
        if (!usable
                || protocol != Ipv4.IPIP
                || fragmentOffset() != 0
                || limit - inner < Ipv4.MIN_LENGTH
                || Ipv4.version(buffer, inner) != 4
                || Ipv4.headerLength(buffer, inner) < Ipv4.MIN_LENGTH
                || limit - inner < Ipv4.headerLength(buffer, inner)) {
            return false;
        }
        parse(buffer, inner, limit);
        return true;
    }

    /** Whether a whole IPv4 header is quoted. */
    public boolean isUsable() {
        return usable;
    }

    /** Whether the quoted packet is of a protocol with ports and both ports are quoted. */
    public boolean hasPorts() {
        return ports;
    }

    /** Index of the quoted IP header. */
    public int offset() {
        return offset;
    }

    /** Bytes of the quoted IP header. */
    public int headerLength() {
        return headerLength;
    }

    /** Index of the byte behind all that is quoted. */
    public int limit() {
        return limit;
    }

    /** Protocol of the quoted packet. */
    public int protocol() {
        return protocol;
    }

    /** Source address of the quoted packet. */
    public int source() {
        return source;
    }

    /** Destination address of the quoted packet. */
    public int destination() {
        return destination;
    }

    /** Source port of the quoted packet, 0 without {@link #hasPorts()}. */
    public int sourcePort() {
        return sourcePort;
    }

    /** Destination port of the quoted packet, 0 without {@link #hasPorts()}. */
    public int destinationPort() {
        return destinationPort;
    }

    /** Place of the quoted packet's payload in its datagram, in bytes. */
    public int fragmentOffset() {
        return (fragmentWord & Ipv4.FRAGMENT_OFFSET) << 3;
    }

    /** Whether the quoted packet must not be fragmented. */
    public boolean dontFragment() {
        return (fragmentWord & Ipv4.DONT_FRAGMENT) != 0;
    }
}
