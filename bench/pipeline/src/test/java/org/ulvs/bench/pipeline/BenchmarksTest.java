// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each benchmark forwards what it says it forwards. */
class BenchmarksTest {
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
        final long before = benchmark.forward();
        benchmark.fill();

        assertThat(benchmark.forward() - before).isEqualTo(Traffic.FRAMES);
    }
}
