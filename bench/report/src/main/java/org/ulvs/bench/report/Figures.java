// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers as people read them. */
final class Figures {
    private static final int DIGITS = 3;
    private static final double THOUSAND = 1000;

    private Figures() {}

    /** Three digits that count, all digits of what is left of the point, thousands apart: 1,234,567, 12.3, 0.0123. */
    static String format(double value) {
        if (!Double.isFinite(value)) {
            return "–";
        }
        if (value == Math.rint(value) || Math.abs(value) >= THOUSAND) {
            return String.format(Locale.ROOT, "%,.0f", value == 0 ? 0.0 : value);
        }
        final BigDecimal rounded = new BigDecimal(value).round(new MathContext(DIGITS, RoundingMode.HALF_UP));
        return rounded.toPlainString();
    }

    /** A cell of a table. */
    static String cell(Object cell) {
        return cell instanceof Double value ? format(value) : cell.toString();
    }

    /** For the marks of an axis: 10 k, 2.5 M. */
    static String mark(double value) {
        final double size = Math.abs(value);
        if (size >= 1e9) {
            return trimmed(value / 1e9) + " G";
        }
        if (size >= 1e6) {
            return trimmed(value / 1e6) + " M";
        }
        return size >= 1e4 ? trimmed(value / THOUSAND) + " k" : trimmed(value);
    }

    private static String trimmed(double value) {
        if (value == 0) {
            return "0";
        }
        return new BigDecimal(value)
                .round(new MathContext(4, RoundingMode.HALF_UP))
                .stripTrailingZeros()
                .toPlainString();
    }
}
