// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../catalog/build.h"
#include "../../file/sign.h"
#include "../../../lib/command/interrupt.h"
#include "../../../lib/file/write_whole.h"
#include "../../format/inspect.h"
#include "../../../lib/text/text.h"
#include "catalog_commands.h"
#include "catalog_install.h"
#include "../catalog_option.h"
#include "../cli.h"
#include "../file_progress.h"
#include "../signer_option.h"

/* What the command line asks for. */
struct creation {
	struct signer_options signer;
	const char *output;
	const char *digests; /* a list of them, "-": the standard input */
	const char *install, *config;
	bool firmware, all; /* what is selected */
	bool from_dpkg, quiet, lists;
	struct catalog_statement statement;
};

static void complain_about_path(void *context, const char *path, int err)
{
	(void)context;
	if (err == -EAGAIN)
		complain("%s: it changed while it was read: try again when it is at rest", path);
	else if (err == -EINVAL)
		complain("%s: not a regular file or a folder", path);
	else
		complain("%s: cannot be read: %s", path, strerror(-err));
}

/* Where dpkg keeps its database: as for dpkg itself. */
static const char *dpkg_directory(void)
{
	const char *given = getenv("DPKG_ADMINDIR");

	return given && *given ? given : "/var/lib/dpkg";
}

static int collect(struct catalog_builder *builder, const struct creation *creation, char **paths,
	int count)
{
	const char *directory = dpkg_directory();
	int err = 0;

	progress_begin("looking", PROGRESS_FILES);
	if (creation->from_dpkg) {
		err = catalog_builder_add_dpkg(builder, directory);
		if (err && err != -ECANCELED)
			complain("%s: dpkg's list of files cannot be read: %s", directory,
				strerror(-err));
	}
	for (int i = 0; i < count && !err; i++) {
		err = catalog_builder_add(builder, paths[i]);
		if (err && err != -ECANCELED)
			complain("%s: %s", paths[i], strerror(-err));
	}
	progress_end();
	if (err == -ECANCELED)
		complain("interrupted: no catalog was written");
	return err ? EXIT_ERROR : EXIT_OK;
}

static int hash(struct catalog_builder *builder)
{
	struct catalog_work work = {
		.progress = &progress_of_file,
		.is_cancelled = &interrupted,
	};
	int err;

	progress_begin("hashing", PROGRESS_BYTES);
	err = catalog_builder_hash(builder, &work);
	progress_end();
	if (err)
		complain("%s: no catalog was written", err == -ECANCELED ? "interrupted" :
									     strerror(-err));
	return err ? EXIT_ERROR : EXIT_OK;
}

static int add_digests(struct catalog_builder *builder, const char *path)
{
	bool is_input = !strcmp(path, "-");
	FILE *list = is_input ? stdin : fopen(path, "re");
	unsigned long line = 0;
	int err = list ? catalog_builder_add_digests(builder, list, &line) : -errno;

	if (err == -EBADMSG)
		complain("%s:%lu: not a digest and a name, as sha256sum and --list print them",
			path, line);
	else if (err)
		complain("%s: cannot be read: %s", path, strerror(-err));
	if (list && !is_input)
		fclose(list);
	return err ? EXIT_ERROR : EXIT_OK;
}

static int print_digest(void *context, const char *path, const __u8 *digest)
{
	(void)context;
	print_sum(digest, path);
	return 0;
}

static int print_list(const struct catalog_builder *builder)
{
	int err = catalog_builder_visit(builder, print_digest, NULL);

	if (err)
		complain("the list cannot be written: %s", strerror(-err));
	return err ? EXIT_ERROR : EXIT_OK;
}

static int finish(struct catalog_builder *builder, const struct creation *creation)
{
	__u8 *bytes = NULL;
	size_t size;
	int err = catalog_builder_finish(builder, &creation->statement, &bytes, &size);

	if (err == -ENODATA)
		complain("nothing to put into a catalog: name folders with programs, or use --all");
	else if (err == -E2BIG)
		complain("too many files for one catalog: make several");
	else if (err == -ENOMEM)
		complain("%s: %s", creation->output, strerror(-err));
	else if (err)
		complain("%s: not signed: %s", creation->output, signing_error_meaning(-err));
	if (err)
		return err == -EKEYREJECTED || err == -ECANCELED ? EXIT_BAD_PASSPHRASE : EXIT_ERROR;
	err = file_write_whole(creation->output, bytes, size);
	free(bytes);
	if (err)
		complain("%s: cannot be written: %s", creation->output, strerror(-err));
	return err ? EXIT_ERROR : EXIT_OK;
}

static void print_summary(const struct catalog_builder *builder, const struct creation *creation)
{
	struct catalog_counts counts;

	catalog_builder_count(builder, &counts);
	print_safely(stdout, creation->output);
	printf(": %" PRIu64 " digests of %" PRIu64 " files, %" PRIu64 " MiB; %" PRIu64
	       " files looked at\n",
		(uint64_t)counts.digests, (uint64_t)counts.files, (uint64_t)counts.bytes >> 20,
		(uint64_t)counts.seen);
	if (counts.gone)
		printf("%" PRIu64 " that were listed are not there\n", (uint64_t)counts.gone);
}

static int build(struct catalog_builder *builder, const struct creation *creation, char **paths,
	int count)
{
	struct catalog_counts counts;
	int code = collect(builder, creation, paths, count);

	if (!code)
		code = hash(builder);
	if (code)
		return code;
	catalog_builder_count(builder, &counts);
	if (counts.failed) {
		/* A hole would show when the machine does not start any more. */
		complain("%" PRIu64 " could not be read: no catalog was written",
			(uint64_t)counts.failed);
		return EXIT_ERROR;
	}
	if (creation->lists)
		return print_list(builder);
	if (creation->digests)
		code = add_digests(builder, creation->digests);
	if (!code)
		code = finish(builder, creation);
	if (!code && !creation->quiet)
		print_summary(builder, creation);
	return code;
}

/* enum catalog_selection */
static unsigned int selection(const struct creation *creation)
{
	return (creation->firmware ? CATALOG_FIRMWARE : 0) | (creation->all ? CATALOG_EVERYTHING : 0);
}

static int create(struct creation *creation, char **paths, int count)
{
	const struct catalog_watch watch = { .tick = progress_tick, .is_cancelled = &interrupted };
	struct catalog_builder *builder = NULL;
	struct signer *signer = NULL;
	int code = signing_time_find(&creation->statement.creation_time);

	if (!code && !creation->lists)
		code = signer_option_load(&creation->signer, &signer);
	if (code)
		return code;
	creation->statement.signer = signer;
	interrupt_catch();
	progress_allow(!creation->quiet);
	if (catalog_builder_new(&builder, selection(creation), complain_about_path, NULL)) {
		complain("%s", strerror(ENOMEM));
		code = EXIT_ERROR;
	} else {
		catalog_builder_watch(builder, &watch);
		code = build(builder, creation, paths, count);
	}
	catalog_builder_free(builder);
	signer_free(signer);
	interrupt_obey();
	return code;
}

/* Key and place are those of digsig.conf; then into the engine. */
static int create_installed(struct creation *creation, char **paths, int count)
{
	struct catalog_installation place;
	int code = catalog_installation_find(creation->config, creation->install, &place);

	if (code)
		return code;
	creation->signer.key = place.key;
	creation->output = place.path;
	code = create(creation, paths, count);
	if (!code)
		code = catalog_installation_load(&place, creation->quiet);
	catalog_installation_free(&place);
	return code;
}

static int check_usage(const struct creation *creation, int count)
{
	bool has_signer = creation->signer.key || creation->signer.user;
	int code;

	if (creation->lists && (has_signer || creation->install || creation->digests))
		return usage_error("--list signs nothing: it does not take --key, --gpg, "
					      "--install, --digests");
	if (creation->install && has_signer)
		return usage_error("--install takes the key from digsig.conf");
	if (creation->config && !creation->install)
		return usage_error("--config requires --install");
	code = creation->lists || creation->install
		? EXIT_OK
		: signer_option_check(&creation->signer);
	if (code)
		return code;
	if (!count && !creation->from_dpkg && !creation->digests)
		return usage_error("name files or folders, or --from-dpkg");
	return EXIT_OK;
}

/* Of create and sign: about the signature and the output. */
static const struct command_option output_options[] = {
	{ OPTION_GROUP, OPTION_FIELD(struct creation, signer), .group = signer_option_table },
	{ OPTION_VALUE, 'o', "output", "FILE", "the catalog (default: digsig.catalog)",
		OPTION_FIELD(struct creation, output), .offer = OFFER_FILES },
	{ OPTION_CALL, 0, "identity", "ID",
		"what the catalog is of, as in org.example.host; at most 64 bytes",
		OPTION_FIELD(struct creation, statement.identity), .take = identity_option_take },
	{ OPTION_NUMBER, 0, "epoch", "N",
		"counts up with the catalogs of one identity, against rollback",
		OPTION_FIELD(struct creation, statement.epoch) },
	{ OPTION_FLAG, 'q', "quiet", NULL, "print only errors and warnings",
		OPTION_FIELD(struct creation, quiet) },
	{ 0 },
};

static const struct command_option create_options[] = {
	{ OPTION_GROUP, .group = output_options },
	{ OPTION_FLAG, 0, "from-dpkg", NULL,
		"the files of all installed packages, as they are on the disk",
		OPTION_FIELD(struct creation, from_dpkg) },
	{ OPTION_FLAG, 0, "firmware", NULL, "also what lies below lib/firmware",
		OPTION_FIELD(struct creation, firmware) },
	{ OPTION_FLAG, 0, "all", NULL, "every regular file", OPTION_FIELD(struct creation, all) },
	{ OPTION_VALUE, 0, "digests", "FILE",
		"also the digests in FILE (-: standard input), \"DIGEST  NAME\" a line",
		OPTION_FIELD(struct creation, digests), .offer = OFFER_FILES },
	{ OPTION_FLAG, 0, "list", NULL, "instead of signing, print such lines",
		OPTION_FIELD(struct creation, lists) },
	{ OPTION_VALUE, 0, "install", "NAME",
		"sign with the key that digsig.conf names, put it into the folder of catalogs as "
		"NAME.catalog, and load it, if the engine runs",
		OPTION_FIELD(struct creation, install) },
	{ OPTION_VALUE, 0, "config", "FILE", "read FILE instead of /etc/digsig/digsig.conf",
		OPTION_FIELD(struct creation, config), .offer = OFFER_FILES },
	{ 0 },
};

static int run_create(const struct command *command, int argc, char **argv)
{
	struct creation creation = { .output = "digsig.catalog" };
	int code;

	if (!options_take(command, &argc, &argv, &creation, &code))
		return code;
	code = check_usage(&creation, argc);
	if (code)
		return code;
	return creation.install ? create_installed(&creation, argv, argc) :
				  create(&creation, argv, argc);
}

static int run_sign(const struct command *command, int argc, char **argv)
{
	struct creation creation = { .output = "digsig.catalog" };
	int code;

	if (!options_take(command, &argc, &argv, &creation, &code))
		return code;
	creation.digests = argv[0];
	code = check_usage(&creation, 0);
	return code ? code : create(&creation, NULL, 0);
}

const struct command catalog_create_command = {
	.name = "create",
	.summary = "hash files, and sign the list",
	.usage = "--key KEY [OPTION...] PATH...",
	.about = "Hashes files, signs the list. By default ELF files, scripts that may be executed, and\n"
		 "kernel modules.\n",
	.options = create_options,
	.run = run_create,
	.most = ARGUMENTS_ANY,
	.offer = OFFER_FILES,
};

const struct command catalog_sign_command = {
	.name = "sign",
	.summary = "sign a list of digests that was made elsewhere",
	.usage = "--key KEY [OPTION...] LIST",
	.about = "Signs a list of digests that digsig catalog create --list, or sha256sum, made elsewhere; -\n"
		 "is the standard input.\n",
	.options = output_options,
	.run = run_sign,
	.arguments = "LIST",
	.most = 1,
	.offer = OFFER_FILES,
};
