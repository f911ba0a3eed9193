// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "../file/block_io.h"
#include "../../lib/file/write_whole.h"
#include "cli.h"
#include "trust_option.h"

static const char help[] =
	"usage: digsig extract [--manifest F] [--cms F] FILE\n"
	"Writes the parts of a signature block to files, for other tools to look at:\n"
	"  digsig extract --manifest m --cms c FILE\n"
	"  openssl cms -verify -binary -noverify -inform DER -in c -content m -certfile KEY.crt\n\n"
	"  --manifest F  where the 256 signed bytes go\n"
	"  --cms F       where the CMS, in DER form, goes\n"
	"  -h, --help    show this\n";

enum { OPTION_MANIFEST = 256, OPTION_CMS };

static const struct option options[] = {
	{ "manifest", required_argument, NULL, OPTION_MANIFEST },
	{ "cms", required_argument, NULL, OPTION_CMS },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

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

int cmd_extract(int argc, char **argv)
{
	const char *manifest = NULL, *cms = NULL;
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (option) {
		case OPTION_MANIFEST:
			manifest = optarg;
			break;
		case OPTION_CMS:
			cms = optarg;
			break;
		case 'h':
			fputs(help, stdout);
			return EXIT_OK;
		default:
			return EXIT_USAGE;
		}
	}
	if (argc - optind != 1)
		return usage_error("extract", "expected one file");
	if (!manifest && !cms)
		return usage_error("extract", "neither --manifest nor --cms");
	return extract(argv[optind], manifest, cms);
}
