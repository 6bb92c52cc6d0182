// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Encoding of the records that commands and the table image share. */
final class SpecCodec {
    private static final int MIN_SERVER_LENGTH = 52;
    private static final int MIN_SERVICE_LENGTH = 44;

    private SpecCodec() {}

    static void putAddress(MessageWriter out, InetAddr address) {
        out.putInt(address.family()).putLong(address.high()).putLong(address.low());
    }

    static InetAddr address(MessageReader in) {
        final int family = in.getInt();
        if (family != 4 && family != 6) {
            throw new MessageReader.MalformedException("address family " + family);
        }
        return new InetAddr(family, in.getLong(), in.getLong());
    }

    static void putKey(MessageWriter out, ServiceKey key) {
        out.putInt(key.protocol());
        putAddress(out, key.address());
        out.putInt(key.port()).putInt(key.mark());
    }

    static ServiceKey key(MessageReader in) {
        return new ServiceKey(in.getInt(), address(in), in.getInt(), in.getInt());
    }

    static void putService(MessageWriter out, ServiceSpec service) {
        putKey(out, service.key());
        out.putString(service.scheduler())
                .putInt(service.flags())
                .putInt(service.persistentTimeout())
                .putInt(service.netmask());
    }

    static ServiceSpec service(MessageReader in) {
        return new ServiceSpec(key(in), in.getString(), in.getInt(), in.getInt(), in.getInt());
    }

    static void putServer(MessageWriter out, ServerSpec server) {
        putAddress(out, server.address());
        out.putInt(server.port())
                .putInt(server.method())
                .putInt(server.weight())
                .putInt(server.upperThreshold())
                .putInt(server.lowerThreshold())
                .putInt(server.tunnelType())
                .putInt(server.tunnelPort())
                .putInt(server.tunnelFlags());
    }

    static ServerSpec server(MessageReader in) {
        return new ServerSpec(
                address(in),
                in.getInt(),
                in.getInt(),
                in.getInt(),
                in.getInt(),
                in.getInt(),
                in.getInt(),
                in.getInt(),
                in.getInt());
    }

    static void putDaemon(MessageWriter out, SyncDaemonSpec daemon) {
        out.putInt(daemon.state())
                .putString(daemon.mcastInterface())
                .putInt(daemon.syncId())
                .putInt(daemon.maxLength());
        putAddress(out, daemon.group());
        out.putInt(daemon.port()).putInt(daemon.ttl());
    }

    static SyncDaemonSpec daemon(MessageReader in) {
        return new SyncDaemonSpec(
                in.getInt(), in.getString(), in.getInt(), in.getInt(), address(in), in.getInt(), in.getInt());
    }

    static void putTable(MessageWriter out, List<ServiceConfig> services) {
        out.putInt(services.size());
        for (final ServiceConfig config : services) {
            putService(out, config.service());
            out.putInt(config.servers().size());
            config.servers().forEach(server -> putServer(out, server));
        }
    }

    static List<ServiceConfig> table(MessageReader in) {
        final int services = in.getCount(MIN_SERVICE_LENGTH);
        final List<ServiceConfig> table = new ArrayList<>(services);
        for (int i = 0; i < services; i++) {
            final ServiceSpec service = service(in);
            final int servers = in.getCount(MIN_SERVER_LENGTH);
            final List<ServerSpec> list = new ArrayList<>(servers);
            for (int j = 0; j < servers; j++) {
                list.add(server(in));
            }
            table.add(new ServiceConfig(service, list));
        }
        return table;
    }

    static void putImage(MessageWriter out, TableImage image) {
        out.putInt(image.connectionCapacity()).putInt(image.workers());
        out.putInt(image.tcpTimeout()).putInt(image.tcpFinTimeout()).putInt(image.udpTimeout());
        out.putInt(image.services().size());
        for (final ServiceImage service : image.services()) {
            putService(out, service.spec());
            out.putInt(service.slot()).putInt(service.servers().size());
            service.servers().forEach(server -> putServerImage(out, server));
        }
        out.putInt(image.removed().size());
        for (final RemovedServer removed : image.removed()) {
            putKey(out, removed.service());
            putServerImage(out, removed.server());
        }
        out.putInt(image.sysctls().size());
        image.sysctls().forEach((name, value) -> out.putString(name).putString(value));
        out.putString(image.rules());
        out.putInt(image.daemons().size());
        image.daemons().forEach(daemon -> putDaemon(out, daemon));
        out.putInt(image.addresses().size());
        for (final OwnedAddress owned : image.addresses()) {
            putAddress(out, owned.address());
            out.putString(owned.device());
        }
    }

    private static void putServerImage(MessageWriter out, ServerImage server) {
        putServer(out, server.spec());
        out.putInt(server.slot());
    }

    private static ServerImage serverImage(MessageReader in) {
        return new ServerImage(server(in), in.getInt());
    }

    static TableImage image(MessageReader in) {
        final int connectionCapacity = in.getInt();
        final int workers = in.getInt();
        final int tcp = in.getInt();
        final int tcpFin = in.getInt();
        final int udp = in.getInt();
        final List<ServiceImage> services = new ArrayList<>();
        for (int i = in.getCount(MIN_SERVICE_LENGTH); i > 0; i--) {
            final ServiceSpec service = service(in);
            final int slot = in.getInt();
            final List<ServerImage> servers = new ArrayList<>();
            for (int j = in.getCount(MIN_SERVER_LENGTH); j > 0; j--) {
                servers.add(serverImage(in));
            }
            services.add(new ServiceImage(service, slot, servers));
        }
        final List<RemovedServer> removed = new ArrayList<>();
        for (int i = in.getCount(MIN_SERVER_LENGTH); i > 0; i--) {
            removed.add(new RemovedServer(key(in), serverImage(in)));
        }
        final Map<String, String> sysctls = new TreeMap<>();
        for (int i = in.getCount(8); i > 0; i--) {
            final String name = in.getString();
            sysctls.put(name, in.getString());
        }
        final String rules = in.getString();
        final List<SyncDaemonSpec> daemons = new ArrayList<>();
        for (int i = in.getCount(MIN_SERVICE_LENGTH); i > 0; i--) {
            daemons.add(daemon(in));
        }
        final List<OwnedAddress> addresses = new ArrayList<>();
        for (int i = in.getCount(24); i > 0; i--) {
            final InetAddr address = address(in);
            addresses.add(new OwnedAddress(address, in.getString()));
        }
        return new TableImage(
                connectionCapacity, workers, tcp, tcpFin, udp, services, removed, sysctls, rules, daemons, addresses);
    }
}
