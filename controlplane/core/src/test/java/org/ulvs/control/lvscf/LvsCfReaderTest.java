// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ulvs.control.lvscf.Finding.Severity;

class LvsCfReaderTest {
    private static final String VIRTUAL = """
            primary = 192.0.2.1
            network = direct
            virtual web {
                 active = 1
                 address = 192.0.2.10 eth0:1
            %s
                 server one {
                     address = 192.0.2.21
                     active = 1
                 }
            }
            """;

    static List<String> samples() {
        return Samples.ALL;
    }

    @ParameterizedTest
    @MethodSource("samples")
    void shouldReadEverySampleWithoutErrors(String name) {
        assertThat(Samples.read(Samples.text(name)).errors()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void shouldGiveBackEverySampleUnchanged(String name) {
        final String text = Samples.text(name);

        assertThat(LvsCfDocument.parse(text).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void shouldKeepTheMeaningOfEverySampleWhenFormatted(String name) {
        final LvsCf before = Samples.read(Samples.text(name));
        if (before.template()) {
            assertThat(name).isEqualTo("template.cf.j2");
            return;
        }
        final String formatted = before.document().formatted();
        final LvsCf after = Samples.read(formatted);

        assertThat(after.errors()).isEmpty();
        assertThat(ConfigurationDiff.between(before.configuration(), after.configuration()))
                .isEmpty();
        assertThat(after.document().formatted()).isEqualTo(formatted);
    }

    @ParameterizedTest
    @CsvSource({
        "two-eras.cf, 0",
        "tool-written.cf, 0",
        "indented-duplicates.cf, 0",
        "no-indent.cf, 0",
        "director-is-server.cf, 0",
        "other-port-direct.cf, 0",
        "trailing-comments.cf, 8",
        "brace-without-blank.cf, 12"
    })
    void shouldSayWhatPiranhaWouldHaveRefused(String name, int refusals) {
        assertThat(Samples.read(Samples.text(name)).findings())
                .filteredOn(Finding::refusedByPiranha)
                .hasSize(refusals);
    }

    @Test
    void shouldReadGlobalsWithTheirTypes() {
        final Configuration configuration =
                Samples.read(Samples.text("two-eras.cf")).configuration();
        final Section global = configuration.global();

        assertThat(global.value(GlobalKeys.PRIMARY)).isEqualTo(Ipv4.parse("198.51.100.11"));
        assertThat(configuration.primaryPrivate()).contains(Ipv4.parse("10.20.30.1"));
        assertThat(configuration.backup()).contains(Ipv4.parse("198.51.100.12"));
        assertThat(global.value(GlobalKeys.HEARTBEAT_PORT)).isEqualTo(1051);
        assertThat(global.value(GlobalKeys.DEADTIME)).isEqualTo(Duration.ofSeconds(18));
        assertThat(global.find(GlobalKeys.NAT_ROUTER)).contains(new HostDevice(Ipv4.parse("10.40.0.100"), "eth1:1"));
        assertThat(configuration.activeFailoverServices()).hasSize(1);
        assertThat(configuration.activeVirtualServers()).singleElement().satisfies(shop -> {
            assertThat(shop.port()).isEqualTo(80);
            assertThat(shop.mark()).isEqualTo(100);
            assertThat(shop.address().baseDevice()).isEqualTo("eth0");
            assertThat(shop.section().value(VirtualKeys.SEND)).isEqualTo("GET / HTTP/1.0\\r\\n\\r\\n");
            assertThat(shop.activeServers()).extracting(RealServer::name).containsExactly("One", "Two");
        });
    }

    @Test
    void shouldUsePiranhasDefaults() {
        final Configuration configuration =
                Samples.read("primary = 192.0.2.1\nvirtual v {\n}\n").configuration();

        assertThat(configuration.global().value(GlobalKeys.NETWORK)).isEqualTo("nat");
        assertThat(configuration.global().value(GlobalKeys.HEARTBEAT_PORT)).isEqualTo(539);
        assertThat(configuration.global().value(GlobalKeys.KEEPALIVE)).isEqualTo(Duration.ofSeconds(2));
        assertThat(configuration.global().value(GlobalKeys.DEADTIME)).isEqualTo(Duration.ofSeconds(5));
        final VirtualServer virtual = configuration.virtualServers().get(0);
        assertThat(virtual.active()).isFalse();
        assertThat(virtual.port()).isEqualTo(80);
        assertThat(virtual.scheduler()).isEqualTo("wlc");
        assertThat(virtual.section().value(VirtualKeys.REENTRY)).isEqualTo(Duration.ofMinutes(3));
        assertThat(virtual.section().value(VirtualKeys.TIMEOUT)).isEqualTo(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @CsvSource({"010, 8", "0x50, 80", "80, 80"})
    void shouldReadIntegersAsCDoes(String written, int port) {
        final LvsCf read = Samples.read(VIRTUAL.formatted("port = " + written));

        assertThat(read.errors()).isEmpty();
        assertThat(read.configuration().virtualServers().get(0).port()).isEqualTo(port);
    }

    @Test
    void shouldGiveAServerThePortSeenSoFar() {
        final LvsCf read = Samples.read("""
                virtual v {
                     server early {
                         address = 192.0.2.2
                     }
                     port = 8080
                     server late {
                         address = 192.0.2.3
                     }
                }
                """);

        assertThat(read.configuration().virtualServers().get(0).servers())
                .extracting(RealServer::port)
                .containsExactly(80, 8080);
        assertThat(read.findings()).anySatisfy(finding -> {
            assertThat(finding.line()).isEqualTo(2);
            assertThat(finding.reason()).contains("gets port 80");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "schedular = rr | 6 | 6 | WARNING | did you mean scheduler? | unknown command",
                "keepalive = 3 | 6 | 6 | WARNING | it belongs at the top of the file | unknown command",
                "weight = 3 | 6 | 6 | WARNING | it belongs into a server block | unknown command",
                "port=8080 | 6 | 10 | WARNING | write \"key = value\" | equal (=) expected after command",
                "scheduler = RR | 6 | 18 | WARNING | write rr | invalid argument",
                "scheduler = pcc | 6 | 18 | WARNING | write lc | invalid argument",
                "scheduler = rrr | 6 | 18 | ERROR | did you mean rr? | invalid argument",
                "quiesce_server = yes | 6 | 23 | WARNING | write 1 | boolean expected",
                "quiesce_server = 2 | 6 | 23 | ERROR | '' | boolean expected",
                "timeout = soon | 6 | 16 | ERROR | '' | integer expected",
                "port = 65536 | 6 | 13 | ERROR | ports go from 0 to 65535 | ''",
                "port 80 | 6 | 11 | ERROR | write \"port = value\" | equal (=) expected after command",
                "send = \"GET | 6 | 13 | ERROR | close the quotation on the same line | quotation mismatch",
                "send = \"a\"b | 6 | 16 | ERROR | end the value with the quote | quotation mismatch",
                "send = GET / | 6 | 17 | ERROR | put quotes around a value with blanks | unexpected arguments",
                "vip_nmask = 255.255.256.0 | 6 | 18 | ERROR | write 255.255.255.0 | Bad subnet mask specified",
                "sorry_server = localhost | 6 | 21 | ERROR | write four numbers with dots"
                        + " | invalid host name or ip address",
                "send = | 6 | 0 | WARNING | write \"\" for an empty text | missing arguments",
                "rise = 0 | 3 | 0 | ERROR | '' | ''",
                "timeout = 0 | 3 | 0 | ERROR | write timeout = 10 | ''",
            })
    void shouldSayWhereWhatAndHowToMendIt(
            String line, int number, int column, Severity severity, String suggestion, String refusedBy) {
        final LvsCf read = Samples.read(VIRTUAL.formatted("     " + line));

        assertThat(read.findings())
                .filteredOn(finding -> finding.severity() == severity)
                .anySatisfy(finding -> {
                    assertThat(finding.line()).isEqualTo(number);
                    assertThat(finding.column()).isEqualTo(column);
                    assertThat(finding.suggestion()).isEqualTo(suggestion);
                    assertThat(finding.refusedBy()).isEqualTo(refusedBy);
                });
        assertThat(read.usable()).isEqualTo(severity != Severity.ERROR);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "virtual a {\n",
                "}\n",
                "server s {\n}\n",
                "virtual a\n{\n}\n",
                "virtual a b {\n}\n",
                "virtual a {\nserver s {\n}\n",
                "virtual a {\nvirtual b {\n}\n}\n",
                "virtual a {\n} junk\n",
                "{\n",
                ""
            })
    void shouldRefuseBrokenStructureAndKeepTheText(String text) {
        final LvsCf read = Samples.read(text);

        assertThat(read.usable()).isFalse();
        assertThat(read.document().text()).isEqualTo(text);
    }

    @Test
    void shouldTreatCarriageReturnsAsPartOfTheLineEnd() {
        final String text = Samples.text("tool-written.cf").replace("\n", "\r\n");
        final LvsCf read = Samples.read(text);

        assertThat(read.errors()).isEmpty();
        assertThat(read.configuration())
                .isEqualTo(Samples.read(Samples.text("tool-written.cf")).configuration());
        assertThat(read.document().text()).isEqualTo(text);
        assertThat(read.findings())
                .anySatisfy(finding -> assertThat(finding.reason()).contains("CR LF"));
    }

    @Test
    void shouldReadFractionsAndNewKeysAndNoteThatPiranhaDoesNot() {
        final LvsCf read = Samples.read("primary = 192.0.2.1\nkeepalive = 0.1\ndeadtime = .3\nfailback = 0\n");

        assertThat(read.usable()).isTrue();
        assertThat(read.configuration().global().value(GlobalKeys.KEEPALIVE)).isEqualTo(Duration.ofMillis(100));
        assertThat(read.configuration().global().value(GlobalKeys.DEADTIME)).isEqualTo(Duration.ofMillis(300));
        assertThat(read.findings())
                .filteredOn(finding -> finding.severity() == Severity.NOTE)
                .extracting(Finding::refusedBy)
                .containsExactly("integer expected", "integer expected", "unknown command");
    }

    @Test
    void shouldTakeAQuoteBehindABackslashAsPartOfTheValueWhereItCanOnlyBeMeantSo() {
        final LvsCf read = Samples.read(VIRTUAL.formatted("send = \"say \\\"hi\\\" now\"\nexpect = \"ends with \\\""));

        final Section section = read.configuration().virtualServers().get(0).section();
        assertThat(section.value(VirtualKeys.SEND)).isEqualTo("say \\\"hi\\\" now");
        assertThat(section.value(VirtualKeys.EXPECT)).isEqualTo("ends with \\");
    }

    @Test
    void shouldRefuseTwoServicesThatAreOne() {
        final LvsCf read =
                Samples.read(VIRTUAL.formatted("") + VIRTUAL.formatted("").replace("virtual web", "virtual x"));

        assertThat(read.errors())
                .singleElement()
                .satisfies(finding -> assertThat(finding.reason()).contains("same service as web in line 3"));
    }

    @Test
    void shouldWarnWhenDeadtimeIsNotAboveKeepalive() {
        assertThat(Samples.read(Samples.text("other-port-direct.cf")).findings())
                .anySatisfy(finding -> assertThat(finding.reason()).startsWith("deadtime 18 is not longer"))
                .anySatisfy(finding -> assertThat(finding.reason()).contains("packets go to port 80"));
    }

    @Test
    void shouldLeaveOutWhatATemplateHasNotFilledIn() {
        final LvsCf read = Samples.read(Samples.text("template.cf.j2"));

        assertThat(read.usable()).isTrue();
        assertThat(read.configuration().activeVirtualServers()).isEmpty();
        assertThat(read.configuration().global().find(GlobalKeys.PRIMARY)).isEqualTo(Optional.empty());
    }
}
