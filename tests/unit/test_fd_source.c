// SPDX-License-Identifier: GPL-2.0-or-later
/* A file that is read through windows gives the bytes that it has, and an error where it has none. */
#include "support.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "digsig/file/fd_source.h"

/* More than all windows hold, so that they have to move. */
#define FILE_SIZE (FD_WINDOWS * FD_WINDOW_SIZE * 3 / 2)

/* The file "windowed", and in *bytes what is in it. Bytes that lie a window apart differ. */
static int open_made(struct bytes *bytes)
{
	const char *path = scratch_path("windowed");
	int fd;

	*bytes = (struct bytes){ 0 };
	bytes_append(bytes, NULL, FILE_SIZE);
	for (size_t i = 0; i < FILE_SIZE; i++)
		bytes->data[i] = (__u8)(i * 7 + i / FD_WINDOW_SIZE * 31 + 1);
	bytes_save(bytes, path);
	fd = open(path, O_RDWR);
	assert_true(fd >= 0);
	return fd;
}

static void assert_reads(
	const struct elf_source *source, const struct bytes *bytes, size_t offset, size_t size)
{
	__u8 got[FD_WINDOW_SIZE * 2];

	assert_int_equal(source->read(source->context, got, size, offset), 0);
	assert_memory_equal(got, bytes->data + offset, size);
}

static void what_is_read_is_what_is_there(void **state)
{
	static const size_t sizes[] = { 1, 4, 8, 16, 64, FD_WINDOW_SIZE / 2, FD_WINDOW_SIZE,
		FD_WINDOW_SIZE + 8 };
	/* Windows that begin at 0, and half a window before an offset. */
	static const size_t windows[] = { 0, FD_WINDOW_SIZE * 2, FD_WINDOW_SIZE * 7 / 2 };
	struct fd_windows held;
	struct elf_source source;
	struct bytes bytes;
	int fd = open_made(&bytes);

	(void)state;
	for (size_t w = 0; w < sizeof(windows) / sizeof(windows[0]); w++)
		for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++)
			/* Up to the end of the window, across it, and from it on. */
			for (size_t before = 0; before <= sizes[s] && before <= 64; before++) {
				assert_int_equal(fd_source_open(&source, &held, fd), 0);
				memset(held.bytes, 0, sizeof(held.bytes));
				assert_reads(&source, &bytes, windows[w], 1);
				assert_reads(&source, &bytes,
					held.windows[0].offset + FD_WINDOW_SIZE - before, sizes[s]);
			}
	close(fd);
	bytes_free(&bytes);
}

static void a_file_that_shrinks_is_an_error(void **state)
{
	struct fd_windows held;
	struct elf_source source;
	struct bytes bytes;
	int fd = open_made(&bytes);
	__u8 got[64];

	(void)state;
	assert_int_equal(fd_source_open(&source, &held, fd), 0);
	assert_int_equal(ftruncate(fd, FILE_SIZE / 2 + 32), 0);
	assert_int_equal(source.read(source.context, got, sizeof(got), FILE_SIZE / 2), -EIO);
	assert_int_equal(source.read(source.context, got, sizeof(got), FILE_SIZE - 64), -EIO);
	assert_int_equal(read_exactly(fd, got, sizeof(got), FILE_SIZE / 2), -EIO);
	assert_int_equal(read_exactly(fd, got, 32, FILE_SIZE / 2), 0);
	close(fd);
	bytes_free(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_read_is_what_is_there),
		cmocka_unit_test(a_file_that_shrinks_is_an_error),
	};

	return cmocka_run_group_tests_name("fd-source", tests, NULL, scratch_tear_down);
}
