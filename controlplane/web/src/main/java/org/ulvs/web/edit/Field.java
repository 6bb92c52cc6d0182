// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.edit;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A field of a panel.
 *
 * @param name in the form; the key of lvs.cf, or {@code KEY.ip} and {@code KEY.device} for the two words of an address
 * @param key of lvs.cf, empty for the block's name
 * @param label as Piranha had it
 * @param kind how it is entered
 * @param unit behind the field, empty for none
 * @param fallback what counts where lvs.cf does not have the key, empty for nothing
 * @param initial the value in the form of a new block
 * @param help one or two sentences
 * @param options values and their labels, for a menu
 */
public record Field(
        String name,
        String key,
        String label,
        Kind kind,
        String unit,
        String fallback,
        String initial,
        String help,
        Map<String, String> options) {
    /** How a value is entered. */
    public enum Kind {
        /** A line. */
        TEXT,
        /** A number or a name of one. */
        NUMBER,
        /** One of several. */
        MENU,
        /** On or off: 1 or 0. */
        SWITCH
    }

    /** Keeps the order of the options. */
    public Field {
        options = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }

    static Field text(String key, String label, String help) {
        return new Field(key, key, label, Kind.TEXT, "", "", "", help, Map.of());
    }

    static Field number(String key, String label, String unit, String fallback, String help) {
        return new Field(key, key, label, Kind.NUMBER, unit, fallback, "", help, Map.of());
    }

    static Field menu(String key, String label, String fallback, Map<String, String> options, String help) {
        return new Field(key, key, label, Kind.MENU, "", fallback, "", help, options);
    }

    static Field toggle(String key, String label, String fallback, String help) {
        return new Field(key, key, label, Kind.SWITCH, "", fallback, "", help, Map.of());
    }

    static Field name(String label, String help) {
        return new Field("name", "", label, Kind.TEXT, "", "", "", help, Map.of());
    }

    static Field ip(String key, String label, String help) {
        return new Field(key + ".ip", key, label, Kind.TEXT, "", "", "", help, Map.of());
    }

    static Field device(String key, String label, String help) {
        return new Field(key + ".device", key, label, Kind.TEXT, "", "", "", help, Map.of());
    }

    Field fallingBackTo(String value) {
        return new Field(name, key, label, kind, unit, value, initial, help, options);
    }

    Field startingWith(String value) {
        return new Field(name, key, label, kind, unit, fallback, value, help, options);
    }

    /** Identifier in the page. */
    public String id() {
        return "f-" + name.replace('.', '-');
    }

    /** What stands in the empty field. */
    public String placeholder() {
        return fallback;
    }

    /** The default for people, empty where there is none. */
    public String defaultText() {
        return switch (kind) {
            case SWITCH -> "1".equals(fallback) ? "on" : "off";
            case MENU -> options.getOrDefault(fallback, fallback);
            case TEXT, NUMBER -> fallback;
        };
    }

    /** For the browser: which keyboard. */
    public String inputMode() {
        return kind == Kind.NUMBER ? "decimal" : "text";
    }

    /** Whether this is a menu. */
    public boolean isMenu() {
        return kind == Kind.MENU;
    }

    /** Whether this is a switch. */
    public boolean isSwitch() {
        return kind == Kind.SWITCH;
    }
}
