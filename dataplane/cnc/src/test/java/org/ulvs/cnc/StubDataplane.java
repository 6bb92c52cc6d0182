// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.EpochClock;

/** A conductor's files, stepped by the test; it notes the calls that reach it and answers as told. */
final class StubDataplane implements AutoCloseable {
    final CncFile cnc;
    final CommandAdapter adapter;
    final TableImageWriter images;
    final List<String> calls = new ArrayList<>();
    TableImage image = TableImage.EMPTY;
    int errno;
    RuntimeException failure = new IllegalStateException("not used");
    boolean failing;
    Runnable afterChanges = () -> {};

    StubDataplane(Path directory, EpochClock clock) throws IOException {
        cnc = CncFile.create(directory, clock);
        images = TableImageWriter.open(directory, 64);
        adapter = new CommandAdapter(
                cnc, stub(TableAdmin.class), stub(HostAdmin.class), () -> afterChanges.run(), images);
    }

    private <T> T stub(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getReturnType() == TableImage.class) {
                        return image;
                    }
                    calls.add(method.getName() + (arguments == null ? "[]" : Arrays.toString(arguments)));
                    if (failing) {
                        throw failure;
                    }
                    return method.getReturnType() == CommandResult.class
                            ? CommandResult.of(errno)
                            : (Object) Integer.valueOf(errno);
                }));
    }

    @Override
    public void close() throws IOException {
        cnc.close();
    }
}
