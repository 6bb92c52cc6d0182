// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.edit;

import java.util.ArrayList;
import java.util.List;

/** The lines that differ between two texts, with a few equal lines around them. */
public final class LineDiff {
    private static final int CONTEXT = 3;
    private static final int MAX_CELLS = 4_000_000;

    /**
     * A line.
     *
     * @param sign {@code +} new, {@code -} gone, blank for one that is in both, {@code @} for a gap
     * @param text of the line
     */
    public record Line(char sign, String text) {
        /** For the style sheet. */
        public String style() {
            return switch (sign) {
                case '+' -> "added";
                case '-' -> "removed";
                case '@' -> "gap";
                default -> "same";
            };
        }

        /** The sign as it is shown. */
        public String mark() {
            return sign == '@' ? "" : String.valueOf(sign);
        }
    }

    private LineDiff() {}

    /** Compares two texts; empty where they are equal. */
    public static List<Line> between(String before, String after) {
        final List<String> old = before.lines().toList();
        final List<String> now = after.lines().toList();
        int head = 0;
        while (head < old.size() && head < now.size() && old.get(head).equals(now.get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < old.size() - head
                && tail < now.size() - head
                && old.get(old.size() - 1 - tail).equals(now.get(now.size() - 1 - tail))) {
            tail++;
        }
        final List<Line> all = new ArrayList<>();
        old.subList(0, head).forEach(text -> all.add(new Line(' ', text)));
        middle(old.subList(head, old.size() - tail), now.subList(head, now.size() - tail), all);
        old.subList(old.size() - tail, old.size()).forEach(text -> all.add(new Line(' ', text)));
        return shortened(all);
    }

    /** By the longest common subsequence; where that would take too long, all old lines and then all new ones. */
    private static void middle(List<String> old, List<String> now, List<Line> out) {
        if ((long) (old.size() + 1) * (now.size() + 1) > MAX_CELLS) {
            old.forEach(text -> out.add(new Line('-', text)));
            now.forEach(text -> out.add(new Line('+', text)));
            return;
        }
        final int[][] common = new int[old.size() + 1][now.size() + 1];
        for (int i = old.size() - 1; i >= 0; i--) {
            for (int j = now.size() - 1; j >= 0; j--) {
                common[i][j] = old.get(i).equals(now.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        int i = 0;
        int j = 0;
        while (i < old.size() || j < now.size()) {
            if (i < old.size() && j < now.size() && old.get(i).equals(now.get(j))) {
                out.add(new Line(' ', old.get(i++)));
                j++;
            } else if (j >= now.size() || (i < old.size() && common[i + 1][j] >= common[i][j + 1])) {
                out.add(new Line('-', old.get(i++)));
            } else {
                out.add(new Line('+', now.get(j++)));
            }
        }
    }

    private static List<Line> shortened(List<Line> all) {
        final boolean[] shown = new boolean[all.size()];
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).sign() != ' ') {
                for (int j = Math.max(0, i - CONTEXT); j <= Math.min(all.size() - 1, i + CONTEXT); j++) {
                    shown[j] = true;
                }
            }
        }
        final List<Line> lines = new ArrayList<>();
        boolean gap = false;
        for (int i = 0; i < all.size(); i++) {
            if (shown[i]) {
                if (gap && !lines.isEmpty()) {
                    lines.add(new Line('@', "⋯"));
                }
                gap = false;
                lines.add(all.get(i));
            } else {
                gap = true;
            }
        }
        return List.copyOf(lines);
    }
}
