// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.ulvs.web.auth.Secrets;
import org.ulvs.web.auth.Session;

/**
 * Every request passes here, in this order: address, method, path, who, size and time of the body, its type,
 * where it was
 * made (Origin, Sec-Fetch-Site), the form's token. Only then does an action see it.
 */
final class Gate extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE");
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String JSON = "application/json";

    private final Site site;

    Gate(Site site) {
        this.site = site;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Headers.secure(response, request.isSecure());
        final String path = path(request);
        final InetAddress remote = remote(request);
        if (remote == null || !site.allowed().allows(remote)) {
            send(request, response, callback, Reply.text(403, "Your address is not on the list of those allowed.\n"));
            return true;
        }
        final String method = request.getMethod();
        final List<String> segments = Routes.segments(path);
        if (!METHODS.contains(method)) {
            refuse(request, response, callback, 405, "The method " + printable(method) + " is not known here.");
            return true;
        }
        final Optional<Routes.Match> match = site.routes().find(method, segments);
        if (match.isEmpty()) {
            final Set<String> others = site.routes().methods(segments);
            if (others.isEmpty()) {
                refuse(request, response, callback, 404, "There is no such page.");
            } else {
                response.getHeaders().put(HttpHeader.ALLOW, String.join(", ", others));
                refuse(request, response, callback, 405, "This cannot be done with " + method + '.');
            }
            return true;
        }
        try {
            enter(request, response, callback, match.get(), remote);
        } catch (IOException e) {
            LOG.warn("the tokens cannot be read: {}", e.getMessage());
            refuse(
                    request,
                    response,
                    callback,
                    503,
                    e.getMessage() == null ? "The tokens cannot be read." : e.getMessage());
        } catch (IllegalArgumentException e) {
            refuse(request, response, callback, 400, "The request cannot be understood: " + e.getMessage());
        }
        return true;
    }

    private void enter(Request request, Response response, Callback callback, Routes.Match match, InetAddress remote)
            throws IOException {
        final Session session = session(request);
        final Routes.Access access = match.route().access();
        String token = "";
        if (access == Routes.Access.API) {
            final String authorization = header(request, HttpHeader.AUTHORIZATION);
            if (authorization.startsWith("Bearer ")) {
                token = site.tokens()
                        .name(authorization.substring("Bearer ".length()).strip())
                        .orElse("");
            }
            if (token.isEmpty() && (session == null || !authorization.isEmpty())) {
                response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
                send(
                        request,
                        response,
                        callback,
                        Problems.reply(401, "a token is needed: piranha-passwd --token NAME"));
                return;
            }
        } else if (access == Routes.Access.SESSION && session == null) {
            if (isRead(request)) {
                send(request, response, callback, Reply.redirect("/login"));
            } else {
                refuse(request, response, callback, 401, "Log in first. Nothing has been changed.");
            }
            return;
        }
        final Exchange exchange = exchange(request, match, remote, token.isEmpty() ? session : null, token, "");
        if (isRead(request)) {
            act(request, response, callback, match.route().action(), exchange);
            return;
        }
        final String misplaced = misplaced(request, exchange);
        if (!misplaced.isEmpty()) {
            refuse(request, response, callback, 403, misplaced);
            return;
        }
        readBody(request, response, callback, match.route(), exchange);
    }

    /** Waits for the body without holding a thread. */
    private void readBody(
            Request request, Response response, Callback callback, Routes.Route route, Exchange exchange) {
        final CompletableFuture<byte[]> unused = Body.read(
                        request, site.limits().bodyBytes(), site.limits().bodyTime())
                .whenComplete((bytes, failure) -> request.getContext().execute(() -> {
                    if (failure != null) {
                        onBadBody(request, response, callback, failure);
                    } else {
                        onBody(request, response, callback, route, exchange, bytes);
                    }
                }));
    }

    private void onBadBody(Request request, Response response, Callback callback, Throwable failure) {
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        if (failure instanceof TimeoutException) {
            writeAndClose(request, response, callback, site.errorPages().reply(408, "The request took too long."));
        } else if (failure instanceof Body.TooLargeException) {
            refuse(request, response, callback, 413, "The request is too large.");
        } else {
            final int status = failure instanceof HttpException bad ? bad.getCode() : 400;
            refuse(request, response, callback, status, "The request cannot be understood.");
        }
    }

    /** Answers and ends the connection: the rest of the body is not worth waiting for. */
    private static void writeAndClose(Request request, Response response, Callback callback, Reply reply) {
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        final Callback closing = Callback.from(
                callback,
                () -> request.getConnectionMetaData()
                        .getConnection()
                        .getEndPoint()
                        .close());
        write(request, response, closing, reply);
    }

    private void onBody(
            Request request,
            Response response,
            Callback callback,
            Routes.Route route,
            Exchange exchange,
            byte[] bytes) {
        final String type = type(request);
        try {
            final String body = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            final boolean isForm = FORM.equals(type);
            if (route.access() == Routes.Access.API) {
                if (!JSON.equals(type) && !body.isEmpty()) {
                    send(request, response, callback, Problems.reply(415, "the body must be application/json"));
                    return;
                }
            } else if (!isForm) {
                refuse(request, response, callback, 415, "The request is not a form.");
                return;
            }
            final Exchange whole = withBody(exchange, isForm ? Form.parse(body) : Form.EMPTY, body);
            if (whole.session() != null && !Secrets.same(whole.session().csrf(), csrf(whole))) {
                refuse(
                        request,
                        response,
                        callback,
                        403,
                        "The form was not made by this session. Nothing has been changed: load the page again.");
                return;
            }
            act(request, response, callback, route.action(), whole);
        } catch (CharacterCodingException | IllegalArgumentException e) {
            refuse(request, response, callback, 400, "The request cannot be understood.");
        }
    }

    private static String csrf(Exchange exchange) {
        final String header = exchange.header("x-csrf-token");
        return header.isEmpty() ? exchange.form().raw("_csrf") : header;
    }

    private void act(Request request, Response response, Callback callback, Action action, Exchange exchange) {
        Reply reply;
        final long began = System.nanoTime();
        try {
            reply = action.answer(exchange);
        } catch (IOException e) {
            LOG.warn("{} {} from {}: {}", exchange.method(), exchange.path(), exchange.from(), e.toString());
            final String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            reply = isApi(exchange.path())
                    ? Problems.reply(503, message)
                    : site.errorPages().reply(503, message);
        } catch (RuntimeException e) {
            LOG.error("{} {} from {}", exchange.method(), exchange.path(), exchange.from(), e);
            final String message = "Something went wrong inside the tool; its log says what.";
            reply = isApi(exchange.path())
                    ? Problems.reply(500, message)
                    : site.errorPages().reply(500, message);
        }
        if (exchange.session() != null) {
            // only for who is in: how long others take says something about passwords
            response.getHeaders()
                    .put(
                            "Server-Timing",
                            String.format(Locale.ROOT, "app;dur=%.1f", (System.nanoTime() - began) / 1e6));
        }
        if (reply.isStream()) {
            site.feed().open(request, response, callback, exchange);
        } else {
            send(request, response, callback, reply);
        }
    }

    private void refuse(Request request, Response response, Callback callback, int status, String reason) {
        send(
                request,
                response,
                callback,
                isApi(path(request))
                        ? Problems.reply(status, reason)
                        : site.errorPages().reply(status, reason));
    }

    private static boolean isApi(String path) {
        return path.startsWith("/api/");
    }

    /**
     * Answers when the request has been read; what nobody wanted of a body is forgotten. Twice what a body may have, so
     * that who sent somewhat too much reads why before the connection ends.
     */
    private void send(Request request, Response response, Callback callback, Reply reply) {
        final CompletableFuture<byte[]> unused = Body.skip(
                        request, 2 * site.limits().bodyBytes(), site.limits().bodyTime())
                .whenComplete((bytes, failure) -> {
                    if (failure == null) {
                        write(request, response, callback, reply);
                    } else {
                        writeAndClose(request, response, callback, reply);
                    }
                });
    }

    private static void write(Request request, Response response, Callback callback, Reply reply) {
        response.setStatus(reply.status());
        reply.headers().forEach((name, value) -> response.getHeaders().put(name, value));
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, reply.type());
        final ByteBuffer body = ByteBuffer.wrap(reply.body());
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.remaining());
        response.write(true, "HEAD".equals(request.getMethod()) ? ByteBuffer.allocate(0) : body, callback);
    }

    /** Why a request that changes something must come from elsewhere; empty when it does not. */
    private static String misplaced(Request request, Exchange exchange) {
        if (!exchange.token().isEmpty()) {
            return "";
        }
        final String site = exchange.header("sec-fetch-site");
        if (!site.isEmpty() && !"same-origin".equals(site) && !"none".equals(site)) {
            return "The request comes from another site.";
        }
        final String origin = exchange.header("origin");
        final String own = (request.isSecure() ? "https://" : "http://") + exchange.host();
        return origin.isEmpty() || origin.equalsIgnoreCase(own) ? "" : "The request comes from another site.";
    }

    private static boolean isRead(Request request) {
        return "GET".equals(request.getMethod()) || "HEAD".equals(request.getMethod());
    }

    private @Nullable Session session(Request request) {
        final String name = Cookies.sessionName(request.isSecure());
        for (final HttpCookie cookie : Request.getCookies(request)) {
            if (cookie.getName().equals(name)) {
                return site.sessions().find(cookie.getValue()).orElse(null);
            }
        }
        return null;
    }

    private static Exchange exchange(
            Request request,
            Routes.Match match,
            InetAddress remote,
            @Nullable Session session,
            String token,
            String body) {
        final Map<String, String> headers = new TreeMap<>();
        for (final HttpField field : request.getHeaders()) {
            headers.putIfAbsent(field.getLowerCaseName(), field.getValue() == null ? "" : field.getValue());
        }
        return new Exchange(
                request.getMethod(),
                path(request),
                Form.parse(request.getHttpURI().getQuery()),
                Form.EMPTY,
                body,
                headers,
                remote,
                headers.getOrDefault("host", ""),
                request.isSecure(),
                session,
                token,
                decoded(match.open()));
    }

    private static List<String> decoded(List<String> open) {
        final List<String> names = new ArrayList<>();
        for (final String segment : open) {
            // a plus is a plus in a path
            names.addAll(Form.parse(segment.replace("+", "%2B")).names());
        }
        return List.copyOf(names);
    }

    private static Exchange withBody(Exchange bare, Form form, String body) {
        return new Exchange(
                bare.method(),
                bare.path(),
                bare.query(),
                form,
                body,
                bare.headers(),
                bare.remote(),
                bare.host(),
                bare.secure(),
                bare.session(),
                bare.token(),
                bare.matched());
    }

    private static String path(Request request) {
        final String path = request.getHttpURI().getPath();
        return path == null ? "/" : path;
    }

    private static @Nullable InetAddress remote(Request request) {
        return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress address
                ? address.getAddress()
                : null;
    }

    private static String header(Request request, HttpHeader name) {
        final String value = request.getHeaders().get(name);
        return value == null ? "" : value;
    }

    private static String type(Request request) {
        final String type = header(request, HttpHeader.CONTENT_TYPE);
        final int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }

    private static String printable(String text) {
        return text.replaceAll("[^A-Za-z]", "?");
    }
}
