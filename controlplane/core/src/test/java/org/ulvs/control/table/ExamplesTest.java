// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ulvs.control.lvscf.Finding;
import org.ulvs.control.lvscf.LvsCf;
import org.ulvs.control.lvscf.Names;
import org.ulvs.rules.PortNames;
import org.ulvs.rules.RuleSet;
import org.ulvs.rules.RulesException;

/** The files under docs/examples do what docs say. */
class ExamplesTest {
    private static final Path EXAMPLES = Path.of("..", "..", "docs", "examples");

    private static LvsCf read(String name) throws IOException {
        return LvsCf.read(Files.readString(EXAMPLES.resolve(name)), Names.of(Map.of()));
    }

    private static List<String> services(String name) throws IOException {
        return TablePlan.of(read(name).configuration()).services().stream()
                .map(service -> IpvsadmText.service(service.spec()) + " with "
                        + service.servers().size())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nat.cf", "direct-routing.cf"})
    void shouldBeAcceptedByPiranhaWithoutAWarning(String name) throws IOException {
        assertThat(read(name).findings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"multi-port.cf", "ftp.cf"})
    void shouldHaveNoErrorsAndKeepTheirFormat(String name) throws IOException {
        final LvsCf example = read(name);

        assertThat(example.errors()).isEmpty();
        assertThat(example.findings())
                .filteredOn(finding -> finding.severity() == Finding.Severity.WARNING)
                .allSatisfy(finding -> assertThat(finding.reason()).contains("both are one service"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"multi-port.rules", "ftp.rules"})
    void shouldHoldRulesThatTheDataplaneTakes(String name) throws IOException, RulesException {
        assertThat(RuleSet.parse(Files.readString(EXAMPLES.resolve(name)), PortNames.NONE)
                        .isEmpty())
                .isFalse();
    }

    @Test
    void shouldMakeTheServicesOfTheManual() throws IOException {
        assertThat(services("nat.cf")).containsExactly("-t 192.168.26.10:80 -s wlc with 2");
        assertThat(services("direct-routing.cf")).containsExactly("-t 192.168.76.24:80 -s wlc with 2");
        assertThat(services("multi-port.cf")).containsExactly("-f 80 -s wlc -p 300 with 2");
        assertThat(services("ftp.cf")).containsExactly("-f 21 -s wlc -p 300 with 2");
    }

    @Test
    void shouldOwnTheAddressesOfTheManual() throws IOException {
        assertThat(TablePlan.of(read("ftp.cf").configuration()).addresses())
                .extracting(owned -> IpvsadmText.address(owned.address()) + ' ' + owned.device())
                .containsExactly("192.168.26.10 eth0", "10.11.12.10 eth1");
    }
}
