/* Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "sink.h"

#include "bpf.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef SO_ATTACH_BPF
#define SO_ATTACH_BPF 50
#endif

/* Time without an arrival after which nothing is expected any more. */
#define SILENCE_NS 300000000ull
#define LOOK_NS 5000000ull

#define PAYLOAD_LENGTH (FRAME_LENGTH - FLOW_OFFSET)
/* Where the payload lies on the program's stack. */
#define STACK (-24)
#define PAYLOAD(OFFSET) (STACK + (OFFSET)-FLOW_OFFSET)
#define ARRIVALS(FIELD) ((int16_t)offsetof(struct arrivals, FIELD))

/* A socket filter that counts each frame and lets none into the socket. */
static int load_program(int map)
{
    const struct bpf_insn program[] = {
        /* the payload, if it is one of the generator's */
        MOV_IMM(R2, FLOW_OFFSET),
        MOV_REG(R3, FP),
        ALU_IMM(BPF_ADD, R3, STACK),
        MOV_IMM(R4, PAYLOAD_LENGTH),
        CALL(BPF_FUNC_skb_load_bytes),
        JUMP_IMM(BPF_JNE, R0, 0, 37),
        LOAD(BPF_H, R2, FP, PAYLOAD(MARK_OFFSET)),
        JUMP_IMM(BPF_JNE, R2, MARK, 35),
        CALL(BPF_FUNC_ktime_get_ns),
        MAP_VALUE(R8, map),
        STORE(BPF_DW, R8, ARRIVALS(last_ns), R0),
        /* its delay, which fits into 32 bits or is cut to them */
        LOAD(BPF_DW, R3, FP, PAYLOAD(TIME_OFFSET)),
        ALU_REG(BPF_SUB, R0, R3),
        MOV_IMM(R3, 1),
        FETCH_ADD(R8, ARRIVALS(frames), R3),
        JUMP_IMM(BPF_JNE, R3, 0, 6),
        LOAD(BPF_DW, R2, R8, ARRIVALS(last_ns)),
        STORE(BPF_DW, R8, ARRIVALS(first_ns), R2),
        LOAD(BPF_W, R2, FP, PAYLOAD(FLOW_OFFSET)),
        STORE(BPF_W, R8, ARRIVALS(first_flow), R2),
        LOAD(BPF_W, R2, FP, PAYLOAD(SEQUENCE_OFFSET)),
        STORE(BPF_W, R8, ARRIVALS(first_sequence), R2),
        ALU_IMM(BPF_AND, R3, MAX_DELAYS - 1),
        ALU_IMM(BPF_LSH, R3, 2),
        MOV_REG(R4, R8),
        ALU_IMM(BPF_ADD, R4, ARRIVALS(next)),
        ALU_IMM(BPF_ADD, R4, sizeof(((struct arrivals *)0)->next)),
        ALU_REG(BPF_ADD, R4, R3),
        STORE(BPF_W, R4, 0, R0),
        /* its place among the frames of its connection */
        LOAD(BPF_W, R2, FP, PAYLOAD(FLOW_OFFSET)),
        ALU_IMM(BPF_AND, R2, MAX_FLOWS - 1),
        ALU_IMM(BPF_LSH, R2, 2),
        MOV_REG(R4, R8),
        ALU_REG(BPF_ADD, R4, R2),
        LOAD(BPF_W, R5, FP, PAYLOAD(SEQUENCE_OFFSET)),
        LOAD(BPF_W, R3, R4, ARRIVALS(next)),
        JUMP_REG(BPF_JGE, R5, R3, 3),
        MOV_IMM(R3, 1),
        FETCH_ADD(R8, ARRIVALS(reordered), R3),
        JUMP(2),
        ALU_IMM(BPF_ADD, R5, 1),
        STORE(BPF_W, R4, ARRIVALS(next), R5),
        MOV_IMM(R0, 0),
        EXIT,
    };
    return bpf_load(BPF_PROG_TYPE_SOCKET_FILTER, "ulvs_sink", program, sizeof(program) / sizeof(program[0]));
}

static void count(struct arrivals *arrivals, const uint8_t *frame, uint64_t now)
{
    uint32_t flow;
    uint32_t sequence;
    uint64_t sent;
    memcpy(&flow, frame + FLOW_OFFSET, sizeof(flow));
    memcpy(&sequence, frame + SEQUENCE_OFFSET, sizeof(sequence));
    memcpy(&sent, frame + TIME_OFFSET, sizeof(sent));
    if (arrivals->frames == 0) {
        arrivals->first_ns = now;
        arrivals->first_flow = flow;
        arrivals->first_sequence = sequence;
    }
    uint32_t *const next = &arrivals->next[flow & (MAX_FLOWS - 1)];
    if (sequence < *next) {
        arrivals->reordered++;
    } else {
        *next = sequence + 1;
    }
    arrivals->delay_ns[arrivals->frames & (MAX_DELAYS - 1)] = (uint32_t)(now - sent);
    arrivals->last_ns = now;
    __atomic_fetch_add(&arrivals->frames, 1, __ATOMIC_RELEASE);
}

static void *receive(void *argument)
{
    const struct sink *const sink = argument;
    uint8_t frame[2048];
    for (;;) {
        const ssize_t length = recv(sink->socket, frame, sizeof(frame), 0);
        const uint64_t now = now_ns();
        uint16_t mark = 0;
        if (length >= FRAME_LENGTH) {
            memcpy(&mark, frame + MARK_OFFSET, sizeof(mark));
        }
        if (length <= 0) {
            return NULL;
        }
        if (mark == MARK) {
            count(sink->arrivals, frame, now);
        }
    }
}

void sink_open(struct sink *sink, const struct place *at, bool application)
{
    void *value;
    const int map = bpf_shared_value(sizeof(struct arrivals), &value);
    sink->arrivals = value;
    sink->application = application;
    sink->socket = packet_socket(at, true);
    if (application) {
        if (pthread_create(&sink->thread, NULL, receive, sink) != 0) {
            fail("a thread");
        }
        return;
    }
    const int program = load_program(map);
    if (setsockopt(sink->socket, SOL_SOCKET, SO_ATTACH_BPF, &program, sizeof(program)) < 0) {
        fail("attaching the sink's program");
    }
    close(program);
    close(map);
}

void sink_close(struct sink *sink, uint64_t sent)
{
    const struct arrivals *const arrivals = sink->arrivals;
    uint64_t seen = 0;
    uint64_t changed = now_ns();
    while (now_ns() - changed < SILENCE_NS) {
        const uint64_t frames = __atomic_load_n(&arrivals->frames, __ATOMIC_ACQUIRE);
        if (frames >= sent) {
            break;
        }
        if (frames != seen) {
            seen = frames;
            changed = now_ns();
        }
        sleep_until(now_ns() + LOOK_NS);
    }
    if (sink->application) {
        pthread_cancel(sink->thread);
        pthread_join(sink->thread, NULL);
    }
    close(sink->socket);
}
