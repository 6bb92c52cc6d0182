// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random but valid commands that append a rule. */
final class RandomRules {
    private final Random random;

    RandomRules(final Random random) {
        this.random = random;
    }

    List<String> mark() {
        final List<String> words = new ArrayList<>(List.of("-t", "mangle", "-A", "PREROUTING"));
        conditions(words, "-i");
        switch (random.nextInt(12)) {
            case 0 -> words.addAll(List.of("-j", "RETURN"));
            case 1 -> words.addAll(List.of("-j", "ACCEPT"));
            case 2 -> words.addAll(List.of("-j", "MARK", "--or-mark", Integer.toString(random.nextInt(256))));
            case 3 -> words.addAll(List.of("-j", "MARK", "--and-mark", Integer.toString(random.nextInt(256))));
            case 4 -> words.addAll(List.of("-j", "MARK", "--xor-mark", Integer.toString(random.nextInt(256))));
            case 5 ->
                words.addAll(
                        List.of("-j", "MARK", "--set-xmark", "0x" + Integer.toHexString(random.nextInt(16)) + "/0xf5"));
            case 6 -> words.addAll(List.of("-j", "MARK", "--set-mark", random.nextInt(16) + "/0x0f"));
            case 7 -> {
                // a rule without a target
            }
            default -> words.addAll(List.of("-j", "MARK", "--set-mark", Integer.toString(random.nextInt(1000))));
        }
        return words;
    }

    List<String> sourceNat() {
        final List<String> words = new ArrayList<>(List.of("-t", "nat", "-A", "POSTROUTING"));
        final boolean ports = conditions(words, "-o");
        switch (random.nextInt(5)) {
            case 0 -> words.addAll(List.of("-j", "ACCEPT"));
            case 1 -> words.addAll(List.of("-j", "SNAT", "--to-source", "10.9.9.9" + (ports ? ":1024-2000" : "")));
            case 2 -> words.addAll(List.of("-j", "SNAT", "--to-source", "10.9.9.1-10.9.9.7"));
            default -> {
                words.addAll(List.of("-j", "MASQUERADE"));
                if (ports && random.nextBoolean()) {
                    words.addAll(List.of("--to-ports", "5000-6000"));
                }
            }
        }
        return words;
    }

    /** Adds conditions. Returns whether the rule's protocol has ports. */
    private boolean conditions(final List<String> words, final String interfaceOption) {
        if (random.nextInt(3) == 0) {
            option(words, "-s", address());
        }
        if (random.nextInt(2) == 0) {
            option(words, "-d", address());
        }
        if (random.nextInt(4) == 0) {
            option(
                    words,
                    interfaceOption,
                    List.of("eth0", "eth1", "eth+", "wan").get(random.nextInt(4)));
        }
        switch (random.nextInt(5)) {
            case 0 ->
                option(words, "-p", List.of("icmp", "gre", "99", "tcp", "udp").get(random.nextInt(5)));
            case 1, 2, 3 -> {
                words.addAll(List.of("-p", random.nextBoolean() ? "tcp" : "udp"));
                ports(words);
                return true;
            }
            default -> {
                // any protocol
            }
        }
        if (random.nextInt(8) == 0) {
            words.addAll(List.of("-m", "comment", "--comment", random.nextBoolean() ? "plain" : "two \"words\""));
        }
        return false;
    }

    private void ports(final List<String> words) {
        if (random.nextInt(3) == 0) {
            words.add("-m");
            words.add("multiport");
            option(
                    words,
                    List.of("--sports", "--dports", "--ports").get(random.nextInt(3)),
                    range() + "," + port() + "," + port());
        } else {
            if (random.nextInt(3) == 0) {
                option(words, "--sport", range());
            }
            if (random.nextInt(3) != 0) {
                option(words, "--dport", random.nextBoolean() ? Integer.toString(port()) : range());
            }
        }
    }

    private void option(final List<String> words, final String option, final String value) {
        if (random.nextInt(6) == 0) {
            words.add("!");
        }
        words.add(option);
        words.add(value);
    }

    private String address() {
        final int host = random.nextInt(8);
        return switch (random.nextInt(4)) {
            case 0 -> "10.0." + host + ".0/24";
            case 1 -> "10.0.0.0/" + (8 + random.nextInt(16));
            default -> "10.0." + random.nextInt(2) + "." + host;
        };
    }

    private String range() {
        final int low = port();
        return low + ":" + (low + 1 + random.nextInt(20));
    }

    private int port() {
        return 2000 + random.nextInt(30);
    }
}
