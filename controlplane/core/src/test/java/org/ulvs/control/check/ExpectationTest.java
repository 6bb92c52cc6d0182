// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ulvs.control.check.Expectation.Verdict.MATCH;
import static org.ulvs.control.check.Expectation.Verdict.MISMATCH;
import static org.ulvs.control.check.Expectation.Verdict.MORE;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpectationTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET\\r\\n | 474554 0d0a",
                "\\n | 0a",
                "a\\tb | 61 09 62",
                "\\\\n | 5c 6e",
                "\\'\\\" | 27 22",
                "\\q | 5c 71",
                "\\ | 5c",
                "x\\ | 78 5c"
            })
    void shouldTranslateEscapesAsNannyDoes(String text, String hex) {
        assertThat(Escapes.translate(text)).asHexString().isEqualToIgnoringCase(hex.replace(" ", ""));
    }

    @Test
    void shouldComparePrefixesAsFarAsTheyHaveCome() {
        final Expectation expectation = Expectation.prefix("HTTP".getBytes(StandardCharsets.US_ASCII));

        assertThat(expectation.compare("", false)).isEqualTo(MORE);
        assertThat(expectation.compare("HT", false)).isEqualTo(MORE);
        assertThat(expectation.compare("HT", true)).isEqualTo(MISMATCH);
        assertThat(expectation.compare("HTTP/1.1", false)).isEqualTo(MATCH);
        assertThat(expectation.compare("http", false)).isEqualTo(MISMATCH);
        assertThat(expectation.compare(" HTTP", false)).isEqualTo(MISMATCH);
    }

    @Test
    void shouldTakeAnythingForAStar() {
        final Expectation expectation = Expectation.prefix("*".getBytes(StandardCharsets.US_ASCII));

        assertThat(expectation.compare("", false)).isEqualTo(MORE);
        assertThat(expectation.compare("x", false)).isEqualTo(MATCH);
        assertThat(expectation.compare("", true)).isEqualTo(MISMATCH);
    }

    @Test
    void shouldFindPosixExpressionsAnywhere() {
        final Expectation expectation = Expectation.pattern("^(220|250)[[:space:]]|[[:digit:]]+ OK$");

        assertThat(expectation.compare("220 welcome", false)).isEqualTo(MATCH);
        assertThat(expectation.compare("all 17 OK", false)).isEqualTo(MATCH);
        assertThat(expectation.compare("nothing", false)).isEqualTo(MORE);
        assertThat(expectation.compare("nothing", true)).isEqualTo(MISMATCH);
    }

    @Test
    void shouldGiveUpOnAnExpressionThatGoesAstray() {
        final Expectation expectation = Expectation.pattern("(a+)+(a+)+(a+)+b");

        assertThat(expectation.compare("a".repeat(5_000) + "c", true)).isEqualTo(MISMATCH);
    }
}
