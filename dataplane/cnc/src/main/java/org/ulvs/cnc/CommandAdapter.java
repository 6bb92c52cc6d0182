// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.broadcast.BroadcastTransmitter;
import org.agrona.concurrent.errors.DistinctErrorLog;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.jspecify.annotations.Nullable;

/**
 * The conductor's end of the command ring: decodes commands into calls of {@link TableAdmin} and {@link HostAdmin},
 * has the changes of a duty cycle put in force and writes one table image for them, then replies; so whoever has its
 * reply reads its own change.
 * Conductor thread only.
 */
public final class CommandAdapter {
    /** Commands done in one duty cycle at most. */
    public static final int COMMANDS_PER_CYCLE = 256;
    /** A message that its writer does not finish in this time is given up, so that the others go on. */
    public static final long UNBLOCK_TIMEOUT_MS = 2_000;

    private static final int MAX_DETAIL_LENGTH = 4_000;

    private record Reply(long correlationId, CommandResult result) {}

    private final CncFile cnc;
    private final ManyToOneRingBuffer commands;
    private final BroadcastTransmitter replies;
    private final DistinctErrorLog errorLog;
    private final TableAdmin table;
    private final HostAdmin host;
    private final Runnable afterChanges;
    private final TableImageWriter images;
    private final Uploads uploads = new Uploads();
    private final Queue<Reply> pending = new ArrayDeque<>();
    private final MessageWriter reply = new MessageWriter();
    private final AtomicCounter done;
    private final AtomicCounter failed;
    private final AtomicCounter malformed;
    private final AtomicCounter unblocked;
    private final AtomicCounter written;
    private final AtomicCounter errors;
    private boolean changed;
    private long blockedPosition = -1;
    private long blockedSinceMs;

    /**
     * For one command file; allocates the conductor's counters.
     *
     * @param afterChanges called in a duty cycle that changed something, before its image and replies
     */
    public CommandAdapter(
            CncFile cnc, TableAdmin table, HostAdmin host, Runnable afterChanges, TableImageWriter images) {
        this.cnc = cnc;
        this.commands = cnc.commands();
        this.replies = new BroadcastTransmitter(cnc.replies());
        this.errorLog = cnc.errorLog();
        this.table = table;
        this.host = host;
        this.afterChanges = afterChanges;
        this.images = images;
        final Counters counters = cnc.counters();
        this.done = counters.allocate(StandardCounter.COMMANDS, Counters.CONDUCTOR);
        this.failed = counters.allocate(StandardCounter.COMMANDS_FAILED, Counters.CONDUCTOR);
        this.malformed = counters.allocate(StandardCounter.COMMANDS_MALFORMED, Counters.CONDUCTOR);
        this.unblocked = counters.allocate(StandardCounter.COMMANDS_UNBLOCKED, Counters.CONDUCTOR);
        this.written = counters.allocate(StandardCounter.TABLE_IMAGES, Counters.CONDUCTOR);
        this.errors = counters.allocate(StandardCounter.ERRORS, Counters.CONDUCTOR);
    }

    /**
     * One duty cycle: heartbeat, a bounded number of commands, what follows from them, image, replies.
     *
     * @param nowMs milliseconds since 1970
     * @return number of commands done
     */
    public int doWork(long nowMs) {
        cnc.heartbeat(nowMs);
        final int count = commands.read(this::onCommand, COMMANDS_PER_CYCLE);
        if (changed) {
            settle();
            publish();
        }
        for (Reply next = pending.poll(); next != null; next = pending.poll()) {
            transmit(next);
        }
        unblock(nowMs, count);
        return count;
    }

    private void settle() {
        try {
            afterChanges.run();
        } catch (final RuntimeException failure) {
            record(failure);
        }
    }

    /** Something of the table has changed that did not come as a command: the next cycle writes an image. */
    public void onChange() {
        changed = true;
    }

    /** Writes an image now, for changes that did not come as commands. */
    public void publish() {
        changed = false;
        try {
            images.write(table.image());
            written.incrementRelease();
        } catch (final RuntimeException failure) {
            record(failure);
        }
    }

    /** Records an error of the conductor in the error log and counts it. */
    public void record(Throwable failure) {
        errors.incrementRelease();
        errorLog.record(failure);
    }

    private void onCommand(int type, MutableDirectBuffer buffer, int offset, int length) {
        final MessageReader in = new MessageReader(buffer, offset, length);
        if (in.remaining() < Long.BYTES) {
            malformed.incrementRelease();
            return;
        }
        final long correlationId = in.getLong();
        CommandResult result;
        try {
            result = perform(type, in);
        } catch (final MessageReader.MalformedException malformation) {
            malformed.incrementRelease();
            result = CommandResult.failed(Errno.EINVAL, "malformed command " + type + ": " + malformation.getMessage());
        } catch (final RuntimeException failure) {
            record(failure);
            result = CommandResult.failed(Errno.EIO, failure.toString());
        }
        done.incrementRelease();
        if (result.errno() != Errno.OK) {
            failed.incrementRelease();
        } else if (type != CommandType.PING && type != CommandType.STAGE && type != CommandType.ZERO) {
            changed = true;
        }
        pending.add(new Reply(correlationId, result));
    }

    private CommandResult perform(int type, MessageReader in) {
        return switch (type) {
            case CommandType.STAGE ->
                CommandResult.of(uploads.add(in.getLong(), in.getInt(), in.getBytes(in.getInt())));
            case CommandType.REPLACE_RULES -> replaceRules(uploads.take(in.getLong()));
            case CommandType.REPLACE_TABLE -> replaceTable(uploads.take(in.getLong()));
            default -> CommandResult.of(performSimple(type, in));
        };
    }

    private int performSimple(int type, MessageReader in) {
        return switch (type) {
            case CommandType.PING -> Errno.OK;
            case CommandType.ADD_SERVICE -> table.addService(SpecCodec.service(in));
            case CommandType.EDIT_SERVICE -> table.editService(SpecCodec.service(in));
            case CommandType.DELETE_SERVICE -> table.deleteService(SpecCodec.key(in));
            case CommandType.ADD_SERVER -> table.addServer(SpecCodec.key(in), SpecCodec.server(in));
            case CommandType.EDIT_SERVER -> table.editServer(SpecCodec.key(in), SpecCodec.server(in));
            case CommandType.DELETE_SERVER -> table.deleteServer(SpecCodec.key(in), SpecCodec.address(in), in.getInt());
            case CommandType.FLUSH -> table.flush();
            case CommandType.ZERO -> table.zero(in.getInt() == 0 ? null : SpecCodec.key(in));
            case CommandType.SET_TIMEOUTS -> table.setTimeouts(in.getInt(), in.getInt(), in.getInt());
            case CommandType.SET_SYSCTL -> table.setSysctl(in.getString(), in.getString());
            case CommandType.START_DAEMON -> table.startDaemon(SpecCodec.daemon(in));
            case CommandType.STOP_DAEMON -> table.stopDaemon(in.getInt());
            case CommandType.OWN_ADDRESS -> host.ownAddress(SpecCodec.address(in), in.getString());
            case CommandType.DISOWN_ADDRESS -> host.disownAddress(SpecCodec.address(in));
            case CommandType.ANNOUNCE_ADDRESS -> host.announceAddress(SpecCodec.address(in));
            case CommandType.STOP -> host.stop();
            default -> throw new MessageReader.MalformedException("unknown type");
        };
    }

    private CommandResult replaceRules(@Nullable MessageReader text) {
        if (text == null) {
            return CommandResult.failed(Errno.EINVAL, "the text of the rules did not arrive");
        }
        if (text.remaining() > TableImageLayout.MAX_RULES_LENGTH) {
            return CommandResult.failed(
                    Errno.EMSGSIZE,
                    "rules of " + text.remaining() + " bytes, at most " + TableImageLayout.MAX_RULES_LENGTH);
        }
        return table.replaceRules(new String(text.getBytes(text.remaining()), StandardCharsets.UTF_8));
    }

    private CommandResult replaceTable(@Nullable MessageReader services) {
        return services == null
                ? CommandResult.failed(Errno.EINVAL, "the table did not arrive")
                : table.replaceTable(SpecCodec.table(services));
    }

    private void transmit(Reply next) {
        final String detail =
                next.result().detail() == null ? "" : next.result().detail();
        reply.reset()
                .putLong(next.correlationId())
                .putInt(next.result().errno())
                .putString(detail.length() > MAX_DETAIL_LENGTH ? detail.substring(0, MAX_DETAIL_LENGTH) : detail);
        replies.transmit(CommandType.REPLY, reply.buffer(), 0, reply.length());
    }

    private void unblock(long nowMs, int count) {
        final long position = commands.consumerPosition();
        if (count > 0 || commands.producerPosition() == position || blockedPosition != position) {
            blockedPosition = position;
            blockedSinceMs = nowMs;
        } else if (nowMs - blockedSinceMs > UNBLOCK_TIMEOUT_MS) {
            if (commands.unblock()) {
                unblocked.incrementRelease();
            }
            blockedSinceMs = nowMs;
        }
    }
}
