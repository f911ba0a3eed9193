// SPDX-License-Identifier: GPL-2.0-or-later
#include "list_file.h"
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../lib/text/number.h"
#include "../file/fd_source.h"

int list_fail(struct revocation_problem *problem, int err, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(problem->text, sizeof(problem->text), format, arguments);
	va_end(arguments);
	return err;
}

/* "sequence N": 0 if it is that, 1 if it is something else; -EINVAL: it says no number. */
static int parse_sequence(const char *line, __u64 *sequence)
{
	static const char word[] = "sequence ";
	__u64 number;

	if (strncmp(line, word, sizeof(word) - 1))
		return 1;
	if (number_parse(line + sizeof(word) - 1, 0, ~0ULL, &number))
		return -EINVAL;
	if (number > *sequence)
		*sequence = number;
	return 0;
}

static int parse_line(struct revocations *list, const char *line, const char **wrong)
{
	struct digsig_revocation entry;
	int err = parse_sequence(line, &list->sequence);

	*wrong = "sequence: expected a number";
	if (err <= 0)
		return err;
	err = revocation_parse(line, &entry, wrong);
	if (err)
		return err < 0 ? err : 0;
	err = revocations_add(list, &entry);
	return err < 0 ? err : 0;
}

int list_parse(const char *path, char *text, struct revocations *list,
	struct revocation_problem *problem)
{
	char *rest = text, *line;

	for (unsigned int number = 1; (line = strsep(&rest, "\n")); number++) {
		const char *wrong;
		int err = parse_line(list, line, &wrong);

		if (err == -EINVAL)
			return list_fail(problem, err, "%.400s:%u: %s", path, number, wrong);
		if (err == -ENOSPC)
			return list_fail(problem, err, "%.400s:%u: more than %d revocations", path, number,
				DIGSIG_REVOKED_MAX);
		if (err < 0)
			return list_fail(problem, err, "%.400s: %s", path, strerror(-err));
	}
	return 0;
}

static char *read_text(const char *path, int *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	char *text = NULL;
	struct stat st;

	*err = fd < 0 && errno != ENOENT ? -errno : 0;
	if (fd < 0)
		return NULL;
	if (fstat(fd, &st))
		*err = -errno;
	else if (!S_ISREG(st.st_mode))
		*err = -EINVAL;
	else if ((size_t)st.st_size > REVOCATION_FILE_SIZE_MAX)
		*err = -EFBIG;
	else if (!(text = calloc((size_t)st.st_size + 1, 1)))
		*err = -ENOMEM;
	else
		*err = read_exactly(fd, text, (size_t)st.st_size, 0);
	/* A NUL would end the text early, and with it what is revoked. */
	if (!*err && text && strlen(text) != (size_t)st.st_size)
		*err = -EINVAL;
	close(fd);
	if (*err) {
		free(text);
		text = NULL;
	}
	return text;
}

int list_read(const char *path, char **text, struct revocation_problem *problem)
{
	int err;

	*text = read_text(path, &err);
	if (err == -EINVAL)
		return list_fail(problem, err, "%.400s: not a text file", path);
	if (err)
		return list_fail(problem, err, "%.400s: %s", path, strerror(-err));
	return 0;
}
