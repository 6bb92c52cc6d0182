// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.http;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.ulvs.web.auth.Session;

/**
 * A request that has passed the gate.
 *
 * @param method in capitals
 * @param path decoded, without the query
 * @param query the fields of the query
 * @param form the fields of the body; empty unless the body is a form
 * @param body the body as text
 * @param headers names in small letters
 * @param remote who asks
 * @param host of the Host header, with its port
 * @param secure whether the request came over TLS
 * @param session the session, if there is one
 * @param token name of the token that was shown, empty for none
 * @param matched the parts of the path that the route leaves open, in order
 */
public record Exchange(
        String method,
        String path,
        Form query,
        Form form,
        String body,
        Map<String, String> headers,
        InetAddress remote,
        String host,
        boolean secure,
        @Nullable Session session,
        String token,
        java.util.List<String> matched) {
    /** The session of a route that demands one. */
    public Session loggedIn() {
        if (session == null) {
            throw new NoSuchElementException("no session");
        }
        return session;
    }

    /** Who this is, for the journal: a user, or a token. */
    public String who() {
        if (session != null) {
            return session.user();
        }
        return token.isEmpty() ? "nobody" : "token " + token;
    }

    /** From where, for the journal. */
    public String from() {
        return remote.getHostAddress();
    }

    /** A header, empty where it was not sent. */
    public String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** Bytes of the body. */
    public int bodyLength() {
        return body.getBytes(StandardCharsets.UTF_8).length;
    }
}
