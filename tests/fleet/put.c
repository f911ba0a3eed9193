// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Puts into the streams of a fleet what an administrator would, and what nobody should.
 *
 *   fleet-put URL streams [REPLICAS]                              makes the four streams
 *   fleet-put URL state KEY CERTIFICATE group|host NAME SEQUENCE [CATALOG...]   a signed state, without the files that it names
 *   fleet-put URL blob FILE [OTHER]                               the parts of FILE, under the digest of OTHER
 *   fleet-put URL raw SUBJECT FILE                                the bytes of FILE
 *   fleet-put URL read STREAM SUBJECT                             prints what the stream has, a line each
 *   fleet-put URL info STREAM                                     prints how many messages it has, and the server that leads it
 *   fleet-put URL flood SUBJECT COUNT FILE [IDENTITY]             FILE so many times, acknowledged, with IDENTITY-NUMBER each;
 *                                                                 prints the seconds it took
 */
#include <errno.h>
#include <fcntl.h>
#include <nats/nats.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "digsig/fleet/link.h"
#include "digsig/fleet/parts.h"
#include "digsig/fleet/signed_manifest.h"
#include "lib/file/below.h"
#include "lib/time/clock.h"

const char command_name[] = "fleet-put";

static struct fleet_link *link_to;
static char problem[FLEET_LINK_PROBLEM];
static const char *server;

static void die(const char *what, int err)
{
	fprintf(stderr, "%s: %s: %s\n", what, strerror(-err), problem);
	exit(EXIT_FAILURE);
}

static char *read_whole(const char *path, size_t *size)
{
	size_t room = 0;
	char *text = NULL;
	int fd = open(path, O_RDONLY), err = fd < 0 ? -errno : file_read_open(fd, FLEET_BLOB_MAX, &text, &room, size);

	if (err)
		die(path, err);
	return text;
}

static void publish(const char *subject, const void *bytes, size_t size)
{
	int err = fleet_link_publish(link_to, subject, bytes, size, FLEET_LINK_ANY, problem);

	if (err)
		die(subject, err);
}

static void digest_of(const char *path, struct fleet_blob *blob)
{
	size_t size;
	char *bytes = read_whole(path, &size);

	*blob = (struct fleet_blob){ .kind = FLEET_CATALOG, .size = size };
	SHA256((const unsigned char *)bytes, size, blob->digest);
	free(bytes);
}

static void put_state(char **arguments, int count)
{
	struct fleet_manifest manifest = { .made = time(NULL), .valid_until = time(NULL) + 86400 };
	char subject[FLEET_SUBJECT_MAX], *bytes;
	enum signer_problem signer_problem;
	struct fleet_blob blob;
	struct signer *signer;
	size_t size;
	int err = signer_load(&signer, arguments[0], arguments[1], NULL, NULL, &signer_problem);

	if (err)
		die(arguments[0], err);
	manifest.scope = strcmp(arguments[2], "host") ? FLEET_GROUP : FLEET_HOST;
	snprintf(manifest.name, sizeof(manifest.name), "%s", arguments[3]);
	manifest.sequence = strtoull(arguments[4], NULL, 10);
	for (int i = 5; i < count; i++) {
		digest_of(arguments[i], &blob);
		fleet_manifest_add(&manifest, &blob);
	}
	err = signed_manifest_make(&manifest, signer, &bytes, &size);
	if (err)
		die("state", err);
	fleet_state_subject(manifest.scope, manifest.name, subject);
	publish(subject, bytes, size);
	free(bytes);
	fleet_manifest_free(&manifest);
	signer_free(signer);
}

static void put_blob(const char *path, const char *other)
{
	char subject[FLEET_SUBJECT_MAX];
	struct fleet_blob blob;
	size_t size;
	char *bytes = read_whole(path, &size);

	digest_of(other, &blob);
	for (unsigned int part = 0; part < fleet_parts_count(size); part++) {
		fleet_blob_subject(blob.digest, part, subject);
		publish(subject, bytes + part * FLEET_PART_SIZE, fleet_part_size(size, part));
	}
	free(bytes);
}

static bool print_message(void *closure, const struct fleet_message *message)
{
	(void)closure;
	printf("%s %s\n", message->subject, message->bytes);
	return true;
}

static void check(natsStatus status, const char *what)
{
	if (!status)
		return;
	fprintf(stderr, "%s: %s\n", what, natsStatus_GetText(status));
	exit(EXIT_FAILURE);
}

/* As nats bench does: many under way, each acknowledged. */
static void flood(const char *subject, unsigned long count, const char *path, const char *identity)
{
	jsPubOptions publication;
	char id[64];
	jsOptions options;
	natsConnection *connection;
	jsCtx *jetstream;
	__u64 begin;
	size_t size;
	char *bytes = read_whole(path, &size);

	jsOptions_Init(&options);
	options.PublishAsync.MaxPending = 4096;
	check(natsConnection_ConnectTo(&connection, server), "connect");
	check(natsConnection_JetStream(&jetstream, connection, &options), "JetStream");
	begin = clock_now();
	jsPubOptions_Init(&publication);
	publication.MsgId = identity ? id : NULL;
	for (unsigned long i = 0; i < count; i++) {
		snprintf(id, sizeof(id), "%s-%lu", identity ? identity : "", i);
		check(js_PublishAsync(jetstream, subject, bytes, (int)size, &publication), "publish");
	}
	check(js_PublishAsyncComplete(jetstream, NULL), "acknowledgements");
	printf("%.3f\n", (double)(clock_now() - begin) / 1e9);
	jsCtx_Destroy(jetstream);
	natsConnection_Destroy(connection);
	free(bytes);
}

static void print_info(const char *stream)
{
	natsConnection *connection;
	jsCtx *jetstream;
	jsStreamInfo *info;

	check(natsConnection_ConnectTo(&connection, server), "connect");
	check(natsConnection_JetStream(&jetstream, connection, NULL), "JetStream");
	check(js_GetStreamInfo(&info, jetstream, stream, NULL, NULL), stream);
	printf("%llu %s\n", (unsigned long long)info->State.Msgs, info->Cluster && info->Cluster->Leader ? info->Cluster->Leader : "");
	jsStreamInfo_Destroy(info);
	jsCtx_Destroy(jetstream);
	natsConnection_Destroy(connection);
}

static int usage(void)
{
	fputs("usage: fleet-put URL streams|state|blob|raw|read|info|flood ...\n", stderr);
	return 2;
}

static int run(int argc, char **argv)
{
	const char *what = argv[2];
	char *bytes;
	size_t size;
	int err = 0;

	if (!strcmp(what, "streams")) {
		err = fleet_link_make_streams(link_to, argc > 3 ? atoi(argv[3]) : 1, problem);
	} else if (!strcmp(what, "state") && argc >= 8) {
		put_state(argv + 3, argc - 3);
	} else if (!strcmp(what, "blob") && argc >= 4) {
		put_blob(argv[3], argv[argc > 4 ? 4 : 3]);
	} else if (!strcmp(what, "raw") && argc == 5) {
		bytes = read_whole(argv[4], &size);
		publish(argv[3], bytes, size);
		free(bytes);
	} else if (!strcmp(what, "read") && argc == 5) {
		err = fleet_link_read(link_to, argv[3], argv[4], 0, false, &(int){ 0 }, print_message, NULL, problem);
	} else if (!strcmp(what, "info") && argc == 4) {
		print_info(argv[3]);
	} else if (!strcmp(what, "flood") && (argc == 6 || argc == 7)) {
		flood(argv[3], strtoul(argv[4], NULL, 10), argv[5], argv[6]);
	} else {
		return usage();
	}
	if (err)
		die(what, err);
	return 0;
}

int main(int argc, char **argv)
{
	struct fleet_link_settings settings = { .url = argc > 1 ? argv[1] : NULL };
	int code;

	if (argc < 3)
		return usage();
	server = argv[1];
	code = fleet_link_open(&settings, &link_to, problem);
	if (code)
		die(server, code);
	code = run(argc, argv);
	fleet_link_close(link_to);
	return code;
}
