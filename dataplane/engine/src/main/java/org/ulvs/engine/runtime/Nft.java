// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** The program nft, which changes the kernel's packet filter. */
final class Nft {
    private static final int DEADLINE_SECONDS = 10;

    private Nft() {}

    /**
     * Makes all changes of a script, or none.
     *
     * @throws HostGuard.GuardException if nft is missing, refuses, or does not end in time
     */
    static void run(String script) {
        try {
            final Process process = new ProcessBuilder("nft", "-f", "-")
                    .redirectErrorStream(true)
                    .start();
            final Executor deadline = CompletableFuture.delayedExecutor(DEADLINE_SECONDS, TimeUnit.SECONDS);
            deadline.execute(process::destroyForcibly);
            process.getOutputStream().write(script.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new HostGuard.GuardException(
                        "nft refuses the rules that keep the host from seeing what ulvs forwards: "
                                + output.strip().lines().findFirst().orElse("no reason given"));
            }
        } catch (final IOException e) {
            throw new HostGuard.GuardException("nft cannot be run (Debian package nftables): " + e.getMessage());
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HostGuard.GuardException("interrupted while waiting for nft");
        }
    }
}
