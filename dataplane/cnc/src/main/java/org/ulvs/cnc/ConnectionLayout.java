// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

/**
 * Layout of a worker's mapped connection file {@code connections-N.dat}: a header page, then one 64-byte line a
 * connection. Written by one worker only; any process may read it and must check {@link #STATE_OFFSET}'s line twice,
 * since lines change under it. Native byte order; addresses and ports are host-order numbers.
 *
 * <pre>
 *  header page (4096)                         line
 *   0 int32 version                            0 int32 client address       32 int32 expires (ticks)
 *   4 int32 capacity: lines                    4 int32 virtual address      36 int32 timeout (ticks)
 *   8 int32 connections in use                 8 int32 server address       40 int32 timer wheel: next line
 *                                             12 uint16 client port         44 int32 timer wheel: previous line
 *                                             14 uint16 virtual port        48 int32 packets in
 *                                             16 uint16 server port         52 int32 controlled connections
 *                                             18 uint8  protocol            56 int32 firewall mark
 *                                             19 uint8  state               60 int32 index of the sequence
 *                                             20 int32  flags                         adjustment, 0 for none
 *                                             24 int32  server record slot
 *                                             28 int32  controlling line + 1, 0 for none
 * </pre>
 *
 * <p>Behind the lines the worker keeps its sequence adjustments.
 *
 * <p>A tick is 10 ms of CLOCK_MONOTONIC, as an int that wraps: compare by subtraction.
 */
public final class ConnectionLayout {
    /** Version of this layout. */
    public static final int VERSION = 1;
    /** Bytes before the first line. */
    public static final int HEADER_LENGTH = 4096;
    /** Bytes of a line. */
    public static final int LINE_LENGTH = 64;
    /** Nanoseconds of a tick. */
    public static final long TICK_NS = 10_000_000L;
    /** Ticks of a second. */
    public static final int TICKS_PER_SECOND = 100;

    /** Header: int32 version. */
    public static final int VERSION_OFFSET = 0;
    /** Header: int32 number of lines. */
    public static final int CAPACITY_OFFSET = 4;
    /** Header: int32 lines in use. */
    public static final int COUNT_OFFSET = 8;

    /** int32. */
    public static final int CLIENT_ADDRESS_OFFSET = 0;
    /** int32. */
    public static final int VIRTUAL_ADDRESS_OFFSET = 4;
    /** int32. */
    public static final int SERVER_ADDRESS_OFFSET = 8;
    /** uint16. */
    public static final int CLIENT_PORT_OFFSET = 12;
    /** uint16. */
    public static final int VIRTUAL_PORT_OFFSET = 14;
    /** uint16. */
    public static final int SERVER_PORT_OFFSET = 16;
    /** uint8: IP protocol; 0 for a template of a firewall mark service. */
    public static final int PROTOCOL_OFFSET = 18;
    /** uint8: TCP state number as in the kernel; 0 for all others. */
    public static final int STATE_OFFSET = 19;
    /** int32: union of the flags below. A line without {@link #USED} is free. */
    public static final int FLAGS_OFFSET = 20;
    /** int32. */
    public static final int SERVER_SLOT_OFFSET = 24;
    /** int32. */
    public static final int CONTROL_OFFSET = 28;
    /** int32, ticks. */
    public static final int EXPIRES_OFFSET = 32;
    /** int32, ticks. */
    public static final int TIMEOUT_OFFSET = 36;
    /** int32. */
    public static final int NEXT_OFFSET = 40;
    /** int32. */
    public static final int PREVIOUS_OFFSET = 44;
    /** int32. */
    public static final int IN_PACKETS_OFFSET = 48;
    /** int32. */
    public static final int CONTROLLED_OFFSET = 52;
    /** int32. */
    public static final int MARK_OFFSET = 56;
    /** int32. */
    public static final int SEQUENCE_OFFSET = 60;

    /** Low bits of the flags: forwarding method, as in ServerSpec. */
    public static final int METHOD_MASK = 0x0007;
    /** Replies are not seen: direct routing and tunnelling. */
    public static final int NO_OUTPUT = 0x0080;
    /** Counted as inactive. */
    public static final int INACTIVE = 0x0100;
    /** Client port not known yet (FTP data). */
    public static final int NO_CLIENT_PORT = 0x0800;
    /** Persistence template. */
    public static final int TEMPLATE = 0x1000;
    /** Template whose client has shown itself. */
    public static final int ASSURED = 0x4000;
    /** Source NAT of a connection that a real server opened. */
    public static final int SOURCE_NAT = 0x8000;
    /** The line holds a connection. */
    public static final int USED = 0x1_0000;
    /** An FTP control connection. */
    public static final int FTP = 0x2_0000;

    private ConnectionLayout() {}
}
