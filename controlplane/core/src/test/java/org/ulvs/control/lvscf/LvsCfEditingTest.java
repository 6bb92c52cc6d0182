// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LvsCfEditingTest {
    private static final String TEXT = """
            # who we are
            serial_no = 7   # counted
            primary = 192.0.2.1
            my_own_key = kept
            deadtime = 6

            # the shop
            virtual shop {
                active = 1
                # one address
                address = 192.0.2.10 eth0:1
                send = "GET /"

                server one {
                    address = 192.0.2.21   # in rack 4
                    active = 1
                }
            }
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    @Test
    void shouldChangeOneValueAndNothingElse() {
        final LvsCfDocument document = LvsCfDocument.parse(TEXT);
        document.virtualServers().get(0).blocks().get(0).set("address", "192.0.2.22");

        assertThat(document.text()).isEqualTo(TEXT.replace("192.0.2.21   # in rack 4", "192.0.2.22   # in rack 4"));
    }

    @Test
    void shouldPutANewKeyWherePiranhaWouldHaveWrittenIt() {
        final LvsCfDocument document = LvsCfDocument.parse(TEXT);
        document.file().set("keepalive", "2");
        document.virtualServers().get(0).set("port", "8080");
        document.virtualServers().get(0).blocks().get(0).set("weight", "3");

        assertThat(document.text())
                .isEqualTo(TEXT.replace("my_own_key", "keepalive = 2\nmy_own_key")
                        .replace("eth0:1\n", "eth0:1\n    port = 8080\n")
                        .replace("        active = 1\n", "        active = 1\n        weight = 3\n"));
    }

    @Test
    void shouldQuoteWhatNeedsQuotes() {
        final LvsCfDocument document = LvsCfDocument.parse(TEXT);
        final Block shop = document.virtualServers().get(0);
        shop.set("expect", "OK").set("send_program", "/bin/check \"%h\"").set("send", "");

        assertThat(document.text())
                .contains("    expect = \"OK\"\n", "    send_program = '/bin/check \"%h\"'\n", "    send = \"\"\n");
        assertThatThrownBy(() -> shop.set("send", "both \" and '")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> shop.set("send", "two\nlines")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldAddAndRemoveBlocks() {
        final LvsCfDocument document = LvsCfDocument.parse(TEXT);
        final Block shop = document.virtualServers().get(0);
        shop.addBlock(BlockKind.SERVER, "two").set("address", "192.0.2.23").set("active", "1");
        document.file().addBlock(BlockKind.VIRTUAL, "mail").set("active", "0").set("port", "25");
        document.file().addBlock(BlockKind.FAILOVER, "cold").set("active", "0");
        shop.removeBlock(shop.blocks().get(0));

        final LvsCf read = Samples.read(document.text());
        assertThat(read.errors()).isEmpty();
        assertThat(document.text())
                .contains("    server two {\n         address = 192.0.2.23\n         active = 1\n    }\n")
                .contains("virtual mail {\n     active = 0\n     port = 25\n}\n")
                .doesNotContain("rack 4");
        assertThat(document.text().indexOf("failover cold"))
                .isLessThan(document.text().indexOf("virtual shop"));
    }

    @Test
    void shouldRenameABlockAndRefuseBadNames() {
        final LvsCfDocument document = LvsCfDocument.parse(TEXT.replace("virtual shop {", "virtual shop {   # main"));
        document.virtualServers().get(0).rename("store");

        assertThat(document.text()).contains("virtual store {   # main");
        assertThatThrownBy(() -> document.virtualServers().get(0).rename("two words"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"primary = 192.0.2.1", "primary = 192.0.2.1\r\n"})
    void shouldKeepTheLineEndsOfTheFile(String text) {
        final LvsCfDocument document = LvsCfDocument.parse(text);
        document.file().set("deadtime", "9");

        assertThat(document.text())
                .isEqualTo(text.endsWith("\r\n") ? text + "deadtime = 9\r\n" : text + "\ndeadtime = 9");
    }

    @Test
    void shouldSaveAtomicallyWithModeAndSerial() throws IOException {
        final Path file = directory.resolve("lvs.cf");
        Files.writeString(file, TEXT);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        final LvsCfFile loaded = LvsCfFile.load(file, Names.of(Map.of()));
        final LvsCfDocument document = loaded.content().document();
        document.file().set("deadtime", "9");

        final String hash = LvsCfFile.save(file, document, loaded.charset(), loaded.hash());

        assertThat(file)
                .hasContent(TEXT.replace("deadtime = 6", "deadtime = 9").replace("serial_no = 7", "serial_no = 8"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
        assertThat(LvsCfFile.load(file, Names.of(Map.of())).hash()).isEqualTo(hash);
        assertThat(directory).isDirectoryNotContaining(path -> !path.equals(file));
    }

    @Test
    void shouldNotOverwriteWhatSomebodyElseHasChanged() throws IOException {
        final Path file = directory.resolve("lvs.cf");
        Files.writeString(file, TEXT);
        final LvsCfFile loaded = LvsCfFile.load(file, Names.of(Map.of()));
        Files.writeString(file, TEXT + "# by hand\n");

        assertThatThrownBy(
                        () -> LvsCfFile.save(file, loaded.content().document(), StandardCharsets.UTF_8, loaded.hash()))
                .isInstanceOf(LvsCfFile.ChangedException.class);
        assertThat(file).hasContent(TEXT + "# by hand\n");
    }

    @Test
    void shouldSaveThroughASymbolicLink() throws IOException {
        final Path real = directory.resolve("real.cf");
        final Path link = directory.resolve("lvs.cf");
        Files.writeString(real, TEXT);
        Files.createSymbolicLink(link, real);
        final LvsCfFile loaded = LvsCfFile.load(link, Names.of(Map.of()));

        LvsCfFile.save(link, loaded.content().document(), loaded.charset(), loaded.hash());

        assertThat(link).isSymbolicLink();
        assertThat(Files.readString(real)).contains("serial_no = 8");
    }

    @Test
    void shouldKeepBytesThatAreNotUtf8() throws IOException {
        final Path file = directory.resolve("lvs.cf");
        final byte[] latin = "# f\u00fcr uns\nserial_no = 1\n".getBytes(StandardCharsets.ISO_8859_1);
        Files.write(file, latin);
        final LvsCfFile loaded = LvsCfFile.load(file, Names.of(Map.of()));

        LvsCfFile.save(file, loaded.content().document(), loaded.charset(), loaded.hash());

        assertThat(Files.readAllBytes(file))
                .isEqualTo("# f\u00fcr uns\nserial_no = 2\n".getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void shouldSayWhatDiffers() {
        final Configuration before = Samples.read(TEXT).configuration();
        final Configuration after = Samples.read(TEXT.replace("deadtime = 6", "deadtime = 9")
                        .replace("server one", "server two")
                        .replace("eth0:1", "eth0:1\n    scheduler = rr"))
                .configuration();

        assertThat(ConfigurationDiff.between(before, after))
                .extracting(ConfigurationDiff.Change::describe)
                .containsExactly(
                        "global: deadtime 6 -> 9",
                        "virtual shop: scheduler wlc -> rr",
                        "virtual shop server one removed",
                        "virtual shop server two added");
    }
}
