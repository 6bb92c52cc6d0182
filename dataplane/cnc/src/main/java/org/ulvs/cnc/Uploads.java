// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Arguments too long for one message, collected part by part. A client may die before its last part, so only a few are
 * kept and the oldest gives way. Conductor thread only.
 */
final class Uploads {
    static final int MAX_UPLOADS = 8;
    static final int MAX_LENGTH = 16 * 1024 * 1024;

    private final Map<Long, MessageWriter> uploads = new LinkedHashMap<>();

    /** Adds a part, which must follow the one before; returns {@link Errno}. */
    int add(long id, int offset, byte[] bytes) {
        MessageWriter upload = uploads.get(id);
        if (upload == null && offset == 0) {
            if (uploads.size() == MAX_UPLOADS) {
                final Iterator<Long> oldest = uploads.keySet().iterator();
                oldest.next();
                oldest.remove();
            }
            upload = new MessageWriter();
            uploads.put(id, upload);
        }
        if (upload == null || upload.length() != offset) {
            return Errno.EINVAL;
        }
        if (offset + bytes.length > MAX_LENGTH) {
            uploads.remove(id);
            return Errno.EMSGSIZE;
        }
        upload.putBytes(bytes, 0, bytes.length);
        return Errno.OK;
    }

    /** Takes an argument out, or null where there is none. */
    @Nullable
    MessageReader take(long id) {
        final MessageWriter upload = uploads.remove(id);
        return upload == null ? null : new MessageReader(upload.buffer(), 0, upload.length());
    }
}
