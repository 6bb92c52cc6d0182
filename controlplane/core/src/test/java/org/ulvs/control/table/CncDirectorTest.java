// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CncDirectorTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path process;

    @ParameterizedTest
    @CsvSource({"S, false", "R, false", "D, false", "Z, true", "X, true"})
    void shouldTellADeadProcessThatItsParentHasNotTakenNoteOf(String state, boolean ended) throws IOException {
        Files.writeString(process.resolve("stat"), "4711 (java) Z) " + state + " 1 4711 4711 0 -1\n");

        assertThat(CncDirector.hasEnded(process)).isEqualTo(ended);
    }

    @Test
    void shouldTellAProcessThatIsGone() {
        assertThat(CncDirector.hasEnded(process.resolve("gone"))).isTrue();
        assertThat(CncDirector.hasEnded(Path.of("/proc/self"))).isFalse();
    }
}
