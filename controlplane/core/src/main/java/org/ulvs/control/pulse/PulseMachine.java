// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import org.ulvs.control.pulse.Beat.Kind;
import org.ulvs.control.pulse.PulseActions.Counter;
import org.ulvs.control.pulse.PulseActions.Level;

/**
 * Decides whether this director serves. Pure: events and their times come in, {@link PulseActions} go out. One thread.
 *
 * <p>The rules are Piranha's (a tie goes to the primary; silence for deadtime means taking over) with what its manual
 * promised and its code left out: a goodbye, a command to step down, and failback. Where both directors stand by, the
 * primary takes up service at once and the backup only after the primary has had a deadtime to do so.
 */
public final class PulseMachine {
    private static final long NEVER = Long.MAX_VALUE;
    private static final int STEP_DOWN_REPEATS = 5;
    private static final int GOODBYES = 3;

    private final PulseActions actions;
    private PulseSettings settings;
    private long serial;
    private String configurationHash = "";

    private boolean active;
    private boolean serving;
    private boolean heldBack;
    private boolean leaving;
    private boolean stopping;
    private boolean stopped;
    private boolean gatewayAsked;
    private boolean adopting;
    private int stepDownsLeft;

    private final Partner partner = new Partner();
    private final SilentPartner silent = new SilentPartner();
    private final SplitBrain splitBrain;
    private final OwnHealth health;

    private long nextBeatNs = NEVER;
    private long needBeatNs = NEVER;
    private long peerIdleSinceNs = NEVER;
    private long failbackAtNs = NEVER;
    private long leaveByNs = NEVER;

    /** A machine that has not been started. */
    public PulseMachine(PulseSettings settings, PulseActions actions) {
        this.settings = settings;
        this.actions = actions;
        this.splitBrain = new SplitBrain(actions);
        this.health = new OwnHealth(actions);
    }

    /** New settings after a reload: they count from now on. */
    public void onReload(long nowNs, PulseSettings changed) {
        settings = changed;
        if (needBeatNs != NEVER) {
            needBeatNs = nowNs + settings.deadtimeNs();
        }
        nextBeatNs = settings.peer() ? nowNs : NEVER;
        failbackAtNs = NEVER;
    }

    /** What the heartbeats say about our configuration. */
    public void configuration(long newSerial, String newHash) {
        serial = newSerial;
        configurationHash = newHash;
    }

    /**
     * Starts.
     *
     * @param force take up service at once
     * @param adopt the dataplane serves already, as after a restart of pulse alone: go on serving
     */
    public void onStart(long nowNs, boolean force, boolean adopt) {
        info(settings.role() == Role.PRIMARY ? "STARTING PULSE AS MASTER" : "STARTING PULSE AS BACKUP");
        nextBeatNs = settings.peer() ? nowNs : NEVER;
        needBeatNs = nowNs + settings.deadtimeNs();
        if (adopt) {
            // neither served nor given up until it is known what the partner does
            adopting = true;
            active = true;
            info("the dataplane is serving already");
        } else if (force) {
            activate("Forced active on startup: activating " + settings.word());
        } else {
            actions.deactivate("start");
        }
    }

    /** A message of the peer that is beyond doubt. */
    public void onBeat(long nowNs, Beat beat) {
        if (stopped) {
            return;
        }
        needBeatNs = nowNs + settings.deadtimeNs();
        silent.heard(nowNs, beat.running() && beat.dataplaneAlive() && beat.kind() == Kind.BEAT, settings);
        final boolean back = !partner.alive() && beat.kind() != Kind.GOODBYE;
        if (back) {
            onPeerBack(beat);
        }
        final boolean mayHaveAnnounced = partner.onBeat(beat);
        final boolean yielded = splitBrain.partnerHasYielded(beat);
        if (serving && active) {
            if (back || mayHaveAnnounced) {
                actions.announceAddresses();
            }
            if (yielded && stepDownsLeft == 0) {
                splitBrain.notice(settings.role());
            }
        }
        switch (beat.kind()) {
            case BEAT -> {
                if (beat.running()) {
                    onPeerRunning(nowNs, beat);
                } else {
                    onPeerStopped(nowNs, beat);
                }
            }
            case GOODBYE -> onGoodbye(nowNs);
            case STEP_DOWN -> onStepDown();
        }
    }

    private void onPeerBack(Beat beat) {
        partner.heard();
        // orders to a partner that was silent: what it does now decides
        stepDownsLeft = 0;
        actions.journal("peer", "heard");
        info("partner is alive and " + (beat.running() ? "active" : "standing by"));
    }

    private void onPeerRunning(long nowNs, Beat beat) {
        peerIdleSinceNs = NEVER;
        if (adopting) {
            adopting = false;
            deactivate("partner is active: standing by");
        } else if (leaving && active) {
            finishLeaving("partner has taken over: deactivating " + word());
        } else if (active && serving) {
            onBothRunning(nowNs, beat);
        } else if (!active) {
            splitBrain.end();
            if (beat.leaving() && able() && !heldBack) {
                activate("partner wants to stand by: activating " + settings.word());
            } else {
                considerFailback(nowNs);
            }
        }
    }

    private void onBothRunning(long nowNs, Beat beat) {
        if (beat.leaving() || stepDownsLeft > 0) {
            return;
        }
        splitBrain.notice(settings.role());
        if (settings.role() == Role.BACKUP) {
            splitBrain.onYield(nowNs);
            // four bytes cannot say later that we were active
            actions.send(beat());
            deactivate("partner active: deactivating " + word());
        } else if (splitBrain.unheard(nowNs, beat.hearsYou(), settings.deadtimeNs())) {
            deactivate("partner is active and does not hear us: deactivating " + word());
        }
    }

    private void considerFailback(long nowNs) {
        final boolean wanted = settings.role() == Role.PRIMARY && settings.failback() && able() && !heldBack;
        if (!wanted || !partner.hearsUs()) {
            failbackAtNs = NEVER;
        } else if (failbackAtNs == NEVER) {
            failbackAtNs = nowNs + settings.failbackDelayNs();
        }
    }

    private void onPeerStopped(long nowNs, Beat beat) {
        failbackAtNs = NEVER;
        if (beat.taking()) {
            peerIdleSinceNs = NEVER;
            if (active && !serving && settings.role() == Role.BACKUP) {
                adopting = false;
                deactivate("primary is taking over: deactivating " + word());
            }
            return;
        }
        splitBrain.end();
        stepDownsLeft = 0;
        if (adopting) {
            adopt();
        }
        if (active || !able()) {
            return;
        }
        final boolean primary = settings.role() == Role.PRIMARY;
        if (heldBack && partner.able()) {
            return;
        }
        if (primary || (!partner.able() && !settings.compat())) {
            activate((primary ? "backup" : "primary") + " inactive: activating " + settings.word());
        } else if (peerIdleSinceNs == NEVER) {
            peerIdleSinceNs = nowNs;
        }
    }

    private void adopt() {
        adopting = false;
        info("staying active");
        actions.journal("takeover", "staying active: the dataplane served on");
        actions.adopt();
    }

    private void onGoodbye(long nowNs) {
        partner.left();
        peerIdleSinceNs = NEVER;
        failbackAtNs = NEVER;
        needBeatNs = nowNs + settings.deadtimeNs();
        actions.journal("peer", "left");
        info("partner says goodbye");
        if (adopting) {
            adopt();
        }
        if (!active && able()) {
            activate("partner has left: activating " + settings.word());
        }
    }

    private void onStepDown() {
        if (!active) {
            return;
        }
        if (settings.role() == Role.PRIMARY && splitBrain.possible()) {
            // it spoke before it knew that we are there
            splitBrain.notice(Role.PRIMARY);
            return;
        }
        actions.count(Counter.STEP_DOWNS);
        deactivate("PARTNER HAS TOLD US TO GO INACTIVE!");
    }

    /** Time has passed. Call at {@link #deadlineNs} or any time. */
    public void onTick(long nowNs) {
        if (stopped) {
            return;
        }
        if (nowNs >= nextBeatNs) {
            sendDue();
            nextBeatNs = Math.max(nextBeatNs + settings.keepaliveNs(), nowNs + settings.keepaliveNs() / 2);
        }
        if (!active && silent.ask(nowNs)) {
            actions.testPeer();
        }
        if (nowNs >= needBeatNs) {
            onSilence(nowNs);
        }
        if (silent.over(nowNs)) {
            endGrace("partner's pulse does not come back");
        }
        if (nowNs >= leaveByNs) {
            finishLeaving("partner does not take over: deactivating " + word());
        }
        if (health.dataplaneGraceOver(nowNs) && active && partner.alive()) {
            deactivate("own dataplane is dead: deactivating " + word());
        }
        if (nowNs - settings.deadtimeNs() >= peerIdleSinceNs && peerIdleSinceNs != NEVER) {
            peerIdleSinceNs = NEVER;
            if (!active && able() && !heldBack) {
                activate("primary inactive: activating " + settings.word());
            }
        }
        if (nowNs >= failbackAtNs) {
            failbackAtNs = NEVER;
            if (!active && able() && !heldBack && partner.running()) {
                stepDownsLeft = STEP_DOWN_REPEATS;
                activate("primary is healthy again: taking over from the backup");
            }
        }
    }

    private void sendDue() {
        if (serving && stepDownsLeft > 0) {
            stepDownsLeft--;
            actions.send(beat(Kind.STEP_DOWN));
        }
        actions.send(beat());
    }

    private void onSilence(long nowNs) {
        needBeatNs = nowNs + settings.deadtimeNs();
        final boolean lost = partner.alive();
        if (lost) {
            actions.count(Counter.PEER_LOSSES);
            actions.journal("peer", "lost");
            actions.log(Level.WARNING, "partner is silent");
        }
        partner.lost();
        peerIdleSinceNs = NEVER;
        failbackAtNs = NEVER;
        if (adopting) {
            adopt();
        }
        if (active) {
            splitBrain.onSilence();
        }
        if (active || !able()) {
            return;
        }
        final boolean first = !silent.waiting();
        if (silent.waitsFor(nowNs, settings)) {
            if (first) {
                actions.count(Counter.PEER_PULSE_LOSSES);
                actions.journal("peer", "pulse is dead, dataplane serves: left to serve");
                actions.log(Level.WARNING, "partner's dataplane serves without its pulse: leaving it to serve");
            }
            return;
        }
        takeOverIfNetworkWorks();
    }

    private void endGrace(String cause) {
        silent.forget();
        if (!active && able()) {
            info(cause);
            takeOverIfNetworkWorks();
        }
    }

    /** The partner's dataplane answers for what it serves, or it does not. */
    public void onPeerForwards(long nowNs, boolean yes) {
        if (silent.onAnswer(nowNs, yes, settings)) {
            endGrace("partner's dataplane has ceased to serve too");
        }
    }

    private void takeOverIfNetworkWorks() {
        if (settings.gatewayTest() && settings.peer()) {
            if (!gatewayAsked) {
                gatewayAsked = true;
                actions.testGateway();
            }
            return;
        }
        takeOver();
    }

    private void takeOver() {
        heldBack = false;
        if (settings.peer()) {
            stepDownsLeft = STEP_DOWN_REPEATS;
            activate("partner dead: activating " + settings.word());
        } else {
            activate("no partner: activating " + settings.word());
        }
    }

    /** The gateway answers, or it does not. */
    public void onGateway(boolean answers) {
        gatewayAsked = false;
        if (active || partner.alive() || !able()) {
            return;
        }
        if (answers) {
            takeOver();
        } else {
            actions.journal("gateway", "silent");
            actions.log(Level.ERROR, "I SEEM TO HAVE A NETWORK FAULT!");
        }
    }

    /** A failover service on the active peer does not answer (fos), and our own gateway does. */
    public void onRemoteServiceFault() {
        if (!active && able()) {
            info("seems like a remote network fault; performing service failover");
            info("Notifying partner WE are taking control!");
            stepDownsLeft = STEP_DOWN_REPEATS;
            activate("failover of services: activating " + settings.word());
        }
    }

    /** The links of this node, as far as they are watched. */
    public void onLinks(boolean up) {
        if (health.onLinks(up) && !up) {
            failbackAtNs = NEVER;
            if (active) {
                deactivate("local link failure: deactivating " + word());
            } else {
                sendNow();
            }
        }
    }

    /** The dataplane lives, or it does not. A dead one has a deadtime to come back before the peer takes over. */
    public void onDataplane(long nowNs, boolean alive) {
        if (!health.onDataplane(nowNs, alive, settings.deadtimeNs())) {
            return;
        }
        if (!alive) {
            failbackAtNs = NEVER;
        }
        sendNow();
    }

    /** The order to serve has been carried out. */
    public void onActivated(long nowNs) {
        if (!active) {
            return;
        }
        serving = true;
        if (settings.peer()) {
            nextBeatNs = nowNs + settings.keepaliveNs();
            sendDue();
        }
    }

    /** The order not to serve has been carried out. */
    public void onDeactivated(long nowNs) {
        if (active) {
            return;
        }
        serving = false;
        if (stopping) {
            for (int i = 0; i < GOODBYES && settings.peer(); i++) {
                actions.send(beat(Kind.GOODBYE));
            }
            stopped = true;
        } else if (settings.peer()) {
            nextBeatNs = nowNs + settings.keepaliveNs();
            actions.send(beat());
        }
    }

    /**
     * Someone asks this director to stand by and stay so until it is needed.
     *
     * @return what will happen, or why nothing will
     */
    public String onStandByRequest(long nowNs) {
        if (!active) {
            return "already standing by";
        }
        if (!partner.alive() || (!settings.compat() && !partner.able())) {
            return "refused: the partner cannot take over";
        }
        heldBack = true;
        leave(nowNs);
        return "handing over to the partner";
    }

    /**
     * Someone asks this director to serve.
     *
     * @return what will happen, or why nothing will
     */
    public String onTakeOverRequest() {
        if (active) {
            heldBack = false;
            return "already active";
        }
        if (!able()) {
            return "refused: " + (health.linkUp() ? "the dataplane is dead" : "a link is down");
        }
        heldBack = false;
        stepDownsLeft = partner.running() ? STEP_DOWN_REPEATS : 0;
        activate("asked to take over: activating " + settings.word());
        return "taking over";
    }

    /** The process shall end: hand over first if the peer can serve. Over when {@link #stopped}. */
    public void onStop(long nowNs) {
        stopping = true;
        if (active && partner.alive() && partner.able() && !settings.compat()) {
            leave(nowNs);
        } else if (active) {
            deactivate("stopping: deactivating " + word());
        } else {
            actions.deactivate("stop");
        }
    }

    private void leave(long nowNs) {
        leaving = true;
        leaveByNs = nowNs + settings.deadtimeNs() + settings.keepaliveNs();
        sendNow();
    }

    private void finishLeaving(String cause) {
        leaving = false;
        leaveByNs = NEVER;
        if (active) {
            deactivate(cause);
        }
    }

    private void activate(String cause) {
        active = true;
        silent.forget();
        failbackAtNs = NEVER;
        peerIdleSinceNs = NEVER;
        info(cause);
        actions.count(Counter.ACTIVATIONS);
        actions.journal("takeover", cause);
        actions.activate(cause);
    }

    private void deactivate(String cause) {
        active = false;
        adopting = false;
        leaving = false;
        leaveByNs = NEVER;
        stepDownsLeft = 0;
        splitBrain.end();
        info(cause);
        actions.count(Counter.DEACTIVATIONS);
        actions.journal("takeover", cause);
        actions.deactivate(cause);
    }

    /** Whether this director could serve: links up, dataplane alive, not ending. */
    public boolean able() {
        return health.good() && !stopping;
    }

    private void sendNow() {
        if (settings.peer()) {
            actions.send(beat());
        }
    }

    /** The beat that says how things are now. */
    public Beat beat() {
        return beat(Kind.BEAT);
    }

    private Beat beat(Kind kind) {
        return new Beat(
                kind,
                serving,
                able() && !heldBack,
                partner.alive(),
                active && !serving,
                leaving || (serving && !active),
                health.dataplaneAlive(),
                serial,
                configurationHash,
                splitBrain.yielded());
    }

    private String word() {
        return "lvs".equals(settings.word()) ? "LVS" : settings.word();
    }

    private void info(String text) {
        actions.log(Level.INFO, text);
    }

    /** When {@link #onTick} is due. */
    public long deadlineNs() {
        long deadline = Math.min(Math.min(nextBeatNs, needBeatNs), Math.min(leaveByNs, failbackAtNs));
        deadline = Math.min(deadline, Math.min(health.deadlineNs(), active ? NEVER : silent.deadlineNs()));
        return peerIdleSinceNs == NEVER ? deadline : Math.min(deadline, peerIdleSinceNs + settings.deadtimeNs());
    }

    /** Whether this director is to serve. */
    public boolean active() {
        return active;
    }

    /** Whether this director serves: the order has been carried out. */
    public boolean serving() {
        return serving;
    }

    /** Whether the peer has been heard within deadtime. */
    public boolean peerAlive() {
        return partner.alive();
    }

    /** Whether the peer serves, as it said last. */
    public boolean peerRunning() {
        return partner.running();
    }

    /** Whether the peer is silent but its dataplane serves. */
    public boolean peerForwardsOn() {
        return silent.waiting();
    }

    /** Whether the machine has stopped for good. */
    public boolean stopped() {
        return stopped;
    }
}
