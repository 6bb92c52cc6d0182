// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.panel;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ulvs.control.lvscf.Block;
import org.ulvs.control.lvscf.LvsCfDocument;
import org.ulvs.web.http.Exchange;
import org.ulvs.web.live.ChangeLog;
import org.ulvs.web.live.ControlPlane;

/**
 * One server gets weight 0, or its former weight, in lvs.cf and in what pulse runs: other changes of lvs.cf that wait
 * to be applied go on waiting. The journal remembers the weight.
 */
public final class Drain {
    /** The kind of its entries in the journal. */
    public static final String KIND = "drain";

    private static final Pattern WEIGHT_WAS = Pattern.compile("weight was ([0-9]+)");
    private static final int JOURNAL = 2_000;

    private final Tool tool;
    private final String virtual;
    private final String server;
    private final String weight;
    private final boolean back;

    private Drain(Tool tool, String virtual, String server, String weight, boolean back) {
        this.tool = tool;
        this.virtual = virtual;
        this.server = server;
        this.weight = weight;
        this.back = back;
    }

    /** No new connections for a server. */
    public static Drain of(Tool tool, String virtual, String server) {
        return new Drain(tool, virtual, server, "0", false);
    }

    /** Back to the weight that it had before it was drained. */
    public static Drain undoing(Tool tool, String virtual, String server) {
        return new Drain(tool, virtual, server, formerWeight(tool, virtual, server), true);
    }

    /** The weight of a server before it was drained; 1 where nobody has drained it here. */
    static String formerWeight(Tool tool, String virtual, String server) {
        for (final ChangeLog.Event event : tool.log().newest(JOURNAL)) {
            if (KIND.equals(event.kind()) && event.text().startsWith("drained " + virtual + '/' + server + ' ')) {
                final Matcher matcher = WEIGHT_WAS.matcher(event.text());
                if (matcher.find()) {
                    return matcher.group(1);
                }
            }
        }
        return "1";
    }

    /** Writes it into an edited lvs.cf. */
    public void edit(LvsCfDocument document, Block block) {
        block.set("weight", weight);
        if (tool.control().changedOnDisk()) {
            // what waits in the file has to stay newer than what pulse makes of what runs
            document.raiseSerial();
        }
    }

    /** For the journal, of a server that is not edited yet. */
    public String summary(Block block) {
        return (back ? "restored " : "drained ")
                + virtual
                + '/'
                + server
                + (back
                        ? " to weight " + weight
                        : " (weight was " + block.value("weight").orElse("1") + ")");
    }

    /** Lets pulse do it, once lvs.cf has been written. */
    public ControlPlane.Applied apply(Exchange exchange) {
        return tool.control().weigh(virtual, server, Integer.parseInt(weight), Tool.whom(exchange));
    }

    /** What it means for clients. */
    String effect() {
        return back ? "New connections reach the server again." : "No new connections reach the server.";
    }
}
