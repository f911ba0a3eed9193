// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Changes one chosen place of a signed program, always so that the program itself would still
 * run: tamper REGION FILE. "truncate" uses truncate(2), which opens nothing, to cut the last byte. The
 * others write, and not through a shared mapping: for a moment after that a file is unstable.
 */
#include <elf.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../../digsig/format/block.h"
#include "report.h"

static unsigned char *find(unsigned char *image, size_t size, const char *word)
{
	unsigned char *found = memmem(image, size, word, strlen(word) + 1);

	if (!found) {
		fprintf(stderr, "tamper: no \"%s\" in the file\n", word);
		exit(2);
	}
	return found;
}

static void want_padding(const struct digsig_footer *footer)
{
	if (footer->cms_size % DIGSIG_BLOCK_ALIGN == 0) {
		fprintf(stderr, "tamper: the block has no padding\n");
		exit(2);
	}
}

int main(int argc, char **argv)
{
	const char *region = argc == 3 ? argv[1] : "";
	struct digsig_manifest *manifest;
	struct digsig_footer *footer;
	struct stat status;
	unsigned char *image, *block, *cms;
	size_t size;
	Elf64_Ehdr *header;
	int file;

	if (argc != 3)
		misused("tamper REGION FILE");
	file = open(argv[2], O_RDWR);
	if (file < 0 || fstat(file, &status))
		refused(argv[2]);
	size = (size_t)status.st_size;
	if (!strcmp(region, "truncate")) {
		close(file);
		if (truncate(argv[2], status.st_size - 1))
			refused("truncate");
		return 0;
	}
	image = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
	if (image == MAP_FAILED)
		refused("mmap");
	header = (Elf64_Ehdr *)image;
	footer = (struct digsig_footer *)(image + size - sizeof(*footer));
	if (memcmp(footer->magic, DIGSIG_FOOTER_MAGIC, DIGSIG_MAGIC_SIZE)) {
		fprintf(stderr, "tamper: %s: not signed\n", argv[2]);
		return 2;
	}
	block = image + size - footer->block_size;
	manifest = (struct digsig_manifest *)block;
	cms = block + sizeof(*manifest);

	if (!strcmp(region, "first-page")) {
		header->e_flags ^= 1; /* means nothing on x86 */
	} else if (!strcmp(region, "middle")) {
		*find(image, size, "hello") = 'j'; /* the word that the program prints */
	} else if (!strcmp(region, "section-headers")) {
		((Elf64_Shdr *)(image + header->e_shoff))[1].sh_addralign ^= 2;
	} else if (!strcmp(region, "content-end")) {
		block[-1] ^= 1;
	} else if (!strcmp(region, "manifest")) {
		manifest->signing_time ^= 1;
	} else if (!strcmp(region, "chaining-value")) {
		manifest->chaining_value[7] ^= 1;
	} else if (!strcmp(region, "manifest-magic")) {
		manifest->magic[0] ^= 1;
	} else if (!strcmp(region, "cms")) {
		cms[footer->cms_size - 1] ^= 1;
	} else if (!strcmp(region, "cms-size")) {
		want_padding(footer);
		footer->cms_size++; /* the kernel's CMS verifier does not look behind the CMS */
	} else if (!strcmp(region, "padding")) {
		want_padding(footer);
		cms[footer->cms_size] ^= 1;
	} else if (!strcmp(region, "footer")) {
		footer->reserved1[0] ^= 1;
	} else if (!strcmp(region, "footer-magic")) {
		footer->magic[0] ^= 1;
	} else {
		misused("tamper first-page|middle|section-headers|content-end|manifest|chaining-value|"
			"manifest-magic|cms|cms-size|padding|footer|footer-magic|truncate FILE");
	}
	if (pwrite(file, image, size, 0) != (ssize_t)size)
		refused("write");
	return 0;
}
