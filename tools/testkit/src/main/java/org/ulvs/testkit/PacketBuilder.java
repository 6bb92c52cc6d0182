// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.testkit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.ulvs.wire.Arp;
import org.ulvs.wire.Checksums;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.Icmp;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.Sctp;
import org.ulvs.wire.Tcp;
import org.ulvs.wire.Udp;

/**
 * Builds an Ethernet frame with an IPv4 packet; whatever is not stated has a plain value. Lengths and checksums come
 * out right unless something else is asked for.
 */
public final class PacketBuilder {
    private static final int TCP_GSO_HEADERS = Ethernet.LENGTH + Ipv4.MIN_LENGTH + Tcp.MIN_LENGTH;

    private long sourceMac = 0x0200_0000_0101L;
    private long destinationMac = 0x0200_0000_01FEL;
    private int source = Addresses.ip("10.1.0.7");
    private int destination = Addresses.ip("10.0.0.100");
    private int protocol;
    private int tos;
    private int id = 1;
    private int fragmentWord;
    private int ttl = 64;
    private byte[] ipOptions = {};
    private byte[] transport = {};
    private byte[] payload = {};
    private int checksumPlace = -1;
    private int checksumError;
    private boolean noChecksum;
    private boolean partial;
    private int ipChecksumError;
    private int gsoType;
    private int gsoSize;
    private int padding;
    private int port;
    private int tailroom = 64;

    private PacketBuilder() {}

    /** A TCP packet. */
    public static PacketBuilder tcp(final int sourcePort, final int destinationPort, final int flags) {
        final PacketBuilder builder = new PacketBuilder();
        builder.protocol = Ipv4.TCP;
        builder.transport = new byte[Tcp.MIN_LENGTH];
        builder.checksumPlace = Tcp.CHECKSUM_OFFSET;
        final UnsafeBuffer header = new UnsafeBuffer(builder.transport);
        Tcp.sourcePort(header, 0, sourcePort);
        Tcp.destinationPort(header, 0, destinationPort);
        Tcp.headerLength(header, 0, Tcp.MIN_LENGTH);
        Tcp.flags(header, 0, flags);
        Tcp.sequence(header, 0, 1000);
        Tcp.window(header, 0, 0xFFFF);
        return builder;
    }

    /** A UDP packet. */
    public static PacketBuilder udp(final int sourcePort, final int destinationPort) {
        final PacketBuilder builder = new PacketBuilder();
        builder.protocol = Ipv4.UDP;
        builder.transport = new byte[Udp.LENGTH];
        builder.checksumPlace = Udp.CHECKSUM_OFFSET;
        final UnsafeBuffer header = new UnsafeBuffer(builder.transport);
        Udp.sourcePort(header, 0, sourcePort);
        Udp.destinationPort(header, 0, destinationPort);
        return builder;
    }

    /** An ICMP packet with the second header word {@code rest}. */
    public static PacketBuilder icmp(final int type, final int code, final int rest) {
        final PacketBuilder builder = new PacketBuilder();
        builder.protocol = Ipv4.ICMP;
        builder.transport = new byte[Icmp.LENGTH];
        builder.checksumPlace = 2;
        final UnsafeBuffer header = new UnsafeBuffer(builder.transport);
        Icmp.type(header, 0, type);
        Icmp.code(header, 0, code);
        Icmp.rest(header, 0, rest);
        return builder;
    }

    /** An SCTP packet; its payload is the chunks. */
    public static PacketBuilder sctp(final int sourcePort, final int destinationPort, final int tag) {
        final PacketBuilder builder = new PacketBuilder();
        builder.protocol = Ipv4.SCTP;
        builder.transport = new byte[Sctp.LENGTH];
        final UnsafeBuffer header = new UnsafeBuffer(builder.transport);
        Udp.sourcePort(header, 0, sourcePort);
        Udp.destinationPort(header, 0, destinationPort);
        Icmp.rest(header, 0, tag);
        return builder;
    }

    /** A packet of any protocol, without a transport header of ours. */
    public static PacketBuilder ip(final int protocol) {
        final PacketBuilder builder = new PacketBuilder();
        builder.protocol = protocol;
        return builder;
    }

    /** A whole ARP frame. */
    public static Frame arp(
            final int operation,
            final String senderMac,
            final String sender,
            final String targetMac,
            final String target) {
        final byte[] bytes = new byte[Ethernet.LENGTH + Arp.LENGTH];
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        Ethernet.destination(buffer, 0, operation == Arp.REQUEST ? Ethernet.BROADCAST : Addresses.mac(targetMac));
        Ethernet.source(buffer, 0, Addresses.mac(senderMac));
        Ethernet.type(buffer, 0, Ethernet.TYPE_ARP);
        Arp.write(
                buffer,
                Ethernet.LENGTH,
                operation,
                Addresses.mac(senderMac),
                Addresses.ip(sender),
                Addresses.mac(targetMac),
                Addresses.ip(target));
        return Frames.of(bytes);
    }

    /** Source and destination hardware addresses. */
    public PacketBuilder mac(final String source, final String destination) {
        sourceMac = Addresses.mac(source);
        destinationMac = Addresses.mac(destination);
        return this;
    }

    /** Source and destination addresses. */
    public PacketBuilder addresses(final String source, final String destination) {
        return addresses(Addresses.ip(source), Addresses.ip(destination));
    }

    /** Source and destination addresses. */
    public PacketBuilder addresses(final int source, final int destination) {
        this.source = source;
        this.destination = destination;
        return this;
    }

    /** Type of service. */
    public PacketBuilder tos(final int tos) {
        this.tos = tos;
        return this;
    }

    /** Identification. */
    public PacketBuilder id(final int id) {
        this.id = id;
        return this;
    }

    /** Time to live. */
    public PacketBuilder ttl(final int ttl) {
        this.ttl = ttl;
        return this;
    }

    /** Sets "don't fragment". */
    public PacketBuilder dontFragment() {
        fragmentWord |= Ipv4.DONT_FRAGMENT;
        return this;
    }

    /** Makes the packet a fragment whose payload begins {@code offset} bytes into the datagram. */
    public PacketBuilder fragment(final int offset, final boolean more) {
        fragmentWord = (fragmentWord & Ipv4.DONT_FRAGMENT) | offset / 8 | (more ? Ipv4.MORE_FRAGMENTS : 0);
        return this;
    }

    /** IP options, padded to whole words with zeros. */
    public PacketBuilder ipOptions(final int... octets) {
        ipOptions = octets(octets);
        return this;
    }

    /** TCP options, padded to whole words with zeros. */
    public PacketBuilder tcpOptions(final int... octets) {
        final byte[] options = octets(octets);
        transport = Arrays.copyOf(transport, Tcp.MIN_LENGTH + options.length);
        System.arraycopy(options, 0, transport, Tcp.MIN_LENGTH, options.length);
        Tcp.headerLength(new UnsafeBuffer(transport), 0, transport.length);
        return this;
    }

    private static byte[] octets(final int... octets) {
        final byte[] bytes = new byte[(octets.length + 3) & -4];
        for (int i = 0; i < octets.length; i++) {
            bytes[i] = (byte) octets[i];
        }
        return bytes;
    }

    /** Sequence and acknowledgement number of TCP. */
    public PacketBuilder sequence(final int sequence, final int acknowledgement) {
        final UnsafeBuffer header = new UnsafeBuffer(transport);
        Tcp.sequence(header, 0, sequence);
        Tcp.acknowledgement(header, 0, acknowledgement);
        return this;
    }

    /** Payload. */
    public PacketBuilder payload(final byte... bytes) {
        payload = bytes.clone();
        return this;
    }

    /** Payload of ASCII text. */
    public PacketBuilder payload(final String text) {
        payload = text.getBytes(StandardCharsets.US_ASCII);
        return this;
    }

    /** Payload of {@code length} bytes that differ from place to place. */
    public PacketBuilder payload(final int length) {
        payload = new byte[length];
        for (int i = 0; i < length; i++) {
            payload[i] = (byte) (i * 7 + i / 256 + 3);
        }
        return this;
    }

    /** Makes the transport checksum wrong by {@code difference}. */
    public PacketBuilder wrongChecksum(final int difference) {
        checksumError = difference;
        return this;
    }

    /** Leaves the transport checksum 0. */
    public PacketBuilder noChecksum() {
        noChecksum = true;
        return this;
    }

    /** Leaves the transport checksum unfinished, as a frame comes from a sender with checksum offload. */
    public PacketBuilder partialChecksum() {
        partial = true;
        return this;
    }

    /** Makes the frame a super-frame of segments of {@code size} bytes; implies an unfinished checksum. */
    public PacketBuilder gso(final int type, final int size) {
        gsoType = type;
        gsoSize = size;
        return partialChecksum();
    }

    /** Makes the IP header checksum wrong by {@code difference}. */
    public PacketBuilder wrongIpChecksum(final int difference) {
        ipChecksumError = difference;
        return this;
    }

    /** Adds bytes behind the packet. */
    public PacketBuilder padding(final int bytes) {
        padding = bytes;
        return this;
    }

    /** Port that the frame comes from. */
    public PacketBuilder port(final int port) {
        this.port = port;
        return this;
    }

    /** Writable bytes behind the frame; 64 unless stated. */
    public PacketBuilder tailroom(final int bytes) {
        tailroom = bytes;
        return this;
    }

    /** The bytes from the transport header on, as they would be without fragmentation. */
    public byte[] datagram() {
        final byte[] bytes = Arrays.copyOf(transport, transport.length + payload.length);
        System.arraycopy(payload, 0, bytes, transport.length, payload.length);
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        if (protocol == Ipv4.UDP && transport.length == Udp.LENGTH) {
            Udp.length(buffer, 0, bytes.length);
        }
        if (protocol == Ipv4.SCTP && transport.length == Sctp.LENGTH) {
            Sctp.writeChecksum(buffer, 0, bytes.length);
            bytes[Sctp.CHECKSUM_OFFSET] ^= (byte) checksumError;
        } else if (checksumPlace >= 0 && !noChecksum) {
            writeChecksum(buffer, bytes.length);
        }
        return bytes;
    }

    private void writeChecksum(final UnsafeBuffer buffer, final int length) {
        final int pseudo = protocol == Ipv4.ICMP ? 0 : Checksums.pseudoHeader(source, destination, protocol, length);
        int field = pseudo;
        if (!partial) {
            field = Checksums.complement(Checksums.add(pseudo, Checksums.sum(buffer, 0, length)));
            field = protocol == Ipv4.UDP ? Udp.wireChecksum(field) : field;
            field = field + checksumError & 0xFFFF;
        }
        Tcp.checksum(buffer, checksumPlace - Tcp.CHECKSUM_OFFSET, field);
    }

    /** The frame, in memory of its own with headroom and tailroom. */
    public Frame build() {
        return build(datagram());
    }

    /** The fragment of the datagram that has {@code length} bytes from {@code offset}. */
    public Frame buildFragment(final int offset, final int length) {
        final byte[] whole = datagram();
        fragment(offset, offset + length < whole.length);
        return build(Arrays.copyOfRange(whole, offset, Math.min(offset + length, whole.length)));
    }

    private Frame build(final byte[] body) {
        final int headerLength = Ipv4.MIN_LENGTH + ipOptions.length;
        final byte[] bytes = new byte[Ethernet.LENGTH + headerLength + body.length + padding];
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        Ethernet.destination(buffer, 0, destinationMac);
        Ethernet.source(buffer, 0, sourceMac);
        Ethernet.type(buffer, 0, Ethernet.TYPE_IPV4);
        final int ip = Ethernet.LENGTH;
        Ipv4.write(buffer, ip, tos, headerLength + body.length, id, fragmentWord, ttl, protocol, source, destination);
        if (ipOptions.length > 0) {
            buffer.putByte(ip, (byte) (0x40 | headerLength / 4));
            buffer.putBytes(ip + Ipv4.MIN_LENGTH, ipOptions);
            Ipv4.writeChecksum(buffer, ip);
        }
        Ipv4.checksum(buffer, ip, Ipv4.checksum(buffer, ip) + ipChecksumError);
        buffer.putBytes(ip + headerLength, body);
        final Frame frame = Frames.of(bytes, tailroom);
        frame.port(port);
        if (partial) {
            frame.offload(
                    true,
                    ip + headerLength,
                    checksumPlace,
                    gsoType,
                    gsoSize,
                    gsoType == Frame.GSO_NONE ? 0 : TCP_GSO_HEADERS - Tcp.MIN_LENGTH + transport.length);
        }
        return frame;
    }
}
