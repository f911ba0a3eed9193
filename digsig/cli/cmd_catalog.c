// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "../../lib/text/text.h"
#include "catalog_commands.h"
#include "catalog_option.h"
#include "cli.h"
#include "engine_words.h"
#include "trust_option.h"

static const char help[] =
	"usage: digsig catalog create --key KEY [OPTION...] PATH...\n"
	"       digsig catalog sign --key KEY [OPTION...] LIST\n"
	"       digsig catalog verify --trust CERT|DIR [-q] FILE|DIR...\n"
	"       digsig catalog show [--trust CERT|DIR] [--json] [--names] FILE...\n"
	"       digsig catalog load [-q] FILE|DIR...\n"
	"       digsig catalog unload [-q] [--force] FILE|DIR...\n"
	"       digsig catalog diff A B\n"
	"A catalog is a signed list of SHA-256 digests of whole files, for what cannot carry a\n"
	"signature block: scripts, kernel modules, firmware, files that must stay as they are. A\n"
	"folder means the *.catalog in it.\n\n"
	"create: hashes files, signs the list. By default ELF files, scripts that may be executed,\n"
	"and kernel modules.\n"
	"  --key KEY              the private key, PEM; or pkcs11:URI, in a token\n"
	"  --cert CERT            its certificate (default: KEY with .crt in place of .key; the\n"
	"                         one on the token)\n"
	"  --gpg USER             sign by gpg-agent, with the user's key that --cert is of\n"
	"  --passphrase-file F    the key's passphrase is the first line of F (default: ask)\n"
	"  -o, --output FILE      the catalog (digsig.catalog)\n"
	"  --from-dpkg            the files of all installed packages, as they are on the disk\n"
	"  --firmware             also what lies below lib/firmware\n"
	"  --all                  every regular file\n"
	"  --identity ID          what the catalog is of, as in org.example.host; at most 64 bytes\n"
	"  --epoch N              counts up with the catalogs of one identity, against rollback\n"
	"  --digests FILE         also the digests in FILE (-: standard input), \"DIGEST  NAME\" a line\n"
	"  --list                 instead of signing, print such lines\n"
	"  --install NAME         sign with the key that digsig.conf names, put it into the folder of\n"
	"                         catalogs as NAME.catalog, and load it, if the engine runs\n"
	"  --config FILE          read FILE instead of /etc/digsig/digsig.conf\n"
	"  -q, --quiet            print only errors and warnings\n"
	"sign: signs a list of digests that create --list, or sha256sum, made elsewhere; - is the\n"
	"standard input. It takes create's options for the signature and the output.\n"
	"verify, show:\n"
	"  --trust CERT|DIR       certificates whose keys are trusted; may be given several times\n"
	"  --names                list the digests and the names\n"
	"  --json                 print a JSON array with one object a catalog\n"
	"load: hands catalogs to the running engine, which checks them.\n"
	"unload: takes out of the engine again what catalogs brought, but what a catalog that was\n"
	"loaded later, or a signature block, vouches for as well. Works when locked.\n"
	"  --force                also if digsig itself could then not run any more\n"
	"diff: lists what is only in A (-), only in B (+), and what changed (!).\n\n"
	"  -h, --help             show this\n";

int catalog_help(void)
{
	fputs(help, stdout);
	return EXIT_OK;
}

static int verify_one(const char *path, const struct trust_store *store, bool quiet)
{
	enum digsig_verdict verdict;
	struct catalog catalog;
	int code = catalog_read_or_complain(path, &catalog);

	if (code)
		return code;
	verdict = catalog_verify(&catalog, store, NULL);
	if (verdict != DIGSIG_VERDICT_OK) {
		code = complain_catalog_verdict(path, verdict);
	} else if (!quiet) {
		print_safely(stdout, path);
		printf(": ok, %" PRIu64 " digests\n", (uint64_t)catalog.count);
	}
	catalog_free(&catalog);
	return code;
}

static int verify_command(int argc, char **argv)
{
	static const struct option options[] = {
		{ "trust", required_argument, NULL, 't' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct trust_store *store = NULL;
	struct catalog_list list = { 0 };
	int option, code = EXIT_OK;
	bool quiet = false;

	while (!code && (option = getopt_long(argc, argv, "qh", options, NULL)) != -1) {
		switch (option) {
		case 't':
			code = trust_option_add(&store, optarg);
			break;
		case 'q':
			quiet = true;
			break;
		case 'h':
			code = catalog_help();
			goto out;
		default:
			code = EXIT_USAGE;
		}
	}
	if (!code && !store)
		code = usage_error("catalog", "verify: no --trust");
	else if (!code && optind == argc)
		code = usage_error("catalog", "verify: no file");
	if (!code)
		code = trust_option_settle(store, CONFIG_EXPIRY_WARN, quiet);
	if (!code)
		code = catalog_list_add_all(&list, argv + optind, argc - optind);
	for (int i = 0; i < list.count; i++) {
		int failed = verify_one(list.paths[i], store, quiet);

		code = code ? code : failed;
	}
out:
	catalog_list_free(&list);
	trust_store_free(store);
	return code;
}

static int load_all(const struct catalog_list *list, bool quiet)
{
	struct catalog_load load;
	struct engine engine;
	int code = open_engine_or_complain(&engine);

	if (code)
		return code;
	code = catalog_list_load(list, &engine, &load);
	engine_close(&engine);
	if (!quiet)
		printf("%" PRIu64 " digests, %" PRIu64 " of them new\n", (uint64_t)load.digests,
			(uint64_t)load.changed);
	return code;
}

static int load_command(int argc, char **argv)
{
	static const struct option options[] = {
		{ "quiet", no_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct catalog_list list = { 0 };
	bool quiet = false;
	int option, code;

	while ((option = getopt_long(argc, argv, "qh", options, NULL)) != -1) {
		switch (option) {
		case 'q':
			quiet = true;
			break;
		case 'h':
			return catalog_help();
		default:
			return EXIT_USAGE;
		}
	}
	if (optind == argc)
		return usage_error("catalog", "load: no file");
	code = catalog_list_add_all(&list, argv + optind, argc - optind);
	if (!code)
		code = load_all(&list, quiet);
	catalog_list_free(&list);
	return code;
}

int cmd_catalog(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(int argc, char **argv);
	} commands[] = {
		{ "create", catalog_create_command },
		{ "sign", catalog_sign_command },
		{ "verify", verify_command },
		{ "show", catalog_show_command },
		{ "load", load_command },
		{ "unload", catalog_unload_command },
		{ "diff", catalog_diff_command },
	};

	if (argc < 2)
		return usage_error("catalog", "create, verify, show, load, unload or diff?");
	if (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help"))
		return catalog_help();
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	return usage_error("catalog", "%s: there is create, verify, show, load, unload and diff", argv[1]);
}
