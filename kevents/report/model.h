/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a page shows of a recording: who lived when, and how much happened when. */
#ifndef KEVENTS_REPORT_MODEL_H
#define KEVENTS_REPORT_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "../kevents.h"

/* What is counted over time. */
enum report_rate {
	REPORT_FORK,
	REPORT_THREAD,
	REPORT_EXEC,
	REPORT_EXIT,
	REPORT_LOAD,
	REPORT_UNLOAD,
	REPORT_ANON,
	REPORT_KERNEL,
	REPORT_LOST,
	REPORT_RATES,
};

enum { REPORT_BINS = 2048 };

/* A program that a process ran. */
struct report_exec {
	uint64_t time;
	uint32_t comm, args; /* numbers of strings */
};

struct report_process {
	int32_t pid;
	uint32_t parent;	   /* index, REPORT_NONE: not known */
	uint64_t begin, end;	   /* end 0: it still ran */
	struct report_exec *execs; /* the first one is what it was when it began */
	uint32_t exec_count;
	uint32_t threads, images; /* made, and loaded */
	struct kevents_exit exit;
	bool is_found; /* was there before the recording */
	bool is_kernel;
	bool is_kept;  /* is to be shown: see model_choose */
	uint32_t next; /* of the same bucket */
};

#define REPORT_NONE UINT32_MAX

struct report_string;

struct report_model {
	struct kevents_recording_info info;
	struct report_process *processes;
	uint32_t process_count, process_room;
	uint32_t *buckets; /* the latest process of each id */
	uint32_t bucket_count;
	char **strings; /* such as a terminal may show */
	uint32_t string_count, string_room;
	struct report_string **string_buckets;
	uint64_t begin, end; /* of what happened; 0: nothing did */
	uint64_t bin_width;
	uint64_t bins[REPORT_RATES][REPORT_BINS];
	uint64_t records, lost;
	struct kevents_sums sums; /* the recording's account, if it has one */
	bool has_sums;
};

/* 0 or -ENOMEM. To be freed with model_free, which takes also one that could not be made. */
int model_init(struct report_model *model, const struct kevents_recording_info *info);
/* Records must come in the order of time. 0 or -ENOMEM. The record is not kept. */
int model_add(struct report_model *model, const struct kevents_record *record);
void model_free(struct report_model *model);

/*
 * Chooses at most about most processes to show: those that lived longest, and whose they are
 * children. *omitted: how many are left out. 0 or -ENOMEM.
 */
int model_choose(struct report_model *model, uint32_t most, uint32_t *omitted);

#endif
