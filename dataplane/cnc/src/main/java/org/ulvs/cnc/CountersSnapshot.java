// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.status.CountersReader;

/** The reading side of the counters in {@code cnc.dat}. */
public final class CountersSnapshot {
    private CountersSnapshot() {}

    /** All rows in the order in which they were made. */
    public static List<CounterValue> rows(AtomicBuffer metadata, AtomicBuffer values) {
        final CountersReader reader = new CountersReader(metadata, values, StandardCharsets.UTF_8);
        final List<CounterValue> rows = new ArrayList<>();
        reader.forEach((id, typeId, key, label) ->
                rows.add(new CounterValue(typeId, key.getInt(0), label, reader.getCounterValue(id))));
        return rows;
    }

    /** Sums over all workers, by label. */
    public static Map<String, Long> sums(List<CounterValue> rows) {
        final Map<String, Long> sums = new LinkedHashMap<>();
        rows.forEach(row -> sums.merge(row.label(), row.value(), Long::sum));
        return sums;
    }

    /** Sum of one kind over all workers. */
    public static long sum(List<CounterValue> rows, int typeId) {
        return rows.stream()
                .filter(row -> row.typeId() == typeId)
                .mapToLong(CounterValue::value)
                .sum();
    }
}
