// SPDX-License-Identifier: GPL-2.0-or-later
/* The messages of before, for a target that the kernel has just enabled. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include "../../lib/text/text.h"
#include "../send/send.h"
#include "../target/kernel_log.h"
#include "cli.h"
#include "target_words.h"

/* A link that is lost so often is not waited for any longer. */
enum { LEVEL_INFO = 6, INTERRUPTIONS_MAX = 5 };

struct replay {
	const struct target *target;
	int stop_fd;
	unsigned int interruptions;
	int err; /* of the last */
};

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

static void give_up(struct replay *replay, int err)
{
	replay->err = err;
	eventfd_write(replay->stop_fd, 1);
}

/* netcon send would go on trying; who sets up a target is told. */
static void tell(const struct send_happening *happening, void *context)
{
	struct replay *replay = context;
	const char *name = replay->target->name;

	switch (happening->what) {
	case SEND_OVERWRITTEN:
		complain("%s: the kernel overwrote %llu messages before they were sent", name,
			(unsigned long long)happening->count);
		break;
	case SEND_REFUSED:
		complain("%s: nobody receives there: sending nevertheless", name);
		break;
	case SEND_WITHOUT_LINK:
		give_up(replay, -ENETDOWN);
		break;
	/* The kernel's target may have been told another MAC address than this one. */
	case SEND_UNSETTLED:
		if (happening->state == SETTLE_UNANSWERED)
			give_up(replay, -EHOSTUNREACH);
		break;
	case SEND_INTERRUPTED:
		replay->err = happening->err ? happening->err : -ENETDOWN;
		if (++replay->interruptions == INTERRUPTIONS_MAX)
			give_up(replay, replay->err);
		break;
	default:
		break;
	}
}

static int complain_of_replay(const struct target *target, const struct send_result *result, int err)
{
	if (result->failed == SEND_KMSG)
		complain("%s: it works, but the messages of before were not sent: /dev/kmsg: %s", target->name, strerror(-err));
	else if (err == -EADDRINUSE)
		complain("%s: it works, but the messages of before were not sent: another program uses port %u", target->name,
			(unsigned int)address_port(&target->local));
	else
		complain("%s: it works, but not all messages of before were sent: %s", target->name, strerror(-err));
	return EXIT_ERROR;
}

static int send_earlier(const struct target *target, struct send_settings *send, struct replay *replay)
{
	struct send_result result;
	int err = send_records(send, &result);

	/* It was stopped. */
	if (!err && replay->err && (send->once || result.next < send->until))
		err = replay->err;
	if (err)
		return complain_of_replay(target, &result, err);
	printf("%s: %llu message%s of before sent\n", target->name, (unsigned long long)(result.messages - result.repeated),
		text_plural(result.messages - result.repeated));
	return EXIT_OK;
}

int hand_over(const struct target *target, const struct record *record)
{
	struct replay replay = { .target = target, .stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) };
	struct send_settings send = SEND_SETTINGS_USUAL;
	int err, code = EXIT_ERROR;

	send.receiver = target->remote;
	send.interface = target->interface;
	send.source_port = address_port(&target->local);
	send.settle_max = record->timeout;
	send.settle_min = record->timeout < send.settle_min ? record->timeout : send.settle_min;
	send.without_release = !target->has_release;
	send.stop_fd = replay.stop_fd;
	send.happened = tell;
	send.context = &replay;
	err = replay.stop_fd < 0 ? -errno : find_end(target, &send);
	if (err)
		complain("%s: it works, but the messages of before were not sent: %s", target->name, strerror(-err));
	else
		code = send_earlier(target, &send, &replay);
	if (replay.stop_fd >= 0)
		close(replay.stop_fd);
	return code;
}
