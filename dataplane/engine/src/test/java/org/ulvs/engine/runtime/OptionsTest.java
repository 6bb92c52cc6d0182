// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
    @Test
    void shouldReadAll() {
        final DataplaneContext context = Options.parse(
                        List.of(
                                "--dir",
                                "/run/x",
                                "--outside",
                                "e0",
                                "--inside=e1",
                                "--inside",
                                "e0",
                                "--workers",
                                "3",
                                "--idle",
                                "busy",
                                "--connections",
                                "1000",
                                "--cpus",
                                "1,0",
                                "--own",
                                "192.0.2.9/24@e1",
                                "--ring-mib",
                                "32",
                                "--servers",
                                "99"),
                        "/run/default")
                .context();

        assertThat(context.directory()).isEqualTo(Path.of("/run/x"));
        assertThat(context.ports()).containsExactly(new Port(0, "e0", true, true), new Port(1, "e1", false, true));
        assertThat(context.workers()).isEqualTo(3);
        assertThat(context.idle()).isEqualTo(WorkerIdle.Mode.BUSY);
        assertThat(context.connections()).isEqualTo(1000);
        assertThat(context.cpu(0)).isEqualTo(1);
        assertThat(context.cpu(1)).isZero();
        assertThat(context.cpu(2)).isEqualTo(Worker.ANY_CPU);
        assertThat(context.owned()).containsEntry(Addresses.parse("192.0.2.9"), "e1");
        assertThat(context.ringMib()).isEqualTo(32);
        assertThat(context.slots()).isEqualTo(99);
    }

    @Test
    void shouldGiveEachWorkerACpuOfItsOwnUnlessTheyMayMove() {
        final DataplaneContext context =
                Options.parse(List.of(), "/run/default").context();
        int worker = 0;
        int before = Integer.MAX_VALUE;
        for (int cpu = context.cpu(worker); cpu != Worker.ANY_CPU; cpu = context.cpu(++worker)) {
            assertThat(cpu).isNotNegative().isLessThan(before);
            before = cpu;
        }
        assertThat(worker).isPositive();

        final DataplaneContext moving =
                Options.parse(List.of("--cpus", "any"), "/run/default").context();
        assertThat(moving.cpu(0)).isEqualTo(Worker.ANY_CPU);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--workers 0|--workers: 0 is not in the range of 1 to 64",
                "--workers many|--workers: \"many\" is no number",
                "--workers|--workers needs a value",
                "--cpus 1,|--cpus: \"\" is no number",
                "--cpus all|--cpus: \"all\" is no number",
                "--idle lazy|--idle: \"lazy\" is neither busy nor backoff",
                "--own 192.0.2.300|--own: not an IPv4 address: 192.0.2.300",
                "--own 192.0.2.3@e9|--own: e9 is neither an outside nor an inside interface",
                "--outside a/b|--outside: \"a/b\" is no name of an interface",
                "--outside abcdefghijklmnop|--outside: \"abcdefghijklmnop\" is no name of an interface",
                "--ring-mib 1|--ring-mib: 1 is not in the range of 2 to 1024",
                "--nonsense|there is no option --nonsense",
                "stray|there is no option stray"
            })
    void shouldSayWhatIsWrong(String line, String message) {
        assertThatThrownBy(() -> Options.parse(List.of(line.split(" ", -1)), "/run/default"))
                .isInstanceOf(StartException.class)
                .hasMessage(message)
                .extracting(e -> ((StartException) e).exitCode())
                .isEqualTo(StartException.USAGE);
    }
}
