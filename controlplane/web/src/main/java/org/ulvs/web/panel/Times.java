// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.panel;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Moments and amounts for people. */
public final class Times {
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private static final DateTimeFormatter OF_TODAY =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());
    private static final DateTimeFormatter OF_ANOTHER_DAY =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneId.systemDefault());

    private Times() {}

    /** A moment in this machine's zone. */
    public static String text(long timeMs) {
        return FORMAT.format(Instant.ofEpochMilli(timeMs));
    }

    /** A moment as short as it can be: of today without the day, of another day without seconds. */
    static String brief(long timeMs) {
        final Instant moment = Instant.ofEpochMilli(timeMs);
        final boolean today =
                LocalDate.ofInstant(moment, ZoneId.systemDefault()).equals(LocalDate.now(ZoneId.systemDefault()));
        return (today ? OF_TODAY : OF_ANOTHER_DAY).format(moment);
    }

    /** A short time as {@code 1.2 ms}. */
    static String duration(long nanos) {
        final double ms = nanos / 1e6;
        return ms >= 1000 ? String.format(Locale.ROOT, "%.1f s", ms / 1000) : String.format(Locale.ROOT, "%.1f ms", ms);
    }

    /** Bytes a second as {@code 1.4 MB/s}. */
    public static String rate(long bytes) {
        final String[] units = {"B/s", "kB/s", "MB/s", "GB/s", "TB/s"};
        double value = bytes;
        int unit = 0;
        while (value >= 1000 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return unit == 0 ? bytes + " B/s" : String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }
}
