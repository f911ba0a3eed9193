// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <json-c/json.h>
#include "../catalog/detached.h"
#include "../file/verify.h"
#include "catalog_commands.h"
#include "cli.h"
#include "show.h"
#include "trust_option.h"
#include "verify_legacy.h"

static const char help[] =
	"usage: digsig show [OPTION...] FILE...\n"
	"Explains what a file's signature block says and, if it is bad, why. The bytes are always\n"
	"checked against the manifest; whose signature it is only with --trust. A detached\n"
	"signature, FILE" DETACHED_SUFFIX ", is explained as the catalog of one file that it is.\n\n"
	"  --trust CERT|DIR  certificates whose keys are trusted; may be given several times\n"
	"  --json            print a JSON array with one object a file\n"
	"  --no-color        no colour\n"
	"  -h, --help        show this\n";

enum { OPTION_TRUST = 256, OPTION_JSON, OPTION_NO_COLOR };

static const struct option options[] = {
	{ "trust", required_argument, NULL, OPTION_TRUST },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "no-color", no_argument, NULL, OPTION_NO_COLOR },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static int judgement_exit_code(enum digsig_verdict verdict)
{
	/* Without trust there is no better verdict than none. */
	return verdict == DIGSIG_VERDICT_NONE ? EXIT_OK : verdict_exit_code(verdict);
}

static bool is_detached_signature(int fd)
{
	enum digsig_catalog_defect defect;
	struct catalog catalog;
	int err = detached_read(fd, &catalog, &defect);

	if (!err)
		catalog_free(&catalog);
	return !err || err == -EBADMSG;
}

static int show_file(const char *path, const struct trust_store *store, struct json_object *list,
	bool has_colour)
{
	struct json_object *object = NULL;
	struct file_judgement judgement;
	int code, err, fd = open_to_judge(path, &code);

	if (fd < 0)
		return code;
	if (is_detached_signature(fd)) {
		close(fd);
		return catalog_show_one(path, store, list, true);
	}
	err = file_judge(fd, store, FILE_JUDGE_ALWAYS_HASH, &judgement);
	if (err) {
		close(fd);
		complain("%s: cannot be read: %s", path, strerror(-err));
		return EXIT_ERROR;
	}
	if (list) {
		object = show_json(path, &judgement);
		json_object_array_add(list, object);
	} else {
		show_text(path, &judgement, has_colour);
	}
	if (judgement.verdict == DIGSIG_VERDICT_UNSIGNED)
		show_legacy(fd, object);
	close(fd);
	return judgement_exit_code(judgement.verdict);
}

int cmd_show(int argc, char **argv)
{
	bool wants_json = false, no_color = false;
	struct json_object *list = NULL;
	struct trust_store *store = NULL;
	int option, code = EXIT_OK;

	while (!code && (option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (option) {
		case OPTION_TRUST:
			code = trust_option_add(&store, optarg);
			break;
		case OPTION_JSON:
			wants_json = true;
			break;
		case OPTION_NO_COLOR:
			no_color = true;
			break;
		case 'h':
			fputs(help, stdout);
			goto out;
		default:
			code = EXIT_USAGE;
		}
	}
	if (!code && optind == argc)
		code = usage_error("show", "no file");
	if (code)
		goto out;
	code = trust_option_settle(store, CONFIG_EXPIRY_WARN, false);
	if (code)
		goto out;
	if (wants_json)
		list = json_object_new_array();
	for (int i = optind; i < argc; i++) {
		int failed = show_file(argv[i], store, list, colour_wanted(no_color));

		code = code ? code : failed;
	}
	if (list)
		puts(json_object_to_json_string_ext(
			list, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(list);
out:
	trust_store_free(store);
	return code;
}
