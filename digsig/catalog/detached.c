// SPDX-License-Identifier: GPL-2.0-or-later
#include "detached.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../file/fd_source.h"
#include "../file/hash.h"
#include "builder.h"

bool detached_is_name(const char *path)
{
	size_t length = strlen(path), suffix = strlen(DETACHED_SUFFIX);

	return length > suffix && !strcmp(path + length - suffix, DETACHED_SUFFIX);
}

char *detached_path(const char *file)
{
	char *path;

	return asprintf(&path, "%s" DETACHED_SUFFIX, file) < 0 ? NULL : path;
}

/* catalog_complaint */
static void note_error(void *context, const char *path, int err)
{
	(void)path;
	*(int *)context = err;
}

/* The signature goes where its file goes: the folder is not a part of what it says. */
static int name_without_folder(struct candidate *candidate, const char *file)
{
	char *copy = strdup(file), *name = copy ? strdup(basename(copy)) : NULL;

	free(copy);
	if (!name)
		return -ENOMEM;
	free(candidate->path);
	candidate->path = name;
	return 0;
}

static int hash_one(struct catalog_builder *builder, const char *file,
	const struct catalog_work *work, const int *failure)
{
	char *path = realpath(file, NULL);
	struct stat st;
	int err;

	if (!path)
		return -errno;
	if (stat(path, &st))
		err = -errno;
	else
		err = S_ISREG(st.st_mode) ? builder_add_file(builder, path, &st) : -EINVAL;
	free(path);
	if (!err)
		err = catalog_builder_hash(builder, work);
	if (err)
		return err;
	if (builder->counts.gone)
		return -ENOENT;
	if (builder->counts.failed)
		return *failure;
	return name_without_folder(&builder->candidates[0], file);
}

int detached_make(const char *file, const struct catalog_statement *statement,
	const struct catalog_work *work, __u8 **bytes, size_t *size)
{
	struct catalog_builder *builder;
	int failure = 0;
	int err = catalog_builder_new(&builder, CATALOG_EVERYTHING, note_error, &failure);

	if (err)
		return err;
	err = hash_one(builder, file, work, &failure);
	if (!err)
		err = catalog_builder_finish(builder, statement, bytes, size);
	catalog_builder_free(builder);
	return err;
}

static bool begins_like_one(const __u8 *bytes, size_t size)
{
	struct digsig_catalog_header header;

	if (size < DIGSIG_CATALOG_PART_MIN)
		return false;
	memcpy(&header, bytes, sizeof(header));
	return !memcmp(header.magic, DIGSIG_CATALOG_HEADER_MAGIC, DIGSIG_MAGIC_SIZE) &&
		digsig_le32(header.count) == 1 && digsig_le32(header.parts) == 1;
}

int detached_read(int fd, struct catalog *catalog, enum digsig_catalog_defect *defect)
{
	__u8 head[DIGSIG_CATALOG_HEADER_SIZE], *bytes;
	struct stat st;
	size_t size;
	int err;

	*defect = DIGSIG_CATALOG_GOOD;
	if (fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_size < DIGSIG_CATALOG_PART_MIN ||
		st.st_size > DETACHED_SIZE_MAX)
		return -ENODATA;
	size = (size_t)st.st_size;
	err = read_exactly(fd, head, sizeof(head), 0);
	if (err)
		return err;
	if (!begins_like_one(head, size))
		return -ENODATA;
	bytes = malloc(size);
	if (!bytes)
		return -ENOMEM;
	err = read_exactly(fd, bytes, size, 0);
	if (!err)
		err = catalog_parse(bytes, size, catalog, defect);
	if (err)
		free(bytes);
	return err;
}

/*
 * 0: *catalog is to be freed, and signed by a trusted key; -ENOENT: there is none; -EKEYREJECTED:
 * see the verdict; else as detached_read.
 */
static int read_trusted(const char *file, const struct trust_store *store, struct catalog *catalog,
	struct catalog_problem *problem)
{
	char *path = detached_path(file);
	int fd, err;

	if (!path)
		return -ENOMEM;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	err = fd < 0 ? -errno : detached_read(fd, catalog, &problem->defect);
	free(path);
	if (fd >= 0)
		close(fd);
	if (err)
		return err;
	problem->verdict = catalog_verify(catalog, store, NULL);
	if (problem->verdict == DIGSIG_VERDICT_OK)
		return 0;
	catalog_free(catalog);
	return -EKEYREJECTED;
}

static int compare(const struct catalog *catalog, int fd, const struct file_progress *progress,
	struct file_judgement *judgement, struct detached_finding *finding)
{
	int err = 0;

	if (!judgement->is_hashed)
		err = file_hash(fd, judgement->block.file_size, progress, judgement->digest);
	if (err)
		return err;
	judgement->is_hashed = true;
	finding->state = DETACHED_OTHER;
	if (!catalog_find(catalog, judgement->digest, &judgement->signed_as))
		return 0;
	finding->state = DETACHED_GOOD;
	judgement->verdict = DIGSIG_VERDICT_OK;
	judgement->flaw = FILE_FLAW_NONE;
	return 0;
}

int detached_judge(int fd, const char *file, const struct trust_store *store,
	const struct file_progress *progress, struct file_judgement *judgement,
	struct detached_finding *finding)
{
	struct catalog catalog;
	int err;

	*finding = (struct detached_finding){ .state = DETACHED_NONE };
	err = read_trusted(file, store, &catalog, &finding->problem);
	if (!err) {
		err = compare(&catalog, fd, progress, judgement, finding);
		catalog_free(&catalog);
	} else if (err == -ENOENT || err == -ENOTDIR || err == -ENAMETOOLONG) {
		err = 0;
	} else if (err != -ENOMEM) {
		finding->state = DETACHED_BAD;
		finding->error = err;
		err = 0;
	}
	return err;
}

enum digsig_verdict detached_describe(
	int err, const struct catalog_problem *problem, char *text, size_t size)
{
	if (err != -ENODATA)
		return catalog_describe(err, problem, text, size);
	snprintf(text, size, "malformed: not a detached signature: make it anew");
	return DIGSIG_VERDICT_MALFORMED;
}

enum digsig_verdict detached_verdict(const struct detached_finding *finding)
{
	char text[512];

	switch (finding->state) {
	case DETACHED_NONE:
		break;
	case DETACHED_GOOD:
		return DIGSIG_VERDICT_OK;
	case DETACHED_OTHER:
		return DIGSIG_VERDICT_TAMPERED;
	case DETACHED_BAD:
		return detached_describe(finding->error, &finding->problem, text, sizeof(text));
	}
	return DIGSIG_VERDICT_UNSIGNED;
}
