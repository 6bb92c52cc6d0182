// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.connection;

import static org.ulvs.cnc.ConnectionLayout.*;

import org.agrona.concurrent.UnsafeBuffer;
import org.ulvs.cnc.MappedMemory;
import org.ulvs.nat.SequenceAdjustment;

/**
 * Connections of one worker: 64-byte lines ({@link org.ulvs.cnc.ConnectionLayout}) in a mapped file, found from both
 * directions through one index, and the free list. Single writer: the worker that owns the table.
 *
 * <p>The index hashes the client's address and port and the protocol only, as the kernel does: the client is the source
 * of a packet in one direction and the destination in the other. Of connections with the same client's side the newest
 * is found first, as in the kernel's hash chains: one server may answer the same client for two virtual addresses.
 */
public final class ConnectionTable {
    /** No such connection, or no free line. */
    public static final int NONE = -1;

    private static final long MULTIPLIER_1 = 0x9E37_79B9_7F4A_7C15L;
    private static final long MULTIPLIER_2 = 0xD6E8_FEB8_6659_FD93L;
    /** Records of sequence adjustments behind the lines. */
    private static final int SEQUENCES = 16_384;

    private final MappedMemory lines;
    private final ConnectionIndex index;
    private final int capacity;
    private final long seed;
    private int freeHead = NONE;
    private int untouched;
    private int count;
    private int withoutClientPort;

    /**
     * Makes an empty table.
     *
     * @param file memory of {@link #fileLength} bytes; its lines are zeroed here if they were used before
     * @param index memory of {@link #indexLength} bytes, zeroed
     * @param capacity lines
     * @param seed of the hash, random in production so that nobody can aim at one slot
     */
    public ConnectionTable(UnsafeBuffer file, UnsafeBuffer index, int capacity, long seed) {
        this.lines = new MappedMemory(file);
        this.index = new ConnectionIndex(index, capacity);
        this.capacity = capacity;
        this.seed = seed;
        file.putInt(CAPACITY_OFFSET, capacity);
        file.putInt(COUNT_OFFSET, 0);
        file.putIntRelease(VERSION_OFFSET, VERSION);
    }

    /** Bytes of the mapped file for so many lines, and for what their sequence numbers need. */
    public static long fileLength(int capacity) {
        return sequencesOffset(capacity) + (long) SEQUENCES * SequenceAdjustment.LENGTH;
    }

    private static long sequencesOffset(int capacity) {
        return HEADER_LENGTH + (long) capacity * LINE_LENGTH;
    }

    /** Memory of {@link SequenceAdjustment} records in the mapped file, so that they outlive the process. */
    public UnsafeBuffer sequences() {
        return new UnsafeBuffer(lines.buffer(), (int) sequencesOffset(capacity), SEQUENCES * SequenceAdjustment.LENGTH);
    }

    /**
     * Where an earlier process's file has the sequence adjustment of a connection.
     *
     * @param index in the connection's line, from 1
     * @return offset in the file, or {@link #NONE} when the file has none
     */
    static int sequenceOffset(MappedMemory file, int index) {
        final long offset = sequencesOffset(file.getInt(CAPACITY_OFFSET)) + (index - 1L) * SequenceAdjustment.LENGTH;
        final boolean present =
                index > 0 && index <= SEQUENCES && offset + SequenceAdjustment.LENGTH <= file.capacity();
        return present ? (int) offset : NONE;
    }

    /** Bytes of the index for so many lines. */
    public static long indexLength(int capacity) {
        return ConnectionIndex.length(capacity);
    }

    /** The tag of a client in the index. */
    public int tag(int clientAddress, int clientPort, int protocol) {
        long x = (((long) clientAddress << 32) | ((long) clientPort << 8) | protocol) ^ seed;
        x *= MULTIPLIER_1;
        x ^= x >>> 32;
        x *= MULTIPLIER_2;
        return (int) (x >>> 32);
    }

    /** Address of the cache line where a search for a tag will look first. */
    public long indexAddress(int tag) {
        return index.address(tag);
    }

    /** The first connection that may have this tag, or {@link #NONE}: a guess that costs no look at its line. */
    public int candidate(int tag) {
        return index.candidate(tag);
    }

    /** Address of a candidate's line; of the first line where there is no candidate. */
    public long lineAddress(int candidate) {
        return lines.address() + line(Math.max(candidate, 0));
    }

    /** Whether a candidate is, still, the connection of a packet that a client sent to a virtual service. */
    public boolean isInbound(
            int candidate, int protocol, int clientAddress, int clientPort, int virtualAddress, int virtualPort) {
        if (candidate == NONE) {
            return false;
        }
        final long line = line(candidate);
        return isFound(line) && isInbound(line, protocol, clientAddress, clientPort, virtualAddress, virtualPort);
    }

    /** Whether a candidate is, still, the connection of a packet that a real server sent to a client. */
    public boolean isOutbound(
            int candidate, int protocol, int serverAddress, int serverPort, int clientAddress, int clientPort) {
        if (candidate == NONE) {
            return false;
        }
        final long line = line(candidate);
        return isFound(line) && isOutbound(line, protocol, serverAddress, serverPort, clientAddress, clientPort);
    }

    private boolean isFound(long line) {
        return (lines.getInt(line + FLAGS_OFFSET) & (USED | TEMPLATE | Connections.HIDDEN)) == USED;
    }

    private boolean isInbound(
            long line, int protocol, int clientAddress, int clientPort, int virtualAddress, int virtualPort) {
        return isClient(line, protocol, clientAddress, clientPort)
                && lines.getInt(line + VIRTUAL_ADDRESS_OFFSET) == virtualAddress
                && lines.getShort(line + VIRTUAL_PORT_OFFSET) == (short) virtualPort;
    }

    private boolean isOutbound(
            long line, int protocol, int serverAddress, int serverPort, int clientAddress, int clientPort) {
        return isClient(line, protocol, clientAddress, clientPort)
                && lines.getInt(line + SERVER_ADDRESS_OFFSET) == serverAddress
                && lines.getShort(line + SERVER_PORT_OFFSET) == (short) serverPort;
    }

    private boolean isClient(long line, int protocol, int clientAddress, int clientPort) {
        return lines.getInt(line) == clientAddress
                && lines.getShort(line + CLIENT_PORT_OFFSET) == (short) clientPort
                && lines.getByte(line + PROTOCOL_OFFSET) == (byte) protocol;
    }

    /** Offset of a line in {@link #lines()}. */
    public static long line(int connection) {
        return HEADER_LENGTH + (long) connection * LINE_LENGTH;
    }

    /** The mapped lines. */
    public MappedMemory lines() {
        return lines;
    }

    /** Lines in all. */
    public int capacity() {
        return capacity;
    }

    /** Lines in use. */
    public int count() {
        return count;
    }

    /** Lines that have ever been in use: all others are beyond. */
    int touched() {
        return untouched;
    }

    /** Connections whose client port is not known yet. */
    public int withoutClientPort() {
        return withoutClientPort;
    }

    /** Finds the connection of a packet that a client sent to a virtual service. */
    public int findInbound(
            int tag, int protocol, int clientAddress, int clientPort, int virtualAddress, int virtualPort) {
        long position = index.first(tag);
        while (position != NONE) {
            final int connection = index.connection(position);
            final long line = line(connection);
            if (isInbound(line, protocol, clientAddress, clientPort, virtualAddress, virtualPort)
                    && (lines.getInt(line + FLAGS_OFFSET) & TEMPLATE) == 0) {
                return connection;
            }
            position = index.next(position, tag);
        }
        return NONE;
    }

    /** Finds the connection of a packet that a real server sent to a client. */
    public int findOutbound(
            int tag, int protocol, int serverAddress, int serverPort, int clientAddress, int clientPort) {
        long position = index.first(tag);
        while (position != NONE) {
            final int connection = index.connection(position);
            final long line = line(connection);
            if (isOutbound(line, protocol, serverAddress, serverPort, clientAddress, clientPort)
                    && (lines.getInt(line + FLAGS_OFFSET) & TEMPLATE) == 0) {
                return connection;
            }
            position = index.next(position, tag);
        }
        return NONE;
    }

    /** Finds a line with any of the given flags by the client's side and the virtual side. */
    public int findFlagged(int flags, int protocol, int clientAddress, int clientPort, int virtualAddress, int port) {
        final int tag = tag(clientAddress, clientPort, protocol);
        long position = index.first(tag);
        while (position != NONE) {
            final int connection = index.connection(position);
            final long line = line(connection);
            if (isInbound(line, protocol, clientAddress, clientPort, virtualAddress, port)
                    && (lines.getInt(line + FLAGS_OFFSET) & flags) != 0) {
                return connection;
            }
            position = index.next(position, tag);
        }
        return NONE;
    }

    /**
     * Takes a free line and writes the key into it. The line is zeroed otherwise, not indexed and not yet
     * {@link org.ulvs.cnc.ConnectionLayout#USED}.
     *
     * @return the connection, or {@link #NONE} when the table is full
     */
    public int allocate(
            int protocol,
            int clientAddress,
            int clientPort,
            int virtualAddress,
            int virtualPort,
            int serverAddress,
            int serverPort) {
        final int connection = takeLine();
        if (connection == NONE) {
            return NONE;
        }
        final long line = line(connection);
        lines.putInt(line, clientAddress);
        lines.putInt(line + VIRTUAL_ADDRESS_OFFSET, virtualAddress);
        lines.putInt(line + SERVER_ADDRESS_OFFSET, serverAddress);
        lines.putShort(line + CLIENT_PORT_OFFSET, (short) clientPort);
        lines.putShort(line + VIRTUAL_PORT_OFFSET, (short) virtualPort);
        lines.putShort(line + SERVER_PORT_OFFSET, (short) serverPort);
        lines.putByte(line + PROTOCOL_OFFSET, (byte) protocol);
        lines.putByte(line + STATE_OFFSET, (byte) 0);
        lines.putInt(line + FLAGS_OFFSET, 0);
        lines.putInt(line + SERVER_SLOT_OFFSET, NONE);
        lines.putInt(line + CONTROL_OFFSET, 0);
        lines.putInt(line + NEXT_OFFSET, NONE);
        lines.putInt(line + PREVIOUS_OFFSET, NONE);
        lines.putInt(line + IN_PACKETS_OFFSET, 0);
        lines.putInt(line + CONTROLLED_OFFSET, 0);
        lines.putInt(line + MARK_OFFSET, 0);
        lines.putInt(line + SEQUENCE_OFFSET, 0);
        count++;
        lines.putIntRelease(COUNT_OFFSET, count);
        return connection;
    }

    /** As {@link #allocate(int, int, int, int, int, int, int)}, with the key of a line of another file. */
    int allocate(MappedMemory file, long from) {
        return allocate(
                file.getByte(from + PROTOCOL_OFFSET) & 0xFF,
                file.getInt(from + CLIENT_ADDRESS_OFFSET),
                file.getShort(from + CLIENT_PORT_OFFSET) & 0xFFFF,
                file.getInt(from + VIRTUAL_ADDRESS_OFFSET),
                file.getShort(from + VIRTUAL_PORT_OFFSET) & 0xFFFF,
                file.getInt(from + SERVER_ADDRESS_OFFSET),
                file.getShort(from + SERVER_PORT_OFFSET) & 0xFFFF);
    }

    private int takeLine() {
        final int connection = freeHead;
        if (connection != NONE) {
            freeHead = lines.getInt(line(connection) + NEXT_OFFSET);
            return connection;
        }
        return untouched < capacity ? untouched++ : NONE;
    }

    /** Puts a line into the index and marks it used, with the given flags. */
    public void insert(int connection, int flags) {
        final long line = line(connection);
        index.insert(tagOf(connection), connection);
        if ((flags & NO_CLIENT_PORT) != 0) {
            withoutClientPort++;
        }
        lines.putIntRelease(line + FLAGS_OFFSET, flags | USED);
    }

    private int tagOf(int connection) {
        final long line = line(connection);
        return tag(
                lines.getInt(line),
                lines.getShort(line + CLIENT_PORT_OFFSET) & 0xFFFF,
                lines.getByte(line + PROTOCOL_OFFSET) & 0xFF);
    }

    /** Takes a line out of the index and gives it back. It must not be on a timer any more. */
    public void remove(int connection) {
        final long line = line(connection);
        final int flags = lines.getInt(line + FLAGS_OFFSET);
        if ((flags & USED) != 0) {
            if ((flags & Connections.HIDDEN) == 0) {
                index.remove(tagOf(connection), connection);
            }
            if ((flags & NO_CLIENT_PORT) != 0) {
                withoutClientPort--;
            }
            lines.putIntRelease(line + FLAGS_OFFSET, 0);
        }
        lines.putInt(line + NEXT_OFFSET, freeHead);
        freeHead = connection;
        count--;
        lines.putIntRelease(COUNT_OFFSET, count);
    }

    /** Takes a line out of the index although it stays in use; {@code flag} says so in the line. */
    void hide(int connection, int flag) {
        index.remove(tagOf(connection), connection);
        final long line = line(connection);
        lines.putIntRelease(line + FLAGS_OFFSET, lines.getInt(line + FLAGS_OFFSET) | flag);
    }

    /** Gives a line a new client port, now that it is known. */
    public void fillClientPort(int connection, int clientPort) {
        final long line = line(connection);
        index.remove(tagOf(connection), connection);
        lines.putShort(line + CLIENT_PORT_OFFSET, (short) clientPort);
        lines.putIntRelease(line + FLAGS_OFFSET, lines.getInt(line + FLAGS_OFFSET) & ~NO_CLIENT_PORT);
        withoutClientPort--;
        index.insert(tagOf(connection), connection);
    }

    /** Makes a template unfindable by giving it the port 65535, as the kernel does; it expires in its time. */
    public void invalidateTemplate(int connection) {
        final long line = line(connection);
        lines.putShort(line + VIRTUAL_PORT_OFFSET, (short) 0xFFFF);
        lines.putShort(line + SERVER_PORT_OFFSET, (short) 0xFFFF);
    }
}
