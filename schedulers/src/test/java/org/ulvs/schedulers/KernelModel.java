// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the kernel's schedulers do, told step by step as scans of the list: slow, sequential, and independent of the
 * structures that are under test.
 */
abstract class KernelModel {
    FakePool pool = new FakePool(List.of());

    /** The position that the kernel would choose now, without any booking. */
    abstract int choose(ConnectionRequest request);

    void poolChanged(final FakePool changed, final int removedId) {
        pool = changed;
    }

    void weightChanged() {}

    static KernelModel of(final String name) {
        return switch (name) {
            case "rr" -> new Rr();
            case "wrr" -> new Wrr();
            case "lblc" -> new Lblc();
            case "lblcr" -> new Lblcr();
            case "dh" -> new Dh();
            case "sh" -> new Sh();
            default -> new Scan(name);
        };
    }

    final FakeServer server(final int position) {
        return pool.server(position);
    }

    final boolean usable(final int position) {
        return server(position).weight > 0 && !server(position).isOverloaded();
    }

    final long active(final int position) {
        return Counts.active(server(position).counts.get());
    }

    final long overhead(final int position) {
        return active(position) * 256 + Counts.inactive(server(position).counts.get());
    }

    final int wlc() {
        int best = -1;
        for (int i = 0; i < pool.size(); i++) {
            if (usable(i) && (best < 0 || overhead(best) * server(i).weight > overhead(i) * server(best).weight)) {
                best = i;
            }
        }
        return best;
    }

    final int position(final int id) {
        for (int i = 0; i < pool.size(); i++) {
            if (pool.id(i) == id) {
                return i;
            }
        }
        return -1;
    }

    /** lc, wlc, sed, nq, fo and ovf: one scan. */
    private static final class Scan extends KernelModel {
        private final String name;

        Scan(final String name) {
            this.name = name;
        }

        @Override
        int choose(final ConnectionRequest request) {
            int best = -1;
            for (int i = 0; i < pool.size(); i++) {
                if (!usable(i) || (name.equals("ovf") && active(i) > server(i).weight)) {
                    continue;
                }
                if (name.equals("nq") && active(i) == 0) {
                    return i;
                }
                if (best < 0 || isBetter(i, best)) {
                    best = i;
                }
            }
            return best;
        }

        private boolean isBetter(final int a, final int b) {
            final long weightA = server(a).weight;
            final long weightB = server(b).weight;
            return switch (name) {
                case "lc" -> overhead(a) < overhead(b);
                case "wlc" -> overhead(b) * weightA > overhead(a) * weightB;
                case "sed", "nq" -> (active(b) + 1) * weightA > (active(a) + 1) * weightB;
                case "fo", "ovf" -> weightA > weightB;
                default -> throw new IllegalArgumentException(name);
            };
        }
    }

    private static final class Rr extends KernelModel {
        private int last = -1;

        @Override
        int choose(final ConnectionRequest request) {
            for (int i = last + 1; i < pool.size(); i++) {
                if (usable(i)) {
                    last = i;
                    return i;
                }
            }
            for (int i = 0; i <= last; i++) {
                if (usable(i)) {
                    last = i;
                    return i;
                }
            }
            return -1;
        }

        @Override
        void poolChanged(final FakePool changed, final int removedId) {
            if (last >= 0 && pool.id(last) == removedId) {
                last--;
            }
            final int id = last < 0 ? -1 : pool.id(last);
            super.poolChanged(changed, removedId);
            last = last < 0 ? -1 : position(id);
        }
    }

    /** The kernel's loop, level by level and server by server. */
    private static final class Wrr extends KernelModel {
        private int pointer = -1;
        private int level;
        private int top;
        private int step = 1;

        @Override
        int choose(final ConnectionRequest request) {
            if (top == 0) {
                return -1;
            }
            final int last = pointer;
            int stop = -1;
            boolean lastPass = false;
            boolean restarted = false;
            int i = pointer;
            while (true) {
                for (i++; i < pool.size(); i++) {
                    if (!server(i).isOverloaded() && server(i).weight >= level) {
                        pointer = i;
                        return i;
                    }
                    if (i == stop) {
                        pointer = i;
                        return -1;
                    }
                }
                i = -1;
                level -= step;
                if (level <= 0) {
                    level = top;
                    if (lastPass || last == -1) {
                        pointer = -1;
                        return -1;
                    }
                    restarted = true;
                }
                lastPass = level <= step;
                if (lastPass && restarted && last != -1) {
                    stop = last;
                }
            }
        }

        @Override
        void poolChanged(final FakePool changed, final int removedId) {
            super.poolChanged(changed, removedId);
            weightChanged();
        }

        @Override
        void weightChanged() {
            pointer = -1;
            final int max = maxWeight();
            step = Math.max(1, max);
            while (!dividesAll(step)) {
                step--;
            }
            top = max - (step - 1);
            if (level > top || level == 0) {
                level = top;
            } else if (step > 1) {
                level = level / step * step + 1;
            }
        }

        private boolean dividesAll(final int divisor) {
            for (int i = 0; i < pool.size(); i++) {
                if (server(i).weight % divisor != 0) {
                    return false;
                }
            }
            return true;
        }

        private int maxWeight() {
            int max = 0;
            for (int i = 0; i < pool.size(); i++) {
                max = Math.max(max, server(i).weight);
            }
            return max;
        }
    }

    private abstract static class Locality extends KernelModel {
        final Map<Integer, List<Integer>> servers = new HashMap<>();

        final boolean isBusyWhileOthersIdle(final int position) {
            if (active(position) > server(position).weight) {
                for (int i = 0; i < pool.size(); i++) {
                    if (active(i) * 2 < server(i).weight) {
                        return true;
                    }
                }
            }
            return false;
        }
    }

    private static final class Lblc extends Locality {
        @Override
        int choose(final ConnectionRequest request) {
            final List<Integer> known = servers.getOrDefault(request.destinationAddress, List.of());
            if (!known.isEmpty()) {
                final int i = position(known.get(0));
                if (i >= 0 && server(i).weight > 0 && !isBusyWhileOthersIdle(i)) {
                    return i;
                }
            }
            final int best = wlc();
            if (best >= 0) {
                servers.put(request.destinationAddress, List.of(pool.id(best)));
            }
            return best;
        }
    }

    private static final class Lblcr extends Locality {
        @Override
        int choose(final ConnectionRequest request) {
            final List<Integer> set = servers.computeIfAbsent(request.destinationAddress, key -> new ArrayList<>());
            int least = -1;
            for (final int id : set) {
                final int i = position(id);
                if (i >= 0
                        && usable(i)
                        && (least < 0 || overhead(least) * server(i).weight > overhead(i) * server(least).weight)) {
                    least = i;
                }
            }
            if (least >= 0 && !isBusyWhileOthersIdle(least)) {
                return least;
            }
            final int best = wlc();
            if (best >= 0 && !set.contains(pool.id(best))) {
                set.add(0, pool.id(best));
            }
            return best;
        }
    }

    private static final class Dh extends KernelModel {
        @Override
        int choose(final ConnectionRequest request) {
            final List<Integer> table = new ArrayList<>();
            while (pool.size() > 0 && table.size() < 256) {
                table.add(table.size() % pool.size());
            }
            final long slot = (Integer.toUnsignedLong(request.destinationAddress) * 0x61C88647L % (1L << 32)) >> 24;
            return !table.isEmpty() && usable(table.get((int) slot)) ? table.get((int) slot) : -1;
        }
    }

    private static final class Sh extends KernelModel {
        @Override
        int choose(final ConnectionRequest request) {
            final List<Integer> table = new ArrayList<>();
            while (pool.size() > 0 && table.size() < 256) {
                for (int i = 0; i < pool.size(); i++) {
                    for (int n = 0; n < Math.min(256, Math.max(1, server(i).weight)); n++) {
                        table.add(i);
                    }
                }
            }
            final long slot = (Integer.toUnsignedLong(request.sourceAddress) * 0x61C88647L % (1L << 32)) >> 24;
            return !table.isEmpty() && usable(table.get((int) slot)) ? table.get((int) slot) : -1;
        }
    }
}
