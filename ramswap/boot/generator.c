// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ramswap-generator: systemd runs it very early, and when it reads its units again. No logger runs then, so what is
 * to be said goes into the kernel's log. Whatever is wrong, the machine starts.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "decide.h"
#include "units.h"

struct call {
	const char *root; /* NULL: this machine */
	const char *folder; /* for units of usual priority */
};

/* LOG_DAEMON | LOG_WARNING of syslog(3). */
static void say(const struct call *call, const char *text)
{
	int log = call->root ? -1 : open("/dev/kmsg", O_WRONLY | O_CLOEXEC | O_NOCTTY);
	char line[640];

	if (log < 0) {
		fprintf(stderr, "ramswap-generator: %s\n", text);
		return;
	}
	snprintf(line, sizeof(line), "<28>ramswap-generator: %s\n", text);
	/* There is nobody to tell. */
	if (write(log, line, strlen(line)) < 0)
		errno = 0;
	close(log);
}

/* systemd says where it runs, since 251. */
static bool is_called_elsewhere(const struct call *call)
{
	const char *machine = getenv("SYSTEMD_VIRTUALIZATION"), *initramfs = getenv("SYSTEMD_IN_INITRD");

	return !call->root && ((machine && !strncmp(machine, "container:", 10)) || (initramfs && *initramfs == '1'));
}

static int generate(const struct call *call, int root)
{
	/* Too large for the stack that a process may be given. */
	struct boot_decision *decision = calloc(1, sizeof(*decision));
	struct ramswap_problem problem = { "" };
	int err = -ENOMEM;

	if (decision) {
		boot_decide(root, decision);
		if (*decision->remark)
			say(call, decision->remark);
		err = units_write(decision, call->folder, &problem);
	}
	if (err)
		say(call, *problem.text ? problem.text : strerror(-err));
	free(decision);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int usage(void)
{
	fputs("usage: ramswap-generator [--root DIR] NORMAL [EARLY LATE]\n"
	      "Called by systemd: see ramswap.conf(5) and systemd.generator(7).\n",
		stderr);
	return 2;
}

int main(int argc, char **argv)
{
	struct call call = { NULL, NULL };
	int root, code;

	if (argc > 2 && !strcmp(argv[1], "--root")) {
		call.root = argv[2];
		argc -= 2;
		argv += 2;
	}
	if ((argc != 2 && argc != 4) || *argv[1] == '-')
		return usage();
	call.folder = argv[1];
	if (is_called_elsewhere(&call))
		return EXIT_SUCCESS;
	root = open(call.root ? call.root : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0) {
		say(&call, strerror(errno));
		return EXIT_FAILURE;
	}
	code = generate(&call, root);
	close(root);
	return code;
}
