// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.api;

import java.io.IOException;
import org.ulvs.web.http.Exchange;
import org.ulvs.web.http.Problems;
import org.ulvs.web.http.Reply;
import org.ulvs.web.live.ControlPlane;
import org.ulvs.web.panel.Tool;
import tools.jackson.databind.json.JsonMapper;

/** Answers of the REST interface. */
final class Answers {
    static final String ROOT = "/api/v1";
    static final String VIRTUALS = ROOT + "/virtual-servers";
    static final JsonMapper JSON = JsonMapper.builder().build();

    private Answers() {}

    static Reply ok(Object value) {
        return json(200, value);
    }

    static Reply json(int status, Object value) {
        return Reply.json(status, JSON.writeValueAsBytes(value));
    }

    /** With the version that a change of it has to name. */
    static Reply tagged(Reply reply, String hash) {
        return reply.with("ETag", '"' + hash + '"');
    }

    static Reply missing() {
        return Problems.reply(404, "there is no such service or real server in lvs.cf");
    }

    /** What pulse said, for the journal too. */
    static Reply applied(Tool tool, Exchange exchange, ControlPlane.Applied applied) throws IOException {
        tool.journal(exchange, "apply", applied.report());
        return json(applied.done() ? 200 : 409, applied);
    }
}
