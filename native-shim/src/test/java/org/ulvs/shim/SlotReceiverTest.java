// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

import static org.assertj.core.api.Assertions.assertThat;

import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.ulvs.wire.FrameBatch;

/** Slots in memory, in blocks that are a little longer than their slots. */
class SlotReceiverTest {
    private static final int BLOCK = 4096;
    private static final int SLOT = 224;
    private static final int SLOTS_PER_BLOCK = 18;
    private static final int SLOTS = 3 * SLOTS_PER_BLOCK;
    private static final int MAC = 146;

    private final UnsafeBuffer memory =
            new UnsafeBuffer(BufferUtil.allocateDirectAligned(SLOTS / SLOTS_PER_BLOCK * BLOCK, BLOCK));
    private final SlotReceiver receiver =
            new SlotReceiver(-1, memory.addressOffset(), memory.capacity(), BLOCK, SLOT, 0, 0, new RingCounters());
    private final FrameBatch batch = new FrameBatch(SLOTS + 1);

    private static int index(int slot) {
        return slot % SLOTS / SLOTS_PER_BLOCK * BLOCK + slot % SLOTS_PER_BLOCK * SLOT;
    }

    private void provide(int slot) {
        memory.putInt(index(slot) + MAC, slot);
        SlotReceiver.provide(memory, index(slot), MAC, 60);
    }

    private int receive() {
        batch.clear();
        return receiver.receive(batch);
    }

    @Test
    void shouldReadTheSlotsOfAllBlocksInTurn() {
        for (int slot = 0; slot < 3 * SLOTS + 7; slot++) {
            provide(slot);

            assertThat(receive()).isEqualTo(1);
            assertThat(batch.get(0).buffer().getInt(batch.get(0).offset())).isEqualTo(slot);
            assertThat(batch.get(0).capacity()).isEqualTo(SLOT - MAC);
            receiver.release();
        }
    }

    @Test
    void shouldReadNoSlotAgainBeforeItIsGivenBack() {
        for (int slot = 0; slot < SLOTS; slot++) {
            provide(slot);
        }

        assertThat(receive()).isEqualTo(SLOTS);
        assertThat(receive()).isZero();
        receiver.release();
        assertThat(receive()).isZero();
        provide(0);
        assertThat(receive()).isEqualTo(1);
    }

    @Test
    void shouldTellWhetherAFrameHasArrivedSoManyPlacesAhead() {
        for (int next = 0; next < SLOTS; next++) {
            for (int places = 1; places < SLOTS; places++) {
                assertThat(receiver.hasArrived(places)).isFalse();
                provide(next + places);
                assertThat(receiver.hasArrived(places)).isTrue();
                memory.putInt(index(next + places), 0);
            }
            provide(next);
            assertThat(receive()).isEqualTo(1);
            receiver.release();
        }
    }
}
