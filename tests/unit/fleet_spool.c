// SPDX-License-Identifier: GPL-2.0-or-later
#include "fleet_spool.h"
#include <errno.h>
#include <fcntl.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "digsig/catalog/build.h"
#include "digsig/fleet/signed_manifest.h"
#include "digsig/trust/key_new.h"
#include "digsig/trust/signed_text.h"
#include "lib/text/text.h"

static struct signer *stranger;

struct signer *other_signer(void)
{
	const struct key_request request = {
		.key_path = scratch_path("other.key"),
		.certificate_path = scratch_path("other.crt"),
		.subject = "another one",
		.days = 1,
	};
	enum signer_problem problem;

	if (stranger)
		return stranger;
	assert_int_equal(key_new(&request), 0);
	assert_int_equal(
		signer_load(&stranger, request.key_path, request.certificate_path, NULL, NULL, &problem), 0);
	return stranger;
}

void fleet_signers_free(void)
{
	signer_free(stranger);
	stranger = NULL;
}

void write_bytes(const char *path, const void *bytes, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, size), size);
	close(fd);
}

void host_new(struct host *host, const char *name)
{
	const char *folder = scratch_folder(name);
	char sets[PATH_MAX];

	*host = (struct host){ .machine = { .group = "web", .host = "web1", .fleet_keys = scratch_store() } };
	snprintf(host->spool, sizeof(host->spool), "%s", folder);
	snprintf(host->store, sizeof(host->store), "%.4000s-store", folder);
	snprintf(sets, sizeof(sets), "%.4000s/set", folder);
	assert_int_equal(mkdir(host->store, 0700), 0);
	assert_int_equal(mkdir(sets, 0700), 0);
}

void host_free(struct host *host)
{
	if (host->has_current)
		fleet_set_free(&host->current);
	host->has_current = false;
}

static struct fleet_manifest new_manifest(enum fleet_scope scope, const char *name, __u64 sequence)
{
	struct fleet_manifest manifest = {
		.scope = scope, .sequence = sequence, .made = NOW - 86400, .valid_until = NOW + 86400
	};

	strcpy(manifest.name, name);
	return manifest;
}

struct fleet_manifest manifest_of(__u64 sequence)
{
	return new_manifest(FLEET_GROUP, "web", sequence);
}

struct fleet_manifest host_manifest_of(__u64 sequence)
{
	return new_manifest(FLEET_HOST, "web1", sequence);
}

static void set_path(const struct host *host, const char *name, char *path)
{
	snprintf(path, PATH_MAX, "%.3000s/set/%u/%s", host->spool, host->number, name);
}

void spool_begin(struct host *host)
{
	char path[PATH_MAX];

	host->number++;
	set_path(host, "", path);
	assert_int_equal(mkdir(path, 0700), 0);
	set_path(host, FLEET_BLOB_FOLDER, path);
	assert_int_equal(mkdir(path, 0700), 0);
}

void spool_blob(struct host *host, struct fleet_manifest *manifest, enum fleet_blob_kind kind, const void *bytes, size_t size)
{
	struct fleet_blob blob = { .kind = kind, .size = size };
	char path[PATH_MAX], hex[2 * DIGSIG_DIGEST_SIZE + 1];

	SHA256(bytes, size, blob.digest);
	print_hex(hex, blob.digest, sizeof(blob.digest));
	set_path(host, FLEET_BLOB_FOLDER "/", path);
	strcat(path, hex);
	write_bytes(path, bytes, size);
	assert_int_equal(fleet_manifest_add(manifest, &blob), 0);
}

void spool_catalog(struct host *host, struct fleet_manifest *manifest, __u8 digest, struct signer *signer)
{
	const struct catalog_statement statement = { .signer = signer, .creation_time = 1 };
	struct catalog_builder *builder;
	char line[128], hex[2 * DIGSIG_DIGEST_SIZE + 1];
	__u8 bytes[DIGSIG_DIGEST_SIZE], *catalog;
	unsigned long number;
	size_t size;
	FILE *list;

	memset(bytes, digest, sizeof(bytes));
	print_hex(hex, bytes, sizeof(bytes));
	list = fmemopen(line, (size_t)snprintf(line, sizeof(line), "%s  /bin/%u\n", hex, digest), "r");
	assert_non_null(list);
	assert_int_equal(catalog_builder_new(&builder, CATALOG_EVERYTHING, NULL, NULL), 0);
	assert_int_equal(catalog_builder_add_digests(builder, list, &number), 0);
	assert_int_equal(catalog_builder_finish(builder, &statement, &catalog, &size), 0);
	spool_blob(host, manifest, FLEET_CATALOG, catalog, size);
	catalog_builder_free(builder);
	free(catalog);
	fclose(list);
}

void spool_list(struct host *host, struct fleet_manifest *manifest, __u8 digest, struct signer *signer)
{
	char text[160], hex[2 * DIGSIG_DIGEST_SIZE + 1], *list;
	__u8 bytes[DIGSIG_DIGEST_SIZE];

	memset(bytes, digest, sizeof(bytes));
	print_hex(hex, bytes, sizeof(bytes));
	snprintf(text, sizeof(text), "sequence 3\ndigest %s\n", hex);
	assert_int_equal(signed_text_sign(text, signer, &list), 0);
	spool_blob(host, manifest, FLEET_REVOKED, list, strlen(list));
	free(list);
}

void spool_certificate(struct host *host, struct fleet_manifest *manifest)
{
	struct bytes bytes;

	other_signer();
	bytes_load(&bytes, scratch_path("other.crt"));
	spool_blob(host, manifest, FLEET_CERTIFICATE, bytes.data, bytes.size);
	bytes_free(&bytes);
}

void spool_manifest(struct host *host, struct fleet_manifest *manifest, struct signer *signer)
{
	char path[PATH_MAX], *bytes;
	size_t size;

	set_path(host, manifest->scope == FLEET_GROUP ? FLEET_GROUP_FILE : FLEET_HOST_FILE, path);
	assert_int_equal(signed_manifest_make(manifest, signer, &bytes, &size), 0);
	write_bytes(path, bytes, size);
	fleet_manifest_free(manifest);
	free(bytes);
}

void spool_ready(struct host *host)
{
	char target[32], made[PATH_MAX + 8], path[PATH_MAX + 8];

	snprintf(target, sizeof(target), "set/%u", host->number);
	snprintf(made, sizeof(made), "%s/new", host->spool);
	snprintf(path, sizeof(path), "%s/" FLEET_READY, host->spool);
	assert_int_equal(symlink(target, made), 0);
	assert_int_equal(rename(made, path), 0);
}

void spool_whole(struct host *host, __u64 sequence)
{
	struct fleet_manifest manifest = manifest_of(sequence);

	spool_begin(host);
	spool_certificate(host, &manifest);
	spool_catalog(host, &manifest, (__u8)sequence, scratch_signer());
	/* By the key whose certificate the set brings. */
	spool_catalog(host, &manifest, 200, other_signer());
	spool_list(host, &manifest, 100, other_signer());
	spool_manifest(host, &manifest, scratch_signer());
	spool_ready(host);
}

int host_take_at(struct host *host, __s64 now)
{
	const struct fleet_taking taking = { .store = host->store,
		.machine = &host->machine,
		.trust = scratch_store(),
		.current = host->has_current ? &host->current : NULL,
		.now = now };
	struct handover_mark mark;
	struct handover from;
	struct fleet_set set;
	int err = handover_look(host->spool, &mark);

	if (!err)
		err = handover_open(host->spool, &mark, &from);
	if (err) {
		fleet_refuse(&host->refusal, err, "%s", strerror(-err));
		return err;
	}
	err = fleet_store_take(&taking, &from, &set, &host->refusal);
	handover_close(&from);
	if (err != 1)
		return err;
	host_free(host);
	host->current = set;
	host->has_current = true;
	return err;
}

int host_take(struct host *host)
{
	return host_take_at(host, NOW);
}

int host_reads(struct host *host, __u64 *sequence)
{
	struct fleet_set set;
	int err = fleet_store_read(host->store, &host->machine, &set, NULL, &host->refusal);

	if (err)
		return err;
	*sequence = set.group.sequence;
	fleet_set_free(&set);
	return 0;
}
