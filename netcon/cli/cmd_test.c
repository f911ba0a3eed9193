// SPDX-License-Identifier: GPL-2.0-or-later
/* netcon test: whether a netconsole target sends. */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>
#include "../../lib/text/text.h"
#include "../route/route.h"
#include "../target/console.h"
#include "../target/kernel_log.h"
#include "../target/target.h"
#include "cli.h"
#include "target_words.h"

enum { TESTED_MAX = 64, PATIENCE_MS = 1000, PAUSE_MS = 50, LEVEL_EMERGENCY = 0, LEVEL_INFO = 6 };

/* The targets that are tested, as they were before. */
struct tested {
	struct target targets[TESTED_MAX];
	size_t count;
};

static bool is_meant(const struct target *target, const union address *wanted)
{
	char one[ADDRESS_TEXT_MAX], other[ADDRESS_TEXT_MAX];

	address_print(one, &target->remote);
	address_print(other, wanted);
	return target->remote.any.sa_family && !strcmp(one, other) &&
	       (!address_port(wanted) || address_port(wanted) == address_port(&target->remote));
}

static int find_by_address(const union address *wanted, struct tested *tested)
{
	char **names;
	size_t count;
	int err = target_names(TARGET_ROOT, &names, &count);

	if (err)
		return err;
	for (size_t i = 0; i < count && tested->count < TESTED_MAX; i++)
		if (!target_read(TARGET_ROOT, names[i], &tested->targets[tested->count]) &&
			is_meant(&tested->targets[tested->count], wanted))
			tested->count++;
	names_free(names, count);
	return 0;
}

/* 0, or an exit code, having complained. */
static int find(const char *word, struct tested *tested)
{
	union address wanted;
	int err = 0;

	tested->count = 0;
	if (target_exists(TARGET_ROOT, word)) {
		err = target_read(TARGET_ROOT, word, &tested->targets[0]);
		tested->count = !err;
	} else if (!address_parse_with_port(word, 0, &wanted)) {
		err = find_by_address(&wanted, tested);
	}
	if (err && err != -ENOENT)
		complain("%s: %s", word, strerror(-err));
	else if (!tested->count)
		complain("%s: there is no target of that name or address: see netcon list", word);
	return tested->count ? EXIT_OK : EXIT_ERROR;
}

/* At a level at which the kernel sends it. -ENOMSG: there is none, but for emergencies, which go to every terminal. */
static int put_record(__u64 *sequence, char text[64])
{
	unsigned char token[8];
	char digits[2 * sizeof(token) + 1];
	int level = console_level();

	if (level < 0)
		return level;
	if (level <= LEVEL_EMERGENCY + 1)
		return -ENOMSG;
	if (getrandom(token, sizeof(token), 0) != sizeof(token))
		return -EIO;
	print_hex(digits, token, sizeof(token));
	snprintf(text, 64, "netcon: test %s", digits);
	if (level > LEVEL_INFO)
		level = LEVEL_INFO + 1;
	return kernel_log_put((unsigned int)level - 1, text, sequence);
}

/* The kernel may send from a thread of its own, a moment later. */
static __u64 new_errors(const struct target *before)
{
	struct target now;

	for (unsigned int waited = 0; waited < PATIENCE_MS; waited += PAUSE_MS) {
		if (target_read(TARGET_ROOT, before->name, &now) || !now.counts_errors)
			return 0;
		if (now.errors > before->errors)
			return now.errors - before->errors;
		usleep(PAUSE_MS * 1000);
	}
	return 0;
}

/* Whether all that can be seen here is well; it prints what is. */
static bool is_well(const struct target *target)
{
	struct interface_state state;
	int err = interface_read(if_nametoindex(target->interface), &state);
	bool has_carrier = !err && interface_has_carrier(state.flags);
	__u64 errors = target->is_enabled ? new_errors(target) : 0;

	print_safely(stdout, target->name);
	if (!target->is_enabled)
		fputs(": it is not enabled", stdout);
	fputs(": interface ", stdout);
	print_safely(stdout, target->interface);
	fputs(err ? " is not there" : has_carrier ? " has carrier" : " has no carrier", stdout);
	if (!target->counts_errors)
		puts(", this kernel does not count errors");
	else if (errors)
		printf(", %llu transmit error%s\n", (unsigned long long)errors, text_plural(errors));
	else
		puts(", no transmit error");
	warn_of_panic(target);
	return target->is_enabled && has_carrier && !errors;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct tested tested;
	char text[64];
	__u64 sequence;
	int code, err;

	if (!options_take(command, &argc, &argv, NULL, &code))
		return code;
	code = find(argv[0], &tested);
	if (code)
		return code;
	err = put_record(&sequence, text);
	if (err == -ENOMSG) {
		complain("the console level is so low that the kernel sends nothing: see netcon setup --level");
		return EXIT_NO;
	}
	if (err == -ENODATA)
		complain("/dev/kmsg: the kernel takes no record: see the sysctl kernel.printk_devkmsg");
	else if (err)
		complain("/dev/kmsg: %s", strerror(-err));
	if (err)
		return EXIT_ERROR;
	printf("message %llu: %s\n", (unsigned long long)sequence, text);
	code = EXIT_OK;
	for (size_t i = 0; i < tested.count; i++)
		if (!is_well(&tested.targets[i]))
			code = EXIT_NO;
	return code;
}

const struct command test_command = {
	.name = "test",
	.summary = "send a message, and say whether that failed",
	.usage = "NAME|ADDRESS[:PORT]",
	.about = "Writes a message with a random number to the kernel's log, and prints it: the receiver\n"
		 "should have it. Says whether the interface has carrier, and whether the kernel could\n"
		 "not send, where it counts that. A datagram that is lost on its way is not noticed here.\n",
	.notes = "Exit codes: 0 nothing speaks against it; 1 it was not sent: not enabled, no carrier,\n"
		 "or an error; 2 usage; 3 there is no such target, or no message could be written.\n",
	.run = run,
	.arguments = "NAME|ADDRESS[:PORT]",
	.most = 1,
};
