// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.panel;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.ulvs.web.auth.PasswordFile;
import org.ulvs.web.auth.Secrets;
import org.ulvs.web.auth.Sessions;
import org.ulvs.web.http.Cookies;
import org.ulvs.web.http.Exchange;
import org.ulvs.web.http.Reply;
import org.ulvs.web.http.Routes;
import org.ulvs.web.live.ChangeLog;

/** The welcome panel with its login, and the change of the password. */
public final class LoginPages {
    private final Tool tool;

    /** The pages. */
    public LoginPages(Tool tool) {
        this.tool = tool;
    }

    /** Their routes. */
    public void addTo(Routes routes) {
        routes.get(
                        "/",
                        Routes.Access.OPEN,
                        exchange -> Reply.redirect(exchange.session() == null ? "/login" : "/control"))
                .get("/login", Routes.Access.OPEN, exchange -> form(exchange, 200, ""))
                .post("/login", Routes.Access.OPEN, this::login)
                .post("/logout", Routes.Access.SESSION, this::logout)
                .get("/password", Routes.Access.SESSION, exchange -> password(exchange, 200, ""))
                .post("/password", Routes.Access.SESSION, this::changePassword);
    }

    /** The form's word stands in a cookie as well, so that another site cannot log somebody in. */
    private Reply form(Exchange exchange, int status, String error) {
        final String word = Secrets.random();
        return tool.renderer()
                .page(
                        status,
                        "login",
                        Tool.bare("Welcome"),
                        Map.of(
                                "error",
                                error,
                                "problem",
                                tool.password().problem().orElse(""),
                                "word",
                                word,
                                "secure",
                                exchange.secure()))
                .with("Set-Cookie", Cookies.set(Cookies.loginName(exchange.secure()), word, exchange.secure()));
    }

    private Reply login(Exchange exchange) throws IOException {
        final String cookie = Cookies.find(exchange.header("cookie"), Cookies.loginName(exchange.secure()));
        if (cookie.isEmpty() || !Secrets.same(cookie, exchange.form().raw("_login"))) {
            return form(exchange, 403, "The form had grown old. Please try again.");
        }
        final Duration wait = tool.limiter().attempt(exchange.remote());
        if (!wait.isZero()) {
            final long seconds = Math.max(1, wait.toSeconds() + 1);
            return form(exchange, 429, "Too many attempts. Wait " + seconds + " seconds.")
                    .with("Retry-After", Long.toString(seconds));
        }
        final String user = exchange.form().value("user");
        if (!tool.password().matches(user, exchange.form().raw("password"))) {
            tool.log().append(ChangeLog.LOGIN, "nobody", exchange.from(), "a login failed");
            return form(exchange, 403, "User name or password is wrong.");
        }
        tool.limiter().onSuccess(exchange.remote());
        endSessionsOfAFormerPassword();
        final Sessions.Opened opened = tool.sessions().open(PasswordFile.USER, exchange.from());
        tool.log().append(ChangeLog.LOGIN, PasswordFile.USER, exchange.from(), "logged in");
        return Reply.redirect("/control")
                .with(
                        "Set-Cookie",
                        Cookies.set(Cookies.sessionName(exchange.secure()), opened.secret(), exchange.secure()));
    }

    /** A password that was set by piranha-passwd ends what was begun with the former one. */
    public synchronized void endSessionsOfAFormerPassword() {
        if (tool.password().changedElsewhere()) {
            tool.sessions().closeAll();
        }
    }

    private Reply logout(Exchange exchange) {
        tool.sessions().close(exchange.loggedIn());
        return Reply.redirect("/login")
                .with("Set-Cookie", Cookies.end(Cookies.sessionName(exchange.secure()), exchange.secure()));
    }

    private Reply password(Exchange exchange, int status, String error) throws IOException {
        return tool.renderer()
                .page(status, "password", tool.page(exchange, "CHANGE PASSWORD", "/control"), Map.of("error", error));
    }

    private Reply changePassword(Exchange exchange) throws IOException {
        final String wanted = exchange.form().raw("new");
        final Duration wait = tool.limiter().attempt(exchange.remote());
        if (!wait.isZero()) {
            return password(exchange, 429, "Too many attempts. Wait " + (wait.toSeconds() + 1) + " seconds.");
        }
        if (!tool.password().matches(PasswordFile.USER, exchange.form().raw("old"))) {
            return password(exchange, 422, "The present password is wrong.");
        }
        tool.limiter().onSuccess(exchange.remote());
        if (!wanted.equals(exchange.form().raw("again"))) {
            return password(exchange, 422, "The two new passwords differ.");
        }
        final Optional<String> weakness = PasswordFile.weakness(wanted);
        if (weakness.isPresent()) {
            return password(exchange, 422, weakness.get());
        }
        tool.password().set(wanted);
        tool.sessions().closeOthers(exchange.loggedIn());
        tool.journal(exchange, "password", "changed the password");
        exchange.loggedIn().notice("The password has been changed. Other sessions have ended.");
        return Reply.redirect("/control");
    }
}
