// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../../lib/file/read_small.h"
#include "../../../lib/file/write_whole.h"
#include "../../../lib/text/text.h"
#include "../../fleet/signed_manifest.h"
#include "../cli.h"
#include "../signer_option.h"
#include "fleet_commands.h"
#include "fleet_print.h"

struct sign_settings {
	struct signer_options signer;
	const char *output;
	bool is_quiet;
};

static const struct command_option options[] = {
	{ OPTION_GROUP, OPTION_FIELD(struct sign_settings, signer), .group = signer_option_table },
	{ OPTION_VALUE, 'o', "output", "FILE", "the signed state (default: in place of the other)",
		OPTION_FIELD(struct sign_settings, output), .offer = OFFER_FILES },
	{ OPTION_FLAG, 'q', "quiet", NULL, "do not print what is signed", OPTION_FIELD(struct sign_settings, is_quiet) },
	{ 0 },
};

static int read_state(const char *path, struct fleet_manifest *manifest)
{
	char *bytes = malloc(FLEET_MANIFEST_MAX + 1);
	struct fleet_problem problem;
	size_t size;
	int err = bytes ? file_read_small(AT_FDCWD, path, bytes, FLEET_MANIFEST_MAX, &size) : -ENOMEM;

	if (err) {
		complain("%s: %s", path, strerror(-err));
		free(bytes);
		return EXIT_ERROR;
	}
	err = signed_manifest_look(bytes, size, manifest, &problem);
	free(bytes);
	if (!err)
		return EXIT_OK;
	complain("%s: %s", path, problem.text);
	return err == -EINVAL ? EXIT_UNSUPPORTED : EXIT_ERROR;
}

static int sign(const struct sign_settings *settings, const char *output, const struct fleet_manifest *manifest,
	const struct signer *signer)
{
	char *bytes;
	size_t size;
	int err = signed_manifest_make(manifest, signer, &bytes, &size);

	if (err) {
		complain("%s: not signed: %s", output,
			err == -EMSGSIZE ? "larger than 256 KiB" : err == -ENOMEM ? "out of memory" : signing_error_meaning(-err));
		return err == -EKEYREJECTED || err == -ECANCELED ? EXIT_BAD_PASSPHRASE : EXIT_ERROR;
	}
	err = file_write_whole(output, bytes, size);
	free(bytes);
	if (err) {
		complain("%s: cannot be written: %s", output, strerror(-err));
		return EXIT_ERROR;
	}
	if (!settings->is_quiet) {
		print_safely(stdout, output);
		puts(": signed");
		fleet_print_manifest(manifest);
	}
	return EXIT_OK;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct sign_settings settings = { 0 };
	struct fleet_manifest manifest = { 0 };
	struct signer *signer = NULL;
	int code;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	code = signer_option_check(&settings.signer);
	if (!code)
		code = read_state(argv[0], &manifest);
	if (!code)
		code = signer_option_load(&settings.signer, &signer);
	if (!code)
		code = sign(&settings, settings.output ? settings.output : argv[0], &manifest, signer);
	signer_free(signer);
	fleet_manifest_free(&manifest);
	return code;
}

const struct command fleet_sign_command = {
	.name = "sign",
	.summary = "sign a state that publish --prepare wrote, without a network",
	.usage = "--key KEY [OPTION...] FILE",
	.about = "Signs a state that digsig fleet publish --prepare wrote, where the fleet key is, and prints what\n"
		 "it says. A signature that it has already is replaced.\n",
	.options = options,
	.run = run,
	.arguments = "FILE",
	.most = 1,
	.offer = OFFER_FILES,
};
