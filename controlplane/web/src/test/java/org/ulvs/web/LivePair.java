// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The manual's chapter 4 in a browser beside two real directors and two real web servers: from no password to a working
 * pair that is watched. A system test of the lab runs it; what happens outside of the browser it asks for, a line
 * {@code do THING} on standard output, and waits for a line {@code done}.
 */
final class LivePair {
    private static final String FIRST = "[data-k='TCP 192.168.26.10:80>10.11.12.1:80']";
    private static final String SECOND = "[data-k='TCP 192.168.26.10:80>10.11.12.2:80']";

    private final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    private final Browser browser;
    private final String address;
    private final String password;

    private LivePair(Browser browser, String address, String password) {
        this.browser = browser;
        this.address = address;
        this.password = password;
    }

    /** Arguments: address of the tool, the password to come, a folder for the browser's profile. */
    public static void main(String[] arguments) throws IOException {
        final Path profile = Files.createDirectories(Path.of(arguments[2]));
        try (Browser browser = new Browser(profile, false, true)) {
            final LivePair pair = new LivePair(browser, arguments[0], arguments[1]);
            try {
                pair.run();
            } catch (AssertionError | RuntimeException e) {
                System.err.println("the page was:\n" + browser.text());
                throw e;
            }
        }
    }

    private void ask(String thing) throws IOException {
        System.out.println("do " + thing);
        System.out.flush();
        assertThat(in.readLine()).as(thing).isEqualTo("done");
    }

    private void run() throws IOException {
        login();
        configure();
        serve();
        watch();
        drain();
        partner();
        timeline();
        assertThat(browser.complaints()).as("complaints of the browser").isEmpty();
    }

    private void login() throws IOException {
        browser.open(address);
        assertThat(browser.text()).contains("No password has been set").contains("./ulvs piranha-passwd");
        ask("set_password");
        browser.open(address).type("password", password).press("Login");
        assertThat(browser.title()).isEqualTo("CONTROL/MONITORING");
    }

    private void accept() {
        browser.press("ACCEPT");
        assertThat(browser.title()).isEqualTo("Preview of changes");
        browser.press("WRITE");
        assertThat(browser.text()).contains("Written to lvs.cf");
    }

    private void configure() {
        browser.press("GLOBAL SETTINGS")
                .type("primary", "192.168.26.9")
                .type("primary_private", "10.11.12.9")
                .choose("network", "nat")
                .type("nat_router.ip", "10.11.12.10")
                .choose("nat_nmask", "255.255.255.0")
                .type("nat_router.device", "eth1:1");
        accept();
        browser.press("REDUNDANCY").press("ENABLE").press("WRITE");
        browser.type("backup", "192.168.26.8")
                .type("backup_private", "10.11.12.8")
                .type("keepalive", "1")
                .type("deadtime", "6");
        accept();
        browser.press("VIRTUAL SERVERS").press("ADD");
        browser.type("name", "http")
                .type("address.ip", "192.168.26.10")
                .type("address.device", "eth0:1")
                .choose("vip_nmask", "255.255.255.0")
                .choose("scheduler", "rr")
                .type("timeout", "3")
                .type("reentry", "3");
        accept();
        browser.select("http").press("EDIT");
        for (int i = 1; i <= 2; i++) {
            browser.press("REAL SERVER").press("ADD");
            browser.type("name", "real" + i).type("address", "10.11.12." + i);
            accept();
            browser.select("real" + i).press("(DE)ACTIVATE").press("WRITE");
        }
        browser.press("MONITORING SCRIPTS")
                .type("send", "GET /health HTTP/1.0\\r\\n\\r\\n")
                .type("expect", "HTTP/1.1 200");
        accept();
    }

    private void serve() throws IOException {
        ask("start_directors");
        browser.press("CONTROL/MONITORING");
        browser.await("[data-director=primary]", "active");
        browser.await("[data-director=backup]", "standby");
        browser.press("VIRTUAL SERVERS").select("http").press("(DE)ACTIVATE");
        assertThat(browser.text()).contains("ipvsadm -a -t 192.168.26.10:80 -r 10.11.12.2:80 -m -w 1");
        browser.press("WRITE AND APPLY NOW");
        assertThat(browser.text()).contains("pulse: taken: serial").contains("The other director has taken it too.");
        browser.press("CONTROL/MONITORING");
        browser.await(FIRST + " .badge.up", "up");
        browser.await(SECOND + " .badge.up", "up");
        ask("answers_come_from real1 real2");
    }

    private void watch() throws IOException {
        browser.press("http");
        assertThat(browser.title()).isEqualTo("WATCH");
        browser.await(".live " + SECOND + " .badge.up", "up");
        ask("stop_process real2/nginx");
        browser.await(".live " + SECOND + " .badge.down", "down");
        browser.await(".live " + SECOND + " .reason", "refused");
        browser.screenshot("live-killed");
        ask("answers_come_from real1");
        ask("restart_nginx real2");
        browser.await(".live " + SECOND + " .badge.up", "up");
        ask("answers_come_from real1 real2");
        browser.pressNamed("Check real2 now");
        assertThat(browser.text()).contains("real2: up").contains("connected");
        browser.press("Back");
    }

    private void drain() throws IOException {
        ask("open_downloads 4");
        browser.await(".live " + FIRST + " [data-c='active']", "2");
        browser.pressNamed("Drain real1");
        browser.await(".draining", "2 active");
        browser.screenshot("live-drain");
        ask("answers_come_from real2");
        ask("end_downloads");
        browser.await(".live " + FIRST + " [data-c='active']", "0");
        browser.pressNamed("Restore real1 to weight 1");
        browser.await(".live " + FIRST + " .badge.up", "up");
        ask("answers_come_from real1 real2");
    }

    private void partner() throws IOException {
        browser.press("CONTROL/MONITORING");
        ask("stop_process backup/pulse");
        browser.await("[data-director=backup]", "stopped");
        ask("start_directors");
        browser.await("[data-director=backup]", "standby");
    }

    private void timeline() {
        browser.press("TIMELINE");
        assertThat(browser.text())
                .contains("http/real2: down: ")
                .contains("http/real2: up: ")
                .contains("activating")
                .contains("reloaded by piranha from 192.168.26.100")
                .contains("drained http/real1 (weight was 1)");
    }
}
