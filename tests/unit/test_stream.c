// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/stream without a server: what it takes and refuses, its options, and what answers mean. Built twice: with libnats,
 * and with what stands for it in a build without.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "lib/command/complain.h"
#include "lib/stream/options.h"
#include "lib/stream/puback.h"

const char command_name[] = "test-stream";

static char folder[64];

static int make_folder(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/test-stream-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

/* Nothing listens at port 1. */
static struct stream_settings usual(void)
{
	return (struct stream_settings){ .url = "nats://127.0.0.1:1", .subject_prefix = "test", .spool = folder };
}

static int open_stream(struct stream **stream)
{
	struct stream_settings settings = usual();

	return stream_open(&settings, stream);
}

static void settings_are_checked(void **state)
{
	static const char *const prefixes[] = { "", ".a", "a.", "a..b", "a b", "a.*", ">", "a\n", "a\t" };
	static const char *const names[] = { "", "a.b", "a b", "*", ">", "a/b", "a\\b" };
	struct stream_settings settings;
	struct stream *stream;

	(void)state;
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		settings = usual();
		settings.subject_prefix = prefixes[i];
		assert_int_equal(stream_open(&settings, &stream), -EINVAL);
		assert_int_equal(stream_settings_check(&settings), EXIT_USAGE);
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		settings = usual();
		settings.stream = names[i];
		assert_int_equal(stream_open(&settings, &stream), -EINVAL);
		assert_int_equal(stream_settings_check(&settings), EXIT_USAGE);
	}
	settings = usual();
	settings.spool = NULL;
	assert_int_equal(stream_open(&settings, &stream), -EINVAL);
	assert_int_equal(stream_settings_check(&settings), EXIT_USAGE);
	settings = usual();
	settings.tls_key = "key";
	assert_int_equal(stream_open(&settings, &stream), -EINVAL);
	assert_int_equal(stream_settings_check(&settings), EXIT_USAGE);
	settings = usual();
	settings.must_exist = true;
	assert_int_equal(stream_settings_check(&settings), EXIT_USAGE);
	settings = usual();
	settings.url = NULL;
	assert_int_equal(stream_settings_check(&settings), EXIT_USAGE);
	settings = (struct stream_settings){ .subject_prefix = "usual" };
	assert_int_equal(stream_settings_check(&settings), 0);
	settings = usual();
	assert_int_equal(stream_settings_check(&settings), 0);
}

static void answers_are_understood(void **state)
{
	static const struct {
		const char *answer;
		enum acknowledgement_kind kind;
		const char *problem;
	} cases[] = {
		{ "{\"stream\":\"S\",\"seq\":1}", ACKNOWLEDGED, "" },
		{ "{\"stream\":\"S\",\"seq\":18446744073709551615,\"domain\":\"d\"}", ACKNOWLEDGED, "" },
		{ "{\"stream\":\"S\",\"seq\":1,\"duplicate\":true}", ACKNOWLEDGED_DUPLICATE, "" },
		{ "{\"stream\":\"S\",\"seq\":1,\"duplicate\":false}", ACKNOWLEDGED, "" },
		{ "{\"error\":{\"code\":400,\"err_code\":10054,\"description\":\"message size exceeds maximum allowed\"},"
		  "\"stream\":\"S\",\"seq\":0}", REFUSED_FOREVER, "the message is dropped: message size exceeds maximum allowed" },
		{ "{\"error\":{\"code\":503,\"err_code\":10077,\"description\":\"maximum messages exceeded\"},\"stream\":\"S\","
		  "\"seq\":0}", REFUSED_FOR_NOW, "the message is not stored: maximum messages exceeded" },
		{ "{\"error\":null}", REFUSED_FOR_NOW, "the message is not stored: no reason was given" },
		{ "{\"error\":7,\"stream\":\"S\",\"seq\":1}", REFUSED_FOR_NOW, "the message is not stored: no reason was given" },
		/* Whoever answers so has stored nothing. */
		{ "", REFUSED_FOR_NOW, NULL },
		{ "{}", REFUSED_FOR_NOW, NULL },
		{ "[]", REFUSED_FOR_NOW, NULL },
		{ "null", REFUSED_FOR_NOW, NULL },
		{ "+OK", REFUSED_FOR_NOW, NULL },
		{ "{\"stream\":\"S\"}", REFUSED_FOR_NOW, NULL },
		{ "{\"seq\":1}", REFUSED_FOR_NOW, NULL },
		{ "{\"stream\":\"S\",\"seq\":\"1\"}", REFUSED_FOR_NOW, NULL },
		{ "{\"stream\":\"S\",\"seq\":1", REFUSED_FOR_NOW, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct acknowledgement got = { .kind = ACKNOWLEDGED, .is_out_of_sequence = true };

		puback_parse(cases[i].answer, strlen(cases[i].answer), &got);
		assert_int_equal(got.kind, cases[i].kind);
		if (cases[i].problem)
			assert_string_equal(got.problem, cases[i].problem);
		else
			assert_true(*got.problem);
	}
}

#ifdef WITHOUT_NATS

static void a_build_without_nats_says_so(void **state)
{
	struct stream *stream;

	(void)state;
	assert_int_equal(open_stream(&stream), -ENOSYS);
	assert_non_null(strstr(stream_open_problem(-ENOSYS), "without NATS"));
}

#else

static void put(struct stream *stream, const char *id)
{
	assert_int_equal(stream_put(stream, "subject", id, "bytes", 5), 0);
}

static void what_cannot_be_a_message_is_refused(void **state)
{
	static const char *const words[] = { "", " ", "a b", "a\r\nPUB x 0", "\x7f" };
	char long_word[300] = "";
	struct stream_counts counts;
	struct stream *stream;

	(void)state;
	memset(long_word, 'a', STREAM_ID_MAX + 1);
	assert_int_equal(open_stream(&stream), 0);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		assert_int_equal(stream_put(stream, words[i], "id", "", 0), -EINVAL);
		assert_int_equal(stream_put(stream, "subject", words[i], "", 0), -EINVAL);
	}
	assert_int_equal(stream_put(stream, "a.*", "id", "", 0), -EINVAL);
	assert_int_equal(stream_put(stream, "subject", long_word, "", 0), -EINVAL);
	/* "test." is in front of it. */
	assert_int_equal(stream_put(stream, long_word + 5, "id", "", 0), -EINVAL);
	assert_int_equal(stream_put(stream, "subject", "id", folder, STREAM_BYTES_MAX + 1), -EMSGSIZE);
	stream_counts(stream, &counts);
	assert_int_equal(counts.put, 0);
	assert_int_equal(stream_put(stream, long_word + 6, "id", "", 0), 0);
	assert_int_equal(stream_put(stream, "subject", long_word + 1, NULL, 0), 0);
	stream_counts(stream, &counts);
	assert_int_equal(counts.put, 2);
	assert_int_equal(stream_close(stream, 0), 0);
}

static void what_is_put_waits_for_the_next_one(void **state)
{
	struct stream_counts counts;
	struct stream *stream;

	(void)state;
	assert_int_equal(open_stream(&stream), 0);
	put(stream, "one");
	put(stream, "two");
	assert_int_equal(stream_flush(stream), 0);
	stream_counts(stream, &counts);
	assert_int_equal(counts.spooled, 2);
	assert_int_equal(counts.waiting, 2);
	assert_true(counts.spool_bytes > 0);
	put(stream, "three");
	assert_int_equal(stream_close(stream, 0), 0);

	assert_int_equal(open_stream(&stream), 0);
	stream_counts(stream, &counts);
	assert_int_equal(counts.recovered, 3);
	assert_int_equal(counts.waiting, 3);
	assert_int_equal(counts.damaged_bytes, 0);
	assert_int_equal(stream_flush(stream), 0);
	assert_int_equal(stream_close(stream, 0), 0);
}

static void a_large_message_is_kept(void **state)
{
	char *bytes = calloc(1, STREAM_BYTES_MAX);
	struct stream_counts counts;
	struct stream *stream;

	(void)state;
	assert_int_equal(open_stream(&stream), 0);
	/* More than may be in memory: the disk takes them. */
	for (unsigned int i = 0; i < 5; i++)
		assert_int_equal(stream_put(stream, "subject", "large", bytes, STREAM_BYTES_MAX), 0);
	free(bytes);
	assert_int_equal(stream_close(stream, 0), 0);
	assert_int_equal(open_stream(&stream), 0);
	stream_counts(stream, &counts);
	assert_int_equal(counts.recovered, 5);
	assert_int_equal(counts.damaged_bytes, 0);
	assert_int_equal(stream_close(stream, 0), 0);
}

static void one_process_has_the_spool(void **state)
{
	struct stream *stream, *other;

	(void)state;
	assert_int_equal(open_stream(&stream), 0);
	assert_int_equal(open_stream(&other), -EBUSY);
	assert_int_equal(stream_close(stream, 0), 0);
}

#endif

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(settings_are_checked),
		TEST(answers_are_understood),
#ifdef WITHOUT_NATS
		TEST(a_build_without_nats_says_so),
#else
		TEST(what_cannot_be_a_message_is_refused),
		TEST(what_is_put_waits_for_the_next_one),
		TEST(a_large_message_is_kept),
		TEST(one_process_has_the_spool),
#endif
	};

	return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
