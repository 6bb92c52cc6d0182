// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who uses the tool by HTTP, as a browser without a window or a script. */
abstract class Visitor {
    static final String PASSWORD = "correct horse";

    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");
    private static final Pattern BASE = Pattern.compile("name=\"base\" value=\"([^\"]+)\"");
    private static final Pattern LOGIN = Pattern.compile("name=\"_login\" value=\"([^\"]+)\"");

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private String cookie = "";

    /** Where the tool is, without a slash at the end. */
    abstract String address();

    HttpRequest.Builder request(String path) {
        final HttpRequest.Builder builder =
                HttpRequest.newBuilder(URI.create(address() + path)).timeout(Duration.ofSeconds(60));
        return cookie.isEmpty() ? builder : builder.header("Cookie", cookie);
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Asks the REST interface; with the version to change where there is one. */
    HttpResponse<String> ask(String token, String method, String path, String body, String match) {
        final HttpRequest.Builder request = request("/api/v1" + path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        return send(match.isEmpty() ? request : request.header("If-Match", match));
    }

    HttpResponse<String> get(String path) {
        return send(request(path).GET());
    }

    /** Sends a form just as it is given: {@code name, value, name, value…}. */
    HttpResponse<String> postRaw(String path, String... fields) {
        return send(form(request(path), fields));
    }

    static HttpRequest.Builder form(HttpRequest.Builder request, String... fields) {
        final StringBuilder body = new StringBuilder();
        for (int i = 0; i < fields.length; i += 2) {
            body.append(i == 0 ? "" : "&")
                    .append(URLEncoder.encode(fields[i], StandardCharsets.UTF_8))
                    .append('=')
                    .append(URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8));
        }
        return request.header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
    }

    /** Opens a panel, then sends its form with the panel's own token and version. */
    HttpResponse<String> post(String panel, String path, String... fields) {
        final String page = get(panel).body();
        final String[] all = new String[fields.length + 4];
        System.arraycopy(fields, 0, all, 4, fields.length);
        all[0] = "_csrf";
        all[1] = find(CSRF, page);
        all[2] = "base";
        all[3] = find(BASE, page);
        return postRaw(path, all);
    }

    /** Follows a draft's redirect and presses a button of its preview. */
    HttpResponse<String> decide(HttpResponse<String> toPreview, String button) {
        return decide("/changes", toPreview, button);
    }

    HttpResponse<String> decide(String path, HttpResponse<String> toPreview, String button) {
        final String location = toPreview.headers().firstValue("Location").orElse("");
        final String page = get(location).body();
        return postRaw(
                path,
                "_csrf",
                find(CSRF, page),
                "draft",
                location.substring(location.indexOf('=') + 1),
                "action",
                button);
    }

    String csrf() {
        return find(CSRF, get("/control").body());
    }

    HttpResponse<String> tryLogin(String user, String password) {
        cookie = "";
        final HttpResponse<String> page = get("/login");
        cookie = cookie(page);
        final HttpResponse<String> answer =
                postRaw("/login", "_login", find(LOGIN, page.body()), "user", user, "password", password);
        cookie = "";
        return answer;
    }

    /** Logs in; the cookie is kept. */
    void enter() {
        final HttpResponse<String> answer = tryLogin("piranha", PASSWORD);
        if (answer.statusCode() != 303) {
            throw new IllegalStateException("login failed: " + answer.statusCode());
        }
        cookie = cookie(answer);
    }

    private static String cookie(HttpResponse<String> answer) {
        return answer.headers().firstValue("Set-Cookie").orElse("").split(";", 2)[0];
    }

    private static String find(Pattern pattern, String page) {
        final Matcher matcher = pattern.matcher(page);
        return matcher.find() ? matcher.group(1) : "";
    }
}
