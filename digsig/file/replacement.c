// SPDX-License-Identifier: GPL-2.0-or-later
#include "replacement.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>
#include "../../lib/file/parent.h"
#include "../../lib/file/same_version.h"
#include "inode_flags.h"
#include "link.h"

/* rename(2) would refuse as well, after all the work. */
static bool is_immutable(int fd)
{
	struct statx extended;

	return !statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &extended) &&
		extended.stx_attributes & (STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND);
}

static int open_source(struct replacement *replacement, const char *path,
	const struct replacement_options *options, struct file_problem *problem)
{
	struct stat *before = &replacement->before;

	/* O_NONBLOCK: a FIFO must not hang the command. */
	replacement->source = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (replacement->source < 0)
		return file_problem_set(problem, FILE_PROBLEM_OPEN, -errno);
	if (fstat(replacement->source, before))
		return file_problem_set(problem, FILE_PROBLEM_READ, -errno);
	if (options->inode &&
		(options->inode != before->st_ino || options->device != before->st_dev))
		return file_problem_set(problem, FILE_PROBLEM_CHANGED, -EAGAIN);
	if (!S_ISREG(before->st_mode))
		return file_problem_set(problem, FILE_PROBLEM_NOT_REGULAR, -EINVAL);
	if (options->output)
		return 0;
	if (before->st_nlink > 1 + options->other_count && !options->break_links) {
		problem->links = before->st_nlink;
		problem->names = 1 + options->other_count;
		return file_problem_set(problem, FILE_PROBLEM_HARD_LINKS, -EMLINK);
	}
	if (is_immutable(replacement->source))
		return file_problem_set(problem, FILE_PROBLEM_IMMUTABLE, -EPERM);
	return 0;
}

/* Each name must lead to the file that is open, not to one put there meanwhile. */
static bool is_still_named(const struct replacement *replacement)
{
	const struct stat *before = &replacement->before;

	for (size_t i = 0; i < replacement->name_count && !replacement->is_output; i++) {
		const struct replacement_name *name = &replacement->names[i];
		struct stat now;

		if (fstatat(name->directory, name->name, &now, AT_SYMLINK_NOFOLLOW) ||
			now.st_dev != before->st_dev || now.st_ino != before->st_ino)
			return false;
	}
	return true;
}

/* Opens the directory that path, which has no symbolic links, lies in. */
static int open_name(struct replacement_name *name, const char *path)
{
	const char *slash = strrchr(path, '/');

	snprintf(name->name, sizeof(name->name), "%s", slash ? slash + 1 : path);
	name->directory = parent_open(path);
	return name->directory < 0 ? name->directory : 0;
}

static bool are_in_one_directory(const char *one, const char *other)
{
	const char *end = strrchr(one, '/');
	size_t length = end ? (size_t)(end - one) + 1 : 0;

	return length && !strncmp(one, other, length) && !strchr(other + length, '/');
}

/* Names in one directory, where they follow each other, share its descriptor. */
static int open_names(struct replacement *replacement, const char *path,
	const struct replacement_options *options)
{
	const char *previous = path;
	int err = open_name(&replacement->names[0], path);

	replacement->name_count = err ? 0 : 1;
	for (size_t i = 0; i < options->other_count && !err; i++) {
		struct replacement_name *name = &replacement->names[i + 1];
		const char *other = options->other_names[i];

		if (are_in_one_directory(previous, other)) {
			name->directory = name[-1].directory;
			name->is_shared = true;
			snprintf(name->name, sizeof(name->name), "%s", strrchr(other, '/') + 1);
		} else {
			err = open_name(name, other);
		}
		previous = other;
		replacement->name_count += !err;
	}
	return err;
}

/* The caller closes its own descriptors, be that before the names are there. */
static int take_output(struct replacement *replacement, const struct replacement_options *options)
{
	for (size_t i = 0; i < 1 + options->other_count; i++) {
		struct replacement_name *name = &replacement->names[i];

		*name = options->output[i];
		/* There is none yet for who only wants to know what would be. */
		name->is_shared = name->directory < 0;
		if (!name->is_shared)
			name->directory = fcntl(name->directory, F_DUPFD_CLOEXEC, 0);
		if (!name->is_shared && name->directory < 0)
			return -errno;
		replacement->name_count++;
	}
	return 0;
}

static int take_names(struct replacement *replacement, const char *path,
	const struct replacement_options *options)
{
	replacement->names = calloc(1 + options->other_count, sizeof(*replacement->names));
	if (!replacement->names)
		return -ENOMEM;
	if (!options->output)
		return open_names(replacement, path, options);
	return take_output(replacement, options);
}

/* -ENOENT: no name leads to the old file any more. */
static int set_changed(const struct replacement *replacement, struct file_problem *problem)
{
	struct stat now;
	bool is_gone = !fstat(replacement->source, &now) && !now.st_nlink;

	return file_problem_set(problem, FILE_PROBLEM_CHANGED, is_gone ? -ENOENT : -EAGAIN);
}

int replacement_open(struct replacement *replacement, const char *path,
	const struct replacement_options *options, struct file_problem *problem)
{
	char *resolved;
	int err;

	*replacement = (struct replacement){
		.source = -1, .target = -1, .is_output = options->output != NULL,
		.keep_times = options->keep_times };
	resolved = realpath(path, NULL);
	if (!resolved)
		return file_problem_set(problem, FILE_PROBLEM_OPEN, -errno);
	if (options->inside_links_only && link_leads_outside(path, resolved))
		err = file_problem_set(problem, FILE_PROBLEM_OUTSIDE_LINK, -EXDEV);
	else
		err = open_source(replacement, resolved, options, problem);
	if (err)
		goto out;
	err = take_names(replacement, resolved, options);
	if (err)
		file_problem_set(problem, FILE_PROBLEM_OPEN, err);
	else if (!is_still_named(replacement))
		err = set_changed(replacement, problem);
out:
	free(resolved);
	if (err)
		replacement_close(replacement);
	return err;
}

int replacement_probe(const struct replacement *replacement, struct file_problem *problem)
{
	for (size_t i = 0; i < replacement->name_count; i++)
		if (replacement->names[i].directory >= 0 &&
			faccessat(replacement->names[i].directory, ".", W_OK | X_OK,
				AT_EACCESS))
			return file_problem_set(problem, FILE_PROBLEM_CREATE, -errno);
	return 0;
}

static int draw_temporary_name(struct replacement_name *name)
{
	unsigned int number;

	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		return -EIO;
	/* The name is shortened rather than too long. */
	snprintf(name->temporary, sizeof(name->temporary), ".%.*s.digsig-%08x", NAME_MAX - 20,
		name->name, number);
	return 0;
}

static int create_named(struct replacement *replacement)
{
	struct replacement_name *name = &replacement->names[0];

	for (int i = 0; i < 100; i++) {
		int err = draw_temporary_name(name);

		if (err)
			return err;
		replacement->target = openat(name->directory, name->temporary,
			O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (replacement->target >= 0)
			return 0;
		err = -errno;
		name->temporary[0] = '\0';
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
		replacement->target = openat(replacement->names[0].directory, ".",
			O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
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

/* What another folder, or an ordinary user, need not be able to hold. */
static bool is_left_in_output(int err, const char *xattr)
{
	if (err == -EOPNOTSUPP || err == -ENOSPC)
		return true;
	return err == -EPERM &&
		(!strncmp(xattr, "security.", 9) || !strncmp(xattr, "trusted.", 8));
}

static int copy_xattr(const struct replacement *replacement, const char *xattr)
{
	int source = replacement->source, target = replacement->target;
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
	if (err && replacement->is_output && is_left_in_output(err, xattr))
		err = 0;
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

static int copy_xattrs(const struct replacement *replacement, enum xattr_kind kind)
{
	int source = replacement->source;
	ssize_t size = flistxattr(source, NULL, 0);
	char *names;
	int err = 0;

	if (size < 0)
		return errno == EOPNOTSUPP ? 0 : -errno;
	if (!size)
		return 0;
	names = malloc((size_t)size + 1);
	if (!names)
		return -ENOMEM;
	size = flistxattr(source, names, (size_t)size);
	if (size < 0)
		err = -errno;
	for (char *name = names; !err && name < names + size; name += strlen(name) + 1)
		if (kind_of(name) == kind)
			err = copy_xattr(replacement, name);
	free(names);
	return err;
}

/* Whether one of the names leads to a file that has the size and the time of the new one. */
static bool looks_unchanged(const struct replacement *replacement, const struct stat *made)
{
	const struct timespec *time = &replacement->before.st_mtim;
	struct stat old;

	for (size_t i = 0; i < replacement->name_count; i++) {
		const struct replacement_name *name = &replacement->names[i];

		if (!fstatat(name->directory, name->name, &old, AT_SYMLINK_NOFOLLOW) &&
			old.st_size == made->st_size && old.st_mtim.tv_sec == time->tv_sec)
			return true;
	}
	return false;
}

/* Now, and in another second than before: rsync(1) compares seconds. */
static struct timespec time_after(const struct timespec *before)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (now.tv_sec == before->tv_sec)
		now.tv_sec++;
	return now;
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
	mode_t mode = before->st_mode & 07777;
	struct stat made;
	int err;

	if (fstat(replacement->target, &made))
		return -errno;
	if (!replacement->keep_times && looks_unchanged(replacement, &made))
		times[1] = time_after(&before->st_mtim);
	if ((made.st_uid != before->st_uid || made.st_gid != before->st_gid) &&
		fchown(replacement->target, before->st_uid, before->st_gid)) {
		if (!replacement->is_output || errno != EPERM)
			return -errno;
		/* They would speak of another owner. */
		mode &= 0777;
	}
	err = copy_xattrs(replacement, XATTR_OTHER);
	if (err)
		return err;
	if (fchmod(replacement->target, mode))
		return -errno;
	err = copy_xattrs(replacement, XATTR_ACL);
	if (err)
		return err;
	err = inode_flags_copy(replacement->source, replacement->target);
	if (err && !replacement->is_output)
		return err;
	return futimens(replacement->target, times) ? -errno : 0;
}

/* Links the file that is "from", looked up in a directory, to a temporary name beside "name". */
static int link_beside(struct replacement_name *name, int directory, const char *from, int flags)
{
	for (int i = 0; i < 100; i++) {
		int err = draw_temporary_name(name);

		if (err)
			return err;
		if (!linkat(directory, from, name->directory, name->temporary, flags))
			return 0;
		err = -errno;
		name->temporary[0] = '\0';
		if (err != -EEXIST)
			return err;
	}
	return -EEXIST;
}

static int give_temporary_names(struct replacement *replacement)
{
	struct replacement_name *first = &replacement->names[0];
	char proc[64];
	int err = 0;

	snprintf(proc, sizeof(proc), "/proc/self/fd/%d", replacement->target);
	if (!first->temporary[0])
		err = link_beside(first, AT_FDCWD, proc, AT_SYMLINK_FOLLOW);
	for (size_t i = 1; i < replacement->name_count && !err; i++)
		err = link_beside(
			&replacement->names[i], first->directory, first->temporary, 0);
	return err;
}

/* Leads the first count names back to the old file, which the next name still leads to. */
static void undo_renames(struct replacement *replacement, size_t count)
{
	const struct replacement_name *next = &replacement->names[count];

	for (size_t i = 0; i < count && !replacement->is_output; i++) {
		struct replacement_name *name = &replacement->names[i];

		if (link_beside(name, next->directory, next->name, 0))
			continue;
		if (!renameat(name->directory, name->temporary, name->directory, name->name))
			name->temporary[0] = '\0';
	}
}

static int rename_all(struct replacement *replacement)
{
	for (size_t i = 0; i < replacement->name_count; i++) {
		struct replacement_name *name = &replacement->names[i];

		if (renameat(name->directory, name->temporary, name->directory, name->name)) {
			int err = -errno;

			undo_renames(replacement, i);
			return err;
		}
		/* Two spellings of one name: the second rename(2) is none, and leaves it. */
		if (i)
			unlinkat(name->directory, name->temporary, 0);
		name->temporary[0] = '\0';
	}
	return 0;
}

/* Some file systems cannot sync a directory, and need not. */
static int sync_directory(int directory)
{
	return fsync(directory) && errno != EINVAL ? -errno : 0;
}

static int sync_directories(const struct replacement *replacement)
{
	int err;

	for (size_t i = 0; i < replacement->name_count; i++) {
		const struct replacement_name *name = &replacement->names[i];

		if (i && name->directory == name[-1].directory)
			continue;
		err = sync_directory(name->directory);
		if (err)
			return err;
	}
	return 0;
}

static bool source_changed(const struct replacement *replacement)
{
	struct stat now;

	return fstat(replacement->source, &now) || !is_same_version(&now, &replacement->before);
}

int replacement_complete(struct replacement *replacement, struct file_problem *problem)
{
	int err = copy_attributes(replacement);

	return err ? file_problem_set(problem, FILE_PROBLEM_ATTRIBUTES, err) : 0;
}

int replacement_publish(struct replacement *replacement, struct file_problem *problem)
{
	int err;

	if (source_changed(replacement) || !is_still_named(replacement))
		return set_changed(replacement, problem);
	err = give_temporary_names(replacement);
	if (err)
		return file_problem_set(problem, FILE_PROBLEM_CREATE, err);
	err = rename_all(replacement);
	return err ? file_problem_set(problem, FILE_PROBLEM_RENAME, err) : 0;
}

int replacement_commit(struct replacement *replacement, struct file_problem *problem)
{
	int err = replacement_complete(replacement, problem);

	if (err)
		return err;
	if (fsync(replacement->target))
		return file_problem_set(problem, FILE_PROBLEM_WRITE, -errno);
	err = replacement_publish(replacement, problem);
	if (err)
		return err;
	/* The new names count from here on; that they are on the disk is what the sync adds. */
	err = sync_directories(replacement);
	return err ? file_problem_set(problem, FILE_PROBLEM_WRITE, err) : 0;
}

void replacement_close(struct replacement *replacement)
{
	for (size_t i = 0; i < replacement->name_count; i++)
		if (replacement->names[i].temporary[0])
			unlinkat(replacement->names[i].directory, replacement->names[i].temporary,
				0);
	for (size_t i = 0; i < replacement->name_count; i++)
		if (!replacement->names[i].is_shared)
			close(replacement->names[i].directory);
	free(replacement->names);
	if (replacement->target >= 0)
		close(replacement->target);
	if (replacement->source >= 0)
		close(replacement->source);
}
