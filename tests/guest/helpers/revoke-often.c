// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Revokes what is below 1, 2, 3... of an identity, COUNT times: revoke-often COUNT. Each request
 * needs no signature, and voids the verdicts that were given before it.
 */
#include "engine-maps.h"

int main(int argc, char **argv)
{
	static struct digsig_request_block block;
	struct digsig_revocation revocation = {
		.what = {.kind = DIGSIG_REVOKE_BELOW, .subject = "org.example.nothing"}};
	struct digsig_request request = {.command = DIGSIG_COMMAND_REVOKE};
	unsigned long count = argc == 2 ? strtoul(argv[1], NULL, 10) : 0;
	int request_map, block_map, reply_map;
	struct digsig_reply reply;

	if (!count)
		misused("revoke-often COUNT");
	request_map = open_map("request");
	block_map = open_map("request_block");
	reply_map = open_map("reply");
	while (revocation.epoch < count) {
		revocation.epoch++;
		memcpy(block.bytes, &revocation, sizeof(revocation));
		access_map(BPF_MAP_UPDATE_ELEM, block_map, &block);
		ask_engine(request_map, reply_map, &request, &reply);
		if (reply.error) {
			errno = -reply.error;
			refused("revoke");
		}
	}
	printf("revoked %lu times\n", count);
	return 0;
}
