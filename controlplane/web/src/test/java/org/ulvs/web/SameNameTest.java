// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulvs.control.lvs.LvsStatus;
import org.ulvs.web.auth.TokenFile;

/** lvs.cf does not want names to be unique: the second block of a name is called NAME~2. */
class SameNameTest {
    private static final String CONFIGURATION = """
            serial_no = 3
            primary = 192.168.26.201
            virtual http {
                 active = 1
                 address = 192.168.26.10 eth0:1
                 server web {
                     address = 10.11.12.1
                     active = 1
                     weight = 5
                 }
                 server web {
                     address = 127.0.0.1
                     port = 1
                     active = 1
                     weight = 7
                 }
            }
            virtual http {
                 active = 1
                 address = 192.168.26.11 eth0:2
                 server web {
                     address = 10.11.12.3
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

    @Test
    void shouldDrainAndCheckTheOneThatIsMeant() throws IOException {
        assertThat(gui.get("/watch?name=http").body()).contains("Drain web\"").contains("Drain web~2");
        gui.postRaw("/drain", "_csrf", gui.csrf(), "virtual", "http", "server", "web~2", "action", "drain");
        assertThat(gui.configuration())
                .isEqualTo(
                        CONFIGURATION.replace("serial_no = 3", "serial_no = 4").replace("weight = 7", "weight = 0"));
        assertThat(gui.get("/watch?name=http").body())
                .contains("Restore web~2 to weight 7")
                .contains("Drain web\"");
        gui.postRaw("/drain", "_csrf", gui.csrf(), "virtual", "http~2", "server", "web", "action", "drain");
        assertThat(gui.control.weighed).containsExactly("http/web~2 0", "http~2/web 0");
        assertThat(gui.postRaw("/check", "_csrf", gui.csrf(), "virtual", "http", "server", "web~2")
                        .body())
                .contains("127.0.0.1")
                .doesNotContain("10.11.12.1");
    }

    @Test
    void shouldReachEachOfThemByTheInterface() throws IOException {
        final String token = new TokenFile(GuiOptions.tokens(directory)).create("test");
        final String servers = "/virtual-servers/http/servers/";
        assertThat(change(token, "POST", servers + "web~2/drain", "").statusCode())
                .isEqualTo(200);
        assertThat(change(token, "PUT", servers + "web", "{\"weight\": 9}").statusCode())
                .isEqualTo(200);
        assertThat(change(token, "DELETE", "/virtual-servers/http~2", "").statusCode())
                .isEqualTo(200);
        assertThat(gui.control.weighed).containsExactly("http/web~2 0");
        assertThat(gui.configuration())
                .contains("weight = 9")
                .contains("weight = 0")
                .doesNotContain("192.168.26.11");
    }

    private HttpResponse<String> change(String token, String method, String path, String body) {
        final String tag = gui.ask(token, "GET", "/config", "", "")
                .headers()
                .firstValue("ETag")
                .orElse("");
        return gui.ask(token, method, path, body, tag);
    }

    @Test
    void shouldTellTheHealthOfEach() throws IOException {
        gui.control.says("web", "10.11.12.1", true, "answered", 1, LvsStatus.Checks.NONE.and(true, 1, 1));
        gui.control.health.put(
                "TCP 192.168.26.10:80>127.0.0.1:1",
                new org.ulvs.web.live.ControlPlane.Health(
                        "http/web", false, "refused", 1, LvsStatus.Checks.NONE.and(false, 1, 1)));
        assertThat(gui.get("/virtual/servers?name=http").body())
                .contains("answered")
                .contains("refused");
        assertThat(gui.get("/virtual").body()).contains("1 of 2 up").contains("0 of 1 up");
        final String token = new TokenFile(GuiOptions.tokens(directory)).create("test");
        assertThat(gui.send(gui.request("/metrics").header("Authorization", "Bearer " + token))
                        .body())
                .contains("ulvs_server_up{address=\"10.11.12.1:80\",server=\"web\",virtual=\"http\"} 1.0")
                .contains("ulvs_server_up{address=\"127.0.0.1:1\",server=\"web\",virtual=\"http\"} 0.0");
    }
}
