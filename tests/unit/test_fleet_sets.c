// SPDX-License-Identifier: GPL-2.0-or-later
/* The sets that digsig-fleetd keeps, and hands to digsigd. */
#include <errno.h>
#include <fcntl.h>
#include <openssl/sha.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>
#include "digsig/fleet/handover.h"
#include "digsig/fleetd/blob_file.h"
#include "digsig/fleetd/set_store.h"
#include "folder.h"
#include "killed.h"

static struct set_store store;
static const struct fleet_state no_host;

static int set_up(void **state)
{
	(void)state;
	return system("rm -rf spool") || set_store_open("spool", &store);
}

static int tear_down(void **state)
{
	(void)state;
	set_store_close(&store);
	return 0;
}

static void start_again(void)
{
	set_store_close(&store);
	assert_int_equal(set_store_open("spool", &store), 0);
}

static struct fleet_blob blob_of(const char *text)
{
	struct fleet_blob blob = { .kind = FLEET_CATALOG, .size = strlen(text) };

	SHA256((const unsigned char *)text, strlen(text), blob.digest);
	return blob;
}

/* Not signed: the store does not look. texts: of its blobs; NULL ends them. */
static struct fleet_state state_of(enum fleet_scope scope, __u64 sequence, const char *const *texts)
{
	struct fleet_manifest manifest = { .scope = scope, .name = "web", .sequence = sequence, .made = 1, .valid_until = 2 };
	struct fleet_problem problem;
	struct fleet_state state;
	char *text;

	for (; texts && *texts; texts++) {
		struct fleet_blob blob = blob_of(*texts);

		assert_int_equal(fleet_manifest_add(&manifest, &blob), 0);
	}
	text = fleet_manifest_print(&manifest);
	fleet_manifest_free(&manifest);
	assert_non_null(text);
	assert_int_equal(fleet_state_read(text, strlen(text), NULL, &state, &problem), 0);
	return state;
}

static int fetch(const char *text)
{
	struct fleet_blob blob = blob_of(text);
	struct blob_file file;
	int err = blob_file_begin(&file, store.blobs);

	if (!err)
		err = blob_file_add(&file, text, strlen(text));
	return err ? err : blob_file_end(&file, &blob);
}

static bool has(const char *text)
{
	struct fleet_blob blob = blob_of(text);

	return set_store_has(&store, &blob);
}

/* As host_fetch does: what is there is not fetched. */
static int publish(const struct fleet_state *group, const struct fleet_state *host, const char *const *texts)
{
	int err = set_store_begin(&store, group, host);

	for (; !err && texts && *texts; texts++)
		if (!has(*texts))
			err = fetch(*texts);
	return err ? err : set_store_publish(&store, group, host);
}

static void publish_group(__u64 sequence, const char *const *texts)
{
	struct fleet_state group = state_of(FLEET_GROUP, sequence, texts);

	assert_int_equal(publish(&group, &no_host, texts), 0);
	fleet_state_free(&group);
}

/* The sequence of the set that is ready; 0: there is none. What it names is there. */
static __u64 ready(void)
{
	struct fleet_state state;
	__u64 sequence;
	int err = set_store_read(&store, FLEET_GROUP_FILE, &state);

	if (err == -ENOENT)
		return 0;
	assert_int_equal(err, 0);
	for (size_t i = 0; i < state.manifest.blob_count; i++) {
		char name[BLOB_NAME_SIZE], path[PATH_MAX];

		blob_name(&state.manifest.blobs[i], name);
		snprintf(path, sizeof(path), FLEET_READY "/" FLEET_BLOB_FOLDER "/%s", name);
		assert_true(blob_file_is(store.folder, path, &state.manifest.blobs[i]));
	}
	sequence = state.manifest.sequence;
	fleet_state_free(&state);
	return sequence;
}

static bool exists(const char *path)
{
	return !faccessat(store.folder, path, F_OK, AT_SYMLINK_NOFOLLOW);
}

static const char *const one[] = { "one", NULL }, *const both[] = { "one", "two", NULL };

static void a_set_is_ready_when_it_is_published(void **state)
{
	struct fleet_state group = state_of(FLEET_GROUP, 5, both);

	(void)state;
	assert_int_equal(ready(), 0);
	assert_int_equal(set_store_begin(&store, &group, &no_host), 0);
	assert_false(has("one"));
	assert_int_equal(fetch("one"), 0);
	assert_true(has("one"));
	assert_int_equal(ready(), 0);
	/* What was fetched stays over a kill. */
	start_again();
	assert_int_equal(set_store_begin(&store, &group, &no_host), 0);
	assert_true(has("one"));
	assert_false(has("two"));
	assert_int_equal(fetch("two"), 0);
	assert_int_equal(set_store_publish(&store, &group, &no_host), 0);
	assert_int_equal(ready(), 5);
	start_again();
	assert_int_equal(ready(), 5);
	fleet_state_free(&group);
}

static void the_state_of_a_host_comes_and_goes(void **state)
{
	struct fleet_state group = state_of(FLEET_GROUP, 1, one), host = state_of(FLEET_HOST, 8, both), found;

	(void)state;
	assert_int_equal(publish(&group, &host, both), 0);
	assert_int_equal(set_store_read(&store, FLEET_HOST_FILE, &found), 0);
	assert_int_equal(found.manifest.sequence, 8);
	fleet_state_free(&found);
	/* A kill left its manifest in the set that is begun. */
	assert_int_equal(set_store_begin(&store, &group, &host), 0);
	assert_int_equal(system("cp spool/ready/host.manifest spool/set/partial"), 0);
	assert_int_equal(publish(&group, &no_host, one), 0);
	assert_int_equal(set_store_read(&store, FLEET_HOST_FILE, &found), -ENOENT);
	assert_int_equal(ready(), 1);
	fleet_state_free(&group);
	fleet_state_free(&host);
}

static void what_is_not_named_goes(void **state)
{
	struct fleet_state group = state_of(FLEET_GROUP, 1, one);

	(void)state;
	assert_int_equal(set_store_begin(&store, &group, &no_host), 0);
	assert_int_equal(fetch("one"), 0);
	assert_int_equal(fetch("two"), 0);
	assert_int_equal(system("touch spool/set/partial/blob/.new && mkdir -p spool/set/partial/blob/a/b"), 0);
	assert_int_equal(set_store_begin(&store, &group, &no_host), 0);
	assert_true(has("one"));
	assert_false(has("two"));
	assert_int_equal(system("test $(ls -A spool/set/partial/blob | wc -l) -eq 1"), 0);
	fleet_state_free(&group);
}

static void bytes_that_are_others_get_no_name(void **state)
{
	struct fleet_state group = state_of(FLEET_GROUP, 1, one);
	struct fleet_blob wanted = blob_of("one");
	static const char *const wrong[] = { "on", "onE", "one " };
	struct blob_file file;

	(void)state;
	assert_int_equal(set_store_begin(&store, &group, &no_host), 0);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(blob_file_begin(&file, store.blobs), 0);
		assert_int_equal(blob_file_add(&file, wrong[i], strlen(wrong[i])), 0);
		assert_int_equal(blob_file_end(&file, &wanted), -EBADMSG);
		assert_false(has("one"));
	}
	fleet_state_free(&group);
}

static void a_blob_is_taken_from_the_set_before(void **state)
{
	struct fleet_state next = state_of(FLEET_GROUP, 2, both);

	(void)state;
	publish_group(1, both);
	assert_int_equal(set_store_begin(&store, &next, &no_host), 0);
	assert_true(has("one"));
	assert_true(exists("set/partial/blob/7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"));
	/* Not if a bad disk has changed it. */
	assert_int_equal(system("f=spool/ready/blob/3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3\n"
				"printf twO >$f"), 0);
	assert_false(has("two"));
	fleet_state_free(&next);
}

static void older_sets_go_but_the_last(void **state)
{
	(void)state;
	publish_group(1, one);
	publish_group(2, both);
	assert_true(exists("set/1"));
	publish_group(3, one);
	assert_false(exists("set/1"));
	assert_true(exists("set/2"));
	assert_true(exists("set/3"));
	assert_false(exists("set/partial"));
	assert_int_equal(ready(), 3);
}

/* A kill left a set with its number, but no link to it; or whatever else. */
static void a_number_is_not_used_twice(void **state)
{
	char target[16] = "";

	(void)state;
	publish_group(1, one);
	assert_int_equal(system("mkdir -p spool/set/7/blob spool/set/x/y && touch spool/ready.new spool/set/-3"), 0);
	publish_group(2, one);
	assert_int_equal(readlinkat(store.folder, FLEET_READY, target, sizeof(target) - 1), 5);
	assert_string_equal(target, "set/8");
	assert_true(exists("set/1"));
	assert_false(exists("set/7"));
	assert_false(exists("set/x"));
	assert_false(exists("set/-3"));
	assert_int_equal(ready(), 2);
}

static void a_damaged_manifest_is_none(void **state)
{
	struct fleet_state found;

	(void)state;
	publish_group(1, one);
	assert_int_equal(system("truncate -s 20 spool/ready/group.manifest"), 0);
	assert_int_equal(set_store_read(&store, FLEET_GROUP_FILE, &found), -EINVAL);
	assert_null(found.bytes);
	assert_int_equal(system("truncate -s 262145 spool/ready/group.manifest"), 0);
	assert_int_equal(set_store_read(&store, FLEET_GROUP_FILE, &found), -EFBIG);
	publish_group(2, one);
	assert_int_equal(ready(), 2);
}

static int publish_next(void *closure)
{
	return publish(closure, &no_host, both);
}

static void killed_at_any_moment_it_is_the_old_or_the_new_set(void **state)
{
	struct fleet_state next = state_of(FLEET_GROUP, 2, both);
	unsigned int count = 0;

	(void)state;
	publish_group(1, one);
	assert_int_equal(system("cp -a spool copy"), 0);
	while (killed_before(count++, publish_next, &next)) {
		start_again();
		assert_in_range(ready(), 1, 2);
		assert_int_equal(publish(&next, &no_host, both), 0);
		assert_int_equal(ready(), 2);
		/* What the kill left is gone, but for the set before. */
		assert_int_equal(system("test $(ls -A spool/set | wc -l) -le 2 && ls -A spool | sort | tr '\\n' ' ' | grep -qx 'ready set '"), 0);
		assert_int_equal(system("rm -rf spool && cp -a copy spool"), 0);
		start_again();
	}
	/* Else it was not killed where something happens. */
	assert_true(count > 15);
	start_again();
	assert_int_equal(ready(), 2);
	fleet_state_free(&next);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_set_is_ready_when_it_is_published),
		CASE(the_state_of_a_host_comes_and_goes),
		CASE(what_is_not_named_goes),
		CASE(bytes_that_are_others_get_no_name),
		CASE(a_blob_is_taken_from_the_set_before),
		CASE(older_sets_go_but_the_last),
		CASE(a_number_is_not_used_twice),
		CASE(a_damaged_manifest_is_none),
		CASE(killed_at_any_moment_it_is_the_old_or_the_new_set),
	};

	return cmocka_run_group_tests_name("fleet-sets", tests, folder_enter, folder_leave);
}
