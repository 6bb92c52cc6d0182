/* Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "common.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SECOND_NS 1000000000ull

static uint16_t checksum(const void *data, size_t length)
{
    const uint8_t *bytes = data;
    uint32_t sum = 0;
    for (size_t i = 0; i + 1 < length; i += 2) {
        sum += (uint32_t)bytes[i] << 8 | bytes[i + 1];
    }
    while (sum >> 16 != 0) {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return (uint16_t)~sum;
}

void write_frame(uint8_t *frame, const struct headers *headers)
{
    memset(frame, 0, FRAME_LENGTH);
    struct ether_header ethernet;
    memcpy(ethernet.ether_dhost, headers->destination_mac, ETH_ALEN);
    memcpy(ethernet.ether_shost, headers->source_mac, ETH_ALEN);
    ethernet.ether_type = htons(ETHERTYPE_IP);
    struct iphdr ip;
    memset(&ip, 0, sizeof(ip));
    ip.version = 4;
    ip.ihl = 5;
    ip.tot_len = htons(FRAME_LENGTH - sizeof(ethernet));
    ip.ttl = 64;
    ip.protocol = IPPROTO_UDP;
    ip.saddr = headers->source.s_addr;
    ip.daddr = headers->destination.s_addr;
    ip.check = htons(checksum(&ip, sizeof(ip)));
    struct udphdr udp;
    udp.source = htons(headers->source_port);
    udp.dest = htons(headers->destination_port);
    udp.len = htons(FRAME_LENGTH - sizeof(ethernet) - sizeof(ip));
    udp.check = 0;
    memcpy(frame, &ethernet, sizeof(ethernet));
    memcpy(frame + sizeof(ethernet), &ip, sizeof(ip));
    memcpy(frame + sizeof(ethernet) + sizeof(ip), &udp, sizeof(udp));
    const uint16_t mark = MARK;
    memcpy(frame + MARK_OFFSET, &mark, sizeof(mark));
}

static void enter_namespace(const char *name)
{
    char path[128];
    snprintf(path, sizeof(path), "/run/netns/%s", name);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || setns(fd, CLONE_NEWNET) < 0) {
        fail("network namespace %s", name);
    }
    close(fd);
}

static void request(const struct place *place, unsigned long what, struct ifreq *ifr)
{
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    memcpy(ifr->ifr_name, place->interface, sizeof(ifr->ifr_name));
    if (fd < 0 || ioctl(fd, what, ifr) < 0) {
        fail("interface %s in %s", place->interface, place->namespace);
    }
    close(fd);
}

void enter(struct place *place, const char *text)
{
    const char *const colon = strchr(text, ':');
    if (colon == NULL || (size_t)(colon - text) >= sizeof(place->namespace) ||
        strlen(colon + 1) >= sizeof(place->interface)) {
        usage("\"%s\" is not NAMESPACE:INTERFACE", text);
    }
    memset(place, 0, sizeof(*place));
    memcpy(place->namespace, text, (size_t)(colon - text));
    strcpy(place->interface, colon + 1);
    enter_namespace(place->namespace);
    struct ifreq ifr;
    memset(&ifr, 0, sizeof(ifr));
    request(place, SIOCGIFINDEX, &ifr);
    place->index = ifr.ifr_ifindex;
    memset(&ifr, 0, sizeof(ifr));
    request(place, SIOCGIFHWADDR, &ifr);
    memcpy(place->mac, ifr.ifr_hwaddr.sa_data, sizeof(place->mac));
}

void read_mac(const char *text, uint8_t *mac)
{
    unsigned part[6];
    char rest;
    if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%c", &part[0], &part[1], &part[2], &part[3], &part[4], &part[5], &rest) !=
        6) {
        usage("\"%s\" is no hardware address", text);
    }
    for (int i = 0; i < 6; i++) {
        mac[i] = (uint8_t)part[i];
    }
}

void use_napi(const struct place *place)
{
    struct ethtool_value gro = {ETHTOOL_SGRO, 1};
    struct ifreq ifr;
    memset(&ifr, 0, sizeof(ifr));
    ifr.ifr_data = (char *)&gro;
    request(place, SIOCETHTOOL, &ifr);
}

int packet_socket(const struct place *place, bool receives)
{
    const int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        fail("a packet socket");
    }
    const int one = 1;
    (void)setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof(one));
    (void)setsockopt(fd, SOL_PACKET, 23 /* PACKET_IGNORE_OUTGOING */, &one, sizeof(one));
    struct sockaddr_ll address;
    memset(&address, 0, sizeof(address));
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(receives ? ETH_P_ALL : 0);
    address.sll_ifindex = place->index;
    if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
        fail("a packet socket at %s in %s", place->interface, place->namespace);
    }
    return fd;
}

uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * SECOND_NS + (uint64_t)now.tv_nsec;
}

void sleep_until(uint64_t time_ns)
{
    const struct timespec time = {(time_t)(time_ns / SECOND_NS), (long)(time_ns % SECOND_NS)};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR) {
    }
}

void pin(int cpu)
{
    if (cpu < 0) {
        return;
    }
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET((size_t)cpu, &set);
    if (sched_setaffinity(0, sizeof(set), &set) < 0) {
        fail("pinning to CPU %d", cpu);
    }
}

void fail(const char *format, ...)
{
    const int error = errno;
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "ulvs bench: ");
    vfprintf(stderr, format, arguments);
    fprintf(stderr, ": %s\n", strerror(error));
    exit(1);
}

void usage(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "ulvs bench: ");
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\n");
    exit(2);
}

uint64_t number(const char *option, const char *text, uint64_t least, uint64_t most)
{
    char *end;
    errno = 0;
    const unsigned long long value = strtoull(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || *text == '-' || value < least || value > most) {
        usage("%s: \"%s\" is not a number from %llu to %llu", option, text, (unsigned long long)least,
              (unsigned long long)most);
    }
    return value;
}

static int by_value(const void *one, const void *other)
{
    const uint32_t a = *(const uint32_t *)one;
    const uint32_t b = *(const uint32_t *)other;
    return a < b ? -1 : a > b;
}

void sort(uint32_t *values, size_t count)
{
    qsort(values, count, sizeof(values[0]), by_value);
}
