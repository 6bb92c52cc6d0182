// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import java.net.InetAddress;
import java.time.Duration;

/**
 * How the words after the equals sign become a value.
 *
 * @param <T> type of the value
 */
interface ValueType<T> {
    /** Reads the value; findings that do not spoil it go to the context. */
    T parse(ValueContext context) throws ValueException;

    /** What to write in the manual. */
    String label();

    /** The value as it is written. */
    default String format(T value) {
        if (value instanceof Boolean flag) {
            return flag ? "1" : "0";
        }
        if (value instanceof Duration duration) {
            return Seconds.format(duration);
        }
        if (value instanceof InetAddress address) {
            return address.getHostAddress();
        }
        return String.valueOf(value);
    }
}
