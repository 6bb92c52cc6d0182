// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.panel;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ulvs.web.http.Form;

/**
 * Which real servers of the live table are shown: with a thousand of them those that are not up come before all.
 *
 * @param show {@code all} or {@code down}: those that are not up
 * @param find what name or address must contain, empty for anything
 */
public record RowFilter(String show, String find) {
    /** From so many servers on only those that are not up are shown, unless all are asked for. */
    static final int MANY = 100;

    private static final int MAX_FIND = 100;

    static RowFilter of(Form query, List<TableView.ServiceRow> rows) {
        final String wanted = query.value("show");
        final String find = query.value("find");
        final boolean known = "all".equals(wanted) || "down".equals(wanted);
        return new RowFilter(
                known ? wanted : find.isEmpty() && count(rows) > MANY ? "down" : "all",
                find.substring(0, Math.min(MAX_FIND, find.length())));
    }

    static long count(List<TableView.ServiceRow> rows) {
        return rows.stream().mapToLong(row -> row.servers().size()).sum();
    }

    private boolean shows(TableView.ServerRow server) {
        final String text = find.toLowerCase(Locale.ROOT);
        return ("all".equals(show) || !"up".equals(server.state()))
                && (server.name().toLowerCase(Locale.ROOT).contains(text)
                        || server.endpoint().contains(text));
    }

    /** The servers of a service that are shown. */
    public List<TableView.ServerRow> of(TableView.ServiceRow service) {
        return "all".equals(show) && find.isEmpty()
                ? service.servers()
                : service.servers().stream().filter(this::shows).toList();
    }

    /** How many servers are not up. */
    public static long down(List<TableView.ServiceRow> rows) {
        return rows.stream().mapToLong(row -> row.servers().size() - row.up()).sum();
    }

    /** What a page compares with {@link #signatures}: whether it has to be made anew. */
    public String kind() {
        return "all".equals(show) ? "rows" : "states";
    }

    /** Changes when a row comes or goes; the second one also when the state of a server changes. */
    static List<String> signatures(List<TableView.ServiceRow> rows) {
        final List<String> keys = new ArrayList<>();
        final List<String> states = new ArrayList<>();
        for (final TableView.ServiceRow service : rows) {
            keys.add(service.key());
            for (final TableView.ServerRow server : service.servers()) {
                keys.add(server.key());
                states.add(server.state());
            }
        }
        final String rowsHash = Integer.toHexString(keys.hashCode());
        return List.of(rowsHash, rowsHash + Integer.toHexString(states.hashCode()));
    }

    /** The signature of a page that shows these rows. */
    public String signature(List<TableView.ServiceRow> rows) {
        return signatures(rows).get("rows".equals(kind()) ? 0 : 1);
    }
}
