// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Blocks of one name. */
class BlockIdsTest {
    @Test
    void shouldTellBlocksOfOneNameApart() {
        assertThat(BlockIds.of(List.of("web", "db", "web", "web"))).containsExactly("web", "db", "web~2", "web~3");
    }

    @Test
    void shouldNotGiveANameThatAnotherBlockReallyHas() {
        assertThat(BlockIds.of(List.of("web", "web", "web~2", "web")))
                .containsExactly("web", "web~3", "web~2", "web~4");
    }

    @Test
    void shouldFindTheBlockOfAnIdentifier() {
        final List<Block> blocks = LvsCfDocument.parse("virtual a {\n port = 1\n}\nvirtual a {\n port = 2\n}\n")
                .virtualServers();
        assertThat(BlockIds.find(blocks, "a").flatMap(block -> block.value("port")))
                .hasValue("1");
        assertThat(BlockIds.find(blocks, "a~2").flatMap(block -> block.value("port")))
                .hasValue("2");
        assertThat(BlockIds.find(blocks, "a~3")).isEmpty();
    }
}
