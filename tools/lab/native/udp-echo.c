// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
// A UDP echo server (RFC 862). It answers from the address that the datagram was sent to, which a plain
// socat does not: a real server behind direct routing must answer as the virtual IP.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define LARGEST_DATAGRAM 65536

static struct in_pktinfo *packet_info(struct msghdr *message)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c != NULL; c = CMSG_NXTHDR(message, c)) {
        if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
            return (struct in_pktinfo *)(void *)CMSG_DATA(c);
        }
    }
    return NULL;
}

static int open_socket(uint16_t port)
{
    const int on = 1;
    const int buffer = 4 << 20;
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = INADDR_ANY};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on) != 0
        || bind(fd, (struct sockaddr *)&any, sizeof any) != 0) {
        return -1;
    }
    // A larger buffer is only a help: the default works too.
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    return fd;
}

int main(int argc, char **argv)
{
    static char data[LARGEST_DATAGRAM];
    const long port = argc == 2 ? strtol(argv[1], NULL, 10) : 0;
    if (port < 1 || port > 65535) {
        fprintf(stderr, "Usage: udp-echo PORT\n");
        return 2;
    }
    int fd = open_socket((uint16_t)port);
    if (fd < 0) {
        fprintf(stderr, "udp-echo: port %ld: %s\n", port, strerror(errno));
        return 1;
    }
    for (;;) {
        struct sockaddr_in peer;
        char control[CMSG_SPACE(sizeof(struct in_pktinfo))];
        struct iovec part = {.iov_base = data, .iov_len = sizeof data};
        struct msghdr message = {
            .msg_name = &peer,
            .msg_namelen = sizeof peer,
            .msg_iov = &part,
            .msg_iovlen = 1,
            .msg_control = control,
            .msg_controllen = sizeof control,
        };
        const ssize_t length = recvmsg(fd, &message, 0);
        struct in_pktinfo *info = length < 0 ? NULL : packet_info(&message);
        if (info == NULL) {
            continue;
        }
        // The route chooses the interface, the address stays the one that was asked.
        info->ipi_spec_dst = info->ipi_addr;
        info->ipi_ifindex = 0;
        part.iov_len = (size_t)length;
        // What cannot be sent is lost, as UDP may be.
        (void)sendmsg(fd, &message, 0);
    }
}
