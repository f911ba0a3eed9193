/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is to be set up on a machine, and why: a pure function of facts, settings and measurements. Each decision has a
 * reason, also one to leave something as it is.
 */
#ifndef RAMSWAP_PLAN_H
#define RAMSWAP_PLAN_H

#include "facts.h"
#include "settings.h"

enum ramswap_answer {
	RAMSWAP_NOTHING, /* leave the machine as it is: that is best, or asked for */
	RAMSWAP_SET_UP, /* devices or tunings are listed */
	RAMSWAP_REFUSED, /* what is wanted cannot be done, or would do harm: the reasons of severity REFUSAL */
};

enum ramswap_device_kind {
	RAMSWAP_ON_PMEM, /* memory that the kernel does not use, as a block device */
	RAMSWAP_ON_ZRAM, /* the kernel's own memory, compressed */
	RAMSWAP_ON_BRD, /* the kernel's own memory, copied: on demand alone */
	RAMSWAP_AS_MEMORY, /* no swap: a dax device becomes a node of the kernel's memory */
};

struct ramswap_device {
	enum ramswap_device_kind kind;
	char name[RAMSWAP_NAME_MAX + 1]; /* "pmem0", "dax0.0"; of zram "": the next free one */
	bool is_up; /* it is ours, and as planned: nothing is to be done */
	__u64 size; /* bytes of swap */
	__u64 limit; /* zram: bytes of real memory that it may take; 0: none */
	int priority;
	char algorithm[RAMSWAP_ALGORITHM_TEXT_MAX + 1]; /* zram: name and parameters, "zstd(level=3)" */
	char recompression[RAMSWAP_ALGORITHM_TEXT_MAX + 1]; /* "": none */
	char writeback[RAMSWAP_PATH_MAX + 1]; /* "": none */
	/* What it costs of the kernel's memory: when it is empty; full at the expected ratio; full of pages that do not
	 * compress. */
	__u64 cost_empty, cost_expected, cost_worst;
	__u64 gain_expected; /* what it adds to the memory of the machine when full: size less cost_expected */
	double ratio; /* stored to resident: expected, or measured */
	bool is_measured;
};

/* A file of the kernel that gets a value. */
struct ramswap_tuning {
	char path[128]; /* below the root: "proc/sys/vm/page-cluster" */
	char name[64]; /* as people say it: "vm.page-cluster" */
	char value[32], was[32];
};

enum ramswap_severity {
	RAMSWAP_REASON, /* why something is as planned */
	RAMSWAP_WARNING, /* what the user should know before it is done */
	RAMSWAP_ADVICE, /* what the user could do, and this plan does not */
	RAMSWAP_REFUSAL, /* why there is no plan */
};

struct ramswap_reason {
	enum ramswap_severity severity;
	char code[48]; /* for programs, stable: "brd-copies", "zswap-compresses-twice" */
	char subject[RAMSWAP_NAME_MAX + 1]; /* a device, a setting, a source; "": the plan */
	char text[512]; /* a sentence, with the sum behind the number */
};

struct ramswap_plan {
	enum ramswap_answer answer;
	struct ramswap_device *devices; /* the first is used first */
	size_t device_count;
	struct ramswap_tuning *tunings;
	size_t tuning_count;
	struct ramswap_reason *reasons; /* in the order of the decisions */
	size_t reason_count;
};

/* An algorithm of zram, with pages of this machine: ramswap/measure/measure.h. */
struct ramswap_measured {
	char algorithm[RAMSWAP_NAME_MAX + 1];
	__u64 pages; /* of the sample */
	double ratio; /* stored to compressed */
	__u64 incompressible_pages; /* stored as they are */
	double write_ns, read_ns; /* a page, the median */
	double read_p99_ns;
};

struct ramswap_measures {
	struct ramswap_measured zram[RAMSWAP_ALGORITHMS_MAX];
	size_t zram_count;
};

/*
 * measures: NULL: none were made. The plan is the caller's to free with ramswap_plan_free. 0; -ENOMEM; -EINVAL: a
 * setting is wrong (an expression): the plan has answer RAMSWAP_REFUSED and says which.
 */
int ramswap_plan_make(const struct ramswap_facts *facts, const struct ramswap_settings *settings,
	const struct ramswap_measures *measures, struct ramswap_plan **plan);
void ramswap_plan_free(struct ramswap_plan *plan);

#endif
