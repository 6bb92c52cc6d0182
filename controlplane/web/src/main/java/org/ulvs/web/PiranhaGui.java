// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulvs.control.lvscf.BlockKind;
import org.ulvs.control.lvscf.Names;
import org.ulvs.control.pulse.PulseOptions;
import org.ulvs.web.api.Api;
import org.ulvs.web.api.Metrics;
import org.ulvs.web.auth.AddressList;
import org.ulvs.web.auth.LoginLimiter;
import org.ulvs.web.auth.PasswordFile;
import org.ulvs.web.auth.Session;
import org.ulvs.web.auth.Sessions;
import org.ulvs.web.auth.TokenFile;
import org.ulvs.web.edit.ConfigStore;
import org.ulvs.web.http.EventFeed;
import org.ulvs.web.http.Form;
import org.ulvs.web.http.Limits;
import org.ulvs.web.http.Reply;
import org.ulvs.web.http.Routes;
import org.ulvs.web.http.Site;
import org.ulvs.web.http.TlsIdentity;
import org.ulvs.web.http.WebServer;
import org.ulvs.web.live.ChangeLog;
import org.ulvs.web.live.ControlPlane;
import org.ulvs.web.live.DataplaneReader;
import org.ulvs.web.live.Monitor;
import org.ulvs.web.live.PulseControl;
import org.ulvs.web.panel.Assets;
import org.ulvs.web.panel.Changes;
import org.ulvs.web.panel.HelpPage;
import org.ulvs.web.panel.LiveRows;
import org.ulvs.web.panel.LoginPages;
import org.ulvs.web.panel.MarkPanel;
import org.ulvs.web.panel.MonitorPanels;
import org.ulvs.web.panel.Renderer;
import org.ulvs.web.panel.ServerPanels;
import org.ulvs.web.panel.ServicePanels;
import org.ulvs.web.panel.SettingsPanels;
import org.ulvs.web.panel.Tool;
import org.ulvs.web.panel.WatchPanel;

/** The process of the Piranha configuration tool. */
public final class PiranhaGui implements AutoCloseable {
    private static final int REHEARSALS = 2;

    private final WebServer server;
    private final Monitor monitor;
    private final ControlPlane plane;

    private PiranhaGui(WebServer server, Monitor monitor, ControlPlane plane) {
        this.server = server;
        this.monitor = monitor;
        this.plane = plane;
    }

    /** Exit codes: 1 cannot start, 2 wrong usage. Runs until it is stopped. */
    public static void main(String[] arguments) throws InterruptedException {
        for (final String argument : arguments) {
            if ("--help".equals(argument) || "-h".equals(argument)) {
                System.out.print(GuiOptions.USAGE);
                return;
            }
        }
        try {
            final GuiOptions options = GuiOptions.parse(arguments);
            Files.createDirectories(options.conf());
            final TlsIdentity identity = identity(options);
            try (PiranhaGui gui = start(options, identity, Clock.systemUTC(), Limits.DEFAULT, null, 12)) {
                System.out.println("piranha-gui: listening on " + (options.plain() ? "http" : "https") + "://"
                        + options.listen().getHostString() + ':' + gui.port() + '/');
                if (identity != null) {
                    System.out.println("piranha-gui: certificate SHA-256 " + identity.fingerprint());
                }
                gui.server.join();
            }
        } catch (GuiOptions.UsageException | IllegalArgumentException e) {
            System.err.println("piranha-gui: " + e.getMessage() + "; ./ulvs piranha-gui --help explains it");
            System.exit(2);
        } catch (IOException e) {
            System.err.println("piranha-gui: " + e.getMessage());
            System.exit(1);
        }
    }

    private static @Nullable TlsIdentity identity(GuiOptions options) throws IOException {
        if (options.plain()) {
            return null;
        }
        if (options.certificate() != null && options.key() != null) {
            return TlsIdentity.ofPem(options.certificate(), options.key());
        }
        return TlsIdentity.loadOrCreate(options.conf().resolve("piranha.p12"));
    }

    /**
     * Starts everything.
     *
     * @param control the control plane, or null for pulse's own
     * @param passwordCost of bcrypt
     */
    static PiranhaGui start(
            GuiOptions options,
            @Nullable TlsIdentity identity,
            Clock clock,
            Limits limits,
            @Nullable ControlPlane control,
            int passwordCost)
            throws IOException {
        final ConfigStore store = new ConfigStore(options.lvsCf(), Names.system());
        final Sessions sessions = new Sessions(clock);
        final TokenFile tokens = new TokenFile(GuiOptions.tokens(options.conf()));
        final Monitor monitor = new Monitor(new DataplaneReader(options.directory()));
        final ControlPlane plane = control == null
                ? new PulseControl(new PulseOptions(options.lvsCf(), options.directory(), false, false), store, clock)
                : control;
        final Tool tool = new Tool(
                new Renderer(),
                store,
                new ChangeLog(options.conf().resolve("piranha.journal"), clock),
                plane,
                monitor,
                new LiveRows(monitor, store, plane),
                sessions,
                new PasswordFile(GuiOptions.password(options.conf()), passwordCost),
                new LoginLimiter(clock));
        final EventFeed feed = new EventFeed(sessions);
        final Changes changes = new Changes(tool);
        final MonitorPanels monitorPanels = new MonitorPanels(tool);
        final Routes routes = new Routes();
        Assets.addTo(routes);
        final LoginPages loginPages = new LoginPages(tool);
        loginPages.addTo(routes);
        monitorPanels.addTo(routes);
        new WatchPanel(tool, changes).addTo(routes);
        new SettingsPanels(tool, changes).addTo(routes);
        new ServicePanels(tool, changes, BlockKind.VIRTUAL).addTo(routes);
        new ServicePanels(tool, changes, BlockKind.FAILOVER).addTo(routes);
        new ServerPanels(tool, changes).addTo(routes);
        new MarkPanel(tool, changes).addTo(routes);
        changes.addTo(routes);
        new HelpPage(tool).addTo(routes);
        new Api(tool).addTo(routes);
        new Metrics(tool).addTo(routes);
        routes.get("/healthz", Routes.Access.OPEN, exchange -> Reply.text(200, "ok\n"));
        final WebServer server = new WebServer(
                options.listen(),
                identity,
                new Site(
                        routes,
                        (status, reason) -> errorPage(tool, status, reason),
                        sessions,
                        tokens,
                        allowed(options),
                        feed,
                        limits));
        rehearse(routes, sessions, monitor, store);
        loginPages.endSessionsOfAFormerPassword();
        monitor.start(() -> {
            loginPages.endSessionsOfAFormerPassword();
            // looked at each second, so that the timeline misses nothing while nobody looks
            plane.observe();
            feed.tick(monitorPanels::event);
        });
        server.start();
        return new PiranhaGui(server, monitor, plane);
    }

    /** So that the first visitor does not wait longer than others. */
    private static void rehearse(Routes routes, Sessions sessions, Monitor monitor, ConfigStore store)
            throws IOException {
        monitor.tick();
        final String virtual = store.load().content().configuration().virtualServers().stream()
                .findFirst()
                .map(found -> "name=" + URLEncoder.encode(found.name(), StandardCharsets.UTF_8))
                .orElse("");
        final Session nobody = sessions.open("rehearsal", "").session();
        for (int i = 0; i < REHEARSALS; i++) {
            routes.rehearse(nobody, Form.parse(virtual));
            routes.rehearse(nobody, Form.parse(virtual + "&show=all"));
        }
        sessions.close(nobody);
    }

    private static Reply errorPage(Tool tool, int status, String reason) {
        try {
            return tool.message(null, status, status == 404 ? "Not found" : "This did not work", reason);
        } catch (IOException e) {
            return Reply.text(status, reason);
        }
    }

    private static AddressList allowed(GuiOptions options) throws IOException {
        final List<String> entries = new ArrayList<>(options.allow());
        final Path file = GuiOptions.allowFile(options.conf());
        if (Files.exists(file)) {
            for (final String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                final int hash = line.indexOf('#');
                final String entry = (hash < 0 ? line : line.substring(0, hash)).strip();
                if (!entry.isEmpty()) {
                    entries.add(entry);
                }
            }
        }
        return AddressList.of(entries);
    }

    /** Reads the dataplane now. */
    void sample() {
        monitor.tick();
    }

    /** The port that it listens on. */
    int port() {
        return server.port();
    }

    @Override
    public void close() {
        monitor.close();
        server.close();
        plane.close();
    }
}
