// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.connection;

/**
 * The kernel's TCP state tables for a director that sees both directions, or only the client's. Numbers of states are
 * the kernel's (they travel in synchronisation messages).
 */
public final class TcpStates {
    /** No packet seen yet. */
    public static final int NONE = 0;
    /** Data may flow. */
    public static final int ESTABLISHED = 1;
    /** The server sent a SYN. */
    public static final int SYN_SENT = 2;
    /** The client sent a SYN. */
    public static final int SYN_RECV = 3;
    /** One side closed. */
    public static final int FIN_WAIT = 4;
    /** Both sides closed. */
    public static final int TIME_WAIT = 5;
    /** Reset. */
    public static final int CLOSE = 6;
    /** The client closed first. */
    public static final int CLOSE_WAIT = 7;
    /** Waiting for the last acknowledgement. */
    public static final int LAST_ACK = 8;
    /** An expected connection (FTP data). */
    public static final int LISTEN = 9;
    /** Defence against SYN floods: answered, not yet confirmed. */
    public static final int SYNACK = 10;
    /** Number of states. */
    public static final int COUNT = 11;

    /** Event: SYN, with or without ACK. */
    public static final int EVENT_SYN = 0;
    /** Event: FIN. */
    public static final int EVENT_FIN = 1;
    /** Event: ACK. */
    public static final int EVENT_ACK = 2;
    /** Event: RST. */
    public static final int EVENT_RST = 3;
    /** None of the flags: the connection goes to CLOSE. */
    public static final int EVENT_NONE = 4;

    /** Direction: from the client. */
    public static final int INPUT = 0;
    /** Direction: from the real server. */
    public static final int OUTPUT = 1;
    /** Direction: from the client, and the other direction is not seen. */
    public static final int INPUT_ONLY = 2;

    /** Columns: NO ES SS SR FW TW CL CW LA LI SA. */
    private static final byte[] NORMAL = rows(
            // from the client: SYN, FIN, ACK, RST
            "SR ES ES SR SR SR SR SR SR SR SR",
            "CL CW SS TW TW TW CL CW LA LI TW",
            "ES ES SS ES FW TW CL CW CL LI ES",
            "CL CL CL SR CL CL CL CL LA LI SR",
            // from the server
            "SS ES SS SR SS SS SS SS SS LI SR",
            "TW FW SS TW FW TW CL TW LA LI TW",
            "ES ES SS ES FW TW CL CW LA ES ES",
            "CL CL SS CL CL TW CL CL CL CL CL",
            // from the client, the server's side unseen
            "SR ES ES SR SR SR SR SR SR SR SR",
            "CL FW SS TW FW TW CL CW LA LI TW",
            "ES ES SS ES FW TW CL CW CL LI ES",
            "CL CL CL SR CL CL CL CL LA LI CL");

    /** With secure_tcp in force. */
    private static final byte[] SECURE = rows(
            "SR ES ES SR SR SR SR SR SR SR SA",
            "CL CW SS TW TW TW CL CW LA LI SA",
            "ES ES SS SR FW TW CL CW CL LI SA",
            "CL CL CL SR CL CL CL CL LA LI CL",
            "SS ES SS SA SS SS SS SS SS LI SA",
            "TW FW SS TW FW TW CL TW LA LI TW",
            "ES ES SS ES FW TW CL CW LA ES ES",
            "CL CL SS CL CL TW CL CL CL CL CL",
            "SA ES ES SR SA SA SA SA SA SA SA",
            "CL FW SS TW FW TW CL CW LA LI TW",
            "ES ES SS ES FW TW CL CW CL LI ES",
            "CL CL CL SR CL CL CL CL LA LI CL");

    private static final byte[] EVENTS = new byte[64];

    static {
        for (int flags = 0; flags < EVENTS.length; flags++) {
            EVENTS[flags] = (byte) eventOf(flags);
        }
    }

    private TcpStates() {}

    private static int eventOf(int flags) {
        if ((flags & 0x04) != 0) {
            return EVENT_RST;
        }
        if ((flags & 0x02) != 0) {
            return EVENT_SYN;
        }
        if ((flags & 0x01) != 0) {
            return EVENT_FIN;
        }
        return (flags & 0x10) != 0 ? EVENT_ACK : EVENT_NONE;
    }

    private static byte[] rows(String... rows) {
        final String codes = "NO ES SS SR FW TW CL CW LA LI SA";
        final byte[] table = new byte[rows.length * COUNT];
        for (int row = 0; row < rows.length; row++) {
            for (int state = 0; state < COUNT; state++) {
                final String code = rows[row].substring(state * 3, state * 3 + 2);
                table[row * COUNT + state] = (byte) (codes.indexOf(code) / 3);
            }
        }
        return table;
    }

    /** The event that a segment's flags (RST before SYN before FIN before ACK) stand for. */
    public static int event(int tcpFlags) {
        return EVENTS[tcpFlags & 0x3F];
    }

    /** The state after an event. */
    public static int next(boolean secure, int direction, int event, int state) {
        if (event == EVENT_NONE) {
            return CLOSE;
        }
        return (secure ? SECURE : NORMAL)[(direction * 4 + event) * COUNT + state];
    }

    /** Whether connections in this state count as active. */
    public static boolean isActive(int state) {
        return state == ESTABLISHED || state == SYN_SENT || state == SYN_RECV || state == SYNACK;
    }
}
