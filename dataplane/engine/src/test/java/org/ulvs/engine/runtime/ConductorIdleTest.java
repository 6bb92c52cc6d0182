// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConductorIdleTest {
    private final List<Long> longSleeps = new ArrayList<>();
    private final ConductorIdle idle = new ConductorIdle(longSleeps::add);

    @Test
    void shouldSleepLongerWhenNoWorkHasComeForAWhile() {
        idleAttentively();
        assertThat(longSleeps).isEmpty();

        idle.idle(0);
        idle.idle(0);

        assertThat(longSleeps).containsExactly(ConductorIdle.QUIET_PARK_NS, ConductorIdle.QUIET_PARK_NS);
    }

    @Test
    void shouldExpectMoreAfterWork() {
        idleAttentively();
        idle.idle(0);
        longSleeps.clear();

        idle.idle(1);
        idleAttentively();

        assertThat(longSleeps).isEmpty();
    }

    private void idleAttentively() {
        for (int i = 0; i < ConductorIdle.ATTENTIVE_CYCLES; i++) {
            idle.idle(0);
        }
    }
}
