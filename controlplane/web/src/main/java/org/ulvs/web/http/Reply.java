// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What an action answers: an answer with a body, or a stream of events. Immutable. */
public final class Reply {
    private final int status;
    private final String type;
    private final byte[] body;
    private final Map<String, String> headers;
    private final boolean stream;

    private Reply(int status, String type, byte[] body, Map<String, String> headers, boolean stream) {
        this.status = status;
        this.type = type;
        this.body = body;
        this.headers = Map.copyOf(headers);
        this.stream = stream;
    }

    /** A page. */
    public static Reply html(int status, String html) {
        return of(status, "text/html;charset=utf-8", html.getBytes(StandardCharsets.UTF_8));
    }

    /** Plain text. */
    public static Reply text(int status, String text) {
        return of(status, "text/plain;charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /** JSON. */
    public static Reply json(int status, byte[] json) {
        return of(status, "application/json", json);
    }

    /** Bytes of any type. */
    public static Reply of(int status, String type, byte[] body) {
        return new Reply(status, type, body, Map.of(), false);
    }

    /** Go on there with GET. */
    public static Reply redirect(String location) {
        return text(303, "").with("Location", location);
    }

    /** Server-sent events, fed by the server until either side ends. */
    public static Reply events() {
        return new Reply(200, "text/event-stream;charset=utf-8", new byte[0], Map.of(), true);
    }

    /** With one more header. */
    public Reply with(String name, String value) {
        final Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Reply(status, type, body, more, stream);
    }

    /** Status code. */
    public int status() {
        return status;
    }

    /** Content type. */
    public String type() {
        return type;
    }

    byte[] body() {
        return body;
    }

    Map<String, String> headers() {
        return headers;
    }

    boolean isStream() {
        return stream;
    }
}
