// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.edit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ulvs.control.lvscf.Block;
import org.ulvs.control.lvscf.Directive;
import org.ulvs.control.lvscf.Finding;
import org.ulvs.control.lvscf.LvsCf;
import org.ulvs.web.http.Form;

/** Between a block of lvs.cf and the fields of a panel, both ways. */
public final class BlockForm {
    private BlockForm() {}

    /** The values that a panel shows for a block. */
    public static Map<String, String> values(Block block, List<Field> fields) {
        final Map<String, String> values = new LinkedHashMap<>();
        for (final Field field : fields) {
            values.put(field.name(), value(block, field));
        }
        return values;
    }

    private static String value(Block block, Field field) {
        if (field.key().isEmpty()) {
            return block.name();
        }
        final String whole = block.value(field.key()).orElse("");
        if (field.name().endsWith(".ip")) {
            return word(whole, 0);
        }
        if (field.name().endsWith(".device")) {
            return word(whole, 1);
        }
        if (field.isSwitch()) {
            return (whole.isEmpty() ? field.fallback() : whole).equals("0") ? "0" : "1";
        }
        return field.isMenu() && whole.isEmpty() ? field.fallback() : whole;
    }

    private static String word(String text, int index) {
        final String[] words = text.split(" ", 3);
        return index < words.length ? words[index] : "";
    }

    /** The values of a block that is to be added. */
    public static Map<String, String> initial(List<Field> fields) {
        final Map<String, String> values = new LinkedHashMap<>();
        for (final Field field : fields) {
            values.put(
                    field.name(),
                    field.initial().isEmpty() && (field.isMenu() || field.isSwitch())
                            ? field.fallback()
                            : field.initial());
        }
        return values;
    }

    /** Keys of a block that have no field, as they stand in the file; in its order. */
    public static Map<String, String> others(Block block, Set<String> withField) {
        final Map<String, String> others = new LinkedHashMap<>();
        for (final Directive directive : block.directives()) {
            if (!withField.contains(directive.key())) {
                others.put(directive.key(), directive.value());
            }
        }
        return others;
    }

    /** What somebody has sent, as the panel shows it again. */
    public static Map<String, String> sent(Form form, List<Field> fields) {
        final Map<String, String> values = new LinkedHashMap<>();
        for (final Field field : fields) {
            values.put(field.name(), field.isSwitch() ? (form.has(field.name()) ? "1" : "0") : text(form, field));
        }
        return values;
    }

    /** Blanks at the ends of Send and Expect may be meant. */
    private static String text(Form form, Field field) {
        return "send".equals(field.key()) || "expect".equals(field.key())
                ? form.raw(field.name())
                : form.value(field.name());
    }

    /**
     * Writes what was sent into a block. An empty field removes its key; a value that is the default anyway is
     * not added.
     *
     * @param isNew whether defaults are to be written as well, as Piranha wrote them
     * @return what is wrong, by field
     */
    public static Map<String, String> apply(Block block, List<Field> fields, Form form, boolean isNew) {
        final Map<String, String> errors = new LinkedHashMap<>();
        final Map<String, String> sent = sent(form, fields);
        for (final Field field : fields) {
            try {
                write(block, field, sent, isNew);
            } catch (IllegalArgumentException e) {
                errors.put(field.name(), sentence(e.getMessage() == null ? "This cannot be written" : e.getMessage()));
            }
        }
        return errors;
    }

    private static void write(Block block, Field field, Map<String, String> sent, boolean isNew) {
        final String value = sent.getOrDefault(field.name(), "");
        if (value.chars().anyMatch(c -> Character.isISOControl(c) && c != '\t')) {
            throw new IllegalArgumentException("a line end or another control character cannot be written");
        }
        if (field.key().isEmpty()) {
            final String name = value.replaceAll("[ \\t]+", "_");
            if (!name.equals(block.name())) {
                block.rename(name);
            }
            return;
        }
        if (!isNew && value.equals(value(block, field)) && !field.name().endsWith(".ip")) {
            // as it was, also where it was written as nobody would from a form: send = ""
            return;
        }
        if (field.name().endsWith(".ip")) {
            pair(block, field.key(), value, sent.getOrDefault(field.key() + ".device", ""));
            return;
        }
        if (field.name().endsWith(".device")) {
            return;
        }
        if (value.isEmpty()) {
            block.remove(field.key());
        } else if (block.value(field.key()).isPresent()
                || !value.equals(field.fallback())
                || (isNew && !field.initial().isEmpty())) {
            block.set(field.key(), value);
        }
    }

    private static void pair(Block block, String key, String ip, String device) {
        if (ip.isEmpty() && device.isEmpty()) {
            block.remove(key);
        } else if (ip.indexOf(' ') >= 0 || device.indexOf(' ') >= 0) {
            throw new IllegalArgumentException("address and device are one word each");
        } else if (ip.isEmpty()) {
            throw new IllegalArgumentException("the address is missing");
        } else if (device.isEmpty()) {
            throw new IllegalArgumentException("the device is missing");
        } else {
            block.set(key, ip + ' ' + device);
        }
    }

    /** What the reader says of a block, by field; what belongs to no field of it has the empty name. */
    public static Map<String, String> findings(LvsCf read, Block block, List<Field> fields, List<Finding> earlier) {
        final List<String> known = new ArrayList<>();
        earlier.forEach(finding -> known.add(finding.reason()));
        final Map<String, String> errors = new LinkedHashMap<>();
        for (final Finding finding : read.errors()) {
            final Optional<Field> field = field(finding, block, fields);
            if (field.isPresent()) {
                errors.putIfAbsent(field.get().name(), describe(finding));
            } else if ((finding.line() == block.line() && block.line() > 0) || !known.remove(finding.reason())) {
                errors.merge("", describe(finding), (one, other) -> one + ' ' + other);
            }
        }
        return errors;
    }

    private static Optional<Field> field(Finding finding, Block block, List<Field> fields) {
        for (final Directive directive : block.directives()) {
            if (directive.line() > 0 && directive.line() == finding.line()) {
                return fields.stream()
                        .filter(field -> field.key().equals(directive.key()))
                        .findFirst();
            }
        }
        return Optional.empty();
    }

    private static String describe(Finding finding) {
        return sentence(finding.reason())
                + (finding.suggestion().isEmpty() ? "" : " Suggestion: " + finding.suggestion() + '.');
    }

    /** With a capital and a full stop. */
    static String sentence(String text) {
        final String stripped = text.strip();
        if (stripped.isEmpty()) {
            return stripped;
        }
        final String capital = Character.toUpperCase(stripped.charAt(0)) + stripped.substring(1);
        return capital.endsWith(".") ? capital : capital + '.';
    }
}
