// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import org.agrona.BitUtil;
import org.agrona.concurrent.broadcast.BroadcastBufferDescriptor;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * Layout of {@code cnc.dat}. Native byte order. The file is built under another name and put in place by a rename, so
 * that whoever finds it finds it whole; the version is the first field in every version of the layout.
 *
 * <pre>
 *  header page (4096)
 *     0 int32 layout version                 24 int32 length of the counters' values
 *     4 int32 length of the command ring     28 int32 length of the error log
 *     8 int32 length of the reply broadcast  32 int64 process id of the dataplane
 *    12 int32 (unused)                       40 int64 start time, ms since 1970
 *    16 int32 length of counters' metadata   48 int64 instance id: another at each start
 *    20 int32 (unused)                       64 int32 state: 0 starting, 1 running, 2 closed
 *    56 int64 when a pulse with a partner last looked after the table, ms since 1970; 0: none did
 *    72 int64 start of the dataplane's process in clock ticks since the machine's, as in /proc
 *  then, in this order, the regions: command ring (ManyToOneRingBuffer), reply broadcast, counters' metadata,
 *  counters' values, error log (DistinctErrorLog)
 * </pre>
 *
 * <p>The conductor's heartbeat (ms since 1970) is the consumer heartbeat time in the trailer of the command ring.
 */
final class CncDescriptor {
    static final int VERSION = 1;
    static final int HEADER_LENGTH = 4096;

    static final int VERSION_OFFSET = 0;
    static final int COMMANDS_LENGTH_OFFSET = 4;
    static final int REPLIES_LENGTH_OFFSET = 8;
    static final int METADATA_LENGTH_OFFSET = 16;
    static final int VALUES_LENGTH_OFFSET = 24;
    static final int ERRORS_LENGTH_OFFSET = 28;
    static final int PID_OFFSET = 32;
    static final int START_TIME_OFFSET = 40;
    static final int INSTANCE_OFFSET = 48;
    static final int SUPERVISED_OFFSET = 56;
    static final int STATE_OFFSET = 64;
    static final int PROCESS_START_OFFSET = 72;

    static final int STARTING = 0;
    static final int RUNNING = 1;
    static final int CLOSED = 2;

    static final int COMMANDS_LENGTH = 1024 * 1024 + RingBufferDescriptor.TRAILER_LENGTH;
    static final int REPLIES_LENGTH = 1024 * 1024 + BroadcastBufferDescriptor.TRAILER_LENGTH;
    static final int ERRORS_LENGTH = 256 * 1024;
    /** Counter rows; a row has 512 bytes of metadata and 128 of value. */
    static final int COUNTER_ROWS = 4096;

    static final int METADATA_ROW_LENGTH = 512;
    static final int VALUE_ROW_LENGTH = 128;

    private CncDescriptor() {}

    /** Regions start on a multiple of two cache lines. */
    static int align(int length) {
        return BitUtil.align(length, 2 * BitUtil.CACHE_LINE_LENGTH);
    }
}
