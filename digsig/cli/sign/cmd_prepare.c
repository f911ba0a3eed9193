// SPDX-License-Identifier: GPL-2.0-or-later
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include "../../file/sign.h"
#include "../../../lib/command/interrupt.h"
#include "../../../lib/file/write_whole.h"
#include "../../../lib/text/text.h"
#include "../cli.h"
#include "../file_progress.h"
#include "../rewrite.h"
#include "../signer_option.h"

struct prepare_settings {
	struct sign_options sign;
	const char *certificate, *output;
	bool is_quiet;
};

static int prepare(const struct prepare_settings *settings, const char *path)
{
	const char *output = settings->output;
	struct digsig_manifest manifest;
	struct file_problem problem;
	char beside[PATH_MAX];
	int err;

	if (!output) {
		if (snprintf(beside, sizeof(beside), "%s.manifest", path) >= (int)sizeof(beside))
			return usage_error("the path is too long: use --output");
		output = beside;
	}
	progress_begin(path, PROGRESS_BYTES);
	err = file_prepare(path, &settings->sign, &manifest, &problem);
	progress_end();
	if (err)
		return complain_rewrite(path, &problem);
	err = file_write_whole(output, &manifest, sizeof(manifest));
	if (err) {
		complain("%s: cannot be written: %s", output, strerror(-err));
		return EXIT_ERROR;
	}
	if (!settings->is_quiet) {
		print_safely(stdout, path);
		fputs(": prepared: sign ", stdout);
		print_safely(stdout, output);
		putchar('\n');
	}
	return EXIT_OK;
}

static const struct command_option options[] = {
	{ OPTION_VALUE, 0, "cert", "CERT", "the certificate of the key that will sign",
		OPTION_FIELD(struct prepare_settings, certificate), .offer = "*.crt" },
	{ OPTION_VALUE, 'o', "output", "F", "where the manifest goes (default: FILE.manifest)",
		OPTION_FIELD(struct prepare_settings, output), .offer = OFFER_FILES },
	{ OPTION_CALL, 0, "identity", "ID", "what the file is, as in org.example.tool; at most 64 bytes",
		OPTION_FIELD(struct prepare_settings, sign.identity), .take = identity_option_take },
	{ OPTION_NUMBER, 0, "epoch", "N",
		"counts up with the builds of one identity, against rollback",
		OPTION_FIELD(struct prepare_settings, sign.epoch) },
	{ OPTION_FLAG, 0, "wx", NULL, "it may map memory writable and executable (JIT compilers)",
		OPTION_FIELD(struct prepare_settings, sign.may_map_wx) },
	{ OPTION_FLAG, 0, "allow-trailing-data", NULL,
		"sign also what has data behind the ELF file's own parts",
		OPTION_FIELD(struct prepare_settings, sign.allow_trailing_data) },
	{ OPTION_UNSET, 0, "allow-outside-links", NULL,
		"follow also a symbolic link that leads out of its folder",
		OPTION_FIELD(struct prepare_settings, sign.replacement.inside_links_only) },
	{ OPTION_FLAG, 0, "force", NULL, "also for a file that was changed after it was signed",
		OPTION_FIELD(struct prepare_settings, sign.allow_changed) },
	{ OPTION_FLAG, 'q', "quiet", NULL, "print only errors",
		OPTION_FIELD(struct prepare_settings, is_quiet) },
	{ 0 },
};

static int run(const struct command *command, int argc, char **argv)
{
	struct prepare_settings settings = { .sign = { .replacement.inside_links_only = true,
						     .is_cancelled = &interrupted,
						     .progress = &progress_of_file } };
	struct signer *signer = NULL;
	int code;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	if (!settings.certificate)
		return usage_error("--cert is missing");
	code = signing_time_find(&settings.sign.signing_time);
	if (!code)
		code = certificate_option_load(&signer, settings.certificate);
	if (code)
		return code;
	settings.sign.signer = signer;
	interrupt_catch();
	progress_allow(!settings.is_quiet);
	code = prepare(&settings, argv[0]);
	signer_free(signer);
	interrupt_obey();
	return code;
}

const struct command prepare_command = {
	.name = "prepare",
	.summary = "write what a key elsewhere has to sign",
	.usage = "--cert CERT [OPTION...] FILE",
	.about = "Writes the 256 bytes that have to be signed, for a key that is not on this machine; the file\n"
		 "stays as it is. digsig attach then puts the signature into it:\n"
		 "  digsig prepare --cert build.crt tool\n"
		 "  openssl cms -sign -binary -noattr -md sha256 -outform DER -signer build.crt \\\n"
		 "    -inkey build.key -in tool.manifest -out tool.cms\n"
		 "  digsig attach tool tool.cms\n",
	.options = options,
	.notes = "SOURCE_DATE_EPOCH in the environment sets the signing time.\n",
	.run = run,
	.arguments = "FILE",
	.most = 1,
	.offer = OFFER_FILES,
};
