// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ulvs.control.check.CheckOutcome;
import org.ulvs.control.check.CheckPlan;
import org.ulvs.control.check.CheckSpec;
import org.ulvs.control.check.Health;
import org.ulvs.control.check.Weight;
import org.ulvs.control.lvscf.VirtualKeys;
import org.ulvs.control.table.PlannedServer;

/** One planned server: the health of each of its checks, and its weight. */
final class ServerState {
    /** One check of it. */
    static final class MemberState {
        private final String id;
        private final PlannedServer.Member member;
        private final CheckSpec check;
        private final Health health;
        private String reason = "not checked yet";
        private long sinceMs;
        private LvsStatus.Checks checks = LvsStatus.Checks.NONE;

        MemberState(String id, PlannedServer.Member member, long nowMs) {
            this.id = id;
            this.member = member;
            this.check = CheckPlan.of(member.virtual(), member.server());
            this.health = new Health(check.rise(), check.fall());
            this.sinceMs = nowMs;
        }

        String id() {
            return id;
        }

        PlannedServer.Member member() {
            return member;
        }

        CheckSpec check() {
            return check;
        }

        Health health() {
            return health;
        }

        String reason() {
            return reason;
        }

        long sinceMs() {
            return sinceMs;
        }

        LvsStatus.Checks checks() {
            return checks;
        }

        /** Takes in an outcome; returns whether the state of this check has changed. */
        boolean onOutcome(CheckOutcome outcome, long nowMs) {
            reason = outcome.reason();
            checks = checks.and(outcome.up(), outcome.nanos(), nowMs);
            final boolean changed = health.onOutcome(outcome.up());
            if (changed) {
                sinceMs = nowMs;
            }
            return changed;
        }

        void carryOver(MemberState before) {
            health.force(before.health.state());
            reason = before.reason;
            sinceMs = before.sinceMs;
            checks = before.checks;
        }
    }

    private final PlannedServer planned;
    private final Map<String, MemberState> members = new LinkedHashMap<>();
    private final Weight weight;
    private boolean loadAsked;

    ServerState(PlannedServer planned, List<MemberState> members) {
        this.planned = planned;
        members.forEach(member -> this.members.put(member.id(), member));
        final boolean slowStart = planned.members().get(0).virtual().section().value(VirtualKeys.SLOW_START);
        this.weight = new Weight(planned.spec().weight(), slowStart);
    }

    PlannedServer planned() {
        return planned;
    }

    List<MemberState> members() {
        return new ArrayList<>(members.values());
    }

    Weight weight() {
        return weight;
    }

    /** Whether a load figure has been asked for and has not come. */
    boolean loadAsked() {
        return loadAsked;
    }

    void loadAsked(boolean asked) {
        loadAsked = asked;
    }

    /** Down if one check fails, up if all succeed. */
    Health.State state() {
        boolean unknown = false;
        for (final MemberState member : members.values()) {
            if (member.health().state() == Health.State.DOWN) {
                return Health.State.DOWN;
            }
            unknown |= member.health().state() == Health.State.UNKNOWN;
        }
        return unknown ? Health.State.UNKNOWN : Health.State.UP;
    }
}
