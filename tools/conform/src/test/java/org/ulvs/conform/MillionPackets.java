// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.conform;

import org.ulvs.testkit.Addresses;
import org.ulvs.testkit.Frames;
import org.ulvs.testkit.PacketBuilder;
import org.ulvs.tools.ipvsadm.RuleLine;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.FrameBatch;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.Tcp;

/**
 * Connections that come, talk and go, to servers by all three methods; and the main program that passes some millions
 * of their packets in a JVM that never collects garbage: it dies if each packet leaves but a few bytes.
 */
final class MillionPackets {
    private static final String ROUTER = Addresses.mac(ReplayNetwork.routerMac());
    private static final int HEADROOM = 64;
    private static final int PORT = HEADROOM + Ethernet.LENGTH + Ipv4.MIN_LENGTH;
    private static final int MILLIONS = 4;

    private final ReplayDirector director;
    private final FrameBatch batch = new FrameBatch(32);
    private final ScratchSink sink = new ScratchSink();
    private final byte[][] flow;
    private final byte[][] memory;
    private long clock = 2_000_000_000L;
    private int turn;

    MillionPackets(ReplayDirector director) {
        this.director = director;
        flow = new byte[][] {
            packet(Tcp.SYN), packet(Tcp.ACK), packet(Tcp.PSH | Tcp.ACK), packet(Tcp.FIN | Tcp.ACK), packet(Tcp.RST)
        };
        memory = new byte[flow.length][HEADROOM + flow[0].length + 128];
    }

    private byte[] packet(int flags) {
        return Frames.bytes(PacketBuilder.tcp(2000, 80, flags)
                .mac(ROUTER, Addresses.mac(director.network().macAddress(ReplayNetwork.CLIENTS)))
                .addresses("10.1.0.1", "10.0.0.100")
                .payload(32)
                .build());
    }

    /** Five packets of a client port that was not used for a while. */
    void turn() {
        batch.clear();
        turn++;
        for (int i = 0; i < flow.length; i++) {
            System.arraycopy(flow[i], 0, memory[i], HEADROOM, flow[i].length);
            memory[i][PORT] = (byte) (turn >>> 8);
            memory[i][PORT + 1] = (byte) turn;
            batch.next().wrap(memory[i], HEADROOM, flow[i].length, ReplayNetwork.CLIENTS);
        }
        sink.begin();
        clock += 1_000_000;
        director.forwarder().onBatch(batch, sink, clock);
        director.forwarder().onTimer(sink, clock);
    }

    /** A million packets. */
    void pass() {
        for (int i = 0; i < 1_000_000 / flow.length; i++) {
            turn();
        }
    }

    /** Packets that left. */
    long sent() {
        return sink.sent();
    }

    /** A service with a server of each forwarding method. */
    static ReplayDirector director() {
        final ReplayDirector director = new ReplayDirector();
        RuleLine.apply("-A -t 10.0.0.100:80 -s wlc", director.admin());
        RuleLine.apply("-a -t 10.0.0.100:80 -r 10.0.2.1:8080 -m -w 1", director.admin());
        RuleLine.apply("-a -t 10.0.0.100:80 -r 10.0.2.2:80 -g -w 1", director.admin());
        RuleLine.apply("-a -t 10.0.0.100:80 -r 10.0.2.3:80 -i -w 1", director.admin());
        return director;
    }

    /** Prints how many packets left. */
    public static void main(String... words) {
        final MillionPackets packets = new MillionPackets(director());
        for (int i = 0; i < MILLIONS; i++) {
            packets.pass();
        }
        System.out.println(packets.sent());
    }
}
