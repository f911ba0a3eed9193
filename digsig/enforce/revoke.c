// SPDX-License-Identifier: GPL-2.0-or-later
#include "revoke.h"
#include <errno.h>
#include <string.h>
#include "request.h"

int engine_revoke(struct engine *engine, const struct revocations *list)
{
	__u8 block[DIGSIG_BLOCK_MAX] = { 0 };
	int added = 0;

	for (size_t i = 0; i < list->count; i++) {
		struct digsig_request request = { .command = DIGSIG_COMMAND_REVOKE };
		struct digsig_reply reply;
		int err;

		memcpy(block, &list->entries[i], sizeof(list->entries[i]));
		err = engine_ask(engine, &request, engine->request_block, block, &reply);
		if (!err)
			err = reply.error;
		if (err)
			return err == -E2BIG ? -ENOSPC : err;
		added += reply.changed;
	}
	return added;
}
