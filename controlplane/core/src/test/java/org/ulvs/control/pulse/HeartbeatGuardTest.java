// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ulvs.control.lvscf.Ipv4;
import org.ulvs.control.pulse.HeartbeatGuard.Verdict;

class HeartbeatGuardTest {
    private static final InetAddress PRIMARY = Ipv4.parse("192.0.2.1");
    private static final InetAddress BACKUP = Ipv4.parse("192.0.2.2");
    private static final PeerSecret SECRET = PeerSecret.of("0123456789abcdef");
    private static final String HASH = "ab".repeat(32);
    private static final Beat BEAT = new Beat(Beat.Kind.STEP_DOWN, true, false, true, true, false, false, 77, HASH, 99);

    private final HeartbeatGuard primary = primary(1);
    private final HeartbeatGuard backup = new HeartbeatGuard(Role.BACKUP, false, Set.of(PRIMARY), SECRET, 2);

    private static HeartbeatGuard primary(long session) {
        return new HeartbeatGuard(Role.PRIMARY, false, Set.of(BACKUP), SECRET, session);
    }

    private static ByteBuffer message(HeartbeatGuard from) {
        final ByteBuffer out = ByteBuffer.allocate(HeartbeatCodec.LENGTH);
        from.encode(BEAT, 5, out);
        return out;
    }

    private static ByteBuffer answer(HeartbeatGuard from) {
        final ByteBuffer out = ByteBuffer.allocate(HeartbeatCodec.LENGTH);
        from.encodeAnswer(BEAT, 5, out);
        return out;
    }

    private void acquaint() {
        assertThat(backup.judge(PRIMARY, message(primary))).isEqualTo(Verdict.UNVERIFIED);
        assertThat(primary.judge(BACKUP, answer(backup))).isEqualTo(Verdict.ACCEPTED);
        assertThat(backup.judge(PRIMARY, message(primary))).isEqualTo(Verdict.ACCEPTED);
    }

    @Test
    void shouldGetAcquaintedAndCarryEverything() {
        acquaint();

        assertThat(backup.last()).contains(BEAT);
        assertThat(backup.peerTimeMs()).isEqualTo(5);
    }

    @Test
    void shouldRefuseReplays() {
        acquaint();
        final ByteBuffer first = message(primary);
        final ByteBuffer second = message(primary);

        assertThat(backup.judge(PRIMARY, second)).isEqualTo(Verdict.ACCEPTED);
        assertThat(backup.judge(PRIMARY, second)).isEqualTo(Verdict.REPLAYED);
        assertThat(backup.judge(PRIMARY, first)).isEqualTo(Verdict.LATE);
        assertThat(backup.judge(PRIMARY, first)).isEqualTo(Verdict.REPLAYED);
        assertThat(backup.last()).isEmpty();
        for (int i = 0; i < 70; i++) {
            backup.judge(PRIMARY, message(primary));
        }
        assertThat(backup.judge(PRIMARY, second)).isEqualTo(Verdict.REPLAYED);
    }

    @Test
    void shouldRefuseRecordingsOfAPeerThatHasRestartedSince() {
        acquaint();
        final ByteBuffer recorded = message(primary);
        final HeartbeatGuard restarted = primary(3);
        assertThat(backup.judge(PRIMARY, message(restarted))).isEqualTo(Verdict.UNVERIFIED);
        assertThat(restarted.judge(BACKUP, answer(backup))).isEqualTo(Verdict.ACCEPTED);
        assertThat(backup.judge(PRIMARY, message(restarted))).isEqualTo(Verdict.ACCEPTED);

        assertThat(backup.judge(PRIMARY, recorded)).isEqualTo(Verdict.REPLAYED);
    }

    @Test
    void shouldNotTrustRecordingsAfterItsOwnRestart() {
        acquaint();
        final ByteBuffer recorded = message(primary);
        final HeartbeatGuard restarted = new HeartbeatGuard(Role.BACKUP, false, Set.of(PRIMARY), SECRET, 9);

        assertThat(restarted.judge(PRIMARY, recorded)).isEqualTo(Verdict.UNVERIFIED);
        assertThat(restarted.judge(PRIMARY, recorded)).isEqualTo(Verdict.UNVERIFIED);
    }

    @Test
    void shouldTellFaultsApart() {
        acquaint();
        final HeartbeatGuard otherSecret =
                new HeartbeatGuard(Role.PRIMARY, false, Set.of(BACKUP), PeerSecret.of("fedcba9876543210"), 4);
        final ByteBuffer otherVersion = message(primary);
        otherVersion.put(4, (byte) 9);
        final ByteBuffer garbage = ByteBuffer.allocate(HeartbeatCodec.LENGTH);
        final ByteBuffer compat = ByteBuffer.allocate(4);

        assertThat(backup.judge(BACKUP, message(primary))).isEqualTo(Verdict.STRANGER);
        assertThat(backup.judge(PRIMARY, message(otherSecret))).isEqualTo(Verdict.WRONG_SECRET);
        assertThat(backup.judge(PRIMARY, otherVersion)).isEqualTo(Verdict.WRONG_VERSION);
        assertThat(backup.judge(PRIMARY, garbage)).isEqualTo(Verdict.UNKNOWN);
        assertThat(backup.judge(PRIMARY, compat)).isEqualTo(Verdict.BAD_SIZE);
        assertThat(backup.judge(PRIMARY, message(backup))).isEqualTo(Verdict.REFLECTED);
    }

    @Test
    void shouldNoticeEveryChangedByte() {
        acquaint();
        for (int i = 8; i < HeartbeatCodec.LENGTH; i++) {
            final ByteBuffer message = message(primary);
            message.put(i, (byte) (message.get(i) ^ 1));

            assertThat(backup.judge(PRIMARY, message)).as("byte %d", i).isEqualTo(Verdict.WRONG_SECRET);
        }
    }

    @Test
    void shouldSpeakPiranhasFourBytes() {
        final HeartbeatGuard old = new HeartbeatGuard(Role.BACKUP, false, Set.of(PRIMARY), null, 1);
        final ByteBuffer out = ByteBuffer.allocate(HeartbeatCodec.LENGTH);
        old.encode(Beat.compat(Beat.Kind.BEAT, true), 0, out);

        assertThat(out.limit()).isEqualTo(4);
        assertThat(out.order(ByteOrder.nativeOrder()).getInt(0)).isEqualTo(0xBDADDBDA);
        assertThat(old.judge(PRIMARY, word(0xADBDDABD))).isEqualTo(Verdict.ACCEPTED);
        assertThat(old.last()).contains(Beat.compat(Beat.Kind.BEAT, false));
        assertThat(old.judge(PRIMARY, word(0xBEEFBABE))).isEqualTo(Verdict.UNKNOWN);
        old.encode(Beat.compat(Beat.Kind.GOODBYE, false), 0, out);
        assertThat(out.limit()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0xBEEFBABE, 0xDEADBEEF, 0xDEADDADA})
    void shouldKnowTheWordsOfFailoverServices(int word) {
        final HeartbeatGuard old = new HeartbeatGuard(Role.BACKUP, true, Set.of(PRIMARY), null, 1);

        assertThat(old.judge(PRIMARY, word(word))).isEqualTo(Verdict.ACCEPTED);
        final ByteBuffer out = ByteBuffer.allocate(HeartbeatCodec.LENGTH);
        old.encode(old.last().orElseThrow(), 0, out);
        assertThat(out.order(ByteOrder.nativeOrder()).getInt(0)).isEqualTo(word);
    }

    private static ByteBuffer word(int word) {
        return ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(0, word);
    }

    @Test
    void shouldReadASecretThatOnlyItsOwnerCanRead(@TempDir Path directory) throws IOException {
        final Path file = directory.resolve("secret");
        PeerSecret.create(file);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PeerSecret.load(file).signer("x").doFinal())
                .isEqualTo(PeerSecret.load(file).signer("x").doFinal())
                .isNotEqualTo(PeerSecret.load(file).signer("y").doFinal());
        assertThatThrownBy(() -> PeerSecret.create(file)).isInstanceOf(IOException.class);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> PeerSecret.load(file)).hasMessageContaining("can be read by others");
        assertThatThrownBy(() -> PeerSecret.load(directory.resolve("none"))).hasMessageContaining("pulse secret");
    }
}
