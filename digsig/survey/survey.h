/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looks through folders for all that the kernel would run, and judges it as the engine would, in
 * several threads: what would be denied if it enforced now?
 */
#ifndef DIGSIG_SURVEY_SURVEY_H
#define DIGSIG_SURVEY_SURVEY_H

#include <signal.h>
#include "../file/known_digests.h"
#include "../revocation/revocation.h"
#include "candidate.h"

enum survey_phase {
	SURVEY_LOOKING, /* all files, by name and both ends: done is files, total a guess or 0 */
	SURVEY_HASHING, /* what is signed: done and total are bytes */
};

struct survey_options {
	const struct trust_store *trust;
	const struct known_digests *known; /* NULL: none */
	const struct revocations *revoked; /* NULL: nothing */
	char **roots; /* files and folders, without symbolic links */
	size_t root_count;
	unsigned int kinds; /* bits 1 << enum candidate_kind of what is judged */
	unsigned int threads; /* 0: as many as there are processors */
	/* Called in the caller's thread some times a second; NULL: nobody is told. */
	void (*report)(void *context, enum survey_phase phase, __u64 done, __u64 total);
	void *context;
	const volatile sig_atomic_t *is_cancelled; /* NULL: never */
};

/* One file that would be denied. */
struct survey_entry {
	char *path;
	enum candidate_kind kind;
	enum digsig_verdict verdict;
	enum file_flaw flaw;
	int error; /* behind FAULT */
	bool can_carry; /* unsigned, and digsig sign would take it */
	const char *package; /* see packages.h; NULL: of no package */
};

struct survey_result {
	struct survey_entry *entries; /* sorted by path */
	size_t count;
	__u64 files; /* looked at */
	__u64 found[CANDIDATE_KINDS]; /* of each kind */
	__u64 accepted[CANDIDATE_KINDS]; /* of them, would run */
	__u64 unreadable; /* files and folders; entries has the files with the verdict FAULT */
	char **left_out; /* mount points below the roots that were not entered */
	size_t left_out_count;
	char **names; /* owned: what package points to */
	size_t name_count;
};

/*
 * Fills *result, which the caller gives back to survey_free, also after an error. Files that vanish
 * meanwhile were never there. Pseudo file systems are passed over; so are network and other
 * unstable ones below a root, which is said in left_out. Memory grows with the number of folders
 * and of denied and signed files. 0; -ENOMEM; -ECANCELED.
 */
int survey(const struct survey_options *options, struct survey_result *result);
/* Frees what was found. */
void survey_free(struct survey_result *result);

/* The entry of that path, or NULL. */
struct survey_entry *survey_find(const struct survey_result *result, const char *path);

#endif
