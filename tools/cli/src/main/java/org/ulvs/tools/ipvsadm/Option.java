// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import org.jspecify.annotations.Nullable;

/** Everything that may stand on the command line: commands first, then options. */
enum Option {
    ADD_SERVICE('A', "add-service", Argument.NONE),
    EDIT_SERVICE('E', "edit-service", Argument.NONE),
    DELETE_SERVICE('D', "delete-service", Argument.NONE),
    ADD_SERVER('a', "add-server", Argument.NONE),
    EDIT_SERVER('e', "edit-server", Argument.NONE),
    DELETE_SERVER('d', "delete-server", Argument.NONE),
    CLEAR('C', "clear", Argument.NONE),
    LIST('L', "list", Argument.NONE),
    LIST_SMALL('l', "", Argument.NONE),
    ZERO('Z', "zero", Argument.NONE),
    SET('\0', "set", Argument.NONE),
    START_DAEMON('\0', "start-daemon", Argument.REQUIRED),
    STOP_DAEMON('\0', "stop-daemon", Argument.REQUIRED),
    RESTORE('R', "restore", Argument.NONE),
    SAVE('S', "save", Argument.NONE),
    HELP('h', "help", Argument.NONE),
    VERSION('v', "version", Argument.NONE),
    TCP_SERVICE('t', "tcp-service", Argument.REQUIRED),
    UDP_SERVICE('u', "udp-service", Argument.REQUIRED),
    SCTP_SERVICE('\0', "sctp-service", Argument.REQUIRED),
    FWMARK_SERVICE('f', "fwmark-service", Argument.REQUIRED),
    SCHEDULER('s', "scheduler", Argument.REQUIRED),
    PERSISTENT('p', "persistent", Argument.OPTIONAL),
    NETMASK('M', "netmask", Argument.REQUIRED),
    REAL_SERVER('r', "real-server", Argument.REQUIRED),
    MASQUERADING('m', "masquerading", Argument.NONE),
    TUNNELING('i', "ipip", Argument.NONE),
    GATEWAYING('g', "gatewaying", Argument.NONE),
    WEIGHT('w', "weight", Argument.REQUIRED),
    UPPER_THRESHOLD('x', "u-threshold", Argument.REQUIRED),
    LOWER_THRESHOLD('y', "l-threshold", Argument.REQUIRED),
    NUMERIC('n', "numeric", Argument.NONE),
    CONNECTION('c', "connection", Argument.NONE),
    MCAST_INTERFACE('\0', "mcast-interface", Argument.REQUIRED),
    SYNC_ID('\0', "syncid", Argument.REQUIRED),
    TIMEOUT('\0', "timeout", Argument.NONE),
    DAEMON('\0', "daemon", Argument.NONE),
    STATS('\0', "stats", Argument.NONE),
    RATE('\0', "rate", Argument.NONE),
    THRESHOLDS('\0', "thresholds", Argument.NONE),
    PERSISTENT_CONN('\0', "persistent-conn", Argument.NONE),
    NO_SORT('\0', "nosort", Argument.NONE),
    SORT('\0', "sort", Argument.NONE),
    EXACT('\0', "exact", Argument.NONE),
    IPV6('6', "ipv6", Argument.NONE),
    ONE_PACKET('o', "ops", Argument.NONE),
    PERSISTENCE_ENGINE('\0', "pe", Argument.REQUIRED),
    SCHED_FLAGS('b', "sched-flags", Argument.REQUIRED),
    MCAST_GROUP('\0', "mcast-group", Argument.REQUIRED),
    MCAST_PORT('\0', "mcast-port", Argument.REQUIRED),
    MCAST_TTL('\0', "mcast-ttl", Argument.REQUIRED),
    SYNC_MAX_LENGTH('\0', "sync-maxlen", Argument.REQUIRED),
    TUN_INFO('\0', "tun-info", Argument.NONE),
    TUN_TYPE('\0', "tun-type", Argument.REQUIRED),
    TUN_PORT('\0', "tun-port", Argument.REQUIRED),
    TUN_NO_CHECKSUM('\0', "tun-nocsum", Argument.NONE),
    TUN_CHECKSUM('\0', "tun-csum", Argument.NONE),
    TUN_REMOTE_CHECKSUM('\0', "tun-remcsum", Argument.NONE),
    /** Ours: machine-readable output of any list. */
    JSON('\0', "json", Argument.NONE),
    /** Ours: save what the original leaves out. */
    SAVE_ALL('\0', "save-all", Argument.NONE),
    /** Ours: restore as one change. */
    ATOMIC('\0', "atomic", Argument.NONE);

    /** Whether a value follows. */
    enum Argument {
        NONE,
        REQUIRED,
        /** Taken where the next word does not begin with a dash. */
        OPTIONAL
    }

    private static final Option[] ALL = values();

    private final char letter;
    private final String word;
    private final Argument argument;

    Option(char letter, String word, Argument argument) {
        this.letter = letter;
        this.word = word;
        this.argument = argument;
    }

    Argument argument() {
        return argument;
    }

    static @Nullable Option ofLetter(char letter) {
        for (final Option option : ALL) {
            if (option.letter == letter && letter != '\0') {
                return option;
            }
        }
        return null;
    }

    static @Nullable Option ofWord(String word) {
        for (final Option option : ALL) {
            if (option.word.equals(word) && !word.isEmpty()) {
                return option;
            }
        }
        return null;
    }
}
