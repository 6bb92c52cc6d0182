// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulvs.web.auth.TokenFile;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The OpenAPI document says what the REST interface does: every operation is called, its answer held against it. */
class ApiContractTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern PARAMETER = Pattern.compile("\\{([a-z]+)}");
    private static final String WEB1 = "/virtual-servers/http/servers/web1";

    @TempDir
    private Path directory;

    private final Set<String> called = new TreeSet<>();

    @SuppressWarnings("NullAway.Init") // set before each test
    private Gui gui;

    private String token = "";

    @SuppressWarnings("NullAway.Init") // set before each test
    private JsonNode document;

    @BeforeEach
    void start() throws IOException {
        gui = new Gui(directory)
                .withConfiguration(SecurityTest.CONFIGURATION.replace("10.11.12.1", "127.0.0.1\n         port = 1"));
        token = new TokenFile(GuiOptions.tokens(directory)).create("test");
        document = JSON.readTree(ask("GET", "/openapi.json", "", "").body());
    }

    @AfterEach
    void stop() {
        gui.close();
    }

    private HttpResponse<String> ask(String method, String path, String body, String match) {
        return gui.ask(token, method, path, body, match);
    }

    /** Calls an operation and holds its answer against the document. */
    private JsonNode call(String method, String template, String path, String body, String tag, int status) {
        final JsonNode operation =
                document.at("/paths").path("/api/v1" + template).path(method.toLowerCase(Locale.ROOT));
        assertThat(operation.isObject()).as(method + ' ' + template).isTrue();
        final HttpResponse<String> answer = ask(method, path, body, tag);
        assertThat(answer.statusCode())
                .as(method + ' ' + path + ": " + answer.body())
                .isEqualTo(status);
        final JsonNode described = resolved(operation.path("responses").path(Integer.toString(status)));
        assertThat(described.isObject())
                .as(method + ' ' + template + ' ' + status + " is described")
                .isTrue();
        final String type = answer.headers().firstValue("Content-Type").orElse("");
        final JsonNode schema = described.path("content").path(type).path("schema");
        assertThat(schema.isObject()).as(method + ' ' + template + ' ' + type).isTrue();
        final JsonNode read = JSON.readTree(answer.body());
        assertThat(mistake(read, schema, ""))
                .as(method + ' ' + path + ": " + answer.body())
                .isEmpty();
        called.add(operation.path("operationId").asString());
        return read;
    }

    private JsonNode call(String method, String template, String path, String body) {
        return call(method, template, path, body, "", 200);
    }

    /** Changes something that is named by the ETag of another path. */
    private void change(String method, String template, String path, String body, String tagged, int status) {
        call(method, template, path, body, "nothing", 412);
        call(method, template, path, body, "", 428);
        final String tag =
                ask("GET", tagged, "", "").headers().firstValue("ETag").orElse("");
        if (!path.contains("?")) {
            assertThat(ask(method, path + "?dryRun=true", body, tag).statusCode())
                    .as("a trial")
                    .isEqualTo(200);
            assertThat(ask("GET", tagged, "", "").headers().firstValue("ETag")).hasValue(tag);
        }
        call(method, template, path, body, tag, status);
    }

    private JsonNode resolved(JsonNode node) {
        final String reference = node.path("$ref").asString("");
        return reference.isEmpty() ? node : document.at(reference.substring(1));
    }

    /** Where a value is not what a schema says; empty where it is. */
    private String mistake(JsonNode value, JsonNode of, String where) {
        final JsonNode schema = resolved(of);
        if (schema.has("anyOf")) {
            for (final JsonNode one : schema.path("anyOf")) {
                if (mistake(value, one, where).isEmpty()) {
                    return "";
                }
            }
            return where + " is none of those";
        }
        final boolean fits = switch (schema.path("type").asString("string")) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "integer" -> value.isIntegralNumber();
            case "boolean" -> value.isBoolean();
            default -> value.isString();
        };
        if (!fits) {
            return where + " is " + value;
        }
        for (final JsonNode required : schema.path("required")) {
            if (!value.has(required.asString())) {
                return where + " lacks " + required.asString();
            }
        }
        for (final JsonNode item : value.isArray() ? value : JSON.createArrayNode()) {
            final String wrong = mistake(item, schema.path("items"), where + "[]");
            if (!wrong.isEmpty()) {
                return wrong;
            }
        }
        final boolean closed = schema.has("properties") && !schema.has("additionalProperties");
        for (final String name : value.isObject() ? value.propertyNames() : Set.<String>of()) {
            final JsonNode property = schema.path("properties").path(name);
            if (property.isMissingNode() && closed) {
                return where + '/' + name + " is not described";
            }
            final String wrong =
                    property.isMissingNode() ? "" : mistake(value.path(name), property, where + '/' + name);
            if (!wrong.isEmpty()) {
                return wrong;
            }
        }
        return "";
    }

    @Test
    void shouldDoEveryOperationAsDescribed() throws Exception {
        gui.control.events.add(new org.ulvs.web.live.ChangeLog.Event(1, "health", "pulse", "", "http/web1: up: well"));
        call("GET", "/openapi.json", "/openapi.json", "");
        call("GET", "/status", "/status", "");
        call("GET", "/events", "/events", "");
        assertThat(call("GET", "/table", "/table", "").at("/0/servers/0/name").asString())
                .isEqualTo("web1");
        assertThat(call("GET", "/config", "/config", "")
                        .at("/virtualServers/0/name")
                        .asString())
                .isEqualTo("http");
        change("PUT", "/global", "/global", "{\"backup\":\"192.168.26.202\",\"backup_active\":true}", "/config", 200);
        for (final String kind : new String[] {"virtual", "failover"}) {
            final String list = kind.equals("virtual") ? "/virtual-servers" : "/failover-services";
            final String one = list + "/{" + kind + '}';
            change("POST", list, list, "{\"name\":\"new\",\"address\":\"192.168.26.11 eth0:2\"}", list, 201);
            assertThat(call("GET", list, list, "").findValuesAsString("name")).contains("new");
            change("PUT", one, list + "/new", "{\"port\":8080,\"name\":\"other\"}", list, 200);
            assertThat(call("GET", one, list + "/other", "").path("port").asString())
                    .isEqualTo("8080");
            change("DELETE", one, list + "/other", "", list + "/other", 200);
            call("GET", one, list + "/other", "", "", 404);
        }
        final String servers = "/virtual-servers/{virtual}/servers";
        change("POST", servers, "/virtual-servers/http/servers", "{\"name\":\"web2\"}", "/config", 201);
        change("PUT", servers + "/{server}", WEB1, "{\"weight\":7}", "/config", 200);
        assertThat(call("GET", servers, "/virtual-servers/http/servers", "").findValuesAsString("name"))
                .containsExactly("web1", "web2");
        assertThat(call("GET", servers + "/{server}", WEB1, "").path("weight").asString())
                .isEqualTo("7");
        change("POST", servers + "/{server}/drain", WEB1 + "/drain", "", "/config", 200);
        change("POST", servers + "/{server}/restore", WEB1 + "/restore", "", "/config", 200);
        assertThat(gui.configuration()).contains("weight = 7").contains("web2");
        assertThat(call("POST", servers + "/{server}/check", WEB1 + "/check", "")
                        .path("up")
                        .asBoolean(true))
                .isFalse();
        change("DELETE", servers + "/{server}", "/virtual-servers/http/servers/web2", "", "/config", 200);
        assertThat(call("GET", "/mark-rules", "/mark-rules", "").path("rules").asString())
                .isEmpty();
        change("PUT", "/mark-rules", "/mark-rules", "{\"rules\":\"*mangle\\nCOMMIT\\n\"}", "/mark-rules", 200);
        assertThat(directory.resolve("mark.rules")).hasContent("*mangle\nCOMMIT\n");
        call("POST", "/apply", "/apply", "");
        assertThat(called).isEqualTo(operations());
    }

    private Set<String> operations() {
        final Set<String> operations = new TreeSet<>();
        document.path("paths")
                .forEach(path -> path.forEach(operation ->
                        operations.add(operation.path("operationId").asString())));
        return operations;
    }

    @Test
    void shouldBeAWellFormedDescription() {
        assertThat(document.path("openapi").asString()).isEqualTo("3.1.0");
        document.findValuesAsString("$ref")
                .forEach(reference -> assertThat(
                                document.at(reference.substring(1)).isObject())
                        .as(reference)
                        .isTrue());
        document.path("paths")
                .propertyStream()
                .forEach(path -> path.getValue().forEach(operation -> {
                    final Set<String> wanted = new TreeSet<>();
                    final Matcher parameters = PARAMETER.matcher(path.getKey());
                    while (parameters.find()) {
                        wanted.add(parameters.group(1));
                    }
                    final Set<String> given = new TreeSet<>();
                    for (final JsonNode parameter : operation.path("parameters")) {
                        if ("path".equals(resolved(parameter).path("in").asString())) {
                            given.add(resolved(parameter).path("name").asString());
                        }
                    }
                    assertThat(given).as(path.getKey()).isEqualTo(wanted);
                    assertThat(operation.path("summary").asString())
                            .as(path.getKey())
                            .isNotEmpty();
                    assertThat(operation.path("responses").has("401"))
                            .as(path.getKey())
                            .isTrue();
                }));
        assertThat(operations())
                .as("names of their own")
                .hasSize(document.findValues("operationId").size());
    }

    @Test
    void shouldWriteDownWhoUsedIt() throws IOException {
        change("PUT", "/virtual-servers/{virtual}/servers/{server}", WEB1, "{\"weight\":7}", "/config", 200);
        call("POST", "/virtual-servers/{virtual}/servers/{server}/check", WEB1 + "/check", "");
        assertThat(java.nio.file.Files.readString(directory.resolve("piranha.journal")))
                .contains("\"who\":\"token test\"")
                .contains("changed server web1 of virtual http")
                .contains("checked http/web1: down")
                .contains("\"from\":\"127.0.0.1\"");
    }
}
