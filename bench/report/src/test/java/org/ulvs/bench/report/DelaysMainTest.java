// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DelaysMainTest {
    @TempDir
    private Path folder;

    @Test
    void shouldTakeTheMedianOfRoundsAndDrawAllOfThem() throws IOException {
        write("ulvs-90.1", 1000);
        write("ulvs-90.2", 3000);
        write("ulvs-90.3", 400_000);
        write("nft.1", 500);
        final String[] lines = run().lines().toArray(String[]::new);
        assertThat(lines).hasSize(2);
        assertThat(lines[0]).startsWith("nft 0.25 0.45 0.50 0.50 0.50 ");
        // of the second round: the first one is quicker, the last one was disturbed
        assertThat(lines[1]).matches("ulvs-90 1\\.50 2\\.70 2\\.97 3\\.00 3\\.00 .*");
        final String[] last = lines[1].substring(lines[1].lastIndexOf(' ') + 1).split(",", -1);
        assertThat(Double.parseDouble(last[0])).isGreaterThan(1000);
        assertThat(Double.parseDouble(last[1])).isBetween(399.0, 401.0);
    }

    @Test
    void shouldLeaveALogThatHdrHistogramReadsInsteadOfTheFiles() throws IOException {
        write("nft.1", 500);
        write("nft.2", 700);
        run();
        try (HistogramLogReader reader =
                new HistogramLogReader(folder.resolve("delays.hlog").toFile())) {
            assertThat(reader.nextIntervalHistogram().getTag()).isEqualTo("nft.1");
            assertThat(reader.nextIntervalHistogram().getMaxValueAsDouble()).isEqualTo(700);
        }
        assertThat(folder.toFile().list()).containsExactly("delays.hlog");
    }

    @Test
    void shouldReadDelaysAsUnsigned() throws IOException {
        write("late.1", new int[] {-1});
        assertThat(run()).startsWith("late 429");
    }

    private String run() throws IOException {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        DelaysMain.run(folder, new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }

    /** A round with a delay of each whole number of nanoseconds up to the greatest. */
    private void write(String name, int greatest) throws IOException {
        write(name, IntStream.rangeClosed(1, greatest).toArray());
    }

    private void write(String name, int[] delays) throws IOException {
        final ByteBuffer bytes =
                ByteBuffer.allocate(delays.length * Integer.BYTES).order(ByteOrder.nativeOrder());
        bytes.asIntBuffer().put(delays);
        Files.write(folder.resolve(name + ".delays"), bytes.array());
    }
}
