// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of a form or of a query, decoded strictly. */
public final class Form {
    /** No fields. */
    public static final Form EMPTY = new Form(Map.of());

    private static final int MAX_FIELDS = 500;

    private final Map<String, List<String>> fields;

    private Form(Map<String, List<String>> fields) {
        this.fields = fields;
    }

    /**
     * Reads {@code a=1&b=2}.
     *
     * @throws IllegalArgumentException if it is not UTF-8, has a bad escape or too many fields
     */
    public static Form parse(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return EMPTY;
        }
        final Map<String, List<String>> fields = new LinkedHashMap<>();
        int count = 0;
        int start = 0;
        while (start <= text.length()) {
            int end = text.indexOf('&', start);
            if (end < 0) {
                end = text.length();
            }
            if (end > start) {
                if (++count > MAX_FIELDS) {
                    throw new IllegalArgumentException("more than " + MAX_FIELDS + " fields");
                }
                final String pair = text.substring(start, end);
                final int equals = pair.indexOf('=');
                final String name = decode(equals < 0 ? pair : pair.substring(0, equals));
                final String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
                fields.computeIfAbsent(name, ignored -> new ArrayList<>()).add(value);
            }
            start = end + 1;
        }
        return new Form(fields);
    }

    private static String decode(String text) {
        final byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        final ByteBuffer bytes = ByteBuffer.allocate(raw.length);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] == '+') {
                bytes.put((byte) ' ');
            } else if (raw[i] == '%') {
                if (i + 2 >= raw.length) {
                    throw new IllegalArgumentException("bad escape");
                }
                bytes.put((byte) (digit(raw[i + 1]) << 4 | digit(raw[i + 2])));
                i += 2;
            } else {
                bytes.put(raw[i]);
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("not UTF-8", e);
        }
    }

    private static int digit(byte character) {
        final int digit = Character.digit(character, 16);
        if (digit < 0) {
            throw new IllegalArgumentException("bad escape");
        }
        return digit;
    }

    /** Whether a field was sent. */
    public boolean has(String name) {
        return fields.containsKey(name);
    }

    /** The first value of a field, stripped of blanks at both ends; empty where it was not sent. */
    public String value(String name) {
        return raw(name).strip();
    }

    /** The first value of a field as it was sent; empty where it was not. */
    public String raw(String name) {
        final List<String> values = fields.get(name);
        return values == null ? "" : values.get(0);
    }

    /** All values of a field as they were sent, in order. */
    public List<String> values(String name) {
        return List.copyOf(fields.getOrDefault(name, List.of()));
    }

    /** Names of all fields. */
    public Set<String> names() {
        return fields.keySet();
    }
}
