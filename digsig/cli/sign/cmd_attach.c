// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "../../../lib/command/interrupt.h"
#include "../../file/sign.h"
#include "../../format/check.h"
#include "../../format/inspect.h"
#include "../../trust/foreign_signature.h"
#include "../cli.h"
#include "../file_progress.h"
#include "../rewrite.h"
#include "../signer_option.h"
#include "../trust_option.h"

/* What goes into a block, with a chain of certificates around it. */
#define SIGNATURE_FILE_MAX (256 << 10)

static int read_small_file(const char *path, __u8 *bytes, size_t room, size_t *size)
{
	int code, fd = open_to_judge(path, &code);
	FILE *file;

	if (fd < 0)
		return code;
	file = fdopen(fd, "r");
	*size = file ? fread(bytes, 1, room, file) : 0;
	if (!file || ferror(file)) {
		complain("%s: cannot be read: %s", path, strerror(errno));
		code = EXIT_ERROR;
	} else {
		code = EXIT_OK;
	}
	if (file)
		fclose(file);
	else
		close(fd);
	return code;
}

static int read_manifest(const char *path, struct digsig_manifest *manifest)
{
	__u8 bytes[DIGSIG_MANIFEST_SIZE + 1];
	enum digsig_defect defect;
	__u32 block_size;
	size_t size;
	int code = read_small_file(path, bytes, sizeof(bytes), &size);

	if (code)
		return code;
	if (size != DIGSIG_MANIFEST_SIZE) {
		complain("%s: not a manifest, which has 256 bytes: make it with digsig prepare",
			path);
		return EXIT_UNSUPPORTED;
	}
	memcpy(manifest, bytes, sizeof(*manifest));
	block_size = digsig_le32(manifest->block_size);
	defect = digsig_check_manifest(
		manifest, block_size, digsig_le64(manifest->content_size) + block_size);
	if (!defect)
		return EXIT_OK;
	complain("%s: not a manifest: %s: make it with digsig prepare", path,
		digsig_defect_meaning(defect));
	return EXIT_UNSUPPORTED;
}

/* Checks the signature against the manifest. */
static int take_signature(const char *path, const char *certificate, struct made_signature *made,
	struct signer **signer)
{
	static __u8 bytes[SIGNATURE_FILE_MAX];
	struct foreign_signature foreign = {
		.bytes = bytes, .manifest = (const __u8 *)&made->manifest };
	enum foreign_signature_problem problem;
	struct signer *given = NULL;
	int err, code = read_small_file(path, bytes, sizeof(bytes), &foreign.size);

	if (!code && certificate)
		code = certificate_option_load(&given, certificate);
	if (code)
		return code;
	foreign.certificate = given ? given->certificate : NULL;
	err = foreign_signature_take(&foreign, made->cms, &made->cms_size, signer, &problem);
	signer_free(given);
	if (!err)
		return EXIT_OK;
	complain("%s: %s", path, foreign_signature_meaning(problem));
	return problem == FOREIGN_SIGNATURE_WRONG || problem == FOREIGN_SIGNATURE_OTHER_KEY
		? EXIT_BAD_SIGNATURE
		: EXIT_ERROR;
}

struct attach_settings {
	struct sign_options sign;
	const char *manifest, *certificate;
	bool is_quiet;
};

static int attach(struct attach_settings *settings, const char *path, const char *signature)
{
	const char *manifest = settings->manifest;
	struct made_signature made = { 0 };
	struct signer *signer = NULL;
	struct file_problem problem;
	char beside[PATH_MAX];
	int code;

	if (!manifest) {
		if (snprintf(beside, sizeof(beside), "%s.manifest", path) >= (int)sizeof(beside))
			return usage_error("the path is too long: use --manifest");
		manifest = beside;
	}
	code = read_manifest(manifest, &made.manifest);
	if (!code)
		code = take_signature(signature, settings->certificate, &made, &signer);
	if (code)
		return code;
	settings->sign.signer = signer;
	progress_begin(path, PROGRESS_BYTES);
	if (file_attach(path, &settings->sign, &made, &problem)) {
		progress_end();
		code = complain_rewrite(path, &problem);
	} else {
		progress_end();
	}
	signer_free(signer);
	return code;
}

static const struct command_option options[] = {
	{ OPTION_VALUE, 0, "manifest", "F", "what was signed (default: FILE.manifest)",
		OPTION_FIELD(struct attach_settings, manifest), .offer = OFFER_FILES },
	{ OPTION_VALUE, 0, "cert", "CERT", "the signer's certificate (default: the one in the CMS)",
		OPTION_FIELD(struct attach_settings, certificate), .offer = "*.crt" },
	{ OPTION_FLAG, 0, "break-links", NULL,
		"sign also what has other hard links, which keep the old file",
		OPTION_FIELD(struct attach_settings, sign.replacement.break_links) },
	{ OPTION_UNSET, 0, "allow-outside-links", NULL,
		"follow also a symbolic link that leads out of its folder",
		OPTION_FIELD(struct attach_settings, sign.replacement.inside_links_only) },
	{ OPTION_FLAG, 'q', "quiet", NULL, "print only errors",
		OPTION_FIELD(struct attach_settings, is_quiet) },
	{ 0 },
};

static int run(const struct command *command, int argc, char **argv)
{
	struct attach_settings settings = { .sign = { .replacement.inside_links_only = true,
						    .is_cancelled = &interrupted,
						    .progress = &progress_of_file } };
	int code;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	interrupt_catch();
	progress_allow(!settings.is_quiet);
	code = attach(&settings, argv[0], argv[1]);
	if (!code && !settings.is_quiet)
		print_rewritten(argv[0], true, "signed");
	interrupt_obey();
	return code;
}

const struct command attach_command = {
	.name = "attach",
	.summary = "put a signature that was made elsewhere into its file",
	.usage = "[OPTION...] FILE SIGNATURE",
	.about = "Puts a signature that was made elsewhere, over what digsig prepare wrote, into the file. It\n"
		 "is checked first: against the certificate, and against the file as it is now.\n\n"
		 "SIGNATURE is a detached CMS in DER or PEM form, without signed attributes (openssl cms -sign\n"
		 "-binary -noattr); or, with --cert, a raw signature with SHA-256: RSA with PKCS#1 v1.5\n"
		 "padding, or ECDSA.\n",
	.options = options,
	.run = run,
	.arguments = "FILE SIGNATURE",
	.most = 2,
	.offer = OFFER_FILES,
};
