// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The command that asks a real server for its load, and what it answers. */
public final class LoadMonitor {
    private static final Pattern FIGURE = Pattern.compile("\\s*(\\d+)[.,]?(\\d*)");

    private LoadMonitor() {}

    /**
     * The command, or an empty list for none.
     *
     * @param tool load_monitor: {@code none}, {@code uptime}, {@code rup}, {@code ruptime} or a program
     * @param remoteShell rsh_command, run for {@code uptime}
     * @param address of the real server
     */
    public static List<String> command(String tool, String remoteShell, String address) {
        final String stripped = tool.strip();
        if (stripped.isEmpty() || "none".equals(stripped)) {
            return List.of();
        }
        final String program = "uptime".equals(stripped) ? remoteShell : stripped;
        final List<String> words = new ArrayList<>(List.of(program.split("[ \t]+", -1)));
        final String name = words.get(0).substring(words.get(0).lastIndexOf('/') + 1);
        words.add(address);
        if ("rsh".equals(name) || "ssh".equals(name)) {
            words.add("uptime");
        }
        return words;
    }

    /** The one-minute figure: the first number after the first colon that follows the word load. */
    public static OptionalDouble parse(String output) {
        final int word = output.toLowerCase(Locale.ROOT).indexOf("load");
        final int colon = word < 0 ? -1 : output.indexOf(':', word);
        // ruptime writes "load 0.10, 0.20, 0.30" without a colon
        final int start = colon >= 0 ? colon + 1 : word < 0 ? -1 : word + 4;
        if (start < 0) {
            return OptionalDouble.empty();
        }
        final Matcher matcher = FIGURE.matcher(output).region(start, output.length());
        if (!matcher.lookingAt()) {
            return OptionalDouble.empty();
        }
        final String fraction = matcher.group(2);
        return OptionalDouble.of(Double.parseDouble(matcher.group(1) + '.' + (fraction.isEmpty() ? "0" : fraction)));
    }
}
