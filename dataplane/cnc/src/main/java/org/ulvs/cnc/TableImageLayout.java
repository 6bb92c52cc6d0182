// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import java.util.zip.CRC32;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Layout of {@code table.dat}: a header page, then two areas that are written in turn. Native byte order.
 *
 * <pre>
 *  header page (4096)                          area
 *    0 int32 layout version                      0 int64 generation, -1 while it is written
 *    4 int32 length of an area                   8 int32 length of the image
 *   64 int64 generation of the newest whole     12 int32 CRC-32 of the image
 *            image; it lies in area             64 the image
 *            (generation and 1)
 * </pre>
 *
 * <p>A writer that dies anywhere leaves the newest whole image readable; a reader that is overtaken sees it by the
 * area's generation or by the checksum and reads again.
 */
final class TableImageLayout {
    static final int VERSION = 1;
    static final int HEADER_LENGTH = 4096;
    static final int VERSION_OFFSET = 0;
    static final int AREA_LENGTH_OFFSET = 4;
    static final int GENERATION_OFFSET = 64;

    static final int AREA_GENERATION_OFFSET = 0;
    static final int AREA_SIZE_OFFSET = 8;
    static final int AREA_CHECKSUM_OFFSET = 12;
    static final int AREA_HEADER_LENGTH = 64;

    /** Longest rule text that an image can hold. */
    static final int MAX_RULES_LENGTH = 1024 * 1024;

    private static final int FIXED_LENGTH = 64 * 1024;
    private static final int LENGTH_PER_SLOT = 160;

    private TableImageLayout() {}

    /** Bytes that an image needs at most with so many server records. */
    static int areaLength(int slots) {
        return Math.toIntExact(FIXED_LENGTH + MAX_RULES_LENGTH + (long) slots * LENGTH_PER_SLOT) & ~63;
    }

    static long fileLength(int areaLength) {
        return HEADER_LENGTH + 2L * areaLength;
    }

    static int area(long generation, int areaLength) {
        return HEADER_LENGTH + (int) (generation & 1) * areaLength;
    }

    static int checksum(byte[] bytes, int length) {
        final CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    /** The image of a generation, or null where its area holds another or is damaged. */
    static TableImageReader.@Nullable Snapshot read(DirectBuffer buffer, long generation, int areaLength) {
        final int area = area(generation, areaLength);
        final int length = buffer.getInt(area + AREA_SIZE_OFFSET);
        final int checksum = buffer.getInt(area + AREA_CHECKSUM_OFFSET);
        if (buffer.getLong(area + AREA_GENERATION_OFFSET) != generation
                || length < 0
                || length > areaLength - AREA_HEADER_LENGTH) {
            return null;
        }
        final byte[] bytes = new byte[length];
        buffer.getBytes(area + AREA_HEADER_LENGTH, bytes);
        if (checksum(bytes, length) != checksum) {
            return null;
        }
        final UnsafeBuffer image = new UnsafeBuffer(bytes);
        return new TableImageReader.Snapshot(generation, SpecCodec.image(new MessageReader(image, 0, length)));
    }
}
