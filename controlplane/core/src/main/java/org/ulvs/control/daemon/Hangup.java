// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.daemon;

import java.lang.reflect.Proxy;

/** SIGHUP, which the JVM would take as an order to end. */
public final class Hangup {
    private Hangup() {}

    /**
     * Calls an action on each SIGHUP, on a thread of the JVM. The class for signals has no supported name, so it is
     * looked up; without it SIGHUP ends the process as SIGTERM does.
     *
     * @return whether the action will be called
     */
    public static boolean handle(Runnable action) {
        try {
            final Class<?> signal = Class.forName("sun.misc.Signal");
            final Class<?> handler = Class.forName("sun.misc.SignalHandler");
            final Object proxy = Proxy.newProxyInstance(
                    Hangup.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        if ("handle".equals(method.getName())) {
                            action.run();
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), proxy);
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
