// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The schedulers that are on the class path, by name. */
public final class Schedulers {
    private static final Map<String, SchedulerProvider> PROVIDERS = load();

    private Schedulers() {}

    /** The provider with this name, or null. */
    public static @Nullable SchedulerProvider byName(final String name) {
        return PROVIDERS.get(name);
    }

    /** All names, in alphabetical order. */
    public static Collection<String> names() {
        return PROVIDERS.keySet();
    }

    private static Map<String, SchedulerProvider> load() {
        final Map<String, SchedulerProvider> providers = new TreeMap<>();
        for (final SchedulerProvider provider :
                ServiceLoader.load(SchedulerProvider.class, SchedulerProvider.class.getClassLoader())) {
            final SchedulerProvider other = providers.put(provider.name(), provider);
            if (other != null) {
                throw new IllegalStateException("two schedulers are called " + provider.name() + ": " + other.getClass()
                        + " and " + provider.getClass());
            }
        }
        return Collections.unmodifiableMap(providers);
    }
}
