// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hands a catalog's first part to the engine without any of digsig's own checks.
 *
 *   raw-catalog [-d HEX] [-t BYTES] [-o OFFSET] FILE   once
 *   raw-catalog -r -d HEX FILE                         for some seconds, while another thread writes
 *                                                      the part with another digest and back
 *
 * -d puts a digest in place of the first; -t cuts bytes from the end; -o flips a bit. Prints "admitted"
 * or "refused" and the engine's verdict; of -r how often each.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sched.h>
#include <time.h>
#include "engine-maps.h"

#define RACE_SECONDS 15

static int request_map, catalog_map, reply_map;
static struct digsig_request_catalog good, evil;
static atomic_bool is_over;

static void ask(__u32 size, struct digsig_reply *reply)
{
	struct digsig_request request = { .block_size = size, .command = DIGSIG_COMMAND_CATALOG };

	ask_engine(request_map, reply_map, &request, reply);
}

static void *swap(void *context)
{
	while (!atomic_load(&is_over)) {
		access_map(BPF_MAP_UPDATE_ELEM, catalog_map, &evil);
		access_map(BPF_MAP_UPDATE_ELEM, catalog_map, &good);
	}
	return context;
}

static int race(__u32 size)
{
	unsigned int admitted = 0, refusals = 0;
	struct digsig_reply reply;
	time_t end = time(NULL) + RACE_SECONDS;
	pthread_t thread;

	access_map(BPF_MAP_UPDATE_ELEM, catalog_map, &good);
	if (pthread_create(&thread, NULL, swap, NULL))
		refused("pthread_create");
	while (time(NULL) < end) {
		ask(size, &reply);
		if (reply.verdict == DIGSIG_VERDICT_OK && !reply.error)
			admitted++;
		else
			refusals++;
	}
	atomic_store(&is_over, true);
	pthread_join(thread, NULL);
	printf("admitted %u, refused %u\n", admitted, refusals);
	return !admitted || !refusals;
}

static void put_digest(struct digsig_request_catalog *catalog, const char *hex)
{
	__u8 *digest = catalog->bytes + DIGSIG_CATALOG_HEADER_SIZE;

	for (int i = 0; i < DIGSIG_DIGEST_SIZE; i++)
		if (sscanf(hex + 2 * i, "%2hhx", &digest[i]) != 1)
			misused("raw-catalog: a digest has 64 digits");
}

int main(int argc, char **argv)
{
	const char *digest = NULL;
	int option, file, cut = 0, offset = -1;
	struct digsig_catalog_header header;
	struct digsig_reply reply;
	bool races = false;
	__u32 size;

	while ((option = getopt(argc, argv, "rd:t:o:")) != -1) {
		if (option == 'r')
			races = true;
		else if (option == 'd')
			digest = optarg;
		else if (option == 't')
			cut = atoi(optarg);
		else if (option == 'o')
			offset = atoi(optarg);
		else
			misused("raw-catalog [-r] [-d HEX] [-t BYTES] [-o OFFSET] FILE");
	}
	if (optind != argc - 1)
		misused("raw-catalog [-r] [-d HEX] [-t BYTES] [-o OFFSET] FILE");
	file = open(argv[optind], O_RDONLY);
	if (file < 0 || read(file, good.bytes, sizeof(good.bytes)) < (ssize_t)sizeof(header))
		refused(argv[optind]);
	memcpy(&header, good.bytes, sizeof(header));
	size = header.part_size - (__u32)cut;
	evil = good;
	if (digest)
		put_digest(&evil, digest);
	if (offset >= 0)
		evil.bytes[offset] ^= 1;
	request_map = open_map("request");
	catalog_map = open_map(size > DIGSIG_BLOCK_MAX ? "request_catalog" : "request_block");
	reply_map = open_map("reply");
	if (races)
		return race(size);
	access_map(BPF_MAP_UPDATE_ELEM, catalog_map, &evil);
	ask(size, &reply);
	printf("%s: verdict %u, defect %u, error %d, %u new\n",
		reply.verdict == DIGSIG_VERDICT_OK && !reply.error ? "admitted" : "refused",
		reply.verdict, reply.defect, reply.error, reply.changed);
	return 0;
}
