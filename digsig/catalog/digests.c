// SPDX-License-Identifier: GPL-2.0-or-later
/* Digests from and for sha256sum(1): a machine has the files, another one the key. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "builder.h"
#include "sum_line.h"

/* Adds a file that was hashed elsewhere. -ENOMEM. */
static int add_digest(
	struct catalog_builder *builder, const char *path, const __u8 digest[DIGSIG_DIGEST_SIZE])
{
	const struct stat none = { 0 };
	int err = builder_add_file(builder, path, &none);
	struct candidate *candidate;

	if (err)
		return err;
	candidate = &builder->candidates[builder->count - 1];
	memcpy(candidate->digest, digest, DIGSIG_DIGEST_SIZE);
	candidate->state = CANDIDATE_HASHED;
	builder->counts.files++;
	return 0;
}

static int add_line(struct catalog_builder *builder, char *line, size_t length)
{
	__u8 digest[DIGSIG_DIGEST_SIZE];
	const char *name;
	int err = sum_line_parse(line, length, digest, &name);

	return err ? err : add_digest(builder, name, digest);
}

int catalog_builder_add_digests(struct catalog_builder *builder, FILE *list, unsigned long *line)
{
	char *text = NULL;
	size_t room = 0;
	ssize_t length;
	int err = 0;

	for (*line = 1; !err && (length = getline(&text, &room, list)) > 0; (*line)++) {
		if (text[length - 1] == '\n')
			text[--length] = 0;
		err = add_line(builder, text, (size_t)length);
	}
	if (err)
		(*line)--;
	if (!err && ferror(list))
		err = -EIO;
	free(text);
	return err;
}

static int compare_paths(const void *a, const void *b)
{
	const struct candidate *const *one = a, *const *other = b;

	return strcmp((*one)->path, (*other)->path);
}

int catalog_builder_visit(
	const struct catalog_builder *builder, catalog_file_visitor *visit, void *context)
{
	const struct candidate **sorted = calloc(builder->count + 1, sizeof(*sorted));
	size_t count = 0;
	int result = 0;

	if (!sorted)
		return -ENOMEM;
	for (size_t i = 0; i < builder->count; i++)
		if (builder->candidates[i].state == CANDIDATE_HASHED)
			sorted[count++] = &builder->candidates[i];
	qsort(sorted, count, sizeof(*sorted), compare_paths);
	for (size_t i = 0; i < count && !result; i++)
		result = visit(context, sorted[i]->path, sorted[i]->digest);
	free(sorted);
	return result;
}
