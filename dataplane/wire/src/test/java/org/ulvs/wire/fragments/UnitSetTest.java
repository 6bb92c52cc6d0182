// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire.fragments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class UnitSetTest {
    private final UnitSet set = new UnitSet();

    @Test
    void shouldBehaveAsASetOfBits() {
        final SplittableRandom random = new SplittableRandom(5);
        for (int round = 0; round < 200; round++) {
            final BitSet model = new BitSet();
            set.clear();
            for (int i = 0; i < 60; i++) {
                // often at the borders of a word
                final int from =
                        (random.nextInt(3) == 0 ? random.nextInt(127) * 64 : random.nextInt(8000)) * UnitSet.UNIT;
                final int length = random.nextInt(3) == 0 ? (1 + random.nextInt(3)) * 512 : 1 + random.nextInt(1500);
                final int end = Math.min(from + length, 65536);
                final int lastUnit = (end + UnitSet.UNIT - 1) / UnitSet.UNIT;
                assertThat(set.count(from, end - from))
                        .isEqualTo(model.get(from / UnitSet.UNIT, lastUnit).cardinality());
                if (random.nextInt(4) == 0) {
                    set.add(from);
                    model.set(from / UnitSet.UNIT);
                } else {
                    set.addRange(from, end - from);
                    model.set(from / UnitSet.UNIT, lastUnit);
                }
                final int next = model.nextSetBit(end / UnitSet.UNIT);
                assertThat(set.next(end / UnitSet.UNIT * UnitSet.UNIT))
                        .isEqualTo(next < 0 ? 65536 : next * UnitSet.UNIT);
            }
        }
    }
}
