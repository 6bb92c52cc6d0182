// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CountsTest {
    @Test
    void shouldKeepBothCountsApart() {
        final long counts = Counts.change(0, 70_000, 300);
        assertThat(Counts.active(counts)).isEqualTo(70_000);
        assertThat(Counts.inactive(counts)).isEqualTo(300);
        assertThat(Counts.total(counts)).isEqualTo(70_300);
        assertThat(Counts.overhead(counts)).isEqualTo(70_000 * 256L + 300);
    }

    @Test
    void shouldStopAtTheEndsOfACount() {
        assertThat(Counts.active(Counts.change(0, -1, 0))).isZero();
        assertThat(Counts.inactive(Counts.change(0, 0, 0x1_00_0000))).isEqualTo(0xFF_FFFF);
        assertThat(Counts.active(Counts.change(0, 0, 0x1_00_0000))).isZero();
    }

    @Test
    void shouldDifferAfterEachChangeThoughTheCountsAreTheSame() {
        final long before = Counts.change(0, 3, 4);
        final long after = Counts.change(Counts.change(before, 1, 0), -1, 0);
        assertThat(after).isNotEqualTo(before);
        assertThat(Counts.active(after)).isEqualTo(3);
    }

    @Test
    void shouldKeepCountsAndFlagWhenTheChangeNumberWraps() {
        long counts = Counts.withOverload(Counts.change(0, 1, 1), true);
        for (int i = 0; i < 0x8001; i++) {
            counts = Counts.change(counts, 0, 0);
            assertThat(Counts.total(counts)).isEqualTo(2);
            assertThat(Counts.isOverloaded(counts)).isTrue();
        }
    }

    @Test
    void shouldBeOverloadedFromTheUpperThresholdOn() {
        final long two = Counts.change(0, 1, 1);
        assertThat(Counts.isOverloaded(Counts.bound(two, true, 4))).isFalse();
        assertThat(Counts.isOverloaded(Counts.bound(two, true, 3))).isTrue();
        assertThat(Counts.isOverloaded(Counts.bound(two, false, 3))).isTrue();
        assertThat(Counts.isOverloaded(Counts.bound(two, true, 0))).isFalse();
    }

    @Test
    void shouldBeRelievedBelowTheLowerThreshold() {
        final long six = Counts.withOverload(Counts.change(0, 6, 0), true);
        final long five = Counts.unbound(six, true, 6, 5);
        assertThat(Counts.isOverloaded(five)).isTrue();
        assertThat(Counts.isOverloaded(Counts.unbound(five, true, 6, 5))).isFalse();
    }

    @Test
    void shouldBeRelievedBelowThreeQuartersWithoutALowerThreshold() {
        final long eight = Counts.withOverload(Counts.change(0, 8, 0), true);
        final long seven = Counts.unbound(eight, true, 8, 0);
        final long six = Counts.unbound(seven, true, 8, 0);
        assertThat(Counts.isOverloaded(six)).isTrue();
        assertThat(Counts.isOverloaded(Counts.unbound(six, true, 8, 0))).isFalse();
        assertThat(Counts.isOverloaded(Counts.unbound(eight, true, 0, 0))).isFalse();
    }
}
