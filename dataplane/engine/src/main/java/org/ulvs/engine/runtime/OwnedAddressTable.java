// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.collections.Int2IntHashMap;
import org.ulvs.engine.forward.OwnedAddresses;

/**
 * The addresses for which the dataplane answers: virtual addresses of the table, and addresses that a command or an
 * option named, which may be bound to one port. The conductor replaces the snapshot; workers read it.
 */
final class OwnedAddressTable implements OwnedAddresses {
    /** The address is answered for on every port. */
    static final int ANY_PORT = -1;
    /** The address is answered for on no port, even if it is one of the table: somebody else has it. */
    static final int NO_PORT = -2;

    private static final int NOT_OWNED = -3;

    private final Map<Integer, Integer> named = new TreeMap<>();
    private int[] virtualAddresses = {};
    private volatile int[] sources = {};
    private volatile Int2IntHashMap owned = new Int2IntHashMap(NOT_OWNED);

    @Override
    public boolean contains(int address) {
        return owned.get(address) >= ANY_PORT;
    }

    @Override
    public int sourceOn(int port) {
        final int[] snapshot = sources;
        return port < snapshot.length ? snapshot[port] : 0;
    }

    /** Replaces the answers of {@link #sourceOn}, by port. Conductor. */
    void sources(int[] addresses) {
        sources = addresses.clone();
    }

    /** Whether ARP for an address is answered on a port. Any thread. */
    boolean isAnsweredOn(int address, int port) {
        final int where = owned.get(address);
        return where == ANY_PORT || where == port;
    }

    /** Addresses owned by name, and the port of each or {@link #ANY_PORT}. Conductor. */
    Map<Integer, Integer> named() {
        return Collections.unmodifiableMap(named);
    }

    /** Owns an address by name. Conductor. */
    void own(int address, int port) {
        named.put(address, port);
        publish();
    }

    /** Owns an address by name no longer; returns whether it was. Conductor. */
    boolean disown(int address) {
        final boolean was = named.remove(address) != null;
        publish();
        return was;
    }

    /** Replaces the addresses of the virtual services. Conductor. */
    void virtualAddresses(int[] addresses) {
        virtualAddresses = addresses.clone();
        publish();
    }

    /** Everything owned, and what others have taken over: packets for it may still come. Sorted. */
    int[] all() {
        return owned.keySet().stream().mapToInt(Integer::intValue).sorted().toArray();
    }

    private void publish() {
        final Int2IntHashMap next = new Int2IntHashMap(NOT_OWNED);
        for (final int address : virtualAddresses) {
            next.put(address, ANY_PORT);
        }
        next.putAll(named);
        owned = next;
    }
}
