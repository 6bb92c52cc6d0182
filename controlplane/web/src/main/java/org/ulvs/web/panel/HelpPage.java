// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.panel;

import java.util.Map;
import org.ulvs.web.http.Routes;

/** HELP, for everybody: it also says how to log in. */
public final class HelpPage {
    private final Tool tool;

    /** The page. */
    public HelpPage(Tool tool) {
        this.tool = tool;
    }

    /** Its route. */
    public void addTo(Routes routes) {
        routes.get(
                "/help",
                Routes.Access.OPEN,
                exchange -> tool.renderer()
                        .page(
                                200,
                                "help",
                                exchange.session() == null ? Tool.bare("Help") : tool.page(exchange, "Help", "/help"),
                                Map.of()));
    }
}
