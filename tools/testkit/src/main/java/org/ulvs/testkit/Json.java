// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads JSON into maps, lists, strings, longs, doubles, booleans and null. For files that a test owns. */
public final class Json {
    private final String text;
    private int position;

    private Json(final String text) {
        this.text = text;
    }

    /**
     * Reads one value.
     *
     * @throws IllegalArgumentException if the text is not JSON, with the place
     */
    public static @Nullable Object parse(final String text) {
        final Json json = new Json(text);
        final Object value = json.value();
        if (json.peek() != '\0') {
            throw json.error("more than one value");
        }
        return value;
    }

    private @Nullable Object value() {
        final char next = peek();
        if (next == '{') {
            return object();
        }
        if (next == '[') {
            return array();
        }
        if (next == '"') {
            return string();
        }
        final int start = position;
        while (position < text.length() && ",]} \t\r\n".indexOf(text.charAt(position)) < 0) {
            position++;
        }
        final String word = text.substring(start, position);
        return switch (word) {
            case "true" -> true;
            case "false" -> false;
            case "null" -> null;
            default -> number(word);
        };
    }

    private Number number(final String word) {
        try {
            if (word.matches("-?\\d+")) {
                return Long.valueOf(word);
            }
            return Double.valueOf(word);
        } catch (final NumberFormatException ex) {
            throw error("not a value: " + word);
        }
    }

    private Map<String, @Nullable Object> object() {
        final Map<String, @Nullable Object> object = new LinkedHashMap<>();
        expect('{');
        while (peek() != '}') {
            if (!object.isEmpty()) {
                expect(',');
            }
            peek();
            final String key = string();
            expect(':');
            object.put(key, value());
        }
        expect('}');
        return object;
    }

    private List<@Nullable Object> array() {
        final List<@Nullable Object> array = new ArrayList<>();
        expect('[');
        while (peek() != ']') {
            if (!array.isEmpty()) {
                expect(',');
            }
            array.add(value());
        }
        expect(']');
        return array;
    }

    private String string() {
        expect('"');
        final StringBuilder string = new StringBuilder();
        while (true) {
            if (position >= text.length()) {
                throw error("string without end");
            }
            final char next = text.charAt(position++);
            if (next == '"') {
                return string.toString();
            }
            string.append(next == '\\' ? escaped() : next);
        }
    }

    private char escaped() {
        final char escape = position < text.length() ? text.charAt(position++) : '\0';
        return switch (escape) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case '"', '\\', '/' -> escape;
            case 'u' -> {
                final char unit = (char) Integer.parseInt(text.substring(position, position + 4), 16);
                position += 4;
                yield unit;
            }
            default -> throw error("unknown escape");
        };
    }

    private char peek() {
        while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
            position++;
        }
        return position < text.length() ? text.charAt(position) : '\0';
    }

    private void expect(final char wanted) {
        if (peek() != wanted) {
            throw error("expected " + wanted);
        }
        position++;
    }

    private IllegalArgumentException error(final String what) {
        return new IllegalArgumentException(what + " at character " + position);
    }
}
