// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

/** Message types in the command ring. Each message begins with the int64 correlation id that its reply carries. */
final class CommandType {
    static final int PING = 1;
    static final int ADD_SERVICE = 2;
    static final int EDIT_SERVICE = 3;
    static final int DELETE_SERVICE = 4;
    static final int ADD_SERVER = 5;
    static final int EDIT_SERVER = 6;
    static final int DELETE_SERVER = 7;
    static final int FLUSH = 8;
    /** int32 1 and a key, or int32 0 for all services. */
    static final int ZERO = 9;

    static final int SET_TIMEOUTS = 10;
    static final int SET_SYSCTL = 11;
    static final int START_DAEMON = 12;
    static final int STOP_DAEMON = 13;
    static final int OWN_ADDRESS = 14;
    static final int DISOWN_ADDRESS = 15;
    static final int ANNOUNCE_ADDRESS = 16;
    static final int STOP = 17;
    /** Part of an argument too long for one message: int64 upload id, int32 offset, int32 length, bytes. */
    static final int STAGE = 18;
    /** int64 upload id of the rules' text in UTF-8. */
    static final int REPLACE_RULES = 19;
    /** int64 upload id of the table. */
    static final int REPLACE_TABLE = 20;

    /** The only message type in the reply broadcast: int64 correlation id, int32 errno, string detail. */
    static final int REPLY = 1;

    private CommandType() {}
}
