// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry of all commands of the control plane: {@code Control lvs-cf check FILE}. */
@Command(
        name = "ulvs",
        description = "The control plane of ulvs.",
        mixinStandardHelpOptions = true,
        subcommands = {
            LvsCfCommand.class,
            PulseCommand.class,
            NannyCommand.class,
            StatusCommand.class,
            JournalCommand.class
        })
public final class Control {
    private Control() {}

    /** Runs one command and exits with its code. */
    public static void main(String[] arguments) {
        final int code = commandLine().execute(arguments);
        System.out.flush();
        System.exit(code);
    }

    static CommandLine commandLine() {
        return new CommandLine(new Control())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOverwrittenOptionsAllowed(true)
                .setUsageHelpWidth(110);
    }
}
