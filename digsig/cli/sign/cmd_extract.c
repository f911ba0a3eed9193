// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "../../file/block_io.h"
#include "../../../lib/file/write_whole.h"
#include "../cli.h"
#include "../trust_option.h"

static int extract_part(const char *path, const __u8 *bytes, size_t size)
{
	int err = path ? file_write_whole(path, bytes, size) : 0;

	if (!err)
		return EXIT_OK;
	complain("%s: cannot be written: %s", path, strerror(-err));
	return EXIT_ERROR;
}

static int extract(const char *path, const char *manifest, const char *cms)
{
	struct signature_block block;
	const __u8 *bytes;
	size_t size;
	int code, err, fd = open_to_judge(path, &code);

	if (fd < 0)
		return code;
	err = signature_block_read(fd, &block);
	close(fd);
	if (err) {
		complain("%s: cannot be read: %s", path, strerror(-err));
		return EXIT_ERROR;
	}
	if (block.defect) {
		complain("%s: %s", path, digsig_defect_meaning(block.defect));
		return block.defect == DIGSIG_DEFECT_NO_FOOTER ? EXIT_UNSIGNED : EXIT_UNSUPPORTED;
	}
	code = extract_part(manifest, block.bytes, DIGSIG_MANIFEST_SIZE);
	bytes = signature_block_cms(&block, &size);
	return code ? code : extract_part(cms, bytes, size);
}

struct extract_settings {
	const char *manifest, *cms;
};

static const struct command_option options[] = {
	{ OPTION_VALUE, 0, "manifest", "F", "where the 256 signed bytes go",
		OPTION_FIELD(struct extract_settings, manifest), .offer = OFFER_FILES },
	{ OPTION_VALUE, 0, "cms", "F", "where the CMS, in DER form, goes",
		OPTION_FIELD(struct extract_settings, cms), .offer = OFFER_FILES },
	{ 0 },
};

static int run(const struct command *command, int argc, char **argv)
{
	struct extract_settings settings = { 0 };
	int code;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	if (!settings.manifest && !settings.cms)
		return usage_error("neither --manifest nor --cms");
	return extract(argv[0], settings.manifest, settings.cms);
}

const struct command extract_command = {
	.name = "extract",
	.summary = "write manifest and CMS to files",
	.usage = "[--manifest F] [--cms F] FILE",
	.about = "Writes the parts of a signature block to files, for other tools to look at:\n"
		 "  digsig extract --manifest m --cms c FILE\n"
		 "  openssl cms -verify -binary -noverify -inform DER -in c -content m -certfile KEY.crt\n",
	.options = options,
	.run = run,
	.arguments = "FILE",
	.most = 1,
	.offer = OFFER_FILES,
};
