// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.testkit;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.Icmp;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.Tcp;
import org.ulvs.wire.Udp;

/**
 * Random and damaged frames for fuzz tests, the same for the same seed. Most of them keep a right IP checksum, so that
 * they get past the first check.
 */
public final class FrameMutator {
    private static final int[] FLAGS = {
        Tcp.SYN, Tcp.SYN | Tcp.ACK, Tcp.ACK, Tcp.FIN | Tcp.ACK, Tcp.RST, Tcp.PSH | Tcp.ACK, 0, 0xFF
    };
    private static final int[] GSO_TYPES = {
        Frame.GSO_NONE, Frame.GSO_TCPV4, Frame.GSO_TCPV4 | Frame.GSO_ECN, Frame.GSO_UDP, Frame.GSO_UDP_L4
    };
    private static final String[] TEXTS = {
        "PORT 10,1,0,7,4,1\r\n",
        "EPRT |1|10.1.0.7|1025|\r\n",
        "227 Entering Passive Mode (10,0,2,1,4,1).\r\n",
        "229 Entering Extended Passive Mode (|||1025|)\r\n",
        "PASV\r\n",
        "EPSV\r\n"
    };

    private final SplittableRandom random;
    private final int[] addresses;
    private final int[] ports;

    /** Frames between some of {@code addresses} and {@code ports}, so that they meet services and connections. */
    public FrameMutator(final long seed, final int[] addresses, final int... ports) {
        this.random = new SplittableRandom(seed);
        this.addresses = addresses.clone();
        this.ports = ports.clone();
    }

    /** The next frame, as bytes. */
    public byte[] next() {
        final int kind = random.nextInt(100);
        if (kind < 3) {
            final byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            return noise;
        }
        final byte[] bytes = kind < 6 ? link() : Frames.bytes(wellFormed());
        if (kind < 40) {
            return bytes;
        }
        return damage(bytes);
    }

    /** A frame that is not a plain IPv4 packet: ARP, or with a VLAN tag, or of another network protocol. */
    private byte[] link() {
        final int kind = random.nextInt(4);
        if (kind == 0) {
            return Frames.bytes(PacketBuilder.arp(
                    1 + random.nextInt(2),
                    "02:00:00:00:01:01",
                    Addresses.ip(address()),
                    "02:00:00:00:01:fe",
                    Addresses.ip(address())));
        }
        final byte[] plain = Frames.bytes(wellFormed());
        if (kind == 1) {
            final byte[] tagged = new byte[plain.length + 4];
            System.arraycopy(plain, 0, tagged, 0, 12);
            System.arraycopy(plain, 12, tagged, 16, plain.length - 12);
            tagged[12] = (byte) 0x81;
            tagged[15] = (byte) random.nextInt(256);
            return tagged;
        }
        plain[12] = (byte) (kind == 2 ? 0x86 : random.nextInt(256));
        plain[13] = (byte) (kind == 2 ? 0xDD : random.nextInt(256));
        return plain;
    }

    /**
     * States random offload facts of a frame, some that fit its packet and some that do not, as no kernel should give
     * but a guest might.
     */
    public void offload(final Frame frame) {
        final boolean fits = random.nextBoolean();
        final boolean tcp = random.nextBoolean();
        final int start = fits ? Ethernet.LENGTH + Ipv4.MIN_LENGTH : random.nextInt(0x10000);
        final int type = fits ? GSO_TYPES[random.nextInt(GSO_TYPES.length)] : random.nextInt(256);
        frame.offload(
                random.nextBoolean(),
                start,
                fits ? (tcp ? Tcp.CHECKSUM_OFFSET : Udp.CHECKSUM_OFFSET) : random.nextInt(0x10000),
                type,
                fits ? 1 + random.nextInt(1500) : random.nextInt(0x10000),
                random.nextInt(fits ? 80 : 0x10000));
        if (random.nextInt(8) == 0) {
            frame.vlanTci(random.nextInt(0x10000));
        }
    }

    /** The next frame without damage. */
    public Frame wellFormed() {
        final PacketBuilder builder = transport()
                .addresses(address(), address())
                .ttl(random.nextInt(8) == 0 ? random.nextInt(3) : 64)
                .id(random.nextInt(4))
                .tos(random.nextInt(4) == 0 ? random.nextInt(256) : 0);
        if (random.nextInt(16) == 0) {
            builder.ipOptions(random.nextInt(256), random.nextInt(12), random.nextInt(12), 0, 0, 0, 0, 0, 0, 0, 0, 0);
        }
        if (random.nextInt(16) == 0) {
            builder.wrongChecksum(random.nextInt(0x10000));
        }
        if (random.nextInt(8) == 0) {
            builder.dontFragment();
        }
        if (random.nextInt(6) == 0) {
            final int offset = random.nextInt(8) * 8;
            return builder.buildFragment(Math.min(offset, builder.datagram().length), 8 + random.nextInt(5) * 8);
        }
        return builder.build();
    }

    private PacketBuilder transport() {
        final int kind = random.nextInt(20);
        if (kind < 8) {
            final PacketBuilder tcp = PacketBuilder.tcp(port(), port(), FLAGS[random.nextInt(FLAGS.length)])
                    .sequence(random.nextInt(), random.nextInt());
            if (random.nextInt(4) == 0) {
                tcp.tcpOptions(1, 1, 5, 10, 0, 0, 0, 1, 0, 0, 0, 2);
            }
            return random.nextInt(3) == 0 ? tcp.payload(TEXTS[random.nextInt(TEXTS.length)]) : tcp.payload(length());
        }
        if (kind < 14) {
            final PacketBuilder udp = PacketBuilder.udp(port(), port()).payload(length());
            return random.nextInt(4) == 0 ? udp.noChecksum() : udp;
        }
        if (kind < 16) {
            return PacketBuilder.icmp(Icmp.ECHO_REQUEST, 0, random.nextInt()).payload(random.nextInt(64));
        }
        if (kind < 18) {
            final byte[] quoted =
                    Frames.bytes(quoted().addresses(address(), address()).build());
            final int type = random.nextBoolean() ? Icmp.UNREACHABLE : Icmp.TIME_EXCEEDED;
            return PacketBuilder.icmp(type, random.nextInt(5), random.nextInt())
                    .payload(Arrays.copyOfRange(
                            quoted,
                            Ethernet.LENGTH,
                            random.nextBoolean()
                                    ? quoted.length
                                    : Ethernet.LENGTH + random.nextInt(quoted.length - 13)));
        }
        if (kind < 19) {
            return PacketBuilder.sctp(port(), port(), random.nextInt()).payload(random.nextInt(64));
        }
        return random.nextBoolean()
                ? PacketBuilder.ip(Ipv4.IPIP).payload(inner())
                : PacketBuilder.ip(random.nextInt(256)).payload(random.nextInt(64));
    }

    /** What an ICMP error quotes: a segment, a datagram, or one of these in a tunnel. */
    private PacketBuilder quoted() {
        return switch (random.nextInt(4)) {
            case 0 -> PacketBuilder.tcp(port(), port(), Tcp.ACK).payload(random.nextInt(32));
            case 1 -> PacketBuilder.ip(Ipv4.IPIP).payload(inner());
            default -> PacketBuilder.udp(port(), port()).payload(random.nextInt(32));
        };
    }

    private byte[] inner() {
        final byte[] inner = Frames.bytes(PacketBuilder.tcp(port(), port(), FLAGS[random.nextInt(FLAGS.length)])
                .addresses(address(), address())
                .payload(random.nextInt(32))
                .build());
        return Arrays.copyOfRange(inner, Ethernet.LENGTH, inner.length);
    }

    private byte[] damage(final byte[] whole) {
        byte[] bytes = whole;
        for (int i = random.nextInt(4); i >= 0; i--) {
            final int kind = random.nextInt(4);
            if (kind == 0) {
                bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            } else if (kind == 1) {
                bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(20));
            } else if (bytes.length > 0) {
                // headers are where damage tells
                final int place = random.nextInt(random.nextInt(4) == 0 ? bytes.length : Math.min(64, bytes.length));
                bytes[place] = (byte) (kind == 2 ? random.nextInt(256) : bytes[place] ^ 1 << random.nextInt(8));
            }
        }
        if (random.nextInt(8) != 0 && bytes.length >= Ethernet.LENGTH + Ipv4.MAX_LENGTH) {
            Ipv4.writeChecksum(new UnsafeBuffer(bytes), Ethernet.LENGTH);
        }
        return bytes;
    }

    /** Mostly short; now and then more than a link takes, up to a super-frame. */
    private int length() {
        return switch (random.nextInt(64)) {
            case 0 -> random.nextInt(60_000);
            case 1, 2 -> random.nextInt(3000);
            default -> random.nextInt(64);
        };
    }

    private int address() {
        return addresses[random.nextInt(addresses.length)];
    }

    private int port() {
        return ports[random.nextInt(ports.length)];
    }
}
