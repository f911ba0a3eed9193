// SPDX-License-Identifier: GPL-2.0-or-later
#include "self_check.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../file/hash.h"
#include "../file/verify.h"
#include "found_ok.h"

/* 1 if a catalog or an earlier judgement made the file known to the engine; 0, a negative errno. */
static int is_known(struct engine *engine, int fd)
{
	__u8 digest[DIGSIG_DIGEST_SIZE];
	struct stat st;
	int err;

	if (fstat(fd, &st))
		return -errno;
	err = file_hash(fd, (__u64)st.st_size, NULL, digest);
	return err ? err : engine_knows(engine, digest);
}

/* The kernel checks the signature, we that the file is the one it was given for. */
static int is_allowed(struct engine *engine, const char *path)
{
	struct file_judgement *judgement = malloc(sizeof(*judgement));
	int fd = open(path, O_RDONLY | O_CLOEXEC), err;
	struct digsig_reply reply;

	if (!judgement || fd < 0) {
		err = judgement ? -errno : -ENOMEM;
		goto out;
	}
	/* Its digest is trusted already, by a catalog or since it was admitted before. */
	err = is_known(engine, fd);
	if (err) {
		err = err < 0 ? err : 0;
		goto out;
	}
	err = file_judge(fd, NULL, FILE_JUDGE_ALWAYS_HASH, judgement);
	if (err)
		goto out;
	err = -EPERM;
	if (judgement->block.defect || !judgement->is_hashed ||
		judgement->verdict != DIGSIG_VERDICT_NONE)
		goto out;
	err = engine_admit(engine, &judgement->block, &reply);
	if (err == -ENOSPC)
		err = 0; /* good, even if it will not be remembered */
	if (!err && (reply.verdict != DIGSIG_VERDICT_OK ||
			    memcmp(reply.digest, judgement->digest, sizeof(reply.digest))))
		err = -EPERM;
out:
	if (fd >= 0)
		close(fd);
	free(judgement);
	return err;
}

int engine_allows_own_code(struct engine *engine, char *path, size_t size)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char *line = NULL;
	size_t room = 0;
	int err = 0;

	if (!maps)
		return -errno;
	/* address permissions offset device inode path */
	while (!err && getline(&line, &room, maps) > 0) {
		char *file = strchr(line, '/');

		if (!file || strncmp(strchr(line, ' ') + 3, "x", 1))
			continue;
		file[strcspn(file, "\n")] = 0;
		err = is_allowed(engine, file);
		if (err)
			snprintf(path, size, "%s", file);
	}
	free(line);
	fclose(maps);
	return err;
}

int engine_finds_own_code_ok(struct engine *engine)
{
	struct digsig_status now;
	int err = engine_read_status(engine, &now), verdicts, fd;

	/* A locked engine shows its verdicts to nobody. */
	if (err || now.settings.is_locked || !(now.settings.scopes & DIGSIG_SCOPE_MMAP))
		return err;
	verdicts = engine_open_verdicts();
	if (verdicts < 0)
		return verdicts;
	fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		err = -errno;
	else if (!engine_finds_ok(verdicts, fd))
		err = -EPERM;
	if (fd >= 0)
		close(fd);
	close(verdicts);
	return err;
}
