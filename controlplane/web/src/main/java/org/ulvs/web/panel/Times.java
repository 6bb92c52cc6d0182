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

    private static final String PREFIXES = "kMGT";

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
        return amount(bytes, Plot.Unit.BYTES.suffix());
    }

    /** A number and its unit: {@code 950 B/s}, {@code 1.4 MB/s}, {@code 23.5k/s}; up to ten thousand as it is. */
    static String amount(long value, String unit) {
        final boolean bytes = unit.startsWith(" B");
        if (value < (bytes ? 1_000 : 10_000)) {
            return value + unit;
        }
        double scaled = value;
        int prefix = -1;
        while (scaled >= 1000 && prefix < PREFIXES.length() - 1) {
            scaled /= 1000;
            prefix++;
        }
        final String number = String.format(Locale.ROOT, "%.1f", scaled);
        return bytes ? number + ' ' + PREFIXES.charAt(prefix) + unit.strip() : number + PREFIXES.charAt(prefix) + unit;
    }
}
