// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import static org.ulvs.control.lvscf.Key.Origin.PIRANHA;
import static org.ulvs.control.lvscf.Key.Origin.ULVS;
import static org.ulvs.control.lvscf.Key.Origin.WEB_TOOL;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;

/** Keys of server blocks, Piranha's in the order in which its web tool writes them. */
public final class ServerKeys {
    /** Address. */
    public static final Key<InetAddress> ADDRESS =
            new Key<>("address", ValueTypes.HOST, null, PIRANHA, "address of the real server");
    /** On or off. */
    public static final Key<Boolean> ACTIVE =
            new Key<>("active", ValueTypes.FLAG, false, PIRANHA, "1: in use; a block without this key is off");
    /** Port. */
    public static final Key<Integer> PORT = new Key<>(
            "port", ValueTypes.SERVER_PORT, null, PIRANHA, "port on the real server; default is the virtual server's");
    /** Weight. */
    public static final Key<Long> WEIGHT =
            new Key<>("weight", ValueTypes.INTEGER, 1L, PIRANHA, "capacity compared with the other servers");
    /** Written by the web tool only. */
    public static final Key<Integer> NMASK = new Key<>("nmask", ValueTypes.MASK, null, WEB_TOOL, "without effect");
    /** Forwarding. */
    public static final Key<String> FORWARDING = new Key<>(
            "forwarding",
            ValueTypes.choice(GlobalKeys.methods(), Map.of(), List.of()),
            null,
            ULVS,
            "forwarding method of this server; default is the virtual server's");
    /** Threshold. */
    public static final Key<Long> UPPER_THRESHOLD = new Key<>(
            "upper_threshold", ValueTypes.INTEGER, 0L, ULVS, "most connections, as ipvsadm -x; 0 for no limit");
    /** Threshold. */
    public static final Key<Long> LOWER_THRESHOLD = new Key<>(
            "lower_threshold", ValueTypes.INTEGER, 0L, ULVS, "connections at which it is chosen again, as ipvsadm -y");
    /** Port of the check. */
    public static final Key<Integer> CHECK_PORT =
            new Key<>("check_port", ValueTypes.SERVER_PORT, null, ULVS, "port that is checked; default is port");

    /** All keys in the order of writing. */
    public static final List<Key<?>> ALL =
            List.of(ADDRESS, ACTIVE, PORT, WEIGHT, NMASK, FORWARDING, CHECK_PORT, UPPER_THRESHOLD, LOWER_THRESHOLD);

    private ServerKeys() {}
}
