// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryPassTest {
    /** A pass with the longest cycles of its rounds, in nanoseconds. */
    private static Cycles cycles(long... longest) {
        final Cycles.Recorder recorder = new Cycles.Recorder();
        for (final long ns : longest) {
            recorder.record(100);
            recorder.record(ns);
            recorder.record(200);
            recorder.endRound();
        }
        return recorder.cycles();
    }

    @Test
    void shouldLeaveOutWhatOneProcessAloneWaitedFor() {
        final List<Cycles> passes = List.of(cycles(9000, 500), cycles(300, 7000), cycles(400, 8000));

        assertThat(Cycles.longestThatComesAgain(passes)).isEqualTo(500);
    }

    @Test
    void shouldTellAPauseThatComesInTheSameRoundOfEachProcess() {
        final List<Cycles> passes = List.of(cycles(300, 5100, 300), cycles(7000, 5000, 300), cycles(400, 5200, 9000));

        assertThat(Cycles.longestThatComesAgain(passes)).isEqualTo(5000);
    }

    @Test
    void shouldKeepAllCyclesOfAllPassesInAFile(@TempDir Path folder) {
        final Path file = folder.resolve("pass.json");
        final Cycles one = cycles(9000, 500);
        new MemoryPass(1, 2, 3, 4, one, one, one, cycles(40_000)).write(file);

        final MemoryPass read = MemoryPass.read(file);

        assertThat(read.expiryNs()).isEqualTo(4);
        assertThat(read.disturbedCpu().longest()).containsExactly(40_000L);
        final var all = Cycles.sum(List.of(read.undisturbed(), read.disturbedCpu()));
        assertThat(all.getTotalCount()).isEqualTo(9);
        assertThat(all.getMaxValue()).isCloseTo(40_000, within(40L));
    }
}
