// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class ChecksumsTest {
    private final SplittableRandom random = new SplittableRandom(1);

    /** RFC 1071, word by word. */
    private static int reference(final UnsafeBuffer buffer, final int index, final int length) {
        long sum = 0;
        for (int i = 0; i < length; i++) {
            final int octet = buffer.getByte(index + i) & 0xFF;
            sum += (i & 1) == 0 ? octet << 8 : octet;
        }
        while (sum > 0xFFFF) {
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return (int) sum;
    }

    @Test
    void shouldSumAnyLengthAtAnyPlace() {
        final byte[] bytes = new byte[300];
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        for (int round = 0; round < 20; round++) {
            random.nextBytes(bytes);
            for (int length = 0; length < 280; length++) {
                final int index = random.nextInt(bytes.length - length + 1);
                assertThat(Checksums.sum(buffer, index, length)).isEqualTo(reference(buffer, index, length));
            }
        }
    }

    @Test
    void shouldSumALargePacketOfAllOnes() {
        final byte[] bytes = new byte[65535];
        Arrays.fill(bytes, (byte) -1);
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        assertThat(Checksums.sum(buffer, 0, 65535)).isEqualTo(reference(buffer, 0, 65535));
        assertThat(Checksums.sum(buffer, 1, 65534)).isEqualTo(0xFFFF);
    }

    @Test
    void shouldFoldTheLargestSums() {
        assertThat(Checksums.fold(0)).isZero();
        assertThat(Checksums.fold(0xFFFF)).isEqualTo(0xFFFF);
        assertThat(Checksums.fold(0x10000)).isEqualTo(1);
        assertThat(Checksums.fold(Long.MAX_VALUE)).isEqualTo(0x7FFF);
        assertThat(Checksums.fold(0xFFFF_FFFFL)).isEqualTo(0xFFFF);
        for (int i = 0; i < 100_000; i++) {
            final long sum = random.nextLong() >>> (1 + random.nextInt(62));
            final int remainder = (int) (sum % 0xFFFF);
            assertThat(Checksums.fold(sum)).isEqualTo(remainder == 0 && sum != 0 ? 0xFFFF : remainder);
        }
    }

    @Test
    void shouldUpdateToTheChecksumThatAFullComputationGives() {
        final byte[] bytes = new byte[40];
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        for (int i = 0; i < 200_000; i++) {
            if (random.nextInt(4) == 0) {
                // few bits, so that sums of 0 and 0xFFFF come up
                Arrays.fill(bytes, (byte) -random.nextInt(2));
            } else {
                random.nextBytes(bytes);
            }
            final int before = full(buffer);
            final int word = random.nextInt(9) * 4;
            final int from = buffer.getInt(word, ByteOrder.BIG_ENDIAN);
            final int to = random.nextInt(4) == 0 ? -random.nextInt(2) : random.nextInt();
            buffer.putInt(word, to, ByteOrder.BIG_ENDIAN);
            final int half = 36 + random.nextInt(2) * 2;
            final int fromHalf = buffer.getShort(half, ByteOrder.BIG_ENDIAN) & 0xFFFF;
            final int toHalf = random.nextInt(4) == 0 ? 0xFFFF * random.nextInt(2) : random.nextInt(0x10000);
            final int between = Checksums.update32(before, from, to);
            if (Checksums.sum(buffer, 0, 40) != 0) {
                assertThat(between).isEqualTo(full(buffer));
            }
            buffer.putShort(half, (short) toHalf, ByteOrder.BIG_ENDIAN);
            if (Checksums.sum(buffer, 0, 40) != 0) {
                assertThat(Checksums.update16(between, fromHalf, toHalf)).isEqualTo(full(buffer));
                assertThat(Checksums.update(before, from, to, fromHalf, toHalf)).isEqualTo(full(buffer));
            }
        }
    }

    private static int full(final UnsafeBuffer buffer) {
        return Checksums.complement(Checksums.sum(buffer, 0, 40));
    }

    @Test
    void shouldReplaceWordsOfAnUnfinishedSum() {
        for (int i = 0; i < 100_000; i++) {
            final int source = random.nextInt();
            final int destination = random.nextInt();
            final int to = random.nextInt();
            final int length = random.nextInt(0x10000);
            final int toLength = random.nextInt(0x10000);
            final int sum = Checksums.pseudoHeader(source, destination, Ipv4.TCP, length);
            assertThat(Checksums.replace16(Checksums.replace32(sum, destination, to), length, toLength))
                    .isEqualTo(Checksums.pseudoHeader(source, to, Ipv4.TCP, toLength));
        }
    }

    @Test
    void shouldSumThePseudoHeaderAsItsBytes() {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[12]);
        for (int i = 0; i < 10_000; i++) {
            final int source = random.nextInt();
            final int destination = random.nextInt();
            final int length = random.nextInt(0x10000);
            buffer.putInt(0, source, ByteOrder.BIG_ENDIAN);
            buffer.putInt(4, destination, ByteOrder.BIG_ENDIAN);
            buffer.putShort(8, (short) Ipv4.UDP, ByteOrder.BIG_ENDIAN);
            buffer.putShort(10, (short) length, ByteOrder.BIG_ENDIAN);
            assertThat(Checksums.pseudoHeader(source, destination, Ipv4.UDP, length))
                    .isEqualTo(reference(buffer, 0, 12));
        }
    }

    @Test
    void shouldKeepTheHeaderRightWhenTheTimeToLiveFalls() {
        final byte[] bytes = new byte[20];
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        for (int i = 0; i < 50_000; i++) {
            Ipv4.write(
                    buffer,
                    0,
                    random.nextInt(256),
                    random.nextInt(0x10000),
                    random.nextInt(0x10000),
                    0,
                    2 + random.nextInt(254),
                    random.nextInt(256),
                    random.nextInt(),
                    random.nextInt());
            final int ttl = Ipv4.ttl(buffer, 0);
            assertThat(Ipv4.decrementTtl(buffer, 0)).isEqualTo(ttl - 1);
            assertThat(Ipv4.ttl(buffer, 0)).isEqualTo(ttl - 1);
            final int updated = Ipv4.checksum(buffer, 0);
            Ipv4.writeChecksum(buffer, 0);
            assertThat(updated).isEqualTo(Ipv4.checksum(buffer, 0));
        }
    }

    @Test
    void shouldComputeTheCrcOfSctp() {
        final byte[] bytes = new byte[100];
        random.nextBytes(bytes);
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes.clone());
        Arrays.fill(bytes, 8, 12, (byte) 0);
        final CRC32C crc = new CRC32C();
        crc.update(bytes);

        Sctp.writeChecksum(buffer, 0, 100);

        assertThat(Sctp.checksum(buffer, 0)).isEqualTo((int) crc.getValue());
        assertThat(buffer.getByte(8)).isEqualTo((byte) crc.getValue());
    }
}
