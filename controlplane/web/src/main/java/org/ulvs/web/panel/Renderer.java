// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.panel;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ulvs.web.http.Reply;

/** Fills templates, which are classes made at build time. Thread-safe. */
public final class Renderer {
    private static final int SIZE = 16 * 1024;

    private final TemplateEngine engine = TemplateEngine.createPrecompiled(
            null, ContentType.Html, Renderer.class.getClassLoader(), "org.ulvs.web.template");

    /** A page from a template. */
    public Reply page(int status, String template, Page page, Map<String, ?> model) {
        final Map<String, Object> parameters = new LinkedHashMap<>(model);
        parameters.put("page", page);
        final StringOutput out = new StringOutput(SIZE);
        engine.render(template + ".jte", parameters, out);
        return Reply.html(status, out.toString());
    }
}
