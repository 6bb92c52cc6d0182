// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.http;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.ulvs.web.auth.Session;

/**
 * Which action answers which method and path. Only paths that are listed exist. A segment written as {@code *}
 * stands for
 * any one segment. GET must not change anything; what changes something is POST (PUT and DELETE in the REST interface).
 */
public final class Routes {
    /** Who may ask. */
    public enum Access {
        /** Everybody whom the list of addresses lets in. */
        OPEN,
        /** Who has logged in. */
        SESSION,
        /** A program with a token, or who has logged in. */
        API
    }

    /** One route. */
    record Route(String method, List<String> segments, Access access, Action action) {
        Optional<List<String>> match(List<String> path) {
            if (path.size() != segments.size()) {
                return Optional.empty();
            }
            final List<String> open = new ArrayList<>();
            for (int i = 0; i < path.size(); i++) {
                if ("*".equals(segments.get(i))) {
                    open.add(path.get(i));
                } else if (!segments.get(i).equals(path.get(i))) {
                    return Optional.empty();
                }
            }
            return Optional.of(open);
        }
    }

    /** A route that fits a request, and what its stars stand for. */
    record Match(Route route, List<String> open) {}

    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

    private final List<Route> routes = new ArrayList<>();

    /** A page. HEAD is answered as well. */
    public Routes get(String path, Access access, Action action) {
        return add("GET", path, access, action);
    }

    /** A form. */
    public Routes post(String path, Access access, Action action) {
        return add("POST", path, access, action);
    }

    /** A route of any of the methods GET, POST, PUT and DELETE. */
    public Routes add(String method, String path, Access access, Action action) {
        routes.add(new Route(method, segments(path), access, action));
        return this;
    }

    /**
     * Answers every page once for nobody: what is asked for the first time makes the machine load and link classes.
     *
     * @param session of nobody
     * @param query sent to each page, which takes of it what it knows
     */
    public void rehearse(Session session, Form query) {
        for (final Route route : routes) {
            if ("GET".equals(route.method()) && !route.segments().contains("*")) {
                final Exchange exchange = new Exchange(
                        "GET",
                        String.join("/", route.segments()),
                        query,
                        Form.EMPTY,
                        "",
                        Map.of(),
                        InetAddress.getLoopbackAddress(),
                        "localhost",
                        true,
                        session,
                        "",
                        List.of());
                try {
                    route.action().answer(exchange);
                } catch (IOException | RuntimeException e) {
                    // whoever asks for this page will be told
                    LOG.debug("rehearsing {}", exchange.path(), e);
                }
            }
        }
    }

    static List<String> segments(String path) {
        return List.of(path.split("/", -1));
    }

    Optional<Match> find(String method, List<String> path) {
        final String wanted = "HEAD".equals(method) ? "GET" : method;
        for (final Route route : routes) {
            if (route.method().equals(wanted)) {
                final Optional<List<String>> open = route.match(path);
                if (open.isPresent()) {
                    return Optional.of(new Match(route, open.get()));
                }
            }
        }
        return Optional.empty();
    }

    /** Methods with which a path can be asked; empty where there is no such path. */
    Set<String> methods(List<String> path) {
        final Set<String> methods = new TreeSet<>();
        for (final Route route : routes) {
            if (route.match(path).isPresent()) {
                methods.add(route.method());
                if ("GET".equals(route.method())) {
                    methods.add("HEAD");
                }
            }
        }
        return methods;
    }
}
