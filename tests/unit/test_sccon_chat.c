// SPDX-License-Identifier: GPL-2.0-or-later
/* Scripts for sccon chat: what is one, and what it does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "lib/time/clock.h"
#include "sccon/chat/chat.h"

struct run {
	struct chat_script *script;
	struct chat *chat;
	struct chat_action action;
	__u64 now;
	char did[512]; /* in words */
};

static struct run *begin(const char *text)
{
	struct run *run = calloc(1, sizeof(*run));
	struct chat_error error;

	assert_non_null(run);
	if (chat_script_parse(text, strlen(text), &run->script, &error))
		fail_msg("line %u: %s", error.line, error.words);
	run->chat = chat_new(run->script);
	assert_non_null(run->chat);
	return run;
}

static void end(struct run *run)
{
	chat_free(run->chat);
	chat_script_free(run->script);
	free(run);
}

/* What it does with these bytes, until it waits or ends, and at the end what that is. */
static void does(struct run *run, const char *bytes, const char *wanted)
{
	static const char *const names[] = { "send", "break", "window", "print", "wait", "end", "fail" };
	enum chat_do what;

	chat_put(run->chat, bytes, strlen(bytes));
	run->did[0] = '\0';
	do {
		size_t used = strlen(run->did);
		char *rest = run->did + used;
		size_t room = sizeof(run->did) - used;

		what = chat_next(run->chat, run->now, &run->action);
		if (what == CHAT_DO_SEND || what == CHAT_DO_PRINT)
			snprintf(rest, room, "%s %.*s;", names[what], (int)run->action.size, run->action.text);
		else if (what == CHAT_DO_WINDOW)
			snprintf(rest, room, "window %u %u;", run->action.rows, run->action.columns);
		else if (what == CHAT_DO_WAIT)
			snprintf(rest, room, "wait %g", (double)run->action.until / CLOCK_SECOND);
		else if (what == CHAT_DO_FAIL)
			snprintf(rest, room, "fail %u %s", run->action.line, run->action.words);
		else
			snprintf(rest, room, what == CHAT_DO_END ? "%s" : "%s;", names[what]);
	} while (what != CHAT_DO_WAIT && what != CHAT_DO_END && what != CHAT_DO_FAIL);
	assert_string_equal(run->did, wanted);
}

static void a_login(void **state)
{
	struct run *run = begin("# log in\n"
				"timeout 10s\n"
				"window 24 80\n"
				"\n"
				"send \"\\r\"\t# wakes getty\n"
				"expect \"login: \"\n"
				"  send \"root\\r\"\r\n"
				"expect /[#$] $/\n"
				"print \"in\"\n"
				"break\n"
				"sleep 500ms");

	(void)state;
	does(run, "", "window 24 80;send \r;wait 10");
	run->now = 2 * CLOCK_SECOND;
	does(run, "Debian\r\nlog", "wait 10");
	does(run, "in: ", "send root\r;wait 12");
	does(run, "root\r\nLast # login\r\n", "wait 12");
	does(run, "host# ", "print in;break;wait 2.5");
	run->now = 5 * CLOCK_SECOND / 2;
	does(run, "", "end");
	does(run, "more", "end");
	end(run);
}

static void what_was_matched_is_not_matched_again(void **state)
{
	struct run *run = begin("expect \"$ \"\nexpect \"$ \"\nexpect /^x/\nexpect /^y/");

	(void)state;
	does(run, "a$ ", "wait 30");
	/* Behind a match, the line does not begin anew. */
	does(run, "$ x", "wait 30");
	does(run, "\nxy", "wait 30");
	does(run, "\ny", "end");
	end(run);
}

static void a_timeout_says_where(void **state)
{
	struct run *run = begin("\nexpect \"login: \"\n");

	(void)state;
	run->now = CLOCK_SECOND;
	does(run, "abc", "wait 31");
	run->now = 31 * CLOCK_SECOND;
	does(run, "", "fail 2 \"login: \" has not come within 30 s");
	does(run, "login: ", "fail 2 \"login: \" has not come within 30 s");
	end(run);
	run = begin("expect /a\\/b|c/");
	chat_put_end(run->chat);
	does(run, "a", "fail 1 /a/b|c/ has not come before the console ended");
	end(run);
	run = begin("print \"x\"\nfail \"no way\"");
	does(run, "", "print x;fail 2 no way");
	end(run);
}

static void what_must_not_come_is_watched_for(void **state)
{
	static const char script[] = "on \"Kernel panic\" fail \"it panicked\"\n"
				     "on /Oops|BUG:/ fail\n"
				     "expect \"Kernel\"\n"
				     "expect \"ready\"\n"
				     "sleep 1s\n";
	struct run *run = begin(script);

	(void)state;
	/* An expect that ends before it is done first. */
	does(run, "ready Kernel ", "wait 30");
	does(run, "Oop", "wait 30");
	does(run, "s", "fail 2 /Oops|BUG:/ came");
	end(run);
	run = begin(script);
	does(run, "Kernel", "wait 30");
	does(run, " panic", "fail 1 it panicked");
	end(run);
	/* In the same bytes, what comes first counts. */
	run = begin(script);
	does(run, "Kernel ready BUG: Kernel panic", "fail 2 /Oops|BUG:/ came");
	end(run);
	run = begin(script);
	does(run, "BUG: Kernel ready", "fail 2 /Oops|BUG:/ came");
	end(run);
	run = begin(script);
	does(run, "Kernel ready", "wait 1");
	run->now = CLOCK_SECOND;
	does(run, "", "end");
	end(run);
	/* Not before it was said. */
	run = begin("expect \"a\"\non \"x\" fail\nexpect \"b\"");
	does(run, "xa", "wait 30");
	does(run, "b", "end");
	end(run);
}

static void what_comes_behind_a_match_is_later(void **state)
{
	struct run *run = begin("on \"bad\" fail\nexpect \"good\"\nprint \"it came\"\nexpect \"more\"\n");

	(void)state;
	does(run, "good bad", "print it came;fail 1 \"bad\" came");
	end(run);
}

/* So many bytes of a line that does not end, in pieces. */
static void fill(struct run *run, size_t size)
{
	char piece[1025];

	memset(piece, 'x', 1024);
	piece[1024] = '\0';
	for (; size; size -= 1024)
		does(run, piece, "wait 30");
}

/* The buffer gives up its first half: what was matched, and what is watched for, moves. */
static void what_moves_in_the_buffer_is_found(void **state)
{
	struct run *run = begin("expect \"one\"\non \"bad\" fail\nexpect \"two\"\nexpect /^x/\n");

	(void)state;
	fill(run, 63 << 10);
	does(run, "one", "wait 30");
	fill(run, 20 << 10);
	does(run, "two", "wait 30");
	/* The first byte of the buffer does not begin a line. */
	does(run, "x", "wait 30");
	does(run, "\nx", "end");
	end(run);
	run = begin("expect \"one\"\non \"bad\" fail\nexpect \"two\"\n");
	fill(run, 63 << 10);
	does(run, "one", "wait 30");
	fill(run, 20 << 10);
	does(run, "bad", "fail 2 \"bad\" came");
	end(run);
	run = begin("expect /^x/\n");
	for (unsigned int i = 0; i < 5; i++) {
		char piece[CHAT_PIECE_MAX];

		memset(piece, 'x', sizeof(piece));
		chat_put(run->chat, piece, sizeof(piece));
	}
	does(run, "", "wait 30");
	end(run);
}

static void a_flood_is_bounded(void **state)
{
	struct run *run = begin("on \"never\" fail\nexpect \"login: \"\nexpect \"# \"");
	char piece[1024];
	size_t size;

	(void)state;
	memset(piece, 'a', sizeof(piece) - 1);
	piece[sizeof(piece) - 1] = '\0';
	for (unsigned int i = 0; i < 1000; i++)
		does(run, piece, "wait 30");
	does(run, "login: ", "wait 30");
	for (unsigned int i = 0; i < 1000; i++)
		does(run, piece, "wait 30");
	does(run, "end of it\n", "wait 30");
	assert_memory_equal(chat_last(run->chat, 9, &size), "nd of it\n", 9);
	assert_int_equal(size, 9);
	does(run, "# ", "end");
	end(run);
}

static void strings_may_hold_any_byte(void **state)
{
	struct run *run = begin("send \"\\x00\\xff\\e\\\"\\\\\\t\\n\"\nexpect \"a\\x00b\"");

	(void)state;
	assert_int_equal(chat_next(run->chat, 0, &run->action), CHAT_DO_SEND);
	assert_int_equal(run->action.size, 7);
	assert_memory_equal(run->action.text, "\0\xff\x1b\"\\\t\n", 7);
	chat_put(run->chat, "\0a\0", 3);
	assert_int_equal(chat_next(run->chat, 0, &run->action), CHAT_DO_WAIT);
	chat_put(run->chat, "b", 1);
	assert_int_equal(chat_next(run->chat, 0, &run->action), CHAT_DO_END);
	end(run);
	/* A zero byte is no end for an expression. */
	run = begin("expect /b$/");
	chat_put(run->chat, "a\0b", 3);
	assert_int_equal(chat_next(run->chat, 0, &run->action), CHAT_DO_END);
	end(run);
}

static void what_is_no_script_is_refused(void **state)
{
	static const struct {
		const char *text;
		unsigned int line;
		const char *words;
	} cases[] = {
		{ "snd \"x\"", 1, "snd: no such statement; did you mean send?" },
		{ "\n\nquux", 3, "quux: no such statement" },
		{ "send", 1, "a string in quotes, or an expression in slashes, is needed here" },
		{ "send x", 1, "a string in quotes, or an expression in slashes, is needed here" },
		{ "send /x/", 1, "a string in quotes is needed here" },
		{ "send \"x", 1, "the string has no end: \" is missing" },
		{ "send \"x\\", 1, "not an escape: there are \\r \\n \\t \\e \\\" \\\\ and \\xNN" },
		{ "send \"\\q\"", 1, "not an escape: there are \\r \\n \\t \\e \\\" \\\\ and \\xNN" },
		{ "send \"\\x1\"", 1, "not an escape: there are \\r \\n \\t \\e \\\" \\\\ and \\xNN" },
		{ "send \"x\"\"y\"", 1, "a space is needed behind a string" },
		{ "send \"x\" \"y\"", 1, "something behind the end of the statement" },
		{ "expect \"\"", 1, "an empty pattern" },
		{ "expect /x", 1, "the string has no end: / is missing" },
		{ "expect /x\\", 1, "the string has no end: / is missing" },
		{ "expect /(/", 1, "/(/: Unmatched ( or \\(" },
		{ "expect /(a)\\1/", 1, "/(a)\\1/: references such as \\1 are not supported" },
		{ "expect /a{257}/", 1, "/a{257}/: {N} repeats more than 256 times, all of them multiplied" },
		{ "expect /a{1,257}/", 1, "/a{1,257}/: {N} repeats more than 256 times, all of them multiplied" },
		{ "expect /a{,257}/", 1, "/a{,257}/: {N} repeats more than 256 times, all of them multiplied" },
		{ "expect /(a{17}){17}/", 1, "/(a{17}){17}/: {N} repeats more than 256 times, all of them multiplied" },
		{ "expect /(a|b++)/", 1, "/(a|b++)/: + after another repetition" },
		{ "expect /(((((((((a)+)+)+)+)+)+)+)+)+/", 1,
			"/(((((((((a)+)+)+)+)+)+)+)+)+/: (...)+ doubles what is repeated too often" },
		{ "expect /((((((((((((((((((a))))))))))))))))))/", 1,
			"/((((((((((((((((((a))))))))))))))))))/: more than 16 groups in each other" },
		{ "timeout", 1, "something is missing at the end" },
		{ "timeout 0", 1, "0: not a duration: it is seconds, or a number and ms, s, m, h or d" },
		{ "window 24", 1, "something is missing at the end" },
		{ "window 0 80", 1, "0: not a number from 1 to 65535" },
		{ "on \"x\"", 1, "something is missing at the end" },
		{ "on \"x\" send \"y\"", 1, "send: \"fail\" is needed here" },
		{ "break now", 1, "something behind the end of the statement" },
		{ "fail", 1, "a string in quotes, or an expression in slashes, is needed here" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct chat_script *script;
		struct chat_error error;

		assert_int_equal(chat_script_parse(cases[i].text, strlen(cases[i].text), &script, &error), -EINVAL);
		assert_string_equal(error.words, cases[i].words);
		assert_int_equal(error.line, cases[i].line);
	}
}

static void an_empty_script_ends(void **state)
{
	struct run *run = begin("");

	(void)state;
	does(run, "", "end");
	end(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_login),
		cmocka_unit_test(what_was_matched_is_not_matched_again),
		cmocka_unit_test(a_timeout_says_where),
		cmocka_unit_test(what_must_not_come_is_watched_for),
		cmocka_unit_test(what_comes_behind_a_match_is_later),
		cmocka_unit_test(what_moves_in_the_buffer_is_found),
		cmocka_unit_test(a_flood_is_bounded),
		cmocka_unit_test(strings_may_hold_any_byte),
		cmocka_unit_test(what_is_no_script_is_refused),
		cmocka_unit_test(an_empty_script_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
