// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Memory for tables that are met at random: in huge pages where the kernel gives them, so that a look into it does not
 * cost a walk of the page tables as well. Mapped until nobody holds the buffer any more.
 */
public final class HugeMemory {
    private static final Cleaner CLEANER = Cleaner.create();

    private HugeMemory() {}

    /**
     * Maps a file of that length for reading and writing.
     *
     * @throws ShimException if it cannot be mapped
     */
    public static UnsafeBuffer file(Path file, long length) {
        return map(file, length);
    }

    /**
     * Zeroed memory that no other process sees.
     *
     * @throws ShimException if there is not as much
     */
    public static UnsafeBuffer anonymous(long length) {
        return map(null, length);
    }

    private static UnsafeBuffer map(@Nullable Path file, long length) {
        final UnsafeBuffer out = new UnsafeBuffer(ByteBuffer.allocateDirect(Long.BYTES));
        final String path = file == null ? null : file.toString();
        Shim.check(
                Shim.calls().map(path, length, out.addressOffset()),
                "mapping " + (file == null ? length + " bytes" : file));
        final long address = out.getLong(0);
        final UnsafeBuffer memory = new UnsafeBuffer(address, (int) length);
        CLEANER.register(memory, () -> Shim.calls().unmap(address, length));
        return memory;
    }
}
