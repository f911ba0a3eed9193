// SPDX-License-Identifier: GPL-2.0-or-later
/* Asking a running engine, through its pinned maps. */
#include "engine.h"
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
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

	*engine = (struct engine){ -1, -1, -1, -1, -1, -1, -1, -1, 0 };
	/* The directory itself is the lock: it is there exactly as long as the engine. */
	engine->lock = open(DIGSIG_PIN_DIRECTORY, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (engine->lock < 0)
		return -errno;
	err = open_map(DIGSIG_PIN_DIRECTORY "/settings", &engine->settings);
	if (!err)
		err = open_map(DIGSIG_PIN_DIRECTORY "/counters", &engine->counters);
	if (!err)
		err = open_map(DIGSIG_PIN_DIRECTORY "/trusted", &engine->trusted);
	if (!err)
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
	int fds[] = { engine->settings, engine->counters, engine->trusted, engine->request,
		engine->request_block, engine->reply, engine->events, engine->lock };

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

int engine_read_settings(const struct engine *engine, struct digsig_settings *settings)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(engine->settings, &zero, settings) ? -errno : 0;
}

int engine_read_counters(const struct engine *engine, struct digsig_counters *counters)
{
	int cpus = libbpf_num_possible_cpus();
	struct digsig_counters *each;
	__u32 zero = 0;

	memset(counters, 0, sizeof(*counters));
	if (cpus < 0)
		return cpus;
	each = calloc((size_t)cpus, sizeof(*each));
	if (!each)
		return -ENOMEM;
	if (bpf_map_lookup_elem(engine->counters, &zero, each)) {
		free(each);
		return -errno;
	}
	for (int i = 0; i < cpus; i++) {
		counters->judged += each[i].judged;
		counters->cached += each[i].cached;
		counters->hashed += each[i].hashed;
		counters->unhashed += each[i].unhashed;
		counters->signature_checks += each[i].signature_checks;
		counters->denied += each[i].denied;
	}
	free(each);
	return 0;
}

long engine_trusted_capacity(const struct engine *engine)
{
	struct bpf_map_info info = { 0 };
	__u32 size = sizeof(info);

	if (bpf_obj_get_info_by_fd(engine->trusted, &info, &size))
		return -errno;
	return (long)info.max_entries;
}

/* The look-up itself has the request carried out, unless another bpf(2) call was quicker. */
#define REPLY_TRIES 1000

static int ask(struct engine *engine, struct digsig_request *request,
	const __u8 block[DIGSIG_BLOCK_MAX], struct digsig_reply *reply)
{
	__u32 zero = 0;
	int err = -ETIMEDOUT;

	request->id = ++engine->last_request;
	if (flock(engine->lock, LOCK_EX))
		return -errno;
	if ((block && bpf_map_update_elem(engine->request_block, &zero, block, BPF_ANY)) ||
		bpf_map_update_elem(engine->request, &zero, request, BPF_ANY)) {
		err = -errno;
		goto unlock;
	}
	for (int tries = 0; tries < REPLY_TRIES; tries++) {
		if (bpf_map_lookup_elem(engine->reply, &zero, reply)) {
			err = -errno;
			break;
		}
		if (reply->id == request->id) {
			err = 0;
			break;
		}
		sched_yield();
	}
unlock:
	flock(engine->lock, LOCK_UN);
	return err;
}

static int ask_simply(struct engine *engine, enum digsig_command command, unsigned int argument)
{
	struct digsig_request request = { .command = command, .argument = argument };
	struct digsig_reply reply;
	int err = ask(engine, &request, NULL, &reply);

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
	err = ask(engine, &request, block->bytes, reply);
	if (!err && reply->verdict == DIGSIG_VERDICT_OK && reply->error)
		return reply->error == -E2BIG ? -ENOSPC : reply->error;
	return err;
}
