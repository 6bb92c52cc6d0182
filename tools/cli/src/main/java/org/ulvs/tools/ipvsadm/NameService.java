// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.InetAddr;

/** Names of hosts and services. */
interface NameService {
    /** Knows no name: whatever is written has to be a number. */
    NameService NUMBERS_ONLY = new NameService() {
        @Override
        public @Nullable InetAddr hostAddress(String name) {
            return null;
        }

        @Override
        public @Nullable String hostName(InetAddr address) {
            return null;
        }

        @Override
        public int servicePort(String name, String protocol) {
            return -1;
        }

        @Override
        public @Nullable String serviceName(int port, String protocol) {
            return null;
        }
    };

    /** First IPv4 address of a host, or null where it has none. */
    @Nullable
    InetAddr hostAddress(String name);

    /** Name of a host, or null where it has none. */
    @Nullable
    String hostName(InetAddr address);

    /** Port of a service, or -1. */
    int servicePort(String name, String protocol);

    /** Name of a service, or null where it has none. */
    @Nullable
    String serviceName(int port, String protocol);
}
