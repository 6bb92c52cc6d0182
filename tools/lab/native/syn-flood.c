// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
// Sends a number of TCP SYNs, each from another address and port, and prints how many went out in which time.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST 4000000
#define BATCH 64

struct segment {
    struct iphdr ip;
    struct tcphdr tcp;
};

static uint32_t add(uint32_t sum, const void *data, size_t size)
{
    const uint8_t *octets = data;
    for (size_t i = 0; i + 1 < size; i += 2)
        sum += (uint32_t)(octets[i] << 8 | octets[i + 1]);
    return sum;
}

static uint16_t fold(uint32_t sum)
{
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return htons((uint16_t)~sum);
}

static void fill(struct segment *s, uint32_t source, uint16_t source_port, uint32_t destination, uint16_t port)
{
    memset(s, 0, sizeof *s);
    s->ip.version = 4;
    s->ip.ihl = 5;
    s->ip.ttl = 64;
    s->ip.protocol = IPPROTO_TCP;
    s->ip.tot_len = htons(sizeof *s);
    s->ip.saddr = source;
    s->ip.daddr = destination;
    s->tcp.source = htons(source_port);
    s->tcp.dest = htons(port);
    s->tcp.seq = source;
    s->tcp.doff = 5;
    s->tcp.syn = 1;
    s->tcp.window = htons(65535);
    s->tcp.check = fold(add(add(IPPROTO_TCP + sizeof s->tcp, &s->ip.saddr, 8), &s->tcp, sizeof s->tcp));
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    static struct segment segments[BATCH];
    static struct iovec parts[BATCH];
    static struct mmsghdr messages[BATCH];
    struct sockaddr_in to = {.sin_family = AF_INET};
    struct in_addr first;
    if (argc != 5 || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1 || inet_pton(AF_INET, argv[3], &first) != 1) {
        fprintf(stderr, "Usage: syn-flood ADDRESS PORT FIRST-SOURCE COUNT\n");
        return 2;
    }
    const uint16_t port = (uint16_t)atoi(argv[2]);
    const long count = atol(argv[4]);
    if (count < 1 || count > MOST) {
        fprintf(stderr, "syn-flood: COUNT is 1 to %d\n", MOST);
        return 2;
    }
    const int raw = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
    if (raw < 0) {
        perror("raw socket");
        return 1;
    }
    for (int i = 0; i < BATCH; i++) {
        parts[i] = (struct iovec){&segments[i], sizeof segments[i]};
        messages[i].msg_hdr = (struct msghdr){
            .msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &parts[i], .msg_iovlen = 1};
    }
    const double began = seconds();
    long sent = 0;
    while (sent < count) {
        const unsigned size = (unsigned)(count - sent < BATCH ? count - sent : BATCH);
        for (unsigned i = 0; i < size; i++) {
            const uint32_t n = (uint32_t)sent + i;
            fill(&segments[i], htonl(ntohl(first.s_addr) + n), (uint16_t)(1024 + n % 60000), to.sin_addr.s_addr, port);
        }
        const int done = sendmmsg(raw, messages, size, 0);
        if (done < 0 && errno != ENOBUFS && errno != EINTR) {
            perror("sendmmsg");
            return 1;
        }
        sent += done > 0 ? done : 0;
        // Some 60,000 a second: what overruns the receive ring would not reach the director.
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    printf("%ld SYNs from %ld addresses in %.1f s\n", sent, sent, seconds() - began);
    return 0;
}
