// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "../file/sign.h"
#include "../format/check.h"
#include "../format/inspect.h"
#include "../../lib/text/text.h"
#include "../trust/outside.h"
#include "cli.h"
#include "interrupt.h"
#include "progress.h"
#include "rewrite.h"
#include "signer_option.h"
#include "trust_option.h"

static const char help[] =
	"usage: digsig attach [OPTION...] FILE SIGNATURE\n"
	"Puts a signature that was made elsewhere, over what digsig prepare wrote, into the file. It\n"
	"is checked first: against the certificate, and against the file as it is now.\n\n"
	"SIGNATURE is a detached CMS in DER or PEM form, without signed attributes (openssl cms -sign\n"
	"-binary -noattr); or, with --cert, a raw signature with SHA-256: RSA with PKCS#1 v1.5\n"
	"padding, or ECDSA.\n\n"
	"  --manifest F   what was signed (default: FILE.manifest)\n"
	"  --cert CERT    the signer's certificate (default: the one in the CMS)\n"
	"  --break-links  sign also what has other hard links, which keep the old file\n"
	"  -q, --quiet    print only errors\n"
	"  -h, --help     show this\n";

enum { OPTION_MANIFEST = 256, OPTION_CERT, OPTION_BREAK_LINKS };

static const struct option options[] = {
	{ "manifest", required_argument, NULL, OPTION_MANIFEST },
	{ "cert", required_argument, NULL, OPTION_CERT },
	{ "break-links", no_argument, NULL, OPTION_BREAK_LINKS },
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

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
	struct outside_signature outside = {
		.bytes = bytes, .manifest = (const __u8 *)&made->manifest };
	enum outside_problem problem;
	struct signer *given = NULL;
	int err, code = read_small_file(path, bytes, sizeof(bytes), &outside.size);

	if (!code && certificate)
		code = certificate_option_load(&given, certificate);
	if (code)
		return code;
	outside.certificate = given ? given->certificate : NULL;
	err = outside_signature_take(&outside, made->cms, &made->cms_size, signer, &problem);
	signer_free(given);
	if (!err)
		return EXIT_OK;
	complain("%s: %s", path, outside_problem_meaning(problem));
	return problem == OUTSIDE_PROBLEM_SIGNATURE || problem == OUTSIDE_PROBLEM_OTHER_KEY
		? EXIT_BAD_SIGNATURE
		: EXIT_ERROR;
}

static int attach(const char *path, const char *manifest, const char *certificate,
	const char *signature, struct sign_options *sign_options)
{
	struct made_signature made = { 0 };
	struct signer *signer = NULL;
	struct file_problem problem;
	char beside[PATH_MAX];
	int code;

	if (!manifest) {
		if (snprintf(beside, sizeof(beside), "%s.manifest", path) >= (int)sizeof(beside))
			return usage_error("attach", "the path is too long: use --manifest");
		manifest = beside;
	}
	code = read_manifest(manifest, &made.manifest);
	if (!code)
		code = take_signature(signature, certificate, &made, &signer);
	if (code)
		return code;
	sign_options->signer = signer;
	progress_begin(path, PROGRESS_BYTES);
	if (file_attach(path, sign_options, &made, &problem)) {
		progress_end();
		code = complain_rewrite(path, &problem);
	} else {
		progress_end();
	}
	signer_free(signer);
	return code;
}

int cmd_attach(int argc, char **argv)
{
	struct sign_options sign_options = {
		.is_cancelled = &interrupted, .progress = &progress_of_file };
	const char *manifest = NULL, *certificate = NULL;
	bool quiet = false;
	int option, code;

	while ((option = getopt_long(argc, argv, "qh", options, NULL)) != -1) {
		switch (option) {
		case OPTION_MANIFEST:
			manifest = optarg;
			break;
		case OPTION_CERT:
			certificate = optarg;
			break;
		case OPTION_BREAK_LINKS:
			sign_options.replacement.break_links = true;
			break;
		case 'q':
			quiet = true;
			break;
		case 'h':
			fputs(help, stdout);
			return EXIT_OK;
		default:
			return EXIT_USAGE;
		}
	}
	if (argc - optind != 2)
		return usage_error("attach", "expected a file and a signature");
	interrupt_catch();
	progress_allow(!quiet);
	code = attach(argv[optind], manifest, certificate, argv[optind + 1], &sign_options);
	if (!code && !quiet) {
		print_safely(stdout, argv[optind]);
		puts(": signed");
	}
	interrupt_obey();
	return code;
}
