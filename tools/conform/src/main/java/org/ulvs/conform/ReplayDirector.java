// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.conform;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;
import org.ulvs.cnc.ConnectionLayout;
import org.ulvs.cnc.Counters;
import org.ulvs.cnc.InetAddr;
import org.ulvs.cnc.ServerRecords;
import org.ulvs.cnc.StandardCounter;
import org.ulvs.engine.connection.Adoption;
import org.ulvs.engine.connection.ConnectionTable;
import org.ulvs.engine.connection.Templates;
import org.ulvs.engine.forward.Forwarder;
import org.ulvs.engine.forward.ForwarderContext;
import org.ulvs.engine.forward.PacketCounters;
import org.ulvs.engine.table.Director;
import org.ulvs.engine.table.DirectorAdmin;
import org.ulvs.testkit.Frames;
import org.ulvs.testkit.RecordingSink;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameBatch;

/**
 * A director as the dataplane process has it, in memory: one worker unless more are asked for, two ports, a clock that
 * the replay turns, and frames in and out as arrays.
 */
final class ReplayDirector {
    private static final int SLOTS = 4096;
    private static final int HEADROOM = 64;
    private static final int CONNECTIONS = 16_384;
    private static final int TEMPLATES = 4096;
    private static final int COUNTERS = 512;
    private static final long TIMER_STEP_NS = 50_000_000L;

    private final ReplayNetwork network = new ReplayNetwork();
    private final ServerRecords records;
    private final Director director;
    private final DirectorAdmin admin;
    private final Templates templates;
    private final List<Forwarder> forwarders = new ArrayList<>();
    private final Forwarder forwarder;
    private final CountersReader counterReader;
    private final FrameBatch batch = new FrameBatch(64);
    private long nowNs = 1_000_000_000L;

    ReplayDirector() {
        this(1);
    }

    ReplayDirector(int workers) {
        this(workers, 0, 0);
    }

    /**
     * A director that limits what it says itself.
     *
     * @param errorsPerSecond ICMP errors of a worker, 0 for no limit
     * @param resetsPerSecond TCP resets of a worker, 0 for no limit
     */
    ReplayDirector(int workers, int errorsPerSecond, int resetsPerSecond) {
        records = ServerRecords.create(memory(ServerRecords.fileLength(SLOTS, workers)), SLOTS, workers);
        director = new Director(records);
        admin = new DirectorAdmin(director, CONNECTIONS, this::isLocal, List.of("c0", "s0"));
        final int ticks = (int) (nowNs / ConnectionLayout.TICK_NS);
        templates = new Templates(table(TEMPLATES), records, director.slots(), ticks);
        final UnsafeBuffer metadata = memory(COUNTERS * 512L * workers);
        final UnsafeBuffer values = memory(COUNTERS * 128L * workers);
        final Counters counters = new Counters(metadata, values);
        counterReader = new CountersReader(metadata, values);
        for (int worker = 0; worker < workers; worker++) {
            forwarders.add(new Forwarder(new ForwarderContext(
                    worker,
                    director,
                    table(CONNECTIONS),
                    templates,
                    network,
                    network,
                    (frame, sink) -> false,
                    new PacketCounters(counters, worker),
                    errorsPerSecond,
                    resetsPerSecond,
                    () -> 0,
                    1,
                    nowNs)));
        }
        forwarder = forwarders.get(0);
    }

    private static UnsafeBuffer memory(long length) {
        return new UnsafeBuffer(ByteBuffer.allocateDirect((int) length));
    }

    private static ConnectionTable table(int capacity) {
        return new ConnectionTable(
                memory(ConnectionTable.fileLength(capacity)),
                memory(ConnectionTable.indexLength(capacity)),
                capacity,
                1);
    }

    private boolean isLocal(InetAddr address) {
        return address.family() == 4
                && (network.contains(address.asV4())
                        || address.asV4() == network.portAddress(ReplayNetwork.CLIENTS)
                        || address.asV4() == network.portAddress(ReplayNetwork.SERVERS));
    }

    ReplayNetwork network() {
        return network;
    }

    DirectorAdmin admin() {
        return admin;
    }

    ServerRecords records() {
        return records;
    }

    ConnectionTable connections() {
        return forwarder.connections().table();
    }

    ConnectionTable templates() {
        return templates.table();
    }

    /** Goes on with the connections of another director of the same table, as after a restart at this moment. */
    void adopt(ReplayDirector earlier) {
        nowNs = earlier.nowNs;
        new Adoption(List.of(forwarder.connections()), templates, client -> 0, (int) (nowNs / ConnectionLayout.TICK_NS))
                .adopt(
                        earlier.templates().lines().buffer(),
                        List.of(earlier.connections().lines().buffer()));
    }

    /** Hands a frame to the worker; returns what left because of it, in order. */
    List<Frame> receive(byte[] bytes, int port) {
        final Frame received = Frames.of(bytes);
        batch.clear();
        batch.next().wrap(received.buffer().byteArray(), received.offset(), bytes.length, port);
        final RecordingSink sink = new RecordingSink();
        forwarder.onBatch(batch, sink, nowNs);
        settle();
        return new ArrayList<>(sink.sent());
    }

    /** As {@link #receive(byte[], int)}, for a frame with offload facts. */
    List<Frame> receive(Frame frame, int port) {
        final byte[] bytes = Frames.bytes(frame);
        final byte[] memory = new byte[HEADROOM + bytes.length + HEADROOM];
        System.arraycopy(bytes, 0, memory, HEADROOM, bytes.length);
        batch.clear();
        batch.next()
                .wrap(memory, HEADROOM, bytes.length, port)
                .offload(
                        frame.checksumPartial(),
                        frame.checksumStart(),
                        frame.checksumOffset(),
                        frame.gsoType(),
                        frame.gsoSize(),
                        frame.headerLength());
        final RecordingSink sink = new RecordingSink();
        forwarder.onBatch(batch, sink, nowNs);
        settle();
        return new ArrayList<>(sink.sent());
    }

    /** Lets the timers finish what they have to do at this moment. */
    void settle() {
        final RecordingSink sink = new RecordingSink();
        while (forwarder.onTimer(sink, nowNs) > 0) {
            sink.clear();
        }
    }

    /** The first worker's forwarder, to be driven directly. */
    Forwarder forwarder() {
        return forwarder;
    }

    /** The forwarders of all workers. */
    List<Forwarder> forwarders() {
        return forwarders;
    }

    /** The clock. */
    long nowNs() {
        return nowNs;
    }

    /** Value of the counter with this label, of all workers together. */
    long counter(String label) {
        final long[] value = {0};
        final boolean[] found = {false};
        counterReader.forEach((id, typeId, key, text) -> {
            if (text.equals(label)) {
                value[0] += counterReader.getCounterValue(id);
                found[0] = true;
            }
        });
        if (!found[0]) {
            throw new IllegalArgumentException("there is no counter " + label);
        }
        return value[0];
    }

    /** Sum of all drop counters. */
    long dropped() {
        final long[] sum = {0};
        counterReader.forEach((id, typeId, key, text) -> {
            if (typeId >= StandardCounter.DROP_TYPE_ID) {
                sum[0] += counterReader.getCounterValue(id);
            }
        });
        return sum[0];
    }

    /** Drop counters that are not 0. */
    List<String> dropReasons() {
        final List<String> reasons = new ArrayList<>();
        counterReader.forEach((id, typeId, key, text) -> {
            if (typeId >= StandardCounter.DROP_TYPE_ID && counterReader.getCounterValue(id) != 0) {
                reasons.add(text);
            }
        });
        return reasons;
    }

    /** Turns the clock. */
    void advance(double seconds) {
        final long target = nowNs + (long) (seconds * 1e9);
        while (nowNs < target) {
            nowNs = Math.min(target, nowNs + TIMER_STEP_NS);
            settle();
        }
        admin.editor().tick(nowNs);
    }
}
