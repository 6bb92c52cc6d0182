// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.ulvs.control.pulse.Beat.Kind;

/** Tables of events; a time unit is a second. Keepalive 2, deadtime 5, failback after 30. */
class PulseMachineTest {
    private static final long SECOND = 1_000_000_000L;

    private final RecordedActions recorder = new RecordedActions();
    private long now = 100 * SECOND;

    private static PulseSettings settings(Role role, boolean peer, boolean failback, boolean compat) {
        return new PulseSettings(
                role, peer, 2 * SECOND, 5 * SECOND, failback, 30 * SECOND, 60 * SECOND, compat, false, "lvs");
    }

    private static Beat beat(boolean running, boolean able, boolean hearsYou) {
        return new Beat(Kind.BEAT, running, able, hearsYou, false, false, true, 1, "", 0);
    }

    private static Beat message(Kind kind, boolean running) {
        return new Beat(kind, running, true, true, false, false, true, 1, "", 0);
    }

    private static final Beat RUNNING = beat(true, true, true);
    private static final Beat STOPPED = beat(false, true, true);

    private PulseMachine machine(Role role) {
        return new PulseMachine(settings(role, true, true, false), recorder);
    }

    private PulseMachine standby(Role role) {
        return started(machine(role));
    }

    private PulseMachine started(PulseMachine machine) {
        machine.onStart(now, false, false);
        machine.onDeactivated(now);
        recorder.clear();
        return machine;
    }

    private PulseMachine serving(Role role) {
        final PulseMachine machine = machine(role);
        machine.onStart(now, true, false);
        machine.onActivated(now);
        machine.onBeat(now, STOPPED);
        recorder.clear();
        return machine;
    }

    private void after(PulseMachine machine, double seconds) {
        final long end = now + (long) (seconds * SECOND);
        while (machine.deadlineNs() <= end) {
            now = Math.max(now, machine.deadlineNs());
            machine.onTick(now);
        }
        now = end;
    }

    /** Lets time pass while the peer says the same thing every second. */
    private void hearing(PulseMachine machine, int seconds, Beat beat) {
        for (int i = 0; i < seconds; i++) {
            after(machine, 1);
            machine.onBeat(now, beat);
        }
    }

    @ParameterizedTest
    @CsvSource({"PRIMARY, STARTING PULSE AS MASTER", "BACKUP, STARTING PULSE AS BACKUP"})
    void shouldStandByAtFirst(Role role, String line) {
        machine(role).onStart(now, false, false);

        assertThat(recorder.orders).containsExactly("deactivate");
        assertThat(recorder.log).contains(line);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldTakeOverAfterDeadtimeOfSilence(Role role) {
        final PulseMachine machine = standby(role);
        hearing(machine, 3, beat(true, true, false));
        after(machine, 4.9);
        assertThat(machine.active()).isFalse();

        after(machine, 0.2);

        assertThat(recorder.orders).containsExactly("peer?", "activate");
        assertThat(recorder.log).contains("partner dead: activating lvs");
        assertThat(recorder.counts).contains("PEER_LOSSES");
        machine.onActivated(now);
        assertThat(recorder.sent).contains("STEP_DOWN running", "BEAT running");
    }

    @Test
    void shouldLeaveAPartnerToServeOfWhichOnlyPulseIsDead() {
        final PulseMachine machine = standby(Role.BACKUP);
        hearing(machine, 3, RUNNING);
        after(machine, 3.4);
        assertThat(recorder.orders).containsExactly("peer?");
        machine.onPeerForwards(now, true);
        after(machine, 1.7);

        assertThat(machine.active()).isFalse();
        assertThat(machine.peerForwardsOn()).isTrue();
        assertThat(recorder.counts).containsExactly("PEER_LOSSES", "PEER_PULSE_LOSSES");
        assertThat(recorder.log).contains("partner's dataplane serves without its pulse: leaving it to serve");
        for (int i = 0; i < 10; i++) {
            after(machine, 2.1);
            machine.onPeerForwards(now, true);
        }
        assertThat(machine.active()).isFalse();

        // the restarted pulse has yet to find out what we do
        machine.onBeat(now, new Beat(Kind.BEAT, false, true, false, true, false, true, 1, "", 0));
        hearing(machine, 20, RUNNING);

        assertThat(machine.active()).isFalse();
        assertThat(machine.peerForwardsOn()).isFalse();
    }

    @Test
    void shouldTakeOverWhenTheDataplaneOfASilentPartnerDiesTooOrItsPulseStaysAway() {
        for (final boolean dies : new boolean[] {true, false}) {
            recorder.clear();
            final PulseMachine machine = standby(Role.PRIMARY);
            hearing(machine, 3, RUNNING);
            after(machine, 3.4);
            machine.onPeerForwards(now, true);
            after(machine, 4);
            assertThat(machine.active()).isFalse();
            if (dies) {
                machine.onPeerForwards(now, false);
            } else {
                machine.onPeerForwards(now, true);
                after(machine, 56);
                assertThat(machine.active()).isFalse();
                after(machine, 3);
            }
            assertThat(machine.active()).isTrue();
            assertThat(recorder.log).contains("partner dead: activating lvs");
        }
    }

    @Test
    void shouldNotWaitForAPartnerThatDoesNotForward() {
        final PulseMachine machine = standby(Role.BACKUP);
        hearing(machine, 3, RUNNING);
        after(machine, 4);
        machine.onPeerForwards(now, false);
        after(machine, 1.1);
        assertThat(machine.active()).isTrue();

        recorder.clear();
        final PulseMachine other = standby(Role.BACKUP);
        hearing(other, 3, new Beat(Kind.BEAT, true, true, true, false, false, false, 1, "", 0));
        after(other, 5.1);
        assertThat(recorder.orders).containsExactly("activate");
    }

    @Test
    void shouldSayThatItLeavesUntilItHasLeft() {
        final PulseMachine machine = serving(Role.PRIMARY);
        machine.onStandByRequest(now);
        machine.onBeat(now, RUNNING);
        recorder.clear();
        after(machine, 2.1);
        assertThat(recorder.sent).containsOnly("BEAT running leaving unable");

        final PulseMachine backup = standby(Role.BACKUP);
        backup.onBeat(now, RUNNING);
        backup.onTakeOverRequest();
        backup.onActivated(now);
        after(backup, 20);
        recorder.clear();
        backup.onBeat(now, new Beat(Kind.BEAT, true, false, true, false, true, true, 1, "", 0));
        assertThat(recorder.counts).isEmpty();
        assertThat(backup.active()).isTrue();
    }

    @Test
    void shouldServeAloneAfterOneDeadtimeAndSendNothing() {
        final PulseMachine machine = started(new PulseMachine(settings(Role.PRIMARY, false, true, false), recorder));
        after(machine, 5.1);
        machine.onActivated(now);
        after(machine, 20);

        assertThat(recorder.orders).containsExactly("activate");
        assertThat(recorder.sent).isEmpty();
    }

    @Test
    void shouldServeAtOnceWhenForced() {
        final PulseMachine forced = machine(Role.BACKUP);
        forced.onStart(now, true, false);
        assertThat(recorder.log).contains("Forced active on startup: activating lvs");

        assertThat(recorder.orders).containsExactly("activate");
    }

    @Test
    void shouldLeaveAServingDataplaneAloneUntilThePartnerIsKnown() {
        for (final Beat beat : new Beat[] {RUNNING, STOPPED}) {
            recorder.clear();
            final PulseMachine machine = machine(Role.PRIMARY);
            machine.onStart(now, false, true);
            assertThat(recorder.orders).isEmpty();

            machine.onBeat(now, beat);

            assertThat(recorder.orders).containsExactly(beat.running() ? "deactivate" : "adopt");
        }
        recorder.clear();
        final PulseMachine alone = machine(Role.BACKUP);
        alone.onStart(now, false, true);
        after(alone, 5.1);
        assertThat(recorder.orders).containsExactly("adopt");
    }

    @Test
    void shouldAnnounceAfterThePartnerHasGivenUpOrItsDataplaneHasComeBack() {
        final PulseMachine machine = serving(Role.BACKUP);
        machine.onBeat(now, new Beat(Kind.BEAT, false, true, true, true, false, true, 1, "", 0));
        machine.onBeat(now, STOPPED);
        assertThat(recorder.orders).containsExactly("announce addresses");
        recorder.clear();

        machine.onBeat(now, new Beat(Kind.BEAT, false, false, true, false, false, false, 1, "", 0));
        machine.onBeat(now, STOPPED);

        assertThat(recorder.orders).containsExactly("announce addresses");
    }

    @Test
    void shouldServeAtOnceAsPrimaryWhenTheBackupStandsBy() {
        final PulseMachine machine = standby(Role.PRIMARY);
        machine.onBeat(now, STOPPED);

        assertThat(recorder.log).contains("backup inactive: activating lvs");
    }

    @Test
    void shouldLeaveThePrimaryADeadtimeBeforeTheBackupServes() {
        final PulseMachine machine = standby(Role.BACKUP);
        hearing(machine, 5, STOPPED);
        assertThat(machine.active()).isFalse();

        hearing(machine, 2, STOPPED);

        assertThat(recorder.log).contains("primary inactive: activating lvs");
    }

    @Test
    void shouldServeAtOnceAsBackupWhenThePrimaryCannot() {
        final PulseMachine machine = standby(Role.BACKUP);
        machine.onBeat(now, beat(false, false, true));

        assertThat(recorder.log).contains("primary inactive: activating lvs");
    }

    @Test
    void shouldYieldAsBackupInATieAfterOneLastBeat() {
        final PulseMachine machine = serving(Role.BACKUP);
        machine.onBeat(now, RUNNING);

        assertThat(recorder.orders).containsExactly("deactivate");
        assertThat(recorder.sent).containsExactly("BEAT running");
        assertThat(recorder.log).contains("partner active: deactivating LVS");
        assertThat(recorder.counts).contains("SPLIT_BRAINS");
    }

    @Test
    void shouldWaitAsBackupWhileThePrimaryIsTakingOver() {
        final Beat taking = new Beat(Kind.BEAT, false, true, true, true, false, true, 1, "", 0);
        final PulseMachine waiting = standby(Role.BACKUP);
        hearing(waiting, 20, taking);
        assertThat(waiting.active()).isFalse();

        final PulseMachine racing = machine(Role.BACKUP);
        racing.onStart(now, true, false);
        racing.onBeat(now, taking);

        assertThat(racing.active()).isFalse();
    }

    @Test
    void shouldStayAsPrimaryInATieAndAnnounceAgainOnce() {
        final PulseMachine machine = serving(Role.PRIMARY);
        hearing(machine, 3, RUNNING);

        assertThat(machine.active()).isTrue();
        assertThat(recorder.orders).containsExactly("announce");
        assertThat(recorder.counts).containsExactly("SPLIT_BRAINS");
        assertThat(recorder.log).contains("partner active: resending arps");
        machine.onBeat(now, STOPPED);
        machine.onBeat(now, RUNNING);
        assertThat(recorder.counts).containsExactly("SPLIT_BRAINS", "SPLIT_BRAINS");
    }

    @Test
    void shouldTakeOverAgainAsPrimaryAfterBeingHealthyForAWhile() {
        final PulseMachine machine = standby(Role.PRIMARY);
        hearing(machine, 30, RUNNING);
        assertThat(machine.active()).isFalse();

        hearing(machine, 2, RUNNING);

        assertThat(recorder.orders).containsExactly("activate");
        machine.onActivated(now);
        assertThat(recorder.sent).contains("STEP_DOWN running");
        machine.onBeat(now, RUNNING);
        assertThat(recorder.counts).doesNotContain("SPLIT_BRAINS");
    }

    @Test
    void shouldBeginTheFailbackDelayAnewWhenHealthIsInterrupted() {
        final PulseMachine machine = standby(Role.PRIMARY);
        hearing(machine, 20, RUNNING);
        machine.onLinks(false);
        machine.onLinks(true);
        hearing(machine, 25, RUNNING);

        assertThat(machine.active()).isFalse();
    }

    @Test
    void shouldNotFailBackToAPrimaryThatTheBackupDoesNotHear() {
        final PulseMachine machine = standby(Role.PRIMARY);
        hearing(machine, 100, beat(true, true, false));

        assertThat(machine.active()).isFalse();
    }

    @Test
    void shouldStayOnStandbyForEverWithoutFailback() {
        final PulseMachine machine = started(new PulseMachine(settings(Role.PRIMARY, true, false, false), recorder));
        hearing(machine, 200, RUNNING);

        assertThat(machine.active()).isFalse();
    }

    @Test
    void shouldObeyACommandToStepDownAndAnswerAtOnce() {
        final PulseMachine machine = serving(Role.PRIMARY);
        machine.onBeat(now, message(Kind.STEP_DOWN, true));
        machine.onDeactivated(now);

        assertThat(recorder.orders).containsExactly("deactivate");
        assertThat(recorder.sent).containsExactly("BEAT stopped");
        assertThat(recorder.counts).contains("STEP_DOWNS");
        machine.onBeat(now, message(Kind.STEP_DOWN, true));
        assertThat(recorder.orders).hasSize(1);
    }

    @Test
    void shouldTakeOverAtOnceOnAGoodbye() {
        final PulseMachine machine = standby(Role.BACKUP);
        machine.onBeat(now, RUNNING);
        machine.onBeat(now, message(Kind.GOODBYE, false));

        assertThat(recorder.log).contains("partner has left: activating lvs");
    }

    @Test
    void shouldHandOverBeforeItStops() {
        final PulseMachine machine = serving(Role.PRIMARY);
        machine.onBeat(now, STOPPED);
        machine.onStop(now);
        assertThat(recorder.orders).isEmpty();
        assertThat(recorder.sent).contains("BEAT running leaving unable");

        machine.onBeat(now, RUNNING);
        assertThat(recorder.orders).containsExactly("deactivate");
        machine.onDeactivated(now);

        assertThat(recorder.sent).contains("GOODBYE stopped unable");
        assertThat(machine.stopped()).isTrue();
    }

    @Test
    void shouldStopAnywayWhenThePartnerDoesNotTakeOver() {
        final PulseMachine machine = serving(Role.PRIMARY);
        machine.onStop(now);
        after(machine, 8);
        machine.onDeactivated(now);

        assertThat(machine.stopped()).isTrue();
    }

    @Test
    void shouldTakeOverFromAPartnerThatWantsToLeave() {
        final PulseMachine machine = standby(Role.BACKUP);
        machine.onBeat(now, new Beat(Kind.BEAT, true, false, true, false, true, true, 1, "", 0));
        assertThat(recorder.orders).containsExactly("activate");
        machine.onActivated(now);

        machine.onBeat(now, new Beat(Kind.BEAT, true, false, true, false, true, true, 1, "", 0));

        assertThat(machine.active()).isTrue();
        assertThat(recorder.counts).doesNotContain("SPLIT_BRAINS");
    }

    @Test
    void shouldStandByWhenAskedAndNotComeBackByItself() {
        final PulseMachine machine = serving(Role.PRIMARY);
        assertThat(machine.onStandByRequest(now)).isEqualTo("handing over to the partner");
        machine.onBeat(now, RUNNING);
        machine.onDeactivated(now);
        hearing(machine, 100, RUNNING);
        assertThat(machine.active()).isFalse();

        after(machine, 6);

        assertThat(machine.active()).isTrue();
    }

    @Test
    void shouldRefuseToStandByAlone() {
        final PulseMachine machine = serving(Role.PRIMARY);
        after(machine, 10);

        assertThat(machine.onStandByRequest(now)).startsWith("refused");
        assertThat(machine.active()).isTrue();
    }

    @Test
    void shouldStepDownWhileALinkIsDownAndSaySo() {
        final PulseMachine machine = serving(Role.PRIMARY);
        machine.onLinks(false);
        machine.onDeactivated(now);
        assertThat(recorder.orders).containsExactly("deactivate");
        assertThat(recorder.log).contains("local link failure: deactivating LVS");
        assertThat(recorder.sent).containsExactly("BEAT stopped unable");

        after(machine, 20);
        assertThat(machine.active()).isFalse();
        machine.onLinks(true);
        after(machine, 6);
        assertThat(machine.active()).isTrue();
    }

    @Test
    void shouldGiveADeadDataplaneADeadtimeBeforeItStepsDown() {
        final PulseMachine machine = serving(Role.PRIMARY);
        machine.onDataplane(now, false);
        hearing(machine, 4, STOPPED);
        assertThat(machine.active()).isTrue();
        assertThat(recorder.sent).contains("BEAT running unable dataplane-dead");

        hearing(machine, 2, STOPPED);

        assertThat(machine.active()).isFalse();
    }

    @Test
    void shouldKeepServingWhenTheDataplaneReturnsInTime() {
        final PulseMachine machine = serving(Role.PRIMARY);
        machine.onDataplane(now, false);
        hearing(machine, 3, STOPPED);
        machine.onDataplane(now, true);
        hearing(machine, 10, STOPPED);

        assertThat(machine.active()).isTrue();
    }

    @Test
    void shouldNotTakeOverWithADeadDataplane() {
        final PulseMachine machine = standby(Role.BACKUP);
        machine.onDataplane(now, false);
        after(machine, 20);

        assertThat(machine.active()).isFalse();
    }

    @Test
    void shouldAskTheGatewayBeforeTakingOverWhereToldSo() {
        final PulseMachine machine = started(new PulseMachine(
                new PulseSettings(Role.BACKUP, true, 2 * SECOND, 5 * SECOND, true, SECOND, 0, false, true, "lvs"),
                recorder));
        after(machine, 6);
        assertThat(recorder.orders).containsExactly("gateway");
        machine.onGateway(false);
        assertThat(recorder.log).contains("I SEEM TO HAVE A NETWORK FAULT!");
        after(machine, 5);

        machine.onGateway(true);

        assertThat(recorder.orders).containsExactly("gateway", "gateway", "activate");
    }

    @Test
    void shouldSendABeatEveryKeepalive() {
        final PulseMachine machine = standby(Role.BACKUP);
        hearing(machine, 10, RUNNING);

        assertThat(recorder.sent).hasSize(5).containsOnly("BEAT stopped");
    }

    @Test
    void shouldNeverCommandOrFarewellInCompatMode() {
        final PulseMachine machine = started(new PulseMachine(settings(Role.BACKUP, true, true, true), recorder));
        machine.onBeat(now, Beat.compat(Kind.BEAT, false));
        assertThat(machine.active()).isFalse();
        hearing(machine, 6, Beat.compat(Kind.BEAT, false));

        assertThat(recorder.log).contains("primary inactive: activating lvs");
    }
}
