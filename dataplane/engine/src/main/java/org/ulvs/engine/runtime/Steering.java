// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.ulvs.shim.BpfProgram;

/**
 * Which worker gets a frame, as a classic BPF program that runs at the network header. Both directions of a connection
 * must reach the same worker, so they are steered by the client's address: what comes from clients by its source, what
 * comes from real servers by its destination. An ICMP error goes where the packet in it belongs. Only addresses count,
 * so all fragments of a datagram stay together. What is not IPv4 goes to worker 0.
 *
 * <p>A frame to one of our own addresses always comes from a client. Else the side of the interface decides; where one
 * interface is both sides, whether the source is one of the real servers' networks.
 */
final class Steering {
    /** Address prefixes that a program can look through; what is beyond is ignored. */
    static final int MAX_PREFIXES = 900;

    private static final int PROTOCOL = 9;
    private static final int FRAGMENT = 6;
    private static final int FRAGMENT_OFFSET_BITS = 0x1fff;
    private static final int SOURCE = 12;
    private static final int DESTINATION = 16;
    private static final int ICMP_HEADER_LENGTH = 8;
    private static final int ICMP = 1;
    /** Unreachable, source quench, redirect, time exceeded, parameter problem. */
    private static final int[] ICMP_ERRORS = {3, 4, 5, 11, 12};

    private static final int TYPE_IPV4 = 0x0800;
    private static final int HASH = 0x9e3779b1;
    private static final int HASH_SHIFT = 16;

    /** An address prefix: host-order int and length. */
    record Prefix(int address, int length) {
        static Prefix host(int address) {
            return new Prefix(address, Integer.SIZE);
        }

        boolean contains(int other) {
            return ((address ^ other) & PrefixMap.mask(length)) == 0;
        }
    }

    private Steering() {}

    /** Worker that {@link #program} chooses for a client's address. */
    static int worker(int clientAddress, int workers) {
        return Integer.remainderUnsigned((clientAddress * HASH) >>> HASH_SHIFT, workers);
    }

    /**
     * The program of one interface.
     *
     * @param port whose sides decide
     * @param owned our own addresses
     * @param inside prefixes of the real servers and of what is source-NATed; asked where the port is both sides
     * @param workers number of workers
     */
    static BpfProgram program(Port port, List<Prefix> owned, List<Prefix> inside, int workers) {
        final BpfProgram program = new BpfProgram();
        if (workers == 1) {
            return program.add(BpfProgram.RETURN, 0);
        }
        program.add(BpfProgram.LOAD_HALF, BpfProgram.ETHERTYPE)
                .jump(BpfProgram.JUMP_EQUAL, TYPE_IPV4, 1, 0)
                .add(BpfProgram.RETURN, 0);
        if (port.inside()) {
            final List<Integer> bySource = new ArrayList<>();
            match(program, DESTINATION, owned, bySource);
            if (port.outside()) {
                final List<Integer> byDestination = new ArrayList<>();
                match(program, SOURCE, inside, byDestination);
                bySource.add(program.jumpAhead());
                program.land(byDestination);
            }
            steer(program, DESTINATION, SOURCE, workers);
            program.land(bySource);
        }
        steer(program, SOURCE, DESTINATION, workers);
        return program;
    }

    /** Jumps away where the address at {@code place} is in one of the prefixes; else falls through. */
    private static void match(BpfProgram program, int place, List<Prefix> prefixes, List<Integer> jumps) {
        int length = -1;
        final List<Prefix> sorted = prefixes.stream()
                .sorted(Comparator.comparingInt(Prefix::length))
                .limit(MAX_PREFIXES)
                .toList();
        for (final Prefix prefix : sorted) {
            if (prefix.length() != length) {
                length = prefix.length();
                program.add(BpfProgram.LOAD_WORD, place).add(BpfProgram.AND, PrefixMap.mask(length));
            }
            program.jump(BpfProgram.JUMP_EQUAL, prefix.address() & PrefixMap.mask(length), 0, 1);
            jumps.add(program.jumpAhead());
        }
    }

    /** Ends with the ring of the address at {@code place}, or in an ICMP error at the inner packet's other place. */
    private static void steer(BpfProgram program, int place, int embeddedPlace, int workers) {
        final List<Integer> plain = new ArrayList<>();
        final List<Integer> embedded = new ArrayList<>();
        program.add(BpfProgram.LOAD_BYTE, PROTOCOL).jump(BpfProgram.JUMP_EQUAL, ICMP, 1, 0);
        plain.add(program.jumpAhead());
        program.add(BpfProgram.LOAD_HALF, FRAGMENT).jump(BpfProgram.JUMP_SET, FRAGMENT_OFFSET_BITS, 0, 1);
        plain.add(program.jumpAhead());
        program.add(BpfProgram.LOAD_X_HEADER_LENGTH, 0).add(BpfProgram.LOAD_BYTE_INDEXED, 0);
        for (final int type : ICMP_ERRORS) {
            program.jump(BpfProgram.JUMP_EQUAL, type, 0, 1);
            embedded.add(program.jumpAhead());
        }
        program.land(plain);
        program.add(BpfProgram.LOAD_WORD, place);
        final int hash = program.jumpAhead();
        program.land(embedded);
        program.add(BpfProgram.LOAD_WORD_INDEXED, ICMP_HEADER_LENGTH + embeddedPlace);
        program.land(List.of(hash));
        program.add(BpfProgram.MULTIPLY, HASH)
                .add(BpfProgram.SHIFT_RIGHT, HASH_SHIFT)
                .add(BpfProgram.MODULO, workers)
                .add(BpfProgram.RETURN_A, 0);
    }
}
