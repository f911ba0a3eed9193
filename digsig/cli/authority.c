// SPDX-License-Identifier: GPL-2.0-or-later
#include "authority.h"
#include <errno.h>
#include <string.h>
#include "catalog_option.h"
#include "cli.h"

static bool is_catalogued(const void *context, const __u8 digest[DIGSIG_DIGEST_SIZE])
{
	return catalog_set_contains(context, digest);
}

int authority_open(struct authority *authority)
{
	if (!authority->trust.catalogs.count)
		return EXIT_OK;
	if (catalog_set_new(&authority->catalogs)) {
		complain("%s", strerror(ENOMEM));
		return EXIT_ERROR;
	}
	authority->known.contains = is_catalogued;
	authority->known.context = authority->catalogs;
	return catalog_list_verify(
		&authority->trust.catalogs, authority->catalogs, authority->trust.store);
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
	err = trust_from_config(&config, &authority->trust, &problem);
	config_free(&config);
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

	if (!revocation_store_read(path ? path : REVOCATION_STORE, &authority->revoked, &problem))
		return EXIT_OK;
	complain("%s", problem.text);
	return EXIT_ERROR;
}

void authority_free(struct authority *authority)
{
	revocations_free(&authority->revoked);
	catalog_set_free(authority->catalogs);
	bring_up_trust_free(&authority->trust);
	authority->catalogs = NULL;
}
