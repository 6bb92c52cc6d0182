// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.stat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.status.AtomicCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulvs.cnc.CncFile;
import org.ulvs.cnc.StandardCounter;
import org.ulvs.tools.support.TextStream;

final class StatMainTest {
    @TempDir
    Path directory;

    private final TextStream out = new TextStream();
    private final TextStream err = new TextStream();
    private long nowMs;
    private Runnable second = () -> {};

    private int run(String... words) {
        out.reset();
        err.reset();
        final List<String> arguments = new ArrayList<>(List.of("--dir", directory.toString()));
        arguments.addAll(List.of(words));
        return new StatMain(out, err, () -> nowMs, milliseconds -> {
                    nowMs += milliseconds;
                    second.run();
                })
                .run(arguments);
    }

    @Test
    void shouldShowErrorsThatWereRecorded() throws IOException {
        try (CncFile cnc = CncFile.create(directory, SystemEpochClock.INSTANCE)) {
            cnc.running(System.currentTimeMillis());
            assertThat(run("--errors")).isZero();
            assertThat(out.text()).isEqualTo("0 distinct errors" + System.lineSeparator());
            for (int i = 0; i < 2; i++) {
                cnc.errorLog().record(new IllegalStateException("no more paper"));
            }
            assertThat(run("--errors")).isZero();
            assertThat(out.text())
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
            assertThat(out.text()).containsPattern("frames received +1500 +250/s");
            assertThat(err.text()).contains("has been stopped");
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
