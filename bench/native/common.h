/* Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0 */
/* What the programs of the bench share: the frame that is sent, namespaces, time, errors. */
#ifndef ULVS_BENCH_COMMON_H
#define ULVS_BENCH_COMMON_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Ethernet, IPv4 without options, UDP without checksum, and 18 bytes: with the FCS a frame of 64 bytes on a wire. */
#define HEADERS_LENGTH 42
#define FRAME_LENGTH 60
#define SOURCE_PORT_OFFSET 34
/* The payload: which connection, its how-manieth frame, when it was sent (CLOCK_MONOTONIC), a mark; native byte order.
 */
#define FLOW_OFFSET 42
#define SEQUENCE_OFFSET 46
#define TIME_OFFSET 50
#define MARK_OFFSET 58
#define MARK 0x6276

#define MAX_FLOWS 65536

/* What distinguishes the headers of one run. Addresses in network order. */
struct headers {
    uint8_t destination_mac[6];
    uint8_t source_mac[6];
    struct in_addr source;
    struct in_addr destination;
    uint16_t source_port;
    uint16_t destination_port;
};

/* Writes the HEADERS_LENGTH bytes before the payload and clears the rest. */
void write_frame(uint8_t *frame, const struct headers *headers);

/* An interface of a network namespace. */
struct place {
    char namespace[64];
    char interface[16];
    int index;
    uint8_t mac[6];
};

/* Reads NAMESPACE:INTERFACE, goes there with the calling thread and looks the interface up. */
void enter(struct place *place, const char *text);

/* Reads a hardware address from a command line. */
void read_mac(const char *text, uint8_t *mac);

/* Receives in NAPI mode, which is what lets the other end of a veth redirect frames to it. */
void use_napi(const struct place *place);

/* A packet socket at an interface of the namespace where the thread is: for all protocols, or to send only. */
int packet_socket(const struct place *place, bool receives);

/* Nanoseconds of CLOCK_MONOTONIC. */
uint64_t now_ns(void);
void sleep_until(uint64_t time_ns);

/* Sorts numbers, the least first. */
void sort(uint32_t *values, size_t count);

/* Pins the calling thread to a CPU; none where negative. */
void pin(int cpu);

/* Ends the program with exit code 1 after a sentence, and what errno says. */
void fail(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
/* Ends the program with exit code 2 after a sentence. */
void usage(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* A whole number of a range from the command line. */
uint64_t number(const char *option, const char *text, uint64_t least, uint64_t most);

#endif
