// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
// The end of an IPIP tunnel (RFC 2003) for a kernel without the module ipip: takes IP packets of protocol 4 from a raw
// socket and gives the packets in them to the kernel through a TUN device, as if they had come in there.
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define LARGEST_PACKET 65535
#define LEAST_HEADER 20
// A sender with segmentation offload sends bursts: the packets of many super-frames arrive at once.
#define RECEIVE_BUFFER (32 << 20)

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static int open_tun(const char *name)
{
    struct ifreq request;
    const int tun = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
    if (tun < 0)
        die("/dev/net/tun");
    memset(&request, 0, sizeof request);
    request.ifr_flags = IFF_TUN | IFF_NO_PI | IFF_VNET_HDR;
    strncpy(request.ifr_name, name, sizeof request.ifr_name - 1);
    if (ioctl(tun, TUNSETIFF, &request) < 0)
        die(name);
    return tun;
}

// A sender on the same machine may leave the checksum to its card: the field then holds the sum of the pseudo header
// alone. A raw socket does not tell, so that is recognised here and told to the kernel.
static struct virtio_net_hdr offload(const uint8_t *inner, size_t length)
{
    struct virtio_net_hdr header;
    const size_t start = (size_t)(inner[0] & 0x0f) * 4;
    const size_t offset = inner[9] == IPPROTO_TCP ? 16 : 6;
    memset(&header, 0, sizeof header);
    if ((inner[9] != IPPROTO_TCP && inner[9] != IPPROTO_UDP) || (inner[6] & 0x3f) != 0 || inner[7] != 0
        || length < start + offset + 2)
        return header;
    uint32_t sum = inner[9] + (uint32_t)(inner[2] << 8 | inner[3]) - (uint32_t)start;
    for (size_t i = 12; i < 20; i += 2)
        sum += (uint32_t)(inner[i] << 8 | inner[i + 1]);
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    if (sum == (uint32_t)(inner[start + offset] << 8 | inner[start + offset + 1])) {
        header.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
        header.csum_start = (uint16_t)start;
        header.csum_offset = (uint16_t)offset;
    }
    return header;
}

int main(int argc, char **argv)
{
    static uint8_t packet[LARGEST_PACKET];
    if (argc != 2) {
        fprintf(stderr, "Usage: ipip-end DEVICE\nMakes the TUN device DEVICE the end of all IPIP tunnels to this host.\n");
        return 2;
    }
    const int raw = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_IPIP);
    if (raw < 0)
        die("raw socket");
    const int buffer = RECEIVE_BUFFER;
    if (setsockopt(raw, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer) < 0)
        die("SO_RCVBUFFORCE");
    const int tun = open_tun(argv[1]);
    for (;;) {
        const ssize_t length = recv(raw, packet, sizeof packet, 0);
        if (length < LEAST_HEADER)
            continue;
        const ssize_t outer = (packet[0] & 0x0f) * 4;
        if (length < outer + LEAST_HEADER || packet[outer] >> 4 != 4)
            continue;
        // A packet that the device does not take (it may be down) is lost as on any link.
        struct virtio_net_hdr header = offload(packet + outer, (size_t)(length - outer));
        const struct iovec parts[] = {{&header, sizeof header}, {packet + outer, (size_t)(length - outer)}};
        if (writev(tun, parts, 2) < 0)
            continue;
    }
}
