// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.check;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.time.Duration;

/** One run of one check, on the engine's thread. Ends exactly once, by {@link #finish}. */
abstract class Attempt {
    private final CheckEngine.Slot slot;
    private final long startNs;
    private long timer = CheckEngine.NO_TIMER;
    private boolean finished;

    Attempt(CheckEngine.Slot slot) {
        this.slot = slot;
        this.startNs = slot.engine().nowNs();
    }

    /** Begins; whatever goes wrong at once may be thrown. */
    abstract void start() throws IOException;

    /** The channel registered with {@link CheckEngine#watch} is ready. */
    abstract void onReady(SelectionKey key) throws IOException;

    /** The time set by {@link #within} is over. */
    abstract void onTimeout() throws IOException;

    /** Gives back whatever the attempt holds. */
    abstract void release() throws IOException;

    final CheckEngine engine() {
        return slot.engine();
    }

    final CheckSpec spec() {
        return slot.spec();
    }

    final void step(String text) {
        slot.engine().listener().onStep(slot.id(), text, slot.engine().nowNs() - startNs);
    }

    /** Sets the one time limit of the attempt anew. */
    final void within(Duration limit) {
        engine().cancel(timer);
        timer = engine().schedule(engine().nowNs() + limit.toNanos(), this::timeout);
    }

    private void timeout() {
        timer = CheckEngine.NO_TIMER;
        guarded(this::onTimeout);
    }

    final void ready(SelectionKey key) {
        guarded(() -> onReady(key));
    }

    final void begin() {
        guarded(this::start);
    }

    /** Something of an attempt that may fail: a failure is the server's, a defect is ours, and both end the attempt. */
    final void guarded(Action action) {
        if (finished) {
            return;
        }
        try {
            action.run();
        } catch (IOException e) {
            finish(false, message(e));
        } catch (RuntimeException e) {
            engine().onDefect(e);
            finish(false, "the check itself failed: " + e);
        }
    }

    static String message(IOException e) {
        final String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    final void finish(boolean up, String reason) {
        if (finished) {
            return;
        }
        finished = true;
        engine().cancel(timer);
        timer = CheckEngine.NO_TIMER;
        closeQuietly(this::release);
        slot.onFinished(new CheckOutcome(up, reason, engine().nowNs() - startNs));
    }

    /** Ends without an outcome: the check has been removed. */
    final void abandon() {
        if (!finished) {
            finished = true;
            engine().cancel(timer);
            closeQuietly(this::release);
        }
    }

    final boolean isFinished() {
        return finished;
    }

    private void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            engine().onDefect(e);
        }
    }

    /** A step that may fail. */
    interface Action {
        void run() throws IOException;
    }
}
