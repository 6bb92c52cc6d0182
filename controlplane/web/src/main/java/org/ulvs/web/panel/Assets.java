// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.panel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.ulvs.web.http.Reply;
import org.ulvs.web.http.Routes;

/** The style sheet, the script and the icon: three files of the jar, no others. */
public final class Assets {
    private Assets() {}

    /** Their routes. */
    public static void addTo(Routes routes) {
        add(routes, "style.css", "text/css;charset=utf-8");
        add(routes, "app.js", "text/javascript;charset=utf-8");
        add(routes, "icon.svg", "image/svg+xml");
    }

    private static void add(Routes routes, String name, String type) {
        final Reply reply = Reply.of(200, type, read(name)).with("Cache-Control", "private, max-age=300");
        routes.get("/static/" + name, Routes.Access.OPEN, exchange -> reply);
    }

    private static byte[] read(String name) {
        try (InputStream in = Assets.class.getResourceAsStream("/org/ulvs/web/static/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
