// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../enforce/revoke.h"
#include "../file/hash.h"
#include "../revocation/signed_list.h"
#include "../revocation/store.h"
#include "../../lib/text/text.h"
#include "../trust/signer.h"
#include "authority.h"
#include "cli.h"
#include "engine_words.h"
#include "progress.h"
#include "trust_option.h"

static const char help[] =
	"usage: digsig revoke [--digest HEX] [--file FILE] [--key CERT|HEX]\n"
	"                     [--identity-below ID=EPOCH] [--store FILE]\n"
	"       digsig revoke --list FILE [--trust CERT|DIR]\n"
	"       digsig revoke --show\n"
	"Takes trust back, for good: notes it in " REVOCATION_STORE ", which digsig start\n"
	"reads, and tells the engine if it runs. From the next use on the kernel refuses it, also\n"
	"what was allowed before and what an engine has cached. The first four may be repeated.\n\n"
	"  --digest HEX             the file with this SHA-256, whatever it is called\n"
	"  --file FILE              the file with the bytes that FILE has now\n"
	"  --key CERT|HEX           all that this key signed: its certificate, or its subject key\n"
	"                           identifier\n"
	"  --identity-below ID=EPOCH\n"
	"                           files signed as ID with an epoch below EPOCH\n"
	"  --list FILE              all that FILE says, a list that a trusted key signed; an older\n"
	"                           list than one that was taken before is refused\n"
	"  --trust CERT|DIR         whose lists are taken; without it, digsig.conf says it\n"
	"  --store FILE             note it in FILE instead, and tell no engine\n"
	"  --show                   print what is revoked\n"
	"  -q, --quiet              print nothing if all is well\n"
	"  -h, --help\n";

enum { OPTION_DIGEST = 256, OPTION_FILE, OPTION_KEY, OPTION_BELOW, OPTION_STORE, OPTION_LIST,
	OPTION_TRUST, OPTION_SHOW };

static const struct option options[] = {
	{ "digest", required_argument, NULL, OPTION_DIGEST },
	{ "file", required_argument, NULL, OPTION_FILE },
	{ "key", required_argument, NULL, OPTION_KEY },
	{ "identity-below", required_argument, NULL, OPTION_BELOW },
	{ "store", required_argument, NULL, OPTION_STORE },
	{ "list", required_argument, NULL, OPTION_LIST },
	{ "trust", required_argument, NULL, OPTION_TRUST },
	{ "show", no_argument, NULL, OPTION_SHOW },
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

struct revoking {
	struct revocations wanted;
	const char *store; /* NULL: the machine's */
	const char *list; /* a signed one; NULL: none */
	struct authority authority; /* about the list */
	bool shows, quiet, wants_help;
};

static int want(struct revoking *revoking, const struct digsig_revocation *entry)
{
	int err = revocations_add(&revoking->wanted, entry);

	if (err >= 0)
		return EXIT_OK;
	complain("revoke: %s", err == -ENOSPC ? "too many at once" : strerror(-err));
	return EXIT_ERROR;
}

static int want_digest(struct revoking *revoking, const char *hex)
{
	__u8 digest[DIGSIG_DIGEST_SIZE];
	struct digsig_revocation entry;

	if (!parse_hex(hex, digest, sizeof(digest)))
		return usage_error("revoke", "--digest %s: 64 hexadecimal digits", hex);
	revocation_of_digest(digest, &entry);
	return want(revoking, &entry);
}

static int want_file(struct revoking *revoking, const char *path)
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

static int want_key(struct revoking *revoking, const char *text)
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

static int want_below(struct revoking *revoking, const char *text)
{
	const char *equals = strrchr(text, '=');
	char identity[DIGSIG_IDENTITY_SIZE + 1], *end = NULL;
	struct digsig_revocation entry;
	unsigned long long epoch = 0;

	errno = 0;
	if (equals)
		epoch = strtoull(equals + 1, &end, 10);
	if (!equals || equals - text > DIGSIG_IDENTITY_SIZE || errno || *end ||
		equals[1] < '0' || equals[1] > '9')
		return usage_error("revoke", "--identity-below %s: ID=EPOCH, of at most 64 bytes "
					     "and a number",
			text);
	snprintf(identity, sizeof(identity), "%.*s", (int)(equals - text), text);
	if (!revocation_below(identity, epoch, &entry))
		return usage_error("revoke", "--identity-below %s: no identity", text);
	return want(revoking, &entry);
}

static int parse(struct revoking *revoking, int argc, char **argv)
{
	int option, status = EXIT_OK;

	while (status == EXIT_OK && !revoking->wants_help &&
		(option = getopt_long(argc, argv, "qh", options, NULL)) != -1) {
		switch (option) {
		case OPTION_DIGEST:
			status = want_digest(revoking, optarg);
			break;
		case OPTION_FILE:
			status = want_file(revoking, optarg);
			break;
		case OPTION_KEY:
			status = want_key(revoking, optarg);
			break;
		case OPTION_BELOW:
			status = want_below(revoking, optarg);
			break;
		case OPTION_STORE:
			revoking->store = optarg;
			break;
		case OPTION_LIST:
			if (revoking->list)
				return usage_error("revoke", "--list: one at a time");
			revoking->list = optarg;
			break;
		case OPTION_TRUST:
			status = trust_option_add(&revoking->authority.trust.store, optarg);
			break;
		case OPTION_SHOW:
			revoking->shows = true;
			break;
		case 'q':
			revoking->quiet = true;
			break;
		case 'h':
			revoking->wants_help = true;
			break;
		default:
			status = EXIT_USAGE;
		}
	}
	if (status != EXIT_OK || revoking->wants_help)
		return status;
	if (optind < argc)
		return usage_error("revoke", "%s: what is this?", argv[optind]);
	if (revoking->shows == (revoking->wanted.count > 0 || revoking->list))
		return usage_error("revoke", revoking->shows ? "--show stands alone" :
							       "what is to be revoked?");
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

int cmd_revoke(int argc, char **argv)
{
	struct revoking revoking = { 0 };
	int status = parse(&revoking, argc, argv);

	if (status == EXIT_OK && revoking.wants_help)
		fputs(help, stdout);
	else if (status == EXIT_OK && revoking.shows)
		status = show(revoking.store ? revoking.store : REVOCATION_STORE);
	else if (status == EXIT_OK && revoking.list)
		status = want_list(&revoking);
	if (status == EXIT_OK && !revoking.wants_help && !revoking.shows)
		status = note_and_tell(&revoking);
	revocations_free(&revoking.wanted);
	authority_free(&revoking.authority);
	return status;
}
