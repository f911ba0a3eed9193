/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Part of libkevents: what stood at an address of a process at a time. For profilers and tracers,
 * whose samples are looked at after the program, library or function they were taken in may have
 * made room for another.
 *
 * kevents_maps are built from the records of kevents.h, in their order, and keep the past as well
 * as the present: kevents_resolve takes a time. Reuse of addresses and of process ids, exec, fork,
 * unloading and loading again are seen in the records. Code made at run time is not: that comes
 * from the files that runtimes write for profilers. Of those
 *
 *   jitdump (jit-PID.dump) has times. What it says is certain.
 *   a perf map (/tmp/perf-PID.map) has none. While a process runs the map is followed, and each
 *   line has then come between two looks at it, kevents_maps_look: what it says is certain except
 *   between those, where old code made room for new. Read only afterwards, or written only now and
 *   then as the JVM does, it is certain only for addresses at which it knows one function ever, and
 *   shows that it tells all. Each answer says which of this it is: enum kevents_certainty.
 *
 * The files are taken from where the process sees them (/proc/PID/root, and the process id of its
 * own namespace), only if they belong to the process's user or to root, and were not there before
 * the process. No name in an answer is to be trusted: programs chose it.
 *
 * Errors, ownership, threads, units and strings are as kevents.h has it.
 */
#ifndef KEVENTS_MAPS_H
#define KEVENTS_MAPS_H

#include "kevents.h"

#ifdef __cplusplus
extern "C" {
#endif

enum kevents_maps_option {
	/* Look for the files of JIT compilers of running processes, and read them. */
	KEVENTS_MAPS_JIT = 1 << 0,
	/* The records are of this machine since it was started: /proc/kallsyms names its kernel. */
	KEVENTS_MAPS_THIS_KERNEL = 1 << 1,
	/* Do not read symbols out of files. */
	KEVENTS_MAPS_NO_SYMBOLS = 1 << 2,
};

/* To be zeroed first, then size = sizeof(struct kevents_maps_options). */
struct kevents_maps_options {
	size_t size;
	uint32_t options; /* enum kevents_maps_option */
	uint32_t reserved;
	/*
	 * How far back questions may go, in ns before the latest record: what ended earlier is let
	 * go of. 0: no limit but that of memory.
	 */
	uint64_t age;
	/*
	 * Bytes for the past and the present, 0: 256 MiB. Symbols of files, at most 64 MiB of them,
	 * are not counted. When it is reached, what ended longest ago is let go of, and then the
	 * oldest code of JIT compilers; if what is left still does not fit, new images are refused.
	 */
	size_t memory;
};

struct kevents_maps;

/* options may be NULL: all 0. *maps is to be closed with kevents_maps_close. -EINVAL, -ENOMEM. */
int kevents_maps_new(const struct kevents_maps_options *options, struct kevents_maps **maps,
	struct kevents_error *error);
/* Frees it with all answers that it gave; NULL: does nothing. */
void kevents_maps_close(struct kevents_maps *maps);

/*
 * Takes a record. maps is a struct kevents_maps: this is a kevents_handler, to be given to
 * kevents_poll as it is. 0, or -ENOMEM: the record is not taken, and the maps are as before.
 * Types that are needed: KEVENTS_MAPS_TYPES.
 */
int kevents_maps_add(const struct kevents_record *record, void *maps);

#define KEVENTS_MAPS_TYPES                                                                         \
	(KEVENTS_BIT(KEVENTS_FORK) | KEVENTS_BIT(KEVENTS_EXEC) | KEVENTS_BIT(KEVENTS_EXIT) |       \
		KEVENTS_BIT(KEVENTS_IMAGE_LOAD) | KEVENTS_BIT(KEVENTS_IMAGE_UNLOAD) |              \
		KEVENTS_BIT(KEVENTS_ANON_EXEC) | KEVENTS_BIT(KEVENTS_KERNEL_LOAD) |                \
		KEVENTS_BIT(KEVENTS_KERNEL_UNLOAD) | KEVENTS_BIT(KEVENTS_COMM))

/*
 * With KEVENTS_MAPS_JIT: looks at the files of the processes that have executable memory, and reads
 * what is new. To be called often: every 10 ms costs little, and what lies between two looks is as
 * exact as a perf map gets. Nothing of it fails: a file that cannot be read is as good as none.
 */
void kevents_maps_look(struct kevents_maps *maps);

/*
 * With KEVENTS_MAPS_JIT: is readable when a perf map has grown. Who waits for it, beside
 * kevents_fd, and then looks before anything else, has lines stamped to a fraction of a
 * millisecond. The maps' own; -1: none.
 */
int kevents_maps_fd(const struct kevents_maps *maps);

/*
 * Reads one perf map or jitdump, now and whole, for a process of the records; which of the two it
 * is is seen from its first bytes. Whose file it is is not asked: it is the caller who names it.
 * -ESRCH: the records know no such process; -EBADMSG: it is neither, or damaged: what stands before
 * the damage is taken; open(2)'s and read(2)'s errors.
 */
int kevents_maps_read_jit(
	struct kevents_maps *maps, int32_t pid, const char *path, struct kevents_error *error);

enum kevents_place_kind {
	KEVENTS_PLACE_IMAGE = 1,  /* a mapped file */
	KEVENTS_PLACE_JIT = 2,	  /* code that a runtime made and told of */
	KEVENTS_PLACE_MEMORY = 3, /* executable memory of which nothing more is known */
	KEVENTS_PLACE_KERNEL = 4, /* the kernel or one of its modules */
};

enum kevents_certainty {
	KEVENTS_CERTAIN = 1,
	KEVENTS_POSSIBLE = 2, /* nothing else is known there, but other code may have been */
	KEVENTS_AMBIGUOUS =
		3, /* candidates is how many it may be; this one is the latest of them */
};

struct kevents_place {
	uint32_t kind;	     /* enum kevents_place_kind */
	uint32_t certainty;  /* enum kevents_certainty */
	uint32_t candidates; /* 1, or how many of JIT code it may be (100: or more) */
	/* Records were lost between since and the time asked for: it may have changed meanwhile. */
	uint32_t is_after_loss;
	uint64_t process_time;	/* when the program began: of its exec, or fork, or found running */
	char comm[16];		/* of the process then */
	uint64_t since;		/* since when it stands there */
	uint64_t address, size; /* of the mapping, or of the piece of JIT code */
	uint64_t offset; /* of the address asked for: in the file; of JIT code, memory, modules: in
			    it */
	uint64_t device, inode; /* 0: of no file */
	uint32_t build_id_size; /* 0: none, or not known */
	uint8_t build_id[KEVENTS_BUILD_ID_MAX];
	const char *image; /* path; "[jit]"; "//anon" and the like; "[kernel]" or a module's name */
	const char *symbol;	   /* NULL: not known, see why_no_symbol */
	uint64_t symbol_offset;	   /* of the address asked for, in the symbol */
	const char *why_no_symbol; /* in words; NULL: there is one */
};

/*
 * What stood at address of process pid at time (CLOCK_MONOTONIC). *place and its strings stay until
 * the next call for the same maps. Addresses of the kernel, whose highest bit is set, are the same
 * in every process. -ESRCH: no such process at that time, as far as the records tell; -ENOENT:
 * nothing executable there; -ESTALE: not known any more, or not so far back; -ENOMEM.
 */
int kevents_resolve(struct kevents_maps *maps, int32_t pid, uint64_t address, uint64_t time,
	struct kevents_place *place, struct kevents_error *error);

struct kevents_maps_state {
	size_t memory; /* bytes, without symbols */
	size_t symbol_memory;
	uint64_t processes; /* that are running */
	uint64_t spans;	    /* mappings and pieces of code, past and present */
	uint64_t forgotten; /* questions before this time may find nothing; 0: nothing was let go of
			     */
	uint64_t refused;   /* records and pieces of code for which there was no room */
	uint64_t jit_files; /* that are followed */
	uint64_t jit_code;  /* pieces of code read from them so far */
	uint64_t jit_bad;   /* lines or records that were not understood */
	uint64_t jit_not_taken; /* files of the wrong owner, left over, or no files */
	uint64_t lost;		/* records */
};

/* *state as of now: what it keeps, and what it had to forget. */
void kevents_maps_get_state(const struct kevents_maps *maps, struct kevents_maps_state *state);

#ifdef __cplusplus
}
#endif

#endif
