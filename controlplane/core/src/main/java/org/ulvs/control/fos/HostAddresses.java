// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.fos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.ulvs.control.check.ProgramResult;
import org.ulvs.control.check.ProgramRunner;
import org.ulvs.control.lvscf.HostDevice;
import org.ulvs.control.lvscf.Ipv4;

/** Floating addresses of this host itself: a failover service needs its address where its sockets are. */
class HostAddresses {
    private static final Logger LOG = LoggerFactory.getLogger("fos");
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String SEND_ARP_VARIABLE = "ULVS_SEND_ARP";

    private final ProgramRunner programs;
    private final String sendArp;

    HostAddresses(ProgramRunner programs) {
        this.programs = programs;
        this.sendArp = Optional.ofNullable(System.getenv(SEND_ARP_VARIABLE)).orElse("send_arp");
    }

    boolean has(InetAddress address) {
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return false;
        }
    }

    void add(HostDevice address, Optional<Integer> mask) {
        final int bits = mask.map(Integer::bitCount).orElseGet(() -> classPrefix(Ipv4.number(address.address())));
        run(List.of(
                "ip",
                "address",
                "replace",
                address.address().getHostAddress() + '/' + bits,
                "broadcast",
                "+",
                "dev",
                address.baseDevice(),
                "label",
                address.device()));
    }

    void remove(HostDevice address) {
        if (has(address.address())) {
            final String text = address.address().getHostAddress();
            run(List.of("ip", "address", "flush", "dev", address.baseDevice(), "to", text + "/32"));
        }
    }

    void announce(HostDevice address) {
        try {
            final String mac = Files.readString(Path.of("/sys/class/net", address.baseDevice(), "address"))
                    .strip()
                    .replace(":", "");
            final String text = address.address().getHostAddress();
            run(List.of(sendArp, "-i", address.baseDevice(), text, mac, "255.255.255.255", "ffffffffffff"));
        } catch (IOException e) {
            LOG.error("cannot announce {}: {}", address, e.getMessage());
        }
    }

    /** Without a mask an address gets that of its class. */
    static int classPrefix(int address) {
        final int first = address >>> 24;
        if (first < 128) {
            return 8;
        }
        return first < 192 ? 16 : 24;
    }

    private void run(List<String> command) {
        final ProgramResult result = programs.run(command, LIMIT);
        if (!result.succeeded()) {
            LOG.error("\"{}\" {}", String.join(" ", command), result.describe());
        }
    }
}
