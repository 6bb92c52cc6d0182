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
            for (final int address : edges(entries)) {
                assertThat(map.find(address)).isEqualTo(search(entries, address));
            }
        }
    }

    @Test
    void shouldFindNothingInAnEmptyMap() {
        final PrefixMap map = new PrefixMap.Builder().build();

        assertThat(map.find(0)).isEqualTo(PrefixMap.MISSING);
        assertThat(map.find(-1)).isEqualTo(PrefixMap.MISSING);
    }

    @Test
    void shouldTellTheUpperMapsAddressesFirst() {
        final Random random = new Random(43);
        for (int round = 0; round < 50; round++) {
            final List<Entry> upper = entries(random, random.nextInt(20));
            final List<Entry> lower = entries(random, random.nextInt(20));
            final PrefixMap map = PrefixMap.overlay(map(upper), 999, map(lower));
            for (final int address : edges(upper, lower)) {
                final boolean isUpper = search(upper, address) != PrefixMap.MISSING;
                assertThat(map.find(address)).isEqualTo(isUpper ? 999 : search(lower, address));
            }
        }
    }

    private static List<Entry> entries(Random random, int number) {
        final List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            final int length = random.nextInt(33);
            entries.add(new Entry(random.nextInt() & PrefixMap.mask(length), length, i));
        }
        return entries;
    }

    private static PrefixMap map(List<Entry> entries) {
        final PrefixMap.Builder builder = new PrefixMap.Builder();
        entries.forEach(entry -> builder.put(entry.prefix(), entry.length(), entry.value()));
        return builder.build();
    }

    /** First and last address of each prefix, those beside them, and those of the whole space. */
    @SafeVarargs
    private static List<Integer> edges(List<Entry>... lists) {
        final List<Integer> edges = new ArrayList<>(List.of(0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE));
        for (final List<Entry> entries : lists) {
            for (final Entry entry : entries) {
                final int last = entry.prefix() | ~PrefixMap.mask(entry.length());
                edges.addAll(List.of(entry.prefix() - 1, entry.prefix(), last, last + 1));
            }
        }
        return edges;
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
