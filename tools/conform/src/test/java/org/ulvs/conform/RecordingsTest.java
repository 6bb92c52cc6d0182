// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.conform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordingsTest {
    private static final Path ORACLE = Path.of("src/test/resources/oracle");

    /** Written down from the kernel's rules where no recording shows them. */
    private static final Path WRITTEN = Path.of("src/test/resources/facts");

    @TestFactory
    Stream<DynamicTest> shouldDoWhatTheKernelDid() throws IOException {
        return Replay.find(List.of(ORACLE, WRITTEN)).stream()
                .map(file -> DynamicTest.dynamicTest(String.valueOf(file.getFileName()), () -> {
                    final Outcome outcome = Replay.run(file);
                    assertThat(outcome.verdict()).as(outcome.toString()).isNotEqualTo(Outcome.Verdict.FAILED);
                }));
    }

    @Test
    void shouldHaveAllRecordings() throws IOException {
        assertThat(Replay.find(List.of(ORACLE))).hasSize(146);
    }

    @Test
    void shouldRefuseADirectorThatIsItsOwnServer() {
        assertThat(Replay.run(ORACLE.resolve("packets/local-node.json")).verdict())
                .isEqualTo(Outcome.Verdict.REFUSED);
    }

    @Test
    void shouldReportTheFirstEventThatDiffers(@TempDir Path folder) throws IOException {
        final String recording = Files.readString(ORACLE.resolve("vectors/rr-equal.json"));
        final Path changed = folder.resolve("changed.json");
        final int firstAnswer = recording.indexOf("\"expect\"");
        Files.writeString(
                changed,
                recording.substring(0, firstAnswer)
                        + recording.substring(firstAnswer).replaceFirst("\\[\\s*\\d", "[17"));
        final ByteArrayOutputStream out = new ByteArrayOutputStream();

        final int status = ConformMain.run(
                List.of(folder.toString()), new PrintStream(out, true, StandardCharsets.UTF_8), System.err);

        assertThat(status).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("FAILED  rr-equal", "event 0:", "expected 17", "actual   3", "0 passed, 1 failed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "\"op\": \"syn\"; \"op\": \"sin\"; event \"sin\" is not known",
                "\"sport\"; \"srcport\"; events[0]: field \"srcport\" is not known",
                "\"reals\"; \"servers\"; the scenario: field \"servers\" is not known",
                "\"netmask\"; \"mask\"; services[0]: field \"mask\" is not known"
            })
    void shouldRefuseWhatItDoesNotUnderstand(String what, String instead, String complaint, @TempDir Path folder)
            throws IOException {
        final String recording = Files.readString(ORACLE.resolve("vectors/rr-equal.json"));
        final Path changed = folder.resolve("changed.json");
        Files.writeString(changed, recording.replaceFirst(what, instead));

        final Outcome outcome = Replay.run(changed);

        assertThat(outcome.verdict()).isEqualTo(Outcome.Verdict.FAILED);
        assertThat(outcome.reason()).contains(complaint);
        assertThat(outcome.file()).isEqualTo(changed.toString());
    }

    @Test
    void shouldSayThatIpv6IsNotForwarded(@TempDir Path folder) throws IOException {
        final Path six = folder.resolve("v6-nat.json");
        Files.writeString(six, """
                {"name": "v6-nat", "rules": ["-A -t [2001:db8::100]:80 -s rr"], "packets": []}
                """);

        final Outcome outcome = Replay.run(six);

        assertThat(outcome.verdict()).isEqualTo(Outcome.Verdict.REFUSED);
        assertThat(outcome.reason()).contains("IPv6");
    }

    @Test
    void shouldFailOnWhatIsNoRecording(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("broken.json"), "{\"name\": \"broken\"");

        assertThat(ConformMain.run(List.of(folder.toString()), System.out, System.err))
                .isEqualTo(1);
    }

    @Test
    void shouldExplainWrongUsage() {
        assertThat(ConformMain.run(List.of(), System.out, System.err)).isEqualTo(2);
        assertThat(ConformMain.run(List.of("--nonsense"), System.out, System.err))
                .isEqualTo(2);
        assertThat(ConformMain.run(List.of("/does/not/exist"), System.out, System.err))
                .isEqualTo(2);
        assertThat(ConformMain.run(List.of("--help"), System.out, System.err)).isZero();
    }
}
