/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the machine itself lets root do, besides the engine: the settings of the kernel that decide
 * how much the engine's word is worth. Needs no engine, and mostly no rights.
 */
#ifndef DIGSIG_ENFORCE_POSTURE_H
#define DIGSIG_ENFORCE_POSTURE_H

#include <stdbool.h>

enum posture_grade {
	POSTURE_UNKNOWN, /* it could not be read */
	POSTURE_OPEN, /* a way around the engine, or to make it weaker */
	POSTURE_CLOSED,
};

/* All strings are static but value. */
struct posture_item {
	const char *key; /* for programs: "module_signing" */
	const char *title; /* for people: "module signing" */
	char value[32]; /* as the kernel has it, or "unknown", "absent" and the like */
	enum posture_grade grade;
	const char *meaning; /* half a sentence */
	const char *when_locked; /* the same under a locked engine; NULL: that makes no difference */
};

#define POSTURE_COUNT 10

/* root: "/", or where another /sys, /proc and /dev are; it ends with a slash. */
void posture_read(const char *root, struct posture_item items[POSTURE_COUNT]);

/* What a locked engine closes counts as closed from here on. */
void posture_apply_lock(struct posture_item items[POSTURE_COUNT]);

/*
 * Whether kernel.ftrace_enabled is 0: then the kernel calls no BPF program on the hooks of security
 * modules, as if the engine did not run.
 */
bool posture_ftrace_is_off(const char *root);

/* "unknown", "open", "closed". Static strings. */
const char *posture_grade_name(enum posture_grade grade);

#endif
