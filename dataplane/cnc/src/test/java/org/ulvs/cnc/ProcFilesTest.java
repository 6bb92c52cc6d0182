// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcFilesTest {
    private static final int SLOTS = 16;

    @TempDir
    Path directory;

    private final ServerRecords records = ServerRecords.create(
            new UnsafeBuffer(ByteBuffer.allocateDirect((int) ServerRecords.fileLength(SLOTS, 1))), SLOTS, 1);
    private final Estimator estimator = new Estimator(records);

    private static TableImage image() {
        final ServiceImage web = new ServiceImage(
                new ServiceSpec(
                        new ServiceKey(6, InetAddr.v4(0xC0A81A0A), 80, 0), "wlc", ServiceSpec.PERSISTENT, 360, -256),
                0,
                List.of(
                        new ServerImage(ServerSpec.of(InetAddr.v4(0x0A0B0C02), 8080, ServerSpec.MASQUERADE, 65536), 2),
                        new ServerImage(ServerSpec.of(InetAddr.v4(0x0A0B0C01), 80, ServerSpec.DIRECT, 0), 1)));
        final ServiceImage dns = new ServiceImage(
                new ServiceSpec(
                        new ServiceKey(17, new InetAddr(6, 0x20010DB8_00000000L, 1), 53, 0),
                        "rr",
                        ServiceSpec.ONE_PACKET,
                        0,
                        128),
                3,
                List.of(new ServerImage(
                        ServerSpec.of(new InetAddr(6, 0xFE80_000000000000L, 0xABCD), 53, ServerSpec.TUNNEL, 5), 4)));
        final ServiceImage mark = new ServiceImage(
                new ServiceSpec(new ServiceKey(0, InetAddr.v4(0), 0, -1), "sh", 0, 0, -1), 5, List.of());
        return new TableImage(
                1 << 20, 1, 1, 2, 3, List.of(web, dns, mark), List.of(), Map.of(), "", List.of(), List.of());
    }

    private String file(String name) throws IOException {
        return Files.readString(directory.resolve("proc/net").resolve(name));
    }

    @Test
    void shouldWriteTheTableAsTheKernelDoes() throws IOException {
        records.counts(2, 5L << 40 | 7L << 16);
        new ProcFiles(directory, records, estimator).doWork(ProcFilesTest::image, 0, 0);
        assertThat(file("ip_vs")).isEqualTo("""
                        IP Virtual Server version 1.2.1 (size=1048576)
                        Prot LocalAddress:Port Scheduler Flags
                          -> RemoteAddress:Port Forward Weight ActiveConn InActConn
                        TCP  C0A81A0A:0050 wlc persistent 360 FFFFFF00
                          -> 0A0B0C02:1F90      Masq    65536  5          7        \s
                          -> 0A0B0C01:0050      Route   0      0          0        \s
                        UDP  [2001:0db8:0000:0000:0000:0000:0000:0001]:0035 rr ops\s
                          -> [fe80:0000:0000:0000:0000:0000:0000:abcd]:0035      Tunnel  5      0          0        \s
                        FWM  FFFFFFFF sh\s
                        """);
    }

    @Test
    void shouldWriteTheTotalsInHexadecimal() throws IOException {
        for (int i = 0; i < 26; i++) {
            records.countConnection(2, 0);
        }
        records.countIn(2, 0, 255, 0x1_2345_6789L);
        records.countOut(1, 0, 16, 4096);
        final ProcFiles files = new ProcFiles(directory, records, estimator);
        estimator.tick(image());
        files.doWork(ProcFilesTest::image, 0, 0);
        assertThat(file("ip_vs_stats").lines().toList())
                .containsExactly(
                        "   Total Incoming Outgoing         Incoming         Outgoing",
                        "   Conns  Packets  Packets            Bytes            Bytes",
                        "      1A       FF       10        123456789             1000",
                        "",
                        " Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s",
                        "       3       20        2         2468ACF1              200");
    }

    @Test
    void shouldListConnectionsBesideTheTable() throws IOException {
        new ProcFiles(directory, records, estimator).doWork(ProcFilesTest::image, 0, 0);
        assertThat(file("ip_vs_conn"))
                .isEqualTo("Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n");
    }
}
