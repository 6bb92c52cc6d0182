// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TableImageTest {
    private static final int SLOTS = 64;

    @TempDir
    Path directory;

    private static TableImage image(int number, int services) {
        final List<ServiceImage> list = new ArrayList<>();
        for (int i = 0; i < services; i++) {
            final ServiceKey key = new ServiceKey(17, new InetAddr(6, number, i), 5060, 0);
            final ServerSpec server = new ServerSpec(InetAddr.v4(i), 1, 2, number, 4, 5, 1, 6080, 2);
            list.add(new ServiceImage(
                    new ServiceSpec(key, "mh", 0x15, number, 64), 2 * i, List.of(new ServerImage(server, 2 * i + 1))));
        }
        final ServiceKey mark = new ServiceKey(0, InetAddr.v4(0), 0, -5);
        return new TableImage(
                4096,
                2,
                number,
                120,
                300,
                list,
                List.of(new RemovedServer(mark, new ServerImage(ServerSpec.of(InetAddr.v4(-1), 65535, 3, 0), 63))),
                Map.of("sloppy_tcp", "1", "sync_threshold", "3\t50"),
                "*mangle\n# \u00fcber\nCOMMIT\n",
                List.of(new SyncDaemonSpec(1, "eth0", 255, 1472, InetAddr.v4(0xE0000051), 8848, 1)),
                List.of(new OwnedAddress(InetAddr.v4(0xC0A81A0A), "eth0"), new OwnedAddress(InetAddr.v4(1), "")));
    }

    @Test
    void shouldReadBackWhatWasWritten() throws IOException {
        final TableImageWriter writer = TableImageWriter.open(directory, SLOTS);
        final TableImageReader reader = TableImageReader.map(directory);
        assertThat(reader.read().image()).isEqualTo(TableImage.EMPTY);
        for (int i = 1; i <= 3; i++) {
            writer.write(image(i, i));
            assertThat(reader.read().image()).isEqualTo(image(i, i));
            assertThat(reader.read().generation()).isEqualTo(writer.generation());
        }
    }

    @Test
    void shouldHoldAnImageThatUsesEverySlot() throws IOException {
        final TableImageWriter writer = TableImageWriter.open(directory, SLOTS);
        writer.write(image(1, SLOTS / 2));
        assertThat(TableImageReader.map(directory).read().image()).isEqualTo(image(1, SLOTS / 2));
    }

    @Test
    void shouldRefuseAnImageThatIsTooLongAndKeepTheOneBefore() throws IOException {
        final TableImageWriter writer = TableImageWriter.open(directory, SLOTS);
        writer.write(image(1, 1));
        assertThatIllegalStateException().isThrownBy(() -> writer.write(image(2, 100_000)));
        assertThat(TableImageReader.map(directory).read().image()).isEqualTo(image(1, 1));
    }

    @Test
    void shouldSurviveAWriterThatDiedInTheMiddle() throws IOException {
        final TableImageWriter writer = TableImageWriter.open(directory, SLOTS);
        writer.write(image(1, 3));
        final long dead = writer.generation() + 1;
        final UnsafeBuffer file = InstanceFiles.mapExisting(InstanceFiles.table(directory), true);
        final int area = TableImageLayout.area(dead, TableImageLayout.areaLength(SLOTS));
        file.putLong(area + TableImageLayout.AREA_GENERATION_OFFSET, -1);
        file.setMemory(area + TableImageLayout.AREA_SIZE_OFFSET, 1000, (byte) 0x5A);
        assertThat(TableImageReader.map(directory).read().image()).isEqualTo(image(1, 3));
        assertThat(TableImageWriter.previous(directory)).isEqualTo(image(1, 3));
    }

    @Test
    void shouldFallBackToTheImageBeforeWhenTheNewestIsDamaged() throws IOException {
        final TableImageWriter writer = TableImageWriter.open(directory, SLOTS);
        writer.write(image(1, 3));
        writer.write(image(2, 3));
        final UnsafeBuffer file = InstanceFiles.mapExisting(InstanceFiles.table(directory), true);
        final int area = TableImageLayout.area(writer.generation(), TableImageLayout.areaLength(SLOTS));
        file.putByte(area + TableImageLayout.AREA_HEADER_LENGTH, (byte) 0x5A);
        assertThat(TableImageReader.map(directory).read().image()).isEqualTo(image(1, 3));
    }

    @Test
    void shouldGoOnFromTheImageOfTheProcessBefore() throws IOException {
        TableImageWriter.open(directory, SLOTS).write(image(1, 3));
        final TableImageReader old = TableImageReader.map(directory);
        final TableImageWriter next = TableImageWriter.open(directory, 2 * SLOTS);
        assertThat(TableImageWriter.previous(directory)).isEqualTo(image(1, 3));
        assertThat(TableImageReader.map(directory).read().image()).isEqualTo(image(1, 3));
        next.write(image(2, 2));
        assertThat(old.read().image())
                .as("the file of the process before is left alone")
                .isEqualTo(image(1, 3));
    }

    @Test
    void shouldStartEmptyWithoutAUsableImage() throws IOException {
        assertThat(TableImageWriter.previous(directory)).isNull();
        Files.write(InstanceFiles.table(directory), new byte[10]);
        assertThat(TableImageWriter.previous(directory)).isNull();
        TableImageWriter.open(directory, SLOTS);
        assertThat(TableImageReader.map(directory).read().image()).isEqualTo(TableImage.EMPTY);
    }

    @Test
    void shouldRefuseAnotherVersionOfTheLayout() throws IOException {
        TableImageWriter.open(directory, SLOTS);
        InstanceFiles.mapExisting(InstanceFiles.table(directory), true).putInt(TableImageLayout.VERSION_OFFSET, 9);
        assertThatExceptionOfType(DataplaneException.class)
                .isThrownBy(() -> TableImageReader.map(directory))
                .withMessageContaining("layout version 9, expected 1");
    }

    @Test
    void shouldGiveReadersWholeImagesWhileTheyChange() throws IOException, InterruptedException {
        final int images = 3_000;
        final TableImageWriter writer = TableImageWriter.open(directory, SLOTS);
        writer.write(image(0, 20));
        final Thread writing = new Thread(() -> {
            for (int i = 0; i < images; i++) {
                writer.write(image(i, 1 + i % 20));
            }
        });
        writing.start();
        final TableImageReader reader = TableImageReader.map(directory);
        long generation = 0;
        int read = 0;
        while (writing.isAlive() || read == 0) {
            final TableImageReader.Snapshot snapshot = reader.read();
            final int number = snapshot.image().tcpTimeout();
            assertThat(snapshot.generation()).isGreaterThanOrEqualTo(generation);
            generation = snapshot.generation();
            for (final ServiceImage service : snapshot.image().services()) {
                assertThat(service.spec().persistentTimeout()).isEqualTo(number);
                assertThat(service.servers().get(0).spec().weight()).isEqualTo(number);
            }
            read++;
        }
        writing.join();
        assertThat(reader.read().image()).isEqualTo(image(images - 1, 1 + (images - 1) % 20));
    }
}
