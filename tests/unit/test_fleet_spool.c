// SPDX-License-Identifier: GPL-2.0-or-later
/* A spool whose owner is hostile: nothing of it blocks root, leads it elsewhere, or makes it read more than was signed. */
#include "fleet_spool.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "lib/text/text.h"

static char *in_spool(const struct host *host, const char *name)
{
	static char paths[4][PATH_MAX + 128];
	static unsigned int turn;
	char *path = paths[turn++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", host->spool, name);
	return path;
}

/* The path of the set's only blob. */
static char *one_catalog(struct host *host, __u64 sequence)
{
	struct fleet_manifest manifest = manifest_of(sequence);
	char name[32 + 2 * DIGSIG_DIGEST_SIZE], hex[2 * DIGSIG_DIGEST_SIZE + 1];

	spool_begin(host);
	spool_catalog(host, &manifest, (__u8)sequence, scratch_signer());
	print_hex(hex, manifest.blobs[0].digest, DIGSIG_DIGEST_SIZE);
	snprintf(name, sizeof(name), "set/%u/blob/%s", host->number, hex);
	spool_manifest(host, &manifest, scratch_signer());
	spool_ready(host);
	return in_spool(host, name);
}

static void ready_leads_nowhere_else(void **state)
{
	static const char *const targets[] = { "/etc", "..", "set", "set/", "set/..", "set/1/..", "set/1/blob", "set/01x",
		"../set/1", "/proc/self/cwd", "set/12345678901234567890", "set/-1", "set/1/../../set/1",
		"set/111111111111111111111111111111111111111111111111111111111111111111111111111111111111" };
	struct handover_mark mark;
	struct handover from;
	struct host host;

	(void)state;
	host_new(&host, "ready");
	spool_whole(&host, 1);
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		assert_int_equal(unlink(in_spool(&host, FLEET_READY)), 0);
		assert_int_equal(symlink(targets[i], in_spool(&host, FLEET_READY)), 0);
		assert_int_equal(handover_look(host.spool, &mark), -EINVAL);
		assert_string_equal(mark.target, "");
		assert_int_equal(handover_open(host.spool, &mark, &from), -EINVAL);
	}
	/* No link at all. */
	assert_int_equal(unlink(in_spool(&host, FLEET_READY)), 0);
	assert_int_equal(mkfifo(in_spool(&host, FLEET_READY), 0600), 0);
	assert_int_equal(handover_look(host.spool, &mark), -EINVAL);
	assert_int_equal(unlink(in_spool(&host, FLEET_READY)), 0);
	assert_int_equal(handover_look(host.spool, &mark), -ENOENT);
	assert_int_equal(handover_look("/no/such/spool", &mark), -ENOENT);
	/* A link in the place of each folder. */
	assert_int_equal(symlink("set/1", in_spool(&host, FLEET_READY)), 0);
	assert_int_equal(host_take(&host), 1);
	assert_int_equal(rename(in_spool(&host, "set/1"), in_spool(&host, "set/2")), 0);
	assert_int_equal(host_take(&host), -ENOENT);
	assert_int_equal(symlink("2", in_spool(&host, "set/1")), 0);
	assert_true(host_take(&host) < 0);
	assert_int_equal(unlink(in_spool(&host, "set/1")), 0);
	assert_int_equal(rename(in_spool(&host, "set/2"), in_spool(&host, "set/1")), 0);
	assert_int_equal(rename(in_spool(&host, "set"), in_spool(&host, "elsewhere")), 0);
	assert_int_equal(symlink("elsewhere", in_spool(&host, "set")), 0);
	assert_true(host_take(&host) < 0);
	assert_int_equal(unlink(in_spool(&host, "set")), 0);
	assert_int_equal(rename(in_spool(&host, "elsewhere"), in_spool(&host, "set")), 0);
	assert_int_equal(rename(in_spool(&host, "set/1/blob"), in_spool(&host, "set/1/other")), 0);
	assert_int_equal(symlink("other", in_spool(&host, "set/1/blob")), 0);
	host_free(&host);
	assert_true(host_take(&host) < 0);
	host_free(&host);
}

static void only_regular_files_of_the_owner(void **state)
{
	char *path, kept[PATH_MAX];
	struct host host;

	(void)state;
	host_new(&host, "files");
	path = strdup(one_catalog(&host, 1));
	snprintf(kept, sizeof(kept), "%.4000s.kept", path);
	assert_int_equal(rename(path, kept), 0);
	/* A FIFO that nobody writes to; a folder; a link, also one to the right bytes. */
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(host_take(&host), -EINVAL);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(host_take(&host), -EINVAL);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(symlink(kept, path), 0);
	assert_int_equal(host_take(&host), -EINVAL);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("/dev/zero", path), 0);
	assert_int_equal(host_take(&host), -EINVAL);
	assert_int_equal(unlink(path), 0);
	if (!geteuid()) {
		/* A device; and a hard link to somebody else's file, which is not even opened for reading. */
		if (!mknod(path, S_IFCHR | 0600, makedev(1, 5))) {
			assert_int_equal(host_take(&host), -EINVAL);
			assert_int_equal(unlink(path), 0);
		}
		assert_int_equal(link(kept, path), 0);
		assert_int_equal(chown(path, 12345, (gid_t)-1), 0);
		assert_int_equal(host_take(&host), -EPERM);
		assert_int_equal(chown(path, 0, (gid_t)-1), 0);
		assert_int_equal(unlink(path), 0);
	}
	assert_int_equal(link(kept, path), 0);
	assert_int_equal(host_take(&host), 1);
	host_free(&host);
	free(path);
}

static void a_manifest_of_any_kind(void **state)
{
	char *path;
	struct host host;

	(void)state;
	host_new(&host, "manifest");
	one_catalog(&host, 1);
	path = in_spool(&host, "set/1/" FLEET_GROUP_FILE);
	assert_int_equal(truncate(path, (off_t)1 << 40), 0);
	assert_int_equal(host_take(&host), -EFBIG);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(host_take(&host), -ENOENT);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(host_take(&host), -EINVAL);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("/etc/shadow", path), 0);
	assert_int_equal(host_take(&host), -EINVAL);
	assert_null(strstr(host.refusal.reason, "root"));
	assert_int_equal(unlink(path), 0);
	/* Noise of all sizes; it is not quoted either. */
	for (size_t size = 0; size <= FLEET_MANIFEST_MAX; size = size * 3 + 1) {
		char *noise = malloc(size + 1);

		memset(noise, (int)size, size);
		write_bytes(path, noise, size);
		assert_true(host_take(&host) < 0);
		free(noise);
	}
	host_free(&host);
}

static void a_folder_full_of_names(void **state)
{
	struct host host;
	char *path;

	(void)state;
	host_new(&host, "full");
	path = strdup(one_catalog(&host, 1));
	for (unsigned int i = 0; i < 20000; i++) {
		char name[64];

		snprintf(name, sizeof(name), "set/%u/blob/%08u", host.number, i);
		assert_int_equal(mknod(in_spool(&host, name), S_IFREG | 0600, 0), 0);
	}
	assert_int_equal(host_take(&host), 1);
	host_free(&host);
	free(path);
}

struct mischief {
	const char *path;
	_Atomic bool is_over;
};

/* The file is replaced, grows, shrinks and changes while it is read. */
static void *do_mischief(void *context)
{
	struct mischief *mischief = context;
	char kept[PATH_MAX], other[PATH_MAX];
	struct bytes bytes;

	snprintf(kept, sizeof(kept), "%.4000s.kept", mischief->path);
	snprintf(other, sizeof(other), "%.4000s.other", mischief->path);
	bytes_load(&bytes, mischief->path);
	while (!mischief->is_over) {
		bytes.data[bytes.size / 3] ^= 1;
		bytes_save(&bytes, other);
		rename(other, mischief->path);
		if (truncate(mischief->path, (off_t)bytes.size + 10))
			break;
		if (truncate(mischief->path, 10))
			break;
		bytes.data[bytes.size / 3] ^= 1;
		bytes_save(&bytes, mischief->path);
		unlink(mischief->path);
		symlink("/dev/zero", mischief->path);
		unlink(mischief->path);
		bytes_save(&bytes, mischief->path);
	}
	bytes_save(&bytes, mischief->path);
	bytes_free(&bytes);
	return NULL;
}

static void files_that_change_while_they_are_read(void **state)
{
	struct mischief mischief = { 0 };
	struct host host;
	pthread_t thread;
	__u64 sequence;

	(void)state;
	host_new(&host, "change");
	for (unsigned int round = 1; round <= 5; round++) {
		char *path = strdup(one_catalog(&host, round));

		mischief = (struct mischief){ .path = path };
		assert_int_equal(pthread_create(&thread, NULL, do_mischief, &mischief), 0);
		for (unsigned int i = 0; i < 100; i++) {
			int err = host_take(&host);

			/* Whatever came of it is whole. */
			assert_true(err <= 1);
			if (host.has_current)
				assert_int_equal(host_reads(&host, &sequence), 0);
		}
		mischief.is_over = true;
		pthread_join(thread, NULL);
		assert_in_range(host_take(&host), 0, 1);
		assert_int_equal(host_reads(&host, &sequence), 0);
		assert_int_equal(sequence, round);
		free(path);
	}
	host_free(&host);
}

static void no_descriptor_is_left(void **state)
{
	unsigned int before, after;
	struct host host;

	(void)state;
	host_new(&host, "descriptors");
	one_catalog(&host, 2);
	assert_int_equal(host_take(&host), 1);
	before = count_entries("/proc/self/fd");
	one_catalog(&host, 1);
	for (unsigned int i = 0; i < 50; i++)
		assert_int_equal(host_take(&host), -ESTALE);
	one_catalog(&host, 3);
	assert_int_equal(host_take(&host), 1);
	after = count_entries("/proc/self/fd");
	assert_int_equal(before, after);
	host_free(&host);
}

static int tear_down(void **state)
{
	fleet_signers_free();
	return scratch_tear_down(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ready_leads_nowhere_else),
		cmocka_unit_test(only_regular_files_of_the_owner),
		cmocka_unit_test(a_manifest_of_any_kind),
		cmocka_unit_test(a_folder_full_of_names),
		cmocka_unit_test(files_that_change_while_they_are_read),
		cmocka_unit_test(no_descriptor_is_left),
	};

	return cmocka_run_group_tests_name("fleet-spool", tests, NULL, tear_down);
}
