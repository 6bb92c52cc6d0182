// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.panel;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ulvs.control.lvscf.Block;
import org.ulvs.web.edit.ConfigStore;
import org.ulvs.web.edit.MarkRules;
import org.ulvs.web.http.Exchange;
import org.ulvs.web.http.Form;
import org.ulvs.web.http.Reply;
import org.ulvs.web.http.Routes;

/**
 * FIREWALL MARKS: which virtual servers have one, and the rules that set it. The rules lie in the file that mark_rules
 * names; only a file in the directory of lvs.cf is ever written.
 */
public final class MarkPanel {
    private static final String TITLE = "FIREWALL MARKS";
    private static final String PATH = "/marks";

    private final Tool tool;
    private final Changes changes;
    private final MarkRules rules;
    private final RulesChanges rulesChanges;

    /** The panel. */
    public MarkPanel(Tool tool, Changes changes) {
        this.tool = tool;
        this.changes = changes;
        this.rules = new MarkRules(tool.store());
        this.rulesChanges = new RulesChanges(tool, changes, rules);
    }

    /** Its routes. */
    public void addTo(Routes routes) {
        routes.get(PATH, Routes.Access.SESSION, this::open).post(PATH, Routes.Access.SESSION, this::accept);
        rulesChanges.addTo(routes);
    }

    /**
     * A virtual server with a mark.
     *
     * @param name of its block
     * @param mark number
     * @param vip its address
     * @param rules how many lines of the rules set the mark
     */
    public record Marked(String name, String mark, String vip, long rules) {}

    private Reply open(Exchange exchange) throws IOException {
        final MarkRules.Loaded now = rules.load(tool.store().load());
        return show(exchange, 200, now.text(), now.hash(), List.of(), NewRule.EMPTY);
    }

    private Reply show(Exchange exchange, int status, String text, String base, List<String> errors, NewRule rule)
            throws IOException {
        final ConfigStore.Loaded loaded = tool.store().load();
        final List<Marked> marked = new ArrayList<>();
        for (final Block block : loaded.content().document().virtualServers()) {
            final String mark = block.value("fwmark").orElse("0");
            if (!"0".equals(mark)) {
                marked.add(new Marked(
                        block.name(),
                        mark,
                        block.value("address").orElse("").split(" ", 2)[0],
                        text.lines().filter(line -> sets(line, mark)).count()));
            }
        }
        return tool.renderer()
                .page(
                        status,
                        "marks",
                        tool.page(exchange, TITLE, PATH),
                        Map.of(
                                "marked",
                                marked,
                                "file",
                                rules.load(loaded).file().toString(),
                                "rules",
                                text,
                                "base",
                                base,
                                "errors",
                                errors,
                                "rule",
                                rule));
    }

    private static boolean sets(String line, String mark) {
        return line.startsWith("-A")
                && (line + ' ').matches(".*--set-x?mark (" + mark + "|0x" + hex(mark) + ")(/0xffffffff)? .*");
    }

    private static String hex(String mark) {
        try {
            return Long.toHexString(Long.decode(mark));
        } catch (NumberFormatException e) {
            return "none";
        }
    }

    private Reply accept(Exchange exchange) throws IOException {
        final Form form = exchange.form();
        final String text = form.raw("rules").replace("\r\n", "\n");
        final String base = form.value("base");
        if ("add".equals(form.value("action"))) {
            return add(exchange, text, base);
        }
        final ConfigStore.Loaded loaded = tool.store().load();
        final MarkRules.Loaded now = rules.load(loaded);
        final List<String> errors = rules.problems(now, text);
        if (!errors.isEmpty()) {
            return show(exchange, 422, text, base, errors, NewRule.EMPTY);
        }
        if (!now.hash().equals(base)) {
            return changes.conflict(exchange, "Your changes to the mark rules", Map.of("rules", text), PATH);
        }
        return rulesChanges.preview(exchange, loaded, now, text);
    }

    /** Puts one more rule into the text area; nothing is written. */
    private Reply add(Exchange exchange, String text, String base) throws IOException {
        final NewRule rule = NewRule.of(exchange.form());
        final Map<String, String> mistakes = rule.mistakes();
        if (!mistakes.isEmpty()) {
            return show(exchange, 422, text, base, List.of(), rule.with(mistakes));
        }
        final String line = rule.line();
        final String more = text.isBlank()
                ? "*mangle\n" + line + "\nCOMMIT\n"
                : text.contains("*mangle")
                        ? inserted(text, line)
                        : text.stripTrailing() + "\n*mangle\n" + line + "\nCOMMIT\n";
        final List<String> errors = MarkRules.problems(more);
        if (!errors.isEmpty()) {
            return show(exchange, 422, text, base, errors, rule);
        }
        exchange.loggedIn().notice("The rule is in the text below. ACCEPT shows what will change.");
        return show(exchange, 200, more, base, List.of(), NewRule.EMPTY);
    }

    private static String inserted(String rules, String rule) {
        final int table = rules.indexOf("*mangle");
        final int commit = rules.indexOf("COMMIT", table);
        return commit < 0
                ? rules.stripTrailing() + '\n' + rule + "\nCOMMIT\n"
                : rules.substring(0, commit) + rule + '\n' + rules.substring(commit);
    }
}
