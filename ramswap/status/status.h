/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a machine's swap holds, what it costs and what it saves: the figures of the kernel put into relation, a pure
 * function of facts. All are bytes, unless a comment says more. A figure that is nonsense stays as the kernel has it;
 * what is computed of it stops at the ends of its type.
 */
#ifndef RAMSWAP_STATUS_STATUS_H
#define RAMSWAP_STATUS_STATUS_H

#include "../facts.h"
#include "counters.h"

enum status_kind {
	STATUS_ZRAM,
	STATUS_PMEM, /* memory that the kernel does not use otherwise */
	STATUS_BRD, /* the kernel's own memory, copied */
	STATUS_DISK,
	STATUS_FILE,
};

/* "zram": the word for programs. */
const char *status_kind_word(enum status_kind kind);

/*
 * Why /proc/swaps calls more, or less, used than the device stores. The kernel does not say how many of each there
 * are: each is the most that it can be, none is more than bytes, and together they may be less: then unexplained
 * remains.
 */
struct status_difference {
	__s64 bytes; /* used, less what is stored, less the swap header, which is stored and not counted as used */
	__u64 zeros_most; /* pages of zeros, of which the kernel only keeps that they are (since 6.12) */
	__u64 zswap_most; /* in zswap's pool, in front of the device */
	__u64 cached_most; /* in memory still, or again: the swap cache */
	__u64 held_most; /* slots that each processor keeps for itself before it takes or frees them (until 6.14) */
	__u64 unexplained;
};

struct status_device {
	char *path; /* as /proc/swaps has it; of zram that is no swap "/dev/zram1" */
	char name[RAMSWAP_NAME_MAX + 1]; /* "zram0"; "": a file */
	enum status_kind kind;
	bool is_ours;
	bool is_swap; /* it is in /proc/swaps; the others are zram devices with a size */
	int priority; /* of a swap */
	__u64 size; /* that it can hold; of zram the disksize */
	__u64 used; /* of a swap: what /proc/swaps says */
	__s64 saved; /* memory that is free because the device holds what was in it; below 0: it costs more than it saves */

	/* zram alone, if has_store; the others have 0. */
	bool has_store;
	__u64 stored; /* orig_data_size: pages before compression, with those that are written back or all the same */
	__u64 in_memory; /* stored less written_back */
	__u64 same; /* same_pages: filled with one word, which takes no memory; part of stored */
	__u64 huge, huge_ever; /* huge_pages: did not compress, and are kept as they are; part of stored */
	__u64 compressed; /* compr_data_size */
	__u64 resident; /* mem_used_total: real memory that is used now */
	__u64 resident_peak; /* mem_used_max: the most that it was */
	__s64 overhead; /* of the allocator: resident less compressed */
	double ratio; /* in_memory to resident; 0: nothing is resident */
	__u64 limit; /* mem_limit: of resident; 0: none */
	double limit_used; /* resident to limit; 0: there is none */
	__u64 written_back; /* on the backing device now; part of stored */
	__u64 back_reads, back_writes; /* from and to it, since the device was set up */
	__u64 failed_reads, failed_writes; /* how many */
	/*
	 * Until 6.2 zram counts a read of a page that is written back as failed once, before it reads it in another way:
	 * then so many of failed_reads are none.
	 */
	__u64 failed_reads_harmless;
	bool has_difference; /* it is a swap, too */
	struct status_difference difference;
	char algorithm[RAMSWAP_NAME_MAX + 1];
	char recompression[RAMSWAP_NAME_MAX + 1]; /* "": none */
	char *backing; /* NULL: none */
};

/* All swaps together. */
struct status_total {
	__u64 size, used;
	__u64 cached; /* of used: in memory, too: the swap cache */
	__u64 resident; /* memory that zram takes */
	__u64 copied; /* memory that brd takes for what is used: as much again */
	__u64 zswap, zswapped; /* memory that zswap takes, and what is in it */
	__s64 gained; /* used less all of those but zswapped */
};

struct ramswap_status {
	struct status_device *devices; /* ours first, then swaps, then zram that is none; each by priority */
	size_t device_count;
	struct status_total total;
	__u64 page_size;
	bool has_counters;
	struct status_counters counters;
	/* What upkeep wrote back in the last 24 hours, if it did: put here by who reads its budget. */
	bool has_written;
	__u64 written;
};

/*
 * facts: memory, swaps, zram; blocks, if they were read, tell a device's kind better than its name. counters: NULL:
 * the kernel has none. 0, to be freed with ramswap_status_free; -ENOMEM.
 */
int ramswap_status_make(const struct ramswap_facts *facts, const struct status_counters *counters,
	struct ramswap_status **status);
void ramswap_status_free(struct ramswap_status *status);

/* The difference of a device that is a swap and has a store. */
void status_find_difference(const struct ramswap_facts *facts, const struct ramswap_status *status,
	struct status_device *device);

/* 6012 of "6.12.117+deb13-cloud-amd64"; 0: it is no such text. */
unsigned int status_release_number(const char *release);

/* Arithmetic that stops at the ends of the type. */
__u64 status_times(__u64 count, __u64 size);
__u64 status_plus(__u64 one, __u64 other);
__u64 status_less(__u64 from, __u64 what); /* at least 0 */
__s64 status_minus(__u64 from, __u64 what);
__u64 status_whole(double number); /* cut off, at least 0 */

/* For people: size_print of lib/text/size.h, "-1.5K" below 0; text has room for 16. */
char *status_print_size(char text[16], __u64 bytes);
char *status_print_signed(char text[16], __s64 bytes);

#endif
