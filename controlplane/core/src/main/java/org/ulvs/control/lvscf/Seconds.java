// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import java.math.BigDecimal;
import java.time.Duration;

/** Durations written as seconds with or without a fraction. */
final class Seconds {
    private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000L);

    private Seconds() {}

    static Duration parse(String text) {
        return Duration.ofNanos(new BigDecimal(text).multiply(NANOS).longValueExact());
    }

    static String format(Duration duration) {
        return BigDecimal.valueOf(duration.toNanos())
                .divide(NANOS)
                .stripTrailingZeros()
                .toPlainString();
    }
}
