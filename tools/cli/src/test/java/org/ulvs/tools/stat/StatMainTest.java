// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.stat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.status.AtomicCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulvs.cnc.CncFile;
import org.ulvs.cnc.StandardCounter;

final class StatMainTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private long nowMs;
    private Runnable second = () -> {};

    private int run(String... words) {
        out.reset();
        err.reset();
        final List<String> arguments = new ArrayList<>(List.of("--dir", directory.toString()));
        arguments.addAll(List.of(words));
        return new StatMain(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        () -> nowMs,
                        milliseconds -> {
                            nowMs += milliseconds;
                            second.run();
                        })
                .run(arguments);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldShowErrorsThatWereRecorded() throws IOException {
        try (CncFile cnc = CncFile.create(directory, SystemEpochClock.INSTANCE)) {
            cnc.running(System.currentTimeMillis());
            assertThat(run("--errors")).isZero();
            assertThat(out()).isEqualTo("0 distinct errors" + System.lineSeparator());
            for (int i = 0; i < 2; i++) {
                cnc.errorLog().record(new IllegalStateException("no more paper"));
            }
            assertThat(run("--errors")).isZero();
            assertThat(out())
                    .startsWith("2 times, first ")
                    .contains("no more paper")
                    .contains("1 distinct errors");
        }
    }

    @Test
    void shouldShowGrowthASecondUntilTheDataplaneEnds() throws IOException {
        try (CncFile cnc = CncFile.create(directory, SystemEpochClock.INSTANCE)) {
            cnc.running(System.currentTimeMillis());
            final AtomicCounter received = cnc.counters().allocate(StandardCounter.FRAMES_RECEIVED, 0);
            received.set(1_000);
            second = () -> {
                if (nowMs > 1_000) {
                    end(cnc);
                }
                nowMs += 1_000;
                received.getAndAdd(500);
            };
            assertThat(run("--watch")).isEqualTo(1);
            assertThat(out()).containsPattern("frames received +1500 +250/s");
            assertThat(err.toString(StandardCharsets.UTF_8)).contains("has been stopped");
        }
    }

    private static void end(CncFile cnc) {
        try {
            cnc.close();
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    @Test
    void shouldRefuseWhatItDoesNotKnow() {
        assertThat(run("--nosuch")).isEqualTo(2);
        assertThat(run()).isEqualTo(1);
    }
}
