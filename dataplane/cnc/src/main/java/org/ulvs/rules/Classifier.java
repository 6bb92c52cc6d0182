// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.rules;

/** Compiled rules. Immutable; lookups do not allocate. */
public final class Classifier {
    /** No rules: every packet has mark 0. */
    public static final Classifier EMPTY = new Classifier();

    private Classifier() {}

    /**
     * The firewall mark of a packet.
     *
     * @param protocol IP protocol number
     * @param source IPv4 address, host-order int
     * @param destination IPv4 address, host-order int
     * @param sourcePort 0 where the protocol has none
     * @param destinationPort 0 where the protocol has none
     * @param ingress index of the interface that the packet came from
     * @return the mark, 0 for none
     */
    public int mark(int protocol, int source, int destination, int sourcePort, int destinationPort, int ingress) {
        return 0;
    }
}
