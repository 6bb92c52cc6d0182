// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.table;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.Errno;
import org.ulvs.schedulers.SchedulerSettings;

/**
 * The tunables of {@code net.ipv4.vs.*} that make sense here, under the kernel's names. Written by the conductor, read
 * by the workers (a plain array read on the processors that matter).
 */
public final class Tunables implements SchedulerSettings {
    /** One tunable: its name, default, range and meaning. */
    public enum Tunable {
        AM_DROPRATE("am_droprate", 10, 1, 65_535, "with drop_packet = 3, one packet of this many is dropped"),
        AMEMTHRESH("amemthresh", 1024, 0, 1 << 30, "free connection lines below which the defences act"),
        CACHE_BYPASS(
                "cache_bypass",
                0,
                0,
                1,
                "forward packets of a mark service to their own destination when no " + "server is usable"),
        CONN_REUSE_MODE(
                "conn_reuse_mode",
                1,
                0,
                3,
                "schedule anew when a client reuses a port: bit 0 on TIME_WAIT "
                        + "and CLOSE, bit 1 on FIN_WAIT of one-way connections too"),
        DROP_ENTRY(
                "drop_entry",
                0,
                0,
                3,
                "drop half-open connections under pressure: 0 never, 1 and 2 when lines " + "are short, 3 always"),
        DROP_PACKET("drop_packet", 0, 0, 3, "drop packets that would make connections: as drop_entry"),
        EXPIRE_NODEST_CONN(
                "expire_nodest_conn",
                0,
                0,
                1,
                "expire a connection whose server is gone at its next " + "packet, instead of dropping the packet"),
        EXPIRE_QUIESCENT_TEMPLATE(
                "expire_quiescent_template", 0, 0, 1, "do not use templates of servers with " + "weight 0"),
        LBLC_EXPIRATION(
                "lblc_expiration", 86_400, 1, 1 << 30, "seconds after which an idle entry of lblc is " + "forgotten"),
        LBLCR_EXPIRATION(
                "lblcr_expiration", 86_400, 1, 1 << 30, "seconds after which an idle entry of lblcr is " + "forgotten"),
        NAT_ICMP_SEND(
                "nat_icmp_send",
                0,
                0,
                1,
                "answer packets of a NAT server that belong to no connection with " + "ICMP port unreachable"),
        PMTU_DISC("pmtu_disc", 1, 0, 1, "copy DF to the outer header of a tunnel"),
        SCHEDULE_ICMP(
                "schedule_icmp", 0, 0, 1, "schedule ICMP errors about replies of connections that are not known here"),
        SECURE_TCP("secure_tcp", 0, 0, 3, "use the stricter TCP state table: as drop_entry"),
        SLOPPY_SCTP("sloppy_sctp", 0, 0, 1, "schedule SCTP packets that do not begin an association"),
        SLOPPY_TCP("sloppy_tcp", 0, 0, 1, "schedule TCP packets other than SYN");

        private final String label;
        private final int initial;
        private final int min;
        private final int max;
        private final String meaning;

        Tunable(String label, int initial, int min, int max, String meaning) {
            this.label = label;
            this.initial = initial;
            this.min = min;
            this.max = max;
            this.meaning = meaning;
        }

        /** Name without the prefix {@code net.ipv4.vs.}. */
        public String label() {
            return label;
        }

        /** One sentence for the manual. */
        public String meaning() {
            return meaning;
        }

        /** The kernel's default. */
        public int initial() {
            return initial;
        }
    }

    private static final Tunable[] ALL = Tunable.values();
    private static final String PREFIX = "net.ipv4.vs.";

    private final AtomicIntegerArray values = new AtomicIntegerArray(ALL.length);

    /** Tunables with the kernel's defaults. */
    public Tunables() {
        for (final Tunable tunable : ALL) {
            values.set(tunable.ordinal(), tunable.initial);
        }
    }

    /** Current value. */
    public int get(Tunable tunable) {
        return values.get(tunable.ordinal());
    }

    /** Whether the value is not 0. */
    public boolean isOn(Tunable tunable) {
        return values.get(tunable.ordinal()) != 0;
    }

    /** Sets a value by name, with or without the prefix {@code net.ipv4.vs.}; ENOENT, EINVAL. */
    public int set(String name, String value) {
        final Tunable tunable = find(name);
        if (tunable == null) {
            return Errno.ENOENT;
        }
        try {
            final int number = Integer.parseInt(value.strip());
            if (number < tunable.min || number > tunable.max) {
                return Errno.EINVAL;
            }
            values.set(tunable.ordinal(), number);
            return Errno.OK;
        } catch (final NumberFormatException e) {
            return Errno.EINVAL;
        }
    }

    /** Current text by name, or null for an unknown name. */
    public @Nullable String text(String name) {
        final Tunable tunable = find(name);
        return tunable == null ? null : Integer.toString(get(tunable));
    }

    /** Names of all tunables, sorted. */
    public static List<String> names() {
        final List<String> names = new ArrayList<>(ALL.length);
        for (final Tunable tunable : ALL) {
            names.add(tunable.label);
        }
        return names;
    }

    private static @Nullable Tunable find(String name) {
        final String label = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
        for (final Tunable tunable : ALL) {
            if (tunable.label.equals(label)) {
                return tunable;
            }
        }
        return null;
    }

    @Override
    public int lblcExpirationSeconds() {
        return get(Tunable.LBLC_EXPIRATION);
    }

    @Override
    public int lblcrExpirationSeconds() {
        return get(Tunable.LBLCR_EXPIRATION);
    }
}
