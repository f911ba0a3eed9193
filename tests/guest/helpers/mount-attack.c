// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Ways to have the BPF file system unmounted that the engine's pins are in:
 *
 *   mount-attack here|lazy             at its own place
 *   mount-attack above                 lazily, with what it is mounted in
 *   mount-attack rbind                 lazily, a copy of /sys that shares unmounts with it
 *   mount-attack move|new-move         not unmounted, but moved to /mnt
 *   mount-attack peer                  in a new mount namespace that shares unmounts
 *   mount-attack remove                by removing the directory /sys, from a new mount namespace
 *   mount-attack private               in a new mount namespace that shares nothing: harmless
 *   mount-attack container             the same as container managers do it: all slaves, a copy of
 *                                      the root, and the old root away: harmless
 *
 * Prints INTRUDER if the system calls succeed.
 */
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "report.h"

static void must(int result, const char *what)
{
	if (result) {
		fprintf(stderr, "mount-attack: %s: %s\n", what, strerrorname_np(errno));
		exit(2);
	}
}

static void change_all(unsigned long propagation)
{
	must(mount(NULL, "/", NULL, MS_REC | propagation, NULL), "propagation");
}

static void attack(int result, const char *what)
{
	if (result)
		refused(what);
}

static void as_containers_do(void)
{
	must(unshare(CLONE_NEWNS), "unshare");
	change_all(MS_SLAVE);
	mkdir("/tmp/new", 0755);
	must(mount("tmpfs", "/tmp/new", "tmpfs", 0, NULL), "tmpfs");
	must(mkdir("/tmp/new/old", 0755), "mkdir");
	must(mkdir("/tmp/new/sys", 0755), "mkdir");
	must(mount("/sys", "/tmp/new/sys", NULL, MS_BIND | MS_REC, NULL), "rbind");
	/* The root of an initramfs cannot be pivoted; what is mounted in it goes all the same. */
	attack(umount2("/sys", MNT_DETACH), "umount2");
	attack(umount2("/tmp/new/sys/fs/bpf", 0), "umount2");
}

int main(int argc, char **argv)
{
	const char *how = argc == 2 ? argv[1] : "";

	if (!strcmp(how, "here")) {
		attack(umount2("/sys/fs/bpf", 0), "umount2");
	} else if (!strcmp(how, "lazy")) {
		attack(umount2("/sys/fs/bpf", MNT_DETACH), "umount2");
	} else if (!strcmp(how, "above")) {
		attack(umount2("/sys", MNT_DETACH), "umount2");
	} else if (!strcmp(how, "rbind")) {
		change_all(MS_SHARED);
		mkdir("/mnt/sys", 0755);
		must(mount("/sys", "/mnt/sys", NULL, MS_BIND | MS_REC, NULL), "rbind");
		attack(umount2("/mnt/sys", MNT_DETACH), "umount2");
	} else if (!strcmp(how, "move")) {
		change_all(MS_PRIVATE);
		attack(mount("/sys/fs/bpf", "/mnt", NULL, MS_MOVE, NULL), "mount");
	} else if (!strcmp(how, "new-move")) {
		change_all(MS_PRIVATE);
		attack((int)syscall(SYS_move_mount, AT_FDCWD, "/sys/fs/bpf", AT_FDCWD, "/mnt", 0),
			"move_mount");
	} else if (!strcmp(how, "peer")) {
		change_all(MS_SHARED);
		must(unshare(CLONE_NEWNS), "unshare");
		attack(umount2("/sys/fs/bpf", 0), "umount2");
	} else if (!strcmp(how, "remove")) {
		must(unshare(CLONE_NEWNS), "unshare");
		change_all(MS_PRIVATE);
		must(umount2("/sys", MNT_DETACH), "umount2");
		attack(rmdir("/sys"), "rmdir");
	} else if (!strcmp(how, "private")) {
		must(unshare(CLONE_NEWNS), "unshare");
		change_all(MS_PRIVATE);
		attack(umount2("/sys/fs/bpf", 0), "umount2");
		attack(umount2("/sys", MNT_DETACH), "umount2");
	} else if (!strcmp(how, "container")) {
		as_containers_do();
	} else {
		misused("mount-attack here|lazy|above|rbind|move|new-move|peer|remove|private|container");
	}
	printf("INTRUDER unmounted: %s\n", how);
	return 0;
}
