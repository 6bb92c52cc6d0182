// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import java.util.List;
import java.util.Locale;
import org.ulvs.cnc.ConnectionEntry;
import org.ulvs.cnc.ConnectionLayout;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.cnc.ServiceKey;
import org.ulvs.cnc.ServiceSpec;
import org.ulvs.cnc.SyncDaemonSpec;
import org.ulvs.cnc.TableImage;

/** Writes any list as one JSON value: always numeric, always with all figures. */
final class JsonPrinter {
    private final StringBuilder out;
    private boolean first = true;

    JsonPrinter(StringBuilder out) {
        this.out = out;
    }

    private JsonPrinter open(char bracket) {
        out.append(bracket);
        first = true;
        return this;
    }

    private JsonPrinter close(char bracket) {
        out.append(bracket);
        first = false;
        return this;
    }

    private void comma() {
        if (!first) {
            out.append(',');
        }
        first = false;
    }

    private JsonPrinter name(String name) {
        comma();
        out.append('"').append(name).append("\":");
        return this;
    }

    private JsonPrinter field(String name, long value) {
        name(name);
        out.append(value);
        return this;
    }

    private JsonPrinter field(String name, boolean value) {
        name(name);
        out.append(value);
        return this;
    }

    private JsonPrinter field(String name, String value) {
        name(name);
        string(value);
        return this;
    }

    private void string(String value) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            final char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 0xF, 16));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    void all(LiveTable table) {
        open('{')
                .field("version", "1.2.1")
                .field("connectionTableSize", table.image().connectionCapacity());
        name("services").open('[');
        for (final LiveService service : table.services()) {
            comma();
            service(service);
        }
        close(']').close('}');
        out.append('\n');
    }

    void one(LiveService service) {
        service(service);
        out.append('\n');
    }

    private void service(LiveService live) {
        final ServiceSpec spec = live.spec();
        final ServiceKey key = spec.key();
        open('{');
        if (key.mark() != 0) {
            field("protocol", "FWM").field("fwmark", Integer.toUnsignedLong(key.mark()));
            field("family", key.address().family() == 6 ? "IPv6" : "IPv4");
        } else {
            field("protocol", Endpoint.protocolName(key.protocol()).toUpperCase(Locale.ROOT));
            field("address", Addresses.text(key.address())).field("port", key.port());
        }
        field("scheduler", spec.scheduler());
        field("schedulerFlags", SchedulerFlags.text(spec.scheduler(), spec.flags()));
        final boolean persistent = (spec.flags() & ServiceSpec.PERSISTENT) != 0;
        field("persistent", persistent);
        if (persistent) {
            field("persistentTimeout", spec.persistentTimeout());
            field(
                    "netmask",
                    key.address().family() == 6 ? Integer.toString(spec.netmask()) : Addresses.text4(spec.netmask()));
        }
        field("onePacket", (spec.flags() & ServiceSpec.ONE_PACKET) != 0);
        figures("stats", live.stats());
        figures("rates", live.rates());
        name("servers").open('[');
        for (final LiveServer server : live.servers()) {
            comma();
            server(server);
        }
        close(']').close('}');
    }

    private void figures(String name, Figures figures) {
        name(name).open('{');
        field("connections", figures.connections());
        field("inPackets", figures.inPackets()).field("outPackets", figures.outPackets());
        field("inBytes", figures.inBytes()).field("outBytes", figures.outBytes());
        close('}');
    }

    private void server(LiveServer live) {
        final ServerSpec spec = live.spec();
        open('{').field("address", Addresses.text(spec.address())).field("port", spec.port());
        field("forward", ListPrinter.forward(spec.method())).field("weight", spec.weight());
        field("upperThreshold", spec.upperThreshold()).field("lowerThreshold", spec.lowerThreshold());
        if (spec.method() == ServerSpec.TUNNEL) {
            field("tunnel", TunnelText.info(spec));
        }
        field("activeConnections", live.active()).field("inactiveConnections", live.inactive());
        field("persistentConnections", live.persistent()).field("overloaded", live.overloaded());
        figures("stats", live.stats());
        figures("rates", live.rates());
        close('}');
    }

    void connections(List<ConnectionEntry> entries) {
        open('[');
        for (final ConnectionEntry entry : entries) {
            comma();
            open('{').field("protocol", entry.protocolName());
            field("expires", entry.remainingSeconds()).field("state", entry.stateName());
            field("clientAddress", Addresses.text4(entry.clientAddress())).field("clientPort", entry.clientPort());
            field("virtualAddress", Addresses.text4(entry.virtualAddress())).field("virtualPort", entry.virtualPort());
            field("serverAddress", Addresses.text4(entry.serverAddress())).field("serverPort", entry.serverPort());
            field("forward", ListPrinter.forward(entry.flags() & ConnectionLayout.METHOD_MASK));
            field("template", entry.isTemplate());
            close('}');
        }
        close(']');
        out.append('\n');
    }

    void timeouts(TableImage image) {
        open('{').field("tcp", image.tcpTimeout()).field("tcpFin", image.tcpFinTimeout());
        field("udp", image.udpTimeout()).close('}');
        out.append('\n');
    }

    void daemons(TableImage image) {
        open('[');
        for (final SyncDaemonSpec daemon : image.daemons()) {
            comma();
            open('{').field("state", daemon.state() == SyncDaemonSpec.MASTER ? "master" : "backup");
            field("mcastInterface", daemon.mcastInterface()).field("syncId", daemon.syncId());
            field("maxLength", daemon.maxLength()).field("group", Addresses.text(daemon.group()));
            field("port", daemon.port()).field("ttl", daemon.ttl()).close('}');
        }
        close(']');
        out.append('\n');
    }
}
