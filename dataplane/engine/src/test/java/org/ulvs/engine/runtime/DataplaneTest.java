// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ulvs.engine.runtime.TestNetwork.server;
import static org.ulvs.engine.runtime.TestNetwork.service;
import static org.ulvs.engine.runtime.TestNetwork.spec;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ulvs.cnc.CncClient;
import org.ulvs.cnc.CountersSnapshot;
import org.ulvs.cnc.InetAddr;
import org.ulvs.cnc.OwnedAddress;

/** The whole process between real kernels. */
class DataplaneTest {
    private static final int TCP = 6;
    private static final int UDP = 17;

    @TempDir
    private Path directory;

    private TestNetwork network;

    @BeforeEach
    void setUp() {
        network = new TestNetwork(2);
    }

    @AfterEach
    void tearDown() {
        network.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldMasqueradeWithOffloads(int workers) throws Exception {
        final byte[] bytes = new byte[5_000_000];
        new Random(1).nextBytes(bytes);
        network.serve(bytes);
        try (Dataplane dataplane = network.launch(network.context(directory).workers(workers));
                CncClient client = CncClient.attach(directory)) {
            assertThat(client.table().addService(spec(service(TCP, 80)))).isZero();
            assertThat(client.table().addServer(service(TCP, 80), server(1, 80)))
                    .isZero();
            assertThat(client.table().addServer(service(TCP, 80), server(2, 80)))
                    .isZero();

            final Set<Byte> servers = new HashSet<>();
            for (int i = 0; i < 4; i++) {
                final byte[] received = network.fetch("192.0.2.10");
                servers.add(received[0]);
                bytes[0] = received[0];
                assertThat(received).isEqualTo(bytes);
            }

            assertThat(servers).containsExactlyInAnyOrder((byte) 1, (byte) 2);
            assertThat(dataplane.conductor()).isNotNull();
            assertAccounts(client);
        }
        assertThat(network.director().exec("nft", "list", "ruleset")).isEmpty();
    }

    @Test
    void shouldComeBackAfterTheInterfaceWasDown() throws Exception {
        network.echo(7);
        try (Dataplane dataplane = network.launch(network.context(directory).workers(2));
                CncClient client = CncClient.attach(directory)) {
            client.table().addService(spec(service(UDP, 7)));
            client.table().addServer(service(UDP, 7), server(1, 7));
            assertThat(network.ask("192.0.2.10", 7, "a")).isEqualTo("real1:a");

            network.director().exec("ip", "link", "set", "out", "down");
            network.director().exec("ip", "link", "set", "out", "up");

            assertThat(network.ask("192.0.2.10", 7, "b")).isEqualTo("real1:b");
            assertThat(counter(client, "rings of out opened")).isEqualTo(2);
            assertThat(dataplane.conductor()).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1400, 4000})
    void shouldEchoDatagrams(int length) throws Exception {
        network.echo(7);
        try (Dataplane dataplane = network.launch(network.context(directory).workers(2));
                CncClient client = CncClient.attach(directory)) {
            client.table().addService(spec(service(UDP, 7)));
            client.table().addServer(service(UDP, 7), server(2, 7));

            final String question = "x".repeat(length);
            assertThat(network.ask("192.0.2.10", 7, question)).isEqualTo("real2:" + question);
            assertThat(dataplane.conductor()).isNotNull();
        }
    }

    @Test
    void shouldComeBackAfterTheInterfaceWasMadeAnew() throws Exception {
        network.echo(7);
        try (Dataplane dataplane = network.launch(network.context(directory).workers(2));
                CncClient client = CncClient.attach(directory)) {
            client.table().addService(spec(service(UDP, 7)));
            client.table().addServer(service(UDP, 7), server(1, 7));
            assertThat(network.ask("192.0.2.10", 7, "a")).isEqualTo("real1:a");

            network.renewOutside();

            assertThat(network.ask("192.0.2.10", 7, "b")).isEqualTo("real1:b");
            assertThat(counter(client, "rings of out opened")).isEqualTo(2);
            // the rules are at the new interface: the host does not see what is for the virtual address
            final String before = network.hostStatistics();
            assertThat(network.ask("192.0.2.10", 7, "c")).isEqualTo("real1:c");
            assertThat(network.hostStatistics()).isEqualTo(before);
            assertThat(dataplane.conductor()).isNotNull();
        }
    }

    @Test
    void shouldServeAnAddressThatTheHostHasItself() throws Exception {
        final byte[] bytes = new byte[100_000];
        network.serve(bytes);
        network.director().address("out", "192.0.2.10/32");
        try (Dataplane dataplane = network.launch(network.context(directory));
                CncClient client = CncClient.attach(directory)) {
            client.table().addService(spec(service(TCP, 80)));
            client.table().addService(spec(service(UDP, 0)));
            client.table().addServer(service(TCP, 80), server(1, 80));
            TestNetwork.await(
                    "the rule",
                    () -> network.director().exec("nft", "list", "ruleset").contains("192.0.2.10 . tcp . 80"));

            // without the rule the host's reset would end the connection
            assertThat(network.fetch("192.0.2.10")).hasSize(bytes.length);
            assertThat(TestNetwork.ping(network.client(), "192.0.2.10")).isTrue();
            assertThat(dataplane.conductor()).isNotNull();
        }
    }

    @Test
    void shouldHideAddressesInTheEndIfTheRulesAreRefusedAtFirst() throws Exception {
        final AtomicInteger refusals = new AtomicInteger();
        final DataplaneContext context = network.context(directory).nft(script -> {
            if (script.contains("192.0.2.10") && refusals.getAndIncrement() < 4) {
                throw new HostGuard.GuardException("refused");
            }
            Nft.run(script);
        });
        try (Dataplane dataplane = network.launch(context);
                CncClient client = CncClient.attach(directory)) {
            client.table().addService(spec(service(TCP, 80)));

            TestNetwork.await(
                    "the rule",
                    () -> network.director().exec("nft", "list", "ruleset").contains("192.0.2.10 : drop"));
            assertThat(counter(client, "errors in duty cycles")).isEqualTo(4);
            assertThat(dataplane.conductor()).isNotNull();
        }
    }

    @Test
    void shouldLeaveTheHostItsOwnTraffic() throws Exception {
        try (Dataplane dataplane = network.launch(network.context(directory));
                CncClient client = CncClient.attach(directory)) {
            client.table().addService(spec(service(UDP, 7)));

            assertThat(TestNetwork.ping(network.client(), "192.0.2.9")).isTrue();
            assertThat(TestNetwork.ping(network.real(1), "10.9.0.9")).isTrue();

            assertThat(dataplane.conductor()).isNotNull();
        }
    }

    @Test
    void shouldRouteWhatItKeepsFromTheHost() throws Exception {
        network.client().exec("ip", "route", "add", "10.9.0.0/24", "via", "192.0.2.9");
        try (Dataplane dataplane = network.launch(network.context(directory).workers(2));
                CncClient client = CncClient.attach(directory)) {
            assertThat(TestNetwork.ping(network.client(), "10.9.0.2")).isTrue();

            assertThat(counter(client, "frames routed")).isPositive();
            assertThat(dataplane.conductor()).isNotNull();
        }
    }

    @Test
    void shouldAnswerArpAndEchoForOwnedAddressesAndAnnounceThem() throws Exception {
        final String mac = network.director().macAddress("out");
        try (Dataplane dataplane = network.launch(network.context(directory));
                CncClient client = CncClient.attach(directory)) {
            network.client()
                    .exec(
                            "ip",
                            "neigh",
                            "add",
                            "192.0.2.55",
                            "lladdr",
                            "02:00:00:00:00:01",
                            "nud",
                            "stale",
                            "dev",
                            "c0");
            assertThat(client.host().ownAddress(InetAddr.v4(Addresses.parse("192.0.2.55")), "out"))
                    .isZero();
            TestNetwork.await(
                    "the announcement",
                    () -> network.client()
                            .exec("ip", "neigh", "show", "192.0.2.55")
                            .contains(mac));

            network.client().exec("ip", "neigh", "flush", "all");
            assertThat(TestNetwork.ping(network.client(), "192.0.2.55")).isTrue();

            assertThat(network.client().exec("ip", "neigh", "show", "192.0.2.55"))
                    .contains(mac);
            assertThat(client.host().disownAddress(InetAddr.v4(Addresses.parse("192.0.2.55"))))
                    .isZero();
            assertThat(client.host().announceAddress(InetAddr.v4(Addresses.parse("192.0.2.55"))))
                    .isNotZero();
            assertThat(dataplane.conductor()).isNotNull();
        }
    }

    @Test
    void shouldGiveAnAddressUpToAnotherDirectorWhenItsPulseIsGone() throws Exception {
        final InetAddr address = InetAddr.v4(Addresses.parse("192.0.2.55"));
        network.client().address("c0", "192.0.2.55/32");
        try (Dataplane dataplane = network.launch(network.context(directory));
                CncClient client = CncClient.attach(directory)) {
            client.host().ownAddress(address, "out");
            // who sends from an address asks for neighbours in its name
            network.client().exec("ip", "route", "add", "192.0.2.200/32", "dev", "c0", "src", "192.0.2.55");
            TestNetwork.ping(network.client(), "192.0.2.200");
            TestNetwork.await("the claim", () -> counter(client, "ARP claims of our addresses by others") > 0);
            assertThat(owned(client)).containsExactly(new OwnedAddress(address, "out"));

            // no further claim comes by itself: it must ask
            client.cnc().supervise(1);

            TestNetwork.await(
                    "the end of it", () -> owned(client).contains(new OwnedAddress(address, OwnedAddress.NOWHERE)));
            assertThat(counter(client, "addresses given up to another director"))
                    .isEqualTo(1);
            assertThat(dataplane.conductor()).isNotNull();
        }
        network.client().exec("ip", "address", "del", "192.0.2.55/32", "dev", "c0");
        // the next process does not take it back, but a command does
        try (Dataplane dataplane = network.launch(network.context(directory));
                CncClient client = CncClient.attach(directory)) {
            assertThat(TestNetwork.ping(network.client(), "192.0.2.55")).isFalse();
            client.host().ownAddress(address, "out");
            assertThat(TestNetwork.ping(network.client(), "192.0.2.55")).isTrue();
            assertThat(dataplane.conductor()).isNotNull();
        }
    }

    private static List<OwnedAddress> owned(CncClient client) {
        return client.tableImages().read().image().addresses();
    }

    @Test
    void shouldKeepConnectionsTogetherOnOneInterfaceForBothSides() throws Exception {
        network.echo(7);
        network.moveClientInside();
        final DataplaneContext context =
                new DataplaneContext().directory(directory).outside("in").inside("in");
        context.connections(4096).slots(64).ringMib(4).workers(4);
        try (Dataplane dataplane = network.launch(context);
                CncClient client = CncClient.attach(directory)) {
            client.table().addService(spec(service(UDP, 7)));
            client.table().addServer(service(UDP, 7), server(1, 7));
            client.table().addServer(service(UDP, 7), server(2, 7));

            final Set<String> answers = new HashSet<>();
            for (int i = 0; i < 24; i++) {
                answers.add(network.askOnce("192.0.2." + (100 + i), "192.0.2.10", 7, "x"));
            }

            assertThat(answers).containsExactlyInAnyOrder("real1:x", "real2:x");
            assertThat(counter(client, "frames forwarded to clients")).isGreaterThanOrEqualTo(24);
            assertThat(dataplane.conductor()).isNotNull();
        }
    }

    private static long counter(CncClient client, String label) {
        return CountersSnapshot.sums(client.cnc().counterValues()).getOrDefault(label, -1L);
    }

    private static void assertAccounts(CncClient client) {
        final Map<String, Long> sums = CountersSnapshot.sums(client.cnc().counterValues());
        long ended = 0;
        for (final Map.Entry<String, Long> counter : sums.entrySet()) {
            final String label = counter.getKey();
            if (label.startsWith("dropped: ")
                    || label.startsWith("frames forwarded")
                    || label.equals("frames routed")
                    || label.equals("frames answered")
                    || label.equals("frames left to the host")
                    || label.equals("fragments held")) {
                ended += counter.getValue();
            }
        }
        assertThat(sums.get("frames received")).isEqualTo(ended).isPositive();
    }
}
