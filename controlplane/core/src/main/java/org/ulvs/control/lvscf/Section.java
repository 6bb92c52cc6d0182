// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/** The values of one block, immutable. */
public final class Section {
    private final Map<Key<?>, Object> values;

    Section(Map<Key<?>, Object> values) {
        this.values = Map.copyOf(values);
    }

    /** The value in the file, or else the key's default. */
    public <T> Optional<T> find(Key<T> key) {
        final Optional<T> written = written(key);
        return written.isPresent() ? written : key.fallback();
    }

    /** The value of a key that always has one. */
    public <T> T value(Key<T> key) {
        return find(key).orElseThrow(() -> new NoSuchElementException(key.name()));
    }

    /** The value as the file has it, without the default. */
    @SuppressWarnings("unchecked") // a value is only ever stored under a key of its type
    public <T> Optional<T> written(Key<T> key) {
        return Optional.ofNullable((T) values.get(key));
    }

    /** A copy with one value changed. */
    <T> Section with(Key<T> key, T value) {
        final Map<Key<?>, Object> copy = new HashMap<>(values);
        copy.put(key, value);
        return new Section(copy);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Section section && values.equals(section.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
