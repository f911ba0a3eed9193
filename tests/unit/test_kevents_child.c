// SPDX-License-Identifier: GPL-2.0-or-later
/* A command to be watched that cannot be started. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <sys/types.h>
#include <unistd.h>
#include "kevents/cli/child.h"
#include "lib/command/complain.h"

const char command_name[] = "kevents";

pid_t __wrap_fork(void);

pid_t __wrap_fork(void)
{
	errno = EAGAIN;
	return -1;
}

static unsigned int count_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	unsigned int count = 0;

	assert_non_null(folder);
	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

static void a_failed_fork_leaves_nothing_open(void **state)
{
	unsigned int before = count_descriptors();
	char *command[] = { "true", NULL };
	struct child child = { 0 };

	(void)state;
	assert_int_equal(child_start(command, &child), -EAGAIN);
	assert_int_equal(child.pid, 0);
	assert_int_equal(count_descriptors(), before);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_failed_fork_leaves_nothing_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
