// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

/** What the state machine wants done. Each call returns at once; what takes time answers by an event. */
public interface PulseActions {
    /** Serve: addresses, table, checks. Answered by {@link PulseMachine#onActivated}. */
    void activate(String cause);

    /** Go on serving as the dataplane does already. Answered by {@link PulseMachine#onActivated}. */
    void adopt();

    /** Do not serve. Answered by {@link PulseMachine#onDeactivated}. */
    void deactivate(String cause);

    /** Run active_cmd again and announce all addresses once more. */
    void announceAgain();

    /** Announce all addresses once more. */
    void announceAddresses();

    /** Send a message on all paths. */
    void send(Beat beat);

    /** Find out whether the gateway answers. Answered by {@link PulseMachine#onGateway}. */
    void testGateway();

    /** Find out whether the partner's dataplane serves. Answered by {@link PulseMachine#onPeerForwards}. */
    void testPeer();

    /** A line for the log. */
    void log(Level level, String text);

    /** Something for the journal. */
    void journal(String kind, String text);

    /** Counts one more of something. */
    void count(Counter counter);

    /** How bad a log line is. */
    enum Level {
        /** As it should be. */
        INFO,
        /** To be looked at. */
        WARNING,
        /** Service is in danger. */
        ERROR
    }

    /** What the state machine counts. */
    enum Counter {
        /** The peer was silent for deadtime. */
        PEER_LOSSES,
        /** The peer's pulse was silent for deadtime, its dataplane was not. */
        PEER_PULSE_LOSSES,
        /** This node began to serve. */
        ACTIVATIONS,
        /** This node ceased to serve. */
        DEACTIVATIONS,
        /** Both directors served and heard each other. */
        SPLIT_BRAINS,
        /** Commands to step down that were obeyed. */
        STEP_DOWNS
    }
}
