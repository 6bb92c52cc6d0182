// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
// Sends datagrams to a UDP echo, one after the other, checks every answer byte by byte and prints how many came
// and how long they took. Exit 0 only if every datagram was answered rightly.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define LARGEST_PAYLOAD 65507
#define TIMEOUT_MS 1000

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a;
    const int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void fill(char *data, size_t size, uint32_t sequence)
{
    uint32_t state = sequence * 2654435761u + 1;
    for (size_t i = 0; i < size; i++) {
        state = state * 1664525u + 1013904223u;
        data[i] = (char)(state >> 24);
    }
}

// Waits for the answer to what was just sent; late answers to earlier ones are passed over. 1 if it came.
static int await_answer(int fd, const char *sent, size_t size, int64_t deadline)
{
    static char answer[LARGEST_PAYLOAD + 1];
    while (now_ns() < deadline) {
        const ssize_t length = recv(fd, answer, sizeof answer, 0);
        if (length == (ssize_t)size && memcmp(answer, sent, size) == 0) {
            return 1;
        }
        if (length < 0 && errno != EAGAIN && errno != EINTR) {
            fprintf(stderr, "udp-probe: %s\n", strerror(errno));
        }
    }
    return 0;
}

static long number(const char *text, long least, long most)
{
    char *end;
    const long value = strtol(text, &end, 10);
    return *text == '\0' || *end != '\0' || value < least || value > most ? -1 : value;
}

int main(int argc, char **argv)
{
    static char data[LARGEST_PAYLOAD];
    struct sockaddr_in to = {.sin_family = AF_INET};
    const struct timeval timeout = {.tv_usec = 50000};
    const long port = argc == 6 ? number(argv[2], 1, 65535) : -1;
    const long size = argc == 6 ? number(argv[3], 1, LARGEST_PAYLOAD) : -1;
    const long count = argc == 6 ? number(argv[4], 1, 1000000) : -1;
    const long pause_us = argc == 6 ? number(argv[5], 0, 1000000) : -1;
    if (port < 0 || size < 0 || count < 0 || pause_us < 0 || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1) {
        fprintf(stderr, "Usage: udp-probe ADDRESS PORT SIZE COUNT PAUSE_US\n");
        return 2;
    }
    to.sin_port = htons((uint16_t)port);
    int64_t *times = calloc((size_t)count, sizeof *times);
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (times == NULL || fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout) != 0
        || connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
        fprintf(stderr, "udp-probe: %s port %ld: %s\n", argv[1], port, strerror(errno));
        return 1;
    }
    size_t received = 0;
    for (long i = 0; i < count; i++) {
        fill(data, (size_t)size, (uint32_t)i);
        const int64_t sent_at = now_ns();
        if (send(fd, data, (size_t)size, 0) != size) {
            fprintf(stderr, "udp-probe: %s\n", strerror(errno));
        } else if (await_answer(fd, data, (size_t)size, sent_at + TIMEOUT_MS * 1000000LL)) {
            times[received++] = now_ns() - sent_at;
        }
        if (pause_us > 0) {
            usleep((useconds_t)pause_us);
        }
    }
    qsort(times, received, sizeof *times, by_value);
    printf("sent %ld received %zu p50_us %.1f p99_us %.1f\n", count, received,
        received == 0 ? 0.0 : (double)times[received / 2] / 1000.0,
        received == 0 ? 0.0 : (double)times[received * 99 / 100] / 1000.0);
    free(times);
    close(fd);
    return received == (size_t)count ? 0 : 1;
}
