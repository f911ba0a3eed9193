// SPDX-License-Identifier: GPL-2.0-or-later
#include "authority.h"
#include <errno.h>
#include <string.h>
#include "../revocation/signed_list.h"
#include "catalog_option.h"
#include "cli.h"
#include "trust_option.h"

static bool is_catalogued(const void *context, const __u8 digest[DIGSIG_DIGEST_SIZE],
	struct signed_as *signed_as)
{
	return catalog_set_find(context, digest, signed_as);
}

static int take_expiry(void *field, char *word)
{
	struct authority *authority = field;

	authority->has_expiry = true;
	return option_word_take(expiry_words, "--expiry", word, &authority->expiry) ? EXIT_OK :
										      EXIT_USAGE;
}

const struct command_option authority_option_table[] = {
	{ OPTION_CALL, 0, "trust", "CERT|DIR",
		"certificates whose keys are trusted; may be repeated; without it, digsig.conf says what "
		"is trusted",
		OPTION_FIELD(struct authority, trust.store), .take = trust_option_take,
		.offer = OFFER_FILES },
	{ OPTION_CALL, 0, "catalog", "FILE|DIR",
		"a catalog, or all catalogs of a folder; may be repeated",
		OPTION_FIELD(struct authority, trust.catalogs), .take = catalog_option_take,
		.offer = "*.catalog" },
	{ OPTION_CALL, 0, "expiry", "WHAT",
		"of certificates that are expired or not valid yet: warn (default), ignore, or refuse to "
		"trust them; without it, digsig.conf says it",
		.take = take_expiry, .words = expiry_words },
	{ 0 },
};

/* Of the command line or the configuration, and of the fleet. */
static int read_catalogs(struct authority *authority)
{
	const struct bring_up_trust *trust = &authority->trust;
	int code = catalog_list_verify(&trust->catalogs, authority->catalogs, trust->store);

	return code || !trust->is_fleet_read ?
		code :
		catalog_list_verify(&trust->fleet.catalogs, authority->catalogs, trust->store);
}

int authority_open(struct authority *authority)
{
	const struct bring_up_trust *trust = &authority->trust;
	int code = trust_option_settle(trust->store, authority->expiry, authority->is_quiet);

	if (code || !(trust->catalogs.count || (trust->is_fleet_read && trust->fleet.catalogs.count)))
		return code;
	if (catalog_set_new(&authority->catalogs)) {
		complain("%s", strerror(ENOMEM));
		return EXIT_ERROR;
	}
	authority->known.contains = is_catalogued;
	authority->known.context = authority->catalogs;
	return read_catalogs(authority);
}

static int read_configuration(struct authority *authority)
{
	struct bring_up_problem problem;
	struct digsig_config config;
	struct config_problem wrong;
	int err = config_load(NULL, &config, &wrong);

	if (err) {
		complain("%s", wrong.text);
		return EXIT_ERROR;
	}
	fleet_from_config(&config, &authority->trust);
	if (!authority->has_expiry)
		authority->expiry = config.expiry;
	err = trust_from_config(&config, &authority->trust, &problem);
	config_free(&config);
	if (!err && *authority->trust.fleet.problem)
		complain("fleet: %s", authority->trust.fleet.problem);
	if (!err)
		return EXIT_OK;
	complain("%s; or give --trust", problem.text);
	return problem.verdict ? verdict_exit_code(problem.verdict) : EXIT_ERROR;
}

int authority_open_or_configured(struct authority *authority)
{
	int status = authority->trust.store ? EXIT_OK : read_configuration(authority);

	return status == EXIT_OK ? authority_open(authority) : status;
}

const struct known_digests *authority_known(const struct authority *authority)
{
	return authority->catalogs ? &authority->known : NULL;
}

int authority_revoke(struct authority *authority, const char *path)
{
	struct revocation_problem problem;
	enum digsig_verdict verdict = DIGSIG_VERDICT_NONE;

	if (!revocation_file_read(path ? path : REVOCATION_STORE, authority->trust.store,
		    &authority->revoked, &verdict, &problem)) {
		authority->is_signed_list = verdict == DIGSIG_VERDICT_OK;
		return EXIT_OK;
	}
	complain("%s", problem.text);
	return verdict > DIGSIG_VERDICT_OK ? verdict_exit_code(verdict) : EXIT_ERROR;
}

void authority_free(struct authority *authority)
{
	revocations_free(&authority->revoked);
	catalog_set_free(authority->catalogs);
	bring_up_trust_free(&authority->trust);
	authority->catalogs = NULL;
}
