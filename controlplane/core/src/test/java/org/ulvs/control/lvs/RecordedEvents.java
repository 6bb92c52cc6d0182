// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvs;

import java.util.Collection;

/** Notes what a workload tells pulse. */
public record RecordedEvents(Collection<String> events) implements LvsEvents {
    @Override
    public void onActivated() {
        events.add("activated");
    }

    @Override
    public void onDeactivated() {
        events.add("deactivated");
    }

    @Override
    public void onDataplane(boolean alive) {
        events.add(alive ? "alive" : "dead");
    }

    @Override
    public void onRemoteServiceFault(String text) {
        events.add("fault");
    }
}
