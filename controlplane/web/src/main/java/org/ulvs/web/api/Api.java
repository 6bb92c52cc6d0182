// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.api;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.ulvs.web.edit.ConfiguredServer;
import org.ulvs.web.http.Exchange;
import org.ulvs.web.http.Reply;
import org.ulvs.web.http.Routes;
import org.ulvs.web.panel.MonitorPanels;
import org.ulvs.web.panel.Tool;

/** The REST interface, as JSON: what the panels show and do. {@link ConfigApi} has what edits lvs.cf. */
public final class Api {
    private static final int EVENTS = 300;

    private final Tool tool;

    /** Over what the panels share. */
    public Api(Tool tool) {
        this.tool = tool;
    }

    /** The routes. */
    public void addTo(Routes routes) {
        final Routes.Access access = Routes.Access.API;
        final Reply description = Reply.json(200, resource());
        routes.get(Answers.ROOT + "/openapi.json", access, exchange -> description)
                .get(Answers.ROOT + "/status", access, this::status)
                .get(
                        Answers.ROOT + "/table",
                        access,
                        exchange -> Answers.ok(tool.rows().now()))
                .get(Answers.ROOT + "/events", access, exchange -> Answers.ok(MonitorPanels.events(tool, EVENTS)))
                .post(Answers.VIRTUALS + "/*/servers/*/check", access, this::check)
                .post(
                        Answers.ROOT + "/apply",
                        access,
                        exchange -> Answers.applied(tool, exchange, tool.apply(exchange)));
        new ConfigApi(tool).addTo(routes);
    }

    private static byte[] resource() {
        try (InputStream in = Api.class.getResourceAsStream("/org/ulvs/web/openapi.json")) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks openapi.json");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Reply status(Exchange exchange) throws IOException {
        final Map<String, Object> status = new LinkedHashMap<>();
        status.put("directors", tool.control().directors());
        status.put("processes", tool.control().processes());
        status.put("serial", tool.store().load().serial());
        status.put("appliedSerial", tool.control().appliedSerial());
        status.put("changedOnDisk", tool.control().changedOnDisk());
        status.put("dataplane", tool.monitor().table().running());
        return Answers.ok(status);
    }

    private Reply check(Exchange exchange) throws IOException {
        final String virtual = exchange.matched().get(0);
        final String server = exchange.matched().get(1);
        final Optional<ConfiguredServer> found =
                ConfiguredServer.find(tool.store().load().content().configuration(), virtual, server);
        return found.isEmpty() ? Answers.missing() : Answers.ok(tool.check(exchange, virtual, server, found.get()));
    }
}
