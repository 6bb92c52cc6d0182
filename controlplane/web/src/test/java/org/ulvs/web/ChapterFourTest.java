// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ulvs.control.lvs.LvsStatus;
import org.ulvs.web.http.Limits;
import org.ulvs.web.live.ChangeLog;

/** The manual's chapter 4 in a browser: from no password to a working configuration that is watched. */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class ChapterFourTest {
    private static final Limits LIMITS =
            new Limits(64 * 1024, 8 * 1024, Duration.ofSeconds(30), Duration.ofSeconds(60), 64);
    private static final int VIP = 0xc0a8_1a0a;

    @TempDir
    private Path directory;

    private void look(Browser browser, String name) {
        if (!browser.runsScript()) {
            // axe-core is a script; the same pages have been looked at with it
            return;
        }
        assertThat(browser.violations()).as(name).isEmpty();
        browser.screenshot(name);
    }

    private static void accept(Browser browser) {
        browser.press("ACCEPT");
        assertThat(browser.title()).isEqualTo("Preview of changes");
        browser.press("WRITE");
        assertThat(browser.text()).contains("Written to lvs.cf");
    }

    private static void login(Gui gui, Browser browser) {
        browser.open(gui.address()).type("password", Gui.PASSWORD).press("Login");
        assertThat(browser.title()).isEqualTo("CONTROL/MONITORING");
    }

    @Test
    void shouldLeadFromLoginToWorkingConfiguration() throws Exception {
        try (Gui gui = new Gui(directory, java.util.List.of(), LIMITS);
                Browser browser = new Browser(directory.resolve("profile"), false, true)) {
            browser.open(gui.address());
            assertThat(browser.text()).contains("No password has been set").contains("piranha-passwd");
            gui.withPassword();
            browser.open(gui.address());
            look(browser, "welcome");
            login(gui, browser);
            settings(browser);
            virtualServer(browser);
            realServers(browser);
            scripts(browser);
            activate(gui, browser);
            watch(gui, browser);
            rest(browser);
        }
    }

    private void settings(Browser browser) {
        browser.press("GLOBAL SETTINGS")
                .type("primary", "192.168.26.201")
                .choose("network", "nat")
                .type("nat_router.ip", "10.11.12.10")
                .choose("nat_nmask", "255.255.255.0")
                .type("nat_router.device", "eth1:1");
        look(browser, "global-settings");
        accept(browser);
        browser.press("REDUNDANCY");
        assertThat(browser.text()).contains("inactive");
        browser.press("ENABLE");
        browser.press("WRITE");
        browser.type("backup", "192.168.26.202");
        look(browser, "redundancy");
        accept(browser);
    }

    private void virtualServer(Browser browser) {
        browser.press("VIRTUAL SERVERS").press("ADD");
        browser.type("name", "http").type("address.ip", "192.168.26.1000").type("address.device", "eth0:1");
        browser.press("ACCEPT");
        assertThat(browser.text()).contains("Nothing has been written");
        look(browser, "validation");
        browser.type("address.ip", "192.168.26.10");
        accept(browser);
        look(browser, "virtual-servers");
        browser.select("http").press("EDIT");
        look(browser, "virtual-server");
    }

    private void realServers(Browser browser) {
        for (int i = 1; i <= 2; i++) {
            browser.press("REAL SERVER").press("ADD");
            browser.type("name", "web" + i).type("address", "10.11.12." + i).type("weight", "1");
            if (i == 1) {
                look(browser, "edit-real-server");
            }
            accept(browser);
            browser.select("web" + i).press("(DE)ACTIVATE").press("WRITE");
        }
        look(browser, "real-servers");
    }

    private void scripts(Browser browser) {
        browser.press("MONITORING SCRIPTS");
        browser.type("send", "GET /health HTTP/1.0\\r\\n\\r\\n").type("expect", "HTTP/1.1 200");
        look(browser, "monitoring-scripts");
        browser.press("ACCEPT");
        look(browser, "preview");
        browser.press("WRITE");
    }

    private void activate(Gui gui, Browser browser) throws IOException {
        browser.press("VIRTUAL SERVERS");
        browser.select("http").press("(DE)ACTIVATE");
        assertThat(browser.text())
                .contains("ipvsadm -A -t 192.168.26.10:80 -s wlc")
                .contains("ipvsadm -a -t 192.168.26.10:80 -r 10.11.12.2:80 -m -w 1");
        look(browser, "preview-commands");
        browser.press("WRITE AND APPLY NOW");
        assertThat(gui.control.applied).hasValue(1);
        assertThat(gui.configuration())
                .contains("backup_active = 1")
                .contains("backup = 192.168.26.202")
                .contains("send = \"GET /health HTTP/1.0\\r\\n\\r\\n\"");
    }

    private void watch(Gui gui, Browser browser) throws Exception {
        try (FakeDataplane dataplane = new FakeDataplane(directory.resolve("dataplane"))) {
            dataplane.table(VIP, 80, 1, 1);
            for (int i = 0; i < 290; i++) {
                dataplane.figures(1, wave(i, 40, 17), wave(i, 14, 29), wave(i, 260_000, 41));
                dataplane.figures(2, wave(i, 36, 23), wave(i, 11, 31), wave(i, 210_000, 37));
                gui.sample();
            }
            health(gui, "web1", true, "HTTP/1.1 200 after 1.2 ms");
            health(gui, "web2", true, "HTTP/1.1 200 after 1.4 ms");
            browser.press("CONTROL/MONITORING");
            browser.await("[data-k='TCP 192.168.26.10:80>10.11.12.2:80'] .badge", "up");
            look(browser, "control-monitoring");
            updates(gui, browser, dataplane);
            browser.press("http");
            assertThat(browser.title()).isEqualTo("WATCH");
            plotsMove(browser, dataplane);
            health(gui, "web2", false, "connection refused");
            browser.await(".live [data-k='TCP 192.168.26.10:80>10.11.12.2:80'] .badge", "down");
            look(browser, "watch");
            oneServer(browser);
            health(gui, "web2", true, "HTTP/1.1 200 after 1.4 ms");
            browser.await(".live [data-k='TCP 192.168.26.10:80>10.11.12.2:80'] .badge", "up");
            browser.pressNamed("Drain web1");
            assertThat(gui.configuration()).contains("weight = 0");
            dataplane.table(VIP, 80, 0, 1);
            dataplane.figures(1, 3, 2, 0);
            browser.await(".draining", "3 active and 2 inactive connections remain");
            look(browser, "drain");
            browser.pressNamed("Restore web1 to weight 1");
            assertThat(gui.configuration()).doesNotContain("weight = 0");
        }
        checkNow(gui, browser);
    }

    /** Something that goes up and down without chance. */
    private static int wave(int i, int middle, int period) {
        return (int) (middle * (1 + 0.35 * Math.sin(i * Math.PI * 2 / period) + 0.2 * Math.sin(i / 40.0)));
    }

    private static void updates(Gui gui, Browser browser, FakeDataplane dataplane) {
        final String active = "[data-k='TCP 192.168.26.10:80>10.11.12.1:80'] [data-c=active]";
        browser.open(gui.address() + "/control?every=10");
        dataplane.figures(1, 77, 12, 240_000);
        gui.sample();
        browser.press("Update information now");
        browser.await(active, "77");
        browser.open(gui.address() + "/control?auto=1&every=1");
        dataplane.figures(1, 78, 12, 240_000);
        browser.await(active, "78");
    }

    private static void plotsMove(Browser browser, FakeDataplane dataplane) {
        final String line = ".plot polyline[data-column=active]";
        final String before = browser.attribute(line, "points");
        assertThat(before.split(" ", -1)).as("samples").hasSizeGreaterThan(250);
        dataplane.figures(1, 150, 90, 400_000);
        dataplane.figures(2, 60, 20, 300_000);
        browser.await("[data-now=active]", "210");
        browser.await("[data-now=inactive]", "110");
        browser.await("[data-now=connections]", "52/s");
        browser.await("[data-now=bytesIn]", "87.5 kB/s");
        browser.await("[data-now=bytesOut]", "700.0 kB/s");
        browser.await("[data-mark='2']", "500");
        browser.await("[data-mark='2']", "1.0 MB/s");
        assertThat(browser.attribute(line, "points")).isNotEqualTo(before);
    }

    private void oneServer(Browser browser) {
        browser.press("web2");
        assertThat(browser.text()).contains("connection refused").contains("http/web2: down: connection refused");
        browser.await("[data-now=active]", "60");
        look(browser, "watch-server");
        browser.press("All servers of http");
    }

    private static void health(Gui gui, String server, boolean up, String reason) {
        final long now = gui.clock.millis();
        gui.control.says(
                server,
                "10.11.12." + server.substring("web".length()),
                up,
                reason,
                now,
                LvsStatus.Checks.NONE.and(up, 1_200_000, now));
        gui.control.events.add(new ChangeLog.Event(
                now, "health", "pulse", "", "http/" + server + (up ? ": up: " : ": down: ") + reason));
        gui.clock.turn(Duration.ofSeconds(9));
    }

    /** A web server on the loopback that answers once. */
    private void checkNow(Gui gui, Browser browser) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            final Thread answering = new Thread(() -> answer(server));
            answering.setDaemon(true);
            answering.start();
            gui.withConfiguration(gui.configuration()
                    .replace(
                            "address = 10.11.12.1\n",
                            "address = 127.0.0.1\n         port = " + server.getLocalPort() + "\n"));
            browser.open(gui.address() + "/watch?name=http").pressNamed("Check web1 now");
            assertThat(browser.title()).isEqualTo("Check now");
            assertThat(browser.text()).contains("web1: up");
            look(browser, "check-now");
        }
    }

    private static void answer(ServerSocket server) {
        try (Socket client = server.accept()) {
            final byte[] request = client.getInputStream().readNBytes(10);
            if (request.length == 10) {
                client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\nwell".getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void rest(Browser browser) {
        browser.press("FIREWALL MARKS");
        browser.type("vip", "192.168.26.10")
                .type("ports", "80,443")
                .type("mark", "80")
                .press("ADD TO THE RULES");
        assertThat(browser.text()).contains("ACCEPT shows what will change");
        look(browser, "firewall-marks");
        browser.press("ACCEPT");
        look(browser, "firewall-marks-preview");
        browser.press("WRITE");
        browser.open(browser.origin() + "/timeline");
        look(browser, "timeline");
        browser.press("HELP");
        look(browser, "help");
        browser.open(browser.origin() + "/password");
        look(browser, "change-password");
    }

    @Test
    void shouldBeUsableWithTheKeyboardAlone() throws Exception {
        try (Gui gui = new Gui(directory, java.util.List.of(), LIMITS).withPassword();
                Browser browser = new Browser(directory.resolve("profile"), false, true)) {
            gui.withConfiguration(SecurityTest.CONFIGURATION);
            browser.open(gui.address()).keys(Gui.PASSWORD).enter();
            assertThat(browser.title()).isEqualTo("CONTROL/MONITORING");
            browser.tabTo("Skip to the panel").tabTo("VIRTUAL SERVERS").enter();
            browser.tabTo("http").keys(" ").tabTo("(DE)ACTIVATE").enter();
            browser.tabTo("WRITE").enter();
            assertThat(gui.configuration()).contains("active = 0");
        }
    }

    @Test
    void shouldConfigureFailoverServices() throws Exception {
        try (Gui gui = new Gui(directory, java.util.List.of(), LIMITS).withPassword();
                Browser browser = new Browser(directory.resolve("profile"), false, true)) {
            gui.withConfiguration("serial_no = 1\nprimary = 192.168.26.201\nservice = lvs\n");
            login(gui, browser);
            browser.press("GLOBAL SETTINGS").choose("service", "fos");
            accept(browser);
            browser.press("FAILOVER");
            look(browser, "failover-empty");
            browser.press("ADD")
                    .type("name", "httpd")
                    .type("address.ip", "192.168.26.11")
                    .choose("vip_nmask", "255.255.255.0")
                    .type("address.device", "eth0:1");
            look(browser, "failover-service");
            accept(browser);
            browser.select("httpd").press("EDIT").press("MONITORING SCRIPTS");
            browser.type("start_cmd", "/usr/bin/systemctl start httpd")
                    .type("stop_cmd", "/usr/bin/systemctl stop httpd");
            look(browser, "failover-scripts");
            accept(browser);
            browser.press("FAILOVER").select("httpd").press("(DE)ACTIVATE").press("WRITE");
            look(browser, "failover");
            assertThat(gui.configuration())
                    .contains("service = fos")
                    .contains("failover httpd {")
                    .contains("address = 192.168.26.11 eth0:1")
                    .contains("start_cmd = \"/usr/bin/systemctl start httpd\"")
                    .contains("active = 1");
        }
    }

    @Test
    void shouldBeReadableWithAThousandRealServers() throws Exception {
        final int[] weights = new int[LargeTableTest.SERVERS];
        java.util.Arrays.fill(weights, 1);
        weights[3] = 0;
        try (FakeDataplane dataplane = new FakeDataplane(directory.resolve("dataplane"));
                Gui gui = new Gui(directory, java.util.List.of(), LIMITS).withPassword();
                Browser browser = new Browser(directory.resolve("profile"), false, true)) {
            gui.withConfiguration(LargeTableTest.configuration());
            dataplane.table(VIP, 80, weights);
            for (int i = 1; i <= LargeTableTest.SERVERS; i++) {
                dataplane.figures(i, 20 + i * 7 % 50, i * 3 % 20, 90_000 + i * 977L % 60_000);
            }
            final long now = gui.clock.millis();
            final LvsStatus.Checks failed = LvsStatus.Checks.NONE.and(false, 700_000, now);
            gui.control.says("web1", "10.11.12.2", false, "Connection refused", now, failed);
            login(gui, browser);
            browser.await("[data-k='TCP 192.168.26.10:80>10.11.12.2:80'] .badge", "down");
            look(browser, "thousand-servers");
            browser.press("http");
            assertThat(browser.text())
                    .contains("998 of 1000 up")
                    .contains("web1")
                    .contains("web3")
                    .doesNotContain("web4");
            gui.control.says("web7", "10.11.12.8", false, "timed out", now, failed);
            browser.await("[data-k='TCP 192.168.26.10:80>10.11.12.8:80'] .badge", "down");
            browser.type("find", "web99").press("Find");
            assertThat(browser.text()).contains("web999").doesNotContain("web100");
            browser.size(420, 900);
            browser.open(gui.address() + "/control");
            look(browser, "phone-control");
        }
    }

    @Test
    void shouldLookGoodInTheDarkAndOnAPhone() throws Exception {
        try (Gui gui = new Gui(directory, java.util.List.of(), LIMITS).withPassword();
                Browser browser = new Browser(directory.resolve("profile"), true, true)) {
            gui.withConfiguration(SecurityTest.CONFIGURATION);
            login(gui, browser);
            browser.open(gui.address() + "/virtual/edit?name=http");
            look(browser, "dark-virtual-server");
            for (final String path : new String[] {"control", "redundancy", "timeline", "marks"}) {
                browser.open(gui.address() + '/' + path);
                look(browser, "dark-" + path);
            }
            darkWatch(gui, browser);
            browser.size(420, 900);
            for (final String[] page : new String[][] {
                {"global", "phone-global-settings"},
                {"virtual", "phone-virtual-servers"},
                {"virtual/edit?name=http", "phone-virtual-server"},
                {"virtual/servers?name=http", "phone-real-servers"}
            }) {
                browser.open(gui.address() + '/' + page[0]);
                look(browser, page[1]);
            }
        }
    }

    private void darkWatch(Gui gui, Browser browser) throws Exception {
        try (FakeDataplane dataplane = new FakeDataplane(directory.resolve("dataplane"))) {
            dataplane.table(VIP, 80, 1);
            for (int i = 0; i < 290; i++) {
                dataplane.figures(1, wave(i, 40, 17), wave(i, 14, 29), wave(i, 260_000, 41));
                gui.sample();
            }
            browser.open(gui.address() + "/watch?name=http");
            look(browser, "dark-watch");
            browser.size(420, 900);
            look(browser, "phone-watch");
            browser.press("web1");
            look(browser, "phone-watch-server");
        }
    }

    @Test
    void shouldEditEveryPanelWithoutScript() throws Exception {
        try (Gui gui = new Gui(directory, java.util.List.of(), LIMITS).withPassword();
                Browser browser = new Browser(directory.resolve("profile"), false, false)) {
            login(gui, browser);
            settings(browser);
            browser.press("REDUNDANCY").type("keepalive", "4").press("RESET");
            assertThat(browser.text()).contains("The heartbeat's fields have been reset");
            assertThat(browser.attribute("[name=keepalive]", "value")).isEqualTo("6");
            virtualServer(browser);
            realServers(browser);
            scripts(browser);
            activate(gui, browser);
            rest(browser);
            browser.open(gui.address() + "/watch?name=http").pressNamed("Drain web1");
            assertThat(gui.configuration())
                    .contains("primary = 192.168.26.201")
                    .contains("keepalive = 6")
                    .contains("weight = 0")
                    .contains("mark_rules");
        }
    }
}
