// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CpuTest {
    private static final int ERANGE = 34;

    @Test
    void shouldNameOnlyTheCpusThatTheThreadMayRunOn() {
        final ShimCalls calls = Shim.calls();
        final int last = calls.cpu(0);
        // a thread of its own, since it stays pinned
        final CompletableFuture<int[]> pinned = CompletableFuture.supplyAsync(
                () -> {
                    calls.pin(last);
                    return new int[] {calls.cpu(0), calls.cpu(1)};
                },
                command -> new Thread(command).start());

        assertThat(pinned.join()).containsExactly(last, -ERANGE);
        assertThat(calls.cpu(0)).isEqualTo(last);
    }

    @Test
    void shouldLeaveAThreadWhatItHasWhereNoCpuWouldBeLeft() {
        final ShimCalls calls = Shim.calls();
        final int[] all = IntStream.iterate(0, behind -> calls.cpu(behind) >= 0, behind -> behind + 1)
                .map(calls::cpu)
                .toArray();

        assertThat(calls.keepOff(all, all.length)).isZero();

        assertThat(calls.cpu(all.length - 1)).isEqualTo(all[all.length - 1]);
    }

    @Test
    void shouldMoveNobodyForCpusThatDoNotExist() {
        final ShimCalls calls = Shim.calls();
        final int last = calls.cpu(0);

        assertThat(calls.keepOff(new int[] {-1, 1 << 20}, 2)).isZero();

        assertThat(calls.cpu(0)).isEqualTo(last);
    }
}
