// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "fail.h"
#include "sample.h"

/* 0 or a negative errno; -EIO: the file became shorter. */
static int read_page(int file, __u64 number, unsigned char *page, size_t page_size)
{
	for (size_t done = 0; done < page_size;) {
		ssize_t got = pread(file, page + done, page_size - done, (off_t)(number * page_size + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got ? -errno : -EIO;
		done += (size_t)got;
	}
	return 0;
}

static int read_pages(int file, __u64 in_file, struct measure_pages *pages)
{
	pages->count = in_file < pages->room ? in_file : pages->room;
	for (size_t i = 0; i < pages->count; i++) {
		/* Not a multiplication first: the file may be as large as files can be. */
		__u64 number = in_file / pages->count * i + in_file % pages->count * i / pages->count;
		int err = read_page(file, number, measure_page(pages, i), pages->page_size);

		if (err)
			return err;
	}
	return 0;
}

int measure_corpus_read(const char *path, struct measure_pages *pages, struct ramswap_problem *problem)
{
	/* A pipe without a writer would not open. */
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), err = 0;
	struct stat stat;

	pages->count = 0;
	if (file < 0)
		return measure_fail(problem, -errno, "%s: %s", path, strerror(errno));
	if (fstat(file, &stat))
		err = measure_fail(problem, -errno, "%s: %s", path, strerror(errno));
	else if (!S_ISREG(stat.st_mode))
		err = measure_fail(problem, -EINVAL, "%s: it is no regular file", path);
	else if (stat.st_size < (off_t)pages->page_size)
		err = measure_fail(problem, -EINVAL, "%s: it has less than a page of %zu bytes", path,
			pages->page_size);
	if (!err) {
		err = read_pages(file, (__u64)stat.st_size / pages->page_size, pages);
		if (err)
			measure_fail(problem, err, "%s: %s", path, strerror(-err));
	}
	close(file);
	return err;
}
