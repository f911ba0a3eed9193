// SPDX-License-Identifier: GPL-2.0-or-later
/* Catalogs: what is built is found again, and no changed one is believed. */
#include "support.h"
#include <errno.h>
#include <fcntl.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "digsig/catalog/build.h"
#include "digsig/catalog/builder.h"
#include "digsig/catalog/set.h"
#include "digsig/catalog/sum_line.h"
#include "digsig/revocation/revocation.h"
#include "digsig/trust/cms.h"
#include "lib/file/write_whole.h"

static char last_complaint[4096];
static int last_error;

static void note_complaint(void *context, const char *path, int err)
{
	(void)context;
	snprintf(last_complaint, sizeof(last_complaint), "%s", path);
	last_error = err;
}

static void write_file(const char *path, const void *bytes, size_t size, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, size), size);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

/* A new folder in the scratch one; name is only told apart from the others. */
static char *new_folder(const char *name)
{
	char *path = strdup(scratch_path(name));

	assert_int_equal(mkdir(path, 0700), 0);
	return path;
}

static char *path_in(const char *folder, const char *name)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static struct catalog_builder *new_builder(unsigned int selection)
{
	struct catalog_builder *builder;

	assert_int_equal(catalog_builder_new(&builder, selection, note_complaint, NULL), 0);
	return builder;
}

static void build_with(const char *folder, unsigned int selection, unsigned int threads,
	struct bytes *bytes, struct catalog_counts *counts)
{
	struct catalog_statement statement = {
		.signer = scratch_signer(),
		.identity = "org.example.host",
		.epoch = 7,
		.creation_time = 1000000000,
	};
	struct catalog_work work = { .threads = threads };
	struct catalog_builder *builder;

	builder = new_builder(selection);
	assert_int_equal(catalog_builder_add(builder, folder), 0);
	assert_int_equal(catalog_builder_hash(builder, &work), 0);
	assert_int_equal(
		catalog_builder_finish(builder, &statement, &bytes->data, &bytes->size), 0);
	catalog_builder_count(builder, counts);
	catalog_builder_free(builder);
}

/* A catalog of count random digests, made past the hashing of files. */
static void build_random(size_t count, const __u8 *digests, struct bytes *bytes)
{
	struct catalog_statement statement = { .signer = scratch_signer() };
	struct catalog_builder *builder;
	struct stat st = { .st_mode = S_IFREG };
	char name[32];

	builder = new_builder(CATALOG_EVERYTHING);
	for (size_t i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "file %zu", i);
		assert_int_equal(builder_add_file(builder, name, &st), 0);
		builder->candidates[i].state = CANDIDATE_HASHED;
		memcpy(builder->candidates[i].digest, digests + i * DIGSIG_DIGEST_SIZE,
			DIGSIG_DIGEST_SIZE);
	}
	assert_int_equal(
		catalog_builder_finish(builder, &statement, &bytes->data, &bytes->size), 0);
	catalog_builder_free(builder);
}

static void parse(const struct bytes *bytes, struct catalog *catalog)
{
	enum digsig_catalog_defect defect;
	__u8 *copy = malloc(bytes->size);

	assert_non_null(copy);
	memcpy(copy, bytes->data, bytes->size);
	if (catalog_parse(copy, bytes->size, catalog, &defect))
		fail_msg("%s", catalog_defect_meaning(defect));
}

static enum digsig_catalog_defect defect_of(const __u8 *bytes, size_t size)
{
	struct catalog catalog;
	enum digsig_catalog_defect defect;
	__u8 *copy = malloc(size ? size : 1); /* of its own size: reading past it is found */

	assert_non_null(copy);
	memcpy(copy, bytes, size);
	if (!catalog_parse(copy, size, &catalog, &defect)) {
		catalog_free(&catalog);
		return DIGSIG_CATALOG_GOOD;
	}
	free(copy);
	return defect;
}

static int count_name(void *context, const __u8 *digest, const char *name)
{
	const char **wanted = context;

	(void)digest;
	if (name && *wanted && strstr(name, *wanted))
		*wanted = NULL;
	return 0;
}

static bool names(const struct catalog *catalog, const char *name)
{
	const char *wanted = name;

	assert_int_equal(catalog_visit(catalog, count_name, &wanted), 0);
	return !wanted;
}

static bool has_file(const struct catalog *catalog, const void *bytes, size_t size)
{
	__u8 digest[DIGSIG_DIGEST_SIZE];
	struct signed_as signed_as;

	SHA256(bytes, size, digest);
	return catalog_find(catalog, digest, &signed_as);
}

static void what_can_be_executed_is_chosen(void **state)
{
	char *folder = new_folder("chosen");
	struct catalog_counts counts;
	struct catalog catalog;
	struct bytes bytes;
	X509 *signer;

	(void)state;
	mkdir(path_in(folder, "lib"), 0700);
	mkdir(path_in(folder, "lib/firmware"), 0700);
	write_file(path_in(folder, "elf"), "\177ELF and so on", 14, 0600);
	write_file(path_in(folder, "script"), "#!/bin/sh\n", 10, 0755);
	write_file(path_in(folder, "template"), "#!/bin/cat\n", 11, 0644);
	write_file(path_in(folder, "text"), "text", 4, 0755);
	write_file(path_in(folder, "module.ko.xz"), "\xfd" "7zXZ\0etc.", 10, 0644);
	write_file(path_in(folder, "list.ko"), "is text", 7, 0644);
	write_file(path_in(folder, "packed.xz"), "\xfd" "7zXZ\0text", 10, 0644);
	write_file(path_in(folder, "lib/firmware/blob"), "blob", 4, 0644);
	write_file(path_in(folder, "empty"), "", 0, 0755);
	assert_int_equal(symlink("elf", path_in(folder, "symlink")), 0);
	assert_int_equal(mkfifo(path_in(folder, "fifo"), 0600), 0);

	build_with(folder, 0, 2, &bytes, &counts);
	assert_int_equal(counts.files, 3);
	assert_int_equal(counts.digests, 3);
	assert_int_equal(counts.failed, 0);
	parse(&bytes, &catalog);
	assert_int_equal(catalog.count, 3);
	assert_true(has_file(&catalog, "\177ELF and so on", 14));
	assert_true(has_file(&catalog, "#!/bin/sh\n", 10));
	assert_true(has_file(&catalog, "\xfd" "7zXZ\0etc.", 10));
	assert_false(has_file(&catalog, "is text", 7));
	assert_false(has_file(&catalog, "\xfd" "7zXZ\0text", 10));
	assert_false(has_file(&catalog, "#!/bin/cat\n", 11));
	assert_true(names(&catalog, "/script"));
	assert_false(names(&catalog, "/text"));
	assert_int_equal(catalog_verify(&catalog, scratch_store(), &signer), DIGSIG_VERDICT_OK);
	assert_non_null(signer);
	catalog_free(&catalog);
	free(bytes.data);

	build_with(folder, CATALOG_FIRMWARE, 1, &bytes, &counts);
	parse(&bytes, &catalog);
	assert_int_equal(catalog.count, 4);
	assert_true(has_file(&catalog, "blob", 4));
	catalog_free(&catalog);
	free(bytes.data);

	build_with(folder, CATALOG_EVERYTHING, 3, &bytes, &counts);
	parse(&bytes, &catalog);
	assert_int_equal(catalog.count, 9);
	assert_true(has_file(&catalog, "", 0));
	catalog_free(&catalog);
	free(bytes.data);
	free(folder);
}

static void links_and_equal_files_are_one_digest(void **state)
{
	char *folder = new_folder("links"), *second;
	struct catalog_counts counts;
	struct catalog catalog;
	struct bytes bytes;

	(void)state;
	write_file(path_in(folder, "a"), "\177ELF", 4, 0755);
	second = strdup(path_in(folder, "hard"));
	assert_int_equal(link(path_in(folder, "a"), second), 0);
	free(second);
	write_file(path_in(folder, "copy"), "\177ELF", 4, 0755);
	build_with(folder, 0, 2, &bytes, &counts);
	assert_int_equal(counts.seen, 2);
	assert_int_equal(counts.files, 2);
	assert_int_equal(counts.digests, 1);
	parse(&bytes, &catalog);
	assert_int_equal(catalog.count, 1);
	assert_true(names(&catalog, "/a") && names(&catalog, "/hard") && names(&catalog, "/copy"));
	catalog_free(&catalog);
	free(bytes.data);
	free(folder);
}

static void what_cannot_be_read_is_told(void **state)
{
	char *missing = strdup(scratch_path("nothing-there"));
	struct catalog_statement statement = { .signer = scratch_signer() };
	struct catalog_work work = { 0 };
	struct catalog_builder *builder;
	struct catalog_counts counts;
	size_t size;
	__u8 *bytes;

	(void)state;
	builder = new_builder(0);
	assert_int_equal(catalog_builder_add(builder, missing), 0);
	assert_string_equal(last_complaint, missing);
	assert_int_equal(last_error, -ENOENT);
	assert_int_equal(catalog_builder_hash(builder, &work), 0);
	catalog_builder_count(builder, &counts);
	assert_int_equal(counts.failed, 1);
	assert_int_equal(catalog_builder_finish(builder, &statement, &bytes, &size), -ENODATA);
	catalog_builder_free(builder);
	free(missing);
}

/* For file_progress: somebody writes to the file while it is read. */
static void write_to_it(void *context, __u64 done, __u64 total)
{
	int fd = open(context, O_WRONLY | O_APPEND);

	(void)done;
	(void)total;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "more", 4), 4);
	close(fd);
}

static void what_changes_while_it_is_read_is_told(void **state)
{
	const char *path = scratch_path("written");
	const struct file_progress progress = { write_to_it, (void *)path };
	struct catalog_work work = { .threads = 1, .progress = &progress };
	struct catalog_builder *builder;
	struct catalog_counts counts;

	(void)state;
	write_file(path, "text", 4, 0600);
	builder = new_builder(CATALOG_EVERYTHING);
	assert_int_equal(catalog_builder_add(builder, path), 0);
	assert_int_equal(catalog_builder_hash(builder, &work), 0);
	catalog_builder_count(builder, &counts);
	assert_int_equal(counts.files, 0);
	assert_int_equal(counts.failed, 1);
	assert_int_equal(last_error, -EAGAIN);
	catalog_builder_free(builder);
}

/* A pipe in its place would be waited for, or have the digest of nothing. */
static void what_is_no_file_any_more_is_left_out(void **state)
{
	const char *path = scratch_path("replaced");
	struct catalog_work work = { .threads = 1 };
	struct catalog_builder *builder;
	struct catalog_counts counts;

	(void)state;
	write_file(path, "text", 4, 0600);
	builder = new_builder(CATALOG_EVERYTHING);
	assert_int_equal(catalog_builder_add(builder, path), 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(catalog_builder_hash(builder, &work), 0);
	catalog_builder_count(builder, &counts);
	assert_int_equal(counts.files, 0);
	catalog_builder_free(builder);
	assert_int_equal(unlink(path), 0);
}

static int count_digest(void *context, const __u8 *digest, const char *name)
{
	size_t *count = context;

	(void)digest;
	(void)name;
	++*count;
	return 0;
}

static void many_digests_take_several_parts(void **state)
{
	enum { COUNT = 2 * DIGSIG_CATALOG_DIGESTS_MAX + 3 };
	__u8 *digests = malloc((size_t)COUNT * DIGSIG_DIGEST_SIZE), other[DIGSIG_DIGEST_SIZE];
	size_t visited = 0, swapped;
	struct signed_as signed_as;
	struct catalog catalog;
	struct bytes bytes;
	__u8 *first;

	(void)state;
	assert_non_null(digests);
	assert_int_equal(RAND_bytes(digests, COUNT * DIGSIG_DIGEST_SIZE), 1);
	build_random(COUNT, digests, &bytes);
	parse(&bytes, &catalog);
	assert_int_equal(catalog.part_count, 3);
	assert_int_equal(catalog.count, COUNT);
	for (size_t i = 0; i < COUNT; i += 97)
		assert_true(catalog_find(&catalog, digests + i * DIGSIG_DIGEST_SIZE, &signed_as));
	memset(other, 0x5a, sizeof(other));
	assert_false(catalog_find(&catalog, other, &signed_as));
	assert_int_equal(catalog_visit(&catalog, count_digest, &visited), 0);
	assert_int_equal(visited, COUNT);
	assert_int_equal(catalog_verify(&catalog, scratch_store(), NULL), DIGSIG_VERDICT_OK);

	/* A digest is found by all of its bytes. */
	memcpy(other, digests, sizeof(other));
	other[DIGSIG_DIGEST_SIZE - 1] ^= 1;
	assert_false(catalog_find(&catalog, other, &signed_as));

	/* Each part has a signature of its own: a digest of the second, the CMS of the third. */
	first = catalog.bytes + catalog.parts[0].size + DIGSIG_CATALOG_HEADER_SIZE +
		1000 * DIGSIG_DIGEST_SIZE - 1;
	*first ^= 1;
	assert_int_equal(catalog_verify(&catalog, scratch_store(), NULL), DIGSIG_VERDICT_BADSIG);
	*first ^= 1;
	first = catalog.bytes + catalog.parts[0].size + catalog.parts[1].size +
		digsig_catalog_signed_size(3) + catalog.parts[2].cms_size - 1;
	*first ^= 1;
	assert_int_equal(catalog_verify(&catalog, scratch_store(), NULL), DIGSIG_VERDICT_BADSIG);

	/* A part that begins before the one before it ends, or is another catalog's. */
	first = bytes.data + catalog.parts[0].size + DIGSIG_CATALOG_HEADER_SIZE;
	memcpy(other, first, sizeof(other));
	memcpy(first, bytes.data + DIGSIG_CATALOG_HEADER_SIZE + DIGSIG_DIGEST_SIZE, sizeof(other));
	assert_int_equal(defect_of(bytes.data, bytes.size), DIGSIG_CATALOG_ORDER);
	memcpy(first, other, sizeof(other));
	first = bytes.data + catalog.parts[0].size + offsetof(struct digsig_catalog_header, epoch);
	*first ^= 1;
	assert_int_equal(defect_of(bytes.data, bytes.size), DIGSIG_CATALOG_PARTS);
	*first ^= 1;

	/* The first two parts, which are of one size, in each other's place. */
	swapped = catalog.parts[0].size;
	assert_int_equal(swapped, catalog.parts[1].size);
	first = malloc(swapped);
	assert_non_null(first);
	memcpy(first, bytes.data, swapped);
	memcpy(bytes.data, bytes.data + swapped, swapped);
	memcpy(bytes.data + swapped, first, swapped);
	assert_int_equal(defect_of(bytes.data, bytes.size), DIGSIG_CATALOG_PARTS);
	free(first);
	catalog_free(&catalog);
	free(bytes.data);
	free(digests);
}

/* The defect of a catalog of one digest with these names. */
static enum digsig_catalog_defect defect_of_names(const char *names, size_t size)
{
	const __u8 digest[DIGSIG_DIGEST_SIZE] = {1};
	struct digsig_catalog_header *header;
	enum digsig_catalog_defect defect;
	struct bytes bytes, changed = {0};

	build_random(1, digest, &bytes);
	header = (void *)bytes.data;
	bytes_append(&changed, bytes.data, digsig_le32(header->part_size));
	bytes_append(&changed, names, size);
	header = (void *)changed.data;
	header->names_size = digsig_le64(size);
	SHA256((const __u8 *)names, size, header->names_digest);
	defect = defect_of(changed.data, changed.size);
	free(bytes.data);
	bytes_free(&changed);
	return defect;
}

static void names_are_one_list_a_digest(void **state)
{
	static char names[DIGSIG_CATALOG_NAME_MAX + 3];

	(void)state;
	assert_int_equal(defect_of_names("a\0b\0", 5), DIGSIG_CATALOG_GOOD);
	assert_int_equal(defect_of_names("a\0b\0\0", 6), DIGSIG_CATALOG_NAMES);
	assert_int_equal(defect_of_names("a\0b", 4), DIGSIG_CATALOG_NAMES);
	memset(names, 'x', DIGSIG_CATALOG_NAME_MAX);
	assert_int_equal(defect_of_names(names, DIGSIG_CATALOG_NAME_MAX + 2), DIGSIG_CATALOG_GOOD);
	names[DIGSIG_CATALOG_NAME_MAX] = 'x';
	assert_int_equal(defect_of_names(names, DIGSIG_CATALOG_NAME_MAX + 3), DIGSIG_CATALOG_NAMES);
}

static int note_name(void *context, const __u8 *digest, const char *name)
{
	(void)digest;
	strcat(context, name);
	strcat(context, ",");
	return 0;
}

/* A folder that was given twice gives its names twice; and a name may be longer than a catalog's. */
static void each_name_that_has_room_is_there_once(void **state)
{
	static char too_long[DIGSIG_CATALOG_NAME_MAX + 2];
	static const char *const added[] = { "a", "b", "a", too_long };
	struct catalog_statement statement = { .signer = scratch_signer() };
	const struct stat st = { 0 };
	char names[2 * sizeof(too_long)] = "";
	struct catalog_builder *builder;
	enum digsig_catalog_defect defect;
	struct catalog catalog;
	size_t size;
	__u8 *bytes;

	(void)state;
	memset(too_long, 'x', sizeof(too_long) - 1);
	builder = new_builder(CATALOG_EVERYTHING);
	for (size_t i = 0; i < sizeof(added) / sizeof(added[0]); i++) {
		assert_int_equal(builder_add_file(builder, added[i], &st), 0);
		builder->candidates[i].state = CANDIDATE_HASHED;
	}
	assert_int_equal(catalog_builder_finish(builder, &statement, &bytes, &size), 0);
	catalog_builder_free(builder);
	assert_int_equal(catalog_parse(bytes, size, &catalog, &defect), 0);
	assert_int_equal(catalog_visit(&catalog, note_name, names), 0);
	assert_string_equal(names, "a,b,");
	catalog_free(&catalog);
}

static void only_a_file_is_a_catalog(void **state)
{
	enum digsig_catalog_defect defect;
	struct catalog catalog;

	(void)state;
	assert_int_equal(catalog_read(scratch_directory(), &catalog, &defect), -EINVAL);
	assert_int_equal(mkfifo(scratch_path("pipe"), 0600), 0);
	assert_int_equal(catalog_read(scratch_path("pipe"), &catalog, &defect), -EINVAL);
}

/* The largest numbers are fine, and one more is not; the kernel's room is made for these. */
static void numbers_have_bounds(void **state)
{
	struct digsig_catalog_header header = {.version = digsig_le16(DIGSIG_CATALOG_VERSION),
		.hash_algorithm = digsig_le16(DIGSIG_HASH_SHA256),
		.parts = digsig_le32(DIGSIG_CATALOG_PARTS_MAX),
		.part = digsig_le32(DIGSIG_CATALOG_PARTS_MAX - 1)};
	struct digsig_catalog_footer footer = {
		.version = digsig_le16(DIGSIG_CATALOG_VERSION), .cms_size = digsig_le32(100)};
	const __u32 most = DIGSIG_CATALOG_DIGESTS_MAX, size = digsig_catalog_part_size(most, 100);

	(void)state;
	memcpy(header.magic, DIGSIG_CATALOG_HEADER_MAGIC, DIGSIG_MAGIC_SIZE);
	memcpy(footer.magic, DIGSIG_CATALOG_FOOTER_MAGIC, DIGSIG_MAGIC_SIZE);
	header.count = digsig_le32(most);
	header.part_size = digsig_le32(size);
	assert_int_equal(digsig_catalog_check_header(&header), DIGSIG_CATALOG_GOOD);
	header.count = digsig_le32(most + 1);
	header.part_size = digsig_le32(digsig_catalog_part_size(most + 1, 100));
	assert_int_equal(digsig_catalog_check_header(&header), DIGSIG_CATALOG_COUNT);
	header.count = digsig_le32(most);
	header.parts = digsig_le32(DIGSIG_CATALOG_PARTS_MAX + 1);
	assert_int_equal(digsig_catalog_check_header(&header), DIGSIG_CATALOG_COUNT);
	/* No larger CMS, though there would be room for it where there are few digests. */
	for (__u32 cms = DIGSIG_CMS_MAX; cms <= DIGSIG_CMS_MAX + 1; cms++) {
		const __u32 few = digsig_catalog_part_size(1, cms);

		footer.cms_size = digsig_le32(cms);
		footer.part_size = digsig_le32(few);
		assert_int_equal(digsig_catalog_check_footer(&footer, 1, few),
			cms == DIGSIG_CMS_MAX ? DIGSIG_CATALOG_GOOD : DIGSIG_CATALOG_SIZE);
	}
	footer.cms_size = digsig_le32(100);
	/* No more padding than the CMS needs. */
	footer.part_size = digsig_le32(size);
	assert_int_equal(digsig_catalog_check_footer(&footer, most, size), DIGSIG_CATALOG_GOOD);
	footer.part_size = digsig_le32(size + 64);
	assert_int_equal(
		digsig_catalog_check_footer(&footer, most, size + 64), DIGSIG_CATALOG_SIZE);
}

/* Or a catalog could name another key than the one that signed it, and escape its revocation. */
static void the_named_key_is_the_signers(void **state)
{
	const __u32 signed_size = digsig_catalog_signed_size(1);
	__u8 digest[DIGSIG_DIGEST_SIZE] = { 1 };
	struct catalog catalog;
	struct bytes bytes;
	size_t size;

	(void)state;
	build_random(1, digest, &bytes);
	bytes.data[signed_size - 1] = 1;
	assert_int_equal(defect_of(bytes.data, bytes.size), DIGSIG_CATALOG_PADDING);
	bytes.data[signed_size - 1] = 0;
	bytes.data[offsetof(struct digsig_catalog_header, key_id)] ^= 1;
	assert_int_equal(cms_sign_content(scratch_signer(), bytes.data, signed_size,
				 bytes.data + signed_size, &size),
		0);
	parse(&bytes, &catalog);
	assert_int_equal(
		catalog_verify(&catalog, scratch_store(), NULL), DIGSIG_VERDICT_MALFORMED);
	catalog_free(&catalog);
	free(bytes.data);
}

static enum digsig_verdict verdict_of(
	const struct revocations *list, const struct file_judgement *judgement)
{
	struct file_judgement judged = *judgement;

	revocations_judge(list, &judged);
	return judged.verdict;
}

static void revocations_count_whole_and_outweigh_epochs(void **state)
{
	struct file_judgement judgement = { .verdict = DIGSIG_VERDICT_OK, .signed_as.epoch = 1 };
	struct digsig_revocation digest, key, below, entries[2];
	struct revocations list = { .entries = entries, .count = 1 };
	__u8 subject[DIGSIG_DIGEST_SIZE] = { 0 };

	(void)state;
	memcpy(judgement.signed_as.identity, "tool", 4);
	subject[DIGSIG_DIGEST_SIZE - 1] = 1;
	revocation_of_digest(subject, &entries[0]);
	assert_int_equal(verdict_of(&list, &judgement), DIGSIG_VERDICT_OK);
	memset(subject, 0, sizeof(subject));
	subject[DIGSIG_KEY_ID_SIZE - 1] = 1;
	revocation_of_key(subject, &entries[0]);
	assert_int_equal(verdict_of(&list, &judgement), DIGSIG_VERDICT_OK);

	memset(subject, 0, sizeof(subject));
	revocation_of_digest(subject, &digest);
	revocation_of_key(subject, &key);
	assert_true(revocation_below("tool", 2, &below));
	entries[0] = below;
	assert_int_equal(verdict_of(&list, &judgement), DIGSIG_VERDICT_ROLLBACK);
	assert_true(revocation_below("tools", 2, &entries[0]));
	assert_int_equal(verdict_of(&list, &judgement), DIGSIG_VERDICT_OK);
	assert_true(revocation_below("tool", 1, &entries[0]));
	assert_int_equal(verdict_of(&list, &judgement), DIGSIG_VERDICT_OK);
	entries[0] = below;
	list.count = 2;
	entries[1] = digest;
	assert_int_equal(verdict_of(&list, &judgement), DIGSIG_VERDICT_REVOKED);
	entries[1] = key;
	assert_int_equal(verdict_of(&list, &judgement), DIGSIG_VERDICT_REVOKED);
	entries[0] = key;
	entries[1] = below;
	assert_int_equal(verdict_of(&list, &judgement), DIGSIG_VERDICT_REVOKED);
	/* Of what is not signed well nobody knows whose it is. */
	judgement.verdict = DIGSIG_VERDICT_TAMPERED;
	assert_int_equal(verdict_of(&list, &judgement), DIGSIG_VERDICT_TAMPERED);
}

#define DIGITS_40 "0123456789012345678901234567890123456789"
#define IDENTITY_64 "1234567890123456789012345678901234567890123456789012345678901234"

static void lines_of_revocations_are_whole(void **state)
{
	static const struct {
		const char *line;
		int result;
	} cases[] = {{"# a remark", 1}, {"key " DIGITS_40, 0}, {"key " DIGITS_40 "0", -EINVAL},
		{"key x" DIGITS_40, -EINVAL}, {"digest " DIGITS_40, -EINVAL},
		{"digest " DIGITS_40 "012345678901234567890123", 0},
		{"digest " DIGITS_40 "01234567890123456789012g", -EINVAL}, {"below 3 tool", 0},
		{"below x tool", -EINVAL}, {"below 3x tool", -EINVAL}, {"below -3 tool", -EINVAL},
		{"below 18446744073709551616 tool", -EINVAL}, {"below 3", -EINVAL},
		{"below 3 a\tb", -EINVAL}, {"below 3 " IDENTITY_64, 0},
		{"below 3 " IDENTITY_64 "x", -EINVAL}};
	char line[REVOCATION_LINE_MAX + 1];
	struct digsig_revocation entry;
	const char *wrong;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (revocation_parse(cases[i].line, &entry, &wrong) != cases[i].result)
			fail_msg("%s", cases[i].line);
	assert_false(revocation_below("", 1, &entry));
	/* As long as a line may be, and longer by one. */
	memset(line, '#', sizeof(line));
	line[REVOCATION_LINE_MAX - 1] = '\0';
	assert_int_equal(revocation_parse(line, &entry, &wrong), 1);
	line[REVOCATION_LINE_MAX - 1] = '#';
	line[REVOCATION_LINE_MAX] = '\0';
	assert_int_equal(revocation_parse(line, &entry, &wrong), -EINVAL);
}

static void a_known_revocation_is_not_added(void **state)
{
	const __u8 key_id[DIGSIG_KEY_ID_SIZE] = {1};
	struct digsig_revocation entry;
	struct revocations list = {0};

	(void)state;
	revocation_of_key(key_id, &entry);
	assert_int_equal(revocations_add(&list, &entry), 1);
	assert_int_equal(revocations_add(&list, &entry), 0);
	/* Of one identity the highest epoch counts. */
	assert_true(revocation_below("tool", 5, &entry));
	assert_int_equal(revocations_add(&list, &entry), 1);
	assert_true(revocation_below("tool", 4, &entry));
	assert_int_equal(revocations_add(&list, &entry), 0);
	assert_true(revocation_below("tool", 6, &entry));
	assert_int_equal(revocations_add(&list, &entry), 1);
	assert_int_equal(list.count, 2);
	assert_int_equal(list.entries[1].epoch, 6);
	/* The kernel has room for so many. */
	for (unsigned int epoch = 0; list.count < DIGSIG_REVOKED_MAX; epoch++) {
		char identity[16];

		snprintf(identity, sizeof(identity), "%u", epoch);
		assert_true(revocation_below(identity, 1, &entry));
		assert_int_equal(revocations_add(&list, &entry), 1);
	}
	assert_true(revocation_below("more", 1, &entry));
	assert_int_equal(revocations_add(&list, &entry), -ENOSPC);
	revocations_free(&list);
}

static void a_million_duplicates_are_one_digest(void **state)
{
	enum { COUNT = 1000000 };
	__u8 *digests = calloc(COUNT, DIGSIG_DIGEST_SIZE);
	struct catalog catalog;
	struct bytes bytes;
	size_t visited = 0;

	(void)state;
	assert_non_null(digests);
	build_random(COUNT, digests, &bytes);
	parse(&bytes, &catalog);
	assert_int_equal(catalog.count, 1);
	assert_int_equal(catalog_visit(&catalog, count_digest, &visited), 0);
	assert_int_equal(visited, COUNT);
	catalog_free(&catalog);
	free(bytes.data);
	free(digests);
}

static void no_changed_byte_goes_unnoticed(void **state)
{
	__u8 digests[3][DIGSIG_DIGEST_SIZE];
	struct bytes bytes;

	(void)state;
	assert_int_equal(RAND_bytes(digests[0], sizeof(digests)), 1);
	build_random(3, digests[0], &bytes);
	for (size_t i = 0; i < bytes.size; i++) {
		enum digsig_catalog_defect defect;
		struct catalog catalog;
		__u8 *copy = malloc(bytes.size);

		assert_non_null(copy);
		memcpy(copy, bytes.data, bytes.size);
		copy[i] ^= (__u8)(1 << i % 8);
		if (catalog_parse(copy, bytes.size, &catalog, &defect)) {
			free(copy);
			continue;
		}
		if (catalog_verify(&catalog, scratch_store(), NULL) == DIGSIG_VERDICT_OK)
			fail_msg("byte %zu", i);
		catalog_free(&catalog);
	}
	for (size_t size = 0; size < bytes.size; size++)
		if (!defect_of(bytes.data, size))
			fail_msg("cut to %zu bytes", size);
	free(bytes.data);
}

#define HEADER(member) offsetof(struct digsig_catalog_header, member)

static void every_defect_is_found(void **state)
{
	/* Of a catalog with two digests; offsets below 0 count from the end of its part. */
	const struct {
		long offset;
		__u8 value;
		enum digsig_catalog_defect defect;
	} cases[] = {
		{ HEADER(magic), 'X', DIGSIG_CATALOG_MAGIC },
		{ HEADER(version), 2, DIGSIG_CATALOG_VERSION_UNKNOWN },
		{ HEADER(hash_algorithm), 2, DIGSIG_CATALOG_HASH },
		{ HEADER(flags) + 3, 1, DIGSIG_CATALOG_FLAGS },
		{ HEADER(reserved) + 83, 1, DIGSIG_CATALOG_RESERVED },
		{ HEADER(count), 0, DIGSIG_CATALOG_COUNT },
		{ HEADER(count) + 2, 1, DIGSIG_CATALOG_COUNT },
		{ HEADER(parts), 0, DIGSIG_CATALOG_COUNT },
		{ HEADER(parts) + 1, 8, DIGSIG_CATALOG_COUNT },
		{ HEADER(part), 1, DIGSIG_CATALOG_COUNT },
		{ HEADER(names_size) + 7, 1, DIGSIG_CATALOG_COUNT },
		{ HEADER(identity) + 1, 'x', DIGSIG_CATALOG_IDENTITY },
		{ HEADER(part_size), 1, DIGSIG_CATALOG_SIZE },
		{ HEADER(part_size) + 3, 1, DIGSIG_CATALOG_SIZE },
		{ HEADER(part_size) + 1, 0, DIGSIG_CATALOG_SIZE },
		{ HEADER(part_size) + 1, 0x80, DIGSIG_CATALOG_CUT },
		{ HEADER(names_size), 0, DIGSIG_CATALOG_TRAILING },
		{ HEADER(names_size) + 1, 1, DIGSIG_CATALOG_CUT },
		{ HEADER(names_digest), 0, DIGSIG_CATALOG_NAMES_DIGEST },
		{ -64, 'X', DIGSIG_CATALOG_FOOTER },
		{ -64 + 8, 2, DIGSIG_CATALOG_FOOTER },
		{ -64 + 63, 1, DIGSIG_CATALOG_FOOTER },
		{ -64 + 12, 1, DIGSIG_CATALOG_FOOTER },
		{ -64 + 17, 9, DIGSIG_CATALOG_SIZE },
		{ -65, 1, DIGSIG_CATALOG_PADDING },
		{ 256 + 64 + 1, 0x83, DIGSIG_CATALOG_CMS },
		{ 256, 3, DIGSIG_CATALOG_ORDER },
		{ 256 + 32, 1, DIGSIG_CATALOG_ORDER },
	};
	__u8 digests[2][DIGSIG_DIGEST_SIZE] = { { 1 }, { 2 } };
	bool seen[DIGSIG_CATALOG_DEFECT_COUNT] = { 0 };
	struct digsig_catalog_header header;
	struct bytes bytes;

	(void)state;
	build_random(2, digests[0], &bytes);
	memcpy(&header, bytes.data, sizeof(header));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		__u8 *byte = bytes.data + cases[i].offset +
			(cases[i].offset < 0 ? (long)digsig_le32(header.part_size) : 0);
		__u8 before = *byte;

		*byte = cases[i].value;
		if (defect_of(bytes.data, bytes.size) != cases[i].defect)
			fail_msg("case %zu: expected \"%s\", got \"%s\"", i,
				catalog_defect_meaning(cases[i].defect),
				catalog_defect_meaning(defect_of(bytes.data, bytes.size)));
		*byte = before;
		seen[cases[i].defect] = true;
	}
	/* Twice the same digest; names that were signed, and are no lists. */
	memcpy(bytes.data + 256 + 32, bytes.data + 256, 32);
	assert_int_equal(defect_of(bytes.data, bytes.size), DIGSIG_CATALOG_ORDER);
	bytes.data[256 + 32] = 2;
	memset(bytes.data + digsig_le32(header.part_size), 'x',
		bytes.size - digsig_le32(header.part_size));
	SHA256(bytes.data + digsig_le32(header.part_size),
		bytes.size - digsig_le32(header.part_size), bytes.data + HEADER(names_digest));
	assert_int_equal(defect_of(bytes.data, bytes.size), DIGSIG_CATALOG_NAMES);
	seen[DIGSIG_CATALOG_NAMES] = true;
	/* Its own test shows this one. */
	seen[DIGSIG_CATALOG_PARTS] = true;
	for (int i = 1; i < DIGSIG_CATALOG_DEFECT_COUNT; i++)
		if (!seen[i])
			fail_msg("no case for \"%s\"", catalog_defect_meaning(i));
	assert_string_equal(catalog_defect_meaning(DIGSIG_CATALOG_DEFECT_COUNT), "?");
	free(bytes.data);
}

static void only_trusted_catalogs_come_into_a_set(void **state)
{
	__u8 digests[1][DIGSIG_DIGEST_SIZE] = { { 1 } };
	char *path = strdup(scratch_path("set.catalog"));
	struct catalog_problem problem;
	struct signed_as signed_as;
	struct trust_store *nobody;
	struct catalog_set *set;
	struct bytes bytes;

	(void)state;
	build_random(1, digests[0], &bytes);
	assert_int_equal(file_write_whole(path, bytes.data, bytes.size), 0);
	assert_int_equal(catalog_set_new(&set), 0);
	assert_int_equal(trust_store_new(&nobody), 0);
	assert_int_equal(catalog_set_add(set, path, nobody, &problem), -EKEYREJECTED);
	assert_int_equal(problem.verdict, DIGSIG_VERDICT_UNKNOWNKEY);
	assert_false(catalog_set_find(set, digests[0], &signed_as));
	assert_int_equal(catalog_set_add(set, path, scratch_store(), &problem), 0);
	assert_true(catalog_set_find(set, digests[0], &signed_as));

	/* What is refused brings no digest, and takes none. */
	assert_memory_equal(bytes.data + 256, digests[0], DIGSIG_DIGEST_SIZE);
	bytes.data[256] ^= 1;
	assert_int_equal(file_write_whole(path, bytes.data, bytes.size), 0);
	assert_int_equal(catalog_set_add(set, path, scratch_store(), &problem), -EKEYREJECTED);
	assert_int_equal(problem.verdict, DIGSIG_VERDICT_BADSIG);
	assert_int_equal(file_write_whole(path, bytes.data, 300), 0);
	assert_int_equal(catalog_set_add(set, path, scratch_store(), &problem), -EBADMSG);
	assert_int_equal(problem.defect, DIGSIG_CATALOG_CUT);
	assert_false(catalog_set_find(set, bytes.data + 256, &signed_as));
	assert_true(catalog_set_find(set, digests[0], &signed_as));
	catalog_set_free(set);
	trust_store_free(nobody);
	free(bytes.data);
	free(path);
}

static void folders_give_their_catalogs(void **state)
{
	char *folder = new_folder("catalogs"), **paths;

	(void)state;
	assert_int_equal(catalog_paths(folder, &paths), -ENODATA);
	write_file(path_in(folder, "b.catalog"), "", 0, 0600);
	write_file(path_in(folder, "a.catalog"), "", 0, 0600);
	write_file(path_in(folder, ".c.catalog"), "", 0, 0600);
	write_file(path_in(folder, "other"), "", 0, 0600);
	assert_int_equal(catalog_paths(folder, &paths), 2);
	assert_string_equal(paths[0], path_in(folder, "a.catalog"));
	catalog_paths_free(paths, 2);
	assert_int_equal(catalog_paths(path_in(folder, "other"), &paths), 1);
	catalog_paths_free(paths, 1);
	assert_int_equal(catalog_paths(path_in(folder, "missing"), &paths), -ENOENT);
	free(folder);
}

/* What sum_line_parse says of a line; where it is one, *name is to be freed. */
static int parse_line(const char *text, char **name)
{
	char *line = strdup(text);
	__u8 digest[DIGSIG_DIGEST_SIZE];
	const char *found;
	int err;

	assert_non_null(line);
	err = sum_line_parse(line, strlen(line), digest, &found);
	*name = err ? NULL : strdup(found);
	if (!err)
		assert_int_equal(digest[31], 0xef);
	free(line);
	return err;
}

#define HEX_62 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd"

static void lines_of_sha256sum_are_read(void **state)
{
	static const struct {
		const char *line, *name; /* NULL: it is none */
	} cases[] = {
		{ HEX_62 "ef  name", "name" },
		{ HEX_62 "ef *name", "name" },
		{ HEX_62 "ef   two\\n", " two\\n" }, /* no escape where the line does not begin so */
		{ HEX_62 "ef  name\r", "name" },
		{ "\\" HEX_62 "ef  a\\nb\\\\c\\rd", "a\nb\\c\rd" },
		{ "\\" HEX_62 "ef  plain", "plain" },
		{ "\\" HEX_62 "ef  a\\tb", NULL },
		{ "\\" HEX_62 "ef  ends\\", NULL },
		{ "\\\\" HEX_62 "ef  twice", NULL },
		{ HEX_62 "ef  ", NULL },
		{ HEX_62 "ef  \r", NULL },
		{ HEX_62 "ef name", NULL },
		{ HEX_62 "e  name", NULL },
		{ HEX_62 "EF  name", NULL },
		{ "\\", NULL },
		{ "\r", NULL },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *name;
		int err = parse_line(cases[i].line, &name);

		assert_int_equal(err, cases[i].name ? 0 : -EBADMSG);
		if (!err)
			assert_string_equal(name, cases[i].name);
		free(name);
	}
}

static int remove_all(void **state)
{
	(void)state;
	scratch_remove();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_can_be_executed_is_chosen),
		cmocka_unit_test(links_and_equal_files_are_one_digest),
		cmocka_unit_test(what_cannot_be_read_is_told),
		cmocka_unit_test(what_changes_while_it_is_read_is_told),
		cmocka_unit_test(what_is_no_file_any_more_is_left_out),
		cmocka_unit_test(many_digests_take_several_parts),
		cmocka_unit_test(names_are_one_list_a_digest),
		cmocka_unit_test(each_name_that_has_room_is_there_once),
		cmocka_unit_test(only_a_file_is_a_catalog),
		cmocka_unit_test(numbers_have_bounds),
		cmocka_unit_test(the_named_key_is_the_signers),
		cmocka_unit_test(revocations_count_whole_and_outweigh_epochs),
		cmocka_unit_test(lines_of_revocations_are_whole),
		cmocka_unit_test(a_known_revocation_is_not_added),
		cmocka_unit_test(a_million_duplicates_are_one_digest),
		cmocka_unit_test(no_changed_byte_goes_unnoticed),
		cmocka_unit_test(every_defect_is_found),
		cmocka_unit_test(only_trusted_catalogs_come_into_a_set),
		cmocka_unit_test(folders_give_their_catalogs),
		cmocka_unit_test(lines_of_sha256sum_are_read),
	};

	return cmocka_run_group_tests_name("catalog", tests, NULL, remove_all);
}
