// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.rules;

import org.jspecify.annotations.Nullable;

/** What a rule does with a packet: its {@code -j}. */
sealed interface Target {
    /** The name after -j. */
    String name();

    /** The options after the name as iptables-save prints them, with a blank before them. */
    default String options() {
        return "";
    }

    /** As -L prints it at the end of the line, with a blank before it. */
    default String listed() {
        return "";
    }

    /** Ends the chain. */
    enum Verdict implements Target {
        /** Ends the chain. */
        ACCEPT,
        /** Ends the chain too, since built-in chains accept what comes to their end. */
        RETURN
    }

    /**
     * MARK: the mark becomes (mark and not mask) xor value; the chain goes on.
     *
     * @param value bits to flip after the mask's bits are cleared
     * @param mask bits to clear
     */
    record Mark(int value, int mask) implements Target {
        @Override
        public String name() {
            return "MARK";
        }

        @Override
        public String options() {
            return " --set-xmark " + Numbers.hex(value) + "/" + Numbers.hex(mask);
        }

        @Override
        public String listed() {
            if (value == 0) {
                return " MARK and " + Numbers.hex(~mask);
            } else if (value == mask) {
                return " MARK or " + Numbers.hex(value);
            } else if (mask == 0) {
                return " MARK xor " + Numbers.hex(value);
            } else if (mask == -1) {
                return " MARK set " + Numbers.hex(value);
            }
            return " MARK xset " + Numbers.hex(value) + "/" + Numbers.hex(mask);
        }
    }

    /**
     * MASQUERADE: source NAT to the address of the interface on which the packet leaves.
     *
     * @param ports to use, or null for any
     */
    record Masquerade(@Nullable PortRange ports) implements Target {
        @Override
        public String name() {
            return "MASQUERADE";
        }

        @Override
        public String options() {
            return ports == null ? "" : " --to-ports " + text(ports);
        }

        @Override
        public String listed() {
            return ports == null ? "" : " masq ports: " + text(ports);
        }
    }

    /**
     * SNAT: source NAT to given addresses.
     *
     * @param lowAddress first address, host order
     * @param highAddress last address, host order
     * @param ports to use, or null for any
     */
    record Snat(int lowAddress, int highAddress, @Nullable PortRange ports) implements Target {
        @Override
        public String name() {
            return "SNAT";
        }

        @Override
        public String options() {
            return " --to-source " + destination();
        }

        @Override
        public String listed() {
            return " to:" + destination();
        }

        private String destination() {
            return Numbers.address(lowAddress)
                    + (lowAddress == highAddress ? "" : "-" + Numbers.address(highAddress))
                    + (ports == null ? "" : ":" + text(ports));
        }
    }

    private static String text(final PortRange ports) {
        return ports.low() == ports.high() ? Integer.toString(ports.low()) : ports.low() + "-" + ports.high();
    }
}
