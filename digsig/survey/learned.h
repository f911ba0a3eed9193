/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the engine's log says of files that ran and would be denied: collected from its JSON lines,
 * one entry for each path, digest and verdict. The lines may come from anywhere and hold anything.
 */
#ifndef DIGSIG_SURVEY_LEARNED_H
#define DIGSIG_SURVEY_LEARNED_H

#include <json-c/json.h>
#include <stdbool.h>
#include "../file/known_digests.h"
#include "../revocation/revocation.h"
#include "candidate.h"

#define LEARNED_LINE_MAX (64 * 1024) /* bytes; longer lines are passed over */
#define LEARNED_ENTRIES_MAX 100000
#define LEARNED_WHO_MAX 4

enum learned_now {
	LEARNED_NOT_LOOKED,
	LEARNED_SAME, /* the file is there, with the digest of the log */
	LEARNED_CHANGED, /* the file is there, with another digest */
	LEARNED_PRESENT, /* the file is there; the log has no digest to compare with */
	LEARNED_TRUSTED, /* the file is there and would be allowed by now */
	LEARNED_GONE,
	LEARNED_UNREADABLE,
	LEARNED_NAMELESS, /* the log has no whole path: a deleted file, a memfd, a path too long */
};

struct learned_entry {
	char *path; /* as in the file system */
	bool path_is_cut; /* path is the file's name only */
	bool has_digest;
	__u8 digest[DIGSIG_DIGEST_SIZE];
	enum digsig_verdict verdict;
	unsigned int hooks; /* bits; see learned_hook_name */
	__u64 count;
	char first[40], last[40]; /* times as in the log; empty: it had none */
	struct learned_who {
		__u32 uid;
		char comm[68]; /* as in the log: safe to print */
	} who[LEARNED_WHO_MAX];
	unsigned int who_count;
	bool has_more_who;
	/* By learned_look: */
	enum learned_now now;
	enum candidate_kind kind;
	bool can_carry; /* digsig sign would take it */
};

struct learned {
	struct learned_entry *entries;
	size_t count, room;
	size_t *places; /* by hash: index + 1; 0: free */
	size_t *latest; /* the same, by path and verdict: the entry made last */
	size_t place_count; /* 0 or a power of two */
	__u64 lines; /* taken */
	__u64 bad_lines; /* not JSON, too long, or nothing that a log says */
	__u64 passed_over; /* beyond LEARNED_ENTRIES_MAX */
	__u64 lost; /* events that the log says were lost */
};

/* Takes one line of size bytes, without its newline. 0, also for a bad line; -ENOMEM. */
int learned_add_line(struct learned *learned, const char *line, size_t size);

/* The same for a line that is parsed already. */
int learned_add(struct learned *learned, struct json_object *entry);

/* Looks at each file as it is now. known and store may be NULL. */
void learned_look(struct learned *learned, const struct trust_store *store,
	const struct known_digests *known, const struct revocations *revoked);

/* Frees the entries. */
void learned_free(struct learned *learned);

/* The name of hook bit 1 << index, as in the log; NULL: there is no such bit. */
const char *learned_hook_name(unsigned int index);

/*
 * The bytes that \xNN and \\ in the log stand for, as a new string; NULL when memory is short or
 * the text is not one that the log could hold.
 */
char *learned_restore_text(const char *text);

#endif
