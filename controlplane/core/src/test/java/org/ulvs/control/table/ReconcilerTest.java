// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.ulvs.cnc.InetAddr;
import org.ulvs.cnc.OwnedAddress;
import org.ulvs.cnc.ServerImage;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.cnc.ServiceImage;
import org.ulvs.cnc.ServiceKey;
import org.ulvs.cnc.ServiceSpec;
import org.ulvs.cnc.TableImage;

class ReconcilerTest {
    private static final InetAddr VIP = InetAddr.v4(0xC000020A);
    private static final OwnedAddress OWNED = new OwnedAddress(VIP, "eth0");
    private static final ServiceKey WEB = new ServiceKey(6, VIP, 80, 0);
    private static final ServiceKey FOREIGN = new ServiceKey(6, VIP, 81, 0);
    private static final ServiceSpec SERVICE = new ServiceSpec(WEB, "wlc", 0, 0, -1);

    private static ServerSpec server(int number, int weight) {
        return ServerSpec.of(InetAddr.v4(0x0A000000 + number), 80, ServerSpec.MASQUERADE, weight);
    }

    private static DesiredTable desired(ServiceSpec service, ServerSpec... servers) {
        return new DesiredTable(
                List.of(new DesiredService(service, Arrays.asList(servers))),
                List.of(OWNED),
                0,
                0,
                0,
                Optional.empty());
    }

    private static TableImage image(List<OwnedAddress> addresses, ServiceSpec service, ServerSpec... servers) {
        final List<ServerImage> images = new ArrayList<>();
        for (final ServerSpec server : servers) {
            images.add(new ServerImage(server, images.size()));
        }
        return new TableImage(
                0,
                1,
                900,
                120,
                300,
                List.of(new ServiceImage(service, 9, images)),
                List.of(),
                Map.of(),
                "",
                List.of(),
                addresses);
    }

    private static List<String> commands(DesiredTable desired, TableImage image) {
        return Reconciler.commands(desired, image, Set.of(WEB), Set.of(VIP)).stream()
                .map(TableCommand::describe)
                .toList();
    }

    @Test
    void shouldDoNothingWhenAllIsRight() {
        assertThat(commands(desired(SERVICE, server(1, 1)), image(List.of(OWNED), SERVICE, server(1, 1))))
                .isEmpty();
    }

    @Test
    void shouldFillAnEmptyTableAndTakeTheAddressLast() {
        assertThat(commands(desired(SERVICE, server(1, 1), server(2, 3)), TableImage.EMPTY))
                .containsExactly(
                        "ipvsadm -A -t 192.0.2.10:80 -s wlc",
                        "ipvsadm -a -t 192.0.2.10:80 -r 10.0.0.1:80 -m -w 1",
                        "ipvsadm -a -t 192.0.2.10:80 -r 10.0.0.2:80 -m -w 3",
                        "own 192.0.2.10 on eth0");
    }

    @Test
    void shouldGiveUpTheAddressFirst() {
        assertThat(commands(DesiredTable.NOTHING, image(List.of(OWNED), SERVICE, server(1, 1))))
                .containsExactly("disown 192.0.2.10", "ipvsadm -D -t 192.0.2.10:80");
    }

    @Test
    void shouldChangeOnlyWhatDiffersAndAddBeforeItRemoves() {
        final ServiceSpec persistent = new ServiceSpec(WEB, "rr", ServiceSpec.PERSISTENT, 60, -1);

        assertThat(commands(
                        desired(persistent, server(1, 1), server(2, 5), server(4, 1)),
                        image(List.of(OWNED), SERVICE, server(1, 1), server(2, 1), server(3, 1))))
                .containsExactly(
                        "ipvsadm -E -t 192.0.2.10:80 -s rr -p 60",
                        "ipvsadm -e -t 192.0.2.10:80 -r 10.0.0.2:80 -m -w 5",
                        "ipvsadm -a -t 192.0.2.10:80 -r 10.0.0.4:80 -m -w 1",
                        "ipvsadm -d -t 192.0.2.10:80 -r 10.0.0.3:80");
    }

    @Test
    void shouldLeaveForeignServicesAndAddressesAlone() {
        final ServiceSpec foreign = new ServiceSpec(FOREIGN, "wlc", 0, 0, -1);
        final OwnedAddress other = new OwnedAddress(InetAddr.v4(0xC000020B), "eth0");

        assertThat(commands(DesiredTable.NOTHING, image(List.of(other), foreign, server(1, 1))))
                .isEmpty();
    }

    @Test
    void shouldSetTimeoutsOnlyWhereTheyDiffer() {
        final DesiredTable timeouts = new DesiredTable(List.of(), List.of(), 900, 60, 0, Optional.empty());

        assertThat(commands(timeouts, TableImage.EMPTY)).containsExactly("ipvsadm --set 900 60 0");
        assertThat(commands(new DesiredTable(List.of(), List.of(), 900, 120, 300, Optional.empty()), TableImage.EMPTY))
                .isEmpty();
    }

    @Test
    void shouldMoveAnAddressToAnotherDevice() {
        final OwnedAddress elsewhere = new OwnedAddress(VIP, "eth1");

        assertThat(commands(desired(SERVICE, server(1, 1)), image(List.of(elsewhere), SERVICE, server(1, 1))))
                .containsExactly("own 192.0.2.10 on eth0");
    }
}
