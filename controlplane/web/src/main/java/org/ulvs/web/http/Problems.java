// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.http;

import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Errors of the REST interface, in the form of RFC 9457. */
public final class Problems {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Problems() {}

    /** An error and why. */
    public static Reply reply(int status, String detail) {
        return reply(status, detail, Map.of());
    }

    /** An error, why, and what is wrong with which field. */
    public static Reply reply(int status, String detail, Map<String, String> fields) {
        final Map<String, Object> problem = new java.util.LinkedHashMap<>();
        problem.put("status", status);
        problem.put("detail", detail);
        if (!fields.isEmpty()) {
            problem.put("fields", fields);
        }
        return Reply.of(status, "application/problem+json", JSON.writeValueAsBytes(problem));
    }
}
