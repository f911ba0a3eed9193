/* SPDX-License-Identifier: GPL-2.0 */
/* Requests from user space, which is only a courier: what it brings is checked here. */
#ifndef DIGSIG_REQUEST_BPF_H
#define DIGSIG_REQUEST_BPF_H

#include "catalog.bpf.h"
#include "lock.bpf.h"
#include "revoke.bpf.h"
#include "status.bpf.h"
#include "verify_block.bpf.h"

static void admit_block(struct workspace *workspace, __u32 size, struct digsig_reply *answer)
{
	struct verification result = {};

	verify_block(workspace, size, &result);
	if (result.verdict == DIGSIG_VERDICT_OK)
		result.verdict = verdict_if_not_revoked(workspace);
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
	if (set->is_locked && mode < set->mode)
		return REFUSE(set, "a less strict mode", NULL);
	set->mode = mode;
	return 0;
}

static int set_policy(struct digsig_settings *set, __u32 policy)
{
	__u32 scopes = DIGSIG_POLICY_SCOPES(policy), wx = DIGSIG_POLICY_WX(policy);

	if (scopes & ~DIGSIG_SCOPES_ALL || wx > DIGSIG_WX_DENY)
		return -EINVAL;
	if (set->is_locked && !is_as_strict(set->scopes, set->wx, scopes, wx))
		return REFUSE(set, "a less strict policy", NULL);
	set->scopes = scopes;
	set->wx = wx;
	return 0;
}

/* What ran when the engine started is noted at the start, before any lock. */
static int note_what_ran(struct digsig_settings *set, __u32 files, __u32 not_ok)
{
	if (set->is_locked)
		return -EPERM;
	set->ran_files = files;
	set->ran_not_ok = not_ok;
	return 0;
}

static void admit_request(const struct digsig_request *asked, struct digsig_reply *answer)
{
	struct digsig_request_block *block;
	struct workspace *workspace;
	__u64 size = asked->block_size;
	__u32 zero = 0;

	SHOW_VERIFIER(size);
	if (size > DIGSIG_BLOCK_MAX) {
		answer->error = -EINVAL;
		return;
	}
	block = bpf_map_lookup_elem(&request_block, &zero);
	workspace = take_workspace();
	if (!block || !workspace) {
		answer->error = -EBUSY;
		return;
	}
	workspace->file_size = asked->file_size;
	/* A copy, since user space can write request_block at any time. */
	bpf_probe_read_kernel(workspace->block, size, block->bytes);
	admit_block(workspace, size, answer);
	release_workspace(workspace);
}

static void find_known(struct digsig_reply *answer)
{
	struct digsig_request_block *block;
	struct digsig_trusted *known;
	struct workspace *workspace;
	__u32 zero = 0;

	block = bpf_map_lookup_elem(&request_block, &zero);
	workspace = take_workspace();
	answer->error = -EBUSY;
	if (!block || !workspace)
		return;
	bpf_probe_read_kernel(workspace->digest, sizeof(workspace->digest), block->bytes);
	answer->verdict = DIGSIG_VERDICT_UNSIGNED;
	known = bpf_map_lookup_elem(&trusted, workspace->digest);
	if (known) {
		__builtin_memcpy(&workspace->trusted, known, sizeof(*known));
		answer->verdict = verdict_if_not_revoked(workspace);
	}
	answer->error = 0;
	release_workspace(workspace);
}

static void carry_out(const struct digsig_request *asked)
{
	struct digsig_settings *set = get_settings();
	struct digsig_reply *answer;
	__u32 zero = 0;

	answer = bpf_map_lookup_elem(&reply, &zero);
	if (!answer || !set)
		return;
	answer->verdict = DIGSIG_VERDICT_NONE;
	answer->defect = DIGSIG_DEFECT_NONE;
	answer->changed = 0;
	switch (asked->command) {
	case DIGSIG_COMMAND_BIND:
		answer->error = bind_keyring(set);
		break;
	case DIGSIG_COMMAND_ADMIT:
		admit_request(asked, answer);
		break;
	case DIGSIG_COMMAND_MODE:
		answer->error = set_mode(set, asked->argument);
		break;
	case DIGSIG_COMMAND_POLICY:
		answer->error = set_policy(set, asked->argument);
		break;
	case DIGSIG_COMMAND_CATALOG:
		take_catalog(set, asked->block_size, false, answer);
		break;
	case DIGSIG_COMMAND_UNLOAD:
		take_catalog(set, asked->block_size, true, answer);
		break;
	case DIGSIG_COMMAND_KNOWN:
		find_known(answer);
		break;
	case DIGSIG_COMMAND_REVOKE:
		revoke(set, answer);
		break;
	case DIGSIG_COMMAND_STATUS:
		take_snapshot(set, &answer->status);
		answer->error = 0;
		break;
	case DIGSIG_COMMAND_RAN:
		answer->error = note_what_ran(set, asked->block_size, asked->argument);
		break;
	case DIGSIG_COMMAND_LOCK:
		answer->error = lock_engine(set);
		break;
	default:
		answer->error = -EINVAL;
	}
	/* Last: user space takes the reply as complete when it finds its id there. */
	__sync_lock_test_and_set(&answer->id, asked->id);
}

/* Whichever bpf(2) call comes first takes the request. */
static __always_inline void carry_out_request(void)
{
	struct digsig_request *shared, asked;
	__u32 zero = 0;

	shared = bpf_map_lookup_elem(&request, &zero);
	if (!shared || shared->command == DIGSIG_COMMAND_NONE)
		return;
	/* Copied before it is taken: after that, user space may write the next request there. */
	asked = *shared;
	if (__sync_val_compare_and_swap(&shared->command, asked.command, DIGSIG_COMMAND_NONE) ==
		asked.command)
		carry_out(&asked);
}

#endif
