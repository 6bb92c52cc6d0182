// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.conform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ulvs.cnc.Errno;
import org.ulvs.testkit.Addresses;
import org.ulvs.testkit.Allocations;
import org.ulvs.testkit.FrameMutator;
import org.ulvs.testkit.Frames;
import org.ulvs.testkit.PacketBuilder;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameBatch;
import org.ulvs.wire.Tcp;

/** The whole way of packets through a worker: nothing thrown, nothing lost, nothing allocated. */
class PacketWayTest {
    private static final int FUZZ_FRAMES = Integer.getInteger("ulvs.fuzz.frames", 500_000);
    private static final int BATCH = 32;
    private static final String ROUTER = Addresses.mac(ReplayNetwork.routerMac());

    private static final String RULES = """
            *mangle
            :PREROUTING ACCEPT [0:0]
            -A PREROUTING -d 10.9.0.0/16 -j MARK --set-mark 7
            COMMIT
            *nat
            :POSTROUTING ACCEPT [0:0]
            -A POSTROUTING -s 10.0.2.0/24 -j MASQUERADE
            COMMIT
            """;

    private final ReplayDirector director = new ReplayDirector();
    private final FrameBatch batch = new FrameBatch(BATCH);
    private final ScratchSink sink = new ScratchSink();
    private long clock = 2_000_000_000L;

    @BeforeEach
    void addServices() {
        rule("-A -t 10.0.0.100:80 -s wlc");
        rule("-a -t 10.0.0.100:80 -r 10.0.2.1:8080 -m -w 1");
        rule("-a -t 10.0.0.100:80 -r 10.0.2.2:80 -g -w 1");
        rule("-a -t 10.0.0.100:80 -r 10.0.2.3:80 -i -w 1");
        rule("-A -u 10.0.0.100:53 -s rr -p 30");
        rule("-a -u 10.0.0.100:53 -r 10.0.2.1:53 -m -w 1");
        rule("-A -t 10.0.0.100:21 -s sh");
        rule("-a -t 10.0.0.100:21 -r 10.0.2.1:21 -m -w 1");
        rule("-A -u 10.0.0.100:5060 -s rr -o");
        rule("-a -u 10.0.0.100:5060 -r 10.0.2.2:5060 -m -w 1");
        rule("-A -t 10.0.0.100:81 -s rr");
        assertThat(director.admin().replaceRules(RULES).errno()).isEqualTo(Errno.OK);
        rule("-A -f 7 -s lblcr -p 60");
        rule("-a -f 7 -r 10.0.2.2:0 -g -w 1");
    }

    private void rule(String line) {
        RuleLine.apply(line, director.admin());
    }

    @Test
    @Timeout(300)
    void shouldEndEveryFrameInExactlyOneCounter() {
        final long seed = 20_261_121L;
        final FrameMutator frames = new FrameMutator(
                seed,
                new int[] {
                    Addresses.ip("10.0.0.100"),
                    Addresses.ip("10.9.1.1"),
                    Addresses.ip("10.1.0.1"),
                    Addresses.ip("10.1.0.2"),
                    Addresses.ip("10.0.2.1"),
                    Addresses.ip("10.0.2.3")
                },
                80,
                8080,
                53,
                21,
                5060,
                81,
                2000);

        for (int done = 0; done < FUZZ_FRAMES; done += BATCH) {
            batch.clear();
            for (int i = 0; i < BATCH; i++) {
                wrap(frames.next(), i & 1);
            }
            pass();
        }
        clock += 60_000_000_000L;
        director.forwarder().onTimer(sink, clock);

        final long ended = director.counter("frames forwarded to real servers")
                + director.counter("frames forwarded to clients")
                + director.counter("frames routed")
                + director.counter("frames answered")
                + director.counter("frames left to the host")
                + director.counter("fragments held")
                + director.dropped();
        assertThat(director.counter("frames received")).isGreaterThanOrEqualTo(FUZZ_FRAMES);
        assertThat(ended).as("seed %d", seed).isEqualTo(director.counter("frames received"));
        assertThat(director.counter("frames forwarded to real servers")).isPositive();
        assertThat(director.counter("frames forwarded to clients")).isPositive();
        assertThat(director.counter("frames answered")).isPositive();
    }

    private void wrap(byte[] bytes, int port) {
        final byte[] memory = new byte[64 + bytes.length + 128];
        System.arraycopy(bytes, 0, memory, 64, bytes.length);
        final Frame frame = batch.next().wrap(memory, 64, bytes.length, port);
        if (bytes.length >= Ethernet.LENGTH) {
            Ethernet.destination(
                    frame.buffer(), frame.offset(), director.network().macAddress(port));
        }
    }

    private void pass() {
        sink.begin();
        clock += 1_000_000;
        director.forwarder().onBatch(batch, sink, clock);
        director.forwarder().onTimer(sink, clock);
    }

    @Test
    void shouldAllocateNothingPerPacket() {
        final byte[][] flow = {
            client(Tcp.SYN), client(Tcp.ACK), client(Tcp.PSH | Tcp.ACK), client(Tcp.FIN | Tcp.ACK), client(Tcp.RST)
        };
        final byte[][] memory = new byte[flow.length][];
        for (int i = 0; i < flow.length; i++) {
            memory[i] = new byte[64 + flow[i].length + 128];
        }
        final int[] turn = {0};

        final long allocated = Allocations.of(150_000, 200_000, () -> {
            batch.clear();
            turn[0]++;
            for (int i = 0; i < flow.length; i++) {
                System.arraycopy(flow[i], 0, memory[i], 64, flow[i].length);
                // another client port for each turn: connections come and go
                memory[i][64 + Ethernet.LENGTH + 20] = (byte) (turn[0] >>> 8);
                memory[i][64 + Ethernet.LENGTH + 21] = (byte) turn[0];
                batch.next().wrap(memory[i], 64, flow[i].length, ReplayNetwork.CLIENTS);
            }
            pass();
        });

        assertThat(director.counter("connections created")).isGreaterThan(60_000);
        assertThat(sink.sent()).isGreaterThan(900_000);
        // a million packets: what the JVM itself allocates on the thread now and then is not a byte a packet
        assertThat(allocated).isLessThan(10_000);
    }

    private byte[] client(int flags) {
        return Frames.bytes(PacketBuilder.tcp(2000, 80, flags)
                .mac(ROUTER, Addresses.mac(director.network().macAddress(ReplayNetwork.CLIENTS)))
                .addresses("10.1.0.1", "10.0.0.100")
                .payload(32)
                .build());
    }
}
