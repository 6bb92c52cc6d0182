// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A key of lvs.cf.
 *
 * @param <T> type of its value
 */
public final class Key<T> {
    /** Where a key comes from. */
    public enum Origin {
        /** Known to Piranha. */
        PIRANHA,
        /** Written by Piranha's web tool, refused by its parser. */
        WEB_TOOL,
        /** Known to Piranha and without effect, here as there. */
        IGNORED,
        /** New here. */
        ULVS
    }

    private final String name;
    private final ValueType<T> type;
    private final @Nullable T fallback;
    private final Origin origin;
    private final String summary;

    Key(String name, ValueType<T> type, @Nullable T fallback, Origin origin, String summary) {
        this.name = name;
        this.type = type;
        this.fallback = fallback;
        this.origin = origin;
        this.summary = summary;
    }

    /** The word before the equals sign. */
    public String name() {
        return name;
    }

    /** The value where the file has none. */
    public Optional<T> fallback() {
        return Optional.ofNullable(fallback);
    }

    /** Where it comes from. */
    public Origin origin() {
        return origin;
    }

    /** One line for the manual. */
    public String summary() {
        return summary;
    }

    /** What kind of value, for people: {@code seconds}, {@code 0 or 1}. */
    public String typeLabel() {
        return type.label();
    }

    ValueType<T> type() {
        return type;
    }

    /** A value as it would be written, without quotes. */
    public String format(T value) {
        return type.format(value);
    }

    @Override
    public String toString() {
        return name;
    }
}
