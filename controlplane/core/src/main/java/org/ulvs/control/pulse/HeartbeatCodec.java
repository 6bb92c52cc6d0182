// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Layout of heartbeats, big-endian.
 *
 * <pre>
 *  0 "ulvs"             16 int64 echo: receiver's session   48 32 bytes configuration hash
 *  4 uint8 version      24 int64 sequence                   80 int64 yielded
 *  5 uint8 kind         32 int64 time, epoch ms             88 8 bytes unused, 0
 *  6 uint8 role         40 int64 serial                     96 32 bytes HMAC-SHA256 of bytes 0 to 95
 *  7 uint8 flags         8 int64 session
 * </pre>
 *
 * <p>Piranha's heartbeats are one 32-bit word in the sender's byte order.
 */
final class HeartbeatCodec {
    static final int VERSION = 1;
    static final int SIGNED_LENGTH = 96;
    static final int LENGTH = SIGNED_LENGTH + PeerSecret.SIGNATURE_LENGTH;
    static final int COMPAT_LENGTH = 4;

    static final int LVS_RUNNING = 0xBDADDBDA;
    static final int LVS_STOPPED = 0xADBDDABD;
    static final int FOS_RUNNING = 0xBEEFBABE;
    static final int FOS_STOPPED = 0xDEADBEEF;
    static final int FOS_STEP_DOWN = 0xDEADDADA;

    private static final int MAGIC = 0x756c7673;
    private static final int HASH_LENGTH = 32;
    private static final int RUNNING = 1;
    private static final int ABLE = 2;
    private static final int HEARS_YOU = 4;
    private static final int LEAVING = 8;
    private static final int DATAPLANE_ALIVE = 16;
    private static final int TAKING = 32;

    /** What surrounds a beat. */
    record Envelope(Role role, long session, long echo, long sequence, long timeMs, Beat beat) {}

    private HeartbeatCodec() {}

    static void encode(ByteBuffer out, Envelope envelope) {
        final Beat beat = envelope.beat();
        out.clear().order(ByteOrder.BIG_ENDIAN);
        out.putInt(MAGIC)
                .put((byte) VERSION)
                .put((byte) beat.kind().code())
                .put((byte) envelope.role().code())
                .put((byte) flags(beat))
                .putLong(envelope.session())
                .putLong(envelope.echo())
                .putLong(envelope.sequence())
                .putLong(envelope.timeMs())
                .putLong(beat.serial());
        final byte[] hash = new byte[HASH_LENGTH];
        if (beat.configurationHash().length() == HASH_LENGTH * 2) {
            System.arraycopy(HexFormat.of().parseHex(beat.configurationHash()), 0, hash, 0, HASH_LENGTH);
        }
        out.put(hash).putLong(beat.yielded());
        while (out.position() < SIGNED_LENGTH) {
            out.put((byte) 0);
        }
    }

    private static int flags(Beat beat) {
        return (beat.running() ? RUNNING : 0)
                | (beat.able() ? ABLE : 0)
                | (beat.hearsYou() ? HEARS_YOU : 0)
                | (beat.taking() ? TAKING : 0)
                | (beat.leaving() ? LEAVING : 0)
                | (beat.dataplaneAlive() ? DATAPLANE_ALIVE : 0);
    }

    static boolean hasMagic(ByteBuffer in) {
        return in.order(ByteOrder.BIG_ENDIAN).getInt(0) == MAGIC;
    }

    static int version(ByteBuffer in) {
        return in.get(4) & 0xff;
    }

    /** Reads what has been verified; null for a kind or role of a later version. */
    static @Nullable Envelope decode(ByteBuffer in) {
        in.order(ByteOrder.BIG_ENDIAN);
        final Beat.Kind kind = Beat.Kind.of(in.get(5));
        final Role role = Role.of(in.get(6));
        if (kind == null || role == null) {
            return null;
        }
        final int flags = in.get(7);
        final byte[] hash = new byte[HASH_LENGTH];
        in.get(48, hash);
        final Beat beat = new Beat(
                kind,
                (flags & RUNNING) != 0,
                (flags & ABLE) != 0,
                (flags & HEARS_YOU) != 0,
                (flags & TAKING) != 0,
                (flags & LEAVING) != 0,
                (flags & DATAPLANE_ALIVE) != 0,
                in.getLong(40),
                HexFormat.of().formatHex(hash),
                in.getLong(80));
        return new Envelope(role, in.getLong(8), in.getLong(16), in.getLong(24), in.getLong(32), beat);
    }

    /** The word of a compatible beat, or 0 where Piranha has none. */
    static int compatWord(Beat beat, boolean fos) {
        return switch (beat.kind()) {
            case BEAT ->
                fos ? (beat.running() ? FOS_RUNNING : FOS_STOPPED) : (beat.running() ? LVS_RUNNING : LVS_STOPPED);
            case STEP_DOWN -> fos ? FOS_STEP_DOWN : 0;
            case GOODBYE -> 0;
        };
    }

    /** The beat of a word, or null where it is not one of this service. */
    static @Nullable Beat compatBeat(int word, boolean fos) {
        if (word == (fos ? FOS_RUNNING : LVS_RUNNING)) {
            return Beat.compat(Beat.Kind.BEAT, true);
        }
        if (word == (fos ? FOS_STOPPED : LVS_STOPPED)) {
            return Beat.compat(Beat.Kind.BEAT, false);
        }
        return fos && word == FOS_STEP_DOWN ? Beat.compat(Beat.Kind.STEP_DOWN, true) : null;
    }
}
