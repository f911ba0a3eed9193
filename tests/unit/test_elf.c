// SPDX-License-Identifier: GPL-2.0-or-later
/* Embedding: both classes, both byte orders, every shape of section table, every refusal. */
#include "support.h"
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <gelf.h>
#include <libelf.h>
#include <sys/mman.h>
#include <unistd.h>
#include "digsig/elf/debug.h"
#include "digsig/elf/extent.h"
#include "digsig/elf/restore.h"

enum { BLOCK_SIZE = 832 };

static struct digsig_manifest manifest_of(const struct elf_embedding *embedding)
{
	return (struct digsig_manifest){
		.content_size = digsig_le64(embedding->content_size),
		.original_size = digsig_le64(embedding->original_size),
		.original_shoff = digsig_le64(embedding->image.shoff),
		.original_shentsize = digsig_le16(embedding->image.shentsize),
		.original_shnum = digsig_le16(embedding->image.shnum),
		.original_shstrndx = digsig_le16(embedding->image.shstrndx),
		.block_size = digsig_le32(BLOCK_SIZE),
	};
}

static int embed(const struct bytes *original, struct bytes *embedded,
	struct digsig_manifest *manifest, enum elf_refusal *refusal)
{
	const struct elf_source source = bytes_source(original);
	struct elf_embedding embedding;
	int err = elf_embedding_plan(&embedding, &source, BLOCK_SIZE, 0, refusal);

	*embedded = (struct bytes){ 0 };
	if (err)
		return err;
	bytes_append(embedded, NULL, embedding.content_size + BLOCK_SIZE);
	assert_int_equal(
		elf_embedding_read(&embedding, &source, embedded->data, embedding.content_size, 0),
		0);
	*manifest = manifest_of(&embedding);
	return 0;
}

/* libelf reads some headers of memory images through a descriptor they do not have. */
static Elf *open_image(const struct bytes *bytes, int *fd)
{
	*fd = memfd_create("image", 0);
	assert_true(*fd >= 0);
	assert_int_equal(write(*fd, bytes->data, bytes->size), (ssize_t)bytes->size);
	return elf_begin(*fd, ELF_C_READ, NULL);
}

static int get_type(Elf *elf)
{
	GElf_Ehdr header;

	assert_non_null(gelf_getehdr(elf, &header));
	return header.e_type;
}

/* What libelf, another implementation, reads from the embedded file. */
static void libelf_agrees(const struct bytes *original, const struct bytes *embedded)
{
	int fd_before, fd_after;
	Elf *before = open_image(original, &fd_before);
	Elf *after = open_image(embedded, &fd_after);
	size_t count_before, count_after, names_before = 0, names_after, flags;
	const char *name;
	Elf_Scn *section;

	assert_non_null(before);
	assert_non_null(after);
	assert_int_equal(elf_getshdrnum(before, &count_before), 0);
	assert_int_equal(elf_getshdrnum(after, &count_after), 0);
	if (count_before && elf_getshdrstrndx(before, &names_before))
		fail_msg("libelf, before: %s", elf_errmsg(-1));
	assert_int_equal(elf_getshdrstrndx(after, &names_after), 0);
	assert_int_equal(count_after, (count_before ? count_before : 1) + (names_before ? 1 : 2));
	section = elf_getscn(after, count_after - 1);
	assert_non_null(section);
	if (elf_getident(after, NULL)[EI_CLASS] == ELFCLASS64) {
		const Elf64_Shdr *header = elf64_getshdr(section);

		name = elf_strptr(after, names_after, header->sh_name);
		flags = header->sh_flags;
		assert_int_equal(header->sh_offset, embedded->size - BLOCK_SIZE);
		assert_int_equal(header->sh_size, BLOCK_SIZE);
		assert_int_equal(header->sh_addralign, 64);
	} else {
		const Elf32_Shdr *header = elf32_getshdr(section);

		name = elf_strptr(after, names_after, header->sh_name);
		flags = header->sh_flags;
		assert_int_equal(header->sh_offset, embedded->size - BLOCK_SIZE);
		assert_int_equal(header->sh_size, BLOCK_SIZE);
	}
	assert_string_equal(name, ".digsig");
	assert_int_equal(flags, get_type(after) == ET_REL ? SHF_EXCLUDE : 0);
	if (names_before) {
		assert_string_equal(elf_strptr(after, names_after, 1), ".text");
		assert_string_equal(elf_strptr(after, names_after, 7), ".shstrtab");
		assert_string_equal(elf_strptr(after, names_after, 17), "main");
	}
	elf_end(before);
	elf_end(after);
	close(fd_before);
	close(fd_after);
}

static void check_round_trip(const struct bytes *original)
{
	struct bytes embedded, again = { 0 };
	struct digsig_manifest manifest;
	struct elf_restored restored;
	struct elf_source source;
	enum elf_refusal refusal;

	assert_int_equal(embed(original, &embedded, &manifest, &refusal), 0);
	assert_int_equal(embedded.size % 64, 0);
	libelf_agrees(original, &embedded);
	source = bytes_source(&embedded);
	assert_int_equal(
		elf_block_section_fits(&source, embedded.size - BLOCK_SIZE, BLOCK_SIZE), 1);
	assert_int_equal(elf_restore(&restored, &source, &manifest), 0);
	assert_int_equal(restored.original.size, original->size);
	bytes_append(&again, NULL, original->size);
	assert_int_equal(
		restored.original.read(restored.original.context, again.data, again.size, 0), 0);
	assert_memory_equal(again.data, original->data, original->size);
	bytes_free(&again);
	bytes_free(&embedded);
}

static void every_shape_comes_back(void **state)
{
	(void)state;
	for (int kind = 0; kind < IMAGE_KINDS; kind++)
		for (int variant = 0; variant < 4; variant++) {
			struct bytes image;

			image_make(&image, kind, variant & 1, variant & 2);
			check_round_trip(&image);
			bytes_free(&image);
		}
}

/* Each changes a usual 64-bit little-endian image, or makes another. */
static void cut(struct bytes *image)
{
	image->size -= 10;
}

static void not_elf(struct bytes *image)
{
	image->data[1] = 'F';
}

static void short_header(struct bytes *image)
{
	image->size = 40;
}

static void unknown_class(struct bytes *image)
{
	image->data[EI_CLASS] = 3;
}

static void unknown_version(struct bytes *image)
{
	image->data[EI_VERSION] = 2;
}

static Elf64_Ehdr *header_of(struct bytes *image)
{
	return (Elf64_Ehdr *)(void *)image->data;
}

/* The image's offsets are odd on purpose, so its headers are written through a copy. */
static void change_section(struct bytes *image, unsigned int index, Elf64_Shdr change)
{
	__u8 *at = image->data + header_of(image)->e_shoff + index * sizeof(Elf64_Shdr);
	Elf64_Shdr section;

	memcpy(&section, at, sizeof(section));
	section.sh_flags |= change.sh_flags;
	if (change.sh_name)
		section.sh_name = change.sh_name;
	if (change.sh_type)
		section.sh_type = change.sh_type;
	if (change.sh_size)
		section.sh_size = change.sh_size;
	if (change.sh_offset)
		section.sh_offset = change.sh_offset;
	memcpy(at, &section, sizeof(section));
}

static void section_size_wrong(struct bytes *image)
{
	header_of(image)->e_shentsize = 63;
}

static void section_outside(struct bytes *image)
{
	change_section(image, 1, (Elf64_Shdr){ .sh_size = 1 << 20 });
}

static void section_wraps(struct bytes *image)
{
	change_section(image, 1, (Elf64_Shdr){ .sh_offset = UINT64_MAX - 8, .sh_size = 16 });
}

static void table_wraps(struct bytes *image)
{
	header_of(image)->e_shoff = UINT64_MAX - 63;
}

/* The count that does not fit the header. */
static void table_too_long(struct bytes *image)
{
	header_of(image)->e_shnum = 0;
	change_section(image, 0, (Elf64_Shdr){.sh_size = 1ULL << 40});
}

/* 64 times that many is nothing again. */
static void table_length_wraps(struct bytes *image)
{
	header_of(image)->e_shnum = 0;
	change_section(image, 0, (Elf64_Shdr){.sh_size = 1ULL << 58});
}

static void names_loaded(struct bytes *image)
{
	change_section(image, 2, (Elf64_Shdr){ .sh_flags = SHF_ALLOC });
}

static void names_compressed(struct bytes *image)
{
	change_section(image, 2, (Elf64_Shdr){ .sh_flags = SHF_COMPRESSED });
}

static void names_no_strings(struct bytes *image)
{
	change_section(image, 2, (Elf64_Shdr){ .sh_type = SHT_PROGBITS });
}

static void names_index_outside(struct bytes *image)
{
	header_of(image)->e_shstrndx = 3;
}

static void segments_outside(struct bytes *image)
{
	header_of(image)->e_phoff = image->size - 10;
}

static void segments_in_header(struct bytes *image)
{
	header_of(image)->e_phoff = 17;
}

static void segment_outside(struct bytes *image)
{
	((Elf64_Phdr *)(void *)(image->data + 64))->p_filesz = 1 << 20;
}

static void segment_wraps(struct bytes *image)
{
	((Elf64_Phdr *)(void *)(image->data + 64))->p_filesz = UINT64_MAX - 10;
}

static void nothing_in_it(struct bytes *image)
{
	image->size = 64;
	memset(image->data + 32, 0, 16);
	memset(image->data + 54, 0, 10);
}

static void trailing_byte(struct bytes *image)
{
	bytes_append(image, "x", 1);
}

static void trailing_zeros(struct bytes *image)
{
	bytes_append(image, NULL, 4097);
}

/* A file system image behind zeros, as an aligned one is. */
static void image_behind_zeros(struct bytes *image)
{
	bytes_append(image, NULL, 4000);
	memcpy(image->data + image->size - 2000, "hsqs", 4);
}

/* The last record of a zip file, whose comment is as long as it says. */
static void zip_end(struct bytes *image)
{
	bytes_append(image, NULL, 1000);
	memcpy(image->data + image->size - 30, "PK\5\6", 4);
	image->data[image->size - 10] = 8;
}

/* With the longest comment that there can be. */
static void zip_end_far(struct bytes *image)
{
	bytes_append(image, NULL, 70000);
	memcpy(image->data + image->size - 22 - 65535, "PK\5\6", 4);
	memset(image->data + image->size - 2 - 65535, 0xff, 2);
}

/* What looks like one, and has more behind it than its comment. */
static void zip_end_elsewhere(struct bytes *image)
{
	zip_end(image);
	bytes_append(image, NULL, 1);
}

static void appimage(struct bytes *image)
{
	memcpy(image->data + 8, "AI\002", 3);
}

static void signed_module(struct bytes *image)
{
	bytes_append(image, "sig~Module signature appended~\n", 31);
}

static void has_block_section(struct bytes *image)
{
	/* ".text" becomes ".digsig" in a table that has room for it. */
	memcpy(memmem(image->data, image->size, "\0.text\0.shstrtab", 16), "\0.digsig\0hstrtab",
		16);
}

static void every_refusal(void **state)
{
	static const struct {
		void (*spoil)(struct bytes *image);
		enum elf_refusal refusal;
	} cases[] = {
		{not_elf, ELF_REFUSAL_NOT_ELF},
		{short_header, ELF_REFUSAL_HEADER},
		{unknown_class, ELF_REFUSAL_IDENT},
		{unknown_version, ELF_REFUSAL_IDENT},
		{section_size_wrong, ELF_REFUSAL_HEADER},
		{cut, ELF_REFUSAL_SECTIONS_OUTSIDE},
		{table_wraps, ELF_REFUSAL_SECTIONS_OUTSIDE},
		{table_too_long, ELF_REFUSAL_SECTIONS_OUTSIDE},
		{table_length_wraps, ELF_REFUSAL_SECTIONS_OUTSIDE},
		{section_outside, ELF_REFUSAL_SECTION_OUTSIDE},
		{section_wraps, ELF_REFUSAL_SECTION_OUTSIDE},
		{segments_in_header, ELF_REFUSAL_HEADER},
		{segments_outside, ELF_REFUSAL_SEGMENTS_OUTSIDE},
		{segment_outside, ELF_REFUSAL_SEGMENT_OUTSIDE},
		{segment_wraps, ELF_REFUSAL_SEGMENT_OUTSIDE},
		{names_index_outside, ELF_REFUSAL_NAMES_INDEX},
		{names_no_strings, ELF_REFUSAL_NAMES_INDEX},
		{names_loaded, ELF_REFUSAL_NAMES_LOADED},
		{names_compressed, ELF_REFUSAL_NAMES_COMPRESSED},
		{nothing_in_it, ELF_REFUSAL_EMPTY},
		{trailing_byte, ELF_REFUSAL_TRAILING_DATA},
		{trailing_zeros, ELF_REFUSAL_TRAILING_DATA},
		{image_behind_zeros, ELF_REFUSAL_SQUASHFS},
		{zip_end, ELF_REFUSAL_ZIP},
		{zip_end_far, ELF_REFUSAL_ZIP},
		{zip_end_elsewhere, ELF_REFUSAL_TRAILING_DATA},
		{appimage, ELF_REFUSAL_APPIMAGE},
		{signed_module, ELF_REFUSAL_MODULE_SIGNATURE},
		{has_block_section, ELF_REFUSAL_HAS_SECTION},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct digsig_manifest manifest;
		enum elf_refusal refusal;
		struct bytes image, embedded;

		image_make(&image, IMAGE_USUAL, true, false);
		cases[i].spoil(&image);
		if (embed(&image, &embedded, &manifest, &refusal) != -ENOEXEC ||
			refusal != cases[i].refusal)
			fail_msg("case %zu: expected \"%s\", got \"%s\"", i,
				elf_refusal_meaning(cases[i].refusal),
				elf_refusal_meaning(refusal));
		bytes_free(&image);
		bytes_free(&embedded);
	}
	for (int i = 0; i < ELF_REFUSAL_COUNT; i++)
		assert_true(strlen(elf_refusal_meaning(i)) > 1);
}

static int read_huge(void *context, void *buffer, size_t size, __u64 offset)
{
	const struct elf_source *small = context;

	memset(buffer, 0, size);
	if (offset >= small->size)
		return 0;
	return small->read(small->context, buffer,
		size < small->size - offset ? size : (size_t)(small->size - offset), offset);
}

static void offsets_of_32_bits_do_not_overflow(void **state)
{
	struct elf_embedding embedding;
	enum elf_refusal refusal;
	struct elf_source small, huge;
	struct bytes image;

	(void)state;
	image_make(&image, IMAGE_USUAL, false, true);
	small = bytes_source(&image);
	huge = (struct elf_source){
		.read = read_huge, .context = &small, .size = 0xffffffff - 1000 };
	assert_int_equal(elf_embedding_plan(&embedding, &huge, BLOCK_SIZE,
				 ELF_ALLOW_TRAILING_DATA, &refusal),
		-ENOEXEC);
	assert_int_equal(refusal, ELF_REFUSAL_TOO_LARGE);
	huge.size = 0xffffffff - 3000;
	assert_int_equal(elf_embedding_plan(&embedding, &huge, BLOCK_SIZE,
				 ELF_ALLOW_TRAILING_DATA, &refusal),
		0);
	bytes_free(&image);
}

/* A manifest that lies about any of its fields does not lead back to a file. */
static void hostile_manifests_restore_nothing(void **state)
{
	struct digsig_manifest manifest, lie;
	struct elf_restored restored;
	struct bytes image, embedded;
	struct elf_source source;
	enum elf_refusal refusal;

	(void)state;
	image_make(&image, IMAGE_USUAL, true, false);
	assert_int_equal(embed(&image, &embedded, &manifest, &refusal), 0);
	source = bytes_source(&embedded);
	for (__u64 size = 0; size <= embedded.size; size++) {
		lie = manifest;
		lie.original_size = digsig_le64(size);
		/* Zeros up to the alignment are the same bytes, whoever put them there. */
		assert_int_equal(!elf_restore(&restored, &source, &lie),
			size >= image.size && size <= (image.size + 7) / 8 * 8);
	}
	for (unsigned int bit = 0; bit < 64; bit++) {
		lie = manifest;
		lie.content_size ^= 1ULL << bit;
		assert_int_not_equal(elf_restore(&restored, &source, &lie), 0);
		lie = manifest;
		lie.original_shoff ^= 1ULL << bit;
		assert_int_not_equal(elf_restore(&restored, &source, &lie), 0);
	}
	for (unsigned int bit = 0; bit < 16; bit++) {
		lie = manifest;
		lie.original_shnum ^= (__u16)(1 << bit);
		assert_int_not_equal(elf_restore(&restored, &source, &lie), 0);
		lie = manifest;
		lie.original_shstrndx ^= (__u16)(1 << bit);
		assert_int_not_equal(elf_restore(&restored, &source, &lie), 0);
		lie = manifest;
		lie.original_shentsize ^= (__u16)(1 << bit);
		assert_int_not_equal(elf_restore(&restored, &source, &lie), 0);
	}
	bytes_free(&image);
	bytes_free(&embedded);
}

/* What embedding appended, the name table and the section table, must be what it appends. */
static void no_appended_byte_can_change(void **state)
{
	struct digsig_manifest manifest;
	struct elf_restored restored;
	struct bytes image, embedded;
	struct elf_source source;
	enum elf_refusal refusal;

	(void)state;
	image_make(&image, IMAGE_USUAL, true, false);
	assert_int_equal(embed(&image, &embedded, &manifest, &refusal), 0);
	source = bytes_source(&embedded);
	for (size_t at = image.size; at < embedded.size - BLOCK_SIZE; at++) {
		embedded.data[at] ^= 1;
		assert_int_equal(elf_restore(&restored, &source, &manifest), -ENOEXEC);
		embedded.data[at] ^= 1;
	}
	assert_int_equal(elf_restore(&restored, &source, &manifest), 0);
	bytes_free(&image);
	bytes_free(&embedded);
}

static void leftovers_are_explained(void **state)
{
	struct digsig_manifest manifest;
	struct bytes image, embedded;
	struct elf_source source;
	enum elf_refusal refusal;

	(void)state;
	image_make(&image, IMAGE_USUAL, true, false);
	source = bytes_source(&image);
	assert_int_equal(elf_leftover_find(&source), ELF_LEFTOVER_NONE);
	assert_int_equal(embed(&image, &embedded, &manifest, &refusal), 0);
	source = bytes_source(&embedded);
	assert_int_equal(elf_leftover_find(&source), ELF_LEFTOVER_MOVED);
	source.size -= 1;
	assert_int_equal(elf_leftover_find(&source), ELF_LEFTOVER_CUT_SHORT);
	source.size = image.size;
	assert_int_equal(elf_leftover_find(&source), ELF_LEFTOVER_CUT_SHORT);
	bytes_free(&image);
	bytes_free(&embedded);
}

static void block_section_must_fit(void **state)
{
	struct digsig_manifest manifest;
	struct bytes image, embedded;
	struct elf_source source;
	enum elf_refusal refusal;
	__u64 content_size;

	(void)state;
	image_make(&image, IMAGE_USUAL, true, false);
	assert_int_equal(embed(&image, &embedded, &manifest, &refusal), 0);
	content_size = embedded.size - BLOCK_SIZE;
	source = bytes_source(&embedded);
	assert_int_equal(elf_block_section_fits(&source, content_size, BLOCK_SIZE), 1);
	assert_int_equal(elf_block_section_fits(&source, content_size, BLOCK_SIZE - 64), 0);
	assert_int_equal(elf_block_section_fits(&source, content_size - 64, BLOCK_SIZE), 0);
	/* A segment that ends with the content is fine, one that reaches a byte further is not. */
	((Elf64_Phdr *)(void *)(embedded.data + 64))->p_offset = 0;
	((Elf64_Phdr *)(void *)(embedded.data + 64))->p_filesz = content_size;
	assert_int_equal(elf_block_section_fits(&source, content_size, BLOCK_SIZE), 1);
	((Elf64_Phdr *)(void *)(embedded.data + 64))->p_filesz = content_size + 1;
	assert_int_equal(elf_block_section_fits(&source, content_size, BLOCK_SIZE), 0);
	((Elf64_Phdr *)(void *)(embedded.data + 64))->p_filesz = 8;
	((Elf64_Phdr *)(void *)(embedded.data + 64))->p_offset = content_size + 8;
	assert_int_equal(elf_block_section_fits(&source, content_size, BLOCK_SIZE), 0);
	((Elf64_Phdr *)(void *)(embedded.data + 64))->p_offset = 0;
	change_section(&embedded, 3, (Elf64_Shdr){ .sh_type = SHT_NOTE });
	assert_int_equal(elf_block_section_fits(&source, content_size, BLOCK_SIZE), 0);
	change_section(&embedded, 3, (Elf64_Shdr){ .sh_type = SHT_PROGBITS });
	assert_int_equal(elf_block_section_fits(&source, content_size, BLOCK_SIZE), 1);
	change_section(&embedded, 3, (Elf64_Shdr){ .sh_flags = SHF_ALLOC });
	assert_int_equal(elf_block_section_fits(&source, content_size, BLOCK_SIZE), 0);
	bytes_free(&image);
	bytes_free(&embedded);
}

/* Found by fuzzing: a name past the old table's end becomes ".digsig" in the longer one. */
static void name_past_the_table(struct bytes *image)
{
	change_section(image, 1, (Elf64_Shdr){ .sh_name = 22 });
}

/* The last name of a table may lack its zero: it must not run on into ".digsig". */
static void name_without_end(struct bytes *image)
{
	change_section(image, 2, (Elf64_Shdr){ .sh_size = 21 });
}

/* libelf_agrees looks at the flag by which a linker leaves its block out. */
static void object_file(struct bytes *image)
{
	header_of(image)->e_type = ET_REL;
}

static void odd_ones_come_back(void **state)
{
	static void (*const make_odd[])(struct bytes *image) = {
		name_past_the_table, name_without_end, object_file };

	(void)state;
	for (size_t i = 0; i < sizeof(make_odd) / sizeof(make_odd[0]); i++) {
		struct bytes image;

		image_make(&image, IMAGE_USUAL, true, false);
		make_odd[i](&image);
		check_round_trip(&image);
		bytes_free(&image);
	}
}

/* What is loaded is the program's own, whatever its name. */
static void a_loaded_section_is_no_block_section(void **state)
{
	struct digsig_manifest manifest;
	struct bytes image, embedded;
	enum elf_refusal refusal;

	(void)state;
	image_make(&image, IMAGE_USUAL, true, false);
	has_block_section(&image);
	change_section(&image, 1, (Elf64_Shdr){ .sh_flags = SHF_ALLOC });
	assert_int_equal(embed(&image, &embedded, &manifest, &refusal), 0);
	bytes_free(&image);
	bytes_free(&embedded);
}

static void a_name_ends_within_its_table(void **state)
{
	const struct elf_section names = { .offset = 0, .size = 5 }, whole = { .size = 9 },
				 section = { .name = 1 };
	struct bytes bytes = { 0 };
	struct elf_source source;

	(void)state;
	bytes_append(&bytes, "\0.digsig", 9);
	source = bytes_source(&bytes);
	assert_int_equal(elf_section_is_named(&source, &whole, &section, ".digsig"), 1);
	assert_int_equal(elf_section_is_named(&source, &names, &section, ".digsig"), 0);
	bytes_free(&bytes);
}

/* ET_DYN is a program or a library. */
static void programs_are_told_from_libraries(void **state)
{
	static const struct {
		__u32 interpreter; /* the first segment's type */
		Elf64_Sxword tag;
		__u32 value, file_class;
	} cases[] = {
		{ PT_INTERP, DT_DEBUG, 0, DIGSIG_CLASS_EXECUTABLE },
		{ PT_INTERP, DT_SONAME, 1, DIGSIG_CLASS_LIBRARY }, /* libc.so.6 */
		{ PT_NULL, DT_SONAME, 1, DIGSIG_CLASS_LIBRARY },
		{ PT_NULL, DT_DEBUG, 0, DIGSIG_CLASS_LIBRARY },
		{ PT_NULL, DT_FLAGS_1, DF_1_PIE, DIGSIG_CLASS_EXECUTABLE }, /* static */
		{ PT_NULL, DT_FLAGS_1, DF_1_NOW, DIGSIG_CLASS_LIBRARY },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct {
			Elf64_Ehdr header;
			Elf64_Phdr segments[2];
			Elf64_Dyn dynamic[2];
		} file = {
			.header = { .e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB,
					    EV_CURRENT },
				.e_type = ET_DYN, .e_version = EV_CURRENT,
				.e_ehsize = sizeof(Elf64_Ehdr), .e_phoff = sizeof(Elf64_Ehdr),
				.e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 2 },
			.segments = { { .p_type = cases[i].interpreter },
				{ .p_type = PT_DYNAMIC, .p_filesz = 2 * sizeof(Elf64_Dyn),
					.p_offset = sizeof(Elf64_Ehdr) + 2 * sizeof(Elf64_Phdr) } },
			.dynamic = { { cases[i].tag, { cases[i].value } } },
		};
		struct bytes bytes = { 0 };
		struct elf_source source;
		struct elf_image image;
		enum elf_refusal refusal;
		__u32 file_class;

		bytes_append(&bytes, &file, sizeof(file));
		source = bytes_source(&bytes);
		assert_int_equal(elf_image_read(&image, &source, &refusal), 0);
		assert_int_equal(elf_image_class(&image, &source, &file_class), 0);
		if (file_class != cases[i].file_class)
			fail_msg("case %zu: class %u", i, file_class);
		bytes_free(&bytes);
	}
}

static void debug_files_are_told_from_programs(void **state)
{
	static const struct {
		__u32 type, flags;
		int has_only_debug;
	} cases[] = {
		{ SHT_PROGBITS, SHF_ALLOC, 0 },
		{ SHT_NOBITS, SHF_ALLOC, 1 },
		{ SHT_NOTE, SHF_ALLOC, 1 },
		{ SHT_PROGBITS, 0, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct elf_source source;
		struct elf_image image;
		enum elf_refusal refusal;
		struct bytes bytes;
		__u8 *text;

		image_make(&bytes, IMAGE_USUAL, true, false);
		source = bytes_source(&bytes);
		assert_int_equal(elf_image_read(&image, &source, &refusal), 0);
		text = bytes.data + image.sections_offset + sizeof(Elf64_Shdr);
		memcpy(text + offsetof(Elf64_Shdr, sh_type), &cases[i].type, sizeof(cases[i].type));
		memcpy(text + offsetof(Elf64_Shdr, sh_flags), &(__u64){ cases[i].flags },
			sizeof(__u64));
		if (elf_has_only_debug(&source) != cases[i].has_only_debug)
			fail_msg("case %zu", i);
		bytes_free(&bytes);
	}
}

static void without_sections_nothing_is_known(void **state)
{
	struct elf_source source;
	struct bytes bytes;

	(void)state;
	image_make(&bytes, IMAGE_NO_SECTIONS, true, false);
	source = bytes_source(&bytes);
	assert_int_equal(elf_has_only_debug(&source), 0);
	bytes.data[0] = 0;
	assert_int_equal(elf_has_only_debug(&source), 0);
	bytes_free(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(debug_files_are_told_from_programs),
		cmocka_unit_test(without_sections_nothing_is_known),
		cmocka_unit_test(a_loaded_section_is_no_block_section),
		cmocka_unit_test(a_name_ends_within_its_table),
		cmocka_unit_test(odd_ones_come_back),
		cmocka_unit_test(programs_are_told_from_libraries),
		cmocka_unit_test(every_shape_comes_back),
		cmocka_unit_test(every_refusal),
		cmocka_unit_test(offsets_of_32_bits_do_not_overflow),
		cmocka_unit_test(hostile_manifests_restore_nothing),
		cmocka_unit_test(no_appended_byte_can_change),
		cmocka_unit_test(leftovers_are_explained),
		cmocka_unit_test(block_section_must_fit),
	};

	elf_version(EV_CURRENT);
	return cmocka_run_group_tests_name("elf", tests, NULL, NULL);
}
