// SPDX-License-Identifier: GPL-2.0-or-later
/* The messages of before, for a target that the kernel has just enabled. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "../../lib/text/text.h"
#include "../send/send.h"
#include "../target/kernel_log.h"
#include "cli.h"
#include "target_words.h"

enum { LEVEL_INFO = 6 };

/*
 * Where the replay ends: behind a record that was written when the target was enabled already, so that the kernel
 * sends what follows, if its level is low enough. Without one, where the kernel takes no records of user space,
 * all that is there is replayed.
 */
static int find_end(const struct target *target, struct send_settings *send)
{
	char text[TARGET_NAME_MAX + 40];
	__u64 sequence;
	int err;

	snprintf(text, sizeof(text), "netcon: target %s enabled", target->name);
	err = kernel_log_put(LEVEL_INFO, text, &sequence);
	send->once = err == -ENODATA;
	if (!err)
		send->until = sequence + 1;
	return err == -ENODATA ? 0 : err;
}

/* What went wrong on the way, but did not end it. */
static void tell(const struct send_happening *happening, void *context)
{
	const struct target *target = context;

	if (happening->what == SEND_OVERWRITTEN)
		complain("%s: the kernel overwrote %llu messages before they were sent", target->name,
			(unsigned long long)happening->count);
	else if (happening->what == SEND_REFUSED)
		complain("%s: nobody receives there: sending nevertheless", target->name);
}

static int complain_of_replay(const struct target *target, const struct send_result *result, int err)
{
	if (result->failed == SEND_KMSG)
		complain("%s: it works, but the messages of before were not sent: /dev/kmsg: %s", target->name, strerror(-err));
	else if (err == -EADDRINUSE)
		complain("%s: it works, but the messages of before were not sent: another program uses port %u: end netcon send "
			 "first", target->name, (unsigned int)address_port(&target->local));
	else
		complain("%s: it works, but not all messages of before were sent: %s", target->name, strerror(-err));
	return EXIT_ERROR;
}

int hand_over(const struct target *target, const struct record *record)
{
	struct send_settings send = SEND_SETTINGS_USUAL;
	struct send_result result;
	int err = find_end(target, &send);

	if (err) {
		complain("/dev/kmsg: %s", strerror(-err));
		return EXIT_ERROR;
	}
	memcpy(&send.receiver, &target->remote, sizeof(target->remote));
	send.interface = target->interface;
	send.source_port = address_port(&target->local);
	send.settle_max = record->timeout;
	send.settle_min = record->timeout < send.settle_min ? record->timeout : send.settle_min;
	send.without_release = !target->has_release;
	send.happened = tell;
	send.context = (void *)target;
	err = send_records(&send, &result);
	if (err)
		return complain_of_replay(target, &result, err);
	printf("%s: %llu message%s of before sent\n", target->name, (unsigned long long)result.messages,
		text_plural(result.messages));
	return EXIT_OK;
}
