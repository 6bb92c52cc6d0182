// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.panel;

import java.util.List;
import java.util.Map;
import org.ulvs.web.edit.Field;
import org.ulvs.web.edit.FieldGroup;

/**
 * A form as it is shown.
 *
 * @param action where it is sent
 * @param groups of fields
 * @param values by field
 * @param errors by field; the empty name is for the form as a whole
 * @param baseHash of the file that the values come from
 * @param cancel where CANCEL leads, empty for no such button
 * @param others keys of the block that have no field anywhere, with their values
 */
public record FormView(
        String action,
        List<FieldGroup> groups,
        Map<String, String> values,
        Map<String, String> errors,
        String baseHash,
        String cancel,
        Map<String, String> others) {
    /** A form of a block that has nothing but fields. */
    public FormView(
            String action,
            List<FieldGroup> groups,
            Map<String, String> values,
            Map<String, String> errors,
            String baseHash,
            String cancel) {
        this(action, groups, values, errors, baseHash, cancel, Map.of());
    }

    FormView with(Map<String, String> keysWithoutField) {
        return new FormView(action, groups, values, errors, baseHash, cancel, keysWithoutField);
    }

    /** A field's value. */
    public String value(Field field) {
        return values.getOrDefault(field.name(), "");
    }

    /** What is wrong with a field, empty for nothing. */
    public String error(Field field) {
        return errors.getOrDefault(field.name(), "");
    }

    /** What is wrong with the form as a whole, empty for nothing. */
    public String formError() {
        return errors.getOrDefault("", "");
    }

    /** Whether a field has an error. */
    public boolean wrong(Field field) {
        return errors.containsKey(field.name());
    }

    /** Whether a group starts open: it does when one of its fields is set or wrong. */
    public boolean open(FieldGroup group) {
        return !group.folded()
                || group.fields().stream()
                        .anyMatch(field -> wrong(field)
                                || (!value(field).isEmpty() && !value(field).equals(field.fallback())));
    }

    /** What describes a field, for aria-describedby. */
    public String describedBy(Field field) {
        return wrong(field) ? field.id() + "-error " + field.id() + "-help" : field.id() + "-help";
    }

    /** Whether an option is chosen. */
    public boolean chosen(Field field, String option) {
        return value(field).equals(option);
    }

    /** Whether the present value is none of a menu's own. */
    public boolean foreign(Field field) {
        return !value(field).isEmpty() && !field.options().containsKey(value(field));
    }

    /** Whether anything is wrong. */
    public boolean failed() {
        return !errors.isEmpty();
    }
}
