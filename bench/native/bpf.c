/* Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "bpf.h"

#include "common.h"

#include <errno.h>
#include <linux/if_link.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define VERIFIER_LOG 65536

static int bpf(enum bpf_cmd command, union bpf_attr *attributes)
{
    return (int)syscall(__NR_bpf, command, attributes, sizeof(*attributes));
}

int bpf_shared_value(size_t length, void **value)
{
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof(attributes));
    attributes.map_type = BPF_MAP_TYPE_ARRAY;
    attributes.key_size = sizeof(uint32_t);
    attributes.value_size = (uint32_t)length;
    attributes.max_entries = 1;
    attributes.map_flags = BPF_F_MMAPABLE;
    const int fd = bpf(BPF_MAP_CREATE, &attributes);
    if (fd < 0) {
        fail("an eBPF map");
    }
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    *value = mmap(NULL, (length + page - 1) / page * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (*value == MAP_FAILED) {
        fail("mapping an eBPF map");
    }
    return fd;
}

int bpf_load(enum bpf_prog_type type, const char *name, const struct bpf_insn *instructions, size_t count)
{
    static char log[VERIFIER_LOG];
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof(attributes));
    attributes.prog_type = type;
    attributes.insns = (uintptr_t)instructions;
    attributes.insn_cnt = (uint32_t)count;
    attributes.license = (uintptr_t) "Dual MIT/GPL";
    strncpy(attributes.prog_name, name, sizeof(attributes.prog_name) - 1);
    int fd = bpf(BPF_PROG_LOAD, &attributes);
    if (fd < 0) {
        const int error = errno;
        attributes.log_buf = (uintptr_t)log;
        attributes.log_size = sizeof(log);
        attributes.log_level = 1;
        fd = bpf(BPF_PROG_LOAD, &attributes);
        errno = error;
        if (fd < 0) {
            fail("the kernel refuses the eBPF program %s: %s", name, log);
        }
    }
    return fd;
}

int bpf_attach_xdp(int program, int interface)
{
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof(attributes));
    attributes.link_create.prog_fd = (uint32_t)program;
    attributes.link_create.target_ifindex = (uint32_t)interface;
    attributes.link_create.attach_type = BPF_XDP;
    attributes.link_create.flags = XDP_FLAGS_SKB_MODE;
    const int fd = bpf(BPF_LINK_CREATE, &attributes);
    if (fd < 0) {
        fail("attaching an eBPF program to interface %d", interface);
    }
    return fd;
}

int bpf_run_live(int program, const void *frame, uint32_t length, uint32_t repeat, uint32_t batch)
{
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof(attributes));
    attributes.test.prog_fd = (uint32_t)program;
    attributes.test.data_in = (uintptr_t)frame;
    attributes.test.data_size_in = length;
    attributes.test.repeat = repeat;
    attributes.test.batch_size = batch;
    attributes.test.flags = BPF_F_TEST_XDP_LIVE_FRAMES;
    return bpf(BPF_PROG_TEST_RUN, &attributes) < 0 ? -errno : 0;
}
