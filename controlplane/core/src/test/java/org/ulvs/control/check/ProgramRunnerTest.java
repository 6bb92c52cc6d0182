// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulvs.control.check.ProgramResult.End;

class ProgramRunnerTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    @Test
    void shouldKillAProgramThatHangsTogetherWithItsChildren() throws Exception {
        final Path pid = directory.resolve("pid");
        try (ProgramRunner runner = new ProgramRunner()) {
            final ProgramResult result = runner.run(
                    List.of("/bin/sh", "-c", "sleep 600 & echo $! > " + pid + "; echo begun; wait"),
                    Duration.ofMillis(500));

            assertThat(result.end()).isEqualTo(End.TIMED_OUT);
            assertThat(result.output()).isEqualTo("begun\n");
            final long child = Long.parseLong(Files.readString(pid).strip());
            assertThat(ProcessHandle.of(child).map(ProcessHandle::onExit))
                    .satisfiesAnyOf(
                            none -> assertThat(none).isEmpty(),
                            ending -> ending.orElseThrow().get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void shouldEndAProgramThatWritesWithoutEnd() {
        try (ProgramRunner runner = new ProgramRunner(1, 1000)) {
            final ProgramResult result = runner.run(List.of("/usr/bin/yes"), Duration.ofSeconds(60));

            assertThat(result.end()).isEqualTo(End.FLOODED);
            assertThat(result.output()).hasSize(1000);
        }
    }

    @Test
    void shouldNotWaitForAGrandchildThatHoldsThePipe() {
        try (ProgramRunner runner = new ProgramRunner()) {
            final ProgramResult result =
                    runner.run(List.of("/bin/sh", "-c", "setsid sleep 30 & echo done"), Duration.ofSeconds(20));

            assertThat(result.succeeded()).isTrue();
            assertThat(result.output()).isEqualTo("done\n");
        }
    }

    @Test
    void shouldRunNoMoreThanItsLimitAtATime() throws InterruptedException {
        final CountDownLatch ended = new CountDownLatch(4);
        final Path log = directory.resolve("log");
        try (ProgramRunner runner = new ProgramRunner(1, 1000)) {
            for (int i = 0; i < 4; i++) {
                runner.submit(
                        List.of("/bin/sh", "-c", "echo in >> " + log + "; echo out >> " + log),
                        Duration.ofSeconds(30),
                        result -> ended.countDown());
            }

            assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(log).content().isEqualTo("in\nout\n".repeat(4));
    }
}
