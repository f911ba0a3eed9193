/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A plan that is being made: what its parts share. Each part looks at the facts, adds what it decides to the plan, and
 * says why. Memory that runs short is noted and told at the end, so that no part has to ask.
 */
#ifndef RAMSWAP_PLAN_DRAFT_H
#define RAMSWAP_PLAN_DRAFT_H

#include "../ramswap.h"

enum {
	PLAN_SIZE_TEXT_MAX = 16, /* of lib/text/size.h */
};

struct plan_draft {
	const struct ramswap_facts *facts;
	const struct ramswap_settings *settings;
	const struct ramswap_measures *measures; /* NULL: none */
	struct ramswap_plan *plan;
	__u64 page; /* bytes, never 0 */
	__u64 ram; /* MemTotal less huge pages, which are never swapped */
	/* Of it, what devices in RAM may share: less what those of others may take, and those planned already. */
	__u64 near;
	bool is_settings_entry_known[RAMSWAP_SOURCES_MAX]; /* a [source NAME] that names something of this machine */
	bool is_short; /* of memory: the plan is not whole */
	bool is_wrong; /* a setting is none: -EINVAL */
};

/* Adds a reason. Text that is too long is cut. */
void plan_say(struct plan_draft *draft, enum ramswap_severity severity, const char *code, const char *subject,
	const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Takes back what was said of the subject since there were so many reasons; but no refusal. */
void plan_forget(struct plan_draft *draft, size_t mark, const char *subject);

/* Whether there is a reason of that severity. */
bool plan_has(const struct plan_draft *draft, enum ramswap_severity severity);

/* A device at the end of the list, all zero, or NULL: memory is short. It is valid until the next one is added. */
struct ramswap_device *plan_add_device(struct plan_draft *draft, enum ramswap_device_kind kind, const char *name);

/* Whether there is one of that kind. */
bool plan_has_device(const struct ramswap_plan *plan, enum ramswap_device_kind kind);
/* Bytes of all of that kind. */
__u64 plan_device_sizes(const struct ramswap_plan *plan, enum ramswap_device_kind kind);

/* A file of the kernel that can be tuned. */
struct plan_file {
	const char *path; /* below the root */
	const char *name; /* as people say it */
};

/*
 * The file is to have this value, and why says why. Nothing is added where it has it. was: what it has now; NULL: there
 * is no such file, which is said.
 */
void plan_tune(struct plan_draft *draft, const struct plan_file *file, const char *value, const char *was,
	const char *code, const char *why);

/* Lets go of what was decided; the reasons stay. */
void plan_drop_decisions(struct ramswap_plan *plan);

/*
 * size_print into a buffer that lives until the end of the enclosing block:
 *   plan_say(..., "%s of memory", PLAN_SIZE(bytes))
 */
#define PLAN_SIZE(bytes) plan_size_text((char[PLAN_SIZE_TEXT_MAX]){ 0 }, bytes)
char *plan_size_text(char text[PLAN_SIZE_TEXT_MAX], __u64 bytes);

/* Saturating: 0 where b is more than a; all ones where the sum is more than 64 bits. */
__u64 plan_less(__u64 a, __u64 b);
__u64 plan_sum(__u64 a, __u64 b);
/* The most bytes that one swap can have: its header counts pages in 32 bits. */
__u64 plan_swap_most(const struct plan_draft *draft);
/* bytes by a factor that is at least 0, down to a multiple of unit; all ones where it is too much. */
__u64 plan_times(__u64 bytes, double factor, __u64 unit);

#endif
