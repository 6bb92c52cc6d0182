// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.panel;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ulvs.web.edit.ConfigStore;
import org.ulvs.web.live.ControlPlane;
import org.ulvs.web.live.LiveTable;
import org.ulvs.web.live.Monitor;

/**
 * The rows of {@link TableView}, put together once for each reading of the table, of lvs.cf and of the checks, however
 * many ask for them. Thread-safe.
 */
public final class LiveRows {
    private final Monitor monitor;
    private final ConfigStore store;
    private final ControlPlane control;
    private volatile @Nullable Made last;

    private record Made(
            LiveTable table,
            ConfigStore.Loaded loaded,
            Map<String, ControlPlane.Health> health,
            List<TableView.ServiceRow> rows) {
        /** Whether nothing has been read anew since; comparing a thousand servers would cost what it saves. */
        @SuppressWarnings("ReferenceEquality")
        boolean of(LiveTable otherTable, ConfigStore.Loaded otherFile, Map<String, ControlPlane.Health> otherHealth) {
            return table == otherTable && loaded == otherFile && health == otherHealth;
        }
    }

    /** Over what is read by others. */
    public LiveRows(Monitor monitor, ConfigStore store, ControlPlane control) {
        this.monitor = monitor;
        this.store = store;
        this.control = control;
    }

    /** The rows as they are now. */
    public List<TableView.ServiceRow> now() throws IOException {
        final LiveTable table = monitor.table();
        final ConfigStore.Loaded loaded = store.load();
        final Map<String, ControlPlane.Health> health = control.health();
        final Made made = last;
        if (made != null && made.of(table, loaded, health)) {
            return made.rows();
        }
        final List<TableView.ServiceRow> rows =
                List.copyOf(TableView.of(table, loaded.content().configuration(), health));
        last = new Made(table, loaded, health, rows);
        return rows;
    }
}
