// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.forward;

import static org.ulvs.cnc.ConnectionLayout.*;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.ServerRecords;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.engine.connection.Connections;
import org.ulvs.engine.connection.TcpStates;
import org.ulvs.engine.connection.Templates;
import org.ulvs.engine.table.Director;
import org.ulvs.engine.table.RealServer;
import org.ulvs.engine.table.ServerLoad;
import org.ulvs.engine.table.Tunables;
import org.ulvs.engine.table.Tunables.Tunable;
import org.ulvs.engine.table.VirtualService;
import org.ulvs.schedulers.ConnectionRequest;
import org.ulvs.schedulers.Scheduler;
import org.ulvs.wire.EmbeddedHeader;
import org.ulvs.wire.Frame;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;
import org.ulvs.wire.Tcp;

/**
 * Decides what becomes of a packet that belongs to no connection: finds its virtual service, lets the scheduler or a
 * persistence template choose the real server, makes the connection. Owned by the worker.
 */
final class Admission {
    /** The packet is not for a service, or not one that may open a connection. */
    static final int NOT_SCHEDULED = -1;
    /** No server is usable: the client is told. */
    static final int NO_SERVER = -2;
    /** To be dropped: the table is full. */
    static final int TABLE_FULL = -3;
    /** To be dropped: the drop_packet defence. */
    static final int REFUSED = -4;
    /** A UDP packet of a one-packet service: {@link #onePacketServer} is booked for it until {@link #endOnePacket}. */
    static final int ONE_PACKET = -5;
    /** A UDP packet of a one-packet service without a usable server that goes to its own destination (cache_bypass). */
    static final int BYPASSES = -6;

    /** Forwarding method of a connection that keeps its own destination (cache_bypass); the number is the kernel's. */
    static final int BYPASS = 4;

    private static final int FTP_DATA_PORT = 20;
    private static final int SCTP_CHUNK_OFFSET = 12;
    private static final int SCTP_INIT = 1;

    private final Director director;
    private final ServerRecords records;
    private final Breath breath;
    private final Connections connections;
    private final Templates templates;
    private final OwnedAddresses owned;
    private final Defences defences;
    private final int worker;
    private final ConnectionRequest request = new ConnectionRequest();
    private int protocol;
    private int clientAddress;
    private int clientPort;
    private int virtualAddress;
    private int virtualPort;
    private boolean aboutReply;
    private int mark;
    private @Nullable RealServer onePacketServer;
    private int onePacketPort;

    Admission(
            Director director,
            Breath breath,
            Connections connections,
            Templates templates,
            OwnedAddresses owned,
            Defences defences,
            int worker) {
        this.director = director;
        this.records = director.records();
        this.breath = breath;
        this.connections = connections;
        this.templates = templates;
        this.owned = owned;
        this.defences = defences;
        this.worker = worker;
    }

    /** The service of a packet by its firewall mark or its destination, whatever its flags. */
    @Nullable
    VirtualService find(Frame frame, PacketView view) {
        protocol = view.protocol();
        clientAddress = view.source();
        clientPort = view.sourcePort();
        virtualAddress = view.destination();
        virtualPort = view.destinationPort();
        aboutReply = false;
        return find(frame, view, view.sourcePort(), view.destinationPort());
    }

    /** The service of the reply that an ICMP error quotes: by the error's firewall mark or the reply's source. */
    @Nullable
    VirtualService find(Frame frame, PacketView error, EmbeddedHeader quoted) {
        protocol = quoted.protocol();
        clientAddress = quoted.destination();
        clientPort = quoted.destinationPort();
        virtualAddress = quoted.source();
        virtualPort = quoted.sourcePort();
        aboutReply = true;
        return find(frame, error, 0, 0);
    }

    private @Nullable VirtualService find(Frame frame, PacketView view, int sourcePort, int destinationPort) {
        mark = breath.classifier()
                .mark(view.protocol(), view.source(), view.destination(), sourcePort, destinationPort, frame.port());
        return breath.services().find(mark, protocol, virtualAddress, virtualPort);
    }

    /** Whether the packet may open a connection. */
    boolean mayOpen(Frame frame, PacketView view) {
        final Tunables tunables = director.tunables();
        if (view.protocol() == Ipv4.SCTP) {
            return tunables.isOn(Tunable.SLOPPY_SCTP)
                    || (view.transportLength() > SCTP_CHUNK_OFFSET
                            && frame.buffer().getByte(view.transportOffset() + SCTP_CHUNK_OFFSET) == SCTP_INIT);
        }
        if (view.protocol() == Ipv4.TCP) {
            final int flags = view.tcpFlags();
            return (flags & Tcp.RST) == 0 && ((flags & Tcp.SYN) != 0 || tunables.isOn(Tunable.SLOPPY_TCP));
        }
        return true;
    }

    /**
     * Makes the connection of a packet that {@link #find found} a service and may open one.
     *
     * @return the connection, or one of the constants
     */
    int admit(PacketView view, VirtualService service) {
        return schedule(service, protocol == Ipv4.TCP && TcpStates.isActive(firstState(view)));
    }

    /**
     * Makes the connection that an ICMP error is about, after {@link #find(Frame, PacketView, EmbeddedHeader)}, for
     * schedule_icmp. It has no state yet and little time.
     *
     * @return the connection, or one of the constants
     */
    int admitError(VirtualService service) {
        return schedule(service, false);
    }

    private int schedule(VirtualService service, boolean active) {
        if (defences.dropsPacket()) {
            return REFUSED;
        }
        if (clientPort == FTP_DATA_PORT) {
            return NOT_SCHEDULED;
        }
        final VirtualService.Config config = service.config();
        request.sourceAddress = clientAddress;
        request.destinationAddress = virtualAddress;
        request.sourcePort = clientPort;
        request.destinationPort = virtualPort;
        request.active = active;
        request.nowMillis = breath.nowMillis();
        if (config.isPersistent()) {
            return persistent(service, config);
        }
        if (service.mark() == 0 && virtualPort != service.port()) {
            return leave(service);
        }
        final int position = config.scheduler().schedule(request);
        if (position == Scheduler.NONE) {
            return leave(service);
        }
        final RealServer server = config.servers().get(position);
        final int port = server.port() != 0 ? server.port() : virtualPort;
        if (isOnePacket(config)) {
            records.countConnection(server.slot(), worker);
            onePacketServer = server;
            onePacketPort = port;
            return ONE_PACKET;
        }
        return create(server, port, true);
    }

    private boolean isOnePacket(VirtualService.Config config) {
        return config.isOnePacket() && protocol == Ipv4.UDP;
    }

    private static int firstState(PacketView view) {
        return TcpStates.next(false, TcpStates.INPUT, TcpStates.event(view.tcpFlags()), TcpStates.NONE);
    }

    private int create(RealServer server, int port, boolean booked) {
        final boolean isFtp =
                server.spec().method() == ServerSpec.MASQUERADE && FtpPath.isControl(protocol, virtualPort);
        final int connection = connections.create(
                protocol,
                clientAddress,
                clientPort,
                virtualAddress,
                virtualPort,
                server.address(),
                port,
                server,
                booked,
                request.active,
                mark,
                isFtp ? FTP : 0);
        if (connection == Connections.NONE) {
            return TABLE_FULL;
        }
        records.countConnection(server.slot(), worker);
        return connection;
    }

    /**
     * The kernel's rules for what a template stands for: an FTP or port-0 service: all ports of the VIP; a mark
     * service: all ports and protocols; any other: the service's port.
     */
    private int persistent(VirtualService service, VirtualService.Config config) {
        int stands = protocol;
        int address = virtualAddress;
        int port = 0;
        if (service.mark() != 0) {
            stands = 0;
            address = service.mark();
        } else if (virtualPort == service.port() && service.port() != VirtualService.FTP_PORT) {
            port = virtualPort;
        }
        final int network = clientAddress & config.spec().netmask();
        templates.lock(breath.ticks());
        try {
            return throughTemplate(service, config, stands, network, address, port);
        } finally {
            templates.unlock();
        }
    }

    private int throughTemplate(
            VirtualService service, VirtualService.Config config, int stands, int network, int address, int port) {
        int template = templates.find(stands, network, address, port);
        RealServer server = template == Templates.NONE ? null : templates.server(template);
        boolean booked = false;
        if (template != Templates.NONE && !isUsable(server)) {
            templates.invalidate(template);
            server = null;
        }
        int timeout = 0;
        if (server == null) {
            final int position = config.scheduler().schedule(request);
            if (position == Scheduler.NONE) {
                return leave(service);
            }
            server = config.servers().get(position);
            booked = true;
            template = templates.create(stands, network, address, port, port != 0 ? server.port() : 0, server, mark);
            timeout = config.persistentTicks();
        } else {
            timeout = templates.timeout(template);
        }
        final int serverPort = virtualPort == service.port() && server.port() != 0 ? server.port() : virtualPort;
        if (isOnePacket(config)) {
            if (!booked) {
                ServerLoad.bind(records, server, false);
            }
            if (template != Templates.NONE) {
                templates.restart(template, timeout);
            }
            records.countConnection(server.slot(), worker);
            onePacketServer = server;
            onePacketPort = serverPort;
            return ONE_PACKET;
        }
        final int connection = create(server, serverPort, booked);
        if (template == Templates.NONE) {
            // better served by any server than not at all
            connections.onTemplateMissed();
        } else if (connection >= 0) {
            connections.controlledBy(connection, template);
            templates.use(template, timeout);
        }
        return connection;
    }

    private boolean isUsable(@Nullable RealServer server) {
        return server != null
                && (records.flags(server.slot()) & ServerRecords.AVAILABLE) != 0
                && (records.weight(server.slot()) != 0 || !director.tunables().isOn(Tunable.EXPIRE_QUIESCENT_TEMPLATE));
    }

    /** No server, or a port that the service does not stand for (the kernel's ip_vs_leave). */
    private int leave(VirtualService service) {
        if (service.mark() != 0 && !aboutReply && bypasses()) {
            return isOnePacket(service.config()) ? BYPASSES : bypass();
        }
        if (service.port() == VirtualService.FTP_PORT && virtualPort != VirtualService.FTP_PORT) {
            return NOT_SCHEDULED;
        }
        return NO_SERVER;
    }

    private boolean bypasses() {
        return director.tunables().isOn(Tunable.CACHE_BYPASS)
                && !owned.contains(virtualAddress)
                && !breath.services().isVirtualAddress(virtualAddress);
    }

    private int bypass() {
        final int connection = connections.create(
                protocol,
                clientAddress,
                clientPort,
                virtualAddress,
                virtualPort,
                0,
                0,
                null,
                false,
                request.active,
                mark,
                BYPASS);
        return connection == Connections.NONE ? TABLE_FULL : connection;
    }

    /**
     * Whether nat_icmp_send wants the sender of a packet without a connection to be told: it comes from the address and
     * port of a masqueraded real server and is no TCP reset. Walks all servers: the tunable is off by default.
     */
    boolean isLostServer(PacketView view) {
        if (!director.tunables().isOn(Tunable.NAT_ICMP_SEND)
                || (view.protocol() == Ipv4.TCP && (view.tcpFlags() & Tcp.RST) != 0)) {
            return false;
        }
        final List<VirtualService> services = breath.services().services();
        for (int i = 0; i < services.size(); i++) {
            final VirtualService service = services.get(i);
            if ((service.mark() != 0 || service.key().protocol() == view.protocol()) && has(service, view)) {
                return true;
            }
        }
        return false;
    }

    private static boolean has(VirtualService service, PacketView view) {
        final List<RealServer> servers = service.config().servers();
        for (int i = 0; i < servers.size(); i++) {
            final RealServer server = servers.get(i);
            if (server.address() == view.source()
                    && server.port() == view.sourcePort()
                    && server.spec().method() == ServerSpec.MASQUERADE) {
                return true;
            }
        }
        return false;
    }

    /** The server booked for a packet of a one-packet service. */
    RealServer onePacketServer() {
        final RealServer server = onePacketServer;
        if (server == null) {
            throw new IllegalStateException("no one-packet connection");
        }
        return server;
    }

    /** The port to which a packet of a one-packet service goes. */
    int onePacketPort() {
        return onePacketPort;
    }

    /** The packet of a one-packet service has been dealt with. */
    void endOnePacket() {
        ServerLoad.unbind(records, onePacketServer(), request.active);
        onePacketServer = null;
    }
}
