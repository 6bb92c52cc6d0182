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
 * A director as the dataplane process has it, in memory: one worker, two ports, a clock that the replay turns, and
 * frames in and out as arrays.
 */
final class ReplayDirector {
    private static final int SLOTS = 4096;
    private static final int CONNECTIONS = 16_384;
    private static final int TEMPLATES = 4096;
    private static final int COUNTERS = 512;
    private static final long TIMER_STEP_NS = 50_000_000L;

    private final ReplayNetwork network = new ReplayNetwork();
    private final ServerRecords records = ServerRecords.create(memory(ServerRecords.fileLength(SLOTS, 1)), SLOTS, 1);
    private final Director director = new Director(records);
    private final DirectorAdmin admin = new DirectorAdmin(director, CONNECTIONS, this::isLocal, List.of("c0", "s0"));
    private final Templates templates;
    private final Forwarder forwarder;
    private final CountersReader counterReader;
    private final FrameBatch batch = new FrameBatch(64);
    private long nowNs = 1_000_000_000L;

    ReplayDirector() {
        final int ticks = (int) (nowNs / ConnectionLayout.TICK_NS);
        templates = new Templates(table(TEMPLATES), records, director.slots(), ticks);
        final UnsafeBuffer metadata = memory(COUNTERS * 512L);
        final UnsafeBuffer values = memory(COUNTERS * 128L);
        final Counters counters = new Counters(metadata, values);
        counterReader = new CountersReader(metadata, values);
        forwarder = new Forwarder(new ForwarderContext(
                0,
                director,
                table(CONNECTIONS),
                templates,
                network,
                network,
                (frame, sink) -> false,
                new PacketCounters(counters, 0),
                0,
                0,
                () -> 0,
                1,
                nowNs));
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
                        earlier.templates().lines(),
                        List.of(earlier.connections().lines()));
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

    /** Lets the timers finish what they have to do at this moment. */
    void settle() {
        final RecordingSink sink = new RecordingSink();
        while (forwarder.onTimer(sink, nowNs) > 0) {
            sink.clear();
        }
    }

    /** The worker's forwarder, to be driven directly. */
    Forwarder forwarder() {
        return forwarder;
    }

    /** The clock. */
    long nowNs() {
        return nowNs;
    }

    /** Value of the counter with this label. */
    long counter(String label) {
        final long[] value = {-1};
        counterReader.forEach((id, typeId, key, text) -> {
            if (text.equals(label)) {
                value[0] = counterReader.getCounterValue(id);
            }
        });
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
