// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.concurrent.AtomicBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConnectionListingTest {
    private static final int TICK = 1000;
    private static final String TITLE =
            "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData";

    @TempDir
    Path directory;

    private AtomicBuffer table(int capacity) throws IOException {
        final AtomicBuffer table = InstanceFiles.mapOrCreate(
                InstanceFiles.connections(directory, 1),
                ConnectionLayout.HEADER_LENGTH + (long) capacity * ConnectionLayout.LINE_LENGTH);
        table.putInt(ConnectionLayout.CAPACITY_OFFSET, capacity);
        table.putInt(ConnectionLayout.VERSION_OFFSET, ConnectionLayout.VERSION);
        return table;
    }

    private static void establish(AtomicBuffer table, int number) {
        final int line = ConnectionLayout.HEADER_LENGTH + number * ConnectionLayout.LINE_LENGTH;
        table.putInt(line + ConnectionLayout.CLIENT_ADDRESS_OFFSET, 0xC0A81A64);
        table.putInt(line + ConnectionLayout.VIRTUAL_ADDRESS_OFFSET, 0xC0A81A0A);
        table.putInt(line + ConnectionLayout.SERVER_ADDRESS_OFFSET, 0x0A0B0C02);
        table.putShort(line + ConnectionLayout.CLIENT_PORT_OFFSET, (short) 40000);
        table.putShort(line + ConnectionLayout.VIRTUAL_PORT_OFFSET, (short) 80);
        table.putShort(line + ConnectionLayout.SERVER_PORT_OFFSET, (short) 8080);
        table.putByte(line + ConnectionLayout.PROTOCOL_OFFSET, (byte) 6);
        table.putByte(line + ConnectionLayout.STATE_OFFSET, (byte) 1);
        table.putInt(line + ConnectionLayout.EXPIRES_OFFSET, TICK + 89_950);
        table.putInt(line + ConnectionLayout.FLAGS_OFFSET, ConnectionLayout.USED);
        table.getAndAddInt(ConnectionLayout.COUNT_OFFSET, 1);
    }

    private Path file() {
        return directory.resolve("ip_vs_conn");
    }

    private ConnectionListing listing() {
        return new ConnectionListing(directory, file(), 1);
    }

    private static void cycles(ConnectionListing listing, int count, long nowMs) throws IOException {
        for (int i = 0; i < count; i++) {
            listing.doWork(nowMs, TICK);
        }
    }

    @Test
    void shouldWriteInPartsAndReplaceTheFileWhole() throws IOException {
        final int capacity = 10_000;
        final AtomicBuffer table = table(capacity);
        establish(table, capacity - 1);
        final ConnectionListing listing = listing();
        cycles(listing, 2, 0);
        assertThat(file()).doesNotExist();
        cycles(listing, 1, 0);
        assertThat(file()).hasContent(TITLE + "\nTCP C0A81A64 9C40 C0A81A0A 0050 0A0B0C02 1F90 ESTABLISHED     899\n");
        table.putInt(
                ConnectionLayout.HEADER_LENGTH
                        + (capacity - 1) * ConnectionLayout.LINE_LENGTH
                        + ConnectionLayout.FLAGS_OFFSET,
                0);
        table.putInt(ConnectionLayout.COUNT_OFFSET, 0);
        cycles(listing, 3, ProcFiles.PERIOD_MS - 1);
        assertThat(Files.readAllLines(file())).as("not before its time").hasSize(2);
        cycles(listing, 1, ProcFiles.PERIOD_MS);
        assertThat(Files.readAllLines(file())).containsExactly(TITLE);
    }

    @Test
    void shouldWriteALargeFileMoreSeldomAndInManyParts() throws IOException {
        final int count = 20_000;
        final AtomicBuffer table = table(count);
        for (int i = 0; i < count; i++) {
            establish(table, i);
        }
        final ConnectionListing listing = listing();
        cycles(listing, count / 250 - 1, 0);
        assertThat(file()).doesNotExist();
        cycles(listing, 1, 0);
        assertThat(Files.readAllLines(file())).hasSize(1 + count);
        final long dueMs = count / ConnectionListing.LINES_PER_MS;
        assertThat(dueMs).isGreaterThan(ProcFiles.PERIOD_MS);
        Files.delete(file());
        cycles(listing, count, dueMs - 1);
        assertThat(file()).doesNotExist();
        cycles(listing, count / 250, dueMs);
        assertThat(file()).exists();
    }

    @Test
    void shouldKeepNoFileThatWouldTakeMuchMemory() throws IOException {
        final AtomicBuffer table = table(2);
        establish(table, 0);
        final ConnectionListing listing = listing();
        cycles(listing, 1, 0);
        assertThat(file()).exists();
        table.putInt(ConnectionLayout.COUNT_OFFSET, ConnectionListing.MAX_CONNECTIONS + 1);
        cycles(listing, 1, ProcFiles.PERIOD_MS);
        assertThat(directory.resolve("ip_vs_conn.new")).doesNotExist();
        assertThat(file()).doesNotExist();
        table.putInt(ConnectionLayout.COUNT_OFFSET, 1);
        cycles(listing, 1, 2 * ProcFiles.PERIOD_MS);
        assertThat(Files.readAllLines(file())).hasSize(2);
    }

    @Test
    void shouldTellOfAFailureOnceAPeriodAndBeginAgain() throws IOException {
        establish(table(1), 0);
        final ConnectionListing listing = listing();
        final Path obstacle = Files.createDirectories(file().resolve("obstacle"));
        assertThatThrownBy(() -> listing.doWork(0, TICK)).isInstanceOf(IOException.class);
        assertThat(directory.resolve("ip_vs_conn.new")).doesNotExist();
        cycles(listing, 1, ProcFiles.PERIOD_MS - 1);
        Files.delete(obstacle);
        Files.delete(file());
        cycles(listing, 1, ProcFiles.PERIOD_MS);
        assertThat(Files.readAllLines(file())).hasSize(2);
    }
}
