// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class EstimatorTest {
    private static final int SLOTS = 8;
    private static final int WORKERS = 2;

    private final ServerRecords records = ServerRecords.create(
            new UnsafeBuffer(ByteBuffer.allocateDirect((int) ServerRecords.fileLength(SLOTS, WORKERS))),
            SLOTS,
            WORKERS);
    private final Estimator estimator = new Estimator(records);

    private static ServerImage server(int slot) {
        return new ServerImage(ServerSpec.of(InetAddr.v4(slot), 80, ServerSpec.MASQUERADE, 1), slot);
    }

    private static TableImage image(List<ServerImage> servers, List<RemovedServer> removed) {
        final ServiceSpec spec = new ServiceSpec(new ServiceKey(6, InetAddr.v4(1), 80, 0), "rr", 0, 0, -1);
        return new TableImage(
                64,
                WORKERS,
                1,
                2,
                3,
                List.of(new ServiceImage(spec, 0, servers)),
                removed,
                Map.of(),
                "",
                List.of(),
                List.of());
    }

    private void traffic(int slot, int worker, int packets, long bytes) {
        records.countIn(slot, worker, packets, bytes);
    }

    @Test
    void shouldMoveAQuarterOfTheWayEachTick() {
        final TableImage image = image(List.of(server(1)), List.of());
        traffic(1, 0, 200, 6_400);
        estimator.tick(image);
        // 100 packets a second seen once: a quarter; the kernel rounds up from just above a half
        assertThat(Estimator.shown(records.average(1, 1), 1)).isEqualTo(25);
        assertThat(Estimator.shown(records.average(1, 3), 3)).isEqualTo(800);
        for (int i = 0; i < 40; i++) {
            traffic(1, i & 1, 200, 6_400);
            estimator.tick(image);
        }
        assertThat(Estimator.shown(records.average(1, 1), 1)).isEqualTo(100);
        assertThat(Estimator.shown(records.average(1, 3), 3)).isEqualTo(3_200);
        for (int i = 0; i < 60; i++) {
            estimator.tick(image);
        }
        assertThat(Estimator.shown(records.average(1, 1), 1)).isZero();
    }

    @Test
    void shouldEstimateAServiceFromItsServersAndFromThoseThatAreGone() {
        traffic(1, 0, 400, 0);
        traffic(2, 1, 400, 0);
        estimator.tick(image(List.of(server(1), server(2)), List.of()));
        assertThat(Estimator.shown(records.average(0, 1), 1)).isEqualTo(100);
        assertThat(Estimator.shown(records.average(1, 1), 1)).isEqualTo(50);
        assertThat(estimator.rate(1)).isEqualTo(100);
        // server 2 leaves: its count is folded into the service, which sees no jump
        records.fold(0, 1, 400);
        final RemovedServer removed = new RemovedServer(new ServiceKey(6, InetAddr.v4(1), 80, 0), server(2));
        estimator.tick(image(List.of(server(1)), List.of(removed)));
        assertThat(Estimator.shown(records.average(0, 1), 1)).isEqualTo(75);
    }

    @Test
    void shouldKeepTotalsThatNothingTakesBack() {
        traffic(1, 0, 10, 1_000);
        traffic(2, 0, 5, 500);
        estimator.tick(image(List.of(server(1), server(2)), List.of()));
        assertThat(estimator.total(1)).isEqualTo(15);
        final RemovedServer removed = new RemovedServer(new ServiceKey(6, InetAddr.v4(1), 80, 0), server(2));
        traffic(2, 1, 1, 100);
        estimator.collect(image(List.of(server(1)), List.of(removed)));
        assertThat(estimator.total(1))
                .as("the last packets of a deleted server")
                .isEqualTo(16);
        estimator.collect(image(List.of(server(1)), List.of()));
        records.clear(2);
        traffic(2, 0, 3, 300);
        estimator.collect(image(List.of(server(1), server(2)), List.of()));
        assertThat(estimator.total(1)).as("another server in the same slot").isEqualTo(19);
        assertThat(estimator.total(3)).isEqualTo(1_900);
        records.zeroBase(1, 1, 10);
        estimator.tick(image(List.of(server(1), server(2)), List.of()));
        assertThat(estimator.total(1)).as("-Z").isEqualTo(19);
    }
}
