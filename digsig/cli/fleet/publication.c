// SPDX-License-Identifier: GPL-2.0-or-later
#include "publication.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../../lib/file/write_whole.h"
#include "../../../lib/text/text.h"
#include "../cli.h"
#include "../trust_option.h"
#include "fleet_print.h"
#include "publication_send.h"

#define FIELD(member) OPTION_FIELD(struct publication, member)

const struct command_option publication_options[] = {
	{ OPTION_GROUP, FIELD(signer_options), .group = signer_option_table },
	{ OPTION_CALL, 0, "fleet-trust", "CERT|DIR",
		"certificates of fleet keys, for the last state (default: " FLEET_TRUST "); may be repeated", FIELD(trust),
		.take = trust_option_take, .offer = OFFER_FILES },
	{ OPTION_NUMBER, 0, "sequence", "N", "the sequence of the new state (default: the next one)", FIELD(sequence),
		.least = 1, .most = FLEET_SEQUENCE_MAX },
	{ OPTION_FLAG, 0, "afresh", NULL, "take nothing over from the last state", FIELD(is_afresh) },
	{ OPTION_FLAG, 'n', "dry-run", NULL, "only print what would change", FIELD(is_dry) },
	{ OPTION_FLAG, 'q', "quiet", NULL, "print only errors and warnings", FIELD(is_quiet) },
	{ OPTION_GROUP, FIELD(connection), .group = fleet_option_table },
	{ 0 },
};

int publication_check(const struct publication *publication, bool needs_signer)
{
	if (!publication->group == !publication->host)
		return usage_error("name a group or a host: one of them");
	if (!needs_signer && (publication->signer_options.key || publication->signer_options.user))
		return usage_error("nothing is signed here: without --key and --gpg");
	if (fleet_names_check(publication->group, publication->host))
		return EXIT_USAGE;
	return needs_signer ? signer_option_check(&publication->signer_options) : EXIT_OK;
}

void publication_free(struct publication *publication)
{
	trust_store_free(publication->trust);
	fleet_change_free(&publication->change);
	fleet_files_free(&publication->files);
}

/* What is needed for one state. */
struct work {
	struct publication *publication;
	struct publication_target target;
	struct fleet_link *link;
	struct signer *signer;
	struct fleet_state last;
	struct fleet_memory memory;
	struct fleet_manifest next;
};

/* A key that signs states may be taken at its word for the last one. */
static int trust_signer(struct publication *publication, struct signer *signer)
{
	int code = fleet_trust_find(&publication->trust);

	if (code || !signer)
		return code;
	if ((!publication->trust && trust_store_new(&publication->trust)) ||
		trust_store_add_certificate(publication->trust, signer->certificate)) {
		complain("out of memory");
		return EXIT_ERROR;
	}
	return EXIT_OK;
}

/* The last state is of a good signature, or is not used. */
static int check_last(const struct work *work)
{
	const struct fleet_state *last = &work->last;

	if (!last->message.bytes || last->manifest.sequence)
		return EXIT_OK;
	if (work->publication->is_afresh)
		return EXIT_OK;
	complain("%s %s: the state on the server is not taken over: %s: --fleet-trust names who else signs states; --afresh begins "
		 "without it",
		fleet_scope_name(work->target.scope), work->target.name, last->problem.text);
	/* Well signed, and for somebody else or not well said. */
	return last->verdict == DIGSIG_VERDICT_OK || last->verdict == DIGSIG_VERDICT_NONE ? EXIT_UNSUPPORTED :
											  verdict_exit_code(last->verdict);
}

/* Hosts refuse what goes back: better that it is said here. */
static int choose_sequence(struct work *work)
{
	__u64 there = work->last.manifest.sequence, known = work->memory.manifest.sequence;
	__u64 given = work->publication->sequence, next = work->publication->is_afresh && known > there ? known + 1 : there + 1;
	const char *scope = fleet_scope_name(work->target.scope), *name = work->target.name;

	if (given)
		next = given;
	if (next <= there || next <= known) {
		complain("%s %s: sequence %llu is not above %llu, which is %s: %s", scope, name, (unsigned long long)next,
			(unsigned long long)(known > there ? known : there),
			known > there ? "known here" : "on the server",
			given ? "hosts would refuse it" : "was the server restored from a backup? --restore publishes that one again");
		return EXIT_ERROR;
	}
	if (next > FLEET_SEQUENCE_MAX) {
		complain("%s %s: there is no higher sequence", scope, name);
		return EXIT_ERROR;
	}
	work->next.sequence = next;
	return EXIT_OK;
}

/* What others published is remembered too. */
static void remember_last(const struct work *work)
{
	const struct fleet_manifest *there = &work->last.manifest, *known = &work->memory.manifest;
	const struct fleet_message *message = &work->last.message;

	if (there->sequence > known->sequence)
		fleet_memory_write(work->target.scope, work->target.name, message->bytes, message->size);
	else if (there->sequence && there->sequence == known->sequence &&
		memcmp(there->digest, known->digest, sizeof(there->digest)))
		complain("warning: %s %s: another state of sequence %llu is known here: hosts that have it refuse the server's",
			fleet_scope_name(work->target.scope), work->target.name, (unsigned long long)there->sequence);
}

static int make_next(struct work *work)
{
	struct fleet_manifest *next = &work->next;
	__u64 made;
	int code = check_last(work);

	if (!code)
		code = signing_time_find(&made);
	if (code)
		return code;
	remember_last(work);
	if (work->last.manifest.sequence && !work->publication->is_afresh &&
		fleet_manifest_copy(&work->last.manifest, next)) {
		complain("out of memory");
		return EXIT_ERROR;
	}
	next->scope = work->target.scope;
	snprintf(next->name, sizeof(next->name), "%s", work->target.name);
	code = choose_sequence(work);
	return code ? code : fleet_change_apply(&work->publication->change, &work->publication->files, made, next);
}

static int write_unsigned(const struct work *work)
{
	const char *path = work->publication->prepare;
	char *text = fleet_manifest_print(&work->next);
	int err = text ? file_write_whole(path, text, strlen(text)) : -ENOMEM;

	free(text);
	if (err) {
		complain("%s: cannot be written: %s", path, strerror(-err));
		return EXIT_ERROR;
	}
	if (!work->publication->is_quiet) {
		print_safely(stdout, path);
		puts(": prepared: digsig fleet sign signs it, digsig fleet publish --signed publishes it");
	}
	return EXIT_OK;
}

static int sign_and_send(const struct work *work)
{
	struct publication_state state = { .manifest = &work->next, .last = work->last.message.sequence };
	int err = signed_manifest_make(&work->next, work->signer, &state.bytes, &state.size), code;

	if (err == -EMSGSIZE)
		complain("the state is larger than 256 KiB: make one catalog of several");
	else if (err)
		complain("not signed: %s", err == -ENOMEM ? "out of memory" : signing_error_meaning(-err));
	if (err)
		return err == -EKEYREJECTED || err == -ECANCELED ? EXIT_BAD_PASSPHRASE : EXIT_ERROR;
	code = publication_send_state(work->link, &work->target, &state, work->publication->is_quiet);
	free(state.bytes);
	return code;
}

static int publish(struct work *work)
{
	const struct publication *publication = work->publication;
	int code = fleet_option_open(&publication->connection, &work->link);

	if (!code)
		code = fleet_state_fetch(work->link, work->target.scope, work->target.name, publication->trust, &work->last);
	if (!code)
		code = make_next(work);
	if (code)
		return code;
	if (!publication->is_quiet)
		fleet_print_changes(work->last.manifest.sequence ? &work->last.manifest : NULL, &work->next, &publication->files);
	if (publication->is_dry)
		return EXIT_OK;
	code = publication_send_files(work->link, publication);
	if (code)
		return code;
	return publication->prepare ? write_unsigned(work) : sign_and_send(work);
}

int publication_run(struct publication *publication)
{
	struct work work = { .publication = publication, .target = publication_target(publication) };
	int code = fleet_change_read(&publication->change, &publication->files);

	if (!code && !publication->prepare)
		code = signer_option_load(&publication->signer_options, &work.signer);
	if (!code)
		code = trust_signer(publication, work.signer);
	if (!code && !publication->trust) {
		complain(FLEET_TRUST ": not there: --fleet-trust names the certificates of fleet keys");
		code = EXIT_ERROR;
	}
	if (!code)
		code = fleet_memory_read(work.target.scope, work.target.name, &work.memory);
	if (!code)
		code = publish(&work);
	fleet_link_close(work.link);
	fleet_state_free(&work.last);
	fleet_memory_free(&work.memory);
	fleet_manifest_free(&work.next);
	signer_free(work.signer);
	return code;
}
