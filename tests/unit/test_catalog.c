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

	assert_int_equal(catalog_builder_new(&builder, selection, note_complaint, NULL), 0);
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

	assert_int_equal(
		catalog_builder_new(&builder, CATALOG_EVERYTHING, note_complaint, NULL), 0);
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
	write_file(path_in(folder, "module.ko.xz"), "compressed", 10, 0644);
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
	assert_true(has_file(&catalog, "compressed", 10));
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
	assert_int_equal(catalog.count, 7);
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
	assert_int_equal(catalog_builder_new(&builder, 0, note_complaint, NULL), 0);
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
	assert_int_equal(catalog_set_count(set), 1);

	bytes.data[256] ^= 1;
	assert_int_equal(file_write_whole(path, bytes.data, bytes.size), 0);
	assert_int_equal(catalog_set_add(set, path, scratch_store(), &problem), -EKEYREJECTED);
	assert_int_equal(problem.verdict, DIGSIG_VERDICT_BADSIG);
	assert_int_equal(file_write_whole(path, bytes.data, 300), 0);
	assert_int_equal(catalog_set_add(set, path, scratch_store(), &problem), -EBADMSG);
	assert_int_equal(problem.defect, DIGSIG_CATALOG_CUT);
	assert_int_equal(catalog_set_count(set), 1);
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
		cmocka_unit_test(many_digests_take_several_parts),
		cmocka_unit_test(a_million_duplicates_are_one_digest),
		cmocka_unit_test(no_changed_byte_goes_unnoticed),
		cmocka_unit_test(every_defect_is_found),
		cmocka_unit_test(only_trusted_catalogs_come_into_a_set),
		cmocka_unit_test(folders_give_their_catalogs),
	};

	return cmocka_run_group_tests_name("catalog", tests, NULL, remove_all);
}
