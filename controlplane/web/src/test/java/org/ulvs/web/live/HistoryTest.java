// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What plots remember. */
class HistoryTest {
    private final History history = new History();

    private static LiveTable.Server server(int n, int active) {
        return new LiveTable.Server(
                "10." + (n >> 16) + '.' + (n >> 8 & 0xff) + '.' + (n & 0xff),
                80,
                "Masq",
                1,
                active,
                2,
                new LiveTable.Figures(1, 2, 3, 4, 5),
                LiveTable.Figures.ZERO);
    }

    private static LiveTable table(int port, List<LiveTable.Server> servers) {
        return new LiveTable(
                true,
                "",
                List.of(new LiveTable.Service(
                        "TCP",
                        "192.168.26.10",
                        port,
                        0,
                        "rr",
                        0,
                        new LiveTable.Figures(7, 8, 9, 10, 11),
                        LiveTable.Figures.ZERO,
                        servers)));
    }

    @Test
    void shouldRememberFiveMinutesInOrder() {
        for (int i = 0; i < History.SAMPLES + 3; i++) {
            history.onTable(table(80, List.of(server(1, i))));
        }
        final float[] active = history.samples("TCP 192.168.26.10:80>10.0.0.1:80", History.Series.ACTIVE);
        assertThat(active).hasSize(History.SAMPLES).startsWith(3f, 4f).endsWith(301f, 302f);
        assertThat(history.samples("TCP 192.168.26.10:80", History.Series.BYTES_OUT))
                .endsWith(11f);
        assertThat(history.samples("TCP 192.168.26.10:80>10.0.0.1:80", History.Series.PACKETS_IN))
                .endsWith(2f);
    }

    @Test
    void shouldGoOnWhileAServerOrTheDataplaneIsAwayAndForgetItInTheEnd() {
        final String server = "TCP 192.168.26.10:80>10.0.0.1:80";
        history.onTable(table(80, List.of(server(1, 5))));
        history.onTable(table(80, List.of()));
        history.onTable(LiveTable.none("it restarts"));
        history.onTable(table(80, List.of(server(1, 6))));
        assertThat(history.samples(server, History.Series.ACTIVE)).containsExactly(5f, 0f, 0f, 6f);
        for (int i = 0; i < History.SAMPLES - 1; i++) {
            history.onTable(table(443, List.of()));
        }
        assertThat(history.samples(server, History.Series.ACTIVE))
                .hasSize(History.SAMPLES)
                .startsWith(6f, 0f);
        history.onTable(table(443, List.of()));
        assertThat(history.samples(server, History.Series.ACTIVE)).isEmpty();
        assertThat(history.samples("TCP 192.168.26.10:443", History.Series.ACTIVE))
                .hasSize(History.SAMPLES);
    }

    @Test
    void shouldGiveTheRoomOfWhatIsAwayToWhatIsThere() {
        history.onTable(table(80, List.of(server(1, 1), server(2, 1))));
        final List<LiveTable.Server> servers = new ArrayList<>();
        for (int i = 0; i < History.MAX_TRACKS - 1; i++) {
            servers.add(server(i + 10, i));
        }
        final LiveTable full = table(80, servers);
        history.onTable(full);
        assertThat(history.samples("TCP 192.168.26.10:80>10.0.0.1:80", History.Series.ACTIVE))
                .isEmpty();
        assertThat(history.samples(full.services().get(0).key(servers.get(servers.size() - 1)), History.Series.ACTIVE))
                .hasSize(1);
    }

    @Test
    void shouldRememberNoMoreThanThereIsRoomForAndServicesFirst() {
        final List<LiveTable.Server> servers = new ArrayList<>();
        for (int i = 0; i < History.MAX_TRACKS; i++) {
            servers.add(server(i, i));
        }
        final LiveTable table = table(80, servers);
        history.onTable(table);
        history.onTable(table);
        final LiveTable.Service service = table.services().get(0);
        assertThat(history.samples(service.key(), History.Series.ACTIVE)).hasSize(2);
        assertThat(history.samples(service.key(servers.get(History.MAX_TRACKS - 2)), History.Series.ACTIVE))
                .hasSize(2);
        assertThat(history.samples(service.key(servers.get(History.MAX_TRACKS - 1)), History.Series.ACTIVE))
                .as("the last one found no room")
                .isEmpty();
    }
}
