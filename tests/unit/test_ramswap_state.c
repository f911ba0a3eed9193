// SPDX-License-Identifier: GPL-2.0-or-later
/* The state of ramswap: read, written, hostile; and the lock beside it. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include "ramswap/state/lock.h"

static const struct state_step examples[] = {
	{ STATE_ADDING, "zram0", "", "" },
	{ STATE_ZRAM, "zram0", "", "" },
	{ STATE_MODULE, "brd", "", "" },
	{ STATE_SWAP, "/dev/pmem0", "11111111-2222-4333-8444-555555555555", "" },
	{ STATE_MEMORY, "dax0.0", "", "" },
	{ STATE_TUNED, "proc/sys/vm/page-cluster", "0", "3" },
	{ STATE_TUNED, "sys/kernel/mm/x", "never", "always [madvise] never" },
	{ STATE_TUNED, "sys/kernel/mm/y", "1", "" },
};
enum { EXAMPLES = sizeof(examples) / sizeof(*examples) };

/* A folder that stands for "/". */
struct root {
	char path[64];
	int fd;
};

static int make_root(void **context)
{
	struct root *root = calloc(1, sizeof(*root));
	char run[80];

	if (!root)
		return -1;
	strcpy(root->path, "/tmp/ramswap-state-XXXXXX");
	assert_non_null(mkdtemp(root->path));
	snprintf(run, sizeof(run), "%s/run", root->path);
	assert_return_code(mkdir(run, 0755), errno);
	root->fd = open(root->path, O_PATH | O_DIRECTORY);
	assert_true(root->fd >= 0);
	*context = root;
	return 0;
}

static int remove_root(void **context)
{
	struct root *root = *context;
	char command[96];

	close(root->fd);
	snprintf(command, sizeof(command), "rm -rf '%s'", root->path);
	assert_int_equal(system(command), 0);
	free(root);
	return 0;
}

static void assert_steps(int root, const struct state_step *steps, size_t count)
{
	struct state state;

	assert_int_equal(state_read(root, &state), 0);
	assert_int_equal(state.count, count);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(state.steps[i].kind, steps[i].kind);
		assert_string_equal(state.steps[i].name, steps[i].name);
		assert_string_equal(state.steps[i].value, steps[i].value);
		assert_string_equal(state.steps[i].was, steps[i].was);
	}
	state_free(&state);
}

static void test_what_is_written_is_read(void **context)
{
	const struct root *root = *context;
	struct state state = { 0 };

	for (size_t i = 0; i < EXAMPLES; i++) {
		assert_int_equal(state_add(root->fd, &state, &examples[i]), 0);
		assert_steps(root->fd, examples, i + 1);
	}
	assert_true(state_has(&state, STATE_SWAP, "pmem0"));
	assert_true(state_has(&state, STATE_SWAP, "/dev/pmem0"));
	assert_true(state_has(&state, STATE_ZRAM, "zram0"));
	assert_false(state_has(&state, STATE_ZRAM, "zram1"));
	assert_false(state_has(&state, STATE_MEMORY, "pmem0"));
	assert_int_equal(state_find(&state, STATE_MODULE, "brd"), 2);
	for (size_t i = EXAMPLES; i-- > 1;) {
		assert_int_equal(state_drop(root->fd, &state, 0), 0);
		assert_steps(root->fd, examples + EXAMPLES - i, i);
	}
	assert_int_equal(state_replace(root->fd, &state, 0, &examples[3]), 0);
	assert_steps(root->fd, &examples[3], 1);
	/* Of a machine on which nothing is made there is no file. */
	assert_int_equal(state_drop(root->fd, &state, 0), 0);
	assert_int_equal(faccessat(root->fd, STATE_FILE, F_OK, 0), -1);
	assert_steps(root->fd, NULL, 0);
	state_free(&state);
}

/* What could not be read back is not written, and what is there stays. */
static void test_nonsense_is_not_written(void **context)
{
	static const struct state_step bad[] = {
		{ STATE_SWAP, "/dev/a b", "x", "" },
		{ STATE_SWAP, "pmem0", "x", "" },
		{ STATE_SWAP, "/dev/../etc", "x", "" },
		{ STATE_SWAP, "/dev/pmem0\nzram 1", "x", "" },
		{ STATE_ZRAM, "pmem0", "", "" },
		{ STATE_ZRAM, "zram", "", "" },
		{ STATE_ZRAM, "zram-1", "", "" },
		{ STATE_ADDING, "z", "", "" },
		{ STATE_MEMORY, "", "", "" },
		{ STATE_MODULE, "/brd", "", "" },
		{ STATE_TUNED, "/proc/sys/vm/swappiness", "1", "2" },
		{ STATE_TUNED, "proc/sys/vm/swappiness", "", "2" },
		{ STATE_TUNED, "proc/sys/vm/swappiness", "a b", "2" },
		{ STATE_TUNED, "proc/sys/vm/swappiness", "1", "2\n" },
		{ STATE_ZRAM, "zram1", "lost", "" },
	};
	const struct root *root = *context;
	struct state state = { 0 };

	assert_int_equal(state_add(root->fd, &state, &examples[1]), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(state_add(root->fd, &state, &bad[i]), -EINVAL);
		assert_int_equal(state.count, 1);
		assert_steps(root->fd, &examples[1], 1);
	}
	state_free(&state);
}

static void test_it_does_not_grow_for_ever(void **context)
{
	const struct root *root = *context;
	struct state state = { 0 };
	int err = 0;

	state.steps = calloc(8192, sizeof(*state.steps));
	for (state.count = 0; state.count < 4000; state.count++)
		state.steps[state.count] = examples[3];
	err = state_add(root->fd, &state, &examples[3]);
	assert_int_equal(err, -EFBIG);
	assert_int_equal(state.count, 4000);
	assert_steps(root->fd, NULL, 0);
	state_free(&state);
}

static void test_nowhere_to_write(void **context)
{
	const struct root *root = *context;
	struct state state = { 0 };

	assert_int_equal(unlinkat(root->fd, "run", AT_REMOVEDIR), 0);
	assert_int_equal(state_add(root->fd, &state, &examples[0]), -ENOENT);
	assert_int_equal(state.count, 0);
	state_free(&state);
}

static void test_parse(void **context)
{
	static const struct {
		const char *text;
		ssize_t count; /* or a negative errno */
	} cases[] = {
		{ "", 0 },
		{ "zram 0\n", 1 },
		{ "zram 0\nswap /dev/zra", 1 },
		{ "zram 0", 0 },
		{ "swap /dev/pmem0\n", 1 },
		{ "swap /dev/pmem0 u\n", 1 },
		{ "swap /dev/pmem0 u v\n", -EINVAL },
		{ "\n", -EINVAL },
		{ "zram\n", -EINVAL },
		{ "zram \n", -EINVAL },
		{ "zram 0x1\n", -EINVAL },
		{ "zram 1048577\n", -EINVAL },
		{ "zram 99999999999999999999\n", -EINVAL },
		{ "adding\n", -EINVAL },
		{ "adding 7\n", 1 },
		{ "swap\n", -EINVAL },
		{ "swap \n", -EINVAL },
		{ "swap pmem0\n", -EINVAL },
		{ "swap /dev/../../x u\n", -EINVAL },
		{ "memory\n", -EINVAL },
		{ "memory \n", -EINVAL },
		{ "memory dax0.0 x\n", -EINVAL },
		{ "module brd\n", 1 },
		{ "module /brd\n", -EINVAL },
		{ "tuned\n", -EINVAL },
		{ "tuned x\n", -EINVAL },
		{ "tuned x 1\n", 1 },
		{ "tuned x 1 2 3\n", 1 },
		{ "tuned /x 1 2\n", -EINVAL },
		{ "tuned x  2\n", -EINVAL },
		{ "tuned x 1 \x01\n", -EINVAL },
		{ "tuned x 1 \x7f\n", -EINVAL },
		{ "unknown 1\n", -EINVAL },
		{ "ZRAM 1\n", -EINVAL },
	};
	struct state state;
	char zero[] = "zram 0\nswap /dev/\0x u\n";
	char text[STATE_SIZE_MAX + 8];
	size_t size = 0;

	(void)context;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int err = state_parse(cases[i].text, strlen(cases[i].text), &state);

		if (err || state.count != (size_t)cases[i].count)
			assert_int_equal(err, cases[i].count);
		state_free(&state);
	}
	assert_int_equal(state_parse(zero, sizeof(zero) - 1, &state), -EINVAL);
	while (size <= STATE_SIZE_MAX)
		size += (size_t)sprintf(text + size, "zram 0\n");
	assert_int_equal(state_parse(text, size, &state), -EINVAL);
	assert_int_equal(state_parse(text, size - strlen("zram 0\n"), &state), 0);
	state_free(&state);
}

/* The longest name has room for its end, too. */
static void test_long_names(void **context)
{
	enum { NAME_ROOM = sizeof(((struct state_step *)NULL)->name) };
	char text[NAME_ROOM + 16];
	struct state state;

	(void)context;
	memset(text, 'n', sizeof(text));
	memcpy(text, "memory ", 7);
	text[7 + NAME_ROOM] = '\n';
	assert_int_equal(state_parse(text, 7 + NAME_ROOM + 1, &state), -EINVAL);
	text[7 + NAME_ROOM - 1] = '\n';
	assert_int_equal(state_parse(text, 7 + NAME_ROOM, &state), 0);
	assert_int_equal(strlen(state.steps[0].name), NAME_ROOM - 1);
	state_free(&state);
}

/* Another process has it: the message names it; it ends: so does the lock. */
static void test_lock(void **context)
{
	const struct root *root = *context;
	struct ramswap_problem problem = { "" };
	char name[32];
	int fd, ready[2], err;
	pid_t child;
	char byte;

	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (!child) {
		fd = state_lock(root->fd, 0, &problem);
		if (write(ready[1], fd >= 0 ? "y" : "n", 1) != 1)
			_exit(1);
		pause();
		_exit(0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(byte, 'y');
	err = state_lock(root->fd, 0.05, &problem);
	assert_int_equal(err, -EAGAIN);
	snprintf(name, sizeof(name), "process %ld ", (long)child);
	assert_non_null(strstr(problem.text, name));
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
	fd = state_lock(root->fd, 5, &problem);
	assert_true(fd >= 0);
	close(fd);
	close(ready[0]);
	close(ready[1]);
}

static void test_lock_nowhere(void **context)
{
	const struct root *root = *context;
	struct ramswap_problem problem = { "" };

	assert_int_equal(unlinkat(root->fd, "run", AT_REMOVEDIR), 0);
	assert_int_equal(state_lock(root->fd, 0, &problem), -ENOENT);
	assert_non_null(strstr(problem.text, "/run/ramswap"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_what_is_written_is_read, make_root, remove_root),
		cmocka_unit_test_setup_teardown(test_nonsense_is_not_written, make_root, remove_root),
		cmocka_unit_test_setup_teardown(test_it_does_not_grow_for_ever, make_root, remove_root),
		cmocka_unit_test_setup_teardown(test_nowhere_to_write, make_root, remove_root),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_long_names),
		cmocka_unit_test_setup_teardown(test_lock, make_root, remove_root),
		cmocka_unit_test_setup_teardown(test_lock_nowhere, make_root, remove_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
