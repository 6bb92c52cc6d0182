// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/**
 * The real servers of one virtual service as a scheduler sees them: positions 0 to {@link #size()} - 1 in the kernel's
 * list order, newest first. The set and its order never change (a changed set is a new pool); weights, counts and flags
 * change at any time, from any worker.
 *
 * <p>A server's connection counts are one atomic 64-bit word, see {@link Counts}, so that a scheduler can choose by a
 * count and book the connection in one step.
 */
public interface ServerPool {
    /** Number of servers. */
    int size();

    /** Weight of the server, 0 for a quiesced one. */
    int weight(int position);

    /**
     * The weight that the server was added with, or that it was last given other than 0 (the kernel's last_weight):
     * mh keeps its table by it while a server is quiesced.
     */
    int lastWeight(int position);

    /** The word of {@link Counts} of the server, with its OVERLOAD flag: volatile read. */
    long counts(int position);

    /**
     * Books one more connection on the server if its counts are still as they were.
     *
     * @param expected word read before
     * @param active whether the connection counts as active, else inactive
     * @return whether the connection is booked, that is, the word has become {@link Counts#bound} of the expected one
     */
    boolean tryBook(int position, long expected, boolean active);

    /** IPv4 address of the server as a host-order int. */
    int address(int position);

    /** Port of the server, 0 to 65535. */
    int port(int position);

    /**
     * A number that stays with the server whatever its position: the key for state carried over. A server that is
     * deleted and revived keeps it, as its connections and counters are kept.
     */
    int id(int position);
}
