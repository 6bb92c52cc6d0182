// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.ulvs.cnc.CommandResult;
import org.ulvs.cnc.ConnectionLayout;
import org.ulvs.cnc.Counters;
import org.ulvs.cnc.Errno;
import org.ulvs.cnc.InetAddr;
import org.ulvs.cnc.InstanceFiles;
import org.ulvs.cnc.ServerRecords;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.cnc.ServiceConfig;
import org.ulvs.cnc.ServiceKey;
import org.ulvs.cnc.ServiceSpec;
import org.ulvs.engine.connection.ConnectionTable;
import org.ulvs.engine.connection.Connections;
import org.ulvs.engine.connection.Templates;
import org.ulvs.engine.forward.Forwarder;
import org.ulvs.engine.forward.ForwarderContext;
import org.ulvs.engine.forward.HopCache;
import org.ulvs.engine.forward.NextHops;
import org.ulvs.engine.forward.PacketCounters;
import org.ulvs.engine.runtime.ConnectionFiles;
import org.ulvs.engine.table.Director;
import org.ulvs.engine.table.DirectorAdmin;
import org.ulvs.shim.SlotReceiver;
import org.ulvs.wire.FrameBatch;
import org.ulvs.wire.Ipv4;

/**
 * A worker's forwarder with everything around it that the dataplane process has, the tables in mapped files included,
 * and one ring of traffic. Time stands still unless it is turned.
 */
final class Rig {
    /** Frames that a worker hands over at once. */
    static final int BATCH = 64;

    private static final int SLOTS = 32 * 1024;
    private static final int TEMPLATES = 1024;
    private static final int COUNTERS = 512;
    private static final int SEED = 0x5EED;

    private final RigSettings settings;
    private final Director director;
    private final DirectorAdmin admin;
    private final ConnectionTable table;
    private final Forwarder forwarder;
    private final HopCache hops;
    private final FrameBatch batch = new FrameBatch(BATCH);
    private final MemorySink sink = new MemorySink();
    private final Traffic fromClients = new Traffic(Network.OUTSIDE);
    private final Traffic fromServers = new Traffic(Network.INSIDE);
    private final int[] serverOf;
    private long nowNs = 1_000_000_000L;

    Rig(RigSettings settings) {
        this.settings = settings;
        final ServerRecords records = ServerRecords.create(
                mapped(file -> InstanceFiles.mapOrCreate(file, ServerRecords.fileLength(SLOTS, 1))), SLOTS, 1);
        director = new Director(records);
        admin = new DirectorAdmin(director, settings.capacity(), address -> false, List.of("outside", "inside"));
        final Templates templates = new Templates(table(TEMPLATES), records, director.slots(), ticks());
        table = table(settings.capacity());
        final NextHops nextHops = Network.nextHops(settings.servers());
        hops = new HopCache(nextHops);
        final UnsafeBuffer metadata = memory(COUNTERS * 512);
        final UnsafeBuffer values = memory(COUNTERS * 128);
        forwarder = new Forwarder(new ForwarderContext(
                0,
                director,
                table,
                templates,
                nextHops,
                address -> address >>> 24 == 10 && (address >>> 16 & 0xFF) == 200,
                (frame, out) -> false,
                new PacketCounters(new Counters(metadata, values), 0),
                0,
                0,
                () -> 0,
                SEED,
                nowNs));
        serverOf = new int[settings.services() * settings.servers()];
        configure();
    }

    private int ticks() {
        return (int) (nowNs / ConnectionLayout.TICK_NS);
    }

    private static UnsafeBuffer memory(long length) {
        return new UnsafeBuffer(BufferUtil.allocateDirectAligned((int) length, BitUtil.CACHE_LINE_LENGTH));
    }

    /** As the dataplane maps its files, in a file system in memory; the name is gone at once. */
    private static <T> T mapped(Mapping<T> mapping) {
        try {
            final Path directory = Files.createTempDirectory(Path.of("/dev/shm"), "ulvs-bench-");
            final Path file = directory.resolve("file");
            try {
                return mapping.map(file);
            } finally {
                Files.deleteIfExists(file);
                Files.delete(directory);
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ConnectionTable table(int capacity) {
        return mapped(file -> ConnectionFiles.create(file, capacity, SEED));
    }

    /** Makes a file and maps it. */
    private interface Mapping<T> {
        T map(Path file) throws IOException;
    }

    private void configure() {
        final List<ServerSpec> servers = new ArrayList<>();
        // ovf gives a server no more connections than its weight
        final int weight = "ovf".equals(settings.scheduler()) ? 1 << 22 : 1;
        final int port = settings.method() == ServerSpec.MASQUERADE ? Network.SERVER_PORT : Network.VIRTUAL_PORT;
        for (int server = 0; server < settings.servers(); server++) {
            servers.add(ServerSpec.of(InetAddr.v4(Network.serverAddress(server)), port, settings.method(), weight));
        }
        final List<ServiceConfig> services = new ArrayList<>();
        for (int service = 0; service < settings.services(); service++) {
            final ServiceKey key = settings.markRules() > 0
                    ? new ServiceKey(0, InetAddr.v4(0), 0, 1 + service)
                    : new ServiceKey(Ipv4.TCP, InetAddr.v4(Network.virtualAddress(service)), Network.VIRTUAL_PORT, 0);
            services.add(new ServiceConfig(new ServiceSpec(key, settings.scheduler(), 0, 0, -1), servers));
        }
        check(admin.replaceTable(services));
        if (settings.markRules() > 0) {
            check(admin.replaceRules(markRules()));
        }
        check(CommandResult.of(admin.setTimeouts(settings.establishedSeconds(), 0, 0)));
    }

    /** The rules that mark the services' packets stand last. */
    private String markRules() {
        final StringBuilder text = new StringBuilder("*mangle\n:PREROUTING ACCEPT [0:0]\n");
        final int others = settings.markRules() - settings.services();
        for (int rule = 0; rule < others; rule++) {
            text.append("-A PREROUTING -d 10.")
                    .append(100 + (rule >>> 8))
                    .append('.')
                    .append(rule & 0xFF)
                    .append(".0/24 -p tcp -m tcp --dport ")
                    .append(1 + rule)
                    .append(" -j MARK --set-mark 77\n");
        }
        for (int service = 0; service < settings.services(); service++) {
            final int address = Network.virtualAddress(service);
            text.append("-A PREROUTING -d 10.200.")
                    .append(address >>> 8 & 0xFF)
                    .append('.')
                    .append(address & 0xFF)
                    .append("/32 -p tcp -m tcp --dport 80 -j MARK --set-mark ")
                    .append(1 + service)
                    .append('\n');
        }
        return text.append("COMMIT\n").toString();
    }

    private static void check(CommandResult result) {
        if (result.errno() != Errno.OK) {
            throw new IllegalStateException("refused with errno " + result.errno() + ": " + result.detail());
        }
    }

    /**
     * Opens connections number 0 to {@code count - 1} with a SYN and an ACK each, through the forwarder.
     *
     * @return nanoseconds that the forwarder took
     */
    long establish(int count) {
        return establish(0, count);
    }

    /** As {@link #establish(int)}, number {@code from} to {@code count - 1}; those before stand already. */
    long establish(int from, int count) {
        long took = 0;
        for (int first = from; first < count; first += Traffic.FRAMES) {
            final int size = Math.min(Traffic.FRAMES, count - first);
            for (final PacketKind kind : List.of(PacketKind.SYN, PacketKind.HIT)) {
                fromClients.pattern(kind);
                for (int i = 0; i < size; i++) {
                    putFromClient(first + i);
                }
                final long begin = System.nanoTime();
                pass(fromClients);
                took += System.nanoTime() - begin;
            }
        }
        if (table.count() != count) {
            throw new IllegalStateException(table.count() + " connections instead of " + count);
        }
        for (int connection = 0; connection < Math.min(count, serverOf.length); connection++) {
            serverOf[connection] =
                    table.lines().getInt(ConnectionTable.line(connection) + ConnectionLayout.SERVER_ADDRESS_OFFSET);
        }
        return took;
    }

    private void putFromClient(int connection) {
        fromClients.put(
                Network.clientAddress(connection),
                Network.clientPort(connection),
                Network.virtualAddress(connection % settings.services()),
                Network.VIRTUAL_PORT);
    }

    /** Fills the block with packets of connections in a random order, or for SYN with numbers from {@code base} on. */
    void fill(PacketKind kind, int[] connections) {
        final Traffic traffic = kind == PacketKind.REPLY ? fromServers : fromClients;
        traffic.pattern(kind);
        for (int frame = 0; frame < Traffic.FRAMES; frame++) {
            final int connection = connections[frame];
            if (kind == PacketKind.REPLY) {
                traffic.put(
                        serverOf[connection % serverOf.length],
                        Network.SERVER_PORT,
                        Network.clientAddress(connection),
                        Network.clientPort(connection));
            } else {
                putFromClient(connection);
            }
        }
    }

    /** Passes a filled block through the forwarder, as a worker does; this is what is timed. */
    long pass(PacketKind kind) {
        return pass(kind == PacketKind.REPLY ? fromServers : fromClients);
    }

    private long pass(Traffic traffic) {
        batch.clear();
        while (traffic.receiver().receive(batch) > 0) {
            forwarder.onBatch(batch, sink, nowNs);
            traffic.receiver().release();
            batch.clear();
        }
        return sink.sent();
    }

    /** Turns the clock and lets the timers do all that is due. */
    void advance(long seconds) {
        nowNs += seconds * 1_000_000_000L;
        int work;
        do {
            work = forwarder.onTimer(sink, nowNs);
        } while (work > 0);
    }

    /** One batch of the block, if there is one left, at a time. */
    int batch(long now) {
        nowNs = now;
        batch.clear();
        final int size = fromClients.receiver().receive(batch);
        if (size > 0) {
            forwarder.onBatch(batch, sink, now);
            fromClients.receiver().release();
        }
        return size;
    }

    /** One call of the timers at a time. */
    int timers(long now) {
        nowNs = now;
        return forwarder.onTimer(sink, now);
    }

    long nowNs() {
        return nowNs;
    }

    /** The reading side of the clients' block. */
    SlotReceiver receiver() {
        return fromClients.receiver();
    }

    HopCache hops() {
        return hops;
    }

    MemorySink sink() {
        return sink;
    }

    ConnectionTable table() {
        return table;
    }

    Connections connections() {
        return forwarder.connections();
    }

    Director director() {
        return director;
    }
}
