// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.agrona.IoUtil;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.errors.DistinctErrorLog;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A mapped {@code cnc.dat}. The dataplane {@link #create}s it and holds the directory's lock until {@link #close}; all
 * others {@link #map} it.
 */
public final class CncFile implements AutoCloseable {
    private final UnsafeBuffer file;
    private final UnsafeBuffer header;
    private final UnsafeBuffer commandsRegion;
    private final UnsafeBuffer replies;
    private final UnsafeBuffer metadata;
    private final UnsafeBuffer values;
    private final UnsafeBuffer errors;
    private final ManyToOneRingBuffer commands;
    private final @Nullable FileChannel lock;
    private @Nullable Counters counters;
    private @Nullable DistinctErrorLog errorLog;

    private CncFile(UnsafeBuffer file, @Nullable FileChannel lock) {
        this.file = file;
        this.lock = lock;
        this.header = new UnsafeBuffer(file, 0, CncDescriptor.HEADER_LENGTH);
        int offset = CncDescriptor.HEADER_LENGTH;
        this.commandsRegion = region(file, offset, CncDescriptor.COMMANDS_LENGTH_OFFSET);
        offset += CncDescriptor.align(commandsRegion.capacity());
        this.replies = region(file, offset, CncDescriptor.REPLIES_LENGTH_OFFSET);
        offset += CncDescriptor.align(replies.capacity());
        this.metadata = region(file, offset, CncDescriptor.METADATA_LENGTH_OFFSET);
        offset += CncDescriptor.align(metadata.capacity());
        this.values = region(file, offset, CncDescriptor.VALUES_LENGTH_OFFSET);
        offset += CncDescriptor.align(values.capacity());
        this.errors = region(file, offset, CncDescriptor.ERRORS_LENGTH_OFFSET);
        this.commands = new ManyToOneRingBuffer(commandsRegion);
    }

    private static UnsafeBuffer region(UnsafeBuffer file, int offset, int lengthOffset) {
        final int length = file.getInt(lengthOffset);
        if (length < 0 || (long) offset + length > file.capacity()) {
            throw new DataplaneException(DataplaneException.Reason.DAMAGED, "cnc.dat is truncated");
        }
        return new UnsafeBuffer(file, offset, length);
    }

    /**
     * Makes the file for this process, in the state starting. A file of a process that has ended is replaced.
     *
     * @throws IllegalStateException if another dataplane runs in the directory
     */
    public static CncFile create(Path directory, EpochClock clock) throws IOException {
        Files.createDirectories(directory);
        final FileChannel lock = lock(directory);
        try {
            final Path file = InstanceFiles.cnc(directory);
            final Path fresh = file.resolveSibling("cnc.dat.new");
            Files.deleteIfExists(fresh);
            final int metadataLength = CncDescriptor.COUNTER_ROWS * CncDescriptor.METADATA_ROW_LENGTH;
            final int valuesLength = CncDescriptor.COUNTER_ROWS * CncDescriptor.VALUE_ROW_LENGTH;
            final long length = CncDescriptor.HEADER_LENGTH
                    + CncDescriptor.align(CncDescriptor.COMMANDS_LENGTH)
                    + CncDescriptor.align(CncDescriptor.REPLIES_LENGTH)
                    + CncDescriptor.align(metadataLength)
                    + CncDescriptor.align(valuesLength)
                    + (long) CncDescriptor.align(CncDescriptor.ERRORS_LENGTH);
            final UnsafeBuffer buffer = InstanceFiles.mapOrCreateReadable(fresh, length);
            buffer.putInt(CncDescriptor.COMMANDS_LENGTH_OFFSET, CncDescriptor.COMMANDS_LENGTH);
            buffer.putInt(CncDescriptor.REPLIES_LENGTH_OFFSET, CncDescriptor.REPLIES_LENGTH);
            buffer.putInt(CncDescriptor.METADATA_LENGTH_OFFSET, metadataLength);
            buffer.putInt(CncDescriptor.VALUES_LENGTH_OFFSET, valuesLength);
            buffer.putInt(CncDescriptor.ERRORS_LENGTH_OFFSET, CncDescriptor.ERRORS_LENGTH);
            buffer.putLong(CncDescriptor.PID_OFFSET, ProcessHandle.current().pid());
            buffer.putLong(CncDescriptor.PROCESS_START_OFFSET, ProcessWatch.ownStart());
            buffer.putLong(CncDescriptor.START_TIME_OFFSET, clock.time());
            buffer.putLong(CncDescriptor.INSTANCE_OFFSET, System.nanoTime() ^ (clock.time() << 20));
            buffer.putLong(CncDescriptor.SUPERVISED_OFFSET, supervisedBefore(directory));
            buffer.putInt(CncDescriptor.STATE_OFFSET, CncDescriptor.STARTING);
            buffer.putIntRelease(CncDescriptor.VERSION_OFFSET, CncDescriptor.VERSION);
            final CncFile cnc = new CncFile(buffer, lock);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return cnc;
        } catch (final IOException | RuntimeException failure) {
            lock.close();
            throw failure;
        }
    }

    /** What the file of an earlier process says of its pulse: a new dataplane has no other one. */
    private static long supervisedBefore(Path directory) {
        try {
            final CncFile earlier = view(directory);
            final long supervised = earlier.supervised();
            earlier.unmap();
            return supervised;
        } catch (final IOException | DataplaneException none) {
            return 0;
        }
    }

    private static FileChannel lock(Path directory) throws IOException {
        final FileChannel channel =
                FileChannel.open(InstanceFiles.lock(directory), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (final OverlappingFileLockException heldByThisProcess) {
            channel.close();
            throw new IllegalStateException("this process already runs a dataplane in " + directory, heldByThisProcess);
        }
        channel.close();
        throw new IllegalStateException("another dataplane runs in " + directory);
    }

    /**
     * Maps an existing file for commands and reading.
     *
     * @throws IOException if it cannot be opened
     * @throws DataplaneException if it is damaged or has another layout version
     */
    public static CncFile map(Path directory) throws IOException {
        return map(directory, true);
    }

    /** Maps an existing file for reading only: a write into any of its parts would end the process. */
    static CncFile view(Path directory) throws IOException {
        return map(directory, false);
    }

    private static CncFile map(Path directory, boolean writable) throws IOException {
        final Path file = InstanceFiles.cnc(directory);
        final UnsafeBuffer buffer = InstanceFiles.mapExisting(file, writable);
        if (buffer.capacity() < CncDescriptor.HEADER_LENGTH) {
            throw new DataplaneException(DataplaneException.Reason.DAMAGED, file + " is truncated");
        }
        final int version = buffer.getIntVolatile(CncDescriptor.VERSION_OFFSET);
        if (version != CncDescriptor.VERSION) {
            throw new DataplaneException(
                    DataplaneException.Reason.OTHER_VERSION,
                    "the dataplane in " + directory + " has layout version " + version + ", this program has "
                            + CncDescriptor.VERSION + ": use programs of one release");
        }
        return new CncFile(buffer, null);
    }

    /** Says that commands are accepted from now on. Conductor only. */
    public void running(long nowMs) {
        heartbeat(nowMs);
        header.putIntVolatile(CncDescriptor.STATE_OFFSET, CncDescriptor.RUNNING);
    }

    /** Says that the conductor is alive. Conductor only. */
    void heartbeat(long nowMs) {
        commands.consumerHeartbeatTime(nowMs);
    }

    /** Time of the last heartbeat, or of the start, ms since 1970. */
    public long heartbeat() {
        return Math.max(commands.consumerHeartbeatTime(), startTime());
    }

    /**
     * A pulse that has a partner says that it looks after the table and the addresses; 0 takes that back. Any process.
     */
    public void supervise(long nowMs) {
        header.putLongRelease(CncDescriptor.SUPERVISED_OFFSET, nowMs);
    }

    /** When {@link #supervise} was last said, ms since 1970; 0 where nobody does. */
    public long supervised() {
        return header.getLongVolatile(CncDescriptor.SUPERVISED_OFFSET);
    }

    /** Start of the dataplane's process, see {@link ProcessWatch}. */
    long processStart() {
        return header.getLong(CncDescriptor.PROCESS_START_OFFSET);
    }

    /** Process id of the dataplane. */
    public long pid() {
        return header.getLong(CncDescriptor.PID_OFFSET);
    }

    /** Start of the dataplane, ms since 1970. */
    public long startTime() {
        return header.getLong(CncDescriptor.START_TIME_OFFSET);
    }

    /** Another number at each start of a dataplane. */
    public long instance() {
        return header.getLong(CncDescriptor.INSTANCE_OFFSET);
    }

    int state() {
        return header.getIntVolatile(CncDescriptor.STATE_OFFSET);
    }

    /** The command ring. */
    ManyToOneRingBuffer commands() {
        return commands;
    }

    /** Region of the reply broadcast. */
    AtomicBuffer replies() {
        return replies;
    }

    /** A writer of counters. Only one in the dataplane process, used by the conductor. */
    public Counters counters() {
        if (counters == null) {
            counters = new Counters(metadata, values);
        }
        return counters;
    }

    /** All counter rows now. */
    public List<CounterValue> counterValues() {
        return CountersSnapshot.rows(metadata, values);
    }

    /** A writer of errors. */
    public DistinctErrorLog errorLog() {
        if (errorLog == null) {
            errorLog = new DistinctErrorLog(errors, SystemEpochClock.INSTANCE);
        }
        return errorLog;
    }

    /** Region of the error log, for org.agrona's ErrorLogReader. */
    public AtomicBuffer errors() {
        return errors;
    }

    /** Takes the map away at once; the object must not be used any more. */
    void unmap() {
        IoUtil.unmap(file.byteBuffer());
    }

    /** The dataplane says that it has ended and gives up the directory; others only forget their map. */
    @Override
    public void close() throws IOException {
        if (lock != null && lock.isOpen()) {
            header.putIntVolatile(CncDescriptor.STATE_OFFSET, CncDescriptor.CLOSED);
            lock.close();
        }
    }
}
