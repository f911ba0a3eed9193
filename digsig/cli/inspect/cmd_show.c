// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <json-c/json.h>
#include "../../catalog/detached.h"
#include "../../file/verify.h"
#include "../../../lib/text/json.h"
#include "../catalog/catalog_commands.h"
#include "../cli.h"
#include "show.h"
#include "../trust_option.h"
#include "verify_legacy.h"

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

struct show_settings {
	struct trust_store *trust;
	bool json, no_colour;
};

static const struct command_option options[] = {
	{ OPTION_CALL, 0, "trust", "CERT|DIR", "certificates whose keys are trusted; may be repeated",
		OPTION_FIELD(struct show_settings, trust), .take = trust_option_take,
		.offer = OFFER_FILES },
	{ OPTION_FLAG, 0, "json", NULL, "print a JSON array with one object a file",
		OPTION_FIELD(struct show_settings, json) },
	{ OPTION_FLAG, 0, "no-color", NULL, "no colour (also: NO_COLOR)",
		OPTION_FIELD(struct show_settings, no_colour) },
	{ 0 },
};

static int show_files(const struct show_settings *settings, char **paths, int count)
{
	struct json_object *list = settings->json ? json_object_new_array() : NULL;
	int code = EXIT_OK;

	for (int i = 0; i < count; i++) {
		int failed = show_file(
			paths[i], settings->trust, list, colour_wanted(settings->no_colour));

		code = code ? code : failed;
	}
	json_put_pretty(list);
	return code;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct show_settings settings = { 0 };
	int code;

	if (options_take(command, &argc, &argv, &settings, &code)) {
		code = trust_option_settle(settings.trust, CONFIG_EXPIRY_WARN, false);
		if (!code)
			code = show_files(&settings, argv, argc);
	}
	trust_store_free(settings.trust);
	return code;
}

const struct command show_command = {
	.name = "show",
	.summary = "explain what a signature block says",
	.usage = "[OPTION...] FILE...",
	.about = "Explains what a file's signature block says and, if it is bad, why. The bytes are always\n"
		 "checked against the manifest; whose signature it is only with --trust. A detached\n"
		 "signature, FILE" DETACHED_SUFFIX ", is explained as the catalog of one file that it is.\n",
	.options = options,
	.run = run,
	.arguments = "FILE",
	.most = ARGUMENTS_ANY,
	.offer = OFFER_FILES,
};
