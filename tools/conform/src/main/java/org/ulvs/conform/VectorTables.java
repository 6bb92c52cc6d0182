// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.conform;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.ServerRecords;
import org.ulvs.cnc.ServiceKey;
import org.ulvs.engine.table.RealServer;
import org.ulvs.engine.table.VirtualService;
import org.ulvs.schedulers.Counts;
import org.ulvs.testkit.Addresses;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a director's tables look like in the words of the recordings; all as JSON text without blanks. */
final class VectorTables {
    private static final JsonMapper JSON = new JsonMapper();

    private final ReplayDirector director;
    private final List<String> reals = new ArrayList<>();

    VectorTables(ReplayDirector director, JsonNode reals) {
        this.director = director;
        reals.forEach(real -> this.reals.add(real.asString()));
    }

    /** JSON text in one form, so that texts can be compared. */
    static String text(@Nullable Object value) {
        return JSON.writeValueAsString(value);
    }

    private int index(int address, int port) {
        final int exact = reals.indexOf(Addresses.ip(address) + ":" + port);
        return exact >= 0 ? exact : reals.indexOf(Addresses.ip(address) + ":0");
    }

    /** The first server with an address, whatever its port; -1 for none. */
    private int index(int address) {
        for (int i = 0; i < reals.size(); i++) {
            if (address(i) == address) {
                return i;
            }
        }
        return -1;
    }

    private int address(int real) {
        return Addresses.ip(reals.get(real).split(":", -1)[0]);
    }

    private int index(RealServer server) {
        return index(server.address(), server.port());
    }

    /** Index of the real server that a frame goes to. */
    String real(Frame frame, PacketView view) {
        if (view.protocol() == Ipv4.IPIP) {
            final int inner = view.transportOffset();
            final int port = inner + Ipv4.headerLength(frame.buffer(), inner) + 2;
            final int tunnelled =
                    index(view.destination(), frame.buffer().getShort(port, java.nio.ByteOrder.BIG_ENDIAN) & 0xFFFF);
            return String.valueOf(tunnelled >= 0 ? tunnelled : index(view.destination()));
        }
        final int natted = index(view.destination(), view.destinationPort());
        if (natted >= 0) {
            return String.valueOf(natted);
        }
        final long mac = Ethernet.destination(frame.buffer(), frame.offset());
        for (int i = 0; i < reals.size(); i++) {
            if (ReplayNetwork.serverMac(address(i)) == mac) {
                return String.valueOf(i);
            }
        }
        return "\"nowhere\"";
    }

    /** Servers of each service in list order, and connections if asked. */
    String check(List<ServiceKey> keys, boolean withConnections) {
        final Map<String, Object> result = new LinkedHashMap<>();
        final Map<String, Object> dests = new LinkedHashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            final VirtualService service = find(keys.get(i));
            if (service != null) {
                dests.put(
                        String.valueOf(i),
                        service.config().servers().stream().map(this::row).toList());
            }
        }
        result.put("dests", dests);
        if (withConnections) {
            result.put("conns", TableView.connections(director));
        }
        return text(result);
    }

    private List<Integer> row(RealServer server) {
        final ServerRecords records = director.records();
        final long counts = records.counts(server.slot());
        return List.of(index(server), records.weight(server.slot()), Counts.active(counts), Counts.inactive(counts));
    }

    private @Nullable VirtualService find(ServiceKey key) {
        return director.admin().editor().services().stream()
                .filter(service -> service.key().equals(key))
                .findFirst()
                .orElse(null);
    }

    String connections() {
        return text(TableView.connections(director));
    }

    String state(JsonNode event) {
        final TableView.State state = TableView.state(
                director,
                Addresses.ip(event.get("src").asString()),
                event.get("sport").asInt());
        return text(state);
    }

    String totals() {
        return text(figures(figure -> (int) director.admin().editor().total(figure)));
    }

    private static List<Integer> figures(IntUnaryOperator figure) {
        final List<Integer> values = new ArrayList<>();
        for (int i = 0; i < ServerRecords.FIGURES; i++) {
            values.add(figure.applyAsInt(i));
        }
        return values;
    }

    String statistics(List<ServiceKey> keys) {
        final Map<String, Object> result = new LinkedHashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            final VirtualService service = find(keys.get(i));
            if (service != null) {
                result.put(String.valueOf(i), statistics(service));
            }
        }
        return text(result);
    }

    private Map<String, Object> statistics(VirtualService service) {
        final ServerRecords records = director.records();
        final Map<String, Object> values = new LinkedHashMap<>();
        values.put("service", figures(figure ->
                (int) (director.admin().editor().total(service, figure) - records.zeroBase(service.slot(), figure))));
        final List<List<Integer>> dests = new ArrayList<>();
        for (final RealServer server : service.config().servers()) {
            final List<Integer> row = new ArrayList<>();
            row.add(index(server));
            row.addAll(figures(
                    figure -> (int) (records.total(server.slot(), figure) - records.zeroBase(server.slot(), figure))));
            dests.add(row);
        }
        dests.sort(Comparator.comparingInt(row -> row.get(0)));
        values.put("dests", dests);
        return values;
    }
}
