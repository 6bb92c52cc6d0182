// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.check;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.concurrent.SystemNanoClock;
import org.ulvs.control.check.ProgramResult.End;
import org.ulvs.control.daemon.RunningClock;

/**
 * Runs programs, a bounded number at a time, without a shell, with a hard limit on time and output. A program that does
 * not end is killed with its children; its time counts only while this process can run. Its standard input and error
 * are /dev/null.
 */
public final class ProgramRunner implements AutoCloseable {
    /** Programs at a time unless told otherwise. */
    public static final int DEFAULT_CONCURRENCY = 16;

    private static final int MAX_WAITING = 10_000;
    private static final int MAX_OUTPUT = 64 * 1024;
    private static final long POLL_MS = 5;
    private static final long IDLE_SECONDS = 10;

    private final ThreadPoolExecutor pool;
    private final int maxOutput;

    /** With the default limits. */
    public ProgramRunner() {
        this(DEFAULT_CONCURRENCY, MAX_OUTPUT);
    }

    ProgramRunner(int concurrency, int maxOutput) {
        this.maxOutput = maxOutput;
        this.pool = new ThreadPoolExecutor(
                concurrency,
                concurrency,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MAX_WAITING),
                task -> {
                    final Thread thread = new Thread(task, "program");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
    }

    /**
     * Runs a program as soon as there is room.
     *
     * @param command words; the first is looked up in PATH
     * @param timeout from its start
     * @param then called with the result on a thread of the runner
     * @return false when too many are waiting already
     */
    public boolean submit(List<String> command, Duration timeout, Consumer<ProgramResult> then) {
        try {
            pool.execute(() -> then.accept(run(command, timeout)));
            return true;
        } catch (java.util.concurrent.RejectedExecutionException e) {
            return false;
        }
    }

    /** Runs a program and waits for its end. */
    public ProgramResult run(List<String> command, Duration timeout) {
        final Process process;
        try {
            process = new ProcessBuilder(command)
                    .directory(new File("/"))
                    .redirectInput(new File("/dev/null"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            return new ProgramResult(End.NOT_STARTED, -1, "", String.valueOf(e.getMessage()));
        }
        try {
            return attend(process, timeout);
        } catch (IOException e) {
            return new ProgramResult(End.EXITED, -1, "", String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new ProgramResult(End.TIMED_OUT, -1, "", "");
        } finally {
            kill(process);
        }
    }

    /** Never blocks on the pipe: a grandchild may hold it open for ever. */
    private ProgramResult attend(Process process, Duration timeout) throws IOException, InterruptedException {
        final RunningClock clock = new RunningClock(SystemNanoClock.INSTANCE);
        final long deadlineNs = clock.nanoTime() + timeout.toNanos();
        final StringBuilder output = new StringBuilder();
        final InputStream in = process.getInputStream();
        while (true) {
            clock.willWait(TimeUnit.MILLISECONDS.toNanos(POLL_MS));
            final boolean ended = process.waitFor(POLL_MS, TimeUnit.MILLISECONDS);
            clock.runs();
            for (int available = in.available(); available > 0; available = in.available()) {
                final byte[] bytes = in.readNBytes(Math.min(available, maxOutput - output.length() + 1));
                output.append(new String(bytes, StandardCharsets.ISO_8859_1));
                if (output.length() > maxOutput) {
                    output.setLength(maxOutput);
                    return new ProgramResult(End.FLOODED, -1, output.toString(), "");
                }
            }
            if (ended) {
                return new ProgramResult(End.EXITED, process.exitValue(), output.toString(), "");
            }
            if (clock.nanoTime() - deadlineNs >= 0) {
                return new ProgramResult(End.TIMED_OUT, -1, output.toString(), "");
            }
        }
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
