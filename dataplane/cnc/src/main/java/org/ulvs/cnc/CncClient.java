// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.broadcast.BroadcastReceiver;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.DataplaneException.Reason;

/**
 * A client of a dataplane. Any number of processes may have one; within a process one belongs to one thread at a time.
 * When a call throws {@link DataplaneException} with DOWN the dataplane has ended: attach again.
 */
public final class CncClient implements AutoCloseable {
    /** How long attaching waits for a dataplane that is starting, and a command for its reply. */
    public static final long DEFAULT_TIMEOUT_MS = 5_000;
    /** A dataplane whose heartbeat is older than this is down. */
    public static final long HEARTBEAT_TIMEOUT_MS = 10_000;
    /** A dataplane whose process was never seen and whose heartbeat is older than this is down. */
    public static final long DEAD_PROCESS_TIMEOUT_MS = 1_000;
    /** A dataplane that has not become ready in this time is down. */
    public static final long START_TIMEOUT_MS = 120_000;

    private static final int CHUNK_LENGTH = 32 * 1024;
    private static final long CHECK_INTERVAL_MS = 100;
    private static final int SPINS = 200;
    private static final long ATTACH_INTERVAL_NS = 5_000_000;
    private static final long PARK_NS = 50_000;

    private final Path directory;
    private final CncFile cnc;
    private final ManyToOneRingBuffer commands;
    private final BroadcastReceiver replies;
    private final EpochClock clock;
    private final long timeoutMs;
    private final boolean readOnly;
    private final ProcessWatch process;
    private final MessageWriter message = new MessageWriter();
    private @Nullable TableImageReader tableImages;
    private long lapped;

    private CncClient(
            Path directory, CncFile cnc, ProcessWatch process, EpochClock clock, long timeoutMs, boolean readOnly) {
        this.directory = directory;
        this.cnc = cnc;
        this.process = process;
        this.commands = cnc.commands();
        this.replies = new BroadcastReceiver(cnc.replies());
        this.clock = clock;
        this.timeoutMs = timeoutMs;
        this.readOnly = readOnly;
    }

    /** Attaches with the defaults. */
    public static CncClient attach(Path directory) {
        return attach(directory, SystemEpochClock.INSTANCE, DEFAULT_TIMEOUT_MS);
    }

    /**
     * Attaches to a running dataplane; waits while it is starting.
     *
     * @throws DataplaneException if there is none, with the reason
     */
    public static CncClient attach(Path directory, EpochClock clock, long timeoutMs) {
        return attach(directory, clock, timeoutMs, false);
    }

    /**
     * Attaches to a running dataplane only to look at it, which anybody may do; a command throws.
     *
     * @throws DataplaneException if there is none, or it is still starting
     */
    public static CncClient view(Path directory, EpochClock clock) {
        return attach(directory, clock, 0, true);
    }

    private static CncClient attach(Path directory, EpochClock clock, long timeoutMs, boolean readOnly) {
        final long deadlineMs = clock.time() + timeoutMs;
        long heartbeatMs = Long.MAX_VALUE;
        while (true) {
            final CncFile cnc = open(directory, readOnly);
            final ProcessWatch process = new ProcessWatch(cnc.pid(), cnc.processStart());
            final Reason reason = reasonDown(cnc, process, clock.time(), HEARTBEAT_TIMEOUT_MS);
            // a process of another pid namespace is not visible, but its heart beats
            if (reason == null && (process.seen() || cnc.heartbeat() > heartbeatMs)) {
                return new CncClient(directory, cnc, process, clock, timeoutMs, readOnly);
            }
            heartbeatMs = cnc.heartbeat();
            if (reason == Reason.DOWN || clock.time() >= deadlineMs) {
                throw failure(directory, cnc, process, reason == null ? Reason.DOWN : reason, clock.time());
            }
            cnc.unmap();
            LockSupport.parkNanos(ATTACH_INTERVAL_NS);
        }
    }

    private static CncFile open(Path directory, boolean readOnly) {
        try {
            return readOnly ? CncFile.view(directory) : CncFile.map(directory);
        } catch (final NoSuchFileException missing) {
            throw Files.isDirectory(directory)
                    ? new DataplaneException(
                            Reason.DOWN, "no dataplane runs in " + directory + " (there is no cnc.dat)")
                    : new DataplaneException(
                            Reason.NO_DIRECTORY,
                            "there is no directory " + directory + ": start ulvs dataplane, or name the instance"
                                    + " with --dir or " + InstanceFiles.DIRECTORY_VARIABLE);
        } catch (final AccessDeniedException denied) {
            throw new DataplaneException(
                    Reason.PERMISSION, "permission denied on " + InstanceFiles.cnc(directory) + ": are you root?");
        } catch (final IOException failure) {
            throw new DataplaneException(
                    Reason.DAMAGED, "cannot map " + InstanceFiles.cnc(directory) + ": " + failure.getMessage());
        }
    }

    /** Null while it may be up. A process in another pid namespace is not visible, so its heartbeat decides. */
    private static @Nullable Reason reasonDown(CncFile cnc, ProcessWatch process, long nowMs, long silenceMs) {
        final long ageMs = nowMs - cnc.heartbeat();
        final int state = cnc.state();
        process.look();
        if (state == CncDescriptor.CLOSED || process.ended() || (ageMs > DEAD_PROCESS_TIMEOUT_MS && !process.seen())) {
            return Reason.DOWN;
        }
        if (state == CncDescriptor.STARTING) {
            return ageMs > START_TIMEOUT_MS ? Reason.DOWN : Reason.STARTING;
        }
        return ageMs > silenceMs ? Reason.DOWN : null;
    }

    private static DataplaneException failure(
            Path directory, CncFile cnc, ProcessWatch process, Reason reason, long nowMs) {
        final String who = "the dataplane in " + directory + " (pid " + cnc.pid() + ")";
        if (reason == Reason.STARTING) {
            return new DataplaneException(reason, who + " is still starting: try again later");
        }
        if (cnc.state() == CncDescriptor.CLOSED) {
            return new DataplaneException(reason, who + " has been stopped");
        }
        if (process.ended() || !process.seen()) {
            return new DataplaneException(reason, who + " has died");
        }
        return new DataplaneException(
                reason, who + " does not respond: last heartbeat " + (nowMs - cnc.heartbeat()) + " ms ago");
    }

    /**
     * Checks that the dataplane still lives.
     *
     * @throws DataplaneException if not
     */
    public void checkAlive() {
        checkAlive(HEARTBEAT_TIMEOUT_MS);
    }

    /**
     * Checks that the dataplane still lives.
     *
     * @param silenceMs how old its last heartbeat may be
     * @throws DataplaneException if not
     */
    public void checkAlive(long silenceMs) {
        final Reason reason = reasonDown(cnc, process, clock.time(), silenceMs);
        if (reason != null) {
            throw failure(directory, cnc, process, reason, clock.time());
        }
    }

    /** Directory of the instance. */
    public Path directory() {
        return directory;
    }

    /** The mapped file. */
    public CncFile cnc() {
        return cnc;
    }

    /** The table of the dataplane: each call is a command and waits for its reply. */
    public TableAdmin table() {
        return new TableProxy(this, this::call);
    }

    /** The dataplane process itself: each call is a command and waits for its reply. */
    public HostAdmin host() {
        return new HostProxy(this);
    }

    /** Like {@link #table}, but calls return at once; results arrive later and in order. */
    public CommandPipeline pipeline(CommandPipeline.ResultHandler handler) {
        return new CommandPipeline(this, handler);
    }

    /** Asks the dataplane for a sign of life. */
    public void ping() {
        begin();
        call(CommandType.PING);
    }

    /** Begins a command; the caller appends its arguments and hands it to {@link #send} or {@link #call}. */
    MessageWriter begin() {
        return message.reset().putLong(0);
    }

    /** Sends the command begun last and returns its correlation id. Waits while the ring is full. */
    long send(int type) {
        if (readOnly) {
            throw new IllegalStateException("a client that only looks gives no commands");
        }
        if (message.length() > commands.maxMsgLength()) {
            throw new IllegalArgumentException("command of " + message.length() + " bytes");
        }
        final long correlationId = commands.nextCorrelationId();
        message.buffer().putLong(0, correlationId);
        final Patience patience = new Patience(0);
        while (!commands.write(type, message.buffer(), 0, message.length())) {
            if (!patience.idle()) {
                throw new DataplaneException(
                        Reason.FULL,
                        "the command ring of the dataplane in " + directory + " has been full for " + timeoutMs
                                + " ms: the command was not sent");
            }
        }
        return correlationId;
    }

    /** Waits for the reply to a command. Replies must be awaited in the order of sending. */
    CommandResult await(long correlationId) {
        final Patience patience = new Patience(CHECK_INTERVAL_MS);
        while (true) {
            if (replies.receiveNext()) {
                final CommandResult result = reply(correlationId);
                if (result != null) {
                    return result;
                }
                continue;
            }
            if (!patience.idle()) {
                throw new DataplaneException(
                        Reason.NO_REPLY,
                        "no reply from the dataplane in " + directory + " within " + timeoutMs
                                + " ms: the command may or may not have been done");
            }
        }
    }

    private @Nullable CommandResult reply(long correlationId) {
        final MessageReader in = new MessageReader(replies.buffer(), replies.offset(), replies.length());
        CommandResult result = null;
        boolean whole = true;
        try {
            if (in.getLong() == correlationId) {
                final int errno = in.getInt();
                final String detail = in.getString();
                result = new CommandResult(errno, detail.isEmpty() ? null : detail);
            }
        } catch (final MessageReader.MalformedException overwritten) {
            whole = false;
        }
        if (!whole || !replies.validate() || replies.lappedCount() != lapped) {
            lapped = replies.lappedCount();
            throw new DataplaneException(
                    Reason.NO_REPLY,
                    "a reply of the dataplane in " + directory
                            + " was overwritten before it was read: the command may or may not have been done");
        }
        return result;
    }

    /** Sends the command begun last and waits for its reply. */
    CommandResult call(int type) {
        return await(send(type));
    }

    /** Sends an argument in parts and returns the id under which the dataplane holds it; or the error of a part. */
    CommandResult callStaged(int type, byte[] argument) {
        final long uploadId = commands.nextCorrelationId();
        int offset = 0;
        do {
            final int length = Math.min(CHUNK_LENGTH, argument.length - offset);
            begin().putLong(uploadId).putInt(offset).putInt(length).putBytes(argument, offset, length);
            final CommandResult staged = call(CommandType.STAGE);
            if (staged.errno() != Errno.OK) {
                return staged;
            }
            offset += length;
        } while (offset < argument.length);
        begin().putLong(uploadId);
        return call(type);
    }

    CommandResult callReplaceRules(String rules) {
        return callStaged(CommandType.REPLACE_RULES, rules.getBytes(StandardCharsets.UTF_8));
    }

    CommandResult callReplaceTable(List<ServiceConfig> services) {
        final MessageWriter table = new MessageWriter();
        SpecCodec.putTable(table, services);
        final byte[] bytes = new byte[table.length()];
        table.buffer().getBytes(0, bytes);
        return callStaged(CommandType.REPLACE_TABLE, bytes);
    }

    /** The reader of the table image; always the same one. */
    public TableImageReader tableImages() {
        if (tableImages == null) {
            try {
                tableImages = TableImageReader.map(directory);
            } catch (final IOException failure) {
                throw new DataplaneException(
                        Reason.DAMAGED, "cannot map " + InstanceFiles.table(directory) + ": " + failure.getMessage());
            }
        }
        return tableImages;
    }

    @Override
    public void close() throws IOException {
        cnc.close();
    }

    /** One wait for the dataplane: looks now and then whether it lives, and ends after the client's timeout. */
    private final class Patience {
        private final long deadlineMs;
        private long nextCheckMs;
        private int idles;

        Patience(long firstCheckAfterMs) {
            final long nowMs = clock.time();
            deadlineMs = nowMs + timeoutMs;
            nextCheckMs = nowMs + firstCheckAfterMs;
        }

        /**
         * Waits a moment.
         *
         * @return false when the time is over
         * @throws DataplaneException if the dataplane has gone
         */
        boolean idle() {
            final long nowMs = clock.time();
            if (nowMs >= nextCheckMs) {
                checkAlive();
                nextCheckMs = nowMs + CHECK_INTERVAL_MS;
            }
            if (nowMs >= deadlineMs) {
                return false;
            }
            if (idles++ < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(PARK_NS);
            }
            return true;
        }
    }
}
