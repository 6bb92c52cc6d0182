// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A classic BPF program ({@code struct sock_filter[]}) under construction. Loads are relative to where the program
 * runs: the network header for a fanout program, the Ethernet header for a socket filter. Not thread safe.
 */
public final class BpfProgram {
    /** Instructions that the kernel accepts. */
    public static final int MAX_INSTRUCTIONS = 4096;

    /** A ← uint32 at k. */
    public static final int LOAD_WORD = 0x20;
    /** A ← uint16 at k. */
    public static final int LOAD_HALF = 0x28;
    /** A ← uint8 at k. */
    public static final int LOAD_BYTE = 0x30;
    /** A ← uint32 at X + k. */
    public static final int LOAD_WORD_INDEXED = 0x40;
    /** A ← uint8 at X + k. */
    public static final int LOAD_BYTE_INDEXED = 0x50;
    /** A ← M[k]. */
    public static final int LOAD_MEMORY = 0x60;
    /** M[k] ← A. */
    public static final int STORE = 0x02;
    /** X ← 4 × low nibble of the byte at k: the length of an IPv4 header. */
    public static final int LOAD_X_HEADER_LENGTH = 0xb1;
    /** A ← A + k. */
    public static final int ADD = 0x04;
    /** A ← A × k. */
    public static final int MULTIPLY = 0x24;
    /** A ← A mod k. */
    public static final int MODULO = 0x94;
    /** A ← A and k. */
    public static final int AND = 0x54;
    /** A ← A shifted right by k, unsigned. */
    public static final int SHIFT_RIGHT = 0x74;
    /** Jumps if A = k. */
    public static final int JUMP_EQUAL = 0x15;
    /** Jumps if A > k, unsigned. */
    public static final int JUMP_GREATER = 0x25;
    /** Jumps if A and k have a bit in common. */
    public static final int JUMP_SET = 0x45;
    /** Jumps always, k instructions ahead. */
    public static final int JUMP = 0x05;
    /** Ends with k. */
    public static final int RETURN = 0x06;
    /** Ends with A. */
    public static final int RETURN_A = 0x16;

    /** Place of the ethertype, host byte order, for {@link #LOAD_HALF} (SKF_AD_OFF + SKF_AD_PROTOCOL). */
    public static final int ETHERTYPE = 0xfffff000;

    private static final int INSTRUCTION_LENGTH = 8;

    private record Instruction(int code, int jumpTrue, int jumpFalse, int k) {}

    private final List<Instruction> instructions = new ArrayList<>();

    /** Appends an instruction without a condition. */
    public BpfProgram add(int code, int k) {
        instructions.add(new Instruction(code, 0, 0, k));
        return this;
    }

    /** Appends a conditional jump over so many instructions, 0 to 255 each. */
    public BpfProgram jump(int code, int k, int overIfTrue, int overIfFalse) {
        instructions.add(new Instruction(code, overIfTrue, overIfFalse, k));
        return this;
    }

    /** Appends a jump to a place further on; returns its number for {@link #land}. */
    public int jumpAhead() {
        instructions.add(new Instruction(JUMP, 0, 0, 0));
        return instructions.size() - 1;
    }

    /** Lets jumps of {@link #jumpAhead} arrive at the instruction that comes next. */
    public BpfProgram land(List<Integer> jumps) {
        for (final int jump : jumps) {
            instructions.set(jump, new Instruction(JUMP, 0, 0, instructions.size() - jump - 1));
        }
        return this;
    }

    /** Number of instructions. */
    public int size() {
        return instructions.size();
    }

    /** The program as the kernel wants it: uint16 code, uint8 jt, uint8 jf, uint32 k, native byte order. */
    UnsafeBuffer encode() {
        final ByteBuffer bytes = BufferUtil.allocateDirectAligned(size() * INSTRUCTION_LENGTH, BitUtil.SIZE_OF_LONG)
                .order(ByteOrder.nativeOrder());
        for (final Instruction instruction : instructions) {
            bytes.putShort((short) instruction.code())
                    .put((byte) instruction.jumpTrue())
                    .put((byte) instruction.jumpFalse())
                    .putInt(instruction.k());
        }
        return new UnsafeBuffer(bytes);
    }
}
