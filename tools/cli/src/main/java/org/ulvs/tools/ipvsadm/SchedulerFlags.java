// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import java.util.StringTokenizer;

/** Names of the flags of schedulers. */
public final class SchedulerFlags {
    static final int FLAG_1 = 0x08;
    static final int FLAG_2 = 0x10;
    static final int FLAG_3 = 0x20;

    private SchedulerFlags() {}

    /**
     * Flags from their names, with commas.
     *
     * @throws RuntimeException saying which name there is none of, or not for this scheduler
     */
    public static int parse(String scheduler, String text) {
        int flags = 0;
        final StringTokenizer words = new StringTokenizer(text, ",");
        while (words.hasMoreTokens()) {
            final String word = words.nextToken();
            flags |= switch (word) {
                case "flag-1" -> FLAG_1;
                case "flag-2" -> FLAG_2;
                case "flag-3" -> FLAG_3;
                case "sh-fallback" -> ifFor("sh", scheduler, word, FLAG_1);
                case "sh-port" -> ifFor("sh", scheduler, word, FLAG_2);
                case "mh-fallback" -> ifFor("mh", scheduler, word, FLAG_1);
                case "mh-port" -> ifFor("mh", scheduler, word, FLAG_2);
                default -> throw Failure.usage("invalid scheduler flag `" + word + "'");
            };
        }
        return flags;
    }

    private static int ifFor(String owner, String scheduler, String word, int flag) {
        if (!scheduler.equals(owner)) {
            throw Failure.usage("incompatible scheduler flag `" + word + "'");
        }
        return flag;
    }

    /** The names of flags, with commas; empty for none. */
    static String text(String scheduler, int flags) {
        final boolean named = scheduler.equals("sh") || scheduler.equals("mh");
        final StringBuilder out = new StringBuilder();
        append(out, flags & FLAG_1, named ? scheduler + "-fallback" : "flag-1");
        append(out, flags & FLAG_2, named ? scheduler + "-port" : "flag-2");
        if (!named) {
            append(out, flags & FLAG_3, "flag-3");
        }
        return out.toString();
    }

    private static void append(StringBuilder out, int flag, String name) {
        if (flag != 0) {
            out.append(out.length() == 0 ? "" : ",").append(name);
        }
    }
}
