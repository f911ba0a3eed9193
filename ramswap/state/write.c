// SPDX-License-Identifier: GPL-2.0-or-later
/* The steps of ramswap up, written. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../lib/file/write_whole.h"
#include "state.h"

/* Under the lock nobody else writes, so that one name is enough; what a kill leaves is written over. */
#define STATE_NEW STATE_FOLDER "/state.new"

enum { LINE_MAX_BYTES = sizeof(struct state_step) + 32 };

static int print_step(char line[LINE_MAX_BYTES], const struct state_step *step)
{
	switch (step->kind) {
	case STATE_ADDING:
		return snprintf(line, LINE_MAX_BYTES, "adding %s\n", step->name + strlen("zram"));
	case STATE_ZRAM:
		return snprintf(line, LINE_MAX_BYTES, "zram %s\n", step->name + strlen("zram"));
	case STATE_MODULE:
		return snprintf(line, LINE_MAX_BYTES, "module %s\n", step->name);
	case STATE_SWAP:
		return snprintf(line, LINE_MAX_BYTES, "swap %s %s\n", step->name, step->value);
	case STATE_MEMORY:
		return snprintf(line, LINE_MAX_BYTES, "memory %s\n", step->name);
	case STATE_TUNED:
		return snprintf(line, LINE_MAX_BYTES, "tuned %s %s %s\n", step->name, step->value, step->was);
	}
	return -1;
}

static bool is_same(const struct state_step *one, const struct state_step *other)
{
	return one->kind == other->kind && !strcmp(one->name, other->name) && !strcmp(one->value, other->value) &&
	       !strcmp(one->was, other->was);
}

/* The line, if it is read back as the same step. Its length or a negative errno. */
static int line_of(char line[LINE_MAX_BYTES], const struct state_step *step)
{
	struct state again;
	int length, err;

	if ((step->kind == STATE_ADDING || step->kind == STATE_ZRAM) && strncmp(step->name, "zram", 4))
		return -EINVAL;
	length = print_step(line, step);
	if (length < 0 || length >= LINE_MAX_BYTES)
		return -EINVAL;
	err = state_parse(line, (size_t)length, &again);
	if (err)
		return err;
	err = again.count == 1 && is_same(&again.steps[0], step) ? 0 : -EINVAL;
	state_free(&again);
	return err ? err : length;
}

static int make_folder(int root)
{
	if (!mkdirat(root, STATE_FOLDER, 0755) || errno == EEXIST)
		return 0;
	return -errno;
}

static int write_file(int root, const char *text, size_t size)
{
	int fd = openat(root, STATE_NEW, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644), err;

	if (fd < 0)
		return -errno;
	err = file_write_all(fd, text, size);
	if (!err && fsync(fd))
		err = -errno;
	if (close(fd) && !err)
		err = -errno;
	if (!err && renameat(root, STATE_NEW, root, STATE_FILE))
		err = -errno;
	if (err)
		unlinkat(root, STATE_NEW, 0);
	return err;
}

/* A machine on which nothing is made has no file. */
static int write_steps(int root, const struct state_step *steps, size_t count)
{
	char *text = malloc(count * LINE_MAX_BYTES + 1);
	size_t size = 0;
	int length = 0, err;

	if (!text)
		return -ENOMEM;
	for (size_t i = 0; i < count && length >= 0; i++) {
		length = line_of(text + size, &steps[i]);
		size += length > 0 ? (size_t)length : 0;
	}
	err = length < 0 ? length : size > STATE_SIZE_MAX ? -EFBIG : make_folder(root);
	if (!err && count)
		err = write_file(root, text, size);
	else if (!err && unlinkat(root, STATE_FILE, 0) && errno != ENOENT)
		err = -errno;
	free(text);
	return err;
}

/* steps takes the place of state's if it could be written. */
static int exchange(int root, struct state *state, struct state_step *steps, size_t count)
{
	int err = write_steps(root, steps, count);

	if (err) {
		free(steps);
		return err;
	}
	free(state->steps);
	*state = (struct state){ steps, count };
	return 0;
}

static struct state_step *copy_steps(const struct state *state)
{
	struct state_step *steps = calloc(state->count + 1, sizeof(*steps));

	if (steps && state->count)
		memcpy(steps, state->steps, state->count * sizeof(*steps));
	return steps;
}

int state_add(int root, struct state *state, const struct state_step *step)
{
	struct state_step *steps = copy_steps(state);

	if (!steps)
		return -ENOMEM;
	steps[state->count] = *step;
	return exchange(root, state, steps, state->count + 1);
}

int state_replace(int root, struct state *state, size_t place, const struct state_step *step)
{
	struct state_step *steps = copy_steps(state);

	if (!steps)
		return -ENOMEM;
	steps[place] = *step;
	return exchange(root, state, steps, state->count);
}

int state_drop(int root, struct state *state, size_t place)
{
	struct state_step *steps = copy_steps(state);

	if (!steps)
		return -ENOMEM;
	memmove(steps + place, steps + place + 1, (state->count - place - 1) * sizeof(*steps));
	return exchange(root, state, steps, state->count - 1);
}
