// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The types of values in lvs.cf. */
final class ValueTypes {
    static final ValueType<Long> INTEGER = of("integer", ValueTypes::integer);
    static final ValueType<Boolean> FLAG = of("0 or 1", ValueTypes::flag);
    /** A word or quoted text; the quotes are dropped. */
    static final ValueType<String> TEXT = of("text", context -> context.word().text());
    /** A regular expression. */
    static final ValueType<String> PATTERN = of("regular expression", ValueTypes::pattern);

    static final ValueType<InetAddress> HOST = of("address or host name", ValueTypes::host);
    static final ValueType<InetAddress> QUAD = of("dotted quad", ValueTypes::quad);
    /** A netmask as a host-order number. */
    static final ValueType<Integer> MASK = mask(true);
    /** A netmask that is dropped with a warning when it cannot be read. */
    static final ValueType<Integer> LENIENT_MASK = mask(false);
    /** A port number or a service name. */
    static final ValueType<Integer> PORT = of("port or service name", context -> port(context, true));
    /** A port number; names are new here. */
    static final ValueType<Integer> SERVER_PORT = of("port", context -> port(context, false));

    static final ValueType<HostDevice> HOST_DEVICE = of("address and device", ValueTypes::hostDevice);
    static final ValueType<List<String>> LIST = of("[ list ]", ValueTypes::list);
    /** Seconds, a fraction allowed. */
    static final ValueType<Duration> SECONDS = of("seconds", ValueTypes::seconds);

    private ValueTypes() {}

    private interface Parser<T> {
        T parse(ValueContext context) throws ValueException;
    }

    private static <T> ValueType<T> of(String label, Parser<T> parser) {
        return new ValueType<>() {
            @Override
            public T parse(ValueContext context) throws ValueException {
                return parser.parse(context);
            }

            @Override
            public String label() {
                return label;
            }
        };
    }

    /** One of some words; others (old spellings) are read with a warning. */
    static ValueType<String> choice(List<String> words, Map<String, String> old, List<String> unknownToPiranha) {
        return of(String.join(", ", words), context -> {
            final String text = context.word().text();
            final String lower = text.toLowerCase(Locale.ROOT);
            if (words.contains(text)) {
                if (unknownToPiranha.contains(text)) {
                    context.note(text + " is new", Findings.INVALID_ARGUMENT);
                }
                return text;
            }
            final String renamed = old.get(lower);
            if (renamed != null) {
                context.warning(text + " is an old name", "write " + renamed, Findings.INVALID_ARGUMENT);
                return renamed;
            }
            if (words.contains(lower)) {
                context.warning(text + " is not in lower case", "write " + lower, Findings.INVALID_ARGUMENT);
                return lower;
            }
            final String guess = DidYouMean.suggest(text, words);
            throw context.wrong(
                    "unknown value " + text,
                    guess.isEmpty() ? "one of " + String.join(", ", words) : guess,
                    Findings.INVALID_ARGUMENT);
        });
    }

    private static long integer(ValueContext context) throws ValueException {
        final String text = context.word().text();
        try {
            final long value = Integers.parse(text);
            if (value < Integer.MIN_VALUE || value > 0xffff_ffffL) {
                throw context.wrong("number out of range: " + text, "", "");
            }
            return value;
        } catch (NumberFormatException e) {
            throw context.wrong("not an integer: " + text, "", Findings.INTEGER_EXPECTED);
        }
    }

    private static boolean flag(ValueContext context) throws ValueException {
        final String text = context.word().text();
        final String meant = switch (text.toLowerCase(Locale.ROOT)) {
            case "yes", "true", "on" -> "1";
            case "no", "false", "off" -> "0";
            default -> "";
        };
        if (!meant.isEmpty()) {
            context.warning(text + " is read as " + meant, "write " + meant, Findings.BOOLEAN_EXPECTED);
            return "1".equals(meant);
        }
        try {
            final long value = Integers.parse(text);
            if (value == 0 || value == 1) {
                return value == 1;
            }
        } catch (NumberFormatException e) {
            throw context.wrong("not 0 or 1: " + text, "", Findings.BOOLEAN_EXPECTED);
        }
        throw context.wrong("not 0 or 1: " + text, "", Findings.BOOLEAN_EXPECTED);
    }

    private static String pattern(ValueContext context) throws ValueException {
        final String text = context.word().text();
        try {
            Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw context.wrong("not a regular expression: " + e.getDescription(), "", "");
        }
        return text;
    }

    private static InetAddress host(ValueContext context) throws ValueException {
        return host(context, context.word());
    }

    private static InetAddress host(ValueContext context, Word word) throws ValueException {
        final var address = context.names().host(word.text());
        if (address.isEmpty()) {
            throw new ValueException(
                    word.column(),
                    word.text().matches("[0-9.]+")
                            ? "not an address: " + word.text()
                            : "cannot resolve host name " + word.text(),
                    "",
                    Findings.INVALID_HOST);
        }
        return address.get();
    }

    private static InetAddress quad(ValueContext context) throws ValueException {
        final String text = context.word().text();
        if (!Ipv4.isDottedQuad(text)) {
            throw context.wrong("not an address: " + text, "write four numbers with dots", Findings.INVALID_HOST);
        }
        return Ipv4.parse(text);
    }

    private static ValueType<Integer> mask(boolean required) {
        return new ValueType<>() {
            @Override
            public Integer parse(ValueContext context) throws ValueException {
                final String text = context.word().text();
                if (Ipv4.isDottedQuad(text)) {
                    return Ipv4.number(Ipv4.parse(text));
                }
                if (text.matches("/?([0-9]|[12][0-9]|3[0-2])")) {
                    final int length = Integer.parseInt(text.startsWith("/") ? text.substring(1) : text);
                    final int mask = length == 0 ? 0 : -1 << (32 - length);
                    context.warning("mask as a prefix length", "write " + Ipv4.text(mask), Findings.BAD_MASK);
                    return mask;
                }
                if (required) {
                    throw context.wrong("not a netmask: " + text, "write 255.255.255.0", Findings.BAD_MASK);
                }
                context.warning("not a netmask: " + text, "it counts as 255.255.255.255", "");
                return -1;
            }

            @Override
            public String label() {
                return "netmask";
            }

            @Override
            public String format(Integer value) {
                return Ipv4.text(value);
            }
        };
    }

    private static int port(ValueContext context, boolean names) throws ValueException {
        final String text = context.word().text();
        try {
            final long port = Integers.parse(text);
            if (port < 0 || port > 0xffff) {
                throw context.wrong("not a port: " + text, "ports go from 0 to 65535", "");
            }
            return (int) port;
        } catch (NumberFormatException e) {
            final OptionalInt port = context.names().service(text);
            if (port.isEmpty()) {
                throw context.wrong(
                        "unknown service name " + text,
                        "write the port number",
                        names ? Findings.INVALID_ARGUMENT : Findings.INTEGER_EXPECTED);
            }
            if (!names) {
                context.note("a real server's port by name", Findings.INTEGER_EXPECTED);
            }
            return port.getAsInt();
        }
    }

    private static HostDevice hostDevice(ValueContext context) throws ValueException {
        if (context.words().size() == 1) {
            throw context.wrong(
                    "no device", "write \"ADDRESS DEVICE\", as 10.0.0.3 eth0:1", Findings.MISSING_ARGUMENTS);
        }
        if (context.words().size() > 2) {
            throw new ValueException(
                    context.words().get(2).column(),
                    "more than an address and a device",
                    "",
                    Findings.UNEXPECTED_ARGUMENTS);
        }
        return new HostDevice(
                host(context, context.words().get(0)), context.words().get(1).text());
    }

    private static List<String> list(ValueContext context) throws ValueException {
        final List<Word> words = context.words();
        if (words.size() < 2
                || !words.get(0).is("[")
                || !words.get(words.size() - 1).is("]")) {
            throw context.wrong("not a list", "write [ a b ]", "list expected");
        }
        return words.subList(1, words.size() - 1).stream().map(Word::text).toList();
    }

    private static Duration seconds(ValueContext context) throws ValueException {
        final String text = context.word().text();
        try {
            return Duration.ofSeconds(Integers.parse(text));
        } catch (NumberFormatException e) {
            if (!text.matches("\\d{0,9}\\.\\d{1,9}")) {
                throw context.wrong("not a number of seconds: " + text, "", Findings.INTEGER_EXPECTED);
            }
        }
        context.note("fraction of a second", Findings.INTEGER_EXPECTED);
        return Seconds.parse(text.startsWith(".") ? '0' + text : text);
    }
}
