// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulvs.control.lvs.LvsStatus;
import org.ulvs.control.lvscf.Names;
import org.ulvs.web.edit.ConfigStore;
import org.ulvs.web.live.DataplaneReader;
import org.ulvs.web.live.Monitor;
import org.ulvs.web.panel.LiveRows;
import org.ulvs.web.panel.TableView;

/** What a page costs: the table is not put together again for each of those who look at it. */
class LiveRowsTest {
    @TempDir
    private Path directory;

    @Test
    void shouldPutTheRowsTogetherOnceForEachReading() throws IOException {
        final Path lvsCf = directory.resolve("lvs.cf");
        Files.writeString(lvsCf, SecurityTest.CONFIGURATION);
        final FakeControlPlane control = new FakeControlPlane(lvsCf);
        try (FakeDataplane dataplane = new FakeDataplane(directory.resolve("dataplane"));
                Monitor monitor = new Monitor(new DataplaneReader(directory.resolve("dataplane")))) {
            dataplane.table(0xc0a8_1a0a, 80, 1, 1);
            final LiveRows rows = new LiveRows(monitor, new ConfigStore(lvsCf, Names.of(Map.of())), control);
            final List<TableView.ServiceRow> unread = rows.now();
            monitor.tick();
            final List<TableView.ServiceRow> first = rows.now();
            assertThat(first).isNotEqualTo(unread);
            assertThat(rows.now()).as("asked again").isSameAs(first);

            dataplane.figures(1, 5, 2, 1_000);
            assertThat(rows.now()).as("read once a second only").isSameAs(first);
            monitor.tick();
            assertThat(rows.now().get(0).active()).isEqualTo(5);

            control.says("web1", "10.11.12.1", false, "refused", 1, LvsStatus.Checks.NONE);
            assertThat(rows.now().get(0).servers().get(0).state()).isEqualTo("down");
            Files.writeString(lvsCf, SecurityTest.CONFIGURATION.replace("web1", "apache"));
            assertThat(rows.now().get(0).servers().get(0).name()).isEqualTo("apache");
            assertThat(rows.now()).isSameAs(rows.now());
        }
    }

    @Test
    void shouldHaveMadeEachPageBeforeAnybodyAsks() {
        try (Gui gui = new Gui(directory)) {
            assertThat(gui.control.asked.get()).isPositive();
        }
    }
}
