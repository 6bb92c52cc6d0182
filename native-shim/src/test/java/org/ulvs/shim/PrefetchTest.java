// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

import static org.assertj.core.api.Assertions.assertThat;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class PrefetchTest {
    @Test
    void shouldLeaveMemoryAsItIsAndEndureAddressesOfNothing() {
        final UnsafeBuffer memory = HugeMemory.anonymous(4096);
        memory.putLong(64, 42);
        final Prefetch prefetch = new Prefetch(3);
        prefetch.put(0, memory.addressOffset() + 64);
        prefetch.put(1, 0);
        prefetch.put(2, Long.MAX_VALUE);
        prefetch.request(3);
        assertThat(memory.getLong(64)).isEqualTo(42);
        assertThat(memory.getLong(0)).isZero();
    }
}
