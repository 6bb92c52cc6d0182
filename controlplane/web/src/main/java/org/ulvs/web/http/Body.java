// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/** Reads the body of one request without holding a thread, up to so many bytes and for so long. */
final class Body implements Runnable {
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Request request;
    private final int mostBytes;
    private final boolean kept;
    private int length;

    private Body(Request request, int mostBytes, boolean kept) {
        this.request = request;
        this.mostBytes = mostBytes;
        this.kept = kept;
    }

    /** More than is allowed. */
    static final class TooLargeException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /**
     * The whole body; fails with a {@link TooLargeException}, at once if the request says so, or a
     * {@link java.util.concurrent.TimeoutException}.
     */
    static CompletableFuture<byte[]> read(Request request, int mostBytes, Duration time) {
        if (request.getLength() > mostBytes) {
            return CompletableFuture.failedFuture(new TooLargeException());
        }
        return new Body(request, mostBytes, true).begin(time);
    }

    /**
     * Reads what is left and forgets it. An answer before that would not reach everybody: a connection that is closed
     * with bytes unread is reset, and a client that is still sending then sees that and nothing else.
     */
    static CompletableFuture<byte[]> skip(Request request, int mostBytes, Duration time) {
        return new Body(request, mostBytes, false).begin(time);
    }

    private CompletableFuture<byte[]> begin(Duration time) {
        run();
        return whole.isDone() ? whole : whole.orTimeout(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void run() {
        while (!whole.isDone()) {
            final Content.Chunk chunk = request.read();
            if (chunk == null) {
                if (isWithheld()) {
                    whole.complete(bytes.toByteArray());
                } else {
                    request.demand(this);
                }
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                whole.completeExceptionally(chunk.getFailure());
                return;
            }
            final boolean fits = add(chunk.getByteBuffer());
            final boolean last = chunk.isLast();
            chunk.release();
            if (!fits) {
                whole.completeExceptionally(new TooLargeException());
            } else if (last) {
                whole.complete(bytes.toByteArray());
            }
        }
    }

    /** Whether a body that nobody wants has not been sent yet: its sender asks first, and demand would be the leave. */
    private boolean isWithheld() {
        return !kept
                && length == 0
                && request.getLength() > 0
                && request.getHeaders().contains(HttpHeader.EXPECT, "100-continue");
    }

    private boolean add(ByteBuffer part) {
        if (part.remaining() > mostBytes - length) {
            return false;
        }
        length += part.remaining();
        if (kept) {
            final byte[] copy = new byte[part.remaining()];
            part.get(copy);
            bytes.writeBytes(copy);
        }
        return true;
    }
}
