/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine from outside: put it into the kernel, take it out, ask it things. It lives in pinned
 * BPF objects below DIGSIG_PIN_DIRECTORY, so it goes on without any process of ours.
 */
#ifndef DIGSIG_ENFORCE_ENGINE_H
#define DIGSIG_ENFORCE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include "../file/block_io.h"
#include "../kernel/engine.h"
#include "../trust/store.h"

/* Where engine_start stopped. */
enum engine_step {
	ENGINE_STEP_RUNNING, /* it runs already */
	ENGINE_STEP_OPEN,
	ENGINE_STEP_ADDRESSES, /* see kernel_addresses_read */
	ENGINE_STEP_LOAD, /* the kernel refused the program: see message */
	ENGINE_STEP_KEYRING, /* certificate: the one it would not take */
	ENGINE_STEP_SETTINGS,
	ENGINE_STEP_ATTACH,
	ENGINE_STEP_PIN,
	ENGINE_STEP_BIND,
	ENGINE_STEP_HASH, /* IMA does not hash with SHA-256 */
};

struct engine_failure {
	enum engine_step step;
	X509 *certificate; /* the store's, or NULL */
	char message[1024]; /* what libbpf said last; may be empty */
};

/* What is judged: enum digsig_scope, ored, and enum digsig_wx. */
struct engine_policy {
	unsigned int scopes, wx;
};

#define ENGINE_POLICY_DEFAULT { DIGSIG_SCOPES_DEFAULT, DIGSIG_WX_AUDIT }

struct engine_options {
	const struct trust_store *trust;
	const struct engine_policy *policy; /* NULL: the default */
	unsigned int max_trusted; /* room for that many digests; 0: 65,536 */
	__u64 max_file_size; /* bytes that a file may have to be hashed; 0: 4 GiB */
};

/*
 * Starts in mode monitor. -EEXIST: it runs already; else a negative errno and *failure; nothing
 * of it then remains. Needs what preflight() checks.
 */
int engine_start(const struct engine_options *options, struct engine_failure *failure);

/*
 * Has the kernel check and take the program with its maps, and lets go of it at once: nothing is
 * attached. max_trusted as above. Returns 0, or a negative errno with *failure.
 */
int engine_try_load(unsigned int max_trusted, struct engine_failure *failure);

/*
 * Takes it out and waits until the kernel has let go of it. -ENOENT: it does not run; -EPERM: it is
 * locked.
 */
int engine_stop(void);

/*
 * A running engine; all members are owned descriptors of its maps: those that a locked engine still
 * gives out.
 */
struct engine {
	int request, request_block, reply, events;
	int lock; /* held while a request is under way, so that couriers take turns */
	unsigned int last_request;
};

/* -ENOENT: it does not run. -EACCES, -EPERM: no right. */
int engine_open(struct engine *engine);
/* Closes what engine_open opened; the engine in the kernel goes on. */
void engine_close(struct engine *engine);

/* Whether it was stopped since it was opened. */
bool engine_is_gone(const struct engine *engine);

/*
 * Settings and counters as they are at this moment. -ETIMEDOUT: nothing answers, so the kernel does
 * not call the engine's programs: see posture_ftrace_is_off.
 */
int engine_read_status(struct engine *engine, struct digsig_status *status);

/*
 * For its status: how many files ran when it started, and how many of them were not found ok.
 * -EPERM: it is locked.
 */
int engine_note_what_ran(struct engine *engine, unsigned int files, unsigned int not_ok);

/* -EPERM: the engine is locked, and the mode less strict than the one it is in. */
int engine_set_mode(struct engine *engine, enum digsig_mode mode);
/* -EPERM: the engine is locked, and this is not stricter. */
int engine_set_policy(struct engine *engine, const struct engine_policy *policy);

/*
 * From now on until the machine restarts nobody takes the engine out or makes it less strict. 0 also
 * if it was locked. -EXDEV: /sys/fs/bpf is not the mount that the first mount namespace of the
 * machine has there; -EBUSY: some process holds a descriptor of a map that must not change.
 */
int engine_lock(struct engine *engine);

/*
 * Hands a block to the kernel. 0: the kernel has checked it, see reply->verdict; -ENOSPC: good, but
 * there is no room for another digest; other negative errno: the request did not come through.
 */
int engine_admit(struct engine *engine, const struct signature_block *block,
	struct digsig_reply *reply);

/* Whether a digest is trusted at this moment: 1, 0, or a negative errno. */
int engine_knows(struct engine *engine, const __u8 digest[DIGSIG_DIGEST_SIZE]);

/* "monitor", "permissive", "enforcing"; NULL for another number. Static strings. */
const char *engine_mode_name(unsigned int mode);

#endif
