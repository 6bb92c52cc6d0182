/* Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "shim.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/magic.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#ifndef PACKET_FANOUT_FLAG_IGNORE_OUTGOING
#define PACKET_FANOUT_FLAG_IGNORE_OUTGOING 0x4000
#endif

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

#define HUGE_PAGE (2ULL * 1024 * 1024)
#define SEND_CHUNK 64
/* Fewer small frames than this are not worth a call of their own. */
#define SHORTEST_RUN 4
#define BUFFER (16 * 1024 * 1024)
#define NETLINK_BUFFER (4 * 1024 * 1024)

int ulvs_version(void)
{
    return ULVS_SHIM_VERSION;
}

static int fail(struct ulvs_ring *ring, int fd, int step)
{
    const int error = errno;
    ring->failed_step = step;
    if (fd >= 0) {
        close(fd);
    }
    return -error;
}

static int set_int(int fd, int option, int value)
{
    return setsockopt(fd, SOL_PACKET, option, &value, sizeof(value));
}

static int set_ring(int fd, const struct ulvs_ring *ring)
{
    struct tpacket_req request;
    request.tp_block_size = (unsigned)ring->block_size;
    request.tp_block_nr = (unsigned)ring->block_count;
    request.tp_frame_size = (unsigned)ring->slot_size;
    request.tp_frame_nr = request.tp_block_size / request.tp_frame_size * request.tp_block_nr;
    return setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &request, sizeof(request));
}

int ulvs_ring_open(struct ulvs_ring *ring)
{
    const int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return fail(ring, fd, ULVS_STEP_SOCKET);
    }
    if (set_int(fd, PACKET_VERSION, TPACKET_V2) < 0) {
        return fail(ring, fd, ULVS_STEP_VERSION);
    }
    if (set_int(fd, PACKET_RESERVE, ring->headroom) < 0) {
        return fail(ring, fd, ULVS_STEP_RESERVE);
    }
    if (set_int(fd, PACKET_VNET_HDR, 1) < 0) {
        return fail(ring, fd, ULVS_STEP_VNET_HDR);
    }
    if (set_int(fd, PACKET_IGNORE_OUTGOING, 1) < 0) {
        return fail(ring, fd, ULVS_STEP_IGNORE_OUTGOING);
    }
    if (set_int(fd, PACKET_QDISC_BYPASS, 1) < 0) {
        return fail(ring, fd, ULVS_STEP_QDISC_BYPASS);
    }
    /* any value but 0: whatever is longer than a slot */
    if (set_int(fd, PACKET_COPY_THRESH, 1) < 0) {
        return fail(ring, fd, ULVS_STEP_COPY);
    }
    if (set_ring(fd, ring) < 0) {
        return fail(ring, fd, ULVS_STEP_RING);
    }
    const int buffer = BUFFER;
    if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &buffer, sizeof(buffer)) < 0 ||
        setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof(buffer)) < 0) {
        return fail(ring, fd, ULVS_STEP_BUFFER);
    }
    /* nothing arrives before the whole fanout group stands */
    const struct sock_filter drop = {BPF_RET | BPF_K, 0, 0, 0};
    const int filtered = ulvs_filter(fd, &drop, 1);
    if (filtered < 0) {
        errno = -filtered;
        return fail(ring, fd, ULVS_STEP_FILTER);
    }
    const size_t length = (size_t)ring->block_size * (size_t)ring->block_count;
    void *const memory = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
    if (memory == MAP_FAILED) {
        return fail(ring, fd, ULVS_STEP_MAP);
    }
    struct sockaddr_ll address;
    memset(&address, 0, sizeof(address));
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(ETH_P_ALL);
    address.sll_ifindex = ring->interface_index;
    if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
        const int error = errno;
        munmap(memory, length);
        errno = error;
        return fail(ring, fd, ULVS_STEP_BIND);
    }
    ring->address = (uint64_t)(uintptr_t)memory;
    ring->length = length;
    ring->failed_step = 0;
    return fd;
}

int ulvs_ring_close(int fd, uint64_t address, uint64_t length)
{
    munmap((void *)(uintptr_t)address, length);
    return ulvs_close(fd);
}

int ulvs_fanout_join(int fd, int group)
{
    int type = PACKET_FANOUT_CBPF | PACKET_FANOUT_FLAG_IGNORE_OUTGOING;
    if (group < 0) {
        type |= PACKET_FANOUT_FLAG_UNIQUEID;
    }
    int argument = (group < 0 ? 0 : group & 0xffff) | type << 16;
    if (setsockopt(fd, SOL_PACKET, PACKET_FANOUT, &argument, sizeof(argument)) < 0) {
        return -errno;
    }
    socklen_t length = sizeof(argument);
    if (getsockopt(fd, SOL_PACKET, PACKET_FANOUT, &argument, &length) < 0) {
        return -errno;
    }
    return argument & 0xffff;
}

int ulvs_fanout_program(int fd, const void *instructions, int count)
{
    const struct sock_fprog program = {(unsigned short)count, (struct sock_filter *)(uintptr_t)instructions};
    return setsockopt(fd, SOL_PACKET, PACKET_FANOUT_DATA, &program, sizeof(program)) < 0 ? -errno : 0;
}

int ulvs_filter(int fd, const void *instructions, int count)
{
    if (count == 0) {
        const int none = 0;
        return setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &none, sizeof(none)) < 0 ? -errno : 0;
    }
    const struct sock_fprog program = {(unsigned short)count, (struct sock_filter *)(uintptr_t)instructions};
    return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) < 0 ? -errno : 0;
}

int ulvs_statistics(int fd, uint32_t *out)
{
    struct tpacket_stats_v3 statistics;
    memset(&statistics, 0, sizeof(statistics));
    socklen_t length = sizeof(statistics);
    if (getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &statistics, &length) < 0) {
        return -errno;
    }
    out[0] = statistics.tp_packets;
    out[1] = statistics.tp_drops;
    return 0;
}

int ulvs_error(int fd)
{
    int error = 0;
    socklen_t length = sizeof(error);
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0 ? -errno : error;
}

static int send_messages(int fd, struct iovec *frames, int count)
{
    struct mmsghdr messages[SEND_CHUNK];
    memset(messages, 0, sizeof(messages[0]) * (size_t)count);
    for (int i = 0; i < count; i++) {
        messages[i].msg_hdr.msg_iov = &frames[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    const int n = sendmmsg(fd, messages, (unsigned)count, MSG_DONTWAIT);
    return n < 0 ? -errno : n;
}

/* Sends what comes first: a run for the express socket, or a chunk of others. Returns how many went; sets *tried. */
static int send_some(int fd, struct ulvs_express *express, struct iovec *frames, int count, int *tried)
{
    int run = 0;
    while (express != NULL && run < count && ulvs_express_takes(&frames[run])) {
        run++;
    }
    if (run >= SHORTEST_RUN) {
        *tried = run;
        return ulvs_express_send(express, frames, run);
    }
    int others = run > 0 ? run : 1;
    while (others < count && others < SEND_CHUNK && (express == NULL || !ulvs_express_takes(&frames[others]))) {
        others++;
    }
    *tried = others;
    const int left = express == NULL ? 0 : ulvs_express_flush(express);
    return left < 0 ? left : send_messages(fd, frames, others);
}

int ulvs_send(int fd, struct ulvs_express *express, struct iovec *frames, int count)
{
    int sent = 0;
    while (sent < count) {
        int tried;
        const int n = send_some(fd, express, &frames[sent], count - sent, &tried);
        if (n < 0) {
            return sent > 0 ? sent : n;
        }
        sent += n;
        if (n < tried) {
            return sent;
        }
    }
    return sent;
}

int ulvs_receive(int fd, void *buffer, int length)
{
    const ssize_t n = recv(fd, buffer, (size_t)length, MSG_DONTWAIT | MSG_TRUNC);
    if (n > length) {
        return -EMSGSIZE;
    }
    return n < 0 ? -errno : (int)n;
}

int ulvs_poll(void *fds, int count, int64_t timeout_ns)
{
    const struct timespec timeout = {timeout_ns / 1000000000, timeout_ns % 1000000000};
    const int n = ppoll(fds, (nfds_t)count, &timeout, NULL);
    return n < 0 ? -errno : n;
}

int ulvs_netlink_open(uint32_t groups)
{
    const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
    if (fd < 0) {
        return -errno;
    }
    const int buffer = NETLINK_BUFFER;
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof(buffer));
    struct sockaddr_nl address;
    memset(&address, 0, sizeof(address));
    address.nl_family = AF_NETLINK;
    address.nl_groups = groups;
    if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
        const int error = errno;
        close(fd);
        return -error;
    }
    return fd;
}

int ulvs_netlink_send(int fd, const void *message, int length)
{
    const ssize_t n = send(fd, message, (size_t)length, 0);
    return n < 0 ? -errno : (int)n;
}

int ulvs_close(int fd)
{
    return close(fd) < 0 ? -errno : 0;
}

int ulvs_cpu(int behind)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof(set), &set) < 0) {
        return -errno;
    }
    for (int cpu = CPU_SETSIZE - 1; cpu >= 0; cpu--) {
        if (CPU_ISSET((size_t)cpu, &set) && behind-- == 0) {
            return cpu;
        }
    }
    return -ERANGE;
}

int ulvs_pin(int cpu)
{
    if (cpu < 0 || cpu >= CPU_SETSIZE) {
        return -EINVAL;
    }
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET((size_t)cpu, &set);
    return sched_setaffinity(0, sizeof(set), &set) < 0 ? -errno : 0;
}

int ulvs_nice(int nice)
{
    return setpriority(PRIO_PROCESS, (id_t)gettid(), nice) < 0 ? -errno : 0;
}

int ulvs_keep_off(const int *cpus, int count)
{
    DIR *const threads = opendir("/proc/self/task");
    if (threads == NULL) {
        return -errno;
    }
    int moved = 0;
    for (const struct dirent *entry = readdir(threads); entry != NULL; entry = readdir(threads)) {
        const pid_t thread = (pid_t)strtol(entry->d_name, NULL, 10);
        cpu_set_t set;
        cpu_set_t before;
        /* "." and "..", and threads that have ended meanwhile */
        if (thread <= 0 || thread == gettid() || sched_getaffinity(thread, sizeof(set), &set) < 0) {
            continue;
        }
        before = set;
        for (int i = 0; i < count; i++) {
            if (cpus[i] >= 0 && cpus[i] < CPU_SETSIZE) {
                CPU_CLR((size_t)cpus[i], &set);
            }
        }
        /* the kernel refuses an empty set */
        if (!CPU_EQUAL(&set, &before) && sched_setaffinity(thread, sizeof(set), &set) == 0) {
            moved++;
        }
    }
    closedir(threads);
    return moved;
}

/* What is mapped at an address that is a multiple of a huge page's length can lie in huge pages. */
static int map_aligned(int fd, uint64_t length, uint64_t *address)
{
    const uint64_t reserved = length + HUGE_PAGE;
    void *const room = mmap(NULL, reserved, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (room == MAP_FAILED) {
        return -errno;
    }
    const uint64_t start = (uint64_t)(uintptr_t)room;
    const uint64_t aligned = (start + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
    const int flags = fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED;
    if (mmap((void *)(uintptr_t)aligned, length, PROT_READ | PROT_WRITE, flags | MAP_FIXED, fd, 0) == MAP_FAILED) {
        const int error = errno;
        munmap(room, reserved);
        return -error;
    }
    const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    const uint64_t end = (aligned + length + page - 1) & ~(page - 1);
    if (aligned > start) {
        munmap(room, aligned - start);
    }
    if (start + reserved > end) {
        munmap((void *)(uintptr_t)end, start + reserved - end);
    }
    *address = aligned;
    return 0;
}

int ulvs_map(const char *path, uint64_t length, uint64_t *address)
{
    const int fd = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
    if (path != NULL && fd < 0) {
        return -errno;
    }
    const int result = map_aligned(fd, length, address);
    struct statfs system;
    const int in_memory = fd < 0 || (fstatfs(fd, &system) == 0 && system.f_type == TMPFS_MAGIC);
    if (result == 0 && in_memory) {
        /* without huge pages all works the same; a tmpfs has them only for what is there already */
        void *const memory = (void *)(uintptr_t)*address;
        const uint64_t whole = length & ~(HUGE_PAGE - 1);
        madvise(memory, whole, MADV_HUGEPAGE);
        madvise(memory, whole, MADV_POPULATE_WRITE);
        madvise(memory, whole, MADV_COLLAPSE);
    }
    if (fd >= 0) {
        close(fd);
    }
    return result;
}

int ulvs_unmap(uint64_t address, uint64_t length)
{
    return munmap((void *)(uintptr_t)address, length) < 0 ? -errno : 0;
}

int ulvs_prefetch(const uint64_t *addresses, int count)
{
    for (int i = 0; i < count; i++) {
        __builtin_prefetch((const void *)(uintptr_t)addresses[i], 1);
    }
    return 0;
}
