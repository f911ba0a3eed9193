// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * For specimens that are no ELF files, which digsig sign does not sign, and runs where they are made:
 *
 *   put-block manifest FILE             pads the file with newlines; prints its manifest
 *   put-block append FILE MANIFEST CMS  puts a block of the two behind it
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../../digsig/format/sha256.h"
#include "report.h"

/* What openssl cms makes with an RSA key of 3072 bits, named by its key identifier. */
#define CMS_ROOM 512
#define BLOCK_SIZE (DIGSIG_MANIFEST_SIZE + CMS_ROOM + DIGSIG_FOOTER_SIZE)

static size_t read_all(const char *path, unsigned char *bytes, size_t room)
{
	int file = open(path, O_RDONLY);
	ssize_t size = file < 0 ? -1 : read(file, bytes, room);

	if (size < 0)
		refused(path);
	close(file);
	return (size_t)size;
}

static void append(const char *path, const void *bytes, size_t size)
{
	int file = open(path, O_WRONLY | O_APPEND);

	if (file < 0 || write(file, bytes, size) != (ssize_t)size)
		refused(path);
	close(file);
}

static void print_manifest(const char *path)
{
	static const __u32 initial[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
	static unsigned char content[65536];
	size_t original = read_all(path, content, sizeof(content) - 64);
	size_t size = (original + 63) / 64 * 64;
	struct digsig_manifest manifest = {
		.version = DIGSIG_VERSION,
		.hash_algorithm = DIGSIG_HASH_SHA256,
		.flags = DIGSIG_CLASS_OTHER,
		.content_size = size,
		.original_size = original,
		.block_size = BLOCK_SIZE,
	};
	__u32 schedule[64];

	memset(content + original, '\n', size - original);
	append(path, content + original, size - original);
	memcpy(manifest.magic, DIGSIG_MANIFEST_MAGIC, DIGSIG_MAGIC_SIZE);
	memcpy(manifest.chaining_value, initial, sizeof(initial));
	for (size_t at = 0; at < size; at += 64)
		digsig_sha256_compress(manifest.chaining_value, content + at, schedule);
	fwrite(&manifest, sizeof(manifest), 1, stdout);
}

static void append_block(const char *path, const char *manifest, const char *cms)
{
	static unsigned char block[BLOCK_SIZE + 1];
	struct digsig_footer *footer = (void *)(block + BLOCK_SIZE - DIGSIG_FOOTER_SIZE);
	size_t cms_size;

	read_all(manifest, block, DIGSIG_MANIFEST_SIZE);
	cms_size = read_all(cms, block + DIGSIG_MANIFEST_SIZE, CMS_ROOM + 1);
	if ((cms_size + 63) / 64 * 64 != CMS_ROOM) {
		fprintf(stderr, "put-block: %s: %zu bytes are not what was expected\n", cms, cms_size);
		exit(1);
	}
	memcpy(footer->magic, DIGSIG_FOOTER_MAGIC, DIGSIG_MAGIC_SIZE);
	footer->version = DIGSIG_VERSION;
	footer->block_size = BLOCK_SIZE;
	footer->cms_size = (__u32)cms_size;
	append(path, block, BLOCK_SIZE);
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "manifest"))
		print_manifest(argv[2]);
	else if (argc == 5 && !strcmp(argv[1], "append"))
		append_block(argv[2], argv[3], argv[4]);
	else
		misused("put-block manifest FILE | append FILE MANIFEST CMS");
	return 0;
}
