// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HostGuardTest {
    private final List<String> scripts = new ArrayList<>();
    private boolean refuses;
    private final HostGuard guard = new HostGuard("x", script -> {
        if (refuses) {
            throw new HostGuard.GuardException("refused");
        }
        scripts.add(script);
    });

    private static HostGuard.Rules rules(int addresses, String... interfaces) {
        return new HostGuard.Rules(
                List.of(interfaces), IntStream.range(0, addresses).boxed().toList(), List.of(), List.of());
    }

    @Test
    void shouldLeaveAloneWhatIsInPlace() {
        assertThat(guard.keep(rules(3, "eth0"), false)).isTrue();
        assertThat(guard.keep(rules(3, "eth0"), false)).isFalse();

        assertThat(scripts).hasSize(1);
    }

    @Test
    void shouldChangeAddressesWithoutChangingTheHook() {
        guard.keep(rules(3, "eth0"), false);
        guard.keep(rules(1024, "eth0"), false);

        assertThat(scripts).hasSize(2);
        assertThat(scripts.get(1)).doesNotContain("hook").contains("flush map", "0.0.3.255 : drop");
    }

    @Test
    void shouldMakeRoomForMoreAddresses() {
        guard.keep(rules(3, "eth0"), false);
        guard.keep(rules(1025, "eth0"), false);

        assertThat(scripts.get(1)).contains("hook", "size 2050\n", "0.0.4.0 : drop");
    }

    @Test
    void shouldHookAnInterfaceThatWasMadeAnew() {
        guard.keep(rules(3, "eth0"), false);
        guard.keep(rules(3, "eth0"), true);

        assertThat(scripts.get(1)).isEqualTo(scripts.get(0)).contains("hook");
    }

    @Test
    void shouldHookAnotherInterface() {
        guard.keep(rules(3, "eth0"), false);
        guard.keep(rules(3, "eth0", "eth1"), false);

        assertThat(scripts.get(1)).contains("devices = { \"eth0\", \"eth1\" }");
    }

    @Test
    void shouldTakeTheRulesAwayWithTheLastInterface() {
        guard.keep(rules(3, "eth0"), false);
        guard.keep(rules(3), false);
        guard.keep(rules(3, "eth0"), false);

        assertThat(scripts.get(1)).contains("delete table netdev ulvs_x").doesNotContain("hook");
        assertThat(scripts.get(2)).isEqualTo(scripts.get(0));
    }

    @Test
    void shouldTryAgainWhatFailed() {
        guard.keep(rules(3, "eth0"), false);
        refuses = true;
        assertThatThrownBy(() -> guard.keep(rules(4, "eth0"), true)).isInstanceOf(HostGuard.GuardException.class);
        refuses = false;

        guard.keep(rules(4, "eth0"), false);

        assertThat(scripts).hasSize(2);
        assertThat(scripts.get(1)).contains("hook", "0.0.0.3 : drop");
    }
}
