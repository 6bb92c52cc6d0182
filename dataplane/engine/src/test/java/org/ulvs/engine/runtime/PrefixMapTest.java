// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PrefixMapTest {
    private record Entry(int prefix, int length, int value) {}

    @Test
    void shouldFindTheLongestPrefixAsASearchOfAllDoes() {
        final Random random = new Random(42);
        for (int round = 0; round < 50; round++) {
            final List<Entry> entries = new ArrayList<>();
            final PrefixMap.Builder builder = new PrefixMap.Builder();
            for (int i = 0; i < 1 + random.nextInt(60); i++) {
                final int length = random.nextInt(33);
                // few high bits, so that prefixes contain one another
                final int prefix = (random.nextInt(8) << 28 | random.nextInt(16)) & PrefixMap.mask(length);
                entries.add(new Entry(prefix, length, i));
                builder.put(prefix, length, i);
            }
            final PrefixMap map = builder.build();
            for (int i = 0; i < 500; i++) {
                final int address = random.nextInt(8) << 28 | random.nextInt(16);
                assertThat(map.find(address)).isEqualTo(search(entries, address));
            }
        }
    }

    private static int search(List<Entry> entries, int address) {
        int length = -1;
        int value = PrefixMap.MISSING;
        for (final Entry entry : entries) {
            if ((address & PrefixMap.mask(entry.length())) == entry.prefix() && entry.length() >= length) {
                length = entry.length();
                value = entry.value();
            }
        }
        return value;
    }
}
