/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a caller names to be looked at, as a source of bytes. */
#ifndef DIGSIG_LIBRARY_INPUT_H
#define DIGSIG_LIBRARY_INPUT_H

#include "../file/fd_source.h"
#include "../file/memory_source.h"
#include "error.h"

struct input {
	struct elf_source source; /* of what is below: an input must not be moved */
	struct memory memory;
	int fd;
	struct fd_windows windows;
	const char *path; /* NULL: it has none */
};

/* Each returns 0 or a negative errno, with *error set. Only input_open needs an input_close. */
int input_open(struct input *input, const char *path, struct digsig_error *error);
/* The same of an open file, which stays the caller's. */
int input_from_fd(struct input *input, int fd, struct digsig_error *error);
/* The same of bytes in memory, which stay the caller's. */
int input_from_memory(
	struct input *input, const void *bytes, size_t size, struct digsig_error *error);
/* Closes what input_open opened. */
void input_close(struct input *input);

/* library_fail with the path in front, where there is one. */
int input_fail(const struct input *input, struct digsig_error *error, int err, const char *text);

#endif
