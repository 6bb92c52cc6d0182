// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.panel;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ulvs.web.auth.LoginLimiter;
import org.ulvs.web.auth.PasswordFile;
import org.ulvs.web.auth.Session;
import org.ulvs.web.auth.Sessions;
import org.ulvs.web.edit.ConfigStore;
import org.ulvs.web.edit.ConfiguredServer;
import org.ulvs.web.http.Exchange;
import org.ulvs.web.http.Reply;
import org.ulvs.web.live.ChangeLog;
import org.ulvs.web.live.Checkup;
import org.ulvs.web.live.ControlPlane;
import org.ulvs.web.live.Monitor;

/**
 * What all panels share.
 *
 * @param renderer of templates
 * @param store of lvs.cf
 * @param log of changes
 * @param control the director's control process
 * @param monitor of the dataplane
 * @param rows of the live table
 * @param sessions of this process
 * @param password of the one user
 * @param limiter of logins
 */
public record Tool(
        Renderer renderer,
        ConfigStore store,
        ChangeLog log,
        ControlPlane control,
        Monitor monitor,
        LiveRows rows,
        Sessions sessions,
        PasswordFile password,
        LoginLimiter limiter) {
    private static final String HOST = hostName();

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "this director";
        }
    }

    /** The frame of a panel for who is logged in. */
    public Page page(Exchange exchange, String title, String tab) throws IOException {
        final Session session = exchange.loggedIn();
        final ConfigStore.Loaded loaded = store.load();
        return new Page(
                title,
                tab,
                session.user(),
                session.csrf(),
                session.takeNotice(),
                HOST,
                loaded.content().configuration().failoverMode(),
                loaded.serial(),
                control.appliedSerial(),
                0);
    }

    /** The frame of a page for nobody in particular. */
    public static Page bare(String title) {
        return new Page(title, "", "", "", "", HOST, false, 0, -1, 0);
    }

    /** A panel. */
    public Reply show(Exchange exchange, String title, String tab, String template, Map<String, ?> model)
            throws IOException {
        return renderer.page(200, template, page(exchange, title, tab), model);
    }

    /** A page with one sentence; for who is logged in with the tabs around it. */
    public Reply message(@Nullable Exchange exchange, int status, String title, String text) throws IOException {
        final Page page = exchange == null || exchange.session() == null ? bare(title) : page(exchange, title, "");
        return renderer.page(status, "message", page, Map.of("text", text));
    }

    /** Lets pulse load lvs.cf on behalf of who is asking. */
    public ControlPlane.Applied apply(Exchange exchange) throws IOException {
        return control.apply(whom(exchange));
    }

    /** Who is asking, and from where. */
    static String whom(Exchange exchange) {
        return exchange.who() + " from " + exchange.from();
    }

    /** Checks a server now, and takes it down in the journal. */
    public Checkup.Report check(Exchange exchange, String virtual, String server, ConfiguredServer configured)
            throws IOException {
        final Checkup.Report report = Checkup.run(configured.virtual(), configured.server());
        journal(
                exchange,
                "check",
                "checked " + virtual + '/' + server + ": " + (report.up() ? "up" : "down") + ", " + report.reason());
        return report;
    }

    /** Writes into the journal who did what from where. */
    public void journal(Exchange exchange, String kind, String text) throws IOException {
        log.append(kind, exchange.who(), exchange.from(), text);
    }
}
