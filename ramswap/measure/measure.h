/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What zram's algorithms do with pages of this machine. AF_ALG gives programs no compression, so the sample goes
 * through a zram device of its own, which is removed again: the kernel's own code, its own allocator, its own
 * mm_stat. A page is written and read with O_DIRECT: what zram does to it as swap, plus the system call and less the
 * page fault.
 *
 * The sample may be the memory of other programs, of any user. It is in memory of this process that is locked, in no
 * core dump and cleared before it is given back, and compressed in the device, which is opened exclusively, belongs
 * to root (udev may add the group disk, which may read all disks), and is reset before it is removed: that frees its
 * pages. It is written nowhere else.
 *
 * SIGINT, SIGTERM, SIGHUP and SIGQUIT wait until the device is removed. The device is in the state of ramswap as long
 * as it exists, so that what a kill -9 leaves is removed by the next ramswap up, or the next measurement.
 */
#ifndef RAMSWAP_MEASURE_H
#define RAMSWAP_MEASURE_H

#include "../ramswap.h"

#define MEASURE_SAMPLE_SIZE (16ULL << 20) /* bytes, of 0 */
#define MEASURE_SAMPLE_SIZE_MAX (1ULL << 30)
#define MEASURE_SAMPLE_SIZE_LEAST (256ULL << 10)
#define MEASURE_SAMPLE_SECONDS 2.0 /* for collecting pages of programs; what was found by then is the sample */

struct measure_settings {
	__u64 size; /* bytes of the sample; 0: 16 MiB, less where memory is short */
	const char *corpus; /* a file whose pages are the sample; NULL: anonymous pages of running programs */
	/*
	 * Called now and then while pages are moved, with the algorithm and the bytes, of all that are to be; NULL:
	 * not.
	 */
	void (*progress)(void *context, const char *algorithm, __u64 done, __u64 total);
	void *context;
};

/*
 * Every algorithm that the kernel's zram offers, in its order; one that it offers and cannot set up is left out. A
 * ratio is mm_stat's orig_data_size by compr_data_size, as zramctl has it: pages of one repeated word count as
 * stored, and take nothing. Of a sample of such pages alone it is the sample's size.
 *
 * 0; or a negative errno, and what was wrong: -ENODEV: this kernel has no zram; -EACCES: the caller is not root;
 * -ENOMEM: memory is short; -ENODATA: there are no pages to take; -EIO: a page came back with other contents; -EINTR:
 * a signal came, which is delivered when the function returns.
 */
int measure_zram(const struct measure_settings *settings, struct ramswap_measures *measures,
	struct ramswap_problem *problem);

#endif
