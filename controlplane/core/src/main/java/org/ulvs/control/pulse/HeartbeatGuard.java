// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/**
 * Decides which datagrams are heartbeats of the peer. The cheap questions come first: source address, size, magic and
 * version, then the signature, then freshness.
 *
 * <p>Freshness needs no common clock. Each process has a random session number, and a message counts only if it echoes
 * the receiver's and its sequence number is higher than all before of its session. A peer that does not know our
 * session yet is answered at once, so that its next message can echo it. An old recording echoes an old session; one
 * made in this very session has an old sequence number, or the session of a process that has been replaced since.
 */
final class HeartbeatGuard {
    /** What became of a datagram. */
    enum Verdict {
        /** A heartbeat. */
        ACCEPTED(""),
        /** Its sender does not know our session yet. */
        UNVERIFIED("heartbeat does not know this session yet"),
        /** Not the peer's address. */
        STRANGER("heartbeat from a stranger"),
        /** Not the right length. */
        BAD_SIZE("bad heartbeat packet"),
        /** Not one of ours at all. */
        UNKNOWN("Incompatible heartbeat received -- other system not using identical services"),
        /** Ours, but of another version. */
        WRONG_VERSION("heartbeat of another version"),
        /** Signed with another secret, or changed on the way. */
        WRONG_SECRET("heartbeat signed with another secret"),
        /** Our own role: reflected, or both directors have the same role. */
        REFLECTED("heartbeat from a director with our own role"),
        /** Overtaken by a later one, as happens with two paths. */
        LATE("late heartbeat"),
        /** Seen before. */
        REPLAYED("replayed heartbeat");

        private final String text;

        Verdict(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    private static final int MAX_RETIRED = 1_000;

    private final Role role;
    private final boolean fos;
    private final Set<InetAddress> peers;
    private final @Nullable Mac signer;
    private final long session;
    private final byte[] signature = new byte[PeerSecret.SIGNATURE_LENGTH];
    private final Set<Long> retired = new LinkedHashSet<>();
    private long sequence;
    private long peerSession;
    private long peerSequence;
    /** Bit n: the message n before the newest has been seen. */
    private long seen;

    private long candidate;
    private long peerTimeMs;

    /**
     * A guard of one process.
     *
     * @param secret null for Piranha's heartbeats
     * @param session random, not 0
     */
    HeartbeatGuard(Role role, boolean fos, Set<InetAddress> peers, @Nullable PeerSecret secret, long session) {
        this.role = role;
        this.fos = fos;
        this.peers = Set.copyOf(peers);
        this.signer = secret == null ? null : secret.signer("ulvs heartbeat 1");
        this.session = session;
    }

    /** Whether heartbeats are Piranha's. */
    boolean compat() {
        return signer == null;
    }

    /** Writes a message, ready to be sent; nothing where Piranha knows no such message. */
    void encode(Beat beat, long timeMs, ByteBuffer out) {
        encode(beat, timeMs, peerSession != 0 ? peerSession : candidate, out);
    }

    /** Writes the answer to an unverified message. */
    void encodeAnswer(Beat beat, long timeMs, ByteBuffer out) {
        encode(beat, timeMs, candidate, out);
    }

    private void encode(Beat beat, long timeMs, long echo, ByteBuffer out) {
        final Mac mac = signer;
        out.clear();
        if (mac == null) {
            final int word = HeartbeatCodec.compatWord(beat, fos);
            if (word != 0) {
                out.order(ByteOrder.nativeOrder()).putInt(word);
            }
            out.flip();
            return;
        }
        HeartbeatCodec.encode(out, new HeartbeatCodec.Envelope(role, session, echo, ++sequence, timeMs, beat));
        mac.update(out.slice(0, HeartbeatCodec.SIGNED_LENGTH));
        out.put(mac.doFinal()).flip();
    }

    /** The message of the last accepted or unverified datagram. */
    private @Nullable Beat last;

    /**
     * Judges a datagram.
     *
     * @param in from position 0 to its limit
     */
    Verdict judge(InetAddress source, ByteBuffer in) {
        last = null;
        if (!peers.contains(source)) {
            return Verdict.STRANGER;
        }
        if (signer == null) {
            return judgeCompat(in);
        }
        if (in.limit() != HeartbeatCodec.LENGTH) {
            return Verdict.BAD_SIZE;
        }
        if (!HeartbeatCodec.hasMagic(in)) {
            return Verdict.UNKNOWN;
        }
        if (HeartbeatCodec.version(in) != HeartbeatCodec.VERSION) {
            return Verdict.WRONG_VERSION;
        }
        signer.update(in.slice(0, HeartbeatCodec.SIGNED_LENGTH));
        in.get(HeartbeatCodec.SIGNED_LENGTH, signature);
        if (!MessageDigest.isEqual(signer.doFinal(), signature)) {
            return Verdict.WRONG_SECRET;
        }
        final HeartbeatCodec.Envelope envelope = HeartbeatCodec.decode(in);
        if (envelope == null) {
            return Verdict.UNKNOWN;
        }
        return judge(envelope);
    }

    private Verdict judgeCompat(ByteBuffer in) {
        if (in.limit() != HeartbeatCodec.COMPAT_LENGTH) {
            return Verdict.BAD_SIZE;
        }
        last = HeartbeatCodec.compatBeat(in.order(ByteOrder.nativeOrder()).getInt(0), fos);
        return last == null ? Verdict.UNKNOWN : Verdict.ACCEPTED;
    }

    private Verdict judge(HeartbeatCodec.Envelope envelope) {
        if (envelope.role() == role) {
            return Verdict.REFLECTED;
        }
        if (retired.contains(envelope.session())) {
            return Verdict.REPLAYED;
        }
        final boolean known = envelope.session() == peerSession;
        if (known && envelope.sequence() <= peerSequence) {
            return late(envelope.sequence());
        }
        if (envelope.echo() != session) {
            candidate = envelope.session();
            last = envelope.beat();
            return Verdict.UNVERIFIED;
        }
        if (!known) {
            retire(peerSession);
            peerSession = envelope.session();
        }
        final long ahead = known ? envelope.sequence() - peerSequence : Long.SIZE;
        seen = (ahead >= Long.SIZE ? 0 : seen << ahead) | 1;
        peerSequence = envelope.sequence();
        peerTimeMs = envelope.timeMs();
        last = envelope.beat();
        return Verdict.ACCEPTED;
    }

    /** A message that was overtaken says nothing new; one that was seen is a recording. */
    private Verdict late(long number) {
        final long behind = peerSequence - number;
        if (behind >= Long.SIZE || (seen & (1L << behind)) != 0) {
            return Verdict.REPLAYED;
        }
        seen |= 1L << behind;
        return Verdict.LATE;
    }

    private void retire(long old) {
        if (old == 0) {
            return;
        }
        if (retired.size() >= MAX_RETIRED) {
            retired.remove(retired.iterator().next());
        }
        retired.add(old);
    }

    /** The message that was judged last, if it was accepted or unverified. */
    Optional<Beat> last() {
        return Optional.ofNullable(last);
    }

    /** The peer's clock at its last accepted message, epoch ms; 0 before. */
    long peerTimeMs() {
        return peerTimeMs;
    }
}
