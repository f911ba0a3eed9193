// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../../lib/text/text.h"
#include "../../catalog/build.h"
#include "../cli.h"
#include "fleet_commands.h"
#include "publication.h"

struct unblock_settings {
	struct publication publication;
	struct signer_options code; /* who signs the catalog */
};

#define FIELD(member) OPTION_FIELD(struct unblock_settings, member)

static const struct command_option options[] = {
	{ OPTION_VALUE, 0, "group", "GROUP", "for all hosts of a group", FIELD(publication.group) },
	{ OPTION_VALUE, 0, "host", "HOST", "for one host", FIELD(publication.host) },
	{ OPTION_VALUE, 0, "catalog-key", "KEY", "who signs the catalog: a key that hosts trust for files (default: the same)",
		FIELD(code.key), .offer = "*.key" },
	{ OPTION_VALUE, 0, "catalog-cert", "CERT", "its certificate (default: KEY with .crt in place of .key)",
		FIELD(code.certificate), .offer = "*.crt" },
	{ OPTION_VALUE, 0, "catalog-passphrase-file", "F", "its passphrase is the first line of F (default: ask)",
		FIELD(code.passphrase_file), .offer = OFFER_FILES },
	{ OPTION_GROUP, .group = publication_options, FIELD(publication) },
	{ 0 },
};

/* Lines as sha256sum(1) prints them. */
static int write_list(FILE *list, char **words, int count)
{
	for (int i = 0; i < count; i++) {
		char hex[2 * DIGSIG_DIGEST_SIZE + 1];
		__u8 digest[DIGSIG_DIGEST_SIZE];
		bool is_digest = parse_hex(words[i], digest, sizeof(digest));
		int code;

		if (is_digest)
			print_hex(hex, digest, sizeof(digest));
		code = is_digest ? EXIT_OK : fleet_file_digest(words[i], hex);
		if (code)
			return code;
		/* A catalog has no names with newlines. */
		fprintf(list, "%s  %s\n", hex, is_digest || strpbrk(words[i], "\n\\") ? "unblocked" : words[i]);
	}
	return EXIT_OK;
}

static int make_list(char **words, int count, char **text, size_t *size)
{
	FILE *list = open_memstream(text, size);
	int code = list ? write_list(list, words, count) : EXIT_ERROR;

	if (!list || fclose(list)) {
		complain("out of memory");
		return EXIT_ERROR;
	}
	return code;
}

static void complain_about_nothing(void *context, const char *path, int err)
{
	(void)context;
	complain("%s: %s", path, strerror(-err));
}

static int build(FILE *list, const struct catalog_statement *statement, __u8 **bytes, size_t *size)
{
	const struct catalog_work work = { .threads = 1 };
	struct catalog_builder *builder;
	unsigned long line;
	int err = catalog_builder_new(&builder, 0, complain_about_nothing, NULL);

	if (err)
		return err;
	err = catalog_builder_hash(builder, &work);
	if (!err)
		err = catalog_builder_add_digests(builder, list, &line);
	if (!err)
		err = catalog_builder_finish(builder, statement, bytes, size);
	catalog_builder_free(builder);
	return err;
}

static int make_catalog(const char *text, size_t size, const struct signer *signer, struct fleet_files *files)
{
	struct catalog_statement statement = { .signer = signer };
	__u8 *bytes = NULL;
	size_t bytes_size = 0;
	FILE *list;
	int err, code = signing_time_find(&statement.creation_time);

	if (code)
		return code;
	list = fmemopen((void *)text, size, "r");
	err = list ? build(list, &statement, &bytes, &bytes_size) : -ENOMEM;
	if (list)
		fclose(list);
	if (err) {
		complain("the catalog is not signed: %s",
			err == -ENOMEM || err == -EBADMSG ? strerror(-err) : signing_error_meaning(-err));
		return err == -EKEYREJECTED || err == -ECANCELED ? EXIT_BAD_PASSPHRASE : EXIT_ERROR;
	}
	code = fleet_files_take(files, FLEET_CATALOG, "what is unblocked", (char *)bytes, bytes_size);
	if (code)
		free(bytes);
	return code;
}

static int unblock(struct unblock_settings *settings, char **words, int count)
{
	struct publication *publication = &settings->publication;
	const struct signer_options *by = settings->code.key ? &settings->code : &publication->signer_options;
	struct signer *signer = NULL;
	char *text = NULL;
	size_t size = 0;
	int code = make_list(words, count, &text, &size);

	if (!code)
		code = signer_option_load(by, &signer);
	if (!code)
		code = make_catalog(text, size, signer, &publication->files);
	free(text);
	signer_free(signer);
	return code ? code : publication_run(publication);
}

static int run(const struct command *command, int argc, char **argv)
{
	struct unblock_settings settings = {
		.publication.change = FLEET_CHANGE_NONE,
		.code.passphrase_option = "--catalog-passphrase-file",
	};
	int code;

	if (options_take(command, &argc, &argv, &settings, &code)) {
		code = publication_check(&settings.publication, true);
		if (!code && !settings.code.key && (settings.code.certificate || settings.code.passphrase_file))
			code = usage_error("--catalog-cert and --catalog-passphrase-file are for --catalog-key");
		if (!code)
			code = unblock(&settings, argv, argc);
	}
	publication_free(&settings.publication);
	return code;
}

const struct command fleet_unblock_command = {
	.name = "unblock",
	.summary = "let files run on a host or in a group, in one step",
	.usage = "--group GROUP|--host HOST --key KEY [--catalog-key KEY] [OPTION...] FILE|DIGEST...",
	.about = "Signs a catalog of files, or of their SHA-256, adds it to the state of a host or a group, and\n"
		 "publishes that. Hosts must trust the key that signs the catalog.\n",
	.options = options,
	.notes = FLEET_OPTION_NOTES,
	.run = run,
	.arguments = "FILE",
	.most = ARGUMENTS_ANY,
	.offer = OFFER_FILES,
};
