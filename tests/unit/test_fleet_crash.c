// SPDX-License-Identifier: GPL-2.0-or-later
/* A process that takes a set is killed at each system call that changes something. */
#include "fleet_spool.h"
#include "killed.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "digsig/fleet/sequences.h"

static int take(void *host)
{
	return host_take(host) == 1 ? 0 : -1;
}

static __u64 remembered(const struct host *host)
{
	struct fleet_sequences sequences;
	struct fleet_problem problem;
	const struct fleet_sequence *entry;
	char path[PATH_MAX + 16];
	__u64 sequence;

	snprintf(path, sizeof(path), "%s/" FLEET_SEQUENCES, host->store);
	assert_int_equal(fleet_sequences_read(path, &sequences, &problem), 0);
	entry = fleet_sequences_find(&sequences, FLEET_GROUP, "web");
	sequence = entry ? entry->sequence : 0;
	fleet_sequences_free(&sequences);
	return sequence;
}

static void restore(const struct host *host, const char *copy)
{
	char command[3 * PATH_MAX + 64];

	snprintf(command, sizeof(command), "rm -rf '%s' && cp -a '%s' '%s'", host->store, copy, host->store);
	assert_int_equal(system(command), 0);
}

/* As digsigd would: it reads what there is, and takes what is ready. */
static void start_again(struct host *host)
{
	host_free(host);
	host->has_current =
		!fleet_store_read(host->store, &host->machine, &host->current, NULL, &host->refusal);
	assert_in_range(host_take(host), 0, 1);
}

/* before: the sequence that the store had; 0: none. */
static void die_at_each(struct host *host, __u64 before)
{
	char copy[PATH_MAX + 8], command[3 * PATH_MAX + 64];
	unsigned int count = 0;
	__u64 sequence;

	snprintf(copy, sizeof(copy), "%s.copy", host->store);
	snprintf(command, sizeof(command), "cp -a '%s' '%s'", host->store, copy);
	assert_int_equal(system(command), 0);
	while (killed_before(count, take, host)) {
		int err = host_reads(host, &sequence);

		/* The one before, or the new one, whole. */
		if (err == -ENOENT)
			assert_int_equal(before, 0);
		else
			assert_int_equal(err, 0);
		if (!err)
			assert_true(sequence == before || sequence == 2);
		/* And a number that is never smaller than what is there. */
		assert_true(remembered(host) >= (err ? 0 : sequence));
		assert_true(remembered(host) >= before);
		start_again(host);
		assert_int_equal(host_reads(host, &sequence), 0);
		assert_int_equal(sequence, 2);
		assert_int_equal(remembered(host), 2);
		restore(host, copy);
		host_free(host);
		host->has_current = before &&
			!fleet_store_read(host->store, &host->machine, &host->current, NULL, &host->refusal);
		count++;
	}
	/* Else it was not killed where something happens. */
	assert_true(count > 20);
	assert_int_equal(host_reads(host, &sequence), 0);
	assert_int_equal(sequence, 2);
	host_free(host);
}

static void the_first_set(void **state)
{
	struct host host;

	(void)state;
	host_new(&host, "first");
	spool_whole(&host, 2);
	die_at_each(&host, 0);
}

static void the_next_set(void **state)
{
	struct host host;

	(void)state;
	host_new(&host, "next");
	spool_whole(&host, 1);
	assert_int_equal(host_take(&host), 1);
	spool_whole(&host, 2);
	die_at_each(&host, 1);
}

static int tear_down(void **state)
{
	fleet_signers_free();
	return scratch_tear_down(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_set),
		cmocka_unit_test(the_next_set),
	};

	return cmocka_run_group_tests_name("fleet-crash", tests, NULL, tear_down);
}
