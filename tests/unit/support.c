// SPDX-License-Identifier: GPL-2.0-or-later
#include "support.h"
#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "digsig/file/sign.h"
#include "digsig/trust/key_new.h"

static int read_bytes(void *context, void *buffer, size_t size, __u64 offset)
{
	const struct bytes *bytes = context;

	if (offset > bytes->size || size > bytes->size - offset)
		return -EIO;
	memcpy(buffer, bytes->data + offset, size);
	return 0;
}

struct elf_source bytes_source(const struct bytes *bytes)
{
	return (struct elf_source){
		.read = read_bytes, .context = (void *)bytes, .size = bytes->size };
}

void bytes_append(struct bytes *bytes, const void *data, size_t size)
{
	if (bytes->size + size > bytes->room || !bytes->data) {
		bytes->room = 2 * (bytes->size + size) + 1;
		bytes->data = realloc(bytes->data, bytes->room);
		assert_non_null(bytes->data);
	}
	if (data)
		memcpy(bytes->data + bytes->size, data, size);
	else
		memset(bytes->data + bytes->size, 0, size);
	bytes->size += size;
}

void bytes_free(struct bytes *bytes)
{
	free(bytes->data);
	*bytes = (struct bytes){ 0 };
}

void bytes_load(struct bytes *bytes, const char *path)
{
	int fd = open(path, O_RDONLY);
	struct stat st;

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	*bytes = (struct bytes){ 0 };
	bytes_append(bytes, NULL, (size_t)st.st_size);
	assert_int_equal(read(fd, bytes->data, bytes->size), st.st_size);
	close(fd);
}

void bytes_save(const struct bytes *bytes, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0755);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes->data, bytes->size), (ssize_t)bytes->size);
	close(fd);
}

/* Appends a number of width bytes in the image's byte order. */
static void put(struct bytes *bytes, bool is_big_endian, unsigned int width, __u64 value)
{
	__u8 raw[8];

	for (unsigned int i = 0; i < width; i++)
		raw[i] = (__u8)(value >> 8 * (is_big_endian ? width - 1 - i : i));
	bytes_append(bytes, raw, width);
}

struct maker {
	struct bytes *bytes;
	bool is_64, is_big_endian;
};

static void put_word(const struct maker *maker, __u64 value)
{
	put(maker->bytes, maker->is_big_endian, maker->is_64 ? 8 : 4, value);
}

static void put_number(const struct maker *maker, unsigned int width, __u64 value)
{
	put(maker->bytes, maker->is_big_endian, width, value);
}

static void put_header(const struct maker *maker, __u64 shoff, unsigned int segments,
	__u64 sections, __u64 names)
{
	const __u8 ident[EI_NIDENT] = { 0x7f, 'E', 'L', 'F',
		maker->is_64 ? ELFCLASS64 : ELFCLASS32,
		maker->is_big_endian ? ELFDATA2MSB : ELFDATA2LSB, EV_CURRENT };
	unsigned int header_size = maker->is_64 ? 64 : 52;

	bytes_append(maker->bytes, ident, sizeof(ident));
	put_number(maker, 2, ET_EXEC);
	put_number(maker, 2, maker->is_64 ? EM_PPC64 : EM_PPC);
	put_number(maker, 4, EV_CURRENT);
	put_word(maker, 0x10000);
	put_word(maker, segments ? header_size : 0);
	put_word(maker, shoff);
	put_number(maker, 4, 0);
	put_number(maker, 2, header_size);
	put_number(maker, 2, segments ? (maker->is_64 ? 56 : 32) : 0);
	put_number(maker, 2, segments);
	put_number(maker, 2, sections ? (maker->is_64 ? 64 : 40) : 0);
	put_number(maker, 2, sections >= SHN_LORESERVE ? 0 : sections);
	put_number(maker, 2, names >= SHN_LORESERVE ? SHN_XINDEX : names);
}

static void put_segment(const struct maker *maker, __u64 offset, __u64 size)
{
	put_number(maker, 4, PT_LOAD);
	if (maker->is_64)
		put_number(maker, 4, PF_R | PF_X);
	put_word(maker, offset);
	put_word(maker, 0x10000);
	put_word(maker, 0x10000);
	put_word(maker, size);
	put_word(maker, size);
	if (!maker->is_64)
		put_number(maker, 4, PF_R | PF_X);
	put_word(maker, 0x1000);
}

static void put_section(const struct maker *maker, __u32 name, __u32 type, __u64 flags,
	__u64 offset, __u64 size, __u32 link)
{
	put_number(maker, 4, name);
	put_number(maker, 4, type);
	put_word(maker, flags);
	put_word(maker, 0);
	put_word(maker, offset);
	put_word(maker, size);
	put_number(maker, 4, link);
	put_number(maker, 4, 0);
	put_word(maker, 1);
	put_word(maker, 0);
}

void image_make(struct bytes *bytes, enum image_kind kind, bool is_64, bool is_big_endian)
{
	static const char names[] = "\0.text\0.shstrtab\0main";
	const struct maker maker = { bytes, is_64, is_big_endian };
	__u64 header_size = is_64 ? 64 : 52, text = header_size + (is_64 ? 56 : 32);
	__u64 names_offset = text + 101, sections = 3, names_index = 2;
	__u64 shoff = names_offset + sizeof(names);

	*bytes = (struct bytes){ 0 };
	if (kind == IMAGE_EXTENDED)
		sections = 65300;
	if (kind == IMAGE_NEARLY_EXTENDED)
		sections = SHN_LORESERVE - 1;
	if (sections > 3)
		names_index = sections - 1;
	if (kind == IMAGE_NAMELESS) {
		names_index = 0;
		sections = 2;
	}
	if (kind == IMAGE_NO_SECTIONS)
		sections = names_index = shoff = 0;
	put_header(&maker, shoff, 1, sections, names_index);
	put_segment(&maker, text, 101);
	for (int i = 0; i < 101; i++)
		put_number(&maker, 1, (__u64)i * 7);
	if (kind == IMAGE_NO_SECTIONS)
		return;
	bytes_append(bytes, names, sizeof(names));
	put_section(&maker, 0, SHT_NULL, 0, 0, sections >= SHN_LORESERVE ? sections : 0,
		names_index >= SHN_LORESERVE ? (__u32)names_index : 0);
	put_section(&maker, names_index ? 1 : 0, kind == IMAGE_SHARED_NAMES ? SHT_SYMTAB
									     : SHT_PROGBITS,
		0, text, 96, 2);
	for (__u64 i = 2; i + 1 < sections; i++)
		put_section(&maker, 1, SHT_PROGBITS, 0, text, 4, 0);
	if (names_index)
		put_section(&maker, 7, SHT_STRTAB, 0, names_offset, sizeof(names), 0);
}

static char directory[] = "/tmp/digsig-unit-XXXXXX";
static bool has_directory;
static struct signer *signer;
static struct trust_store *store;

const char *scratch_directory(void)
{
	if (!has_directory)
		assert_non_null(mkdtemp(directory));
	has_directory = true;
	return directory;
}

char *scratch_path(const char *name)
{
	static char paths[32][PATH_MAX];
	static unsigned int turn;
	char *path = paths[turn++ % 32];

	snprintf(path, PATH_MAX, "%s/%s", scratch_directory(), name);
	return path;
}

char *scratch_folder(const char *name)
{
	char *path = scratch_path(name);

	assert_int_equal(mkdir(path, 0700), 0);
	return path;
}

unsigned int count_entries(const char *folder)
{
	DIR *opened = opendir(folder);
	unsigned int count = 0;

	assert_non_null(opened);
	while (readdir(opened))
		count++;
	closedir(opened);
	return count - 2;
}

static void make_signer(void)
{
	const struct key_request request = {
		.key_path = scratch_path("test.key"),
		.certificate_path = scratch_path("test.crt"),
		.subject = "unit test",
		.days = 1,
	};
	enum signer_problem problem;

	assert_int_equal(key_new(&request), 0);
	assert_int_equal(signer_load(&signer, request.key_path, request.certificate_path, NULL,
				 NULL, &problem),
		0);
}

struct signer *scratch_signer(void)
{
	if (!signer)
		make_signer();
	return signer;
}

struct trust_store *scratch_store(void)
{
	scratch_signer();
	if (!store) {
		assert_int_equal(trust_store_new(&store), 0);
		assert_int_equal(trust_store_add(store, scratch_path("test.crt"), NULL), 0);
	}
	return store;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	return remove(path);
}

void scratch_remove(void)
{
	signer_free(signer);
	trust_store_free(store);
	if (has_directory)
		nftw(directory, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

int scratch_tear_down(void **state)
{
	(void)state;
	scratch_remove();
	return 0;
}

void sign_bytes(struct bytes *bytes)
{
	const struct sign_options options = { .signer = scratch_signer(), .signing_time = 1 };
	struct file_problem problem;
	const char *path = scratch_path("signed");

	bytes_save(bytes, path);
	assert_int_equal(file_sign(path, &options, &problem), 0);
	bytes_free(bytes);
	bytes_load(bytes, path);
}
