// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProcessWatchTest {
    private static final long START = 88_123;

    @TempDir
    private Path directory;

    private Path stat(String state, long start) throws IOException {
        return Files.writeString(
                directory.resolve("stat"), "4711 (java) Z) " + state + " 1".repeat(18) + ' ' + start + " 0 0\n");
    }

    @ParameterizedTest
    @CsvSource({"S, false", "R, false", "D, false", "T, false", "Z, true", "X, true"})
    void shouldTellADeadProcessThatItsParentHasNotTakenNoteOf(String state, boolean ended) throws IOException {
        final ProcessWatch watch = new ProcessWatch(stat(state, START), START);

        watch.look();

        assertThat(watch.seen()).isTrue();
        assertThat(watch.ended()).isEqualTo(ended);
    }

    @Test
    void shouldTellAProcessWhoseNumberAnotherHasGot() throws IOException {
        final ProcessWatch watch = new ProcessWatch(stat("S", START), START);
        watch.look();

        stat("S", START + 1);
        watch.look();

        assertThat(watch.ended()).isTrue();
    }

    @Test
    void shouldNotJudgeAProcessThatItNeverSaw() throws IOException {
        final ProcessWatch watch = new ProcessWatch(stat("S", START + 1), START);

        watch.look();

        assertThat(watch.seen()).isFalse();
        assertThat(watch.ended()).isFalse();
    }

    @Test
    void shouldFollowARealProcessToItsEnd() throws Exception {
        final ProcessWatch itself = new ProcessWatch(ProcessHandle.current().pid(), ProcessWatch.ownStart());
        itself.look();
        assertThat(itself.seen()).isTrue();
        assertThat(itself.ended()).isFalse();

        final Process child = new ProcessBuilder("sleep", "100").start();
        final String line = Files.readString(Path.of("/proc", Long.toString(child.pid()), "stat"));
        final ProcessWatch watch = new ProcessWatch(
                child.pid(),
                Long.parseLong(line.substring(line.lastIndexOf(')') + 2).split(" ", -1)[19]));
        watch.look();
        assertThat(watch.ended()).isFalse();
        child.destroyForcibly();
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        watch.look();
        assertThat(watch.ended()).isTrue();
    }
}
