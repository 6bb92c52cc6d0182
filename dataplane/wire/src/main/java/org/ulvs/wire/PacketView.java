// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * What the headers of one frame say, parsed once. Reused for frame after frame; owned by one worker thread.
 *
 * <p>Offsets are indexes of {@link Frame#buffer()}, so they stay true when a header is pushed in front. All values are
 * as they were when the frame was parsed; rewriting the frame does not change them. Ethernet padding behind the
 * packet's total length is not part of the view. Values of a layer that the frame does not have are 0.
 */
public final class PacketView {
    /** Result of {@link #parse}: the frame is a well-formed IPv4 or ARP packet. */
    public static final int OK = 0;

    /** No protocol's number: of a header that is not read. */
    private static final int NONE = -1;

    private UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private int etherType;
    private int ipOffset;
    private int ipHeaderLength;
    private int totalLength;
    /** The first and the second eight bytes of the IP header, in the order of the network. */
    private long firstWord;

    private long secondWord;
    private int protocol;
    private int destination;
    private int transportOffset;
    private int sourcePort;
    private int destinationPort;
    private int tcpFlags;
    private int payloadOffset;
    private int icmpType;
    private int icmpCode;
    private boolean checksumPartial;
    private int largestPacketLength;
    private final EmbeddedHeader embedded = new EmbeddedHeader();

    /**
     * Parses a frame.
     *
     * @return {@link #OK}, or the {@link DropReason#id()} of what is wrong with the frame; then only
     *     {@link #etherType()} may be used
     */
    public int parse(final Frame frame) {
        final int result = parseFrame(frame);
        if (result != OK || etherType != Ethernet.TYPE_IPV4) {
            final int type = etherType;
            clear();
            etherType = type;
        }
        return result;
    }

    private int parseFrame(final Frame frame) {
        etherType = 0;
        final int offset = frame.offset();
        final int length = frame.length();
        if (frame.wireLength() > length) {
            return DropReason.OVERSIZED.id();
        }
        if (length < Ethernet.LENGTH) {
            return DropReason.TRUNCATED.id();
        }
        buffer = frame.buffer();
        etherType = Ethernet.type(buffer, offset);
        final int vlanTci = frame.vlanTci();
        // a tag with VLAN 0 only carries a priority
        if (vlanTci != Frame.NO_VLAN && (vlanTci & 0xFFF) != 0) {
            return DropReason.VLAN.id();
        }
        if (etherType == Ethernet.TYPE_IPV4) {
            final int result = parseIpv4(offset + Ethernet.LENGTH, offset + length);
            checksumPartial = frame.checksumPartial() && offset + frame.checksumStart() == transportOffset;
            largestPacketLength = frame.gsoType() == Frame.GSO_NONE
                    ? totalLength
                    : Math.min(totalLength, payloadOffset - ipOffset + frame.gsoSize());
            return result;
        }
        if (etherType == Ethernet.TYPE_ARP) {
            return length >= Ethernet.LENGTH + Arp.LENGTH && Arp.isEthernetIpv4(buffer, offset + Ethernet.LENGTH)
                    ? OK
                    : DropReason.BAD_ARP.id();
        }
        return etherType == Ethernet.TYPE_VLAN || etherType == Ethernet.TYPE_SERVICE_VLAN
                ? DropReason.VLAN.id()
                : DropReason.NOT_IPV4.id();
    }

    private int parseIpv4(final int offset, final int limit) {
        final int available = limit - offset;
        if (available < Ipv4.MIN_LENGTH) {
            return DropReason.TRUNCATED.id();
        }
        final long first = Ipv4.firstWord(buffer, offset);
        final long second = Ipv4.secondWord(buffer, offset);
        final int last = Ipv4.destination(buffer, offset);
        final int headerLength = (int) (first >>> 54) & 0x3C;
        final int sum;
        if (first >>> 56 == Ipv4.WITHOUT_OPTIONS) {
            sum = Checksums.foldWords((first >>> 32)
                    + (first & 0xFFFF_FFFFL)
                    + (second >>> 32)
                    + (second & 0xFFFF_FFFFL)
                    + (last & 0xFFFF_FFFFL));
        } else if (first >>> 60 != 4 || headerLength < Ipv4.MIN_LENGTH) {
            return DropReason.BAD_IP_HEADER.id();
        } else if (available < headerLength) {
            return DropReason.TRUNCATED.id();
        } else {
            sum = Checksums.sum(buffer, offset, headerLength);
        }
        if (sum != 0xFFFF) {
            return DropReason.BAD_IP_CHECKSUM.id();
        }
        final int length = (int) (first >>> 32) & 0xFFFF;
        if (length < headerLength) {
            return DropReason.BAD_LENGTH.id();
        }
        if (available < length) {
            return DropReason.TRUNCATED.id();
        }
        ipOffset = offset;
        ipHeaderLength = headerLength;
        totalLength = length;
        firstWord = first;
        secondWord = second;
        protocol = (int) (second >>> 48) & 0xFF;
        destination = last;
        transportOffset = offset + headerLength;
        return parseTransport(isFragment() ? NONE : protocol, length - headerLength);
    }

    /** Parses the header of a protocol, or of {@link #NONE} for what has none that could be read. */
    private int parseTransport(final int readable, final int length) {
        final int offset = transportOffset;
        final int headerLength = transportHeaderLength(readable);
        if (length < headerLength) {
            return DropReason.BAD_TRANSPORT_HEADER.id();
        }
        int payload = headerLength;
        int ports = 0;
        int flags = 0;
        int type = 0;
        int code = 0;
        if (readable == Ipv4.TCP) {
            final int word = Tcp.lengthAndFlags(buffer, offset);
            flags = word & 0xFF;
            final int claimed = word >>> 12 << 2;
            // a nonsensical data offset is the end hosts' affair, but there is no payload to be seen behind it
            payload = claimed < Tcp.MIN_LENGTH ? length : Math.min(claimed, length);
            ports = Udp.ports(buffer, offset);
        } else if (readable == Ipv4.ICMP) {
            type = Icmp.type(buffer, offset);
            code = Icmp.code(buffer, offset);
        } else if (headerLength != 0) {
            ports = Udp.ports(buffer, offset);
        }
        payloadOffset = offset + payload;
        sourcePort = ports >>> 16;
        destinationPort = ports & 0xFFFF;
        tcpFlags = flags;
        icmpType = type;
        icmpCode = code;
        return OK;
    }

    private static int transportHeaderLength(final int protocol) {
        return switch (protocol) {
            case Ipv4.TCP -> Tcp.MIN_LENGTH;
            case Ipv4.UDP -> Udp.LENGTH;
            case Ipv4.SCTP -> Sctp.LENGTH;
            case Ipv4.ICMP -> Icmp.LENGTH;
            default -> 0;
        };
    }

    private void clear() {
        etherType = 0;
        ipOffset = 0;
        ipHeaderLength = 0;
        totalLength = 0;
        firstWord = 0;
        secondWord = 0;
        protocol = 0;
        destination = 0;
        transportOffset = 0;
        sourcePort = 0;
        destinationPort = 0;
        tcpFlags = 0;
        payloadOffset = 0;
        icmpType = 0;
        icmpCode = 0;
        checksumPartial = false;
        largestPacketLength = 0;
    }

    /**
     * Parses the packet that an ICMP error quotes.
     *
     * @return the quoted header, valid until the next call; {@link EmbeddedHeader#isUsable()} says whether it could be
     *     read
     */
    public EmbeddedHeader parseEmbedded() {
        embedded.clear();
        if (isIcmpError()) {
            embedded.parse(buffer, payloadOffset, ipOffset + totalLength);
        }
        return embedded;
    }

    /** Whether the checksum of the ICMP message is right; the view is one of an ICMP message. */
    public boolean isIcmpChecksumValid() {
        return checksumPartial || Icmp.isChecksumValid(buffer, transportOffset, transportLength());
    }

    /**
     * Whether the checksum of the TCP segment or UDP datagram is right, missing (UDP) or still to be finished; the view
     * is one of TCP or UDP and of no fragment, and the frame has not been rewritten.
     */
    public boolean isTransportChecksumValid() {
        if (checksumPartial || (protocol == Ipv4.UDP && Udp.checksum(buffer, transportOffset) == 0)) {
            return true;
        }
        final int length = transportLength();
        final int pseudo = Checksums.pseudoHeader(source(), destination, protocol, length);
        return Checksums.add(pseudo, Checksums.sum(buffer, transportOffset, length)) == 0xFFFF;
    }

    /** EtherType, 0 if the frame is too short to have one. */
    public int etherType() {
        return etherType;
    }

    /** Whether the frame is an ARP packet. */
    public boolean isArp() {
        return etherType == Ethernet.TYPE_ARP;
    }

    /** Index of the IP header. */
    public int ipOffset() {
        return ipOffset;
    }

    /** Bytes of the IP header, options included. */
    public int ipHeaderLength() {
        return ipHeaderLength;
    }

    /** Bytes of the IP packet, header included. */
    public int totalLength() {
        return totalLength;
    }

    /** Bytes of the largest IP packet that the frame stands for: of a segment, if it is a super-frame. */
    public int largestPacketLength() {
        return largestPacketLength;
    }

    /** Whether the checksum of the transport header holds only the pseudo header's sum. */
    public boolean isChecksumPartial() {
        return checksumPartial;
    }

    /** Type of service. */
    public int tos() {
        return (int) (firstWord >>> 48) & 0xFF;
    }

    /** Identification of the IP packet. */
    public int id() {
        return (int) (firstWord >>> 16) & 0xFFFF;
    }

    /** Time to live. */
    public int ttl() {
        return (int) (secondWord >>> 56);
    }

    /** Number of the protocol that the IP packet carries. */
    public int protocol() {
        return protocol;
    }

    /** Source address. */
    public int source() {
        return (int) secondWord;
    }

    /** Destination address. */
    public int destination() {
        return destination;
    }

    /** Place of a fragment's payload in the datagram, in bytes. */
    public int fragmentOffset() {
        return (int) (firstWord & Ipv4.FRAGMENT_OFFSET) << 3;
    }

    /** Whether fragments follow this one. */
    public boolean moreFragments() {
        return (firstWord & Ipv4.MORE_FRAGMENTS) != 0;
    }

    /** Whether the packet must not be fragmented. */
    public boolean dontFragment() {
        return (firstWord & Ipv4.DONT_FRAGMENT) != 0;
    }

    /** Whether the packet is only a part of a datagram; then it has no ports, flags or ICMP values. */
    public boolean isFragment() {
        return (firstWord & (Ipv4.MORE_FRAGMENTS | Ipv4.FRAGMENT_OFFSET)) != 0;
    }

    /** Whether the packet is the part of a datagram that its transport header begins in. */
    public boolean isFirstFragment() {
        return (firstWord & (Ipv4.MORE_FRAGMENTS | Ipv4.FRAGMENT_OFFSET)) == Ipv4.MORE_FRAGMENTS;
    }

    /** Index of the transport header, or of what follows the IP header. */
    public int transportOffset() {
        return transportOffset;
    }

    /** Bytes behind the IP header: transport header and payload. */
    public int transportLength() {
        return totalLength - ipHeaderLength;
    }

    /** Source port of TCP, UDP and SCTP. */
    public int sourcePort() {
        return sourcePort;
    }

    /** Destination port of TCP, UDP and SCTP. */
    public int destinationPort() {
        return destinationPort;
    }

    /** Flags of TCP. */
    public int tcpFlags() {
        return tcpFlags;
    }

    /** Index of what follows the transport header. */
    public int payloadOffset() {
        return payloadOffset;
    }

    /** Bytes behind the transport header. */
    public int payloadLength() {
        return ipOffset + totalLength - payloadOffset;
    }

    /** ICMP type; only if the protocol is ICMP. */
    public int icmpType() {
        return icmpType;
    }

    /** ICMP code; only if the protocol is ICMP. */
    public int icmpCode() {
        return icmpCode;
    }

    /** Whether the packet is an ICMP error that load balancing follows: unreachable, source quench or time exceeded. */
    public boolean isIcmpError() {
        return protocol == Ipv4.ICMP
                && !isFragment()
                && (icmpType == Icmp.UNREACHABLE || icmpType == Icmp.SOURCE_QUENCH || icmpType == Icmp.TIME_EXCEEDED);
    }
}
