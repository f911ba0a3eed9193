// SPDX-License-Identifier: GPL-2.0-or-later
#include "legacy.h"
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "fd_source.h"

extern char **environ;

#define READ_SIZE ((size_t)64 * 1024)

/* bytes: of the file, from offset. What of them is the section becomes zero. */
static void blank_section(__u8 *bytes, size_t size, __u64 offset, __u64 section)
{
	__u64 begin = section > offset ? section : offset;
	__u64 end = section + BSIGN_SECTION_SIZE < offset + size ? section + BSIGN_SECTION_SIZE :
								    offset + size;

	if (begin < end)
		memset(bytes + (begin - offset), 0, end - begin);
}

static int hash_file(int fd, __u64 size, __u64 section, __u8 hash[BSIGN_HASH_SIZE])
{
	EVP_MD_CTX *sha1 = EVP_MD_CTX_new();
	static _Thread_local __u8 bytes[READ_SIZE];
	int err = sha1 && EVP_DigestInit_ex(sha1, EVP_sha1(), NULL) == 1 ? 0 : -ENOMEM;

	for (__u64 at = 0; !err && at < size;) {
		size_t now = size - at < READ_SIZE ? (size_t)(size - at) : READ_SIZE;

		err = read_exactly(fd, bytes, now, (off_t)at);
		if (err)
			break;
		blank_section(bytes, now, at, section);
		if (EVP_DigestUpdate(sha1, bytes, now) != 1)
			err = -EIO;
		at += now;
	}
	if (!err && EVP_DigestFinal_ex(sha1, hash, NULL) != 1)
		err = -EIO;
	EVP_MD_CTX_free(sha1);
	return err;
}

/* A file in memory, for another program to open by its number. */
static int memory_file(const __u8 *bytes, size_t size)
{
	int fd = memfd_create("bsign", 0);

	if (fd < 0)
		return -errno;
	if (write(fd, bytes, size) == (ssize_t)size)
		return fd;
	close(fd);
	return -EIO;
}

static int run_gpgv(const char *keyring, int signature, int statement, enum legacy_state *state)
{
	char signature_path[32], statement_path[32];
	char *arguments[] = { (char *)"gpgv", (char *)"--keyring", (char *)keyring, signature_path,
		statement_path, NULL };
	posix_spawn_file_actions_t quiet;
	pid_t pid;
	int status, err;

	snprintf(signature_path, sizeof(signature_path), "/proc/self/fd/%d", signature);
	snprintf(statement_path, sizeof(statement_path), "/proc/self/fd/%d", statement);
	if (posix_spawn_file_actions_init(&quiet))
		return -ENOMEM;
	err = posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	if (!err)
		err = posix_spawn_file_actions_adddup2(&quiet, STDOUT_FILENO, STDERR_FILENO);
	if (!err)
		err = posix_spawnp(&pid, "gpgv", &quiet, NULL, arguments, environ);
	posix_spawn_file_actions_destroy(&quiet);
	if (err)
		return err == ENOENT ? -ENOPKG : -err;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	*state = WIFEXITED(status) && WEXITSTATUS(status) == 0 ? LEGACY_GOOD : LEGACY_BAD;
	return 0;
}

static int check_signature(
	const struct bsign_section *section, const char *keyring, enum legacy_state *state)
{
	int signature = memory_file(section->signature, section->signature_size), err;
	int statement = memory_file(section->bytes, section->statement_size);

	if (signature < 0 || statement < 0)
		err = signature < 0 ? signature : statement;
	else
		err = run_gpgv(keyring, signature, statement, state);
	if (signature >= 0)
		close(signature);
	if (statement >= 0)
		close(statement);
	return err;
}

int legacy_judge(int fd, const char *keyring, struct legacy_finding *finding)
{
	__u8 hash[BSIGN_HASH_SIZE];
	struct fd_windows windows;
	struct elf_source source;
	struct stat st;
	int err;

	finding->state = LEGACY_NONE;
	if (fstat(fd, &st))
		return -errno;
	source = fd_source(&windows, fd, (__u64)st.st_size);
	err = bsign_section_find(&source, &finding->section);
	if (err <= 0)
		return err;
	err = hash_file(fd, (__u64)st.st_size, finding->section.offset, hash);
	if (err)
		return err;
	if (memcmp(hash, finding->section.hash, sizeof(hash)))
		finding->state = LEGACY_CHANGED;
	else if (!finding->section.signature_size)
		finding->state = LEGACY_HASHED;
	else if (!keyring)
		finding->state = LEGACY_UNCHECKED;
	else
		return check_signature(&finding->section, keyring, &finding->state);
	return 0;
}

const char *legacy_meaning(enum legacy_state state)
{
	static const char *const meanings[] = {
		[LEGACY_NONE] = "no section of bsign's",
		[LEGACY_CHANGED] = "its SHA-1 is not that of the file: bytes were changed since",
		[LEGACY_HASHED] = "its SHA-1 is that of the file; nobody signed it",
		[LEGACY_UNCHECKED] = "its SHA-1 is that of the file; the OpenPGP signature was not "
				     "checked: see --keyring",
		[LEGACY_BAD] = "its SHA-1 is that of the file, but gpgv takes the OpenPGP signature "
			       "for not good, or too weak, or by a key that is not in the keyring",
		[LEGACY_GOOD] = "its SHA-1 is that of the file, and gpgv finds its OpenPGP signature "
				"good",
	};

	return meanings[state];
}
