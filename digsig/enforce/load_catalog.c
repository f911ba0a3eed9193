// SPDX-License-Identifier: GPL-2.0-or-later
#include "load_catalog.h"
#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "request.h"

static int note_reply(const struct digsig_reply *reply, struct catalog_load *load)
{
	load->changed += reply->changed;
	load->problem.verdict = reply->verdict;
	switch (reply->verdict) {
	case DIGSIG_VERDICT_OK:
		return reply->error == -E2BIG ? -ENOSPC : reply->error;
	case DIGSIG_VERDICT_NONE: /* it was not carried out */
		return reply->error ? reply->error : -EIO;
	case DIGSIG_VERDICT_MALFORMED:
		load->problem.defect = (enum digsig_catalog_defect)reply->defect;
		return -EBADMSG;
	}
	return -EKEYREJECTED;
}

/* A map takes whole values only: a small part goes by the one that has the smaller value. */
static int hand_over_part(struct engine *engine, enum digsig_command command,
	const struct catalog_part *part, struct catalog_load *load)
{
	bool is_small = part->size <= DIGSIG_BLOCK_MAX;
	struct digsig_request request = { .command = command, .block_size = (__u32)part->size };
	int map = is_small ? engine->request_block :
			     bpf_obj_get(DIGSIG_PIN_DIRECTORY "/request_catalog");
	__u8 *payload;
	struct digsig_reply reply;
	int err;

	if (map < 0)
		return -errno;
	payload = calloc(1, is_small ? sizeof(struct digsig_request_block) :
				       sizeof(struct digsig_request_catalog));
	err = payload ? 0 : -ENOMEM;
	if (!err) {
		memcpy(payload, part->bytes, part->size);
		err = engine_ask(engine, &request, map, payload, &reply);
	}
	if (!err)
		err = note_reply(&reply, load);
	free(payload);
	if (!is_small)
		close(map);
	return err;
}

static int hand_over(struct engine *engine, enum digsig_command command,
	const struct catalog *catalog, struct catalog_load *load)
{
	int err = 0;

	memset(load, 0, sizeof(*load));
	load->digests = catalog->count;
	for (__u32 i = 0; !err && i < catalog->part_count; i++)
		err = hand_over_part(engine, command, &catalog->parts[i], load);
	return err;
}

int engine_load_read_catalog(
	struct engine *engine, const struct catalog *catalog, struct catalog_load *load)
{
	return hand_over(engine, DIGSIG_COMMAND_CATALOG, catalog, load);
}

static int hand_over_file(struct engine *engine, enum digsig_command command, const char *path,
	struct catalog_load *load)
{
	struct catalog catalog;
	int err;

	memset(load, 0, sizeof(*load));
	err = catalog_read(path, &catalog, &load->problem.defect);
	if (err)
		return err;
	err = hand_over(engine, command, &catalog, load);
	catalog_free(&catalog);
	return err;
}

int engine_load_catalog(struct engine *engine, const char *path, struct catalog_load *load)
{
	return hand_over_file(engine, DIGSIG_COMMAND_CATALOG, path, load);
}

int engine_unload_catalog(struct engine *engine, const char *path, struct catalog_load *load)
{
	return hand_over_file(engine, DIGSIG_COMMAND_UNLOAD, path, load);
}

enum digsig_verdict engine_describe_catalog(struct engine *engine, int err,
	const struct catalog_problem *problem, char *text, size_t size)
{
	struct digsig_status now;

	if (err == -EKEYREJECTED || err == -EBADMSG || err == -EINVAL)
		return catalog_describe(err, problem, text, size);
	if (err == -ENOSPC && !engine_read_status(engine, &now))
		snprintf(text, size, "no room for all of it, the engine has room for %llu files: "
				     "start it with a larger --max-files",
			(unsigned long long)now.trusted_capacity);
	else if (err == -EBUSY)
		snprintf(text, size, "not loaded: another one is being loaded: try again");
	else
		snprintf(text, size, "not loaded: %s", strerror(-err));
	return DIGSIG_VERDICT_NONE;
}

int engine_knows(struct engine *engine, const __u8 digest[DIGSIG_DIGEST_SIZE])
{
	struct digsig_request request = { .command = DIGSIG_COMMAND_KNOWN };
	__u8 block[DIGSIG_BLOCK_MAX] = { 0 };
	struct digsig_reply reply;
	int err;

	memcpy(block, digest, DIGSIG_DIGEST_SIZE);
	err = engine_ask(engine, &request, engine->request_block, block, &reply);
	if (err)
		return err;
	if (reply.error)
		return reply.error;
	return reply.verdict == DIGSIG_VERDICT_OK;
}
