// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hands code to the kernel: kernel-code init|finit|kexec-file FILE, or kernel-code kexec. What is in
 * the file is not what is tested: an error other than a denial means that nobody asked whether it
 * may be loaded.
 */
#include <fcntl.h>
#include <linux/kexec.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "report.h"

static long init_from_memory(int file)
{
	struct stat status;
	void *image;

	if (fstat(file, &status))
		refused("fstat");
	image = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
	if (image == MAP_FAILED)
		refused("mmap");
	return syscall(SYS_init_module, image, status.st_size, "");
}

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "";
	int file = argc == 3 ? open(argv[2], O_RDONLY | O_CLOEXEC) : -1;
	const char *error;
	long answer;

	if (argc == 3 && file < 0)
		refused(argv[2]);
	if (!strcmp(how, "init") && file >= 0)
		answer = init_from_memory(file);
	else if (!strcmp(how, "finit") && file >= 0)
		answer = syscall(SYS_finit_module, file, "", 0);
	else if (!strcmp(how, "kexec-file") && file >= 0)
		answer = syscall(SYS_kexec_file_load, file, -1, 1UL, "", KEXEC_FILE_NO_INITRAMFS);
	else if (!strcmp(how, "kexec") && argc == 2)
		answer = syscall(SYS_kexec_load, 0, 0, NULL, KEXEC_ARCH_DEFAULT);
	else
		misused("kernel-code init|finit|kexec-file FILE | kexec");
	if (answer && (errno == EPERM || errno == EACCES))
		refused(how);
	error = answer ? strerrorname_np(errno) : "no error";
	printf("INTRUDER was let in: %s\n", error ? error : "?");
	return 0;
}
