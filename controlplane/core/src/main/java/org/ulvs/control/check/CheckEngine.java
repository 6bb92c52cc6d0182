// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.check;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.DeadlineTimerWheel;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;
import org.ulvs.control.daemon.RunningClock;

/**
 * Runs all checks of a director on one thread: sockets by a selector, times by a timer wheel. Programs run in a bounded
 * pool of their own. A check has at most one attempt under way; an attempt that hangs ends by its time limits, one that
 * floods by its answer limit. Time limits count only while this thread can run.
 *
 * <p>{@link #update}, {@link #close} and {@link #wakeUp} may be called by any thread, {@link #poll} by one.
 */
public final class CheckEngine implements AutoCloseable {
    static final long NO_TIMER = DeadlineTimerWheel.NULL_DEADLINE;
    /** Bytes of an answer that are looked at. */
    static final int MAX_ANSWER = 256 * 1024;

    private static final long TICK_NS = 1L << 23;
    private static final int TICKS_PER_WHEEL = 512;
    private static final int READ_LENGTH = 16 * 1024;
    private static final int TIMERS_PER_POLL = 10_000;
    /** First checks are this far apart, so that thousands do not start in one moment. */
    private static final long FIRST_START_SPACING_NS = TimeUnit.MICROSECONDS.toNanos(250);

    private final RunningClock clock;
    private final CheckListener listener;
    private final ProgramRunner programs;
    private final TlsContexts tls = new TlsContexts();
    private final Selector selector;
    private final DeadlineTimerWheel wheel;
    private final Long2ObjectHashMap<Runnable> timers = new Long2ObjectHashMap<>();
    private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
    private final Map<String, Slot> slots = new HashMap<>();
    private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(READ_LENGTH);
    private final SplittableRandom random = new SplittableRandom();
    private final AtomicLong attempts = new AtomicLong();
    private final AtomicLong defects = new AtomicLong();
    private volatile boolean running = true;

    /**
     * An engine without checks.
     *
     * @param clock nanoseconds
     * @param listener hears every outcome
     * @param programs runs programs; not closed with the engine
     */
    public CheckEngine(NanoClock clock, CheckListener listener, ProgramRunner programs) throws IOException {
        this.clock = new RunningClock(clock);
        this.listener = listener;
        this.programs = programs;
        this.selector = Selector.open();
        this.wheel = new DeadlineTimerWheel(TimeUnit.NANOSECONDS, clock.nanoTime(), TICK_NS, TICKS_PER_WHEEL);
    }

    /** Makes these the checks: unchanged ones go on in their rhythm, others are ended or begun. */
    public void update(Map<String, CheckSpec> checks) {
        final Map<String, CheckSpec> wanted = Map.copyOf(checks);
        execute(() -> {
            slots.entrySet().removeIf(entry -> {
                final boolean gone = !entry.getValue().spec().equals(wanted.get(entry.getKey()));
                if (gone) {
                    entry.getValue().end();
                }
                return gone;
            });
            long start = nowNs();
            for (final Map.Entry<String, CheckSpec> entry : wanted.entrySet()) {
                if (!slots.containsKey(entry.getKey())) {
                    final Slot slot = new Slot(entry.getKey(), entry.getValue());
                    slots.put(entry.getKey(), slot);
                    slot.startAt(start);
                    start += FIRST_START_SPACING_NS;
                }
            }
        });
    }

    /** Runs until {@link #close}. */
    public void run() {
        while (running) {
            clock.runs();
            poll(TimeUnit.NANOSECONDS.toMillis(2 * TICK_NS));
        }
        slots.values().forEach(Slot::end);
        try {
            selector.close();
        } catch (IOException e) {
            onDefect(e);
        }
        tls.close();
    }

    /**
     * Does what is due and waits for sockets.
     *
     * @param maxWaitMs how long to wait at most, 0 for not at all; with no check at all it waits for a call
     */
    public void poll(long maxWaitMs) {
        for (Runnable task = inbox.poll(); task != null; task = inbox.poll()) {
            task.run();
        }
        final long now = clock.nanoTime();
        do {
            wheel.poll(now, this::onTimer, TIMERS_PER_POLL);
        } while (wheel.currentTickTime() <= now);
        try {
            if (maxWaitMs == 0 || !inbox.isEmpty()) {
                selector.selectNow(this::onKey);
            } else {
                final long waitMs = wheel.timerCount() == 0 ? TimeUnit.SECONDS.toMillis(1) : maxWaitMs;
                clock.willWait(TimeUnit.MILLISECONDS.toNanos(waitMs));
                selector.select(this::onKey, waitMs);
            }
        } catch (IOException e) {
            onDefect(e);
        }
    }

    private boolean onTimer(TimeUnit unit, long nowNs, long timerId) {
        final Runnable action = timers.remove(timerId);
        if (action != null) {
            action.run();
        }
        return true;
    }

    private void onKey(SelectionKey key) {
        if (key.isValid() && key.attachment() instanceof Attempt attempt) {
            attempt.ready(key);
        }
    }

    /** Runs something on the engine's thread. */
    void execute(Runnable task) {
        inbox.add(task);
        wakeUp();
    }

    /** Ends a wait in {@link #poll}. */
    public void wakeUp() {
        selector.wakeup();
    }

    long nowNs() {
        return clock.nanoTime();
    }

    CheckListener listener() {
        return listener;
    }

    ProgramRunner programs() {
        return programs;
    }

    TlsContexts tls() {
        return tls;
    }

    ByteBuffer readBuffer() {
        return readBuffer.clear();
    }

    long schedule(long deadlineNs, Runnable action) {
        final long id = wheel.scheduleTimer(deadlineNs);
        timers.put(id, action);
        return id;
    }

    void cancel(long timer) {
        if (timer != NO_TIMER && timers.remove(timer) != null) {
            wheel.cancelTimer(timer);
        }
    }

    SelectionKey watch(SelectableChannel channel, int operations, Attempt attempt) throws IOException {
        channel.configureBlocking(false);
        return channel.register(selector, operations, attempt);
    }

    void onDefect(Exception e) {
        defects.incrementAndGet();
        org.slf4j.LoggerFactory.getLogger(CheckEngine.class).warn("a check went wrong by itself", e);
    }

    /** Attempts since the start. */
    public long attempts() {
        return attempts.get();
    }

    /** Errors of the engine itself since the start. */
    public long defects() {
        return defects.get();
    }

    /** Checks that are under way or waiting for their turn. For the engine's thread. */
    public int size() {
        return slots.size();
    }

    @Override
    public void close() {
        running = false;
        wakeUp();
    }

    /** One check and its rhythm. */
    final class Slot {
        private final String id;
        private final CheckSpec spec;
        private long nextStartNs;
        private long timer = NO_TIMER;
        private @Nullable Attempt attempt;

        Slot(String id, CheckSpec spec) {
            this.id = id;
            this.spec = spec;
        }

        String id() {
            return id;
        }

        CheckSpec spec() {
            return spec;
        }

        CheckEngine engine() {
            return CheckEngine.this;
        }

        void startAt(long startNs) {
            nextStartNs = startNs;
            timer = schedule(startNs, this::start);
        }

        private void start() {
            timer = NO_TIMER;
            attempts.incrementAndGet();
            final long now = nowNs();
            final long jitter = spec.jitter().toNanos();
            final long delay = spec.interval().toNanos() + (jitter <= 0 ? 0 : random.nextLong(jitter) - jitter / 2);
            nextStartNs = now + Math.max(TICK_NS, delay);
            final Attempt begun = Attempts.of(this);
            attempt = begun;
            begun.begin();
        }

        void onFinished(CheckOutcome outcome) {
            attempt = null;
            timer = schedule(Math.max(nextStartNs, nowNs()), this::start);
            listener.onOutcome(id, spec, outcome);
        }

        void end() {
            cancel(timer);
            timer = NO_TIMER;
            if (attempt != null) {
                attempt.abandon();
                attempt = null;
            }
        }
    }
}
