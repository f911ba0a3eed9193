/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What memory and what swap a machine has, as the kernel says it in /proc, /sys and /dev. Sizes are in bytes.
 * What a kernel does not have is 0, false or "", unless a comment says more. Text comes from files and may hold any
 * bytes but 0.
 */
#ifndef RAMSWAP_FACTS_H
#define RAMSWAP_FACTS_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

enum {
	RAMSWAP_NAME_MAX = 63, /* of a device, an algorithm, a module */
	RAMSWAP_PATH_MAX = 4095,
	RAMSWAP_NODES_MAX = 1024, /* MAX_NUMNODES of x86-64 */
	RAMSWAP_ALGORITHMS_MAX = 16, /* of a zram device */
};

/* /proc/meminfo */
struct ramswap_memory {
	__u64 total, free;
	bool has_available; /* since 3.14 */
	__u64 available;
	__u64 high; /* above what a 32-bit kernel maps: HighTotal */
	__u64 anonymous, file; /* pages of programs, pages of files */
	__u64 huge_reserved; /* in the pools of HugeTLB: never swapped */
	__u64 swap_total, swap_free, swap_cached;
	__u64 zswap, zswapped; /* what zswap's pool takes, and the pages in it */
};

/* A line of /proc/swaps. */
struct ramswap_swap {
	char *path; /* as the kernel has it, its escapes undone */
	bool is_file; /* not a block device */
	bool is_deleted; /* the name is gone */
	__u64 size, used;
	int priority;
	char device[RAMSWAP_NAME_MAX + 1]; /* a block device's name in /sys/block or below it: "sda2"; "" of a file */
	unsigned int major, minor; /* of that, or of the device that the file is on */
	bool is_rotational;
	bool is_ours; /* ramswap up made it: it is in the state */
};

/* A block device below /sys/block that could be swap, or has a part in it: zram, pmem, ram; and every disk. */
enum ramswap_block_kind { RAMSWAP_DISK, RAMSWAP_ZRAM, RAMSWAP_PMEM, RAMSWAP_BRD };

struct ramswap_block {
	char name[RAMSWAP_NAME_MAX + 1]; /* "zram0", "pmem0s", "nvme0n1p2" */
	enum ramswap_block_kind kind;
	unsigned int major, minor;
	__u64 size;
	bool is_read_only, is_rotational;
	bool is_mounted;
	char holder[RAMSWAP_NAME_MAX + 1]; /* one that is stacked on it: "dm-0" */
	bool has_partitions;
	/*
	 * What libblkid finds in its bytes: "ext4", "crypto_LUKS", "swap", "gpt"; "?": they were not read, or could not
	 * be, or mean more than one thing. Disks are read on demand alone: ramswap_facts_read_signature.
	 */
	char signature[RAMSWAP_NAME_MAX + 1];
	char label[RAMSWAP_NAME_MAX + 1]; /* of that file system or swap */
	int node; /* -1: none, or nobody knows */
	bool is_ours; /* ramswap up made swap of it, which may be on: it is in the state */
};

/* A zram device's own files. Counts of pages are of the kernel's page size, which facts has. */
struct ramswap_zram {
	unsigned int number; /* N of zramN; its block device is that */
	bool is_set_up; /* initstate: it has a size */
	__u64 disksize;
	unsigned int stat_fields; /* of mm_stat: 7, 8, 9; 0: it could not be read */
	__u64 stored, compressed, resident, limit, resident_peak; /* orig_data_size, compr_data_size, mem_used_total, ... */
	__u64 same_pages, compacted_pages, huge_pages, huge_pages_ever;
	__u64 failed_reads, failed_writes, invalid_io, notify_free; /* io_stat */
	__u64 back_pages, back_reads, back_writes; /* bd_stat, units of 4 KiB */
	char algorithms[RAMSWAP_ALGORITHMS_MAX][RAMSWAP_NAME_MAX + 1]; /* that can be chosen; at algorithm_count is none */
	size_t algorithm_count;
	char algorithm[RAMSWAP_NAME_MAX + 1]; /* chosen */
	bool has_recompression, has_writeback, has_idle, has_compressed_writeback;
	char recompression[RAMSWAP_NAME_MAX + 1]; /* the chosen one of priority 1 */
	char backing[RAMSWAP_PATH_MAX + 1]; /* "": none */
	bool is_writeback_limited;
	__u64 writeback_limit_pages; /* left, units of 4 KiB */
	bool is_ours;
};

/* A node below /sys/devices/system/node. */
struct ramswap_node {
	unsigned int id;
	__u64 total, free;
	bool has_processors, has_memory, is_online;
	unsigned int distances[RAMSWAP_NODES_MAX]; /* to each node of facts, in their order; 0: not said */
	int tier; /* of memory_tiering: a smaller number is faster; -1: not said */
};

/* What the firmware and the command line say of physical memory: /proc/iomem's first level, and what is in it. */
enum ramswap_range_kind {
	RAMSWAP_RANGE_RAM,
	RAMSWAP_RANGE_RESERVED,
	RAMSWAP_RANGE_PMEM, /* "Persistent Memory" */
	RAMSWAP_RANGE_PMEM_LEGACY, /* "Persistent Memory (legacy)": memmap=SIZE!START, or the firmware's type 12 */
	RAMSWAP_RANGE_SOFT_RESERVED, /* memory of a special purpose: CXL, HBM */
	RAMSWAP_RANGE_CRASH_KERNEL, /* lies in one of the others */
};

struct ramswap_range {
	__u64 start, end; /* the last byte; both 0: the kernel does not tell who asked */
	enum ramswap_range_kind kind;
};

/* A namespace of libnvdimm, below /sys/bus/nd/devices, that has a size. */
struct ramswap_namespace {
	char name[RAMSWAP_NAME_MAX + 1]; /* "namespace0.0" */
	char mode[RAMSWAP_NAME_MAX + 1]; /* "raw", "sector", "fsdax", "devdax", "memory" */
	char block[RAMSWAP_NAME_MAX + 1]; /* "pmem0"; "": it has none */
	char alt_name[RAMSWAP_NAME_MAX + 1]; /* what its owner called it */
	__u64 size;
	bool is_legacy; /* of memmap=SIZE!START: it has no label, and nothing in it outlives the next start */
	int node;
};

/* A device of the dax bus. */
struct ramswap_dax {
	char name[RAMSWAP_NAME_MAX + 1]; /* "dax0.0" */
	char driver[RAMSWAP_NAME_MAX + 1]; /* "device_dax", "kmem", "" */
	__u64 size, align;
	int node; /* target_node: the node that its memory becomes */
	bool is_ours; /* ramswap up made memory of it: it is in the state */
};

/* Who else sets up zram here. */
enum ramswap_other {
	/* zram-generator is installed, and makes a device: its configuration, or systemd.zram=1, says so. */
	RAMSWAP_OTHER_GENERATOR = 1 << 0,
	RAMSWAP_OTHER_TOOLS = 1 << 1, /* zram-tools: its unit zramswap is enabled */
	RAMSWAP_OTHER_CONFIG = 1 << 2, /* zram-config, or another unit of systemd that names zram */
};

struct ramswap_facts {
	char release[RAMSWAP_NAME_MAX + 1]; /* of the kernel */
	bool is_32_bit;
	unsigned int page_size;
	unsigned int processors;
	char *command_line;
	bool is_container; /* /proc/1/environ, /run/systemd/container, /.dockerenv, /proc/vz */
	bool is_crash_kernel; /* this is the kernel that saves another's memory: /proc/vmcore */
	bool is_sys_read_only;

	struct ramswap_memory memory;
	struct ramswap_swap *swaps;
	size_t swap_count;
	struct ramswap_block *blocks;
	size_t block_count;
	struct ramswap_zram *zrams;
	size_t zram_count;
	struct ramswap_node *nodes; /* by their numbers */
	size_t node_count;
	struct ramswap_range *ranges;
	size_t range_count;
	struct ramswap_namespace *namespaces;
	size_t namespace_count;
	struct ramswap_dax *daxes;
	size_t dax_count;

	/* Modules that are loaded, built in, or can be loaded. */
	bool can_zram, can_brd, can_pmem, can_kmem;
	bool is_zram_loaded; /* /sys/class/zram-control */

	bool has_zswap, is_zswap_enabled;
	char zswap_compressor[RAMSWAP_NAME_MAX + 1];
	unsigned int zswap_percent;

	/* vm.*; -1: the kernel does not have it. */
	int swappiness, page_cluster, watermark_scale_factor, watermark_boost_factor;
	__s64 min_free_kbytes;
	int demotion; /* /sys/kernel/mm/numa/demotion_enabled: 0, 1 */
	int multi_generation; /* lru_gen/enabled: 0, 1 and more */

	/* Hibernation. */
	bool can_hibernate; /* /sys/power/state has "disk", and the command line does not say nohibernate or noresume */
	unsigned int resume_major, resume_minor; /* /sys/power/resume; 0:0: none */
	__u64 image_size;

	/* kdump. */
	__u64 crash_size; /* reserved for the crash kernel */
	bool is_crash_loaded;

	/* The control group of this process, its own limits and those above it. 0: none. */
	__u64 group_memory_max;
	bool has_group_swap_max; /* it may be 0 */
	__u64 group_swap_max;

	unsigned int others; /* bits of enum ramswap_other */
	/* /proc/pressure/memory: parts of the time, in percent, and microseconds. -1: the kernel does not say. */
	double pressure_some_10, pressure_full_10, pressure_some_60, pressure_full_60;
	__u64 pressure_some_total, pressure_full_total;
};

#endif
