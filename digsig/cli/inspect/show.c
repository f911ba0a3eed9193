// SPDX-License-Identifier: GPL-2.0-or-later
#include "../../../lib/text/json.h"
#include "../../../lib/text/text.h"
#include "show.h"
#include "../signer_print.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <json-c/json.h>

/* The facts in the form in which both outputs give them. */
struct facts {
	char reason[256], signing_time[32], identity[DIGSIG_IDENTITY_SIZE + 1];
	char key_id[2 * DIGSIG_KEY_ID_SIZE + 1], digest[2 * DIGSIG_DIGEST_SIZE + 1];
};

static void gather(struct facts *facts, const struct file_judgement *judgement)
{
	const struct digsig_manifest *manifest = signature_block_manifest(&judgement->block);

	memset(facts, 0, sizeof(*facts));
	file_judgement_describe(judgement, facts->reason, sizeof(facts->reason));
	if (judgement->is_hashed)
		print_hex(facts->digest, judgement->digest, sizeof(judgement->digest));
	if (judgement->block.defect)
		return;
	print_time(facts->signing_time, digsig_le64(manifest->signing_time));
	print_hex(facts->key_id, manifest->key_id, sizeof(manifest->key_id));
	digsig_copy_identity(facts->identity, manifest);
}

static const char *state_name(const struct file_judgement *judgement)
{
	return judgement->verdict == DIGSIG_VERDICT_NONE
		? "intact"
		: digsig_verdict_name(judgement->verdict);
}

static const char *state_colour(enum digsig_verdict verdict)
{
	if (verdict == DIGSIG_VERDICT_OK)
		return "\033[32m";
	return verdict == DIGSIG_VERDICT_NONE || verdict == DIGSIG_VERDICT_UNSIGNED ? "\033[33m"
										    : "\033[31m";
}

static void show_manifest(const struct file_judgement *judgement, const struct facts *facts)
{
	const struct digsig_manifest *manifest = signature_block_manifest(&judgement->block);
	__u32 flags = digsig_le32(manifest->flags);
	size_t cms_size;

	signature_block_cms(&judgement->block, &cms_size);
	printf("  class:     %s%s\n", digsig_class_name(flags),
		flags & DIGSIG_FLAG_WX ? ", may map memory writable and executable" : "");
	fputs("  identity:  ", stdout);
	print_safely(stdout, *facts->identity ? facts->identity : "none");
	printf("\n  epoch:     %llu\n", (unsigned long long)digsig_le64(manifest->epoch));
	printf("  signed:    %s, by the signer's clock\n", facts->signing_time);
	printf("  key id:    %s\n", facts->key_id);
	if (judgement->signer)
		print_signer(judgement->signer, digsig_le64(manifest->signing_time));
	printf("  original:  %llu bytes\n",
		(unsigned long long)digsig_le64(manifest->original_size));
	printf("  content:   %llu bytes\n",
		(unsigned long long)digsig_le64(manifest->content_size));
	printf("  block:     %zu bytes, of which the CMS is %zu\n", judgement->block.size, cms_size);
}

void show_text(const char *path, const struct file_judgement *judgement, bool has_colour)
{
	struct facts facts;

	gather(&facts, judgement);
	print_safely(stdout, path);
	printf(": %s%s%s\n", has_colour ? state_colour(judgement->verdict) : "",
		state_name(judgement), has_colour ? "\033[0m" : "");
	printf("  why:       %s\n", facts.reason);
	if (!judgement->block.defect)
		show_manifest(judgement, &facts);
	if (*facts.digest)
		printf("  sha256:    %s\n", facts.digest);
}

static void add_manifest(struct json_object *object, const struct file_judgement *judgement,
	const struct facts *facts)
{
	const struct digsig_manifest *manifest = signature_block_manifest(&judgement->block);
	__u32 flags = digsig_le32(manifest->flags);
	size_t cms_size;

	signature_block_cms(&judgement->block, &cms_size);
	json_add_string(object, "class", digsig_class_name(flags));
	json_add_flag(object, "may_map_wx", (flags & DIGSIG_FLAG_WX) != 0);
	json_add_text(object, "identity", facts->identity);
	json_add_number(object, "epoch", digsig_le64(manifest->epoch));
	json_add_number(object, "signing_time", digsig_le64(manifest->signing_time));
	json_add_string(object, "key_id", facts->key_id);
	if (judgement->signer)
		json_add_signer(object, judgement->signer);
	json_add_number(object, "original_size", digsig_le64(manifest->original_size));
	json_add_number(object, "content_size", digsig_le64(manifest->content_size));
	json_add_number(object, "block_size", judgement->block.size);
	json_add_number(object, "cms_size", cms_size);
}

struct json_object *show_json(const char *path, const struct file_judgement *judgement)
{
	struct json_object *object = json_object_new_object();
	struct facts facts;

	gather(&facts, judgement);
	json_add_text(object, "file", path);
	json_add_string(object, "state", state_name(judgement));
	json_add_string(object, "why", facts.reason);
	if (!judgement->block.defect)
		add_manifest(object, judgement, &facts);
	if (*facts.digest)
		json_add_string(object, "sha256", facts.digest);
	return object;
}
