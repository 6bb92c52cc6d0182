// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

/**
 * Counters that every dataplane has, besides the drop reasons. Each exists once a worker, or once for the conductor.
 * The type id is what programs look for, the label is for people; neither changes its meaning.
 */
public enum StandardCounter {
    /** Frames read from the rings. Equals the sum of all that follow up to DROPPED, plus drops by reason. */
    FRAMES_RECEIVED(1, "frames received"),
    /** Bytes of the frames read. */
    BYTES_RECEIVED(2, "bytes received"),
    /** Frames sent on to a real server. */
    FORWARDED_TO_SERVER(3, "frames forwarded to real servers"),
    /** Frames sent on to a client. */
    FORWARDED_TO_CLIENT(4, "frames forwarded to clients"),
    /** Frames routed unchanged or with source NAT only. */
    ROUTED(5, "frames routed"),
    /** Frames answered by the dataplane itself (ARP, echo, resets, ICMP errors). */
    ANSWERED(6, "frames answered"),
    /** Frames that belong to the host's own stack. */
    LEFT_TO_HOST(7, "frames left to the host"),
    /** Frames held for reassembly; they end in another counter of the whole datagram. */
    FRAGMENTS_HELD(8, "fragments held"),
    /** Frames sent. */
    FRAMES_SENT(9, "frames sent"),
    /** Frames that the kernel did not take. */
    SEND_FAILURES(10, "frames not sent"),
    /** Frames that the kernel lost before the ring. */
    RING_DROPS(11, "frames lost before the ring"),
    /** Connections made. */
    CONNECTIONS_CREATED(20, "connections created"),
    /** Connections that expired. */
    CONNECTIONS_EXPIRED(21, "connections expired"),
    /** Connections now. */
    CONNECTIONS(22, "connections"),
    /** New connections refused because the table was full. */
    CONNECTION_TABLE_FULL(23, "connection table full"),
    /** Half-open connections that were dropped to make room. */
    CONNECTIONS_EVICTED(24, "half-open connections evicted"),
    /** Frames of the dataplane's own making: ICMP errors, resets, echo and ARP replies. */
    ORIGINATED(25, "frames originated"),
    /** Persistent clients that were served without a template because there was no room for it. */
    TEMPLATES_MISSED(26, "clients without a persistence template"),
    /** Choices of lblc and lblcr that could not be remembered. */
    CHOICES_FORGOTTEN(27, "choices of lblc and lblcr not remembered"),
    /** Worst time of a duty cycle, nanoseconds. */
    CYCLE_TIME_MAX(30, "longest duty cycle in ns"),
    /** Duty cycles over the limit. */
    CYCLE_TIME_EXCEEDED(31, "duty cycles over the limit"),
    /** Commands done by the conductor, successful or not. */
    COMMANDS(40, "commands"),
    /** Commands that returned an error. */
    COMMANDS_FAILED(41, "commands refused"),
    /** Messages in the command ring that were not a command. */
    COMMANDS_MALFORMED(42, "commands malformed"),
    /** Times that the command ring had to be freed of a message that its writer never finished. */
    COMMANDS_UNBLOCKED(43, "command ring unblocked"),
    /** Table images written. */
    TABLE_IMAGES(44, "table images written"),
    /** Distinct errors recorded. */
    ERRORS(45, "errors");

    /** Type id of the first drop reason; reason n has this plus n. */
    public static final int DROP_TYPE_ID = 1000;

    private final int typeId;
    private final String label;

    StandardCounter(int typeId, String label) {
        this.typeId = typeId;
        this.label = label;
    }

    /** Number by which programs find the counter. */
    public int typeId() {
        return typeId;
    }

    /** Text for people. */
    public String label() {
        return label;
    }
}
