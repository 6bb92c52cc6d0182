// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ulvs.control.pulse.Beat.Kind;

/** Two directors that were cut off from each other and hear each other again. Keepalive 2 s, deadtime 5 s. */
class SplitBrainTest {
    private static final long SECOND = 1_000_000_000L;

    private static final class Director {
        final RecordedActions actions = new RecordedActions();
        final PulseMachine machine;

        Director(Role role) {
            machine = new PulseMachine(
                    new PulseSettings(role, true, 2 * SECOND, 5 * SECOND, false, SECOND, 0, false, false, "lvs"),
                    actions);
        }

        /** The dataplane follows its orders. */
        void carryOut(long now) {
            if (machine.active() != machine.serving()) {
                if (machine.active()) {
                    machine.onActivated(now);
                } else {
                    machine.onDeactivated(now);
                }
            }
        }

        void tick(long now) {
            if (machine.deadlineNs() <= now) {
                machine.onTick(now);
            }
            carryOut(now);
        }

        /** What it has sent since it was asked last. */
        List<Beat> sent() {
            final List<Beat> beats = List.copyOf(actions.beats);
            actions.beats.clear();
            return beats;
        }
    }

    private final Director primary = new Director(Role.PRIMARY);
    private final Director backup = new Director(Role.BACKUP);
    private long now = 100 * SECOND;

    SplitBrainTest() {
        primary.machine.onStart(now, false, false);
        backup.machine.onStart(now, false, false);
        together(20);
        assertThat(primary.machine.serving()).isTrue();
        assertThat(backup.machine.serving()).isFalse();
    }

    private void together(int seconds) {
        for (int i = 0; i < seconds; i++) {
            second();
            exchange();
        }
    }

    private void exchange() {
        primary.sent().forEach(beat -> backup.machine.onBeat(now, beat));
        backup.carryOut(now);
        backup.sent().forEach(beat -> primary.machine.onBeat(now, beat));
        primary.carryOut(now);
    }

    private void second() {
        now += SECOND;
        primary.tick(now);
        backup.tick(now);
    }

    private void apart(int seconds) {
        for (int i = 0; i < seconds; i++) {
            second();
            primary.sent();
            backup.sent();
        }
        assertThat(primary.machine.serving()).isTrue();
        primary.actions.clear();
        backup.actions.clear();
    }

    /** Only the primary hears the other. */
    private void backupAlone(int seconds) {
        for (int i = 0; i < seconds; i++) {
            second();
            primary.sent();
            backup.sent().forEach(beat -> primary.machine.onBeat(now, beat));
            primary.carryOut(now);
        }
    }

    private void split() {
        apart(30);
        assertThat(backup.machine.serving()).isTrue();
    }

    private void primaryAloneServes() {
        assertThat(primary.machine.serving()).isTrue();
        assertThat(backup.machine.active()).isFalse();
        assertThat(backup.machine.serving()).isFalse();
    }

    @Test
    void shouldCountAndAnnounceOnceOnBothSides() {
        split();
        together(10);

        primaryAloneServes();
        assertThat(primary.actions.counts).containsExactly("SPLIT_BRAINS");
        assertThat(backup.actions.counts).containsExactly("SPLIT_BRAINS");
        assertThat(primary.actions.orders).containsOnlyOnce("announce");

        split();
        together(10);
        assertThat(primary.actions.counts).contains("SPLIT_BRAINS");
    }

    @Test
    void shouldTellThePrimaryAlthoughNothingThatWasSentBeforeYieldingArrives() {
        split();
        backup.machine.onBeat(now, primary.machine.beat());
        backup.carryOut(now);
        assertThat(backup.machine.active()).isFalse();
        backup.sent();

        primary.machine.onBeat(now, backup.machine.beat());

        assertThat(primary.actions.counts).containsExactly("SPLIT_BRAINS");
        assertThat(primary.actions.orders).contains("announce");
        assertThat(primary.actions.log).contains("partner active: resending arps");
        primaryAloneServes();
        together(20);
        assertThat(primary.actions.counts).containsExactly("SPLIT_BRAINS");
    }

    @Test
    void shouldTellThePrimaryAlthoughTheFirstItHearsIsAPartnerThatIsLeaving() {
        split();
        backup.machine.onBeat(now, primary.machine.beat());
        final Beat leaving = backup.machine.beat();
        assertThat(leaving.leaving()).isTrue();

        primary.machine.onBeat(now, leaving);

        assertThat(primary.actions.counts).containsExactly("SPLIT_BRAINS");
    }

    @Test
    void shouldNotCountASplitBrainOfAnEarlierProcess() {
        split();
        together(10);
        final Director restarted = new Director(Role.PRIMARY);
        restarted.machine.onStart(now, true, false);
        restarted.carryOut(now);

        restarted.machine.onBeat(now, backup.machine.beat());

        assertThat(restarted.actions.counts).isEmpty();
    }

    @Test
    void shouldNotObeyACommandToStepDownOfAPartnerThatTookItForDead() {
        apart(7);
        assertThat(backup.machine.active()).isTrue();
        backup.tick(now + 2 * SECOND);
        final List<Beat> orders = backup.sent();
        assertThat(orders).extracting(Beat::kind).contains(Kind.STEP_DOWN);

        orders.forEach(beat -> primary.machine.onBeat(now, beat));
        together(10);

        primaryAloneServes();
        assertThat(primary.actions.counts).containsExactly("SPLIT_BRAINS");
        assertThat(backup.actions.counts).containsExactly("SPLIT_BRAINS");
    }

    @Test
    void shouldObeyACommandToStepDownOfAPartnerThatDoesNotHearIt() {
        backupAlone(10);

        assertThat(backup.machine.serving()).isTrue();
        assertThat(primary.machine.serving()).isFalse();
        assertThat(primary.actions.counts).containsExactly("STEP_DOWNS");
    }

    @Test
    void shouldYieldAsPrimaryToABackupThatHasNotHeardItForDeadtime() {
        split();
        backupAlone(5);
        assertThat(primary.machine.active()).isTrue();
        backupAlone(4);

        assertThat(primary.machine.active()).isFalse();
        assertThat(primary.actions.log).contains("partner is active and does not hear us: deactivating LVS");
        assertThat(backup.machine.serving()).isTrue();
    }

    @Test
    void shouldAnnounceAgainWhenAPartnerIsHeardAfterSilenceWhateverItSays() {
        apart(6);

        primary.machine.onBeat(now, new Beat(Kind.BEAT, false, false, false, false, false, false, 1, "", 0));

        assertThat(primary.actions.orders).containsExactly("announce addresses");
    }

    @Test
    void shouldEndInOneServingPrimaryAndTwoCountsWhateverIsLostOrOvertaken() {
        for (int seed = 0; seed < 300; seed++) {
            final SplitBrainTest run = new SplitBrainTest();
            final Random random = new Random(seed);
            run.apart(6 + random.nextInt(20));
            if (!run.backup.machine.serving()) {
                continue;
            }
            run.lossy(random, 40);
            run.together(20);

            run.primaryAloneServes();
            assertThat(run.primary.actions.counts).as("primary, seed %d", seed).contains("SPLIT_BRAINS");
            assertThat(run.backup.actions.counts).as("backup, seed %d", seed).contains("SPLIT_BRAINS");
        }
    }

    /** Tenths of a second in which most beats are lost, and the rest arrives late. */
    private void lossy(Random random, int tenths) {
        for (int i = 0; i < tenths; i++) {
            now += SECOND / 10;
            for (final Director director : new Director[] {primary, backup}) {
                if (random.nextInt(3) > 0) {
                    director.tick(now);
                }
            }
            deliver(random, primary, backup);
            deliver(random, backup, primary);
        }
    }

    private void deliver(Random random, Director from, Director to) {
        final List<Beat> arrived = new ArrayList<>();
        if (random.nextBoolean()) {
            for (final Beat beat : from.sent()) {
                if (random.nextBoolean()) {
                    arrived.add(beat);
                }
            }
        }
        arrived.forEach(beat -> to.machine.onBeat(now, beat));
    }
}
