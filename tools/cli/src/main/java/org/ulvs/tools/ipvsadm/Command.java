// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import static org.ulvs.tools.ipvsadm.Kind.*;

import java.util.EnumSet;

/** The commands, and which kinds of options each needs, allows, and allows one of. */
enum Command {
    ADD("add-service", EnumSet.of(SERVICE), serviceOptions()),
    EDIT("edit-service", EnumSet.of(SERVICE), serviceOptions()),
    DELETE("delete-service", EnumSet.of(SERVICE), none()),
    FLUSH("flush", none(), none()),
    LIST("list", none(), listOptions()),
    ADD_SERVER("add-server", EnumSet.of(SERVICE, SERVER), serverOptions()),
    DELETE_SERVER("delete-server", EnumSet.of(SERVICE, SERVER), none()),
    EDIT_SERVER("edit-server", EnumSet.of(SERVICE, SERVER), serverOptions()),
    SET_TIMEOUTS("set", none(), none()),
    START_DAEMON(
            "start-daemon", none(), EnumSet.of(MCAST, SYNC_ID, MCAST_GROUP, MCAST_PORT, MCAST_TTL, SYNC_MAX_LENGTH)),
    STOP_DAEMON("stop-daemon", none(), EnumSet.of(SYNC_ID)),
    RESTORE("restore", none(), EnumSet.of(ATOMIC)),
    SAVE("save", none(), EnumSet.of(NUMERIC, SAVE_ALL)),
    ZERO("zero", none(), EnumSet.of(SERVICE)),
    HELP("help", none(), EnumSet.allOf(Kind.class)),
    VERSION("version", none(), EnumSet.allOf(Kind.class));

    private static final long LIST_SUBJECTS = bits(EnumSet.of(CONNECTION, SERVICE, TIMEOUT, DAEMON));

    private final String word;
    private final long required;
    private final long allowed;

    Command(String word, EnumSet<Kind> required, EnumSet<Kind> allowed) {
        this.word = word;
        this.required = bits(required);
        this.allowed = bits(allowed);
    }

    private static long bits(EnumSet<Kind> kinds) {
        long bits = 0;
        for (final Kind kind : kinds) {
            bits |= 1L << kind.ordinal();
        }
        return bits;
    }

    private static boolean contains(long bits, Kind kind) {
        return (bits >>> kind.ordinal() & 1) != 0;
    }

    private static EnumSet<Kind> none() {
        return EnumSet.noneOf(Kind.class);
    }

    private static EnumSet<Kind> serviceOptions() {
        return EnumSet.of(SCHEDULER, PERSISTENT, NETMASK, ONE_PACKET, PERSISTENCE_ENGINE, SCHED_FLAGS);
    }

    private static EnumSet<Kind> serverOptions() {
        return EnumSet.of(
                FORWARD,
                WEIGHT,
                UPPER_THRESHOLD,
                LOWER_THRESHOLD,
                TUN_TYPE,
                TUN_PORT,
                TUN_NO_CHECKSUM,
                TUN_CHECKSUM,
                TUN_REMOTE_CHECKSUM);
    }

    private static EnumSet<Kind> listOptions() {
        return EnumSet.of(
                NUMERIC,
                CONNECTION,
                SERVICE,
                TIMEOUT,
                DAEMON,
                STATS,
                RATE,
                THRESHOLDS,
                PERSISTENT_CONN,
                NO_SORT,
                SYNC_ID,
                EXACT,
                TUN_INFO,
                JSON);
    }

    /**
     * Checks which kinds of options were given.
     *
     * @throws Failure about the first one that is missing, does not belong here or excludes another
     */
    void check(EnumSet<Kind> given) {
        Kind subject = null;
        for (final Kind kind : Kind.values()) {
            if (!given.contains(kind)) {
                if (contains(required, kind)) {
                    throw Failure.usage(
                            "You need to supply the '" + kind.word() + "' option for the '" + word + "' command");
                }
            } else if (!contains(required, kind) && !contains(allowed, kind)) {
                throw Failure.usage("Illegal '" + kind.word() + "' option with the '" + word + "' command");
            } else if (this == LIST && contains(LIST_SUBJECTS, kind)) {
                if (subject != null) {
                    throw Failure.usage("The option '" + kind.word() + "' conflicts with the '" + subject.word()
                            + "' option in the '" + word + "' command");
                }
                subject = kind;
            }
        }
    }
}
