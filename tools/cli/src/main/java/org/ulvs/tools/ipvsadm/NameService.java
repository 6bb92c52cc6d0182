// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.InetAddr;

/** Names of hosts and services. */
interface NameService {
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
