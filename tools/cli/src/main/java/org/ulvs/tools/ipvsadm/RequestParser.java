// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import java.util.EnumSet;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.InetAddr;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.cnc.ServiceSpec;
import org.ulvs.cnc.SyncDaemonSpec;

/** Turns words into a checked {@link Request}. */
final class RequestParser {
    private static final long MAX_TIMEOUT = 31L * 24 * 3600;
    private static final int MAX_UDP_PAYLOAD = 65535 - 20 - 8;
    private static final EnumSet<Kind> TUNNEL_KINDS =
            EnumSet.of(Kind.TUN_TYPE, Kind.TUN_PORT, Kind.TUN_NO_CHECKSUM, Kind.TUN_CHECKSUM, Kind.TUN_REMOTE_CHECKSUM);

    private final NameService names;
    private final String program;

    RequestParser(NameService names, String program) {
        this.names = names;
        this.program = program;
    }

    /** The end for words that do not begin with a command. */
    Failure tryHelp() {
        return new Failure(
                Failure.REFUSED, "Try `" + program + " -h' or '" + program + " --help' for more information.");
    }

    /**
     * Reads a whole command.
     *
     * @throws Failure when the program has to end
     * @throws WordReader.BadOption when only this line is wrong
     */
    Request parse(String[] words) {
        final WordReader reader = new WordReader(words);
        final Request request = new Request();
        command(reader, request);
        if (request.command == Command.HELP || request.command == Command.VERSION) {
            return request;
        }
        for (Option option = reader.next(); option != null; option = reader.next()) {
            option(option, reader, request);
        }
        if (request.command == Command.SET_TIMEOUTS) {
            timeouts(reader, request);
        }
        final String other = reader.nextOther();
        if (other != null) {
            throw Failure.usage("unexpected argument " + other);
        }
        if (request.has(Kind.SCHED_FLAGS)) {
            request.flags |= SchedulerFlags.parse(request.scheduler, request.schedulerFlags);
        }
        request.command.check(request.given);
        finish(request);
        return request;
    }

    private void command(WordReader reader, Request request) {
        final Option option;
        try {
            option = reader.next();
        } catch (final WordReader.BadOption bad) {
            throw tryHelp();
        }
        if (option == null) {
            throw tryHelp();
        }
        request.command = switch (option) {
            case ADD_SERVICE -> Command.ADD;
            case EDIT_SERVICE -> Command.EDIT;
            case DELETE_SERVICE -> Command.DELETE;
            case ADD_SERVER -> Command.ADD_SERVER;
            case EDIT_SERVER -> Command.EDIT_SERVER;
            case DELETE_SERVER -> Command.DELETE_SERVER;
            case CLEAR -> Command.FLUSH;
            case LIST, LIST_SMALL -> Command.LIST;
            case ZERO -> Command.ZERO;
            case SET -> Command.SET_TIMEOUTS;
            case RESTORE -> Command.RESTORE;
            case SAVE -> Command.SAVE;
            case HELP -> Command.HELP;
            case VERSION -> Command.VERSION;
            case START_DAEMON -> daemon(reader, request, Command.START_DAEMON, "start-daemon parameter");
            case STOP_DAEMON -> daemon(reader, request, Command.STOP_DAEMON, "start_daemon");
            default -> throw tryHelp();
        };
    }

    private static Command daemon(WordReader reader, Request request, Command command, String what) {
        final String state = text(reader);
        if (state.equals("master")) {
            request.daemonState = SyncDaemonSpec.MASTER;
        } else if (state.equals("backup")) {
            request.daemonState = SyncDaemonSpec.BACKUP;
        } else {
            throw Failure.usage("illegal " + what + " specified");
        }
        return command;
    }

    private static String text(WordReader reader) {
        final String value = reader.value();
        return value == null ? "" : value;
    }

    private static void give(Request request, Kind kind) {
        if (!request.given.add(kind)) {
            throw Failure.usage("multiple '" + kind.word() + "' options specified");
        }
    }

    private void option(Option option, WordReader reader, Request request) {
        switch (option) {
            case TCP_SERVICE -> service(request, Request.IPPROTO_TCP, text(reader));
            case UDP_SERVICE -> service(request, Request.IPPROTO_UDP, text(reader));
            case SCTP_SERVICE -> service(request, Request.IPPROTO_SCTP, text(reader));
            case FWMARK_SERVICE -> markService(request, text(reader));
            case IPV6 -> ipv6(request);
            case SCHEDULER -> {
                give(request, Kind.SCHEDULER);
                request.scheduler = text(reader);
            }
            case PERSISTENT -> persistent(request, reader.value());
            case NETMASK -> netmask(request, text(reader));
            case ONE_PACKET -> {
                give(request, Kind.ONE_PACKET);
                request.flags |= ServiceSpec.ONE_PACKET;
            }
            case PERSISTENCE_ENGINE -> {
                give(request, Kind.PERSISTENCE_ENGINE);
                request.persistenceEngine = text(reader);
            }
            case SCHED_FLAGS -> {
                give(request, Kind.SCHED_FLAGS);
                request.schedulerFlags = text(reader);
            }
            case SORT -> {
                // sorted is the default; the original keeps the word for old scripts
            }
            case CONNECTION -> give(request, Kind.CONNECTION);
            case NUMERIC -> give(request, Kind.NUMERIC);
            case TIMEOUT -> give(request, Kind.TIMEOUT);
            case DAEMON -> give(request, Kind.DAEMON);
            case STATS -> give(request, Kind.STATS);
            case RATE -> give(request, Kind.RATE);
            case THRESHOLDS -> give(request, Kind.THRESHOLDS);
            case PERSISTENT_CONN -> give(request, Kind.PERSISTENT_CONN);
            case NO_SORT -> give(request, Kind.NO_SORT);
            case EXACT -> give(request, Kind.EXACT);
            case TUN_INFO -> give(request, Kind.TUN_INFO);
            case JSON -> give(request, Kind.JSON);
            case SAVE_ALL -> give(request, Kind.SAVE_ALL);
            case ATOMIC -> give(request, Kind.ATOMIC);
            default -> serverOrDaemonOption(option, reader, request);
        }
    }

    private void serverOrDaemonOption(Option option, WordReader reader, Request request) {
        final String value = text(reader);
        switch (option) {
            case REAL_SERVER -> server(request, value);
            case MASQUERADING -> method(request, ServerSpec.MASQUERADE);
            case TUNNELING -> method(request, ServerSpec.TUNNEL);
            case GATEWAYING -> method(request, ServerSpec.DIRECT);
            case WEIGHT -> request.weight = number(request, Kind.WEIGHT, value, 0, Integer.MAX_VALUE, "weight");
            case UPPER_THRESHOLD ->
                request.upperThreshold =
                        number(request, Kind.UPPER_THRESHOLD, value, 0, Integer.MAX_VALUE, "u_threshold");
            case LOWER_THRESHOLD ->
                request.lowerThreshold =
                        number(request, Kind.LOWER_THRESHOLD, value, 0, Integer.MAX_VALUE, "l_threshold");
            case TUN_TYPE -> tunnelType(request, value);
            case TUN_PORT -> request.tunnelPort = number(request, Kind.TUN_PORT, value, 1, 65535, "tunnel port");
            case TUN_NO_CHECKSUM -> give(request, Kind.TUN_NO_CHECKSUM);
            case TUN_CHECKSUM -> {
                give(request, Kind.TUN_CHECKSUM);
                request.tunnelFlags |= Request.TUNNEL_CHECKSUM;
            }
            case TUN_REMOTE_CHECKSUM -> {
                give(request, Kind.TUN_REMOTE_CHECKSUM);
                request.tunnelFlags |= Request.TUNNEL_REMOTE_CHECKSUM;
            }
            case MCAST_INTERFACE -> {
                give(request, Kind.MCAST);
                request.mcastInterface = value;
            }
            case SYNC_ID -> request.syncId = number(request, Kind.SYNC_ID, value, 0, 255, "syncid");
            case MCAST_GROUP -> mcastGroup(request, value);
            case MCAST_PORT -> request.mcastPort = number(request, Kind.MCAST_PORT, value, 1, 65535, "mcast-port");
            case MCAST_TTL -> request.mcastTtl = number(request, Kind.MCAST_TTL, value, 1, 255, "mcast-ttl");
            case SYNC_MAX_LENGTH ->
                request.syncMaxLength = number(request, Kind.SYNC_MAX_LENGTH, value, 1, MAX_UDP_PAYLOAD, "sync-maxlen");
            default -> throw Failure.usage("invalid option `" + reader.lastWord() + "'");
        }
    }

    private static int number(Request request, Kind kind, String value, long min, long max, String what) {
        give(request, kind);
        final long number = Numbers.inRange(value, min, max);
        if (number < 0) {
            throw Failure.usage("illegal " + what + " specified");
        }
        return (int) number;
    }

    private void service(Request request, int protocol, String text) {
        give(request, Kind.SERVICE);
        request.protocol = protocol;
        final Endpoint endpoint = Endpoint.parse(text, Endpoint.protocolName(protocol), names);
        if (endpoint == null) {
            throw Failure.usage("illegal virtual server address[:port] specified");
        }
        request.address = endpoint.address();
        request.port = endpoint.hasPort() ? endpoint.port() : 0;
        if (endpoint.address().family() == 6) {
            request.netmask = 128;
        }
    }

    private static void markService(Request request, String text) {
        give(request, Kind.SERVICE);
        final long mark = Numbers.lenient(text, 1, 0xFFFF_FFFFL);
        if (mark < 1) {
            throw Failure.usage("invalid fwmark value `" + text + "' specified");
        }
        request.protocol = Request.IPPROTO_TCP;
        request.address = InetAddr.v4(0);
        request.mark = (int) mark;
    }

    private static void ipv6(Request request) {
        if (request.mark == 0) {
            throw Failure.usage("-6 used before -f\n");
        }
        request.address = new InetAddr(6, 0, 0);
        request.netmask = 128;
    }

    private static int timeout(String text, int min) {
        final long seconds = Numbers.lenient(text, min, MAX_TIMEOUT);
        if (seconds < min) {
            throw Failure.usage("invalid timeout value `" + text + "' specified");
        }
        return (int) seconds;
    }

    private static void persistent(Request request, @Nullable String text) {
        give(request, Kind.PERSISTENT);
        request.flags |= ServiceSpec.PERSISTENT;
        request.persistentTimeout = text == null ? Request.DEFAULT_PERSISTENT_TIMEOUT : timeout(text, 1);
    }

    private static void netmask(Request request, String text) {
        give(request, Kind.NETMASK);
        if (request.address.family() == 6) {
            request.netmask = Numbers.leading(text);
            if (request.netmask < 1 || request.netmask > 128) {
                throw Failure.usage("illegal ipv6 netmask specified");
            }
        } else {
            final InetAddr mask = Addresses.inetAton(text);
            if (mask == null) {
                throw Failure.usage("illegal virtual server persistent mask specified");
            }
            request.netmask = mask.asV4();
        }
    }

    private void server(Request request, String text) {
        give(request, Kind.SERVER);
        final Endpoint endpoint = Endpoint.parse(text, Endpoint.protocolName(request.protocol), names);
        if (endpoint == null) {
            throw Failure.usage("illegal real server address[:port] specified");
        }
        request.serverAddress = endpoint.address();
        request.serverPort = endpoint.hasPort() ? endpoint.port() : request.port;
    }

    private static void method(Request request, int method) {
        give(request, Kind.FORWARD);
        request.method = method;
    }

    private static void tunnelType(Request request, String text) {
        give(request, Kind.TUN_TYPE);
        request.tunnelType = switch (text) {
            case "ipip" -> Request.TUNNEL_IPIP;
            case "gue" -> Request.TUNNEL_GUE;
            case "gre" -> Request.TUNNEL_GRE;
            default -> throw Failure.usage("illegal tunnel type specified");
        };
    }

    private static void mcastGroup(Request request, String text) {
        give(request, Kind.MCAST_GROUP);
        if (text.indexOf(':') >= 0) {
            final InetAddr group = Addresses.inetPton6(text);
            if (group == null || group.high() >>> 56 != 0xFF) {
                throw Failure.usage("invalid IPv6 mcast-group `" + text + "'");
            }
            request.mcastGroup = group;
        } else {
            final InetAddr group = Addresses.inetPton4(text);
            if (group == null || group.asV4() >>> 28 != 0xE) {
                throw Failure.usage("invalid IPv4 mcast-group `" + text + "'");
            }
            request.mcastGroup = group;
        }
    }

    private static void timeouts(WordReader reader, Request request) {
        final String tcp = reader.nextOther();
        final String tcpFin = reader.nextOther();
        final String udp = reader.nextOther();
        if (tcp == null || tcpFin == null || udp == null) {
            throw Failure.usage("--set option requires 3 timeout values");
        }
        request.timeouts[0] = timeout(tcp, 0);
        request.timeouts[1] = timeout(tcpFin, 0);
        request.timeouts[2] = timeout(udp, 0);
    }

    private static void finish(Request request) {
        switch (request.command) {
            case ADD, EDIT -> finishService(request);
            case ADD_SERVER, EDIT_SERVER -> finishServer(request);
            case LIST -> {
                final boolean setting = request.has(Kind.TIMEOUT) || request.has(Kind.DAEMON);
                final boolean figures =
                        request.has(Kind.STATS) || request.has(Kind.RATE) || request.has(Kind.THRESHOLDS);
                if ((figures && (setting || request.has(Kind.CONNECTION)))
                        || (setting && request.has(Kind.PERSISTENT_CONN))) {
                    throw Failure.usage("options conflicts in the list command");
                }
            }
            default -> {
                // nothing depends on several options
            }
        }
    }

    private static void finishService(Request request) {
        if (request.mark == 0 && request.port == 0 && (request.flags & ServiceSpec.PERSISTENT) == 0) {
            throw Failure.usage("Zero port specified for non-persistent service");
        }
        if ((request.flags & ServiceSpec.ONE_PACKET) != 0
                && request.mark == 0
                && request.protocol != Request.IPPROTO_UDP) {
            throw Failure.usage("One-Packet Scheduling is only for UDP virtual services");
        }
        if (request.scheduler.isEmpty()) {
            request.scheduler = "wlc";
        }
    }

    private static void finishServer(Request request) {
        // direct routing and tunnelling leave the port as it is; with a mark any port may come
        if (request.mark == 0 && request.method != ServerSpec.MASQUERADE) {
            request.serverPort = request.port;
        }
        final boolean tunnel = request.method == ServerSpec.TUNNEL;
        if (request.serverAddress.family() != request.address.family() && !tunnel) {
            throw Failure.usage("Different address family is allowed only for tunneling servers");
        }
        for (final Kind kind : TUNNEL_KINDS) {
            if (request.has(kind) && !tunnel) {
                throw Failure.usage("Tunnel options conflict with forward method");
            }
        }
        checkTunnel(request);
    }

    private static void checkTunnel(Request request) {
        final String type = TunnelText.type(request.tunnelType);
        final boolean gue = request.tunnelType == Request.TUNNEL_GUE;
        if (gue && !request.has(Kind.TUN_PORT)) {
            throw Failure.usage("You need to supply the 'tun-port' option for the 'gue' tunnel type");
        }
        Kind checksum = null;
        for (final Kind kind : TUNNEL_KINDS) {
            if (!request.has(kind) || kind == Kind.TUN_TYPE || (gue && kind == Kind.TUN_PORT)) {
                continue;
            }
            final boolean gre = request.tunnelType == Request.TUNNEL_GRE
                    && (kind == Kind.TUN_NO_CHECKSUM || kind == Kind.TUN_CHECKSUM);
            if (!gue && !gre) {
                throw Failure.usage("Illegal '" + kind.word() + "' option with the '" + type + "' tunnel type");
            }
            if (checksum != null) {
                throw Failure.usage("The option '" + kind.word() + "' conflicts with the '" + checksum.word()
                        + "' option in the '" + type + "' tunnel type");
            }
            checksum = kind;
        }
    }
}
