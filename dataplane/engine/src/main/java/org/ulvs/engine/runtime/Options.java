// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The command line of the dataplane. */
final class Options {
    static final String USAGE = """
            Usage: ulvs dataplane [OPTION…]
              --dir DIR             directory of the instance (default $ULVS_DIR, else /run/ulvs)
              --outside IF          interface where clients are; may be repeated
              --inside IF           interface where real servers are; may be repeated, may be an outside one too
              --workers N           worker threads (default 1)
              --idle busy|backoff   what an idle worker does: ask on, or sleep until a frame comes (default backoff)
              --connections N       connections that fit (default 1048576)
              --servers N           services and real servers that fit together (default 16384)
              --cpus LIST|any       CPUs that the workers stay on, in order, for example 2,3; with any they move
                                    (default: the last CPUs that the process may use, one each); the
                                    virtual machine's own threads keep off them as far as there are others
              --own ADDRESS[@IF]    answer ARP and echo for this address (on this interface only); may be repeated
              --ring-mib N          MiB of each worker's ring at each interface, some 600 frames each (default 64)
              --cleanup             take away what a killed dataplane of this directory left on the host, and end
              --help                show this
            Without an interface there is a table to configure and query, and nothing is forwarded.
            Exit codes: 0 done, 1 failed, 2 wrong usage, 3 this machine lacks something that is needed.
            """;

    private static final int MAX_CONNECTIONS = 1 << 26;
    private static final int MAX_SLOTS = 1 << 20;
    private static final int MAX_RING_MIB = 1024;

    private final DataplaneContext context = new DataplaneContext();
    private boolean cleanup;
    private boolean help;

    private Options() {}

    /**
     * Reads a command line.
     *
     * @throws StartException with {@link StartException#USAGE} that says what is wrong
     */
    static Options parse(List<String> arguments, String defaultDirectory) {
        final Options options = new Options();
        options.context.directory(Path.of(defaultDirectory));
        final Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            options.option(rest.next(), rest);
        }
        options.check();
        return options;
    }

    private void option(String argument, Iterator<String> rest) {
        final int equals = argument.indexOf('=');
        final String name = equals < 0 ? argument : argument.substring(0, equals);
        switch (name) {
            case "--cleanup" -> cleanup = true;
            case "--help", "-h" -> help = true;
            case "--dir",
                    "--outside",
                    "--inside",
                    "--workers",
                    "--idle",
                    "--connections",
                    "--cpus",
                    "--own",
                    "--servers",
                    "--ring-mib" -> {
                if (equals < 0 && !rest.hasNext()) {
                    throw StartException.usage(name + " needs a value");
                }
                value(name, equals < 0 ? rest.next() : argument.substring(equals + 1));
            }
            default -> throw StartException.usage("there is no option " + argument);
        }
    }

    private void value(String name, String value) {
        switch (name) {
            case "--dir" -> context.directory(Path.of(value));
            case "--outside" -> context.outside(interfaceName(name, value));
            case "--inside" -> context.inside(interfaceName(name, value));
            case "--workers" -> context.workers(number(name, value, 1, DataplaneContext.MAX_WORKERS));
            case "--connections" -> context.connections(number(name, value, 1, MAX_CONNECTIONS));
            case "--servers" -> context.slots(number(name, value, 16, MAX_SLOTS));
            case "--ring-mib" -> context.ringMib(number(name, value, 2, MAX_RING_MIB));
            case "--idle" -> context.idle(idle(value));
            case "--cpus" -> context.cpus(cpus(value));
            case "--own" -> own(value);
            default -> throw new IllegalArgumentException(name);
        }
    }

    private static String interfaceName(String option, String value) {
        if (value.isEmpty() || value.length() > Port.MAX_NAME_LENGTH || !value.matches("[^/\\s\"]+")) {
            throw StartException.usage(option + ": \"" + value + "\" is no name of an interface");
        }
        return value;
    }

    private static int number(String option, String value, int least, int most) {
        try {
            final int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (final NumberFormatException e) {
            throw StartException.usage(option + ": \"" + value + "\" is no number");
        }
        throw StartException.usage(option + ": " + value + " is not in the range of " + least + " to " + most);
    }

    private static WorkerIdle.Mode idle(String value) {
        return switch (value) {
            case "busy" -> WorkerIdle.Mode.BUSY;
            case "backoff" -> WorkerIdle.Mode.BACKOFF;
            default -> throw StartException.usage("--idle: \"" + value + "\" is neither busy nor backoff");
        };
    }

    private static List<Integer> cpus(String value) {
        final List<Integer> cpus = new ArrayList<>();
        if (value.equals("any")) {
            return cpus;
        }
        for (final String part : value.split(",", -1)) {
            cpus.add(number("--cpus", part, 0, 1023));
        }
        return cpus;
    }

    private void own(String value) {
        final int at = value.indexOf('@');
        final String address = at < 0 ? value : value.substring(0, at);
        final String device = at < 0 ? "" : interfaceName("--own", value.substring(at + 1));
        final int slash = address.indexOf('/');
        if (slash >= 0) {
            number("--own", address.substring(slash + 1), 0, Integer.SIZE);
        }
        try {
            context.owned().put(Addresses.parse(slash < 0 ? address : address.substring(0, slash)), device);
        } catch (final IllegalArgumentException e) {
            throw StartException.usage("--own: " + e.getMessage());
        }
    }

    private void check() {
        final List<Port> ports = context.ports();
        if (ports.size() > DataplaneContext.MAX_PORTS) {
            throw StartException.usage(
                    ports.size() + " interfaces are more than the " + DataplaneContext.MAX_PORTS + " that fit");
        }
        for (final String device : context.owned().values()) {
            if (!device.isEmpty()
                    && ports.stream().noneMatch(port -> port.name().equals(device))) {
                throw StartException.usage("--own: " + device + " is neither an outside nor an inside interface");
            }
        }
    }

    DataplaneContext context() {
        return context;
    }

    boolean cleanup() {
        return cleanup;
    }

    boolean help() {
        return help;
    }
}
