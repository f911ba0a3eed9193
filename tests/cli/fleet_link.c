// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A client of a fleet's servers that does one thing, for tests of what is allowed and of what is forged.
 *
 *   fleet-link URL CA CERTIFICATE KEY HOST last STREAM SUBJECT     prints the last message
 *   fleet-link URL CA CERTIFICATE KEY HOST publish SUBJECT FILE    stores the file's bytes, whatever was the last message
 *   fleet-link URL CA CERTIFICATE KEY HOST list STREAM SUBJECT     prints the subjects of its messages
 *   fleet-link URL CA CERTIFICATE KEY HOST hear SUBJECT            subscribes
 *   fleet-link URL CA CERTIFICATE KEY HOST ask SUBJECT REPLY       asks, and lets the answer go to another subject
 *
 * HOST: whose inbox; "-": an administrator's. Exit code: 0, or the errno.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "digsig/fleet/link_nats.h"
#include "digsig/fleet/manifest.h"
#include "lib/file/below.h"

static int last(struct fleet_link *link, char **words, char *problem)
{
	struct fleet_message message;
	int err = fleet_link_last(link, words[0], words[1], FLEET_BLOB_MAX, &message, problem);

	if (!err)
		fwrite(message.bytes, 1, message.size, stdout);
	fleet_message_free(&message);
	return err;
}

static int publish(struct fleet_link *link, char **words, char *problem)
{
	int fd = open(words[1], O_RDONLY | O_CLOEXEC), err;
	size_t size = 0, room = 0;
	char *bytes = NULL;

	snprintf(problem, FLEET_LINK_PROBLEM, "%s: cannot be read", words[1]);
	err = fd < 0 ? -errno : file_read_open(fd, FLEET_BLOB_MAX, &bytes, &room, &size);
	if (!err)
		err = fleet_link_publish(link, words[0], bytes, size, FLEET_LINK_ANY, problem);
	if (fd >= 0)
		close(fd);
	free(bytes);
	return err;
}

static void heard(void *closure, const char *subject, const void *bytes, size_t size)
{
	(void)closure;
	(void)subject;
	(void)bytes;
	(void)size;
}

static bool print_subject(void *closure, const struct fleet_message *message)
{
	(void)closure;
	puts(message->subject);
	return true;
}

static int list(struct fleet_link *link, char **words, char *problem)
{
	return fleet_link_read(link, words[0], words[1], 0, false, NULL, print_subject, NULL, problem);
}

static int ask(struct fleet_link *link, char **words, char *problem)
{
	natsStatus status = natsConnection_PublishRequestString(link->nats, words[0], words[1], "");

	if (!status)
		status = natsConnection_Flush(link->nats);
	return status ? link_fail(link, status, words[0], problem) : 0;
}

static int act(struct fleet_link *link, char **words, char *problem)
{
	if (!strcmp(words[0], "hear"))
		return fleet_link_hear(link, words[1], heard, NULL, problem);
	if (!words[2])
		return -EINVAL;
	if (!strcmp(words[0], "list"))
		return list(link, words + 1, problem);
	if (!strcmp(words[0], "ask"))
		return ask(link, words + 1, problem);
	return strcmp(words[0], "last") ? publish(link, words + 1, problem) : last(link, words + 1, problem);
}

int main(int argc, char **argv)
{
	char problem[FLEET_LINK_PROBLEM] = "", inbox[FLEET_SUBJECT_MAX];
	struct fleet_link_settings settings;
	struct fleet_link *link;
	int err;

	if (argc < 8) {
		fputs("usage: fleet-link URL CA CERTIFICATE KEY HOST VERB WORD...\n", stderr);
		return EINVAL;
	}
	settings = (struct fleet_link_settings){ .url = argv[1], .ca = argv[2], .certificate = argv[3], .key = argv[4] };
	if (strcmp(argv[5], "-")) {
		fleet_inbox_prefix(argv[5], inbox);
		settings.inbox_prefix = inbox;
	}
	err = fleet_link_open(&settings, &link, problem);
	if (!err) {
		err = act(link, argv + 6, problem);
		fleet_link_close(link);
	}
	if (err)
		fprintf(stderr, "%s\n", problem);
	return -err;
}
