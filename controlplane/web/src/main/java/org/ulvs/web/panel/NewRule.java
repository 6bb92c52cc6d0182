// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.panel;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ulvs.web.edit.MarkRules;
import org.ulvs.web.http.Form;

/**
 * The fields from which a mark rule is made.
 *
 * @param values by field
 * @param errors by field
 */
public record NewRule(Map<String, String> values, Map<String, String> errors) {
    static final NewRule EMPTY = new NewRule(Map.of(), Map.of());

    /** What can be read, in order. */
    private static final Map<String, String> GOOD = new LinkedHashMap<>();

    static {
        GOOD.put("vip", "192.0.2.1");
        GOOD.put("ports", "80");
        GOOD.put("mark", "1");
    }

    static NewRule of(Form form) {
        final Map<String, String> values = new LinkedHashMap<>();
        for (final String name : List.of("vip", "protocol", "ports", "mark")) {
            values.put(name, form.value(name));
        }
        return new NewRule(values, Map.of());
    }

    NewRule with(Map<String, String> mistakes) {
        return new NewRule(values, mistakes);
    }

    /** What was entered, empty for nothing. */
    public String value(String field) {
        return values.getOrDefault(field, "");
    }

    /** What is wrong with a field, empty for nothing. */
    public String error(String field) {
        return errors.getOrDefault(field, "");
    }

    /** As iptables-save prints it. */
    String line() {
        return "-A PREROUTING -d " + value("vip") + "/32 -p " + ("udp".equals(value("protocol")) ? "udp" : "tcp")
                + " -m multiport --dports " + value("ports") + " -j MARK --set-mark " + value("mark");
    }

    /** What is wrong, by field: each one is tried among others that are good. */
    Map<String, String> mistakes() {
        final Map<String, String> mistakes = new LinkedHashMap<>();
        for (final String field : GOOD.keySet()) {
            final Map<String, String> tried = new LinkedHashMap<>(GOOD);
            tried.put(field, value(field));
            final List<String> problems =
                    MarkRules.problems("*mangle\n" + new NewRule(tried, Map.of()).line() + "\nCOMMIT\n");
            if (value(field).isEmpty()) {
                mistakes.put(field, "This is missing.");
            } else if (value(field).indexOf(' ') >= 0) {
                mistakes.put(field, "This must be one word.");
            } else if (!problems.isEmpty()) {
                mistakes.put(field, problems.get(0).replaceFirst("^Line [0-9]+: ", ""));
            }
        }
        return mistakes;
    }
}
