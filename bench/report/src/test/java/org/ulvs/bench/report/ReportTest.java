// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final String FIXTURE = """
            {"benchmark": "veth", "settings": {"frame": "64 & more"},
             "tables": [{"title": "a <b>","columns":["path", "rate"], "rows": [["<script>", 1234567],["x|y", 0.01234]],
                         "notes": []}],
             "plots": [{"title": "p", "x": {"label": "size", "scale": "log"}, "y": {"label": "ns", "scale": "linear"},
                        "series": [{"name": "s\"'", "points": [[1, 2], [1000, 3]]}]}],
             "targets": [{"text": "t", "unit": "ns", "measured": null, "relation": "<=", "limit": 67, "met": false,
                          "reference": null, "note": "why"}],
             "refused": null}
            """.replace("s\"'", "s\\\"'");

    @Test
    void shouldEscapeWhatABenchmarkWrote() throws Exception {
        final String page = Page.html(Map.of("cpu", "<cpu>"), List.of(ResultReader.parse("veth.json", FIXTURE)));
        assertThat(page).doesNotContain("<script>", "<cpu>", "a <b>").contains("&lt;script&gt;", "64 &amp; more");
        assertThat(page).contains("s&quot;&#39;").doesNotContain("http");
    }

    @Test
    void shouldShowATargetThatWasNotMeasuredAsMissed() throws Exception {
        final String text = Text.plain(List.of(ResultReader.parse("veth.json", FIXTURE)));
        assertThat(text)
                .containsPattern("veth +t +– +≤ 67 ns +missed +why")
                .contains("1,234,567", "0.0123", "0 of 1 targets are met, 1 missed.");
    }

    @Test
    void shouldTellATargetThatTheReferenceMissesAsWell() throws Exception {
        final Result both = withTarget("\"measured\": 90.1, \"reference\": 67.1");
        assertThat(Text.plain(List.of(both)))
                .containsPattern("t +90\\.1 ns +67\\.1 ns +≤ 67 ns +missed by both +why")
                .contains("0 of 1 targets are met, 1 missed (1 of them by the C reference as well).");
        assertThat(Page.html(Map.of(), List.of(both))).contains("<td class=\"both\">missed by both</td>");
        assertThat(Text.plain(List.of(withTarget("\"measured\": 90.1, \"reference\": 67"))))
                .containsPattern("90\\.1 ns +67 ns +≤ 67 ns +missed +why")
                .contains("0 of 1 targets are met, 1 missed.");
        assertThat(Text.plain(List.of(both.refusedBecause("too noisy"))))
                .contains("refused")
                .doesNotContain("90.1", "67.1");
    }

    private static Result withTarget(String figures) throws InvalidResultException {
        return ResultReader.parse(
                "veth.json", FIXTURE.replace("\"measured\": null", figures).replace("\"reference\": null, ", ""));
    }

    @Test
    void shouldShowNoFiguresOfARefusedBenchmark() throws Exception {
        final Result refused = ResultReader.parse("veth.json", FIXTURE).refusedBecause("too noisy: 31 %");
        assertThat(Text.plain(List.of(refused)))
                .contains("REFUSED: too noisy: 31 %")
                .doesNotContain("1,234,567");
        assertThat(Page.html(Map.of(), List.of(refused)))
                .contains("too noisy: 31 %", "0 of 1 targets are met, 0 missed, 1 not judged")
                .doesNotContain("1,234,567");
        assertThat(Text.markdown(Map.of(), List.of(refused)))
                .contains("Refused: too noisy")
                .doesNotContain("1,234,567");
    }

    @Test
    void shouldSayWhatIsBrokenAndWhere() {
        assertThatThrownBy(() -> ResultReader.parse("veth.json", "{\"benchmark\": "))
                .hasMessageContaining("veth.json is not JSON");
        assertThatThrownBy(() -> ResultReader.parse("tcp.json", FIXTURE))
                .hasMessageContaining("belongs into veth.json");
        assertThatThrownBy(() -> ResultReader.parse("veth.json", FIXTURE.replace("1234567]", "1234567, 1]")))
                .hasMessageContaining("tables[0].rows[0] has 3 cells where there are 2 columns");
        assertThatThrownBy(() -> ResultReader.parse("veth.json", FIXTURE.replace("[1, 2]", "[0, 2]")))
                .hasMessageContaining("points[0] has no place on a logarithmic axis");
        assertThatThrownBy(() -> ResultReader.parse("veth.json", FIXTURE.replace("\"met\": false", "\"met\": true")))
                .hasMessageContaining("targets[0].met");
    }

    @Test
    void shouldAlignHeadingsOfNumbers() throws Exception {
        final String page = Page.html(Map.of(), List.of(ResultReader.parse("veth.json", FIXTURE)));
        assertThat(page).contains("<th scope=\"col\">path</th>", "<th scope=\"col\" class=\"number\">rate</th>");
    }

    @Test
    void shouldTellSeriesOfOneColourApart() throws Exception {
        final String point = "{\"name\": \"n\", \"points\": [[1, 2]]}";
        final String page = Page.html(
                Map.of(),
                List.of(ResultReader.parse(
                        "veth.json",
                        FIXTURE.replaceFirst(
                                "(\"series\": \\[)",
                                "$1" + (point + ", ").repeat(8).replace("\"", "\\\"")))));
        assertThat(page).contains("class=\"c0\"", "class=\"c7\"", "class=\"c0 more\"", "class=\"key k0 more\"");
    }

    @Test
    void shouldPlaceEqualRatiosAtEqualDistances() {
        final Axis axis = Axis.over(true, false, 1, 10_000, 0, 400);
        assertThat(axis.pixel(10)).isCloseTo(100, within(1e-6));
        assertThat(axis.pixel(1000)).isCloseTo(300, within(1e-6));
        assertThat(axis.marks()).containsExactly(1.0, 10.0, 100.0, 1000.0, 10_000.0);
    }

    @Test
    void shouldBeginALinearAxisAtZero() {
        final Axis axis = Axis.over(false, true, 40, 100, 300, 0);
        assertThat(axis.marks()).startsWith(0.0).endsWith(100.0);
        assertThat(axis.pixel(0)).isCloseTo(300, within(1e-6));
    }
}
