// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.ulvs.control.lvscf.LvsCf;
import org.ulvs.control.lvscf.Names;
import org.ulvs.web.edit.Field;
import org.ulvs.web.edit.FieldGroup;
import org.ulvs.web.edit.Fields;

/** What every field must have, and that lvs.cf knows its key. */
class FieldsTest {
    private static final List<List<FieldGroup>> PANELS = List.of(
            Fields.GLOBAL,
            Fields.REDUNDANCY,
            Fields.VIRTUAL,
            Fields.SCRIPTS,
            Fields.SERVER,
            Fields.FAILOVER,
            Fields.FAILOVER_SCRIPTS);

    @Test
    void shouldExplainEveryFieldAndNameItsUnit() {
        for (final Field field :
                PANELS.stream().map(Fields::all).flatMap(List::stream).toList()) {
            assertThat(field.help()).as(field.name()).matches("[A-Z0-9].*[.]");
            if (field.name().matches(".*(timeout|interval|keepalive|deadtime|delay|reentry|persistent)")) {
                assertThat(field.unit()).as(field.name()).isEqualTo("seconds");
            }
        }
    }

    @Test
    void shouldHaveNoFieldThatTheReaderDoesNotKnow() {
        final StringBuilder text = new StringBuilder();
        for (final Field field : Fields.all(Fields.GLOBAL)) {
            text.append(field.key()).append(" = 1\n");
        }
        for (final Field field : Fields.all(Fields.REDUNDANCY)) {
            text.append(field.key()).append(" = 1\n");
        }
        text.append("virtual v {\n");
        append(text, Fields.VIRTUAL);
        append(text, Fields.SCRIPTS);
        text.append("server s {\n");
        append(text, Fields.SERVER);
        text.append("}\n}\nfailover f {\n");
        append(text, Fields.FAILOVER);
        append(text, Fields.FAILOVER_SCRIPTS);
        text.append("}\n");
        assertThat(LvsCf.read(text.toString(), Names.of(Map.of())).findings())
                .noneMatch(finding -> finding.reason().startsWith("unknown key"));
    }

    private static void append(StringBuilder text, List<FieldGroup> panel) {
        for (final Field field : Fields.all(panel)) {
            if (!field.key().isEmpty()) {
                text.append(field.key()).append(" = 1\n");
            }
        }
    }
}
