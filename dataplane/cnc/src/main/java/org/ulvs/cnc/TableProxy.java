// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns calls into commands. */
final class TableProxy implements TableAdmin {
    /** Sends the command that was begun and gives its result. */
    @FunctionalInterface
    interface Sender {
        CommandResult call(int type);
    }

    private final CncClient client;
    private final Sender sender;

    TableProxy(CncClient client, Sender sender) {
        this.client = client;
        this.sender = sender;
    }

    private int service(int type, ServiceSpec service) {
        SpecCodec.putService(client.begin(), service);
        return sender.call(type).errno();
    }

    private int server(int type, ServiceKey service, ServerSpec server) {
        final MessageWriter out = client.begin();
        SpecCodec.putKey(out, service);
        SpecCodec.putServer(out, server);
        return sender.call(type).errno();
    }

    @Override
    public int addService(ServiceSpec service) {
        return service(CommandType.ADD_SERVICE, service);
    }

    @Override
    public int editService(ServiceSpec service) {
        return service(CommandType.EDIT_SERVICE, service);
    }

    @Override
    public int deleteService(ServiceKey service) {
        SpecCodec.putKey(client.begin(), service);
        return sender.call(CommandType.DELETE_SERVICE).errno();
    }

    @Override
    public int addServer(ServiceKey service, ServerSpec server) {
        return server(CommandType.ADD_SERVER, service, server);
    }

    @Override
    public int editServer(ServiceKey service, ServerSpec server) {
        return server(CommandType.EDIT_SERVER, service, server);
    }

    @Override
    public int deleteServer(ServiceKey service, InetAddr address, int port) {
        final MessageWriter out = client.begin();
        SpecCodec.putKey(out, service);
        SpecCodec.putAddress(out, address);
        out.putInt(port);
        return sender.call(CommandType.DELETE_SERVER).errno();
    }

    @Override
    public int flush() {
        client.begin();
        return sender.call(CommandType.FLUSH).errno();
    }

    @Override
    public int zero(@Nullable ServiceKey service) {
        final MessageWriter out = client.begin().putInt(service == null ? 0 : 1);
        if (service != null) {
            SpecCodec.putKey(out, service);
        }
        return sender.call(CommandType.ZERO).errno();
    }

    @Override
    public int setTimeouts(int tcpSeconds, int tcpFinSeconds, int udpSeconds) {
        client.begin().putInt(tcpSeconds).putInt(tcpFinSeconds).putInt(udpSeconds);
        return sender.call(CommandType.SET_TIMEOUTS).errno();
    }

    @Override
    public int setSysctl(String name, String value) {
        client.begin().putString(name).putString(value);
        return sender.call(CommandType.SET_SYSCTL).errno();
    }

    @Override
    public @Nullable String sysctl(String name) {
        return image().sysctls().get(name);
    }

    @Override
    public CommandResult replaceRules(String rules) {
        return client.callReplaceRules(rules);
    }

    @Override
    public CommandResult replaceTable(List<ServiceConfig> services) {
        return client.callReplaceTable(services);
    }

    @Override
    public int startDaemon(SyncDaemonSpec daemon) {
        SpecCodec.putDaemon(client.begin(), daemon);
        return sender.call(CommandType.START_DAEMON).errno();
    }

    @Override
    public int stopDaemon(int state) {
        client.begin().putInt(state);
        return sender.call(CommandType.STOP_DAEMON).errno();
    }

    @Override
    public TableImage image() {
        return client.tableImages().read().image();
    }
}
