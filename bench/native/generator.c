/* Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "generator.h"

#include "bpf.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Reads of the clock that a frame waits for its time: some 200 us, more than any fast rate needs. */
#define SPINS 8000
#define SECOND_NS 1000000000ull
/* The number of the loopback interface in every network namespace. */
#define LOOPBACK 1

/* What the XDP program works with. */
struct state {
    uint64_t due_ns; /* 0 before the first frame */
    uint64_t first_ns;
    uint64_t last_ns;
    uint64_t interval_ns;
    uint64_t count;
    uint64_t late_ns;
    uint64_t flow_mask;
    uint64_t flow_bits;
    uint64_t interface;
    uint64_t source_port;
    uint8_t headers[48];
};

#define STATE(FIELD) ((int16_t)offsetof(struct state, FIELD))
#define COPY(SIZE, OFFSET) LOAD(SIZE, R2, R8, STATE(headers) + (OFFSET)), STORE(SIZE, R6, OFFSET, R2)

/*
 * Waits until the next frame is due, writes the whole frame (its memory is used again, and forwarders have rewritten
 * it), and redirects it.
 */
static int load_program(int map)
{
    const struct bpf_insn program[] = {
        LOAD(BPF_W, R6, R1, offsetof(struct xdp_md, data)),
        LOAD(BPF_W, R7, R1, offsetof(struct xdp_md, data_end)),
        MOV_REG(R2, R6),
        ALU_IMM(BPF_ADD, R2, FRAME_LENGTH),
        JUMP_REG(BPF_JLE, R2, R7, 2),
        MOV_IMM(R0, XDP_DROP),
        EXIT,
        MAP_VALUE(R8, map),
        MOV_IMM(R9, SPINS),
        /* until it is due; the first one is at once */
        CALL(BPF_FUNC_ktime_get_ns),
        LOAD(BPF_DW, R2, R8, STATE(due_ns)),
        JUMP_IMM(BPF_JNE, R2, 0, 3),
        MOV_REG(R2, R0),
        STORE(BPF_DW, R8, STATE(first_ns), R0),
        JUMP(3),
        JUMP_REG(BPF_JGE, R0, R2, 2),
        ALU_IMM(BPF_SUB, R9, 1),
        JUMP_IMM(BPF_JNE, R9, 0, -9),
        STORE(BPF_DW, R8, STATE(last_ns), R0),
        /* how late it is */
        MOV_REG(R3, R0),
        ALU_REG(BPF_SUB, R3, R2),
        LOAD(BPF_DW, R4, R8, STATE(late_ns)),
        JUMP_REG(BPF_JSLE, R3, R4, 1),
        STORE(BPF_DW, R8, STATE(late_ns), R3),
        LOAD(BPF_DW, R3, R8, STATE(interval_ns)),
        ALU_REG(BPF_ADD, R2, R3),
        STORE(BPF_DW, R8, STATE(due_ns), R2),
        COPY(BPF_DW, 0),
        COPY(BPF_DW, 8),
        COPY(BPF_DW, 16),
        COPY(BPF_DW, 24),
        COPY(BPF_DW, 32),
        COPY(BPF_H, 40),
        STORE(BPF_DW, R6, TIME_OFFSET, R0),
        MOV_IMM(R2, MARK),
        STORE(BPF_H, R6, MARK_OFFSET, R2),
        LOAD(BPF_DW, R3, R8, STATE(count)),
        MOV_REG(R4, R3),
        LOAD(BPF_DW, R5, R8, STATE(flow_mask)),
        ALU_REG(BPF_AND, R4, R5),
        STORE(BPF_W, R6, FLOW_OFFSET, R4),
        LOAD(BPF_DW, R5, R8, STATE(source_port)),
        ALU_REG(BPF_ADD, R4, R5),
        TO_NETWORK(R4, 16),
        STORE(BPF_H, R6, SOURCE_PORT_OFFSET, R4),
        MOV_REG(R4, R3),
        LOAD(BPF_DW, R5, R8, STATE(flow_bits)),
        ALU_REG(BPF_RSH, R4, R5),
        STORE(BPF_W, R6, SEQUENCE_OFFSET, R4),
        ALU_IMM(BPF_ADD, R3, 1),
        STORE(BPF_DW, R8, STATE(count), R3),
        LOAD(BPF_DW, R1, R8, STATE(interface)),
        MOV_IMM(R2, 0),
        CALL(BPF_FUNC_redirect),
        EXIT,
    };
    return bpf_load(BPF_PROG_TYPE_XDP, "ulvs_generator", program, sizeof(program) / sizeof(program[0]));
}

static uint64_t interval_of(uint64_t rate)
{
    return rate == 0 ? 0 : (SECOND_NS + rate / 2) / rate;
}

/*
 * Sends all that is due, and leaves its CPU to others for the pause, again and again. Returns 0, or a negative errno.
 * Each run but those of an attached program has the kernel change its dispatcher of XDP programs, which takes 24 ms; so
 * it is attached where no frames are.
 */
static int send_bursts(int program, const struct load *load, const uint8_t *frame)
{
    const int link = bpf_attach_xdp(program, LOOPBACK);
    prctl(PR_SET_TIMERSLACK, 1);
    const uint64_t began = now_ns();
    uint64_t sent = 0;
    int result = 0;
    while (result == 0 && sent < load->frames) {
        const uint64_t now = now_ns();
        const uint64_t passed = (now - began) * load->rate / SECOND_NS + 1;
        const uint64_t due = passed < load->frames ? passed : load->frames;
        if (due > sent) {
            result = bpf_run_live(program, frame, FRAME_LENGTH, (uint32_t)(due - sent), load->batch);
            sent = due;
        }
        sleep_until(now + load->pause_ns);
    }
    close(link);
    return result;
}

static void generate_fast(const struct place *from, const struct load *load, const uint8_t *frame, struct sent *sent)
{
    void *value;
    const int map = bpf_shared_value(sizeof(struct state), &value);
    struct state *const state = value;
    memcpy(state->headers, frame, HEADERS_LENGTH);
    state->interval_ns = interval_of(load->rate);
    state->flow_mask = load->flows - 1;
    state->flow_bits = (uint64_t)__builtin_ctz(load->flows);
    state->interface = (uint64_t)from->index;
    state->source_port = load->headers.source_port;
    const int program = load_program(map);
    pin(load->cpu);
    const int result = load->rate == 0 || load->pause_ns == 0
                           ? bpf_run_live(program, frame, FRAME_LENGTH, (uint32_t)load->frames, load->batch)
                           : send_bursts(program, load, frame);
    sent->elapsed_ns = state->last_ns - state->first_ns;
    if (result < 0) {
        errno = -result;
        fail("sending live frames");
    }
    sent->frames = state->count;
    sent->late_ns = load->rate == 0 ? 0 : state->late_ns;
    close(program);
    close(map);
}

static void generate_slowly(const struct place *from, const struct load *load, uint8_t *frame, struct sent *sent)
{
    const int fd = packet_socket(from, false);
    pin(load->cpu);
    const uint64_t began = now_ns();
    for (uint64_t i = 0; i < load->frames; i++) {
        const uint32_t flow = (uint32_t)(i & (load->flows - 1));
        const uint32_t sequence = (uint32_t)(i / load->flows);
        const uint16_t port = htons((uint16_t)(load->headers.source_port + flow));
        memcpy(frame + SOURCE_PORT_OFFSET, &port, sizeof(port));
        memcpy(frame + FLOW_OFFSET, &flow, sizeof(flow));
        memcpy(frame + SEQUENCE_OFFSET, &sequence, sizeof(sequence));
        const uint64_t due = began + i * SECOND_NS / load->rate;
        sleep_until(due);
        const uint64_t now = now_ns();
        if (now - due > sent->late_ns) {
            sent->late_ns = now - due;
        }
        memcpy(frame + TIME_OFFSET, &now, sizeof(now));
        if (send(fd, frame, FRAME_LENGTH, 0) == FRAME_LENGTH) {
            sent->frames++;
        }
    }
    sent->elapsed_ns = now_ns() - began;
    close(fd);
}

void generate(const struct place *from, const struct load *load, struct sent *sent)
{
    uint8_t frame[FRAME_LENGTH];
    write_frame(frame, &load->headers);
    memset(sent, 0, sizeof(*sent));
    if (load->rate == 0 || load->rate >= FAST_RATE) {
        generate_fast(from, load, frame, sent);
    } else {
        generate_slowly(from, load, frame, sent);
    }
}
