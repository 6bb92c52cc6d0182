// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ulvs.shim.BpfProgram;
import org.ulvs.shim.FanoutGroup;
import org.ulvs.shim.PacketRing;
import org.ulvs.shim.RingCounters;
import org.ulvs.shim.RingSettings;
import org.ulvs.testkit.PacketBuilder;
import org.ulvs.testkit.netns.Netns;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameBatch;

/** The steering programs as the kernel runs them. */
class SteeringTest {
    private static final int WORKERS = 4;
    private static final int CLIENTS = 16;
    private static final int HEADROOM = 64;

    private static final String VIP = "192.0.2.10";
    private static final String REAL = "10.9.0.1";
    private static final String ROUTER = "198.51.100.254";

    private static final Port OUTSIDE = new Port(0, "rx0", true, false);
    private static final Port INSIDE = new Port(0, "rx0", false, true);
    private static final Port BOTH = new Port(0, "rx0", true, true);

    private Netns sender;
    private Netns receiver;

    /** A frame of a client's connection. */
    @FunctionalInterface
    interface Sample {
        Frame of(String client);
    }

    @BeforeEach
    void setUp() {
        sender = Netns.create("ulvsrt-s-tx");
        receiver = Netns.create("ulvsrt-s-rx");
        Netns.veth(sender, "tx0", receiver, "rx0");
    }

    @AfterEach
    void tearDown() {
        sender.close();
        receiver.close();
    }

    private static byte[] packet(PacketBuilder builder) {
        final Frame frame = builder.build();
        final byte[] bytes = new byte[frame.length() - Ethernet.LENGTH];
        frame.buffer().getBytes(frame.offset() + Ethernet.LENGTH, bytes);
        return bytes;
    }

    static Stream<Arguments> samples() {
        final Sample toVip =
                client -> PacketBuilder.tcp(1000, 80, 2).addresses(client, VIP).build();
        final Sample fromReal = client ->
                PacketBuilder.tcp(80, 1000, 18).addresses(REAL, client).build();
        final Sample echo =
                client -> PacketBuilder.icmp(8, 0, 1).addresses(client, VIP).build();
        final Sample laterFragment = client ->
                PacketBuilder.udp(1000, 7).payload(2000).addresses(client, VIP).buildFragment(1480, 500);
        final Sample fragmentOfReal = client -> PacketBuilder.icmp(3, 3, 0)
                .payload(2000)
                .addresses(REAL, client)
                .buildFragment(1480, 500);
        final Sample errorOutside = client -> PacketBuilder.icmp(3, 4, 1400)
                .payload(packet(PacketBuilder.tcp(80, 1000, 16).addresses(VIP, client)))
                .addresses(ROUTER, VIP)
                .build();
        final Sample errorWithOptions = client -> PacketBuilder.icmp(11, 0, 0)
                .payload(packet(PacketBuilder.tcp(80, 1000, 16).addresses(VIP, client)))
                .addresses(ROUTER, VIP)
                .ipOptions(1, 1, 1, 1)
                .build();
        final Sample errorInside = client -> PacketBuilder.icmp(3, 3, 0)
                .payload(packet(PacketBuilder.udp(1000, 7).addresses(client, REAL)))
                .addresses("10.9.0.77", client)
                .build();
        final Sample unanswered = client ->
                PacketBuilder.tcp(1000, 80, 2).addresses(client, "203.0.113.5").build();
        return Stream.of(
                Arguments.of("outside: by source", OUTSIDE, toVip),
                Arguments.of("outside: echo by source", OUTSIDE, echo),
                Arguments.of("outside: later fragment by source", OUTSIDE, laterFragment),
                Arguments.of("outside: error by the inner destination", OUTSIDE, errorOutside),
                Arguments.of("outside: error behind IP options", OUTSIDE, errorWithOptions),
                Arguments.of("inside: by destination", INSIDE, fromReal),
                Arguments.of("inside: later fragment by destination", INSIDE, fragmentOfReal),
                Arguments.of("inside: error by the inner source", INSIDE, errorInside),
                Arguments.of("inside: to our own address by source", INSIDE, toVip),
                Arguments.of("both: to our own address by source", BOTH, toVip),
                Arguments.of("both: from a real server by destination", BOTH, fromReal),
                Arguments.of("both: error of a client's router", BOTH, errorOutside),
                Arguments.of("both: from elsewhere by source", BOTH, unanswered));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("samples")
    void shouldBringAConnectionToOneWorker(String name, Port port, Sample sample) {
        final BpfProgram program = program(port);
        final Set<Integer> seen = new HashSet<>();
        TestNetwork.in(receiver, () -> {
            final FanoutGroup group = open(program);
            for (int i = 0; i < CLIENTS; i++) {
                final String client = "198.51.100." + i;
                final int expected = Steering.worker(Addresses.parse(client), WORKERS);
                assertThat(receiverOf(group, sample.of(client))).as(client).isEqualTo(expected);
                seen.add(expected);
            }
            group.close();
            return seen;
        });
        assertThat(seen).hasSize(WORKERS);
    }

    @Test
    void shouldBringArpToTheFirstWorker() {
        TestNetwork.in(receiver, () -> {
            final FanoutGroup group = open(program(INSIDE));
            final Frame arp = PacketBuilder.arp(1, "02:00:00:00:00:01", "198.51.100.3", "00:00:00:00:00:00", VIP);
            assertThat(receiverOf(group, arp)).isZero();
            group.close();
            return 0;
        });
    }

    @Test
    void shouldBringEverythingToASingleWorker() {
        final BpfProgram program = Steering.program(BOTH, List.of(), List.of(), 1);

        assertThat(program.size()).isEqualTo(1);
    }

    @Test
    void shouldReadTheSourcesOfSourceNatFromTheRules() {
        final String rules = """
                *nat
                :POSTROUTING ACCEPT [0:0]
                -A POSTROUTING -s 10.9.0.0/24 -o eth0 -j MASQUERADE
                -A POSTROUTING ! -s 10.8.0.0/24 -o eth0 -j MASQUERADE
                -A POSTROUTING -s 10.7.0.1/32 -p tcp -m tcp --dport 80 -j SNAT --to-source 192.0.2.7
                -A POSTROUTING -s 10.6.0.0/16 -j ACCEPT
                COMMIT
                """;
        assertThat(DirectorForwarding.translatedSources(rules))
                .containsExactly(
                        new Steering.Prefix(Addresses.parse("10.9.0.0"), 24),
                        new Steering.Prefix(Addresses.parse("10.7.0.1"), 32));
    }

    @Test
    void shouldStayWithinTheKernelsLimit() {
        final List<Steering.Prefix> many =
                IntStream.range(0, 10_000).mapToObj(Steering.Prefix::host).toList();

        final BpfProgram program = Steering.program(BOTH, many, many, 64);

        assertThat(program.size()).isLessThanOrEqualTo(BpfProgram.MAX_INSTRUCTIONS);
        TestNetwork.in(receiver, () -> {
            open(program).close();
            return 0;
        });
    }

    private static BpfProgram program(Port port) {
        return Steering.program(
                port,
                List.of(Steering.Prefix.host(Addresses.parse(VIP))),
                List.of(new Steering.Prefix(Addresses.parse("10.9.0.0"), 24)),
                WORKERS);
    }

    private FanoutGroup open(BpfProgram program) {
        final RingSettings settings = new RingSettings("rx0", receiver.interfaceIndex("rx0"), 0, 1);
        final List<RingCounters> counters =
                Stream.generate(RingCounters::new).limit(WORKERS).toList();
        final FanoutGroup group = FanoutGroup.open(settings, null, counters, program);
        group.listen();
        return group;
    }

    /** Sends a frame and tells whose ring it came to. */
    private int receiverOf(FanoutGroup group, Frame frame) {
        final int length = frame.length();
        final UnsafeBuffer memory = new UnsafeBuffer(BufferUtil.allocateDirectAligned(HEADROOM + length, 64));
        memory.putBytes(HEADROOM, frame.buffer(), frame.offset(), length);
        Ethernet.destination(memory, HEADROOM, Ethernet.BROADCAST);
        TestNetwork.in(sender, () -> {
            final RingSettings settings = new RingSettings("tx0", sender.interfaceIndex("tx0"), 0, 1);
            final FanoutGroup transmitter = FanoutGroup.open(
                    settings, null, List.of(new RingCounters()), new BpfProgram().add(BpfProgram.RETURN, 0));
            final PacketRing ring = transmitter.rings().get(0);
            ring.send(new Frame().wrap(memory.addressOffset(), HEADROOM, length, length, 0));
            ring.flush();
            transmitter.close();
            return 0;
        });
        final FrameBatch batch = new FrameBatch(64);
        final int[] found = {-1};
        TestNetwork.await("the frame", () -> {
            for (int worker = 0; worker < group.rings().size(); worker++) {
                batch.clear();
                if (group.rings().get(worker).receive(batch) > 0) {
                    found[0] = worker;
                }
                group.rings().get(worker).release();
            }
            return found[0] >= 0;
        });
        return found[0];
    }
}
