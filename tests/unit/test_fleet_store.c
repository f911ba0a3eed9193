// SPDX-License-Identifier: GPL-2.0-or-later
/* What a machine takes of its fleet, what it refuses, and with which words. */
#include "fleet_spool.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "digsig/fleet/sequences.h"
#include "lib/text/text.h"

static unsigned int count_sets(const struct host *host)
{
	char path[PATH_MAX + 8];

	snprintf(path, sizeof(path), "%s/set", host->store);
	return access(path, F_OK) ? 0 : count_entries(path);
}

static void expect_refused(struct host *host, int err, const char *words)
{
	__u64 before = 0, after = 0;
	bool had = !host_reads(host, &before);
	unsigned int sets = count_sets(host);
	struct fleet_refusal refusal;

	assert_int_equal(host_take(host), err);
	refusal = host->refusal;
	if (!strstr(refusal.reason, words))
		fail_msg("\"%s\" is not in \"%s\"", words, refusal.reason);
	/* The store is as it was, and nothing half made stays. */
	assert_int_equal(had, !host_reads(host, &after));
	assert_int_equal(before, after);
	assert_int_equal(count_sets(host), sets);
	host->refusal = refusal;
}

static void a_set_is_taken_as_a_whole(void **state)
{
	struct fleet_set set;
	struct trust_store *trust;
	struct revocations revoked = { 0 };
	struct catalog_list catalogs = { 0 };
	char folder[PATH_MAX];
	struct host host;

	(void)state;
	host_new(&host, "whole");
	assert_int_equal(host_take(&host), -ENOENT); /* nothing is ready */
	spool_whole(&host, 7);
	assert_int_equal(host_take(&host), 1);
	assert_int_equal(host_take(&host), 0);
	assert_int_equal(fleet_store_read(host.store, &host.machine, &set, NULL, &host.refusal), 0);
	assert_int_equal(set.group.sequence, 7);
	assert_false(fleet_set_has_host(&set));
	assert_string_equal(set.digest, host.current.digest);
	assert_int_equal(fleet_store_folder(host.store, set.digest, folder), 0);
	assert_int_equal(trust_store_new(&trust), 0);
	assert_int_equal(fleet_set_trust(folder, &set, trust, &host.refusal), 0);
	assert_int_equal(trust_store_count(trust), 1);
	assert_int_equal(fleet_set_revocations(folder, &set, trust, &revoked, &host.refusal), 0);
	assert_int_equal(revoked.count, 1);
	assert_int_equal(fleet_set_catalogs(folder, &set, &catalogs), 0);
	assert_int_equal(catalogs.count, 2);
	revocations_free(&revoked);
	catalog_list_free(&catalogs);
	trust_store_free(trust);
	fleet_set_free(&set);
	/* The next one keeps what it shares, and needs nothing of it from the spool. */
	spool_whole(&host, 8);
	assert_int_equal(host_take(&host), 1);
	assert_int_equal(fleet_store_clean(host.store, NULL, NULL), 0);
	snprintf(folder, sizeof(folder), "%.3000s/set", host.store);
	assert_int_equal(count_entries(folder), 1);
	host_free(&host);
}

static void signatures_and_names(void **state)
{
	struct fleet_manifest manifest = manifest_of(1);
	struct revocations revoked = { 0 };
	struct digsig_revocation key;
	char path[PATH_MAX + 64], text[] = "digsig-fleet 1\ngroup web\n";
	struct bytes bytes;
	struct host host;

	(void)state;
	host_new(&host, "signatures");
	/* By nobody of the fleet. */
	spool_begin(&host);
	spool_manifest(&host, &manifest, other_signer());
	spool_ready(&host);
	expect_refused(&host, -EKEYREJECTED, "the signature: unknownkey");
	/* Not signed; signed, and changed afterwards. */
	snprintf(path, sizeof(path), "%s/set/1/" FLEET_GROUP_FILE, host.spool);
	write_bytes(path, text, sizeof(text) - 1);
	expect_refused(&host, -EKEYREJECTED, "the signature: no signature");
	manifest = manifest_of(1);
	spool_manifest(&host, &manifest, scratch_signer());
	bytes_load(&bytes, path);
	memcpy(strstr((char *)bytes.data, "sequence 1"), "sequence 9", 10);
	bytes_save(&bytes, path);
	bytes_free(&bytes);
	expect_refused(&host, -EKEYREJECTED, "the signature: badsig");
	write_bytes(path, "", 0);
	expect_refused(&host, -EKEYREJECTED, "no signature");
	/* By a key that this machine has revoked. */
	manifest = manifest_of(1);
	spool_manifest(&host, &manifest, scratch_signer());
	revocation_of_key(scratch_signer()->key_id, &key);
	assert_int_equal(revocations_add(&revoked, &key), 1);
	host.machine.revoked = &revoked;
	expect_refused(&host, -EKEYREJECTED, "the signature: revoked");
	host.machine.revoked = NULL;
	revocations_free(&revoked);
	/* For somebody else. */
	host.machine.group = "db";
	expect_refused(&host, -EXDEV, "it is for group web, and this machine is of group db");
	host.machine.group = "web";
	manifest = host_manifest_of(1);
	strcpy(manifest.name, "web2");
	spool_manifest(&host, &manifest, scratch_signer());
	expect_refused(&host, -EXDEV, "it is for host web2, and this machine is of host web1");
	host.machine.host = NULL;
	expect_refused(&host, -EXDEV, "this machine has no name");
	host.machine.host = "web1";
	/* A host's in the place of the group's. */
	snprintf(text, sizeof(text), "%s", FLEET_HOST_FILE);
	manifest = host_manifest_of(1);
	spool_manifest(&host, &manifest, scratch_signer());
	strcpy(strrchr(path, '/') + 1, FLEET_HOST_FILE);
	bytes_load(&bytes, path);
	strcpy(strrchr(path, '/') + 1, FLEET_GROUP_FILE);
	bytes_save(&bytes, path);
	bytes_free(&bytes);
	expect_refused(&host, -EXDEV, "it is the state of a host, in the place of that of a group");
	host_free(&host);
}

static void group_at(struct host *host, __u64 sequence, __s64 valid_until, enum fleet_stale stale)
{
	struct fleet_manifest manifest = manifest_of(sequence);

	manifest.valid_until = valid_until;
	manifest.stale = stale;
	spool_begin(host);
	spool_manifest(host, &manifest, scratch_signer());
	spool_ready(host);
}

static void sequences_only_grow(void **state)
{
	struct fleet_sequences sequences;
	struct fleet_problem problem;
	char path[PATH_MAX + 64];
	struct host host;

	(void)state;
	host_new(&host, "sequences");
	group_at(&host, 5, NOW + 10, FLEET_STALE_KEEP);
	assert_int_equal(host_take(&host), 1);
	group_at(&host, 4, NOW + 10, FLEET_STALE_KEEP);
	expect_refused(&host, -ESTALE, "it is older than what this machine has taken: sequence 5");
	assert_int_equal(host.refusal.sequence, 4);
	group_at(&host, 5, NOW + 11, FLEET_STALE_KEEP);
	expect_refused(&host, -EEXIST, "another one with sequence 5 was taken before");
	/* Also after a restart, with the set lost, and with the file lost. */
	host_free(&host);
	snprintf(path, sizeof(path), "%s/" FLEET_CURRENT, host.store);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(host_take(&host), -EEXIST);
	group_at(&host, 6, NOW + 11, FLEET_STALE_KEEP);
	assert_int_equal(host_take(&host), 1);
	assert_int_equal(fleet_store_clean(host.store, NULL, NULL), 0);
	snprintf(path, sizeof(path), "%s/" FLEET_SEQUENCES, host.store);
	assert_int_equal(unlink(path), 0);
	group_at(&host, 5, NOW + 11, FLEET_STALE_KEEP);
	expect_refused(&host, -ESTALE, "sequence 6");
	/* One that was damaged is not guessed at. */
	write_bytes(path, "group web 1\n", 12);
	group_at(&host, 7, NOW + 11, FLEET_STALE_KEEP);
	expect_refused(&host, -EINVAL, ":1: expected: group|host NAME SEQUENCE SHA256");
	unlink(path);
	assert_int_equal(host_take(&host), 1);
	assert_int_equal(fleet_sequences_read(path, &sequences, &problem), 0);
	assert_int_equal(sequences.count, 1);
	assert_int_equal(sequences.entries[0].sequence, 7);
	fleet_sequences_free(&sequences);
	host_free(&host);
}

static void time_that_is_over(void **state)
{
	struct digsig_config config = { .mode = DIGSIG_MODE_ENFORCING };
	struct host host;

	(void)state;
	host_new(&host, "time");
	group_at(&host, 1, NOW - 1, FLEET_STALE_KEEP);
	expect_refused(&host, -ETIME, "expired, by this machine's clock: it was valid until 2027-01-15T07:59:59Z");
	assert_true(host.refusal.is_passing);
	group_at(&host, 2, NOW, FLEET_STALE_MONITOR);
	assert_int_equal(host_take(&host), 1);
	/* What was taken stays, and is stale; taking it again is nothing new. */
	assert_false(fleet_set_is_stale(&host.current, NOW));
	assert_true(fleet_set_is_stale(&host.current, NOW + 1));
	assert_int_equal(host_take_at(&host, NOW + 1), 0);
	fleet_set_configure(&host.current, NOW, &config);
	assert_int_equal(config.mode, DIGSIG_MODE_ENFORCING);
	fleet_set_configure(&host.current, NOW + 1, &config);
	assert_int_equal(config.mode, DIGSIG_MODE_MONITOR);
	host_free(&host);
}

static void a_host_of_its_own(void **state)
{
	struct digsig_config config = { .mode = DIGSIG_MODE_MONITOR, .wx = DIGSIG_WX_ALLOW };
	struct fleet_manifest group = manifest_of(1), own = host_manifest_of(1);
	struct host host;

	(void)state;
	host_new(&host, "own");
	group.has_mode = true;
	group.mode = DIGSIG_MODE_ENFORCING;
	group.has_wx = true;
	group.wx = DIGSIG_WX_DENY;
	own.has_mode = true;
	own.mode = DIGSIG_MODE_PERMISSIVE;
	spool_begin(&host);
	spool_catalog(&host, &own, 1, scratch_signer());
	spool_manifest(&host, &group, scratch_signer());
	spool_manifest(&host, &own, scratch_signer());
	spool_ready(&host);
	assert_int_equal(host_take(&host), 1);
	assert_true(fleet_set_has_host(&host.current));
	fleet_set_configure(&host.current, NOW, &config);
	assert_int_equal(config.mode, DIGSIG_MODE_PERMISSIVE);
	assert_int_equal(config.wx, DIGSIG_WX_DENY);
	/* Whoever keeps it back undoes it; whoever hands over an older one, too. */
	group_at(&host, 2, NOW + 10, FLEET_STALE_KEEP);
	expect_refused(&host, -ESTALE, "this machine has taken a state of its own, sequence 1, and the set has none");
	assert_int_equal(host.refusal.scope, FLEET_HOST);
	own = host_manifest_of(2);
	spool_manifest(&host, &own, scratch_signer());
	assert_int_equal(host_take(&host), 1);
	group = manifest_of(3);
	own = host_manifest_of(1);
	spool_begin(&host);
	spool_manifest(&host, &group, scratch_signer());
	spool_manifest(&host, &own, scratch_signer());
	spool_ready(&host);
	expect_refused(&host, -ESTALE, "sequence 2");
	assert_int_equal(host.refusal.scope, FLEET_HOST);
	host_free(&host);
}

static void blobs_are_what_they_are_said_to_be(void **state)
{
	struct fleet_manifest manifest = manifest_of(1);
	char path[PATH_MAX + 128], hex[2 * DIGSIG_DIGEST_SIZE + 1];
	struct host host;

	(void)state;
	host_new(&host, "blobs");
	spool_whole(&host, 1);
	assert_int_equal(host_take(&host), 1);
	spool_begin(&host);
	manifest = manifest_of(2);
	spool_blob(&host, &manifest, FLEET_CERTIFICATE, "no certificate", 14);
	spool_manifest(&host, &manifest, scratch_signer());
	spool_ready(&host);
	expect_refused(&host, -EBADMSG, "it holds no certificate");
	spool_begin(&host);
	manifest = manifest_of(2);
	spool_blob(&host, &manifest, FLEET_CATALOG, "no catalog", 10);
	spool_manifest(&host, &manifest, scratch_signer());
	spool_ready(&host);
	expect_refused(&host, -EBADMSG, "catalog ");
	/* Signed, by somebody whose certificate is not there. */
	spool_begin(&host);
	manifest = manifest_of(2);
	spool_catalog(&host, &manifest, 9, other_signer());
	spool_manifest(&host, &manifest, scratch_signer());
	spool_ready(&host);
	expect_refused(&host, -EKEYREJECTED, "catalog ");
	spool_begin(&host);
	manifest = manifest_of(2);
	spool_list(&host, &manifest, 9, other_signer());
	spool_manifest(&host, &manifest, scratch_signer());
	spool_ready(&host);
	expect_refused(&host, -EKEYREJECTED, "unknownkey");
	spool_begin(&host);
	manifest = manifest_of(2);
	spool_blob(&host, &manifest, FLEET_REVOKED, "digest 12\n", 10);
	spool_manifest(&host, &manifest, scratch_signer());
	spool_ready(&host);
	expect_refused(&host, -EINVAL, "revoked ");
	/* Missing; cut short; longer; changed. */
	spool_begin(&host);
	manifest = manifest_of(2);
	spool_catalog(&host, &manifest, 9, scratch_signer());
	print_hex(hex, manifest.blobs[0].digest, DIGSIG_DIGEST_SIZE);
	snprintf(path, sizeof(path), "%s/set/%u/blob/%s", host.spool, host.number, hex);
	spool_manifest(&host, &manifest, scratch_signer());
	spool_ready(&host);
	assert_int_equal(truncate(path, 100), 0);
	expect_refused(&host, -EBADMSG, "its bytes are not those that the manifest names");
	assert_int_equal(truncate(path, 4096), 0);
	expect_refused(&host, -EBADMSG, "its bytes are not those that the manifest names");
	assert_int_equal(truncate(path, (off_t)1 << 40), 0);
	expect_refused(&host, -EBADMSG, "its bytes are not those that the manifest names");
	assert_int_equal(unlink(path), 0);
	expect_refused(&host, -ENOENT, "No such file");
	host_free(&host);
}

static void damage_in_the_store_is_seen_and_repaired(void **state)
{
	static const char *const names[] = { "catalog", "certificate", "revoked" };
	char path[PATH_MAX], folder[PATH_MAX];
	struct host host;
	__u64 sequence;

	(void)state;
	host_new(&host, "damage");
	spool_whole(&host, 1);
	assert_int_equal(host_take(&host), 1);
	assert_int_equal(fleet_store_folder(host.store, host.current.digest, folder), 0);
	for (size_t i = 0; i < host.current.merged.blob_count; i++) {
		struct bytes bytes;

		assert_int_equal(fleet_blob_path(folder, &host.current.merged.blobs[i], path), 0);
		bytes_load(&bytes, path);
		bytes.data[bytes.size / 2] ^= 1;
		bytes_save(&bytes, path);
		bytes_free(&bytes);
		assert_int_equal(host_reads(&host, &sequence), -EBADMSG);
		assert_non_null(strstr(host.refusal.reason, "it is damaged"));
		assert_non_null(strstr(host.refusal.reason, names[host.current.merged.blobs[i].kind == FLEET_CERTIFICATE ? 1 :
								host.current.merged.blobs[i].kind == FLEET_CATALOG ? 0 : 2]));
		/* A damaged set is none: what is ready is taken again. */
		host_free(&host);
		assert_int_equal(host_take(&host), 1);
		assert_int_equal(host_reads(&host, &sequence), 0);
	}
	snprintf(path, sizeof(path), "%.3000s/" FLEET_GROUP_FILE, folder);
	assert_int_equal(truncate(path, 10), 0);
	assert_int_equal(host_reads(&host, &sequence), -EKEYREJECTED);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(host_reads(&host, &sequence), -EBADMSG);
	host_free(&host);
}

static bool count_visits(void *context, const char *folder)
{
	(void)folder;
	++*(unsigned int *)context;
	return false;
}

static void sets_of_before_go_when_nobody_reads(void **state)
{
	unsigned int visits = 0;
	struct host host;
	int hold;

	(void)state;
	host_new(&host, "clean");
	group_at(&host, 1, NOW + 10, FLEET_STALE_KEEP);
	assert_int_equal(host_take(&host), 1);
	group_at(&host, 2, NOW + 10, FLEET_STALE_KEEP);
	assert_int_equal(host_take(&host), 1);
	hold = fleet_store_hold(host.store);
	assert_true(hold >= 0);
	assert_int_equal(fleet_store_clean(host.store, count_visits, &visits), -EBUSY);
	close(hold);
	assert_int_equal(fleet_store_clean(host.store, count_visits, &visits), 0);
	assert_int_equal(visits, 1);
	assert_int_equal(fleet_store_clean(host.store, NULL, NULL), 0);
	assert_int_equal(fleet_store_clean(host.store, count_visits, &visits), 0);
	assert_int_equal(visits, 1);
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
		cmocka_unit_test(a_set_is_taken_as_a_whole),
		cmocka_unit_test(signatures_and_names),
		cmocka_unit_test(sequences_only_grow),
		cmocka_unit_test(time_that_is_over),
		cmocka_unit_test(a_host_of_its_own),
		cmocka_unit_test(blobs_are_what_they_are_said_to_be),
		cmocka_unit_test(damage_in_the_store_is_seen_and_repaired),
		cmocka_unit_test(sets_of_before_go_when_nobody_reads),
	};

	return cmocka_run_group_tests_name("fleet-store", tests, NULL, tear_down);
}
