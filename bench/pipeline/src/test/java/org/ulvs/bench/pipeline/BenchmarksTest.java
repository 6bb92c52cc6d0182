// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each benchmark forwards what it says it forwards. */
class BenchmarksTest {
    private final Yardstick yardstick = new Yardstick();

    @ParameterizedTest
    @CsvSource({"NAT, HIT", "NAT, REPLY", "DR, HIT", "TUN, HIT"})
    void shouldForwardEachPacketOfTheBlock(String method, PacketKind packet) {
        final ForwardBenchmark benchmark = new ForwardBenchmark();
        benchmark.method = method;
        benchmark.packet = packet;
        benchmark.connections = 5000;
        benchmark.services = 3;
        benchmark.servers = 7;
        benchmark.establish();
        benchmark.fill();
        final Allocation allocation = new Allocation();
        final long before = benchmark.forward(allocation, yardstick);
        benchmark.fill();

        assertThat(benchmark.forward(allocation, yardstick) - before).isEqualTo(Traffic.FRAMES);
    }

    @ParameterizedTest
    @CsvSource({
        "rr, 0",
        "wrr, 0",
        "lc, 0",
        "wlc, 0",
        "lblc, 0",
        "lblcr, 0",
        "dh, 0",
        "sh, 0",
        "sed, 0",
        "nq, 0",
        "fo, 0",
        "ovf, 0",
        "mh, 0",
        "rr, 20"
    })
    void shouldOpenAConnectionForEachPacketOfTheBlock(String scheduler, int markRules) {
        final NewConnectionBenchmark benchmark = new NewConnectionBenchmark();
        benchmark.scheduler = scheduler;
        benchmark.connections = 5000;
        benchmark.services = 2;
        benchmark.servers = 7;
        benchmark.markRules = markRules;
        benchmark.establish();
        for (int i = 0; i < 3; i++) {
            benchmark.fill();
            benchmark.open(new Allocation(), yardstick);

            assertThat(benchmark.opened()).isEqualTo(Traffic.FRAMES);
        }
    }

    @ParameterizedTest
    @EnumSource(Stages.Stage.class)
    void shouldPassEachStage(Stages.Stage stage) {
        final StageBenchmark benchmark = new StageBenchmark();
        benchmark.stage = stage;
        benchmark.connections = 5000;
        benchmark.establish();
        benchmark.fill();
        benchmark.pass(yardstick);
        benchmark.fill();

        assertThat(benchmark.pass(yardstick)).isNotZero();
    }
}
