/* Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0 */
/*
 * eBPF programs written down instruction by instruction, so that the bench needs neither clang nor libbpf, and the few
 * bpf(2) calls to load and run them.
 */
#ifndef ULVS_BENCH_BPF_H
#define ULVS_BENCH_BPF_H

#include <linux/bpf.h>
#include <stddef.h>
#include <stdint.h>

#define R0 BPF_REG_0
#define R1 BPF_REG_1
#define R2 BPF_REG_2
#define R3 BPF_REG_3
#define R4 BPF_REG_4
#define R5 BPF_REG_5
#define R6 BPF_REG_6
#define R7 BPF_REG_7
#define R8 BPF_REG_8
#define R9 BPF_REG_9
#define FP BPF_REG_10

#define INSN(CODE, DST, SRC, OFF, IMM)                                                                                 \
    ((struct bpf_insn){.code = (CODE), .dst_reg = (DST), .src_reg = (SRC), .off = (OFF), .imm = (IMM)})
/* Arithmetic of 64 bits with a register or a constant: OP is BPF_ADD, BPF_AND, … */
#define ALU_REG(OP, DST, SRC) INSN(BPF_ALU64 | (OP) | BPF_X, DST, SRC, 0, 0)
#define ALU_IMM(OP, DST, IMM) INSN(BPF_ALU64 | (OP) | BPF_K, DST, 0, 0, IMM)
#define MOV_REG(DST, SRC) ALU_REG(BPF_MOV, DST, SRC)
#define MOV_IMM(DST, IMM) ALU_IMM(BPF_MOV, DST, IMM)
/* Host order to network order, of so many bits. */
#define TO_NETWORK(DST, BITS) INSN(BPF_ALU | BPF_END | BPF_TO_BE, DST, 0, 0, BITS)
/* SIZE is BPF_B, BPF_H, BPF_W or BPF_DW. */
#define LOAD(SIZE, DST, SRC, OFF) INSN(BPF_LDX | BPF_MEM | (SIZE), DST, SRC, OFF, 0)
#define STORE(SIZE, DST, OFF, SRC) INSN(BPF_STX | BPF_MEM | (SIZE), DST, SRC, OFF, 0)
/* Adds SRC to memory atomically; SRC then holds what was there. */
#define FETCH_ADD(DST, OFF, SRC) INSN(BPF_STX | BPF_ATOMIC | BPF_DW, DST, SRC, OFF, BPF_ADD | BPF_FETCH)
/* Jumps over so many instructions, where the comparison holds: OP is BPF_JEQ, BPF_JGT, … */
#define JUMP_REG(OP, DST, SRC, OFF) INSN(BPF_JMP | (OP) | BPF_X, DST, SRC, OFF, 0)
#define JUMP_IMM(OP, DST, IMM, OFF) INSN(BPF_JMP | (OP) | BPF_K, DST, 0, OFF, IMM)
#define JUMP(OFF) INSN(BPF_JMP | BPF_JA, 0, 0, OFF, 0)
#define CALL(FUNCTION) INSN(BPF_JMP | BPF_CALL, 0, 0, 0, FUNCTION)
#define EXIT INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)
/* Two instructions: the address of the only value of an array map. */
#define MAP_VALUE(DST, MAP) INSN(BPF_LD | BPF_DW | BPF_IMM, DST, BPF_PSEUDO_MAP_VALUE, 0, MAP), INSN(0, 0, 0, 0, 0)

/*
 * Makes an array map with one value, mapped into this process. Returns its descriptor and the address in *value, or
 * ends the program.
 */
int bpf_shared_value(size_t length, void **value);

/* Loads a program; ends the program with the verifier's words when the kernel refuses. */
int bpf_load(enum bpf_prog_type type, const char *name, const struct bpf_insn *instructions, size_t count);

/* Attaches an XDP program to an interface of this namespace, until the descriptor that it returns is closed. */
int bpf_attach_xdp(int program, int interface);

/* Runs an XDP program over live frames made from one frame. Returns 0, or a negative errno. */
int bpf_run_live(int program, const void *frame, uint32_t length, uint32_t repeat, uint32_t batch);

#endif
