// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../catalog/build.h"
#include "../file/sign.h"
#include "../../lib/file/write_whole.h"
#include "../format/inspect.h"
#include "../../lib/text/text.h"
#include "catalog_commands.h"
#include "catalog_install.h"
#include "cli.h"
#include "interrupt.h"
#include "progress.h"
#include "signer_option.h"

enum { OPTION_KEY = 256, OPTION_GPG, OPTION_CERT, OPTION_PASSPHRASE_FILE, OPTION_FROM_DPKG, OPTION_FIRMWARE,
	OPTION_ALL, OPTION_IDENTITY, OPTION_EPOCH, OPTION_LIST, OPTION_DIGESTS, OPTION_INSTALL,
	OPTION_CONFIG };

static const struct option options[] = {
	{ "key", required_argument, NULL, OPTION_KEY },
	{ "gpg", required_argument, NULL, OPTION_GPG },
	{ "cert", required_argument, NULL, OPTION_CERT },
	{ "passphrase-file", required_argument, NULL, OPTION_PASSPHRASE_FILE },
	{ "output", required_argument, NULL, 'o' },
	{ "from-dpkg", no_argument, NULL, OPTION_FROM_DPKG },
	{ "firmware", no_argument, NULL, OPTION_FIRMWARE },
	{ "all", no_argument, NULL, OPTION_ALL },
	{ "identity", required_argument, NULL, OPTION_IDENTITY },
	{ "epoch", required_argument, NULL, OPTION_EPOCH },
	{ "list", no_argument, NULL, OPTION_LIST },
	{ "digests", required_argument, NULL, OPTION_DIGESTS },
	{ "install", required_argument, NULL, OPTION_INSTALL },
	{ "config", required_argument, NULL, OPTION_CONFIG },
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

/* What the command line asks for. */
struct creation {
	struct signer_options signer;
	const char *output;
	const char *digests; /* a list of them, "-": the standard input */
	const char *install, *config;
	unsigned int selection;
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

	if (creation->from_dpkg) {
		err = catalog_builder_add_dpkg(builder, directory);
		if (err)
			complain("%s: dpkg's list of files cannot be read: %s", directory,
				strerror(-err));
	}
	for (int i = 0; i < count && !err; i++) {
		err = catalog_builder_add(builder, paths[i]);
		if (err)
			complain("%s: %s", paths[i], strerror(-err));
	}
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

/* catalog_file_visitor: a name that could not stand in a line is escaped. */
static int print_digest(void *context, const char *path, const __u8 *digest)
{
	char hex[2 * DIGSIG_DIGEST_SIZE + 1];

	(void)context;
	print_hex(hex, digest, DIGSIG_DIGEST_SIZE);
	printf("%s  ", hex);
	print_safely(stdout, path);
	putchar('\n');
	return 0;
}

static int print_list(const struct catalog_builder *builder)
{
	int err = catalog_builder_visit(builder, print_digest, NULL);

	if (!err && (fflush(stdout) || ferror(stdout)))
		err = -EIO;
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

static int create(struct creation *creation, char **paths, int count)
{
	struct catalog_builder *builder = NULL;
	struct signer *signer = NULL;
	int code = signing_time_find(&creation->statement.creation_time);

	if (!code && !creation->lists)
		code = signer_option_load("catalog", &creation->signer, &signer);
	if (code)
		return code;
	creation->statement.signer = signer;
	interrupt_catch();
	progress_allow(!creation->quiet);
	if (catalog_builder_new(&builder, creation->selection, complain_about_path, NULL)) {
		complain("%s", strerror(ENOMEM));
		code = EXIT_ERROR;
	} else {
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
		return usage_error("catalog", "create: --list signs nothing: no --key, --gpg, "
					      "--install, --digests");
	if (creation->install && has_signer)
		return usage_error("catalog", "create: --install takes the key from digsig.conf");
	if (creation->config && !creation->install)
		return usage_error("catalog", "create: --config is for --install");
	code = creation->lists || creation->install
		? EXIT_OK
		: signer_option_check("catalog", &creation->signer);
	if (code)
		return code;
	if (!count && !creation->from_dpkg && !creation->digests)
		return usage_error("catalog", "create: name files or folders, or --from-dpkg");
	return EXIT_OK;
}

/* -1: only help is wanted; else an exit code. */
static int parse(struct creation *creation, int argc, char **argv)
{
	int option;

	while ((option = getopt_long(argc, argv, "o:qh", options, NULL)) != -1) {
		switch (option) {
		case OPTION_KEY:
			creation->signer.key = optarg;
			break;
		case OPTION_GPG:
			creation->signer.user = optarg;
			break;
		case OPTION_CERT:
			creation->signer.certificate = optarg;
			break;
		case OPTION_PASSPHRASE_FILE:
			creation->signer.passphrase_file = optarg;
			break;
		case 'o':
			creation->output = optarg;
			break;
		case OPTION_FROM_DPKG:
			creation->from_dpkg = true;
			break;
		case OPTION_FIRMWARE:
			creation->selection |= CATALOG_FIRMWARE;
			break;
		case OPTION_ALL:
			creation->selection |= CATALOG_EVERYTHING;
			break;
		case OPTION_IDENTITY:
			if (!identity_is_valid(optarg))
				return usage_error("catalog", "--identity: not 1 to 64 bytes of UTF-8 "
							      "without control characters");
			creation->statement.identity = optarg;
			break;
		case OPTION_EPOCH:
			if (parse_decimal(optarg, &creation->statement.epoch))
				return usage_error("catalog", "%s: not an epoch, a number", optarg);
			break;
		case OPTION_LIST:
			creation->lists = true;
			break;
		case OPTION_DIGESTS:
			creation->digests = optarg;
			break;
		case OPTION_INSTALL:
			creation->install = optarg;
			break;
		case OPTION_CONFIG:
			creation->config = optarg;
			break;
		case 'q':
			creation->quiet = true;
			break;
		case 'h':
			return -1;
		default:
			return EXIT_USAGE;
		}
	}
	return EXIT_OK;
}

int catalog_create_command(int argc, char **argv)
{
	struct creation creation = { .output = "digsig.catalog" };
	int code = parse(&creation, argc, argv);

	if (code < 0)
		return catalog_help();
	if (!code)
		code = check_usage(&creation, argc - optind);
	if (code)
		return code;
	if (creation.install)
		return create_installed(&creation, argv + optind, argc - optind);
	return create(&creation, argv + optind, argc - optind);
}

int catalog_sign_command(int argc, char **argv)
{
	struct creation creation = { .output = "digsig.catalog" };
	int code = parse(&creation, argc, argv);

	if (code < 0)
		return catalog_help();
	if (code)
		return code;
	if (creation.from_dpkg || creation.selection || creation.lists || creation.digests ||
		creation.install)
		return usage_error("catalog", "sign: only what is in LIST is signed: no --from-dpkg, "
					      "--firmware, --all, --list, --digests, --install");
	if (argc - optind != 1)
		return usage_error("catalog", "sign: name one list of digests, or - for standard input");
	creation.digests = argv[optind];
	code = check_usage(&creation, 0);
	return code ? code : create(&creation, NULL, 0);
}
