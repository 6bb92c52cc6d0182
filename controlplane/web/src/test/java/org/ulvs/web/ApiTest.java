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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The REST interface and the metrics, with a token. */
class ApiTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String CONFIGURATION = """
            serial_no = 3
            primary = 192.168.26.201
            # kept
            virtual http {
                 active = 1
                 address = 192.168.26.10 eth0:1
                 server web1 {
                     address = 10.11.12.1
                     active = 1
                     weight = 5
                 }
            }
            """;

    @TempDir
    private Path directory;

    private Gui gui;
    private String token = "";

    @BeforeEach
    void start() throws IOException {
        gui = new Gui(directory).withConfiguration(CONFIGURATION);
        token = new TokenFile(GuiOptions.tokens(directory)).create("test");
    }

    @AfterEach
    void stop() {
        gui.close();
    }

    private HttpResponse<String> ask(String method, String path, String body, String match) {
        return gui.ask(token, method, path, body, match);
    }

    private String tag() {
        return ask("GET", "/config", "", "").headers().firstValue("ETag").orElse("");
    }

    @Test
    void shouldShowTheConfiguration() {
        final JsonNode config = JSON.readTree(ask("GET", "/config", "", "").body());
        assertThat(config.at("/virtualServers/0/name").asString()).isEqualTo("http");
        assertThat(config.at("/virtualServers/0/servers/0/weight").asString()).isEqualTo("5");
    }

    @Test
    void shouldChangeAddAndDelete() throws IOException {
        assertThat(ask("PUT", "/virtual-servers/http", "{\"scheduler\":\"rr\"}", tag())
                        .statusCode())
                .isEqualTo(200);
        assertThat(ask("POST", "/virtual-servers/http/servers", "{\"name\":\"web2\",\"address\":\"10.11.12.2\"}", tag())
                        .statusCode())
                .isEqualTo(201);
        assertThat(gui.configuration())
                .contains("scheduler = rr")
                .contains("server web2 {")
                .contains("# kept")
                .contains("serial_no = 5");
        assertThat(ask("DELETE", "/virtual-servers/http/servers/web1", "", tag())
                        .statusCode())
                .isEqualTo(200);
        assertThat(gui.configuration()).doesNotContain("web1");
    }

    @Test
    void shouldTryWithoutWriting() throws IOException {
        final HttpResponse<String> answer =
                ask("PUT", "/virtual-servers/http?dryRun=true", "{\"scheduler\":\"rr\"}", tag());
        assertThat(JSON.readTree(answer.body()).at("/commands/0").asString())
                .isEqualTo("ipvsadm -E -t 192.168.26.10:80 -s rr");
        assertThat(gui.configuration()).isEqualTo(CONFIGURATION);
    }

    @Test
    void shouldWantTheVersionThatIsChanged() throws IOException {
        final String old = tag();
        assertThat(ask("PUT", "/global", "{\"keepalive\":4}", "").statusCode()).isEqualTo(428);
        assertThat(ask("PUT", "/global", "{\"keepalive\":4}", old).statusCode()).isEqualTo(200);
        assertThat(ask("PUT", "/global", "{\"keepalive\":5}", old).statusCode()).isEqualTo(412);
        assertThat(gui.configuration()).contains("keepalive = 4");
        assertThat(ask("PUT", "/global", "{\"keepalive\":6}", "*").statusCode())
                .as("whatever there is")
                .isEqualTo(200);
    }

    @Test
    void shouldRefuseWhatIsWrong() throws IOException {
        for (final String body :
                new String[] {"{\"scheduler\":\"best\"}", "{\"no_such_key\":1}", "{\"port\":{}}", "{\"port\":99999}"}) {
            assertThat(ask("PUT", "/virtual-servers/http", body, tag()).statusCode())
                    .as(body)
                    .isEqualTo(422);
        }
        for (final String body : new String[] {"[1]", "null", "", "{"}) {
            assertThat(ask("PUT", "/virtual-servers/http", body, tag()).statusCode())
                    .as(body)
                    .isEqualTo(400);
        }
        assertThat(ask("PUT", "/virtual-servers/none", "{}", tag()).statusCode())
                .isEqualTo(404);
        assertThat(gui.configuration()).isEqualTo(CONFIGURATION);
    }

    @Test
    void shouldDrainAndRestore() throws IOException {
        assertThat(ask("POST", "/virtual-servers/http/servers/web1/drain", "", tag())
                        .statusCode())
                .isEqualTo(200);
        assertThat(gui.configuration()).contains("weight = 0");
        assertThat(ask("POST", "/virtual-servers/http/servers/web1/restore", "", tag())
                        .statusCode())
                .isEqualTo(200);
        assertThat(gui.configuration()).contains("weight = 5");
        assertThat(gui.control.weighed).containsExactly("http/web1 0", "http/web1 5");
        assertThat(gui.control.applied).hasValue(0);
    }

    @Test
    void shouldGiveMetrics() {
        gui.control.says(
                "web1",
                "10.11.12.1",
                false,
                "refused",
                0,
                new LvsStatus.Checks(3, 1, 4_500_000, 1_250_000, 1_700_000_000_500L));
        final String metrics = gui.send(gui.request("/metrics").header("Authorization", "Bearer " + token))
                .body();
        final String web1 = "{address=\"10.11.12.1:80\",server=\"web1\",virtual=\"http\"}";
        assertThat(metrics)
                .contains("node_ipvs_connections_total 0.0")
                .contains("node_ipvs_incoming_bytes_total")
                .contains("ulvs_server_up" + web1 + " 0.0")
                .contains("ulvs_check_last_duration_seconds" + web1 + " 0.00125")
                .contains("ulvs_check_last_timestamp_seconds" + web1 + " 1.7000000005E9")
                .contains("ulvs_check_duration_seconds_count" + web1 + " 3")
                .contains("ulvs_check_duration_seconds_sum" + web1 + " 0.0045")
                .contains("ulvs_check_failures_total" + web1 + " 1.0")
                .contains("ulvs_pulse_activations_total 1.0")
                .contains("ulvs_config_serial 3.0");
    }

    @Test
    void shouldSayThatItLives() {
        assertThat(gui.get("/healthz").body()).isEqualTo("ok\n");
    }
}
