// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.conform;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.CommandResult;
import org.ulvs.cnc.Errno;
import org.ulvs.cnc.InetAddr;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.cnc.ServiceKey;
import org.ulvs.cnc.ServiceSpec;
import org.ulvs.testkit.Addresses;
import org.ulvs.testkit.Frames;
import org.ulvs.testkit.PacketBuilder;
import org.ulvs.tools.ipvsadm.SchedulerFlags;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.Icmp;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;
import org.ulvs.wire.Tcp;
import tools.jackson.databind.JsonNode;

/** Replays one scenario of {@code vectors/}: configuration, packets, time, and looks at the table. */
final class VectorReplay {
    private static final String REFUSED = "\"refused\"";

    private final JsonNode scenario;
    private final ReplayDirector director = new ReplayDirector();
    private final VectorTables tables;
    private final List<ServiceKey> keys = new ArrayList<>();
    private final List<ServiceSpec> specs = new ArrayList<>();
    private final List<String> forwardings = new ArrayList<>();
    private int packetId = 1;

    VectorReplay(JsonNode scenario) {
        this.scenario = scenario;
        this.tables = new VectorTables(director, scenario.get("reals"));
    }

    /** Replays; returns the first difference, or null. */
    @Nullable
    Difference run() {
        configure();
        final JsonNode events = scenario.get("events");
        final JsonNode expected = scenario.get("expect");
        for (int i = 0; i < events.size(); i++) {
            final JsonNode event = events.get(i);
            final String actual = perform(event);
            final String wanted = wanted(expected.get(i));
            if (!wanted.equals(actual)) {
                return new Difference(i, event.toString(), wanted, actual);
            }
        }
        return null;
    }

    /** A command that the kernel refused is recorded with ipvsadm's words; here it is only refused. */
    private static String wanted(JsonNode expected) {
        return expected.has("rc") && expected.get("rc").asInt() != 0 ? REFUSED : VectorTables.text(expected);
    }

    private void configure() {
        scenario.path("sysctl")
                .properties()
                .forEach(entry -> require(
                        director.admin()
                                .setSysctl(entry.getKey(), entry.getValue().asString()),
                        "sysctl " + entry.getKey()));
        final JsonNode timeouts = scenario.path("timeouts");
        if (timeouts.isArray()) {
            require(
                    director.admin()
                            .setTimeouts(
                                    timeouts.get(0).asInt(),
                                    timeouts.get(1).asInt(),
                                    timeouts.get(2).asInt()),
                    "timeouts");
        }
        mark(scenario.path("marks"));
        for (final JsonNode service : scenario.get("services")) {
            final ServiceKey key = key(service);
            final ServiceSpec spec = spec(key, service);
            keys.add(key);
            specs.add(spec);
            forwardings.add(service.get("forwarding").asString());
            require(director.admin().addService(spec), "service " + key);
            for (final JsonNode server : service.get("servers")) {
                require(director.admin().addServer(key, server(keys.size() - 1, server)), "server " + server);
            }
        }
    }

    private void mark(JsonNode marks) {
        if (marks.isEmpty()) {
            return;
        }
        final StringBuilder rules = new StringBuilder("*mangle\n:PREROUTING ACCEPT [0:0]\n");
        for (final JsonNode rule : marks) {
            rules.append("-A PREROUTING ")
                    .append(rule.get("match").asString())
                    .append(" -j MARK --set-mark ")
                    .append(rule.get("mark").asInt())
                    .append('\n');
        }
        final CommandResult result =
                director.admin().replaceRules(rules.append("COMMIT\n").toString());
        require(result.errno(), "rules: " + result.detail());
    }

    private static void require(int errno, String what) {
        if (errno != Errno.OK) {
            throw new IllegalStateException("refused with errno " + errno + ": " + what);
        }
    }

    private static ServiceKey key(JsonNode service) {
        if (!service.path("fwmark").isNull() && service.has("fwmark")) {
            return new ServiceKey(0, InetAddr.v4(0), 0, service.get("fwmark").asInt());
        }
        final int protocol = "tcp".equals(service.get("proto").asString()) ? Ipv4.TCP : Ipv4.UDP;
        return new ServiceKey(
                protocol,
                InetAddr.v4(Addresses.ip(service.get("addr").asString())),
                service.get("port").asInt(),
                0);
    }

    private static ServiceSpec spec(ServiceKey key, JsonNode service) {
        int flags = 0;
        final JsonNode persistent = service.path("persistent");
        if (persistent.isNumber()) {
            flags |= ServiceSpec.PERSISTENT;
        }
        if (service.path("one_packet").asBoolean(false)) {
            flags |= ServiceSpec.ONE_PACKET;
        }
        final JsonNode names = service.path("flags");
        if (names.isString()) {
            flags |= SchedulerFlags.parse(service.get("scheduler").asString(), names.asString());
        }
        final JsonNode mask = service.path("netmask");
        return new ServiceSpec(
                key,
                service.get("scheduler").asString(),
                flags,
                persistent.isNumber() ? persistent.asInt() : 0,
                mask.isString() ? Addresses.ip(mask.asString()) : 0xFFFF_FFFF);
    }

    private ServerSpec server(int service, JsonNode server) {
        final int method = switch (forwardings.get(service)) {
            case "nat" -> ServerSpec.MASQUERADE;
            case "tun" -> ServerSpec.TUNNEL;
            default -> ServerSpec.DIRECT;
        };
        return new ServerSpec(
                InetAddr.v4(Addresses.ip(server.get("addr").asString())),
                server.get("port").asInt(),
                method,
                server.get("weight").asInt(),
                server.path("u").asInt(0),
                server.path("l").asInt(0),
                0,
                0,
                0);
    }

    private String perform(JsonNode event) {
        return switch (event.get("op").asString()) {
            case "syn" -> client(event, Tcp.SYN);
            case "ack" -> client(event, Tcp.ACK);
            case "data" -> client(event, Tcp.PSH | Tcp.ACK);
            case "fin" -> client(event, Tcp.FIN | Tcp.ACK);
            case "rst" -> client(event, Tcp.RST);
            case "synack" -> client(event, Tcp.SYN | Tcp.ACK);
            case "udp" -> client(event, -1);
            case "s_synack" -> server(event, Tcp.SYN | Tcp.ACK);
            case "s_ack" -> server(event, Tcp.ACK);
            case "s_data" -> server(event, Tcp.PSH | Tcp.ACK);
            case "s_fin" -> server(event, Tcp.FIN | Tcp.ACK);
            case "s_rst" -> server(event, Tcp.RST | Tcp.ACK);
            case "s_udp" -> server(event, -1);
            case "advance_s" -> {
                director.advance(event.get("s").asDouble());
                yield "\"ok\"";
            }
            case "check" -> tables.check(keys, event.path("conns").asBoolean(false));
            case "conns" -> tables.connections();
            case "state" -> tables.state(event);
            case "totals" -> tables.totals();
            case "stats" -> {
                director.advance(2.2);
                yield tables.statistics(keys);
            }
            default -> "\"" + command(event) + "\"";
        };
    }

    private String command(JsonNode event) {
        final int index = event.path("svc").asInt(0);
        final int errno = switch (event.get("op").asString()) {
            case "set_weight" -> director.admin().editServer(keys.get(index), known(index, event));
            case "add_server" -> director.admin().addServer(keys.get(index), server(index, event));
            case "del_server" -> {
                final ServerSpec server = known(index, event);
                yield director.admin().deleteServer(keys.get(index), server.address(), server.port());
            }
            case "edit_service" -> {
                specs.set(index, spec(keys.get(index), event));
                yield director.admin().editService(specs.get(index));
            }
            case "del_service" -> director.admin().deleteService(keys.get(index));
            case "add_service" -> addService(index, event);
            case "set_timeouts" -> {
                final int[] seconds = RecordingFormat.timeouts(event);
                yield director.admin().setTimeouts(seconds[0], seconds[1], seconds[2]);
            }
            case "sysctl" -> {
                final String[] setting = RecordingFormat.sysctl(event);
                yield director.admin().setSysctl(setting[0], setting[1]);
            }
            case "zero" -> director.admin().zero(event.path("svc").isNumber() ? keys.get(index) : null);
            default -> throw new IllegalArgumentException("unknown event " + event.get("op"));
        };
        return errno == Errno.OK ? "ok" : "refused";
    }

    private int addService(int index, JsonNode event) {
        final int errno = director.admin().addService(specs.get(index));
        for (final JsonNode server : event.path("servers")) {
            require(director.admin().addServer(keys.get(index), server(index, server)), "server " + server);
        }
        return errno;
    }

    /** A server by its index in {@code reals}, with the numbers of the event. */
    private ServerSpec known(int service, JsonNode event) {
        final String[] real =
                scenario.get("reals").get(event.get("real").asInt()).asString().split(":", -1);
        final int method = server(service, Addresses.ip(real[0]), Integer.parseInt(real[1]));
        return new ServerSpec(
                InetAddr.v4(Addresses.ip(real[0])),
                Integer.parseInt(real[1]),
                method,
                event.path("weight").asInt(1),
                event.path("u").asInt(0),
                event.path("l").asInt(0),
                0,
                0,
                0);
    }

    private int server(int service, int address, int port) {
        return director.admin().editor().services().stream()
                .filter(candidate -> candidate.key().equals(keys.get(service)))
                .flatMap(candidate -> candidate.config().servers().stream())
                .filter(server -> server.address() == address && server.port() == port)
                .mapToInt(server -> server.spec().method())
                .findFirst()
                .orElse(ServerSpec.DIRECT);
    }

    private byte[] packet(JsonNode event, int flags) {
        final int sport = event.get("sport").asInt();
        final int dport = event.get("dport").asInt();
        final PacketBuilder builder =
                flags < 0 ? PacketBuilder.udp(sport, dport) : PacketBuilder.tcp(sport, dport, flags);
        final boolean fromServer = event.has("real");
        final long ours = director.network().macAddress(fromServer ? ReplayNetwork.SERVERS : ReplayNetwork.CLIENTS);
        final int source = Addresses.ip(event.get("src").asString());
        final long theirs = fromServer ? ReplayNetwork.serverMac(source) : ReplayNetwork.routerMac();
        builder.mac(Addresses.mac(theirs), Addresses.mac(ours))
                .addresses(source, Addresses.ip(event.get("dst").asString()))
                .id(packetId++)
                .ttl(64)
                .payload(event.path("len").asInt(0));
        if (flags >= 0) {
            builder.sequence(1000, 0);
        }
        return Frames.bytes(builder.build());
    }

    private String client(JsonNode event, int flags) {
        final List<Frame> out = director.receive(packet(event, flags), ReplayNetwork.CLIENTS);
        if (out.isEmpty()) {
            return "\"drop\"";
        }
        final Frame frame = out.get(0);
        final PacketView view = new PacketView();
        if (view.parse(frame) != PacketView.OK) {
            return "\"unreadable\"";
        }
        if (frame.port() == ReplayNetwork.SERVERS) {
            return tables.real(frame, view);
        }
        if (view.protocol() == Ipv4.ICMP
                && view.icmpType() == Icmp.UNREACHABLE
                && view.icmpCode() == Icmp.CODE_PORT_UNREACHABLE) {
            return "\"icmp-port-unreach\"";
        }
        return view.protocol() == Ipv4.TCP && (view.tcpFlags() & Tcp.RST) != 0 ? "\"reset\"" : "\"other\"";
    }

    private String server(JsonNode event, int flags) {
        final List<Frame> out = director.receive(packet(event, flags), ReplayNetwork.SERVERS);
        if (out.isEmpty()) {
            return "\"drop\"";
        }
        final Frame frame = out.get(0);
        final PacketView view = new PacketView();
        if (view.parse(frame) != PacketView.OK
                || Ethernet.destination(frame.buffer(), frame.offset()) != ReplayNetwork.routerMac()) {
            return "\"unreadable\"";
        }
        final boolean unchanged = view.source() == Addresses.ip(event.get("src").asString())
                && view.sourcePort() == event.get("sport").asInt();
        return unchanged ? "\"forward\"" : "\"reply:" + Addresses.ip(view.source()) + ":" + view.sourcePort() + "\"";
    }
}
