// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.BufferUtil;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersManager;
import org.junit.jupiter.api.Test;
import org.ulvs.cnc.Counters;
import org.ulvs.cnc.CountersSnapshot;
import org.ulvs.engine.forward.NextHops;
import org.ulvs.engine.forward.PacketProcessor;
import org.ulvs.testkit.PacketBuilder;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameBatch;
import org.ulvs.wire.FrameSink;

/** A worker's duty cycles, stepped by hand. */
class WorkerTest {
    private static final int CLIENT = Addresses.parse("192.0.2.100");
    private static final long CLIENT_MAC = 0x0200_0000_0001L;
    private static final long OUR_MAC = 0x0200_0000_0099L;

    private final CachedNanoClock clock = new CachedNanoClock();
    private final UnsafeBuffer metadata =
            new UnsafeBuffer(BufferUtil.allocateDirectAligned(64 * CountersManager.METADATA_LENGTH, 64));
    private final UnsafeBuffer values =
            new UnsafeBuffer(BufferUtil.allocateDirectAligned(64 * CountersManager.COUNTER_LENGTH, 64));
    private final Counters counters = new Counters(metadata, values);
    private final NeighbourRequests requests = new NeighbourRequests();
    private final PublishedNextHops nextHops = new PublishedNextHops(requests);
    private final WorkerCounters workerCounters = new WorkerCounters(counters, 0, 2);
    private final RingSet rings = new RingSet(2);
    private final MemoryRing outside = new MemoryRing(0);
    private final MemoryRing inside = new MemoryRing(1);
    private final HoldQueue held = new HoldQueue(nextHops, workerCounters);
    private final WorkerIdle idle = new WorkerIdle(WorkerIdle.Mode.BUSY, 2, held);

    @Test
    void shouldFlushBeforeItReleases() {
        final Worker worker = worker(new PacketProcessor() {
            @Override
            public void onBatch(FrameBatch batch, FrameSink sink, long nowNs) {
                assertThat(outside.unreleased()).isEqualTo(batch.size());
                for (int i = 0; i < batch.size(); i++) {
                    sink.send(batch.get(i), 1);
                }
                assertThat(inside.sent()).isEmpty();
            }

            @Override
            public int onTimer(FrameSink sink, long nowNs) {
                return 0;
            }
        });
        for (int i = 0; i < 10; i++) {
            outside.arrive(PacketBuilder.udp(1, 2).build());
        }

        assertThat(worker.doWork()).isEqualTo(10);

        assertThat(inside.sent()).hasSize(10);
        assertThat(outside.unreleased()).isZero();
        assertThat(worker.doWork()).isZero();
    }

    @Test
    void shouldLeaveARingAloneForAMomentAfterALargeBatch() {
        final Worker worker = worker(new Reflector());
        arrive(16);
        worker.doWork();
        outside.arrive(PacketBuilder.udp(1, 2).build());

        for (int i = 0; i < 4; i++) {
            assertThat(worker.doWork()).as("not idle meanwhile").isPositive();
            assertThat(inside.sent()).hasSize(16);
            clock.advance(10_000);
        }
        worker.doWork();
        assertThat(inside.sent()).hasSize(17);
    }

    @Test
    void shouldReadNoMoreThanABatchOfManyFramesThatWaitAtAHighRate() {
        final Worker worker = worker(new Reflector());
        arrive(16);
        worker.doWork();
        arrive(129);

        clock.advance(10_000);
        worker.doWork();
        assertThat(inside.sent()).hasSize(16 + 64);

        arrive(64);
        clock.advance(10_000);
        worker.doWork();
        assertThat(inside.sent()).hasSize(16 + 128);
    }

    @Test
    void shouldNotTakeABurstAfterASilenceForAHighRate() {
        final Worker worker = worker(new Reflector());
        worker.doWork();
        clock.advance(16_001);
        arrive(16);
        worker.doWork();
        arrive(1);

        worker.doWork();
        assertThat(inside.sent()).hasSize(17);
    }

    private void arrive(int frames) {
        for (int i = 0; i < frames; i++) {
            outside.arrive(PacketBuilder.udp(1, 2).build());
        }
    }

    @Test
    void shouldGiveScratchMemoryForAsManyFramesAsABatchOfSuperFramesNeeds() {
        final int frames = 5000;
        final Worker worker = worker(new PacketProcessor() {
            @Override
            public void onBatch(FrameBatch batch, FrameSink sink, long nowNs) {
                for (int i = 0; i < frames; i++) {
                    sink.makeRoom();
                    final Frame frame = sink.allocate(1500);
                    assertThat(frame).as("frame %d", i).isNotNull();
                    sink.send(frame, 1);
                }
            }

            @Override
            public int onTimer(FrameSink sink, long nowNs) {
                return 0;
            }
        });
        outside.arrive(PacketBuilder.udp(1, 2).build());

        worker.doWork();

        assertThat(inside.sent()).hasSize(frames);
    }

    @Test
    void shouldCountFramesForAPortWithoutARing() {
        final Worker worker = worker(new Reflector());
        outside.arrive(PacketBuilder.udp(1, 2).build());
        rings.replace(1, null);

        worker.doWork();
        tick(worker);

        assertThat(rings.isAdopted()).isTrue();
        assertThat(counter("not sent: interface down")).isEqualTo(1);
        assertThat(counter("frames not sent")).isEqualTo(1);
    }

    @Test
    void shouldHoldFramesUntilTheNeighbourIsKnown() {
        nextHops.publish(table(new Long2LongHashMap(0)));
        final Worker worker = worker(new Reflector());
        for (int i = 0; i < HoldQueue.PLACES_OF_NEIGHBOUR + 3; i++) {
            outside.arrive(PacketBuilder.udp(i, 2).build());
        }

        worker.doWork();
        tick(worker);
        assertThat(inside.sent()).isEmpty();
        assertThat(counter("not sent: neighbour does not answer")).isEqualTo(3);
        assertThat(wanted()).containsExactly("1 192.0.2.100");

        final Long2LongHashMap known = new Long2LongHashMap(0);
        known.put(NeighbourTable.key(1, CLIENT), CLIENT_MAC);
        nextHops.publish(table(known));
        tick(worker);

        assertThat(inside.sent()).hasSize(HoldQueue.PLACES_OF_NEIGHBOUR);
        for (int i = 0; i < HoldQueue.PLACES_OF_NEIGHBOUR; i++) {
            final UnsafeBuffer frame = new UnsafeBuffer(inside.sent().get(i));
            assertThat(Ethernet.destination(frame, 0)).isEqualTo(CLIENT_MAC);
            assertThat(frame.getByte(Ethernet.LENGTH + 20 + 1)).as("order").isEqualTo((byte) i);
        }
    }

    @Test
    void shouldGiveUpOnANeighbourThatDoesNotAnswer() {
        nextHops.publish(table(new Long2LongHashMap(0)));
        final Worker worker = worker(new Reflector());
        outside.arrive(PacketBuilder.udp(1, 2).build());
        worker.doWork();

        clock.advance(HoldQueue.PATIENCE_NS);
        tick(worker);

        assertThat(counter("not sent: neighbour does not answer")).isEqualTo(1);
        assertThat(inside.sent()).isEmpty();
    }

    @Test
    void shouldSleepLessWhileAFrameWaitsForItsNeighbour() {
        nextHops.publish(table(new Long2LongHashMap(0)));
        final Worker worker = worker(new Reflector());
        final long quiet = idle.sleepNs();
        outside.arrive(PacketBuilder.udp(1, 2).build());

        worker.doWork();
        assertThat(idle.sleepNs()).isLessThan(quiet);

        nextHops.publish(table(knownClient()));
        tick(worker);
        assertThat(inside.sent()).hasSize(1);
        assertThat(idle.sleepNs()).isEqualTo(quiet);
    }

    @Test
    void shouldCarryFragmentsOfBatchesLargerThanItsOwn() {
        final Worker worker = worker(new Reflector());
        nextHops.publish(table(knownClient()));
        for (int i = 0; i < 300; i++) {
            outside.arrive(PacketBuilder.udp(1, 2).build());
        }

        while (worker.doWork() > 0) {
            clock.advance(1);
        }

        assertThat(inside.sent()).hasSize(300);
    }

    private static Long2LongHashMap knownClient() {
        final Long2LongHashMap known = new Long2LongHashMap(0);
        known.put(NeighbourTable.key(1, CLIENT), CLIENT_MAC);
        return known;
    }

    private void tick(Worker worker) {
        clock.advance(TimeUnit.MILLISECONDS.toNanos(1));
        worker.doWork();
    }

    private List<String> wanted() {
        final List<String> wanted = new java.util.ArrayList<>();
        requests.drain(new NeighbourRequests.Handler() {
            @Override
            public void onWanted(int port, int address) {
                wanted.add(port + " " + Addresses.format(address));
            }

            @Override
            public void onLearnt(int port, int address, long mac) {
                wanted.add("learnt");
            }
        });
        return wanted;
    }

    private long counter(String label) {
        return CountersSnapshot.sums(CountersSnapshot.rows(metadata, values)).getOrDefault(label, -1L);
    }

    private static HopTable table(Long2LongHashMap neighbours) {
        return new HopTable(
                new PrefixMap.Builder().build(),
                new PrefixMap.Builder().put(0, 0, 0).build(),
                new HopTable.Route[] {new HopTable.Route(1, 0, 0, 1500)},
                new HopTable.PortFacts[] {
                    new HopTable.PortFacts(OUR_MAC, 0, false), new HopTable.PortFacts(OUR_MAC, 0, true)
                },
                new NeighbourTable(neighbours));
    }

    private Worker worker(PacketProcessor processor) {
        rings.replace(0, outside);
        rings.replace(1, inside);
        return new Worker(
                0, Worker.ANY_CPU, rings, processor, new Announcements(nextHops), workerCounters, held, idle, clock);
    }

    /** Sends each frame to the client through port 1. */
    private final class Reflector implements PacketProcessor {
        private final NextHops.Hop hop = new NextHops.Hop();

        @Override
        public void onBatch(FrameBatch batch, FrameSink sink, long nowNs) {
            for (int i = 0; i < batch.size(); i++) {
                final Frame frame = batch.get(i);
                if (nextHops.lookup(CLIENT, hop) == NextHops.FORWARD) {
                    Ethernet.destination(frame.buffer(), frame.offset(), hop.destinationMac);
                }
                sink.send(frame, 1);
            }
        }

        @Override
        public int onTimer(FrameSink sink, long nowNs) {
            return 0;
        }
    }
}
