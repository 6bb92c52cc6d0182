// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.CommandResult;
import org.ulvs.cnc.Errno;
import org.ulvs.cnc.HostAdmin;
import org.ulvs.cnc.InetAddr;
import org.ulvs.cnc.OwnedAddress;
import org.ulvs.cnc.ServerImage;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.cnc.ServiceConfig;
import org.ulvs.cnc.ServiceImage;
import org.ulvs.cnc.ServiceKey;
import org.ulvs.cnc.ServiceSpec;
import org.ulvs.cnc.SyncDaemonSpec;
import org.ulvs.cnc.TableAdmin;
import org.ulvs.cnc.TableImage;
import org.ulvs.control.table.Director;
import org.ulvs.control.table.IpvsadmText;
import org.ulvs.control.table.TableCommand;

/** A dataplane in memory. */
final class FakeDirector implements Director, TableAdmin, HostAdmin {
    final List<String> commands = new ArrayList<>();
    final List<OwnedAddress> addresses = new ArrayList<>();
    private final List<ServiceImage> services = new ArrayList<>();
    private String rules = "";
    boolean alive = true;
    /** What it has been told of a partner; null for nothing. */
    @Nullable
    Boolean supervised;

    @Nullable
    Duration patience;

    int announcements;

    /** What ipvsadm -Sn would print, and the addresses. */
    List<String> listing() {
        final List<String> lines = new ArrayList<>();
        for (final ServiceImage service : services) {
            lines.add(IpvsadmText.service(service.spec()));
            service.servers().forEach(server -> lines.add("  " + IpvsadmText.server(server.spec())));
        }
        addresses.forEach(owned -> lines.add("own " + IpvsadmText.address(owned.address())));
        return lines;
    }

    void forget() {
        services.clear();
        addresses.clear();
        rules = "";
    }

    @Override
    public boolean connect() {
        return alive;
    }

    @Override
    public void patience(Duration limit) {
        patience = limit;
    }

    @Override
    public void supervise(boolean partner) {
        supervised = partner;
    }

    @Override
    public TableImage image() {
        return new TableImage(0, 1, 900, 120, 300, services, List.of(), Map.of(), rules, List.of(), addresses);
    }

    @Override
    public TableAdmin table() {
        return this;
    }

    @Override
    public HostAdmin host() {
        return this;
    }

    @Override
    public void run(List<TableCommand> wanted, ObjIntConsumer<TableCommand> results) {
        for (final TableCommand command : wanted) {
            commands.add(command.describe());
            results.accept(command, command.apply(this, this));
        }
    }

    @Override
    public String failure() {
        return alive ? "" : "it has died";
    }

    @Override
    public void close() {
        commands.add("close");
    }

    private @Nullable ServiceImage find(ServiceKey key) {
        return services.stream()
                .filter(service -> service.spec().key().equals(key))
                .findFirst()
                .orElse(null);
    }

    private void replace(ServiceImage before, ServiceSpec spec, List<ServerImage> servers) {
        services.set(services.indexOf(before), new ServiceImage(spec, 0, servers));
    }

    @Override
    public int addService(ServiceSpec service) {
        services.add(new ServiceImage(service, 0, List.of()));
        return Errno.OK;
    }

    @Override
    public int editService(ServiceSpec service) {
        final ServiceImage found = find(service.key());
        if (found == null) {
            return Errno.ESRCH;
        }
        replace(found, service, found.servers());
        return Errno.OK;
    }

    @Override
    public int deleteService(ServiceKey service) {
        return services.removeIf(found -> found.spec().key().equals(service)) ? Errno.OK : Errno.ESRCH;
    }

    @Override
    public int addServer(ServiceKey service, ServerSpec server) {
        final ServiceImage found = find(service);
        if (found == null) {
            return Errno.ESRCH;
        }
        final List<ServerImage> servers = new ArrayList<>(found.servers());
        servers.add(new ServerImage(server, 0));
        replace(found, found.spec(), servers);
        return Errno.OK;
    }

    @Override
    public int editServer(ServiceKey service, ServerSpec server) {
        deleteServer(service, server.address(), server.port());
        return addServer(service, server);
    }

    @Override
    public int deleteServer(ServiceKey service, InetAddr address, int port) {
        final ServiceImage found = find(service);
        if (found == null) {
            return Errno.ESRCH;
        }
        final List<ServerImage> servers = new ArrayList<>(found.servers());
        servers.removeIf(server ->
                server.spec().address().equals(address) && server.spec().port() == port);
        replace(found, found.spec(), servers);
        return Errno.OK;
    }

    @Override
    public int flush() {
        throw new AssertionError("nobody may flush");
    }

    @Override
    public int zero(@Nullable ServiceKey service) {
        return Errno.OK;
    }

    @Override
    public int setTimeouts(int tcpSeconds, int tcpFinSeconds, int udpSeconds) {
        return Errno.OK;
    }

    @Override
    public int setSysctl(String name, String value) {
        return Errno.OK;
    }

    @Override
    public @Nullable String sysctl(String name) {
        return null;
    }

    @Override
    public CommandResult replaceRules(String text) {
        commands.add("rules " + text);
        rules = "printed: " + text;
        return CommandResult.OK;
    }

    @Override
    public CommandResult replaceTable(List<ServiceConfig> wanted) {
        throw new AssertionError("nobody may replace the table");
    }

    @Override
    public int startDaemon(SyncDaemonSpec daemon) {
        commands.add("sync " + (daemon.state() == SyncDaemonSpec.MASTER ? "master " : "backup ")
                + daemon.mcastInterface() + ' ' + daemon.syncId());
        return Errno.OK;
    }

    @Override
    public int stopDaemon(int state) {
        return Errno.OK;
    }

    @Override
    public int ownAddress(InetAddr address, String device) {
        addresses.removeIf(owned -> owned.address().equals(address));
        addresses.add(new OwnedAddress(address, device));
        return Errno.OK;
    }

    @Override
    public int disownAddress(InetAddr address) {
        addresses.removeIf(owned -> owned.address().equals(address));
        return Errno.OK;
    }

    @Override
    public int announceAddress(InetAddr address) {
        announcements++;
        return Errno.OK;
    }

    @Override
    public int stop() {
        return Errno.OK;
    }
}
