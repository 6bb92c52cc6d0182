// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.nat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PortPoolTest {
    @Test
    void shouldGiveEachPortOnceAndThenBeExhausted() {
        final PortPool pool = new PortPool(1024, 1323);
        final Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < 300; i++) {
            assertThat(ports.add(pool.acquire())).isTrue();
        }
        assertThat(ports).allMatch(port -> port >= 1024 && port <= 1323);
        assertThat(pool.acquire()).isEqualTo(PortPool.EXHAUSTED);
        assertThat(pool.acquire(1100)).isEqualTo(PortPool.EXHAUSTED);
        assertThat(pool.inUse()).isEqualTo(300);

        pool.release(1111);
        assertThat(pool.acquire()).isEqualTo(1111);
    }

    @Test
    void shouldLetAFreedPortRest() {
        final PortPool pool = new PortPool(1, 70);
        final int first = pool.acquire();
        pool.release(first);
        for (int i = 0; i < 69; i++) {
            assertThat(pool.acquire()).isNotEqualTo(first);
        }
        assertThat(pool.acquire()).isEqualTo(first);
    }

    @Test
    void shouldPreferTheWishedPort() {
        final PortPool pool = new PortPool(1000, 1999);
        assertThat(pool.acquire(1500)).isEqualTo(1500);
        assertThat(pool.acquire(1500)).isNotEqualTo(1500).isBetween(1000, 1999);
        assertThat(pool.acquire(20)).isBetween(1000, 1999);
    }

    @Test
    void shouldGiveWorkersPartsThatAreDisjointAndComplete() {
        final Set<Integer> ports = new HashSet<>();
        for (int worker = 0; worker < 7; worker++) {
            final PortPool pool = PortPool.slice(1024, 65535, worker, 7);
            for (int port = pool.acquire(); port != PortPool.EXHAUSTED; port = pool.acquire()) {
                assertThat(ports.add(port)).isTrue();
            }
        }
        assertThat(ports).hasSize(65535 - 1024 + 1);
    }

    @Test
    void shouldRefuseWhatMakesNoSense() {
        assertThatThrownBy(() -> new PortPool(0, 10)).hasMessageContaining("0-10");
        assertThatThrownBy(() -> new PortPool(10, 9)).hasMessageContaining("10-9");
        assertThatThrownBy(() -> PortPool.slice(1, 3, 0, 4)).hasMessageContaining("fewer ports");
        final PortPool pool = new PortPool(1, 10);
        assertThatThrownBy(() -> pool.release(3)).hasMessageContaining("3");
        assertThatThrownBy(() -> pool.release(11)).hasMessageContaining("11");
    }
}
