// SPDX-License-Identifier: GPL-2.0-or-later
/* Catalogs on their way into the kernel. */
#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "request.h"

int engine_load_catalog(
	struct engine *engine, const __u8 *part, size_t size, struct digsig_reply *reply)
{
	struct digsig_request request = {
		.command = DIGSIG_COMMAND_CATALOG,
		.block_size = (__u32)size,
	};
	struct digsig_request_catalog *payload;
	int map, err;

	memset(reply, 0, sizeof(*reply));
	if (size > sizeof(payload->bytes))
		return -EINVAL;
	map = bpf_obj_get(DIGSIG_PIN_DIRECTORY "/request_catalog");
	if (map < 0)
		return -errno;
	payload = calloc(1, sizeof(*payload));
	if (!payload) {
		close(map);
		return -ENOMEM;
	}
	memcpy(payload->bytes, part, size);
	err = engine_ask(engine, &request, map, payload, reply);
	free(payload);
	close(map);
	if (err || !reply->error)
		return err;
	if (reply->verdict == DIGSIG_VERDICT_OK)
		return reply->error == -E2BIG ? -ENOSPC : reply->error;
	/* Without a verdict the request was not carried out; with one, the error explains it. */
	return reply->verdict == DIGSIG_VERDICT_NONE ? reply->error : 0;
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
