// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../enforce/revoke.h"
#include "../../file/hash.h"
#include "../../revocation/signed_list.h"
#include "../../revocation/store.h"
#include "../../../lib/text/number.h"
#include "../../../lib/text/text.h"
#include "../../trust/signer.h"
#include "../authority.h"
#include "../cli.h"
#include "../engine_open.h"
#include "../file_progress.h"
#include "../trust_option.h"

struct revoking {
	struct revocations wanted;
	const char *store; /* NULL: the machine's */
	const char *list; /* a signed one; NULL: none */
	struct authority authority; /* about the list */
	bool shows, quiet;
};

static int want(struct revoking *revoking, const struct digsig_revocation *entry)
{
	int err = revocations_add(&revoking->wanted, entry);

	if (err >= 0)
		return EXIT_OK;
	complain("revoke: %s", err == -ENOSPC ? "too many at once" : strerror(-err));
	return EXIT_ERROR;
}

static int want_digest(void *revoking, char *hex)
{
	__u8 digest[DIGSIG_DIGEST_SIZE];
	struct digsig_revocation entry;

	if (!parse_hex(hex, digest, sizeof(digest)))
		return usage_error("--digest %s: 64 hexadecimal digits", hex);
	revocation_of_digest(digest, &entry);
	return want(revoking, &entry);
}

static int want_file(void *revoking, char *path)
{
	__u8 digest[DIGSIG_DIGEST_SIZE];
	struct digsig_revocation entry;
	int code, err, fd = open_to_judge(path, &code);
	struct stat st;

	if (fd < 0)
		return code;
	err = fstat(fd, &st) ? -errno :
			       file_hash(fd, (__u64)st.st_size, &progress_of_file, digest);
	close(fd);
	if (err) {
		complain("%s: cannot be read: %s", path, strerror(-err));
		return EXIT_ERROR;
	}
	revocation_of_digest(digest, &entry);
	return want(revoking, &entry);
}

static int want_key(void *revoking, char *text)
{
	__u8 key_id[DIGSIG_KEY_ID_SIZE];
	struct trust_store *store = NULL;
	struct digsig_revocation entry;
	int status = EXIT_OK;

	if (parse_hex(text, key_id, sizeof(key_id))) {
		revocation_of_key(key_id, &entry);
		return want(revoking, &entry);
	}
	status = trust_option_add(&store, text);
	if (status == EXIT_OK && !trust_store_count(store)) {
		complain("%s: a CA's certificate, whose key signs no code: take it out of the "
			 "trust, and revoke the keys that it issued certificates for",
			text);
		status = EXIT_ERROR;
	}
	for (size_t i = 0; status == EXIT_OK && i < trust_store_count(store); i++) {
		if (certificate_key_id(trust_store_certificate(store, i), key_id)) {
			complain("%s: the certificate has no subject key identifier of 20 bytes",
				text);
			status = EXIT_ERROR;
			break;
		}
		revocation_of_key(key_id, &entry);
		status = want(revoking, &entry);
	}
	trust_store_free(store);
	return status;
}

static int want_below(void *revoking, char *text)
{
	const char *equals = strrchr(text, '=');
	char identity[DIGSIG_IDENTITY_SIZE + 1];
	struct digsig_revocation entry;
	__u64 epoch;

	if (!equals || equals - text > DIGSIG_IDENTITY_SIZE ||
		number_parse(equals + 1, 0, ~0ULL, &epoch))
		return usage_error("--identity-below %s: ID=EPOCH, of at most 64 bytes "
					     "and a number",
			text);
	snprintf(identity, sizeof(identity), "%.*s", (int)(equals - text), text);
	if (!revocation_below(identity, epoch, &entry))
		return usage_error("--identity-below %s: no identity", text);
	return want(revoking, &entry);
}

static int take_list(void *field, char *path)
{
	const char **list = field;

	if (*list)
		return usage_error("--list: one at a time");
	*list = path;
	return EXIT_OK;
}

/* A signed list, in addition to what was named one by one. */
static int want_list(struct revoking *revoking)
{
	struct revocation_problem problem;
	enum digsig_verdict verdict;
	struct revocations list;
	int status = authority_open_or_configured(&revoking->authority);

	if (status != EXIT_OK)
		return status;
	if (signed_list_read(revoking->list, revoking->authority.trust.store, &list, &verdict,
		    &problem)) {
		complain("%s", problem.text);
		return verdict > DIGSIG_VERDICT_OK ? verdict_exit_code(verdict) : EXIT_ERROR;
	}
	for (size_t i = 0; status == EXIT_OK && i < list.count; i++)
		status = want(revoking, &list.entries[i]);
	revoking->wanted.sequence = list.sequence;
	revocations_free(&list);
	return status;
}

static int show(const char *path)
{
	struct revocation_problem problem;
	struct revocations revoked;

	if (revocation_store_read(path, &revoked, &problem)) {
		complain("%s", problem.text);
		return EXIT_ERROR;
	}
	for (size_t i = 0; i < revoked.count; i++) {
		char line[REVOCATION_LINE_MAX];

		revocation_print(&revoked.entries[i], line);
		print_safely(stdout, line);
		putchar('\n');
	}
	revocations_free(&revoked);
	return EXIT_OK;
}

/* A store that is not the machine's is no engine's business. */
static int tell_engine(const struct revoking *revoking, const char **what)
{
	struct engine engine;
	int err = engine_open(&engine), added;

	*what = "noted; the engine does not run, and hears of it when it starts";
	if (err == -ENOENT)
		return EXIT_OK;
	added = err;
	if (!err) {
		added = engine_revoke(&engine, &revoking->wanted);
		engine_close(&engine);
	}
	*what = "noted, and refused from now on";
	if (added >= 0)
		return EXIT_OK;
	complain("revoke: noted, but the running engine does not know it: %s",
		added == -ENOSPC ? "it has no room for more revocations" : strerror(-added));
	return EXIT_ERROR;
}

static int note_and_tell(const struct revoking *revoking)
{
	const char *path = revoking->store ? revoking->store : REVOCATION_STORE, *what = "noted";
	struct revocation_problem problem;
	int added = revocation_store_add(path, &revoking->wanted, &problem), status = EXIT_OK;

	if (added == -ESTALE)
		complain("%s: %s", revoking->list, problem.text);
	else if (added < 0)
		complain("%s", problem.text);
	if (added < 0) {
		return EXIT_ERROR;
	}
	if (!revoking->store)
		status = tell_engine(revoking, &what);
	if (status != EXIT_OK || revoking->quiet)
		return status;
	for (size_t i = 0; i < revoking->wanted.count; i++) {
		char line[REVOCATION_LINE_MAX];

		revocation_print(&revoking->wanted.entries[i], line);
		print_safely(stdout, line);
		printf(": %s\n", what);
	}
	return EXIT_OK;
}

static int revoke_or_show(struct revoking *revoking)
{
	int status = EXIT_OK;

	if (revoking->shows && (revoking->wanted.count || revoking->list))
		return usage_error("--show cannot be combined with another option");
	if (revoking->shows)
		return show(revoking->store ? revoking->store : REVOCATION_STORE);
	if (!revoking->wanted.count && !revoking->list)
		return usage_error("nothing to revoke");
	if (revoking->list)
		status = want_list(revoking);
	return status == EXIT_OK ? note_and_tell(revoking) : status;
}

static const struct command_option options[] = {
	{ OPTION_CALL, 0, "digest", "HEX",
		"the file with this SHA-256, whatever it is called; may be repeated",
		.take = want_digest },
	{ OPTION_CALL, 0, "file", "FILE",
		"the file with the bytes that FILE has now; may be repeated", .take = want_file,
		.offer = OFFER_FILES },
	{ OPTION_CALL, 0, "key", "CERT|HEX",
		"all that this key signed: its certificate, or its subject key identifier; may be repeated",
		.take = want_key, .offer = "*.crt" },
	{ OPTION_CALL, 0, "identity-below", "ID=EPOCH",
		"files signed as ID with an epoch below EPOCH; may be repeated", .take = want_below },
	{ OPTION_CALL, 0, "list", "FILE",
		"all that FILE says, a list that a trusted key signed; an older list than one that was "
		"taken before is refused",
		OPTION_FIELD(struct revoking, list), .take = take_list, .offer = OFFER_FILES },
	{ OPTION_CALL, 0, "trust", "CERT|DIR", "whose lists are taken; without it, digsig.conf says it",
		OPTION_FIELD(struct revoking, authority.trust.store), .take = trust_option_take,
		.offer = OFFER_FILES },
	{ OPTION_VALUE, 0, "store", "FILE", "note it in FILE instead, and tell no engine",
		OPTION_FIELD(struct revoking, store), .offer = OFFER_FILES },
	{ OPTION_FLAG, 0, "show", NULL, "print what is revoked", OPTION_FIELD(struct revoking, shows) },
	{ OPTION_FLAG, 'q', "quiet", NULL, "print nothing if all is well",
		OPTION_FIELD(struct revoking, quiet) },
	{ 0 },
};

static int run(const struct command *command, int argc, char **argv)
{
	struct revoking revoking = { 0 };
	int status;

	if (options_take(command, &argc, &argv, &revoking, &status))
		status = revoke_or_show(&revoking);
	revocations_free(&revoking.wanted);
	authority_free(&revoking.authority);
	return status;
}

const struct command revoke_command = {
	.name = "revoke",
	.summary = "take trust back, for good",
	.usage = "[--digest HEX] [--file FILE] [--key CERT|HEX] [--identity-below ID=EPOCH]\n"
		 "--list FILE [--trust CERT|DIR]\n--show",
	.about = "Takes trust back, for good: notes it in " REVOCATION_STORE ", which digsig start\n"
		 "reads, and tells the engine if it runs. From the next use on the kernel refuses it, also\n"
		 "what was allowed before and what an engine has cached.\n",
	.options = options,
	.run = run,
};
