// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.check;

import java.util.ArrayList;
import java.util.List;

/**
 * HTTP status codes, written as {@code 200,301-308}.
 *
 * @param ranges inclusive ranges
 */
public record StatusRanges(List<Range> ranges) {
    /**
     * From one code to another, both included.
     *
     * @param from lowest
     * @param to highest
     */
    public record Range(int from, int to) {}

    /** Codes with their own list. */
    public StatusRanges {
        ranges = List.copyOf(ranges);
    }

    /**
     * Reads codes and ranges.
     *
     * @throws IllegalArgumentException if the text is not a list of codes and ranges
     */
    public static StatusRanges parse(String text) {
        final List<Range> ranges = new ArrayList<>();
        for (final String part : text.split(",", -1)) {
            final String range = part.strip();
            if (!range.matches("[1-5][0-9][0-9](-[1-5][0-9][0-9])?")) {
                throw new IllegalArgumentException("not a status code or range: \"" + range + '"');
            }
            final int from = Integer.parseInt(range.substring(0, 3));
            ranges.add(new Range(from, range.length() > 3 ? Integer.parseInt(range.substring(4)) : from));
        }
        return new StatusRanges(ranges);
    }

    /** Whether a code is among them. */
    public boolean contains(int code) {
        return ranges.stream().anyMatch(range -> range.from <= code && code <= range.to);
    }

    @Override
    public String toString() {
        return String.join(
                ",",
                ranges.stream()
                        .map(range -> range.from == range.to ? "" + range.from : range.from + "-" + range.to)
                        .toList());
    }
}
