// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Starts another kernel at once, as kexec(8) does, which a guest does not have:
 *
 *   sccon-kexec KERNEL INITRAMFS "COMMAND LINE"
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/reboot.h>
#include <stdio.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <unistd.h>

static int fail(const char *what)
{
	fprintf(stderr, "sccon-kexec: %s: %s\n", what, strerror(errno));
	return 1;
}

int main(int argc, char **argv)
{
	int kernel, initramfs;

	if (argc != 4)
		return 2;
	kernel = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (kernel < 0)
		return fail(argv[1]);
	initramfs = open(argv[2], O_RDONLY | O_CLOEXEC);
	if (initramfs < 0)
		return fail(argv[2]);
	if (syscall(SYS_kexec_file_load, kernel, initramfs, strlen(argv[3]) + 1, argv[3], 0UL))
		return fail("loading");
	syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_KEXEC, NULL);
	return fail("starting");
}
