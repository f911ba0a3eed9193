// SPDX-License-Identifier: GPL-2.0-or-later
/* Detached signatures, lists of digests, and bsign's sections: what is good is taken, nothing else. */
#include "support.h"
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "digsig/catalog/builder.h"
#include "digsig/catalog/detached.h"
#include "digsig/elf/bsign.h"

static void save(const char *name, const void *bytes, size_t size)
{
	int fd = open(scratch_path(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, size), size);
	close(fd);
}

static void make(const char *name, struct bytes *bytes)
{
	const struct catalog_statement statement = {
		.signer = scratch_signer(), .identity = "org.example.script", .epoch = 3
	};
	const struct catalog_work work = { .threads = 1 };

	assert_int_equal(detached_make(scratch_path(name), &statement, &work, &bytes->data,
				 &bytes->size),
		0);
}

static struct detached_finding judge(
	const char *name, const struct trust_store *store, enum digsig_verdict *verdict)
{
	int fd = open(scratch_path(name), O_RDONLY);
	struct file_judgement judgement;
	struct detached_finding finding;

	assert_true(fd >= 0);
	assert_int_equal(file_judge(fd, store, 0, &judgement), 0);
	assert_int_equal(judgement.verdict, DIGSIG_VERDICT_UNSIGNED);
	assert_int_equal(
		detached_judge(fd, scratch_path(name), store, NULL, &judgement, &finding), 0);
	close(fd);
	*verdict = judgement.verdict;
	return finding;
}

static void expect(const char *name, const struct trust_store *store, enum detached_state state,
	enum digsig_verdict wanted)
{
	enum digsig_verdict verdict;
	struct detached_finding finding = judge(name, store, &verdict);

	assert_int_equal(finding.state, state);
	assert_int_equal(detached_verdict(&finding), wanted);
	assert_int_equal(verdict,
		wanted == DIGSIG_VERDICT_OK ? DIGSIG_VERDICT_OK : DIGSIG_VERDICT_UNSIGNED);
}

/* A catalog of several files or parts is no detached signature, whatever it is called. */
static void expect_none_if(const struct bytes *bytes, size_t offset)
{
	enum digsig_catalog_defect defect;
	struct bytes changed = {0};
	struct catalog catalog;
	int fd;

	bytes_append(&changed, bytes->data, bytes->size);
	changed.data[offset] = 2;
	save("several", changed.data, changed.size);
	bytes_free(&changed);
	fd = open(scratch_path("several"), O_RDONLY);
	assert_true(fd >= 0);
	assert_int_equal(detached_read(fd, &catalog, &defect), -ENODATA);
	close(fd);
}

static void it_vouches_for_its_file_alone(void **state)
{
	static const char script[] = "#!/bin/sh\n", other[] = "#!/bin/sh\nexit\n";
	enum digsig_catalog_defect defect;
	struct trust_store *nobody;
	struct bytes bytes = { 0 };
	struct catalog catalog;
	int fd;

	(void)state;
	save("script", script, sizeof(script) - 1);
	expect("script", scratch_store(), DETACHED_NONE, DIGSIG_VERDICT_UNSIGNED);
	make("script", &bytes);
	assert_in_range(bytes.size, DIGSIG_CATALOG_PART_MIN, DETACHED_SIZE_MAX);
	save("script.digsig", bytes.data, bytes.size);
	expect("script", scratch_store(), DETACHED_GOOD, DIGSIG_VERDICT_OK);
	expect_none_if(&bytes, offsetof(struct digsig_catalog_header, count));
	expect_none_if(&bytes, offsetof(struct digsig_catalog_header, parts));
	/* What is larger than any is not read, though it begins like one. */
	bytes_append(&bytes, NULL, DETACHED_SIZE_MAX + 64 - bytes.size);
	save("larger", bytes.data, bytes.size);
	fd = open(scratch_path("larger"), O_RDONLY);
	assert_true(fd >= 0);
	assert_int_equal(detached_read(fd, &catalog, &defect), -ENODATA);
	close(fd);
	assert_int_equal(trust_store_new(&nobody), 0);
	expect("script", nobody, DETACHED_BAD, DIGSIG_VERDICT_UNKNOWNKEY);
	trust_store_free(nobody);
	save("script", other, sizeof(other) - 1);
	expect("script", scratch_store(), DETACHED_OTHER, DIGSIG_VERDICT_TAMPERED);
	save("script.digsig", script, sizeof(script) - 1);
	expect("script", scratch_store(), DETACHED_BAD, DIGSIG_VERDICT_MALFORMED);
	unlink(scratch_path("script.digsig"));
	bytes_free(&bytes);
}

/* Whether these bytes are a detached signature that a trusted key made. */
static bool is_good(const __u8 *bytes, size_t size)
{
	enum digsig_catalog_defect defect;
	struct catalog catalog;
	bool good;
	int fd, err;

	save("piece", bytes, size);
	fd = open(scratch_path("piece"), O_RDONLY);
	err = detached_read(fd, &catalog, &defect);
	close(fd);
	if (err) {
		assert_true(err == -ENODATA || err == -EBADMSG);
		return false;
	}
	good = catalog_verify(&catalog, scratch_store(), NULL) == DIGSIG_VERDICT_OK;
	catalog_free(&catalog);
	return good;
}

static void no_changed_one_is_taken(void **state)
{
	struct bytes bytes = { 0 };

	(void)state;
	save("file", "x", 1);
	make("file", &bytes);
	assert_true(is_good(bytes.data, bytes.size));
	for (size_t size = 0; size < bytes.size; size++)
		assert_false(is_good(bytes.data, size));
	for (size_t at = 0; at < bytes.size; at++) {
		bytes.data[at] ^= 1;
		assert_false(is_good(bytes.data, bytes.size));
		bytes.data[at] ^= 1;
	}
	bytes_free(&bytes);
}

static void names_are_made_and_told(void **state)
{
	char *path = detached_path("/usr/bin/x");

	(void)state;
	assert_string_equal(path, "/usr/bin/x.digsig");
	free(path);
	assert_true(detached_is_name("x.digsig"));
	assert_false(detached_is_name(".digsig"));
	assert_false(detached_is_name("x.digsig.old"));
}

static int add_digests(const char *text, size_t size, unsigned long *line, __u64 *files)
{
	FILE *list = fmemopen((void *)text, size, "r");
	struct catalog_builder *builder;
	int err;

	assert_non_null(list);
	assert_int_equal(catalog_builder_new(&builder, 0, NULL, NULL), 0);
	err = catalog_builder_add_digests(builder, list, line);
	*files = builder->counts.files;
	if (!err && *files)
		assert_int_equal(builder->candidates[0].digest[0], 0x01);
	catalog_builder_free(builder);
	fclose(list);
	return err;
}

#define HEX "01ef0123456789abcdef0123456789abcdef0123456789abcdef0123456789ab"

static void lists_of_digests_are_read(void **state)
{
	static const struct {
		const char *text;
		size_t size;
		int err;
		unsigned long line;
		__u64 files;
	} cases[] = {
#define CASE(text, ...) { text, sizeof(text) - 1, __VA_ARGS__ }
		CASE(HEX "  name\n", 0, 0, 1),
		CASE(HEX " *name\n" HEX "  with space", 0, 0, 2),
		CASE(HEX "  name\n\n", -EBADMSG, 2, 0),
		CASE(HEX "  \n", -EBADMSG, 1, 0),
		CASE(HEX " name\n", -EBADMSG, 1, 0),
		CASE(HEX "a  name\n", -EBADMSG, 1, 0),
		CASE("X" HEX "  name\n", -EBADMSG, 1, 0),
		CASE(HEX "  a\n" HEX "  b\0c\n", -EBADMSG, 2, 0),
		CASE("\\" HEX "  a\\nb\n", 0, 0, 1),
		CASE("\\" HEX "  a\\tb\n", -EBADMSG, 1, 0),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unsigned long line;
		__u64 files;
		int err = add_digests(cases[i].text, cases[i].size, &line, &files);

		assert_int_equal(err, cases[i].err);
		if (err)
			assert_int_equal(line, cases[i].line);
		else
			assert_int_equal(files, cases[i].files);
	}
}

/* An ELF file of two section headers, the second of them bsign's, whose bytes begin with text. */
static void make_bsign(struct bytes *bytes, const char *text, __u64 size, __u64 offset)
{
	Elf64_Ehdr header = { .e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64,
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
				      ELFDATA2LSB,
#else
				      ELFDATA2MSB,
#endif
				      EV_CURRENT },
		.e_type = ET_EXEC, .e_version = EV_CURRENT, .e_ehsize = sizeof(header),
		.e_shoff = sizeof(header), .e_shentsize = sizeof(Elf64_Shdr), .e_shnum = 2 };
	Elf64_Shdr sections[2] = { 0 };
	__u8 section[BSIGN_SECTION_SIZE] = { 0 };

	sections[1].sh_type = BSIGN_SECTION_TYPE;
	sections[1].sh_size = size;
	sections[1].sh_offset = offset ? offset : sizeof(header) + sizeof(sections);
	memcpy(section, text, strlen(text));
	memset(section + strlen(text), 0x55, BSIGN_HASH_SIZE);
	section[strlen(text) + BSIGN_HASH_SIZE + 1] = 70; /* bytes of signature */
	bytes->size = 0;
	bytes_append(bytes, &header, sizeof(header));
	bytes_append(bytes, sections, sizeof(sections));
	bytes_append(bytes, section, sizeof(section));
}

static int find(const struct bytes *bytes, struct bsign_section *section)
{
	struct elf_source source = bytes_source(bytes);

	return bsign_section_find(&source, section);
}

static void bsign_sections_are_found(void **state)
{
	static const char good[] = "#1; bsign v0.4.5\n";
	struct bsign_section section;
	struct bytes bytes = { 0 };
	size_t whole;

	(void)state;
	make_bsign(&bytes, good, BSIGN_SECTION_SIZE, 0);
	assert_int_equal(find(&bytes, &section), 1);
	assert_string_equal(section.version, "0.4.5");
	assert_int_equal(section.statement_size, sizeof(good) - 1 + BSIGN_HASH_SIZE);
	assert_int_equal(section.hash[0], 0x55);
	assert_int_equal(section.signature_size, 70);
	assert_ptr_equal(section.signature, section.bytes + section.statement_size + 2);
	whole = bytes.size;
	for (bytes.size = 0; bytes.size < whole; bytes.size++)
		assert_int_equal(find(&bytes, &section), 0);
	bytes.data[whole - BSIGN_SECTION_SIZE + sizeof(good) - 1 + BSIGN_HASH_SIZE] = 0xff;
	bytes.size = whole;
	assert_int_equal(find(&bytes, &section), 0);
	make_bsign(&bytes, good, 256, 0);
	assert_int_equal(find(&bytes, &section), 0);
	make_bsign(&bytes, good, BSIGN_SECTION_SIZE, ~0ULL - 100);
	assert_int_equal(find(&bytes, &section), 0);
	make_bsign(&bytes, "#1; bsign v\n", BSIGN_SECTION_SIZE, 0);
	assert_int_equal(find(&bytes, &section), 0);
	make_bsign(&bytes, "#1; bsign v00000000000000000000000000000000\n", BSIGN_SECTION_SIZE, 0);
	assert_int_equal(find(&bytes, &section), 0);
	make_bsign(&bytes, "#2; bsign v0.4.5\n", BSIGN_SECTION_SIZE, 0);
	assert_int_equal(find(&bytes, &section), 0);
	bytes_free(&bytes);
}

static int clean_up(void **state)
{
	(void)state;
	scratch_remove();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_vouches_for_its_file_alone),
		cmocka_unit_test(no_changed_one_is_taken),
		cmocka_unit_test(names_are_made_and_told),
		cmocka_unit_test(lists_of_digests_are_read),
		cmocka_unit_test(bsign_sections_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, clean_up);
}
