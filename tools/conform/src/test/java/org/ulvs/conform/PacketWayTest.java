// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.conform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ulvs.cnc.Errno;
import org.ulvs.cnc.InetAddr;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.cnc.ServiceKey;
import org.ulvs.cnc.ServiceSpec;
import org.ulvs.engine.forward.Forwarder;
import org.ulvs.engine.table.DirectorAdmin;
import org.ulvs.testkit.Addresses;
import org.ulvs.testkit.Allocations;
import org.ulvs.testkit.FrameMutator;
import org.ulvs.tools.ipvsadm.RuleLine;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameBatch;
import org.ulvs.wire.Ipv4;

/** The whole way of packets through a worker: nothing thrown, nothing lost, nothing allocated. */
class PacketWayTest {
    private static final int FUZZ_FRAMES = Integer.getInteger("ulvs.fuzz.frames", 500_000);
    private static final int BATCH = 32;
    private static final int ROUNDS = 10;
    private static final long SEED = 20_261_121L;
    private static final long LAST_NS = 2_000_000_000L + FUZZ_FRAMES * 30_000L;

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

    private static final String TABLE = """
            -A -t 10.0.0.100:80 -s wlc
            -a -t 10.0.0.100:80 -r 10.0.2.1:8080 -m -w 1
            -a -t 10.0.0.100:80 -r 10.0.2.2:80 -g -w 1
            -a -t 10.0.0.100:80 -r 10.0.2.3:80 -i -w 1
            -a -t 10.0.0.100:80 -r 10.0.2.4:80 -i -w 1 --tun-type gre --tun-csum
            -a -t 10.0.0.100:80 -r 10.0.2.5:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-csum
            -A -u 10.0.0.100:53 -s rr -p 30
            -a -u 10.0.0.100:53 -r 10.0.2.1:53 -m -w 1
            -A -t 10.0.0.100:21 -s sh
            -a -t 10.0.0.100:21 -r 10.0.2.1:21 -m -w 1
            -A -u 10.0.0.100:5060 -s rr -o
            -a -u 10.0.0.100:5060 -r 10.0.2.2:5060 -m -w 1
            -A -t 10.0.0.100:81 -s rr
            -A -f 7 -s lblcr -p 60
            -a -f 7 -r 10.0.2.2:0 -g -w 1""";

    private final ReplayDirector director = new ReplayDirector();
    private final FrameBatch batch = new FrameBatch(BATCH);
    private final ScratchSink sink = new ScratchSink();
    private long clock = 2_000_000_000L;

    @BeforeEach
    void addServices() {
        addServices(director);
    }

    private static void addServices(ReplayDirector director) {
        assertThat(director.admin().replaceRules(RULES).errno()).isEqualTo(Errno.OK);
        for (final String line : TABLE.split("\n", -1)) {
            RuleLine.apply(line, director.admin());
        }
    }

    @Test
    @Timeout(300)
    void shouldEndEveryFrameInExactlyOneCounter() {
        final FrameMutator frames = mutator(SEED, 1);
        for (int done = 0; done < FUZZ_FRAMES; done += BATCH) {
            batch.clear();
            for (int i = 0; i < BATCH; i++) {
                wrap(batch.next(), director, frames, done / BATCH & 1);
            }
            pass();
        }
        clock += 60_000_000_000L;
        director.forwarder().onTimer(sink, clock);

        assertThat(director.counter("frames received")).isGreaterThanOrEqualTo(FUZZ_FRAMES);
        shouldAddUp(director);
        for (final String kind : List.of(
                "frames forwarded to real servers",
                "frames forwarded to clients",
                "frames routed",
                "frames answered",
                "frames left to the host",
                "connections created")) {
            assertThat(director.counter(kind)).as(kind).isPositive();
        }
        assertThat(director.dropReasons())
                .as("reasons that damaged frames were dropped for")
                .hasSizeGreaterThan(15);
    }

    private static FrameMutator mutator(long seed, int network) {
        return new FrameMutator(
                seed,
                new int[] {
                    Addresses.ip("10.0.0.100"),
                    Addresses.ip("10.9.1.1"),
                    Addresses.ip("10." + network + ".0.1"),
                    Addresses.ip("10." + network + ".0.2"),
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
    }

    private static void shouldAddUp(ReplayDirector director) {
        final long ended = director.counter("frames forwarded to real servers")
                + director.counter("frames forwarded to clients")
                + director.counter("frames routed")
                + director.counter("frames answered")
                + director.counter("frames left to the host")
                + director.counter("fragments held")
                + director.dropped();
        assertThat(ended).as("seed %d", SEED).isEqualTo(director.counter("frames received"));
    }

    @Test
    @Timeout(300)
    void shouldEndEveryFrameInACounterWithSeveralWorkersAndATableThatChanges() throws Exception {
        final int workers = 3;
        final ReplayDirector shared = new ReplayDirector(workers);
        addServices(shared);
        final AtomicInteger running = new AtomicInteger(workers);
        final ExecutorService threads = Executors.newFixedThreadPool(workers);
        try {
            final List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                final int worker = i;
                ends.add(threads.submit(() -> {
                    try {
                        work(shared, worker, FUZZ_FRAMES / 2 / workers);
                    } finally {
                        running.decrementAndGet();
                    }
                }));
            }
            int edits = 0;
            while (running.get() > 0) {
                edit(shared, edits);
                edits++;
                Thread.onSpinWait();
            }
            for (final Future<?> end : ends) {
                end.get();
            }
            assertThat(edits).isPositive();
        } finally {
            threads.shutdownNow();
        }
        shouldAddUp(shared);
        assertThat(shared.counter("connections created")).isPositive();
        final ScratchSink last = new ScratchSink();
        for (long later = 0; later < 2000; later += 10) {
            for (final Forwarder forwarder : shared.forwarders()) {
                last.begin();
                forwarder.onTimer(last, LAST_NS + later * 1_000_000_000L);
            }
        }
        for (final Forwarder forwarder : shared.forwarders()) {
            assertThat(forwarder.connections().table().count())
                    .as("connections left")
                    .isZero();
        }
        assertThat(shared.templates().count()).as("templates left").isZero();
    }

    private static void work(ReplayDirector director, int worker, int frames) {
        final Forwarder forwarder = director.forwarders().get(worker);
        final FrameMutator mutator = mutator(SEED + worker, worker + 1);
        final FrameBatch own = new FrameBatch(BATCH);
        final ScratchSink scratch = new ScratchSink();
        for (int done = 0; done < frames; done += BATCH) {
            own.clear();
            for (int i = 0; i < BATCH; i++) {
                wrap(own.next(), director, mutator, done / BATCH & 1);
            }
            scratch.begin();
            final long now = 2_000_000_000L + done * 30_000L;
            forwarder.onBatch(own, scratch, now);
            forwarder.onTimer(scratch, now);
        }
    }

    /** What an administrator does meanwhile. */
    private static void edit(ReplayDirector director, int number) {
        final DirectorAdmin admin = director.admin();
        final ServiceKey web = new ServiceKey(Ipv4.TCP, InetAddr.v4(Addresses.ip("10.0.0.100")), 80, 0);
        final InetAddr address = InetAddr.v4(Addresses.ip("10.0.2." + (1 + number % 3)));
        final int port = number % 3 == 0 ? 8080 : 80;
        final int method = new int[] {ServerSpec.MASQUERADE, ServerSpec.DIRECT, ServerSpec.TUNNEL}[number % 3];
        switch (number % 7) {
            case 0, 1 -> admin.editServer(web, ServerSpec.of(address, port, method, number % 3));
            case 2 -> admin.deleteServer(web, address, port);
            case 3, 4 -> admin.addServer(web, ServerSpec.of(address, port, method, 1));
            case 5 -> admin.setSysctl("expire_nodest_conn", number % 2 == 0 ? "0" : "1");
            default -> admin.editService(new ServiceSpec(web, number % 2 == 0 ? "rr" : "wlc", 0, 0, -1));
        }
        if (number % 97 == 0) {
            admin.replaceRules(RULES);
        }
        admin.editor().tick(2_000_000_000L + number * 1_000_000L);
    }

    private static void wrap(Frame frame, ReplayDirector director, FrameMutator frames, int port) {
        final byte[] bytes = frames.next();
        final byte[] memory = new byte[64 + bytes.length + 128];
        System.arraycopy(bytes, 0, memory, 64, bytes.length);
        frame.wrap(memory, 64, bytes.length, port);
        if (bytes.length >= Ethernet.LENGTH) {
            Ethernet.destination(
                    frame.buffer(), frame.offset(), director.network().macAddress(port));
        }
        if ((bytes.length & 7) == 0) {
            frames.offload(frame);
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
        final MillionPackets packets = new MillionPackets(director);
        packets.pass();
        long allocated = Long.MAX_VALUE;
        // the JVM itself allocates on the thread now and then while it compiles: what each packet allocates shows
        // always
        for (int round = 0; round < ROUNDS && allocated != 0; round++) {
            allocated = Allocations.of(0, 1, packets::pass);
        }

        assertThat(director.counter("connections created")).isGreaterThan(60_000);
        assertThat(packets.sent()).isGreaterThan(900_000);
        assertThat(allocated).as("bytes of a million packets").isZero();
    }

    @Test
    void shouldPassMillionsOfPacketsWithoutCollectingGarbage() throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--"))
                .forEach(command::add);
        command.addAll(List.of(
                "-XX:+UnlockExperimentalVMOptions", "-XX:+UseEpsilonGC", "-Xms64m", "-Xmx64m", "-XX:-UsePerfData"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MillionPackets.class.getName()));
        final Process process =
                new ProcessBuilder(command).redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output.lines().anyMatch(line -> line.matches("3[0-9]{6}|4[0-9]{6}")))
                .as("packets sent: " + output)
                .isTrue();
    }
}
