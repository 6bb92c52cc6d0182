// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The program nft, which changes the kernel's packet filter. */
final class Nft {
    private static final int DEADLINE_MS = 10_000;

    private Nft() {}

    /**
     * Makes all changes of a script, or none.
     *
     * @throws HostGuard.GuardException if nft is missing, refuses, or does not end in time
     */
    static void run(String script) {
        run(List.of("nft", "-f", "-"), script, DEADLINE_MS);
    }

    /** As {@link #run(String)}, by that command within so many milliseconds. */
    static void run(List<String> command, String script, int deadlineMs) {
        final Process process = start(command);
        final CompletableFuture<Boolean> late =
                new CompletableFuture<Boolean>().completeOnTimeout(true, deadlineMs, TimeUnit.MILLISECONDS);
        // by its handle: the process itself would close its output while that is read
        final CompletableFuture<Boolean> unused =
                late.thenApply(ended -> process.toHandle().destroyForcibly());
        try {
            final String output = output(process, script);
            final int status = process.waitFor();
            if (!late.cancel(false)) {
                throw new HostGuard.GuardException("nft does not answer");
            }
            if (status != 0) {
                throw new HostGuard.GuardException(
                        "nft refuses the rules that keep the host from seeing what ulvs forwards: "
                                + output.strip().lines().findFirst().orElse("no reason given"));
            }
        } catch (final IOException e) {
            throw new HostGuard.GuardException("the answer of nft cannot be read: " + e.getMessage());
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HostGuard.GuardException("interrupted while waiting for nft");
        }
    }

    private static Process start(List<String> command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (final IOException e) {
            throw new HostGuard.GuardException("nft is not installed (Debian package nftables): " + e.getMessage());
        }
    }

    private static String output(Process process, String script) throws IOException {
        try (OutputStream input = process.getOutputStream()) {
            input.write(script.getBytes(StandardCharsets.UTF_8));
        } catch (final IOException e) {
            // it has ended before it read all, and says why
        }
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
