// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClassifierTest {
    private static final List<String> INTERFACES = List.of("eth0", "eth1", "wan");

    private record Packet(int protocol, int source, int destination, int sourcePort, int destinationPort, int port) {}

    /** What a packet meets; compiled, or by a walk through the rules one after the other. */
    @FunctionalInterface
    private interface Outcome<T> {
        @Nullable
        Object of(T rules, Packet packet);
    }

    @Test
    void shouldMarkAsAWalkThroughTheRulesDoes() throws RulesException {
        compare(
                random -> random.nextInt(random.nextInt(10) == 0 ? 400 : 12),
                ClassifierTest::mark,
                ClassifierTest::markByWalk);
    }

    @Test
    void shouldTranslateAsAWalkThroughTheRulesDoes() throws RulesException {
        compare(random -> random.nextInt(12), ClassifierTest::sourceNat, ClassifierTest::sourceNatByWalk);
    }

    private static void compare(ToIntFunction<Random> size, Outcome<Classifier> compiled, Outcome<RuleSet> byWalk)
            throws RulesException {
        final long firstSeed = System.nanoTime();
        for (long seed = firstSeed; seed < firstSeed + 250; seed++) {
            final Random random = new Random(seed);
            final RuleSet rules = randomRules(random, size.applyAsInt(random));
            final Classifier classifier = Classifier.compile(rules, INTERFACES);
            for (int i = 0; i < 400; i++) {
                final Packet packet = randomPacket(random);
                assertThat(compiled.of(classifier, packet))
                        .as("seed %d, %s with %s", seed, packet, rules)
                        .isEqualTo(byWalk.of(rules, packet));
            }
        }
    }

    @Test
    void shouldLetTheLastMarkWin() throws RulesException {
        final RuleSet rules = RuleSet.parse("""
                *mangle
                -A PREROUTING -p tcp --dport 80 -j MARK --set-mark 1
                -A PREROUTING -d 10.0.0.0/24 -j MARK --set-mark 2
                COMMIT
                """, PortNames.NONE);
        final Classifier classifier = Classifier.compile(rules, INTERFACES);
        assertThat(classifier.mark(6, 1, 0x0A000001, 1024, 80, 0)).isEqualTo(2);
        assertThat(classifier.mark(6, 1, 0x0A000101, 1024, 80, 0)).isEqualTo(1);
        assertThat(classifier.mark(17, 1, 0x0A000101, 1024, 80, 0)).isZero();
    }

    @Test
    void shouldApplyAMarkOnceThoughBothPortsMatch() throws RulesException {
        final RuleSet rules = RuleSet.parse(
                "*mangle\n-A PREROUTING -p tcp -m multiport --ports 80,81 -j MARK --set-xmark 4/0\nCOMMIT\n",
                PortNames.NONE);
        final Classifier classifier = Classifier.compile(rules, INTERFACES);
        assertThat(classifier.mark(6, 1, 2, 80, 81, 0)).isEqualTo(4);
    }

    @Test
    void shouldDecideByTheInterface() throws RulesException {
        final RuleSet rules = RuleSet.parse("""
                *mangle
                -A PREROUTING -i eth+ -j MARK --or-mark 1
                -A PREROUTING ! -i eth1 -j MARK --or-mark 2
                COMMIT
                """, PortNames.NONE);
        final Classifier classifier = Classifier.compile(rules, INTERFACES);
        assertThat(classifier.mark(6, 1, 2, 3, 4, 0)).isEqualTo(3);
        assertThat(classifier.mark(6, 1, 2, 3, 4, 1)).isEqualTo(1);
        assertThat(classifier.mark(6, 1, 2, 3, 4, 2)).isEqualTo(2);
        assertThat(classifier.mark(6, 1, 2, 3, 4, -1)).isEqualTo(2);
    }

    @Test
    void shouldTreatAddressesAndMarksAsUnsigned() throws RulesException {
        final RuleSet rules = RuleSet.parse(
                "*mangle\n-A PREROUTING -s 200.0.0.0/7 -j MARK --set-mark 0xfffffffe\nCOMMIT\n", PortNames.NONE);
        final Classifier classifier = Classifier.compile(rules, INTERFACES);
        assertThat(classifier.mark(6, 0xC9FFFFFF, 0, 0, 0, 0)).isEqualTo(0xFFFFFFFE);
        assertThat(classifier.mark(6, 0xCA000000, 0, 0, 0, 0)).isZero();
    }

    @Test
    void shouldAllocateNothing() throws RulesException {
        final Random random = new Random(1);
        final Classifier classifier = Classifier.compile(randomRules(random, 1_000), INTERFACES);
        ask(classifier, 20_000);
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long before = threads.getCurrentThreadAllocatedBytes();
        final long measurement = threads.getCurrentThreadAllocatedBytes() - before;
        final long start = threads.getCurrentThreadAllocatedBytes();
        ask(classifier, 1_000_000);
        assertThat(threads.getCurrentThreadAllocatedBytes() - start - measurement)
                .isZero();
    }

    private static void ask(final Classifier classifier, final int questions) {
        for (int i = 0; i < questions; i++) {
            classifier.mark(6, 0x0A000000 + i, 0x0A000000 + i % 77, 2000 + i % 50, 2000 + i % 40, i % 3);
            classifier.sourceNat(17, 0x0A000000 + i, 0x0A000000 + i % 77, 2000 + i % 50, 2000 + i % 40, i % 3);
        }
    }

    private static RuleSet randomRules(final Random random, final int count) throws RulesException {
        final RandomRules source = new RandomRules(random);
        RuleSet rules = RuleSet.EMPTY;
        for (int i = 0; i < count; i++) {
            final List<String> words = random.nextBoolean() ? source.mark() : source.sourceNat();
            rules = IptablesCommand.run(rules, words, PortNames.NONE).rules();
        }
        return rules;
    }

    private static Packet randomPacket(final Random random) {
        return new Packet(
                List.of(1, 6, 6, 6, 17, 17, 47, 99).get(random.nextInt(8)),
                0x0A000000 + (random.nextInt(4) << 8) + random.nextInt(8),
                0x0A000000 + (random.nextInt(4) << 8) + random.nextInt(8),
                1995 + random.nextInt(60),
                1995 + random.nextInt(60),
                random.nextInt(4) - 1);
    }

    private static int mark(final Classifier classifier, final Packet packet) {
        return classifier.mark(
                packet.protocol,
                packet.source,
                packet.destination,
                packet.sourcePort,
                packet.destinationPort,
                packet.port);
    }

    private static @Nullable SourceNat sourceNat(final Classifier classifier, final Packet packet) {
        return classifier.sourceNat(
                packet.protocol,
                packet.source,
                packet.destination,
                packet.sourcePort,
                packet.destinationPort,
                packet.port);
    }

    private static int markByWalk(final RuleSet rules, final Packet packet) {
        int mark = 0;
        for (final Rule rule : rules.rules(Chain.MARKS)) {
            if (matches(rule, packet)) {
                if (rule.target() instanceof Target.Mark target) {
                    mark = (mark & ~target.mask()) ^ target.value();
                } else if (rule.target() != null) {
                    return mark;
                }
            }
        }
        return mark;
    }

    private static @Nullable SourceNat sourceNatByWalk(final RuleSet rules, final Packet packet) {
        for (final Rule rule : rules.rules(Chain.SOURCE_NAT)) {
            if (matches(rule, packet)) {
                if (rule.target() instanceof Target.Masquerade target) {
                    final PortRange ports = target.ports();
                    return new SourceNat(true, 0, 0, ports == null ? 0 : ports.low(), ports == null ? 0 : ports.high());
                } else if (rule.target() instanceof Target.Snat target) {
                    final PortRange ports = target.ports();
                    return new SourceNat(
                            false,
                            target.lowAddress(),
                            target.highAddress(),
                            ports == null ? 0 : ports.low(),
                            ports == null ? 0 : ports.high());
                } else if (rule.target() != null) {
                    return null;
                }
            }
        }
        return null;
    }

    private static boolean matches(final Rule rule, final Packet packet) {
        final String name = packet.port < 0 ? "" : INTERFACES.get(packet.port);
        final ProtocolMatch protocol = rule.protocol();
        return matches(rule.source(), packet.source)
                && matches(rule.destination(), packet.destination)
                && rule.ingress().matches(name)
                && rule.egress().matches(name)
                && (protocol.number() == 0 || (packet.protocol == protocol.number()) != protocol.negated())
                && rule.matches().stream().allMatch(match -> matches(match, packet));
    }

    private static boolean matches(final AddressMatch match, final int address) {
        final long mask = match.prefixLength() == 0 ? 0 : 0xFFFFFFFFL << (32 - match.prefixLength());
        return ((address & (int) mask) == match.address()) != match.negated();
    }

    private static boolean matches(final Match match, final Packet packet) {
        if (match instanceof Match.Ports ports) {
            return matches(ports.source(), packet.sourcePort) && matches(ports.destination(), packet.destinationPort);
        } else if (match instanceof Match.Multiport multiport) {
            final List<Integer> asked = new ArrayList<>();
            if (multiport.direction() != Match.Direction.DESTINATION) {
                asked.add(packet.sourcePort);
            }
            if (multiport.direction() != Match.Direction.SOURCE) {
                asked.add(packet.destinationPort);
            }
            return asked.stream()
                            .anyMatch(port -> multiport.ranges().stream()
                                    .anyMatch(range -> port >= range.low() && port <= range.high()))
                    != multiport.negated();
        }
        return true;
    }

    private static boolean matches(final Match.@Nullable PortMatch match, final int port) {
        return match == null
                || (port >= match.range().low() && port <= match.range().high()) != match.negated();
    }
}
