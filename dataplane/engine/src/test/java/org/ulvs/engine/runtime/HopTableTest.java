// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.agrona.collections.Long2LongHashMap;
import org.junit.jupiter.api.Test;
import org.ulvs.engine.forward.HopCache;
import org.ulvs.engine.forward.NextHops;

/** Ways by prefix, gateway and neighbour; what a worker remembers of them. */
class HopTableTest {
    private static final int OUR_ADDRESS = Addresses.parse("192.0.2.1");
    private static final int ROUTER = Addresses.parse("192.0.2.2");
    private static final int SILENT_ROUTER = Addresses.parse("192.0.2.3");
    private static final int SERVER = Addresses.parse("192.0.2.10");
    private static final int CLIENT = Addresses.parse("203.0.113.9");
    private static final int BEHIND_THE_SILENT = Addresses.parse("198.51.100.9");
    private static final int FORBIDDEN = Addresses.parse("198.18.0.1");
    private static final int BY_THE_HOST = Addresses.parse("10.0.0.1");
    private static final int OWN_NETWORK = Addresses.parse("127.0.0.0");
    private static final int ROUTED_INTO_IT = Addresses.parse("127.0.0.5");
    private static final long OUR_MAC = 0x0200_0000_0001L;
    private static final long SERVER_MAC = 0x0200_0000_0010L;
    private static final long ROUTER_MAC = 0x0200_0000_0002L;
    private static final long NEXT_ROUTER_MAC = 0x0200_0000_0042L;

    private final PublishedNextHops nextHops = new PublishedNextHops(new NeighbourRequests());
    private final HopCache cache = new HopCache(nextHops);

    private static HopTable table(long routerMac) {
        final PrefixMap local = new PrefixMap.Builder()
                .put(OUR_ADDRESS, 32, 0)
                .put(OWN_NETWORK, 8, 0)
                .build();
        final PrefixMap main = new PrefixMap.Builder()
                .put(OUR_ADDRESS, 24, 0)
                .put(CLIENT, 24, 1)
                .put(BEHIND_THE_SILENT, 24, 2)
                .put(FORBIDDEN, 15, 3)
                .put(BY_THE_HOST, 8, 4)
                .put(ROUTED_INTO_IT, 32, 1)
                .build();
        final Long2LongHashMap neighbours = new Long2LongHashMap(0);
        neighbours.put(NeighbourTable.key(0, ROUTER), routerMac);
        neighbours.put(NeighbourTable.key(0, SERVER), SERVER_MAC);
        return new HopTable(
                local,
                main,
                new HopTable.Route[] {
                    new HopTable.Route(0, 0, OUR_ADDRESS, 1500),
                    new HopTable.Route(0, ROUTER, OUR_ADDRESS, 1400),
                    new HopTable.Route(0, SILENT_ROUTER, OUR_ADDRESS, 1500),
                    new HopTable.Route(HopTable.UNREACHABLE, 0, 0, 0),
                    new HopTable.Route(HopTable.OTHER_INTERFACE, ROUTER, 0, 1500)
                },
                new HopTable.PortFacts[] {new HopTable.PortFacts(OUR_MAC, OUR_ADDRESS, false)},
                new NeighbourTable(neighbours));
    }

    @Test
    void shouldHaveTheWayToAGatewayAtHand() {
        final NextHops.Hop way = Objects.requireNonNull(table(ROUTER_MAC).gateway(CLIENT));

        assertThat(way.port).isZero();
        assertThat(way.sourceMac).isEqualTo(OUR_MAC);
        assertThat(way.destinationMac).isEqualTo(ROUTER_MAC);
        assertThat(way.mtu).isEqualTo(1400);
        assertThat(way.sourceAddress).isEqualTo(OUR_ADDRESS);
    }

    @Test
    void shouldLeaveAllElseToALookup() {
        final HopTable table = table(ROUTER_MAC);
        final NextHops.Hop hop = new NextHops.Hop();
        nextHops.publish(table);

        assertThat(table.gateway(SERVER)).as("on the link").isNull();
        assertThat(nextHops.lookup(SERVER, hop)).isEqualTo(NextHops.FORWARD);
        assertThat(hop.destinationMac).isEqualTo(SERVER_MAC);
        assertThat(table.gateway(OUR_ADDRESS)).as("our own").isNull();
        assertThat(nextHops.lookup(OUR_ADDRESS, hop)).isEqualTo(NextHops.LOCAL);
        assertThat(table.gateway(ROUTED_INTO_IT)).as("our own before any route").isNull();
        assertThat(nextHops.lookup(ROUTED_INTO_IT, hop)).isEqualTo(NextHops.LOCAL);
        assertThat(table.gateway(BEHIND_THE_SILENT))
                .as("a gateway that does not answer")
                .isNull();
        assertThat(nextHops.lookup(BEHIND_THE_SILENT, hop)).isEqualTo(NextHops.FORWARD);
        assertThat(hop.isResolved()).isFalse();
        assertThat(table.gateway(FORBIDDEN)).as("forbidden").isNull();
        assertThat(nextHops.lookup(FORBIDDEN, hop)).isEqualTo(NextHops.NO_ROUTE);
        assertThat(table.gateway(BY_THE_HOST)).as("another interface").isNull();
        assertThat(nextHops.lookup(BY_THE_HOST, hop)).isEqualTo(NextHops.NOT_OURS);
        assertThat(table.gateway(Addresses.parse("9.9.9.9"))).as("no route").isNull();
        assertThat(nextHops.lookup(Addresses.parse("9.9.9.9"), hop)).isEqualTo(NextHops.NO_ROUTE);
    }

    @Test
    void shouldMarkAGatewayThatPacketsUse() {
        final HopTable table = table(ROUTER_MAC);

        assertThat(table.neighbours().takeUse(0, ROUTER)).isFalse();
        table.gateway(CLIENT);
        assertThat(table.neighbours().takeUse(0, ROUTER)).isTrue();
        table.gateway(CLIENT);
        assertThat(table.neighbours().takeUse(0, ROUTER)).as("again").isTrue();
    }

    @Test
    void shouldSendClientsToTheGatewayThatThereIsNow() {
        nextHops.publish(table(ROUTER_MAC));
        assertThat(cache.find(CLIENT).destinationMac).isEqualTo(ROUTER_MAC);
        nextHops.publish(table(NEXT_ROUTER_MAC));

        assertThat(cache.find(CLIENT).destinationMac).isEqualTo(NEXT_ROUTER_MAC);
        assertThat(cache.find(SERVER).destinationMac).isEqualTo(SERVER_MAC);
    }
}
