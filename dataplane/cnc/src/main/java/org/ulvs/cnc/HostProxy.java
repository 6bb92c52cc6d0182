// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

/** Turns calls into commands. */
final class HostProxy implements HostAdmin {
    private final CncClient client;

    HostProxy(CncClient client) {
        this.client = client;
    }

    @Override
    public int ownAddress(InetAddr address, String device) {
        final MessageWriter out = client.begin();
        SpecCodec.putAddress(out, address);
        out.putString(device);
        return client.call(CommandType.OWN_ADDRESS).errno();
    }

    @Override
    public int disownAddress(InetAddr address) {
        SpecCodec.putAddress(client.begin(), address);
        return client.call(CommandType.DISOWN_ADDRESS).errno();
    }

    @Override
    public int announceAddress(InetAddr address) {
        SpecCodec.putAddress(client.begin(), address);
        return client.call(CommandType.ANNOUNCE_ADDRESS).errno();
    }

    @Override
    public int stop() {
        client.begin();
        return client.call(CommandType.STOP).errno();
    }
}
