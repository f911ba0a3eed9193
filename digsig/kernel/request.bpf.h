/* SPDX-License-Identifier: GPL-2.0 */
/* Requests from user space, which is only a courier: what it brings is checked here. */
#ifndef DIGSIG_REQUEST_BPF_H
#define DIGSIG_REQUEST_BPF_H

#include "verify_block.bpf.h"

static void admit_block(struct workspace *workspace, __u32 size, struct digsig_reply *answer)
{
	struct verification result = {};

	verify_block(workspace, size, &result);
	answer->verdict = result.verdict;
	answer->defect = result.defect;
	answer->error = result.error;
	if (result.verdict != DIGSIG_VERDICT_OK)
		return;
	answer->error = trust_digest(workspace);
	__builtin_memcpy(answer->digest, workspace->digest, sizeof(answer->digest));
}

static int bind_keyring(struct digsig_settings *set)
{
	struct bpf_key *keyring = bpf_lookup_user_key(set->keyring_serial, 0);
	int err;

	if (!keyring)
		return -ENOKEY;
	err = is_bound_keyring(set, keyring) ? 0 : -EPERM;
	bpf_key_put(keyring);
	return err;
}

static int set_mode(struct digsig_settings *set, __u32 mode)
{
	if (mode < DIGSIG_MODE_MONITOR || mode > DIGSIG_MODE_ENFORCING)
		return -EINVAL;
	set->mode = mode;
	return 0;
}

static void carry_out_request(struct digsig_request *asked, __u32 command)
{
	struct digsig_settings *set = get_settings();
	struct workspace *workspace;
	struct digsig_reply *answer;
	__u32 zero = 0, id, size, argument;

	answer = bpf_map_lookup_elem(&reply, &zero);
	workspace = take_workspace();
	if (!answer || !set || !workspace)
		return;
	id = asked->id;
	size = asked->size;
	argument = asked->argument;
	workspace->file_size = asked->file_size;
	bpf_probe_read_kernel(workspace->block, DIGSIG_BLOCK_MAX, asked->block);
	answer->verdict = DIGSIG_VERDICT_NONE;
	answer->defect = DIGSIG_DEFECT_NONE;
	switch (command) {
	case DIGSIG_COMMAND_BIND:
		answer->error = bind_keyring(set);
		break;
	case DIGSIG_COMMAND_ADMIT:
		admit_block(workspace, size, answer);
		break;
	case DIGSIG_COMMAND_MODE:
		answer->error = set_mode(set, argument);
		break;
	default:
		answer->error = -EINVAL;
	}
	__sync_lock_test_and_set(&answer->id, id);
	release_workspace(workspace);
}

#endif
