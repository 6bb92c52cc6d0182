// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class NftTest {
    private static final String MORE_THAN_A_PIPE_HOLDS = "#".repeat(200_000) + "\n";

    @Test
    void shouldSayWhatNftSays() {
        assertThatThrownBy(() -> Nft.run("nonsense\n"))
                .isInstanceOf(HostGuard.GuardException.class)
                .hasMessageContaining("nft refuses")
                .hasMessageContaining("syntax error");
    }

    @Test
    void shouldEndWhatDoesNotAnswer() {
        assertThatThrownBy(() -> Nft.run(List.of("sleep", "100"), MORE_THAN_A_PIPE_HOLDS, 100))
                .isInstanceOf(HostGuard.GuardException.class)
                .hasMessage("nft does not answer");
    }

    @Test
    void shouldSayWhyItEndedBeforeItReadAll() {
        assertThatThrownBy(() -> Nft.run(List.of("sh", "-c", "echo no memory; exit 1"), MORE_THAN_A_PIPE_HOLDS, 60_000))
                .isInstanceOf(HostGuard.GuardException.class)
                .hasMessageEndingWith("no memory");
    }

    @Test
    void shouldSayThatItIsMissing() {
        assertThatThrownBy(() -> Nft.run(List.of("/nonexistent/nft"), "", 60_000))
                .isInstanceOf(HostGuard.GuardException.class)
                .hasMessageContaining("nft is not installed (Debian package nftables)");
    }
}
