// SPDX-License-Identifier: GPL-2.0-or-later
/* Asking a running engine, through its pinned maps. */
#include "engine.h"
#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "request.h"

static int open_map(const char *path, int *fd)
{
	*fd = bpf_obj_get(path);
	return *fd < 0 ? -errno : 0;
}

int engine_open(struct engine *engine)
{
	int err;

	*engine = (struct engine){ -1, -1, -1, -1, -1, 0 };
	/* The directory itself is the lock: it is there exactly as long as the engine. */
	engine->lock = open(DIGSIG_PIN_DIRECTORY, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (engine->lock < 0)
		return -errno;
	err = open_map(DIGSIG_PIN_DIRECTORY "/request", &engine->request);
	if (!err)
		err = open_map(DIGSIG_PIN_DIRECTORY "/request_block", &engine->request_block);
	if (!err)
		err = open_map(DIGSIG_PIN_DIRECTORY "/reply", &engine->reply);
	if (!err)
		err = open_map(DIGSIG_PIN_DIRECTORY "/events", &engine->events);
	if (err)
		engine_close(engine);
	engine->last_request = (unsigned int)getpid() << 12;
	return err;
}

void engine_close(struct engine *engine)
{
	int fds[] = { engine->request, engine->request_block, engine->reply, engine->events,
		engine->lock };

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

bool engine_is_gone(const struct engine *engine)
{
	struct stat st;

	/* To stop it is to remove its directory, which is still open here. */
	return fstat(engine->lock, &st) || st.st_nlink == 0;
}

/*
 * The look-up itself has the request carried out, unless another bpf(2) call was quicker; a catalog
 * can then take a while on that other processor.
 */
#define REPLY_TRIES 1000
#define REPLY_PAUSES 10000

static void wait_for_reply(int tries)
{
	struct timespec pause = { .tv_nsec = 1000 * 1000 };

	if (tries < REPLY_TRIES)
		sched_yield();
	else
		nanosleep(&pause, NULL);
}

int engine_ask(struct engine *engine, struct digsig_request *request, int payload_map,
	const void *payload, struct digsig_reply *reply)
{
	__u32 zero = 0;
	int err = -ETIMEDOUT;

	request->id = ++engine->last_request;
	if (flock(engine->lock, LOCK_EX))
		return -errno;
	if ((payload && bpf_map_update_elem(payload_map, &zero, payload, BPF_ANY)) ||
		bpf_map_update_elem(engine->request, &zero, request, BPF_ANY)) {
		err = -errno;
		goto unlock;
	}
	for (int tries = 0; tries < REPLY_TRIES + REPLY_PAUSES; tries++) {
		if (bpf_map_lookup_elem(engine->reply, &zero, reply)) {
			err = -errno;
			break;
		}
		if (reply->id == request->id) {
			err = 0;
			break;
		}
		wait_for_reply(tries);
	}
unlock:
	flock(engine->lock, LOCK_UN);
	return err;
}

static int ask_simply(struct engine *engine, enum digsig_command command, unsigned int argument)
{
	struct digsig_request request = { .command = command, .argument = argument };
	struct digsig_reply reply;
	int err = engine_ask(engine, &request, -1, NULL, &reply);

	return err ? err : reply.error;
}

int engine_bind_keyring(struct engine *engine)
{
	return ask_simply(engine, DIGSIG_COMMAND_BIND, 0);
}

int engine_set_mode(struct engine *engine, enum digsig_mode mode)
{
	return ask_simply(engine, DIGSIG_COMMAND_MODE, mode);
}

int engine_set_policy(struct engine *engine, const struct engine_policy *policy)
{
	return ask_simply(
		engine, DIGSIG_COMMAND_POLICY, DIGSIG_POLICY(policy->scopes, policy->wx));
}

int engine_note_what_ran(struct engine *engine, unsigned int files, unsigned int not_ok)
{
	struct digsig_request request = { .command = DIGSIG_COMMAND_RAN,
		.block_size = files,
		.argument = not_ok };
	struct digsig_reply reply;
	int err = engine_ask(engine, &request, -1, NULL, &reply);

	return err ? err : reply.error;
}

int engine_read_status(struct engine *engine, struct digsig_status *status)
{
	struct digsig_request request = { .command = DIGSIG_COMMAND_STATUS };
	struct digsig_reply reply;
	int err = engine_ask(engine, &request, -1, NULL, &reply);

	if (err || reply.error)
		return err ? err : reply.error;
	*status = reply.status;
	return 0;
}

/* Shows the engine the mount that its pins are in. */
static int knock(const struct engine *engine)
{
	struct stat mount_point, pins;

	if (stat("/sys/fs/bpf", &mount_point) || fstat(engine->lock, &pins))
		return -errno;
	if (mount_point.st_dev != pins.st_dev)
		return -EXDEV;
	return umount2("/sys/fs/bpf", DIGSIG_MOUNT_KNOCK) && errno == EALREADY ? 0 : -EXDEV;
}

/* A descriptor that was closed a moment ago may still count. */
#define LOCK_TRIES 50

int engine_lock(struct engine *engine)
{
	const struct timespec pause = { .tv_nsec = 10 * 1000 * 1000 };
	int err = knock(engine);

	if (err)
		return err;
	err = ask_simply(engine, DIGSIG_COMMAND_LOCK, 0);
	for (int tries = 1; tries < LOCK_TRIES && err == -EBUSY; tries++) {
		nanosleep(&pause, NULL);
		err = ask_simply(engine, DIGSIG_COMMAND_LOCK, 0);
	}
	return err;
}

int engine_admit(
	struct engine *engine, const struct signature_block *block, struct digsig_reply *reply)
{
	struct digsig_request request = {
		.command = DIGSIG_COMMAND_ADMIT,
		.block_size = (__u32)block->size,
		.file_size = block->file_size,
	};
	int err;

	if (block->defect)
		return -EINVAL;
	err = engine_ask(engine, &request, engine->request_block, block->bytes, reply);
	if (!err && reply->verdict == DIGSIG_VERDICT_OK && reply->error)
		return reply->error == -E2BIG ? -ENOSPC : reply->error;
	return err;
}
