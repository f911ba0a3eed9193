// SPDX-License-Identifier: GPL-2.0-or-later
/* The state of a group of hosts: names, text, parts, and the signature around it. */
#include "support.h"
#include <errno.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "digsig/fleet/parts.h"
#include "digsig/fleet/signed_manifest.h"

#define HEX_1 "1111111111111111111111111111111111111111111111111111111111111111"
#define HEX_2 "2222222222222222222222222222222222222222222222222222222222222222"
#define HEAD "digsig-fleet 1\ngroup web\nsequence 42\nmade 2026-11-30T21:00:00Z\nvalid-until 2026-12-30T21:00:00Z\n"

static void names_of_groups_and_hosts(void **state)
{
	char longest[FLEET_HOST_MAX + 2];

	(void)state;
	assert_true(fleet_is_group("web"));
	assert_true(fleet_is_group("web-1_b"));
	assert_false(fleet_is_group(""));
	assert_false(fleet_is_group("Web"));
	assert_false(fleet_is_group("web.1"));
	assert_false(fleet_is_group("*"));
	assert_false(fleet_is_group("web 1"));
	assert_true(fleet_is_host("web1.example.org"));
	assert_true(fleet_is_host("web1"));
	assert_false(fleet_is_host(""));
	assert_false(fleet_is_host(".web1"));
	assert_false(fleet_is_host("web1."));
	assert_false(fleet_is_host("web1..org"));
	assert_false(fleet_is_host("web1.>"));
	assert_false(fleet_is_host("web1/.."));
	memset(longest, 'a', sizeof(longest));
	longest[FLEET_HOST_MAX + 1] = '\0';
	assert_false(fleet_is_host(longest));
	longest[FLEET_HOST_MAX] = '\0';
	assert_true(fleet_is_host(longest));
	assert_false(fleet_is_group(longest));
	longest[FLEET_GROUP_MAX] = '\0';
	assert_true(fleet_is_group(longest));
}

static void subjects(void **state)
{
	char subject[FLEET_SUBJECT_MAX], group[FLEET_GROUP_MAX + 1], host[FLEET_HOST_MAX + 1];
	__u8 digest[DIGSIG_DIGEST_SIZE];

	(void)state;
	memset(digest, 0x11, sizeof(digest));
	fleet_state_subject(FLEET_GROUP, "web", subject);
	assert_string_equal(subject, "digsig.state.group.web");
	fleet_state_subject(FLEET_HOST, "a.b", subject);
	assert_string_equal(subject, "digsig.state.host.a.b");
	fleet_blob_subject(digest, 17, subject);
	assert_string_equal(subject, "digsig.blob." HEX_1 ".17");
	fleet_inbox_prefix("web1.example.org", subject);
	assert_string_equal(subject, "_INBOX_web1_example_org");
	fleet_event_subject("web", "a.b", subject);
	assert_string_equal(subject, "digsig.event.web.a.b");
	/* The longest names fit. */
	memset(group, 'g', sizeof(group));
	memset(host, 'h', sizeof(host));
	group[FLEET_GROUP_MAX] = host[FLEET_HOST_MAX] = '\0';
	fleet_host_subject(group, host, subject);
	assert_int_equal(strlen(subject), strlen("digsig.host.") + FLEET_GROUP_MAX + 1 + FLEET_HOST_MAX);
}

static void a_blob_is_cut_into_parts(void **state)
{
	static const __u64 sizes[] = { 1, FLEET_PART_SIZE - 1, FLEET_PART_SIZE, FLEET_PART_SIZE + 1,
		7 * FLEET_PART_SIZE, FLEET_BLOB_MAX };

	(void)state;
	assert_int_equal(fleet_parts_count(0), 1);
	assert_int_equal(fleet_part_size(0, 0), 0);
	assert_int_equal(fleet_parts_count(FLEET_PART_SIZE), 1);
	assert_int_equal(fleet_parts_count(FLEET_PART_SIZE + 1), 2);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		unsigned int count = fleet_parts_count(sizes[i]);
		__u64 sum = 0;

		for (unsigned int part = 0; part < count; part++) {
			assert_in_range(fleet_part_size(sizes[i], part), 1, FLEET_PART_SIZE);
			sum += fleet_part_size(sizes[i], part);
		}
		assert_int_equal(sum, sizes[i]);
		assert_int_equal(fleet_part_size(sizes[i], count), 0);
	}
}

static void what_a_manifest_says(void **state)
{
	static const char text[] = "# of the web servers\r\n" HEAD
		"stale monitor\nmode enforcing # since May\nscopes exec\tmmap\nwx deny\nexpiry refuse\n\n"
		"catalog " HEX_1 " 700\nrevoked\t" HEX_2 "  1\n";
	struct fleet_manifest manifest;
	struct fleet_problem problem;

	(void)state;
	assert_int_equal(fleet_manifest_parse(text, sizeof(text) - 1, &manifest, &problem), 0);
	assert_int_equal(manifest.scope, FLEET_GROUP);
	assert_string_equal(manifest.name, "web");
	assert_int_equal(manifest.sequence, 42);
	assert_int_equal(manifest.made, 1796072400);
	assert_int_equal(manifest.valid_until, 1796072400 + 30 * 86400);
	assert_int_equal(manifest.stale, FLEET_STALE_MONITOR);
	assert_true(manifest.has_mode && manifest.has_scopes && manifest.has_wx && manifest.has_expiry);
	assert_int_equal(manifest.mode, DIGSIG_MODE_ENFORCING);
	assert_int_equal(manifest.scopes, DIGSIG_SCOPE_EXEC | DIGSIG_SCOPE_MMAP);
	assert_int_equal(manifest.wx, DIGSIG_WX_DENY);
	assert_int_equal(manifest.expiry, CONFIG_EXPIRY_REFUSE);
	assert_int_equal(manifest.blob_count, 2);
	assert_int_equal(manifest.blobs[0].kind, FLEET_CATALOG);
	assert_int_equal(manifest.blobs[0].digest[31], 0x11);
	assert_int_equal(manifest.blobs[0].size, 700);
	assert_int_equal(manifest.blobs[1].kind, FLEET_REVOKED);
	fleet_manifest_free(&manifest);
	assert_int_equal(fleet_manifest_parse(HEAD, sizeof(HEAD) - 1, &manifest, &problem), 0);
	assert_false(manifest.has_mode || manifest.has_scopes || manifest.has_wx || manifest.has_expiry);
	assert_int_equal(manifest.stale, FLEET_STALE_KEEP);
	fleet_manifest_free(&manifest);
}

static void what_is_refused(void **state)
{
	static const struct {
		const char *text, *problem;
	} cases[] = {
		{ "", "not the state of a fleet: it begins with digsig-fleet 1" },
		{ "\n# digsig-fleet 1\n", "not the state of a fleet: it begins with digsig-fleet 1" },
		{ "group web\ndigsig-fleet 1\n", "1: not the state of a fleet: it begins with digsig-fleet 1" },
		{ "digsig-fleet 2\nflavour sweet\n", "1: format 2: this digsig knows format 1: update it" },
		{ HEAD "digsig-fleet 1\n", "6: digsig-fleet: said before" },
		{ HEAD "flavour sweet\n", "6: flavour: no such word" },
		{ HEAD "\x1b[31m x\n", "6: \\x1b[31m: no such word" },
		{ HEAD "mode\n", "6: mode: nothing behind it" },
		{ HEAD "mode on\n", "6: mode: none of monitor, permissive and enforcing" },
		{ HEAD "mode monitor\nmode enforcing\n", "7: mode: said before" },
		{ HEAD "host web1\n", "6: both a group and a host: it is for one of them" },
		{ HEAD "group db\n", "6: group: said before" },
		{ HEAD "stale now\n", "6: stale: neither keep nor monitor" },
		{ HEAD "scopes exec exec\n", "6: scopes: exec: twice" },
		{ HEAD "scopes exec none\n", "6: scopes: none: no such scope" },
		{ HEAD "wx on\n", "6: wx: none of allow, audit and deny" },
		{ HEAD "expiry on\n", "6: expiry: none of ignore, warn and refuse" },
		{ HEAD "catalog " HEX_1 "\n", "6: catalog: expected a size from 1 to 67108864 behind the digest" },
		{ HEAD "catalog " HEX_1 " 0\n", "6: catalog: expected a size from 1 to 67108864 behind the digest" },
		{ HEAD "catalog " HEX_1 " 67108865\n", "6: catalog: expected a size from 1 to 67108864 behind the digest" },
		{ HEAD "catalog " HEX_1 " 7 7\n", "6: catalog: expected a size from 1 to 67108864 behind the digest" },
		{ HEAD "catalog 11 7\n", "6: catalog: expected 64 hexadecimal digits" },
		{ HEAD "catalog " HEX_1 " 7\nrevoked " HEX_1 " 7\n", "7: revoked: this digest was named before" },
		{ "digsig-fleet 1\ngroup Web\n", "2: group: no name of one: Web" },
		{ "digsig-fleet 1\nhost web..1\n", "2: host: no name of one: web..1" },
		{ "digsig-fleet 1\nsequence 0\n", "2: sequence: not a number from 1 on" },
		{ "digsig-fleet 1\nsequence 9223372036854775808\n", "2: sequence: not a number from 1 on" },
		{ "digsig-fleet 1\nmade 2026-02-30T21:00:00Z\n", "2: made: not a time as 2026-01-31T12:00:00Z" },
		{ "digsig-fleet 1\nmade 2026-02-03T21:00:00\n", "2: made: not a time as 2026-01-31T12:00:00Z" },
		{ "digsig-fleet 1\nsequence 1\n", "neither group nor host" },
		{ "digsig-fleet 1\ngroup web\n", "no sequence" },
		{ "digsig-fleet 1\ngroup web\nsequence 1\nvalid-until 2026-02-03T21:00:00Z\n", "no line \"made\"" },
		{ "digsig-fleet 1\ngroup web\nsequence 1\nmade 2026-02-03T21:00:00Z\n", "no line \"valid-until\"" },
		{ "digsig-fleet 1\ngroup web\nsequence 1\nmade 2026-02-03T21:00:00Z\nvalid-until 2026-02-03T21:00:00Z\n",
			"valid-until is not after made" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fleet_manifest manifest;
		struct fleet_problem problem = { "" };

		assert_int_equal(
			fleet_manifest_parse(cases[i].text, strlen(cases[i].text), &manifest, &problem), -EINVAL);
		assert_string_equal(problem.text, cases[i].problem);
		assert_null(manifest.blobs);
	}
}

static void what_is_too_large_or_no_text(void **state)
{
	char *large = malloc(FLEET_MANIFEST_MAX + 1);
	struct fleet_manifest manifest;
	struct fleet_problem problem;

	(void)state;
	assert_non_null(large);
	memset(large, '\n', FLEET_MANIFEST_MAX + 1);
	memcpy(large, HEAD, sizeof(HEAD) - 1);
	assert_int_equal(fleet_manifest_parse(large, FLEET_MANIFEST_MAX, &manifest, &problem), 0);
	assert_int_equal(fleet_manifest_parse(large, FLEET_MANIFEST_MAX + 1, &manifest, &problem), -EINVAL);
	large[sizeof(HEAD)] = '\0';
	assert_int_equal(fleet_manifest_parse(large, FLEET_MANIFEST_MAX, &manifest, &problem), -EINVAL);
	assert_string_equal(problem.text, "a NUL byte: this is not a text");
	free(large);
}

static void make_blob(struct fleet_blob *blob, unsigned int number)
{
	*blob = (struct fleet_blob){ .kind = number % 3, .size = number + 1 };
	memcpy(blob->digest, &number, sizeof(number));
}

static void make_manifest(struct fleet_manifest *manifest, unsigned int blobs)
{
	struct fleet_blob blob;

	*manifest = (struct fleet_manifest){ .scope = FLEET_HOST, .name = "web1.example.org",
		.sequence = FLEET_SEQUENCE_MAX, .made = 0, .valid_until = 253402300799LL, .stale = FLEET_STALE_MONITOR,
		.has_mode = true, .mode = DIGSIG_MODE_PERMISSIVE, .has_scopes = true, .scopes = 0, .has_wx = true,
		.wx = DIGSIG_WX_AUDIT, .has_expiry = true, .expiry = CONFIG_EXPIRY_IGNORE };
	for (unsigned int i = 0; i < blobs; i++) {
		make_blob(&blob, i);
		assert_int_equal(fleet_manifest_add(manifest, &blob), 0);
	}
}

static void the_text_reads_the_same(void **state)
{
	struct fleet_manifest manifest, again;
	struct fleet_problem problem;
	char *text, *text_again;

	(void)state;
	make_manifest(&manifest, FLEET_BLOBS_MAX);
	text = fleet_manifest_print(&manifest);
	assert_non_null(text);
	assert_int_equal(fleet_manifest_parse(text, strlen(text), &again, &problem), 0);
	text_again = fleet_manifest_print(&again);
	assert_string_equal(text, text_again);
	assert_int_equal(again.sequence, FLEET_SEQUENCE_MAX);
	assert_int_equal(again.valid_until, 253402300799LL);
	assert_int_equal(again.blob_count, FLEET_BLOBS_MAX);
	assert_true(again.has_scopes && !again.scopes);
	/* One blob more is too many. */
	text_again = realloc(text_again, strlen(text_again) + 200);
	assert_non_null(text_again);
	strcat(text_again, "catalog " HEX_1 " 7\n");
	fleet_manifest_free(&again);
	assert_int_equal(fleet_manifest_parse(text_again, strlen(text_again), &again, &problem), -EINVAL);
	assert_non_null(strstr(problem.text, "more than 1024"));
	free(text);
	free(text_again);
	fleet_manifest_free(&manifest);
}

static void blobs_are_there_once(void **state)
{
	struct fleet_manifest manifest;
	struct fleet_blob blob;

	(void)state;
	make_manifest(&manifest, FLEET_BLOBS_MAX);
	make_blob(&blob, 7);
	assert_int_equal(fleet_manifest_add(&manifest, &blob), 0);
	assert_int_equal(manifest.blob_count, FLEET_BLOBS_MAX);
	make_blob(&blob, FLEET_BLOBS_MAX);
	assert_int_equal(fleet_manifest_add(&manifest, &blob), -ENOSPC);
	fleet_manifest_free(&manifest);
}

static void a_host_lies_over_its_group(void **state)
{
	struct fleet_manifest group = { .scope = FLEET_GROUP, .name = "web", .sequence = 5, .made = 1, .valid_until = 100,
		.has_mode = true, .mode = DIGSIG_MODE_ENFORCING, .has_wx = true, .wx = DIGSIG_WX_DENY };
	struct fleet_manifest host = { .scope = FLEET_HOST, .name = "web1", .sequence = 9, .made = 2, .valid_until = 50,
		.stale = FLEET_STALE_MONITOR, .has_mode = true, .mode = DIGSIG_MODE_MONITOR, .has_expiry = true,
		.expiry = CONFIG_EXPIRY_REFUSE, .has_scopes = true, .scopes = DIGSIG_SCOPE_EXEC };
	struct fleet_manifest merged;
	struct fleet_blob blob;

	(void)state;
	for (unsigned int i = 0; i < 3; i++) {
		make_blob(&blob, i);
		assert_int_equal(fleet_manifest_add(i < 2 ? &group : &host, &blob), 0);
	}
	make_blob(&blob, 0); /* both name it */
	assert_int_equal(fleet_manifest_add(&host, &blob), 0);
	assert_int_equal(fleet_manifest_merge(&group, NULL, &merged), 0);
	assert_int_equal(merged.mode, DIGSIG_MODE_ENFORCING);
	assert_int_equal(merged.blob_count, 2);
	fleet_manifest_free(&merged);
	assert_int_equal(fleet_manifest_merge(&group, &host, &merged), 0);
	assert_string_equal(merged.name, "web");
	assert_int_equal(merged.sequence, 5);
	assert_int_equal(merged.mode, DIGSIG_MODE_MONITOR);
	assert_int_equal(merged.wx, DIGSIG_WX_DENY);
	assert_true(merged.has_expiry && merged.expiry == CONFIG_EXPIRY_REFUSE);
	assert_true(merged.has_scopes && merged.scopes == DIGSIG_SCOPE_EXEC);
	assert_int_equal(merged.valid_until, 50);
	assert_int_equal(merged.stale, FLEET_STALE_MONITOR);
	assert_int_equal(merged.blob_count, 3);
	fleet_manifest_free(&merged);
	host.valid_until = 200;
	assert_int_equal(fleet_manifest_merge(&group, &host, &merged), 0);
	assert_int_equal(merged.valid_until, 100);
	assert_int_equal(merged.stale, FLEET_STALE_KEEP);
	fleet_manifest_free(&merged);
	fleet_manifest_free(&group);
	fleet_manifest_free(&host);
}

static void too_many_blobs_of_group_and_host(void **state)
{
	struct fleet_manifest group, host = { .valid_until = 1 }, merged;
	struct fleet_blob blob;

	(void)state;
	make_manifest(&group, FLEET_BLOBS_MAX);
	make_blob(&blob, FLEET_BLOBS_MAX);
	assert_int_equal(fleet_manifest_add(&host, &blob), 0);
	assert_int_equal(fleet_manifest_merge(&group, &host, &merged), -ENOSPC);
	assert_null(merged.blobs);
	fleet_manifest_free(&group);
	fleet_manifest_free(&host);
}

static enum digsig_verdict verdict_of(const char *bytes, size_t size, const struct revocations *revoked, int expected)
{
	struct fleet_manifest manifest;
	struct fleet_problem problem = { "" };
	enum digsig_verdict verdict;

	assert_int_equal(
		signed_manifest_read(bytes, size, scratch_store(), revoked, &manifest, &verdict, &problem), expected);
	assert_true(!expected == !*problem.text);
	fleet_manifest_free(&manifest);
	return verdict;
}

static void a_signed_manifest(void **state)
{
	struct revocations revoked = { 0 };
	struct digsig_revocation entry;
	struct fleet_manifest manifest, again;
	struct fleet_problem problem;
	enum digsig_verdict verdict;
	__u8 digest[DIGSIG_DIGEST_SIZE];
	char *bytes, *text;
	size_t size;

	(void)state;
	make_manifest(&manifest, 3);
	text = fleet_manifest_print(&manifest);
	assert_int_equal(signed_manifest_make(&manifest, scratch_signer(), &bytes, &size), 0);
	assert_int_equal(
		signed_manifest_read(bytes, size, scratch_store(), NULL, &again, &verdict, &problem), 0);
	assert_int_equal(verdict, DIGSIG_VERDICT_OK);
	assert_int_equal(again.blob_count, 3);
	SHA256((const unsigned char *)text, strlen(text), digest);
	assert_memory_equal(again.digest, digest, sizeof(digest));
	fleet_manifest_free(&again);

	revocation_of_key(scratch_signer()->key_id, &entry);
	assert_int_equal(revocations_add(&revoked, &entry), 1);
	assert_int_equal(verdict_of(bytes, size, &revoked, -EKEYREJECTED), DIGSIG_VERDICT_REVOKED);
	revocations_free(&revoked);

	/* Cut short at every place: never taken. The last byte is a newline of the PEM. */
	for (size_t cut = 0; cut < size - 1; cut += cut < size - 40 ? 37 : 1)
		assert_int_equal(verdict_of(bytes, cut, NULL, -EKEYREJECTED), DIGSIG_VERDICT_MALFORMED);
	assert_int_equal(verdict_of(text, strlen(text), NULL, -EKEYREJECTED), DIGSIG_VERDICT_MALFORMED);
	/* Looking at it needs no signature. */
	assert_int_equal(signed_manifest_look(text, strlen(text), &again, &problem), 0);
	assert_memory_equal(again.digest, digest, sizeof(digest));
	fleet_manifest_free(&again);
	/* A word changed. */
	*strstr(bytes, "web1") = 'x';
	assert_int_equal(verdict_of(bytes, size, NULL, -EKEYREJECTED), DIGSIG_VERDICT_BADSIG);
	bytes[size - 100] = '\0';
	assert_int_equal(verdict_of(bytes, size, NULL, -EINVAL), DIGSIG_VERDICT_NONE);
	free(bytes);
	free(text);
	fleet_manifest_free(&manifest);
}

static void two_signatures_are_none(void **state)
{
	struct fleet_manifest manifest;
	char *bytes, *twice;
	size_t size;

	(void)state;
	make_manifest(&manifest, 1);
	assert_int_equal(signed_manifest_make(&manifest, scratch_signer(), &bytes, &size), 0);
	assert_true(asprintf(&twice, "%s%s", bytes, strstr(bytes, "-----BEGIN CMS-----")) > 0);
	assert_int_equal(verdict_of(twice, strlen(twice), NULL, -EKEYREJECTED), DIGSIG_VERDICT_MALFORMED);
	free(twice);
	free(bytes);
	fleet_manifest_free(&manifest);
}

/* What is well signed and too large, or goes on behind a NUL byte, is not looked at. */
static void the_bounds_come_first(void **state)
{
	struct fleet_manifest manifest;
	char *bytes, *padded;
	size_t size;

	(void)state;
	make_manifest(&manifest, 1);
	assert_int_equal(signed_manifest_make(&manifest, scratch_signer(), &bytes, &size), 0);
	padded = malloc(FLEET_MANIFEST_MAX + 1);
	assert_non_null(padded);
	memset(padded, '\n', FLEET_MANIFEST_MAX + 1);
	memcpy(padded, bytes, size);
	assert_int_equal(verdict_of(padded, FLEET_MANIFEST_MAX, NULL, 0), DIGSIG_VERDICT_OK);
	assert_int_equal(verdict_of(padded, FLEET_MANIFEST_MAX + 1, NULL, -EINVAL), DIGSIG_VERDICT_NONE);
	padded[size] = '\0';
	assert_int_equal(verdict_of(padded, size + 10, NULL, -EINVAL), DIGSIG_VERDICT_NONE);
	free(padded);
	free(bytes);
	fleet_manifest_free(&manifest);
}

static void another_key_and_a_rule_broken(void **state)
{
	struct fleet_manifest manifest, again;
	struct fleet_problem problem;
	enum digsig_verdict verdict;
	struct trust_store *nobody;
	char *bytes;
	size_t size;

	(void)state;
	make_manifest(&manifest, 1);
	assert_int_equal(trust_store_new(&nobody), 0);
	assert_int_equal(signed_manifest_make(&manifest, scratch_signer(), &bytes, &size), 0);
	assert_int_equal(signed_manifest_read(bytes, size, nobody, NULL, &again, &verdict, &problem), -EKEYREJECTED);
	assert_int_equal(verdict, DIGSIG_VERDICT_UNKNOWNKEY);
	free(bytes);
	trust_store_free(nobody);
	/* Well signed and not well said: an error, and not of the signature. */
	manifest.sequence = 0;
	assert_int_equal(signed_manifest_make(&manifest, scratch_signer(), &bytes, &size), 0);
	assert_int_equal(verdict_of(bytes, size, NULL, -EINVAL), DIGSIG_VERDICT_OK);
	free(bytes);
	fleet_manifest_free(&manifest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_groups_and_hosts),
		cmocka_unit_test(subjects),
		cmocka_unit_test(a_blob_is_cut_into_parts),
		cmocka_unit_test(what_a_manifest_says),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(what_is_too_large_or_no_text),
		cmocka_unit_test(the_text_reads_the_same),
		cmocka_unit_test(blobs_are_there_once),
		cmocka_unit_test(a_host_lies_over_its_group),
		cmocka_unit_test(too_many_blobs_of_group_and_host),
		cmocka_unit_test(a_signed_manifest),
		cmocka_unit_test(two_signatures_are_none),
		cmocka_unit_test(the_bounds_come_first),
		cmocka_unit_test(another_key_and_a_rule_broken),
	};

	return cmocka_run_group_tests_name("fleet-manifest", tests, NULL, scratch_tear_down);
}
