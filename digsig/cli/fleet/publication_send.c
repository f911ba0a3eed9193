// SPDX-License-Identifier: GPL-2.0-or-later
#include "publication_send.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../../lib/file/read_small.h"
#include "../cli.h"
#include "fleet_print.h"

struct publication_target publication_target(const struct publication *publication)
{
	return (struct publication_target){
		.scope = publication->group ? FLEET_GROUP : FLEET_HOST,
		.name = publication->group ? publication->group : publication->host,
	};
}

int publication_send_files(struct fleet_link *link, const struct publication *publication)
{
	int code = EXIT_OK;

	for (size_t i = 0; i < publication->files.count && !code; i++)
		code = fleet_file_publish(link, &publication->files.files[i]);
	return code;
}

int publication_send_state(struct fleet_link *link, const struct publication_target *target,
	const struct publication_state *state, bool is_quiet)
{
	const char *scope = fleet_scope_name(target->scope);
	char subject[FLEET_SUBJECT_MAX], problem[FLEET_LINK_PROBLEM];
	int err;

	fleet_state_subject(target->scope, target->name, subject);
	err = fleet_link_publish(link, subject, state->bytes, state->size, state->last, problem);
	if (err == -EAGAIN)
		complain("%s %s: somebody else has published a state meanwhile: nothing was changed: try again, on top of "
			 "that one",
			scope, target->name);
	else if (err)
		complain("%s %s: not published: %s", scope, target->name, problem);
	if (err)
		return EXIT_ERROR;
	fleet_memory_write(target->scope, target->name, state->bytes, state->size);
	if (!is_quiet)
		printf("%s %s: sequence %llu is published\n", scope, target->name,
			(unsigned long long)state->manifest->sequence);
	return EXIT_OK;
}

/* All that it names has to be on the server before hosts hear of it. */
static int check_blobs(struct fleet_link *link, const struct fleet_manifest *manifest)
{
	int code = EXIT_OK;

	for (size_t i = 0; i < manifest->blob_count && !code; i++)
		code = fleet_blob_check(link, &manifest->blobs[i]);
	return code;
}

/* What the server has must be older: it is no matter whose signature that has, which hosts check. */
static int check_order(const struct publication_target *target, const struct fleet_state *last,
	const struct fleet_manifest *manifest, bool is_restored)
{
	__u64 there = last->manifest.sequence;

	if (manifest->sequence > there)
		return EXIT_OK;
	if (manifest->sequence == there && is_restored &&
		!memcmp(manifest->digest, last->manifest.digest, sizeof(manifest->digest))) {
		complain("%s %s: the server has it: sequence %llu", fleet_scope_name(target->scope), target->name,
			(unsigned long long)there);
		return EXIT_ERROR;
	}
	complain("%s %s: sequence %llu is not above %llu, which is on the server", fleet_scope_name(target->scope),
		target->name, (unsigned long long)manifest->sequence, (unsigned long long)there);
	return EXIT_ERROR;
}

/* Publishes signed bytes whose signature was checked, or are remembered. */
static int send_signed(struct publication *publication, struct publication_state *state, bool is_restored)
{
	const struct publication_target target = publication_target(publication);
	struct fleet_link *link = NULL;
	struct fleet_state last = { 0 };
	int code = fleet_change_read(&publication->change, &publication->files);

	if (!code)
		code = fleet_option_open(&publication->connection, &link);
	if (!code)
		code = fleet_state_fetch(link, target.scope, target.name, NULL, &last);
	state->last = last.message.sequence;
	if (!code)
		code = check_order(&target, &last, state->manifest, is_restored);
	if (!code && !publication->is_quiet)
		fleet_print_changes(last.manifest.sequence ? &last.manifest : NULL, state->manifest, &publication->files);
	if (!code && !publication->is_dry) {
		code = publication_send_files(link, publication);
		if (!code)
			code = check_blobs(link, state->manifest);
		if (!code)
			code = publication_send_state(link, &target, state, publication->is_quiet);
	}
	fleet_state_free(&last);
	fleet_link_close(link);
	return code;
}

static int verify(struct publication *publication, const char *path, const struct publication_state *state,
	struct fleet_manifest *manifest)
{
	const struct publication_target target = publication_target(publication);
	enum digsig_verdict verdict;
	struct fleet_problem problem;
	int code = fleet_trust_find(&publication->trust), err;

	if (code)
		return code;
	if (!publication->trust)
		return usage_error("--signed: --fleet-trust is missing, and " FLEET_TRUST " is not there");
	err = signed_manifest_read(state->bytes, state->size, publication->trust, NULL, manifest, &verdict, &problem);
	if (err) {
		complain("%s: %s", path, problem.text);
		return err == -EKEYREJECTED ? verdict_exit_code(verdict) : err == -EINVAL ? EXIT_UNSUPPORTED : EXIT_ERROR;
	}
	if (manifest->scope == target.scope && !strcmp(manifest->name, target.name))
		return EXIT_OK;
	complain("%s: it is for %s %s", path, fleet_scope_name(manifest->scope), manifest->name);
	return EXIT_ERROR;
}

int publication_send(struct publication *publication, const char *path)
{
	struct fleet_manifest manifest = { 0 };
	struct publication_state state = { .manifest = &manifest, .bytes = malloc(FLEET_MANIFEST_MAX + 1) };
	int err = state.bytes ? file_read_small(AT_FDCWD, path, state.bytes, FLEET_MANIFEST_MAX, &state.size) : -ENOMEM;
	int code;

	if (err) {
		complain("%s: %s", path, err == -EFBIG ? "larger than 256 KiB: not the state of a fleet" : strerror(-err));
		free(state.bytes);
		return EXIT_ERROR;
	}
	code = verify(publication, path, &state, &manifest);
	if (!code)
		code = send_signed(publication, &state, false);
	fleet_manifest_free(&manifest);
	free(state.bytes);
	return code;
}

int publication_restore(struct publication *publication)
{
	const struct publication_target target = publication_target(publication);
	struct publication_state state = { 0 };
	struct fleet_memory memory;
	int code = fleet_memory_read(target.scope, target.name, &memory);

	if (code)
		return code;
	if (!memory.bytes) {
		complain("%s %s: no state of it was published or seen from here", fleet_scope_name(target.scope), target.name);
		return EXIT_ERROR;
	}
	state.bytes = memory.bytes;
	state.size = memory.size;
	state.manifest = &memory.manifest;
	code = send_signed(publication, &state, true);
	fleet_memory_free(&memory);
	return code;
}
