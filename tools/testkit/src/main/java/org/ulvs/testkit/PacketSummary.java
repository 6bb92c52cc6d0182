// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.testkit;

import org.agrona.concurrent.UnsafeBuffer;
import org.ulvs.wire.Arp;
import org.ulvs.wire.Checksums;
import org.ulvs.wire.DropReason;
import org.ulvs.wire.EmbeddedHeader;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.Icmp;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;
import org.ulvs.wire.Sctp;
import org.ulvs.wire.Tcp;
import org.ulvs.wire.Udp;

/** One line that says what a frame is, for the messages of assertions. */
public final class PacketSummary {
    private static final String FLAGS = "FSRPAUEC";

    private PacketSummary() {}

    /** Describes a frame; never fails, whatever its bytes. */
    public static String of(final Frame frame) {
        final PacketView view = new PacketView();
        final int result = view.parse(frame);
        final StringBuilder text = new StringBuilder();
        if (result != PacketView.OK) {
            return text.append(DropReason.of(result).label())
                    .append(' ')
                    .append(frame.length())
                    .append(" bytes")
                    .toString();
        }
        final UnsafeBuffer buffer = frame.buffer();
        text.append(Addresses.mac(Ethernet.source(buffer, frame.offset())))
                .append(" > ")
                .append(Addresses.mac(Ethernet.destination(buffer, frame.offset())))
                .append(' ');
        if (view.isArp()) {
            final int arp = frame.offset() + Ethernet.LENGTH;
            return text.append("ARP op ")
                    .append(Arp.operation(buffer, arp))
                    .append(' ')
                    .append(Addresses.ip(Arp.sender(buffer, arp)))
                    .append(" > ")
                    .append(Addresses.ip(Arp.target(buffer, arp)))
                    .toString();
        }
        appendIp(text, frame, view);
        if (frame.gsoType() != Frame.GSO_NONE) {
            text.append(" gso ").append(frame.gsoType()).append('/').append(frame.gsoSize());
        }
        return text.toString();
    }

    private static void appendIp(final StringBuilder text, final Frame frame, final PacketView view) {
        final boolean ports = view.sourcePort() != 0 || view.destinationPort() != 0;
        text.append(protocol(view.protocol()))
                .append(' ')
                .append(Addresses.ip(view.source()))
                .append(ports ? ":" + view.sourcePort() : "")
                .append(" > ")
                .append(Addresses.ip(view.destination()))
                .append(ports ? ":" + view.destinationPort() : "")
                .append(" ttl ")
                .append(view.ttl())
                .append(" id ")
                .append(view.id())
                .append(view.dontFragment() ? " DF" : "")
                .append(" len ")
                .append(view.totalLength());
        if (view.tos() != 0) {
            text.append(" tos 0x").append(Integer.toHexString(view.tos()));
        }
        if (view.isFragment()) {
            text.append(" frag ").append(view.fragmentOffset()).append(view.moreFragments() ? "+" : "");
            return;
        }
        final UnsafeBuffer buffer = frame.buffer();
        if (view.protocol() == Ipv4.TCP) {
            text.append(' ');
            for (int i = 0; i < FLAGS.length(); i++) {
                if ((view.tcpFlags() & 1 << i) != 0) {
                    text.append(FLAGS.charAt(i));
                }
            }
            text.append(" seq ")
                    .append(Integer.toUnsignedString(Tcp.sequence(buffer, view.transportOffset())))
                    .append(" ack ")
                    .append(Integer.toUnsignedString(Tcp.acknowledgement(buffer, view.transportOffset())));
        } else if (view.protocol() == Ipv4.ICMP) {
            text.append(' ').append(view.icmpType()).append('/').append(view.icmpCode());
            if (view.isIcmpError()) {
                final EmbeddedHeader quoted = view.parseEmbedded();
                text.append(" about ")
                        .append(protocol(quoted.protocol()))
                        .append(' ')
                        .append(Addresses.ip(quoted.source()))
                        .append(':')
                        .append(quoted.sourcePort())
                        .append(" > ")
                        .append(Addresses.ip(quoted.destination()))
                        .append(':')
                        .append(quoted.destinationPort());
            }
        }
        text.append(" payload ").append(view.payloadLength()).append(" csum ").append(checksumState(frame, view));
    }

    private static String protocol(final int protocol) {
        return switch (protocol) {
            case Ipv4.TCP -> "TCP";
            case Ipv4.UDP -> "UDP";
            case Ipv4.ICMP -> "ICMP";
            case Ipv4.SCTP -> "SCTP";
            case Ipv4.IPIP -> "IPIP";
            default -> "proto-" + protocol;
        };
    }

    /**
     * What the transport checksum of a well-formed packet that is no fragment is: "right", "wrong", "none" (UDP), or
     * "partial" and "partial-wrong" if it is unfinished.
     */
    public static String checksumState(final Frame frame, final PacketView view) {
        final UnsafeBuffer buffer = frame.buffer();
        final int offset = view.transportOffset();
        final int length = view.transportLength();
        if (view.protocol() == Ipv4.ICMP) {
            return Icmp.isChecksumValid(buffer, offset, length) ? "right" : "wrong";
        }
        if (view.protocol() == Ipv4.SCTP) {
            return Sctp.checksum(buffer, offset) == Sctp.crc32c(buffer, offset, length) ? "right" : "wrong";
        }
        if (view.protocol() != Ipv4.TCP && view.protocol() != Ipv4.UDP) {
            return "none";
        }
        // the addresses as they are now, not as they were parsed
        final int pseudo = Checksums.pseudoHeader(
                Ipv4.source(buffer, view.ipOffset()),
                Ipv4.destination(buffer, view.ipOffset()),
                view.protocol(),
                length);
        final int field = view.protocol() == Ipv4.TCP ? Tcp.checksum(buffer, offset) : Udp.checksum(buffer, offset);
        if (view.isChecksumPartial()) {
            return field == pseudo ? "partial" : "partial-wrong";
        }
        if (field == 0 && view.protocol() == Ipv4.UDP) {
            return "none";
        }
        return Checksums.add(pseudo, Checksums.sum(buffer, offset, length)) == 0xFFFF ? "right" : "wrong";
    }
}
