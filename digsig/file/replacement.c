// SPDX-License-Identifier: GPL-2.0-or-later
#include "replacement.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/xattr.h>
#include <unistd.h>

static int open_source(struct replacement *replacement, const char *path, bool break_links,
	struct file_problem *problem)
{
	struct statx extended;

	/* O_NONBLOCK: a FIFO must not hang the command. */
	replacement->source = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (replacement->source < 0)
		return file_problem_set(problem, FILE_PROBLEM_OPEN, -errno);
	if (fstat(replacement->source, &replacement->before))
		return file_problem_set(problem, FILE_PROBLEM_READ, -errno);
	if (!S_ISREG(replacement->before.st_mode))
		return file_problem_set(problem, FILE_PROBLEM_NOT_REGULAR, -EINVAL);
	if (replacement->before.st_nlink > 1 && !break_links)
		return file_problem_set(problem, FILE_PROBLEM_HARD_LINKS, -EMLINK);
	/* rename(2) would refuse as well, after all the work. */
	if (!statx(replacement->source, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &extended) &&
		extended.stx_attributes & (STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND))
		return file_problem_set(problem, FILE_PROBLEM_IMMUTABLE, -EPERM);
	return 0;
}

/* The name must lead to the file that is open, not to one put there meanwhile. */
static bool is_still_named(const struct replacement *replacement)
{
	const struct stat *before = &replacement->before;
	struct stat now;

	return !fstatat(replacement->directory, replacement->name, &now, AT_SYMLINK_NOFOLLOW) &&
		now.st_dev == before->st_dev && now.st_ino == before->st_ino;
}

int replacement_open(struct replacement *replacement, const char *path, bool break_links,
	struct file_problem *problem)
{
	char *resolved, *copy;
	int err;

	*replacement = (struct replacement){ .source = -1, .target = -1, .directory = -1 };
	resolved = realpath(path, NULL);
	if (!resolved)
		return file_problem_set(problem, FILE_PROBLEM_OPEN, -errno);
	err = open_source(replacement, resolved, break_links, problem);
	if (err)
		goto out;
	snprintf(replacement->name, sizeof(replacement->name), "%s", basename(resolved));
	copy = dirname(resolved);
	replacement->directory = open(copy, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (replacement->directory < 0)
		err = file_problem_set(problem, FILE_PROBLEM_OPEN, -errno);
	else if (!is_still_named(replacement))
		err = file_problem_set(problem, FILE_PROBLEM_CHANGED, -EAGAIN);
out:
	free(resolved);
	if (err)
		replacement_close(replacement);
	return err;
}

static int draw_temporary_name(struct replacement *replacement)
{
	unsigned int number;

	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		return -EIO;
	/* The name is shortened rather than too long. */
	snprintf(replacement->temporary, sizeof(replacement->temporary), ".%.*s.digsig-%08x",
		NAME_MAX - 20, replacement->name, number);
	return 0;
}

static int create_named(struct replacement *replacement)
{
	for (int i = 0; i < 100; i++) {
		int err = draw_temporary_name(replacement);

		if (err)
			return err;
		replacement->target = openat(replacement->directory, replacement->temporary,
			O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (replacement->target >= 0)
			return 0;
		err = -errno;
		replacement->temporary[0] = '\0';
		if (err != -EEXIST)
			return err;
	}
	return -EEXIST;
}

int replacement_create(struct replacement *replacement, struct file_problem *problem)
{
	int err;

	/* A file without a name is named through /proc later; without /proc it needs one now. */
	if (!access("/proc/self/fd", X_OK)) {
		replacement->target =
			openat(replacement->directory, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
		if (replacement->target >= 0)
			return 0;
	}
	err = create_named(replacement);
	return err ? file_problem_set(problem, FILE_PROBLEM_CREATE, err) : 0;
}

static bool is_about_content(const char *xattr)
{
	return !strcmp(xattr, "security.ima") || !strcmp(xattr, "security.evm");
}

static int copy_xattr(int source, int target, const char *xattr)
{
	char *value = NULL;
	ssize_t size;
	int err = 0;

	size = fgetxattr(source, xattr, NULL, 0);
	if (size < 0)
		return errno == ENODATA ? 0 : -errno;
	value = malloc((size_t)size + 1);
	if (!value)
		return -ENOMEM;
	size = fgetxattr(source, xattr, value, (size_t)size);
	if (size < 0 || fsetxattr(target, xattr, value, (size_t)size, 0))
		err = -errno;
	free(value);
	/* The security module labels the new file by its own rules if it must. */
	if (err == -EOPNOTSUPP && !strncmp(xattr, "security.", 9))
		err = 0;
	return err;
}

enum xattr_kind { XATTR_ACL, XATTR_OTHER, XATTR_ABOUT_CONTENT };

static enum xattr_kind kind_of(const char *xattr)
{
	if (is_about_content(xattr))
		return XATTR_ABOUT_CONTENT;
	return strcmp(xattr, "system.posix_acl_access") ? XATTR_OTHER : XATTR_ACL;
}

static int copy_xattrs(int source, int target, enum xattr_kind kind)
{
	ssize_t size = flistxattr(source, NULL, 0);
	char *names;
	int err = 0;

	if (size < 0)
		return errno == EOPNOTSUPP ? 0 : -errno;
	names = malloc((size_t)size + 1);
	if (!names)
		return -ENOMEM;
	size = flistxattr(source, names, (size_t)size);
	if (size < 0)
		err = -errno;
	for (char *name = names; !err && name < names + size; name += strlen(name) + 1)
		if (kind_of(name) == kind)
			err = copy_xattr(source, target, name);
	free(names);
	return err;
}

/*
 * The order matters: a change of owner clears set-user-id bits and capabilities; mode and ACL may
 * take away the right to write, without which no user.* attribute can be set; and a mode that is
 * set after the ACL changes it.
 */
static int copy_attributes(const struct replacement *replacement)
{
	const struct stat *before = &replacement->before;
	struct timespec times[2] = { before->st_atim, before->st_mtim };
	int err;

	if (fchown(replacement->target, before->st_uid, before->st_gid))
		return -errno;
	err = copy_xattrs(replacement->source, replacement->target, XATTR_OTHER);
	if (err)
		return err;
	if (fchmod(replacement->target, before->st_mode & 07777))
		return -errno;
	err = copy_xattrs(replacement->source, replacement->target, XATTR_ACL);
	if (err)
		return err;
	return futimens(replacement->target, times) ? -errno : 0;
}

static int give_temporary_name(struct replacement *replacement)
{
	char proc[64];

	snprintf(proc, sizeof(proc), "/proc/self/fd/%d", replacement->target);
	for (int i = 0; i < 100; i++) {
		int err = draw_temporary_name(replacement);

		if (err)
			return err;
		if (!linkat(AT_FDCWD, proc, replacement->directory, replacement->temporary,
			    AT_SYMLINK_FOLLOW))
			return 0;
		err = -errno;
		replacement->temporary[0] = '\0';
		if (err != -EEXIST)
			return err;
	}
	return -EEXIST;
}

static bool source_changed(const struct replacement *replacement)
{
	const struct stat *before = &replacement->before;
	struct stat now;

	return fstat(replacement->source, &now) || now.st_size != before->st_size ||
		now.st_mtim.tv_sec != before->st_mtim.tv_sec ||
		now.st_mtim.tv_nsec != before->st_mtim.tv_nsec ||
		now.st_ctim.tv_sec != before->st_ctim.tv_sec ||
		now.st_ctim.tv_nsec != before->st_ctim.tv_nsec;
}

int replacement_commit(struct replacement *replacement, struct file_problem *problem)
{
	int err = copy_attributes(replacement);

	if (err)
		return file_problem_set(problem, FILE_PROBLEM_ATTRIBUTES, err);
	if (fsync(replacement->target))
		return file_problem_set(problem, FILE_PROBLEM_WRITE, -errno);
	if (source_changed(replacement) || !is_still_named(replacement))
		return file_problem_set(problem, FILE_PROBLEM_CHANGED, -EAGAIN);
	if (!replacement->temporary[0]) {
		err = give_temporary_name(replacement);
		if (err)
			return file_problem_set(problem, FILE_PROBLEM_CREATE, err);
	}
	if (renameat(replacement->directory, replacement->temporary, replacement->directory,
		    replacement->name))
		return file_problem_set(problem, FILE_PROBLEM_RENAME, -errno);
	replacement->temporary[0] = '\0';
	/* The new name counts from here on; that it is on the disk is what the sync adds. */
	if (fsync(replacement->directory) && errno != EINVAL)
		return file_problem_set(problem, FILE_PROBLEM_WRITE, -errno);
	return 0;
}

void replacement_close(struct replacement *replacement)
{
	if (replacement->temporary[0])
		unlinkat(replacement->directory, replacement->temporary, 0);
	if (replacement->target >= 0)
		close(replacement->target);
	if (replacement->source >= 0)
		close(replacement->source);
	if (replacement->directory >= 0)
		close(replacement->directory);
}
