// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.table;

import java.time.Duration;
import java.util.List;
import java.util.function.ObjIntConsumer;
import org.ulvs.cnc.HostAdmin;
import org.ulvs.cnc.TableAdmin;
import org.ulvs.cnc.TableImage;

/**
 * The dataplane of this node as the control plane sees it. One thread. Calls that reach a dead dataplane throw
 * {@link org.ulvs.cnc.DataplaneException}.
 */
public interface Director extends AutoCloseable {
    /**
     * Attaches where that is needed.
     *
     * @return whether the dataplane is alive
     */
    boolean connect();

    /** How long a dataplane that hangs counts as alive, from the next {@link #connect} on. */
    void patience(Duration limit);

    /**
     * Tells the dataplane that it is looked after; to be repeated more often than once in two seconds. A dataplane that
     * hears it no more gives up each address that another station claims. Only after {@link #connect} succeeded.
     *
     * @param partner whether there is another director that could take over
     */
    void supervise(boolean partner);

    /** What the dataplane holds now. */
    TableImage image();

    /** Commands on the table. */
    TableAdmin table();

    /** Commands on addresses. */
    HostAdmin host();

    /**
     * Gives commands one after another, as fast as the dataplane takes them.
     *
     * @param results hears each command's {@link org.ulvs.cnc.Errno}, in order
     */
    void run(List<TableCommand> commands, ObjIntConsumer<TableCommand> results);

    /** Why {@link #connect} last failed, for people; empty when it did not. */
    String failure();

    @Override
    void close();
}
