// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.edit;

import java.util.List;

/**
 * Fields that stand together.
 *
 * @param title of the group
 * @param intro a sentence below the title, empty for none
 * @param folded whether the group is closed until somebody opens it
 * @param fields in order
 */
public record FieldGroup(String title, String intro, boolean folded, List<Field> fields) {
    /** A group with its own list. */
    public FieldGroup {
        fields = List.copyOf(fields);
    }

    static FieldGroup of(String title, String intro, Field... fields) {
        return new FieldGroup(title, intro, false, List.of(fields));
    }

    static FieldGroup folded(String title, String intro, Field... fields) {
        return new FieldGroup(title, intro, true, List.of(fields));
    }
}
