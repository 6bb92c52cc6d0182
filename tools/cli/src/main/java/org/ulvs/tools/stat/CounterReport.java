// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.stat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.ulvs.cnc.CounterValue;
import org.ulvs.cnc.CountersSnapshot;
import org.ulvs.cnc.StandardCounter;

/** The counters of all workers summed, as text or JSON, with the sum that must come out even. */
final class CounterReport {
    private static final int LAST_DROP_TYPE_ID = StandardCounter.DROP_TYPE_ID + 999;

    private static final Set<StandardCounter> FATES = Set.of(
            StandardCounter.FORWARDED_TO_SERVER,
            StandardCounter.FORWARDED_TO_CLIENT,
            StandardCounter.ROUTED,
            StandardCounter.ANSWERED,
            StandardCounter.LEFT_TO_HOST,
            StandardCounter.FRAGMENTS_HELD);

    private final List<CounterValue> rows;

    CounterReport(List<CounterValue> rows) {
        this.rows = List.copyOf(rows);
    }

    /** Frames dropped, for whatever reason. */
    long dropped() {
        return rows.stream()
                .filter(row -> row.typeId() >= StandardCounter.DROP_TYPE_ID && row.typeId() <= LAST_DROP_TYPE_ID)
                .mapToLong(CounterValue::value)
                .sum();
    }

    /**
     * Frames received that are in no other counter. While traffic flows it may be off by the frames of a batch; at rest
     * it is 0.
     */
    long unaccounted() {
        final long fates = FATES.stream()
                .mapToLong(fate -> CountersSnapshot.sum(rows, fate.typeId()))
                .sum();
        return CountersSnapshot.sum(rows, StandardCounter.FRAMES_RECEIVED.typeId()) - fates - dropped();
    }

    /** A line a counter; drop reasons that never happened are left out unless {@code all}. */
    String text(boolean all) {
        final StringBuilder text = new StringBuilder();
        CountersSnapshot.sums(rows).forEach((label, value) -> {
            if (all || value != 0 || !label.startsWith("dropped: ")) {
                line(text, label, value);
            }
        });
        line(text, "dropped in all", dropped());
        line(text, "unaccounted", unaccounted());
        return text.toString();
    }

    /** As {@link #text(boolean)}, with the growth a second since an earlier report. */
    String text(boolean all, CounterReport before, long elapsedMs) {
        final Map<String, Long> sumsBefore = CountersSnapshot.sums(before.rows);
        final StringBuilder text = new StringBuilder();
        CountersSnapshot.sums(rows).forEach((label, value) -> {
            if (all || value != 0 || !label.startsWith("dropped: ")) {
                final long growth = value - sumsBefore.getOrDefault(label, 0L);
                text.append(String.format(
                        Locale.ROOT, "%-36s %15d %12d/s%n", label, value, growth * 1_000 / Math.max(1, elapsedMs)));
            }
        });
        line(text, "dropped in all", dropped());
        line(text, "unaccounted", unaccounted());
        return text.toString();
    }

    private static void line(StringBuilder text, String label, long value) {
        text.append(String.format(Locale.ROOT, "%-50s %15d%n", label, value));
    }

    /** One object: the sums, and the two figures made from them. */
    String json() {
        final StringBuilder json = new StringBuilder("{\"counters\":{");
        String separator = "";
        for (final Map.Entry<String, Long> sum : CountersSnapshot.sums(rows).entrySet()) {
            json.append(separator)
                    .append('"')
                    .append(sum.getKey())
                    .append("\":")
                    .append(sum.getValue().longValue());
            separator = ",";
        }
        return json.append("},\"dropped\":")
                .append(dropped())
                .append(",\"unaccounted\":")
                .append(unaccounted())
                .append('}')
                .toString();
    }
}
