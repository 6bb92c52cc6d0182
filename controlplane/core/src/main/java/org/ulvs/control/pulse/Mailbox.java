// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What other threads want of the one that owns the mailbox. */
final class Mailbox {
    private static final long ANSWER_TIMEOUT_S = 10;

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Runnable wakeUp;

    Mailbox(Runnable wakeUp) {
        this.wakeUp = wakeUp;
    }

    /** Leaves word; any thread. */
    void leave(Runnable task) {
        tasks.add(task);
        wakeUp.run();
    }

    /** Asks something and waits for the answer; any thread but the owner. */
    String ask(Supplier<String> question) {
        return askLater(reply -> reply.accept(question.get()));
    }

    /** Asks something that is answered at once or later, and waits for it; any thread but the owner. */
    String askLater(Consumer<Consumer<String>> question) {
        final CompletableFuture<String> answer = new CompletableFuture<>();
        leave(() -> {
            try {
                question.accept(answer::complete);
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            return answer.get(ANSWER_TIMEOUT_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "failed: interrupted";
        } catch (ExecutionException | TimeoutException e) {
            return "failed: " + e;
        }
    }

    /** Does what was left; the owner. */
    void run() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    boolean isEmpty() {
        return tasks.isEmpty();
    }
}
