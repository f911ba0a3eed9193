/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The weaker engine, for kernels without BPF LSM or IMA: this process is asked by the kernel before
 * each exec, and each open in library folders, and verifies in user space. The same verdicts, modes
 * and events as the engine in the kernel. Weaker by nature: what is mapped as code from elsewhere,
 * or made executable later, it does not see; and when the process ends, however it ends, the kernel
 * allows everything. docs/fanotify.md has the whole list.
 *
 * File systems are marked, not mounts: a bind mount or a mount namespace of its own leads around a
 * marked mount, not around a marked file system.
 *
 * It does not wait for itself: one thread reads the questions, answers those that this process
 * asked by its own opens at once, and hands the rest to others, which open nothing that is marked.
 */
#ifndef DIGSIG_FANOTIFY_ENGINE_H
#define DIGSIG_FANOTIFY_ENGINE_H

#include <stddef.h>
#include "../file/known_digests.h"
#include "../revocation/list_file.h"
#include "../kernel/engine.h"
#include "../enforce/events.h"

#define FANOTIFY_STATE_FILE "/run/digsig/fanotify"

struct fanotify_options {
	const struct trust_store *trust;
	const struct known_digests *known; /* NULL: none */
	/*
	 * What is revoked: the file that says so, NULL for none, which is read again as it changes,
	 * and what is to hold whatever it says. Taken over by fanotify_engine_open, which reads the
	 * file: a bad one is FANOTIFY_STEP_REVOKED. One that goes bad later is told to complain, which
	 * is called in any thread, and what was revoked before stays so.
	 */
	const char *revoked_path;
	struct revocations revoked;
	void (*complain)(const char *text, void *context);
	enum digsig_mode mode;
	/* Paths, each of which stands for the file system that it lies on. */
	const char *const *file_systems;
	size_t file_system_count;
	/* Folders whose files are judged when they are opened, with all folders in them; libraries. */
	const char *const *libraries;
	size_t library_count;
	unsigned int threads; /* that verify; 0: one a processor, at least two */
	/* Called in a thread of its own, for the same events as the kernel's engine has; it may take
	 * its time: what does not fit meanwhile is lost, and counted. */
	event_handler *handler;
	void *context;
};

enum fanotify_step {
	FANOTIFY_STEP_INIT, /* -EPERM: no right; -ENOSYS, -EINVAL: the kernel cannot */
	FANOTIFY_STEP_FILE_SYSTEM, /* the path could not be marked */
	FANOTIFY_STEP_LIBRARY,
	FANOTIFY_STEP_THREADS,
	FANOTIFY_STEP_REVOKED, /* see problem */
};

struct fanotify_failure {
	enum fanotify_step step;
	const char *path; /* the option's */
	struct revocation_problem problem;
};

struct fanotify_engine;

/*
 * From here on the kernel asks, and whoever is asked about waits for fanotify_engine_run. 0, or a
 * negative errno with *failure; then nothing of it remains.
 */
int fanotify_engine_open(struct fanotify_options *options, struct fanotify_engine **engine,
	struct fanotify_failure *failure);

/* Answers until fanotify_engine_stop. 0 or a negative errno. */
int fanotify_engine_run(struct fanotify_engine *engine);

/* Makes run return; may be called from any thread and from a signal handler. */
void fanotify_engine_stop(struct fanotify_engine *engine);

/* Lets go; from here on the kernel allows everything. Not while run runs. */
void fanotify_engine_close(struct fanotify_engine *engine);

struct fanotify_counters {
	struct digsig_counters decisions; /* unhashed stays 0 */
	__u64 events_lost;
};

/* Counts since fanotify_engine_open. Any thread may call it, also during fanotify_engine_run. */
void fanotify_engine_count(struct fanotify_engine *engine, struct fanotify_counters *counters);

#endif
