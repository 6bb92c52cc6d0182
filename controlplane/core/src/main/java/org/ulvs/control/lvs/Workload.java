// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvs;

import java.util.Optional;
import org.ulvs.control.lvscf.Configuration;

/** What the active director does. Methods other than {@link #run} leave word for the thread that runs it. */
public interface Workload extends AutoCloseable {
    /** Whether the work is being done already, as after a restart of pulse alone. Before {@link #run}. */
    boolean serves(Configuration candidate);

    /** A new configuration: what is still right stays as it is. */
    void configure(Configuration changed, Optional<String> markRules);

    /** Serve; answered by {@link LvsEvents#onActivated}. */
    void activate();

    /** As {@link #activate}, of what {@link #serves} already: nothing that is right is done again or announced. */
    void adopt();

    /** Do not serve; answered by {@link LvsEvents#onDeactivated}. */
    void deactivate();

    /** Announce all addresses once more. */
    void announceAgain();

    /** The newest state. */
    LvsStatus status();

    /** Runs until {@link #close}. */
    void run();

    @Override
    void close();
}
