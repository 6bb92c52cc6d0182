// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;
import org.jspecify.annotations.Nullable;
import org.ulvs.shim.Shim;

/** Settings of a dataplane process. Filled before the start, by one thread. */
final class DataplaneContext {
    /** Workers that a dataplane can have. */
    static final int MAX_WORKERS = 64;
    /** Ports that a dataplane can have. */
    static final int MAX_PORTS = 16;

    private static final int DEFAULT_CONNECTIONS = 1 << 20;
    private static final int DEFAULT_SLOTS = 16 * 1024;
    private static final int DEFAULT_RING_MIB = 64;

    private Path directory = Path.of("/run/ulvs");
    private final Map<String, boolean[]> interfaces = new LinkedHashMap<>();
    private final Map<Integer, String> owned = new LinkedHashMap<>();
    private @Nullable List<Integer> cpus;
    private boolean ownsProcess;
    private int workers = 1;
    private int connections = DEFAULT_CONNECTIONS;
    private int slots = DEFAULT_SLOTS;
    private int ringMib = DEFAULT_RING_MIB;
    private WorkerIdle.Mode idle = WorkerIdle.Mode.BACKOFF;
    private NanoClock nanoClock = SystemNanoClock.INSTANCE;
    private EpochClock epochClock = SystemEpochClock.INSTANCE;
    private Consumer<String> nft = Nft::run;

    /** Directory of the instance. */
    Path directory() {
        return directory;
    }

    DataplaneContext directory(Path path) {
        directory = path.toAbsolutePath().normalize();
        return this;
    }

    /** Text that tells this instance from others on the host, for names of its own there. */
    String instance() {
        final CRC32 crc = new CRC32();
        crc.update(directory.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return Long.toHexString(crc.getValue());
    }

    /** An interface where clients are; it may be inside too. */
    DataplaneContext outside(String name) {
        interfaces.computeIfAbsent(name, key -> new boolean[2])[0] = true;
        return this;
    }

    /** An interface where real servers are; it may be outside too. */
    DataplaneContext inside(String name) {
        interfaces.computeIfAbsent(name, key -> new boolean[2])[1] = true;
        return this;
    }

    /** The interfaces, numbered in the order in which they were named. */
    List<Port> ports() {
        final List<Port> ports = new ArrayList<>();
        interfaces.forEach((name, sides) -> ports.add(new Port(ports.size(), name, sides[0], sides[1])));
        return ports;
    }

    /** Addresses to own from the start, with the name of an interface or an empty text. */
    Map<Integer, String> owned() {
        return owned;
    }

    /**
     * The CPU that a worker stays on, or {@link Worker#ANY_CPU}. Without a choice the workers have the last CPUs of
     * those that the calling thread may run on, one each.
     */
    int cpu(int worker) {
        if (cpus == null) {
            return Math.max(Worker.ANY_CPU, Shim.calls().cpu(worker));
        }
        return worker < cpus.size() ? cpus.get(worker) : Worker.ANY_CPU;
    }

    /** CPUs of the workers in order; fewer than workers leave the rest free to move. */
    DataplaneContext cpus(List<Integer> list) {
        cpus = List.copyOf(list);
        return this;
    }

    /** Whether no thread of this process is anything but the dataplane's. */
    boolean ownsProcess() {
        return ownsProcess;
    }

    /** The process is the dataplane's own: the JVM's threads keep off the CPUs of workers, as far as there are more. */
    DataplaneContext ownsProcess(boolean owns) {
        ownsProcess = owns;
        return this;
    }

    /** Number of worker threads. */
    int workers() {
        return workers;
    }

    DataplaneContext workers(int count) {
        workers = count;
        return this;
    }

    /** Connections that all workers together can hold. */
    int connections() {
        return connections;
    }

    DataplaneContext connections(int count) {
        connections = count;
        return this;
    }

    /** Records of services and real servers together. */
    int slots() {
        return slots;
    }

    DataplaneContext slots(int count) {
        slots = count;
        return this;
    }

    /** MiB of each worker's ring at each interface. */
    int ringMib() {
        return ringMib;
    }

    DataplaneContext ringMib(int mib) {
        ringMib = mib;
        return this;
    }

    /** What a worker does when there is nothing to do. */
    WorkerIdle.Mode idle() {
        return idle;
    }

    DataplaneContext idle(WorkerIdle.Mode mode) {
        idle = mode;
        return this;
    }

    NanoClock nanoClock() {
        return nanoClock;
    }

    DataplaneContext nanoClock(NanoClock clock) {
        nanoClock = clock;
        return this;
    }

    EpochClock epochClock() {
        return epochClock;
    }

    DataplaneContext epochClock(EpochClock clock) {
        epochClock = clock;
        return this;
    }

    /** What takes scripts for the kernel's packet filter. */
    Consumer<String> nft() {
        return nft;
    }

    DataplaneContext nft(Consumer<String> program) {
        nft = program;
        return this;
    }
}
