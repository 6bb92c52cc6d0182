// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a form to lvs.cf, over HTTP. */
class EditingTest {
    private static final String CONFIGURATION = """
            # the shop's directors
            serial_no = 7
            primary = 192.168.26.201
            future_key = kept
            network = nat
            nat_router = 10.11.12.10 eth1:1
            virtual http {
                 # the shop itself
                 active = 1
                 address = 192.168.26.10 eth0:1
                 scheduler = rr
                 server web1 {
                     address = 10.11.12.1
                     active = 1
                     weight = 5
                 }
                 server web2 {
                     address = 10.11.12.2
                     active = 1
                 }
            }
            """;

    @TempDir
    private Path directory;

    private Gui gui;

    @BeforeEach
    void start() {
        gui = new Gui(directory).withPassword().withConfiguration(CONFIGURATION).login();
    }

    @AfterEach
    void stop() {
        gui.close();
    }

    private HttpResponse<String> changeVirtual(String... fields) {
        final String[] all = {
            "name",
            "http",
            "port",
            "80",
            "protocol",
            "tcp",
            "address.ip",
            "192.168.26.10",
            "address.device",
            "eth0:1",
            "scheduler",
            "rr",
            "load_monitor",
            "none"
        };
        final String[] joined = new String[all.length + fields.length];
        System.arraycopy(fields, 0, joined, 0, fields.length);
        System.arraycopy(all, 0, joined, fields.length, all.length);
        return gui.post("/virtual/edit?name=http", "/virtual/edit?name=http", joined);
    }

    @Test
    void shouldWriteNothingBeforeThePreviewIsAccepted() throws IOException {
        final HttpResponse<String> answer = changeVirtual("scheduler", "wlc");
        assertThat(answer.statusCode()).isEqualTo(303);
        final String preview =
                gui.get(answer.headers().firstValue("Location").orElse("")).body();
        assertThat(preview)
                .contains("virtual http: scheduler rr -&gt; wlc")
                .contains("ipvsadm -E -t 192.168.26.10:80 -s wlc");
        assertThat(gui.configuration()).isEqualTo(CONFIGURATION);
        assertThat(gui.decide(answer, "cancel").statusCode()).isEqualTo(303);
        assertThat(gui.configuration()).isEqualTo(CONFIGURATION);
    }

    @Test
    void shouldKeepCommentsOrderAndUnknownKeys() throws IOException {
        gui.decide(changeVirtual("scheduler", "wlc"), "write");
        assertThat(gui.configuration())
                .isEqualTo(
                        CONFIGURATION.replace("serial_no = 7", "serial_no = 8").replace("= rr", "= wlc"));
        assertThat(gui.control.applied).hasValue(0);
    }

    @Test
    void shouldApplyAndTakeDownWhoDidItFromWhere() throws IOException {
        gui.decide(changeVirtual("scheduler", "wlc"), "apply");
        assertThat(gui.control.applied).hasValue(1);
        assertThat(Files.readString(directory.resolve("piranha.journal")))
                .contains("changed virtual http (serial_no 8)")
                .contains("\"who\":\"piranha\"")
                .contains("\"from\":\"127.0.0.1\"");
        assertThat(gui.get("/timeline").body()).contains("changed virtual http").contains("applied serial_no 8");
    }

    @Test
    void shouldSayNextToTheFieldWhatIsWrong() throws IOException {
        final HttpResponse<String> answer = changeVirtual("port", "http-but-not-a-port", "address.ip", "300.1.1.1");
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body())
                .contains("id=\"f-port-error\"")
                .contains("id=\"f-address-ip-error\"")
                .contains("value=\"http-but-not-a-port\"")
                .contains("aria-invalid=\"true\"");
        assertThat(gui.configuration()).isEqualTo(CONFIGURATION);
    }

    @Test
    void shouldRefuseLineEndInsideValue() throws IOException {
        final HttpResponse<String> answer = gui.post(
                "/virtual/scripts?name=http",
                "/virtual/scripts?name=http",
                "send",
                "GET /\nactive = 0",
                "expect",
                "HTTP");
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(gui.configuration()).isEqualTo(CONFIGURATION);
    }

    @Test
    void shouldShowConflictWhenFileChangedBeforeAccept() throws IOException {
        final HttpResponse<String> draft = changeVirtual("scheduler", "wlc");
        final String theirs = CONFIGURATION.replace("weight = 5", "weight = 9");
        gui.withConfiguration(theirs);
        final HttpResponse<String> answer = gui.decide(draft, "write");
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).contains("scheduler rr -&gt; wlc").contains("weight 5 -&gt; 9");
        assertThat(gui.configuration()).isEqualTo(theirs);
    }

    @Test
    void shouldShowConflictWhenFileChangedBehindAnOpenForm() throws IOException {
        final String csrf = gui.csrf();
        final HttpResponse<String> answer =
                gui.postRaw("/global", "_csrf", csrf, "base", "a hash of long ago", "primary", "192.168.26.99");
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).contains("192.168.26.99");
        assertThat(gui.configuration()).isEqualTo(CONFIGURATION);
    }

    @Test
    void shouldAddVirtualServerAsPiranhaDid() throws IOException {
        final HttpResponse<String> answer = gui.post(
                "/virtual/new",
                "/virtual/new",
                "name",
                "my ftp",
                "port",
                "21",
                "protocol",
                "tcp",
                "address.ip",
                "192.168.26.20",
                "address.device",
                "eth0:2",
                "timeout",
                "6",
                "reentry",
                "15",
                "load_monitor",
                "none",
                "scheduler",
                "wlc");
        gui.decide(answer, "write");
        assertThat(gui.configuration())
                .contains("virtual my_ftp {")
                .contains("address = 192.168.26.20 eth0:2")
                .contains("port = 21")
                .contains("send = \"GET / HTTP/1.0\\r\\n\\r\\n\"")
                .contains("reentry = 15");
        assertThat(gui.get("/virtual").body()).contains("my_ftp");
    }

    @Test
    void shouldAddActivateAndDeleteRealServer() throws IOException {
        gui.decide(
                gui.post(
                        "/virtual/server?name=http",
                        "/virtual/server?name=http",
                        "name",
                        "web3",
                        "address",
                        "10.11.12.3",
                        "weight",
                        "2"),
                "write");
        assertThat(gui.configuration()).contains("server web3 {").contains("weight = 2");
        gui.decide(
                gui.post(
                        "/virtual/servers?name=http",
                        "/virtual/servers?name=http",
                        "selected",
                        "web3",
                        "action",
                        "toggle"),
                "write");
        assertThat(gui.configuration().substring(gui.configuration().indexOf("web3")))
                .contains("active = 1");
        gui.decide(
                gui.post(
                        "/virtual/servers?name=http",
                        "/virtual/servers?name=http",
                        "selected",
                        "web1",
                        "action",
                        "delete"),
                "write");
        assertThat(gui.configuration()).doesNotContain("web1").contains("web2").contains("web3");
    }

    @Test
    void shouldDeactivateAndDeleteSeveralServersAtOnce() throws IOException {
        final String list = "/virtual/servers?name=http";
        final HttpResponse<String> off =
                gui.post(list, list, "selected", "web1", "selected", "web2", "action", "toggle");
        assertThat(gui.configuration()).isEqualTo(CONFIGURATION);
        gui.decide(off, "write");
        assertThat(gui.configuration().substring(gui.configuration().indexOf("web1")))
                .doesNotContain("active = 1");
        assertThat(Files.readString(directory.resolve("piranha.journal")))
                .contains("deactivated 2 servers (web1, web2) of virtual http");
        assertThat(gui.post(list, list, "selected", "web1", "selected", "web9", "action", "delete")
                        .statusCode())
                .as("one of them is no longer there")
                .isEqualTo(409);
        gui.post(list, list, "selected", "web1", "selected", "web2", "action", "edit");
        assertThat(gui.get(list).body()).contains("One at a time can be edited");
        gui.decide(gui.post(list, list, "selected", "web1", "selected", "web2", "action", "delete"), "write");
        assertThat(gui.configuration()).doesNotContain("server web").contains("virtual http");
    }

    @Test
    void shouldEnableTheBackup() throws IOException {
        gui.decide(gui.post("/redundancy", "/redundancy", "action", "enable"), "write");
        assertThat(gui.configuration())
                .contains("backup_active = 1")
                .contains("keepalive = 6")
                .contains("deadtime = 18");
        gui.decide(
                gui.post(
                        "/redundancy",
                        "/redundancy",
                        "action",
                        "accept",
                        "backup",
                        "192.168.26.202",
                        "keepalive",
                        "2",
                        "deadtime",
                        "10",
                        "heartbeat_port",
                        "539",
                        "failback",
                        "1",
                        "push_config",
                        "1"),
                "write");
        assertThat(gui.configuration()).contains("backup = 192.168.26.202").contains("deadtime = 10");
        assertThat(gui.configuration()).doesNotContain("failback").doesNotContain("push_config");
    }

    @Test
    void shouldDrainAndRestoreWithTheFormerWeight() throws IOException {
        final String csrf = gui.csrf();
        assertThat(gui.postRaw("/drain", "_csrf", csrf, "virtual", "http", "server", "web1", "action", "drain")
                        .statusCode())
                .isEqualTo(303);
        assertThat(gui.configuration())
                .isEqualTo(
                        CONFIGURATION.replace("serial_no = 7", "serial_no = 8").replace("weight = 5", "weight = 0"));
        assertThat(gui.get("/watch?name=http").body()).contains("Restore to 5").contains("No new connections reach");
        gui.postRaw("/drain", "_csrf", csrf, "virtual", "http", "server", "web1", "action", "restore");
        assertThat(gui.configuration()).isEqualTo(CONFIGURATION.replace("serial_no = 7", "serial_no = 9"));
        assertThat(gui.control.weighed).containsExactly("http/web1 0", "http/web1 5");
    }

    @Test
    void shouldDrainOneServerOnlyWhileOtherChangesWait() throws IOException {
        gui.control.serial = 7;
        gui.decide(changeVirtual("scheduler", "wlc"), "write");
        gui.control.changedOnDisk = true;
        gui.postRaw("/drain", "_csrf", gui.csrf(), "virtual", "http", "server", "web1", "action", "drain");
        assertThat(gui.control.applied).as("nothing else has been applied").hasValue(0);
        assertThat(gui.control.weighed).containsExactly("http/web1 0");
        assertThat(gui.control.onBehalf).isEqualTo("piranha from 127.0.0.1");
        assertThat(gui.configuration())
                .contains("scheduler = wlc")
                .contains("weight = 0")
                .as("newer than what pulse makes of what runs")
                .contains("serial_no = 10");
        assertThat(gui.get("/virtual").body()).contains("pulse runs serial_no 8, the file has 10");
    }

    @Test
    void shouldChangeThePasswordReally() {
        assertThat(gui.post("/password", "/password", "old", "wrong", "new", "another one", "again", "another one")
                        .statusCode())
                .isEqualTo(422);
        assertThat(gui.post("/password", "/password", "old", Gui.PASSWORD, "new", "another one", "again", "another one")
                        .statusCode())
                .isEqualTo(303);
        assertThat(gui.tryLogin("piranha", Gui.PASSWORD).statusCode()).isEqualTo(403);
        assertThat(gui.tryLogin("piranha", "another one").statusCode()).isEqualTo(303);
    }

    @Test
    void shouldWriteMarkRulesOnlyWhenTheyCanBeRead() throws IOException {
        assertThat(gui.post("/marks", "/marks", "action", "accept", "rules", "*mangle\n-A NOWHERE -j MARK\nCOMMIT\n")
                        .statusCode())
                .isEqualTo(422);
        assertThat(directory.resolve("mark.rules")).doesNotExist();
        final String rules = "*mangle\n-A PREROUTING -d 192.168.26.10/32 -p tcp -m multiport --dports 80,443"
                + " -j MARK --set-mark 80\nCOMMIT\n";
        final HttpResponse<String> answer = gui.post("/marks", "/marks", "action", "accept", "rules", rules);
        assertThat(directory.resolve("mark.rules")).as("only a preview").doesNotExist();
        assertThat(gui.get(answer.headers().firstValue("Location").orElse("")).body())
                .contains("-j MARK --set-mark 80")
                .contains("mark_rules = " + directory.resolve("mark.rules"));
        gui.decide("/marks/changes", answer, "write");
        assertThat(directory.resolve("mark.rules")).hasContent(rules);
        assertThat(gui.configuration()).contains("mark_rules = " + directory.resolve("mark.rules"));
        assertThat(Files.readString(directory.resolve("piranha.journal"))).contains("changed the mark rules");
    }

    @Test
    void shouldSayNextToTheFieldWhatIsWrongWithANewRule() {
        final HttpResponse<String> answer = gui.post(
                "/marks",
                "/marks",
                "action",
                "add",
                "vip",
                "192.168.26.300",
                "protocol",
                "udp",
                "ports",
                "80,99999",
                "mark",
                "80 -j DROP");
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body())
                .contains("id=\"m-vip-error\"")
                .contains("192.168.26.300")
                .contains("id=\"m-ports-error\"")
                .contains("id=\"m-mark-error\">This must be one word.")
                .doesNotContain("-A PREROUTING");
        assertThat(gui.post("/marks", "/marks", "action", "add", "vip", "192.168.26.10", "ports", "80", "mark", "")
                        .body())
                .contains("id=\"m-mark-error\">This is missing.")
                .doesNotContain("id=\"m-vip-error\"");
    }

    @Test
    void shouldRaiseTheSerialSoThatThePeerGetsNewRulesToo() throws IOException {
        Files.writeString(directory.resolve("mark.rules"), "");
        gui.withConfiguration(
                CONFIGURATION.replace("network", "mark_rules = " + directory.resolve("mark.rules") + "\nnetwork"));
        gui.decide(
                "/marks/changes",
                gui.post("/marks", "/marks", "action", "accept", "rules", "*mangle\nCOMMIT\n"),
                "apply");
        assertThat(gui.configuration()).contains("serial_no = 8");
        assertThat(gui.control.applied).hasValue(1);
        assertThat(gui.control.onBehalf).isEqualTo("piranha from 127.0.0.1");
    }

    @Test
    void shouldShowBothChangesWhenTwoPeopleEditTheRules() throws IOException {
        final HttpResponse<String> mine =
                gui.post("/marks", "/marks", "action", "accept", "rules", "*mangle\nCOMMIT\n");
        Files.writeString(directory.resolve("mark.rules"), "# of somebody else\n");
        final HttpResponse<String> answer = gui.decide("/marks/changes", mine, "write");
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).contains("+ *mangle").contains("+ # of somebody else");
        assertThat(directory.resolve("mark.rules")).hasContent("# of somebody else\n");
    }

    @Test
    void shouldShowAndKeepKeysWithoutField() throws IOException {
        gui.withConfiguration(CONFIGURATION
                .replace("network", "hard_shutdown = 0\nsend_arps_twice = 1\nnetwork")
                .replace("scheduler = rr", "scheduler = rr\n     send = \"\"\n     client_monitor = /bin/true"));
        assertThat(gui.get("/global").body())
                .contains("<dt>hard_shutdown</dt><dd>0</dd>")
                .contains("<dt>send_arps_twice</dt><dd>1</dd>")
                .doesNotContain("<dt>network</dt>");
        assertThat(gui.get("/virtual/edit?name=http").body()).contains("<dt>client_monitor</dt><dd>/bin/true</dd>");
        final HttpResponse<String> answer = gui.post(
                "/virtual/scripts?name=http",
                "/virtual/scripts?name=http",
                "expect",
                "HTTP",
                "slow_start",
                "1",
                "program_status",
                "1");
        gui.decide(answer, "write");
        assertThat(gui.configuration())
                .contains("send = \"\"")
                .contains("expect = \"HTTP\"")
                .contains("client_monitor = /bin/true")
                .contains("send_arps_twice = 1");
    }

    @Test
    void shouldNotWriteMarkRulesOutsideTheDirectoryOfLvsCf() throws IOException {
        final Path elsewhere = directory.resolveSibling("elsewhere.rules");
        gui.withConfiguration(CONFIGURATION.replace("network", "mark_rules = " + elsewhere + "\nnetwork"));
        assertThat(gui.post("/marks", "/marks", "action", "accept", "rules", "").statusCode())
                .isEqualTo(422);
        assertThat(elsewhere).doesNotExist();
    }
}
