// SPDX-License-Identifier: GPL-2.0
/*
 * A page fault that is reported for a PREFETCH of user space, as AMD's family 6 and early family 15 do (errata
 * 24, 25, 91), must not reach the program. On other processors the kernel does not look at the instruction.
 *
 * Such a fault is made without the hardware: a load faults on a page that userfaultfd holds; while the thread
 * waits, another one writes a PREFETCH over the load, removes the page and wakes it. The kernel tries again,
 * finds no mapping, and decodes the instruction at IP, which is a PREFETCH now.
 *
 * For tools/testing/selftests/x86/: one more name for TARGETS_C_BOTHBITS in its Makefile.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <cpuid.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef UFFD_USER_MODE_ONLY
#define UFFD_USER_MODE_ONLY 1
#endif

#define PAGE 4096
#define EXIT_SKIP 4 /* KSFT_SKIP */

static const struct {
	const char *name;
	unsigned char bytes[3];
	bool is_prefetch;
} codes[] = {
	{ "prefetcht0 (%rax)", { 0x0f, 0x18, 0x08 }, true },
	{ "prefetchw (%rax)", { 0x0f, 0x0d, 0x08 }, true },
	{ "movzbl (%rax), %eax", { 0x0f, 0xb6, 0x00 }, false },
};

static int uffd;
static unsigned char *page, *text;
static const unsigned char *replacement;

static bool cpu_has_erratum(void)
{
	unsigned int eax, ebx, ecx, edx, family, model;

	if (!__get_cpuid(0, &eax, &ebx, &ecx, &edx) || ebx != 0x68747541 || edx != 0x69746e65 || ecx != 0x444d4163)
		return false;
	__get_cpuid(1, &eax, &ebx, &ecx, &edx);
	family = eax >> 8 & 15;
	model = (eax >> 4 & 15) | (eax >> 12 & 0xf0);
	if (family == 15 && (eax >> 20 & 255))
		return false;
	return family == 6 || (family == 15 && model < 0x40);
}

static void *replace_and_wake(void *unused)
{
	struct uffdio_range range = { .start = (uintptr_t)page, .len = PAGE };
	struct uffd_msg message;

	(void)unused;
	if (read(uffd, &message, sizeof(message)) != sizeof(message))
		_exit(EXIT_SKIP);
	memcpy(text, replacement, 3);
	munmap(page, PAGE);
	ioctl(uffd, UFFDIO_WAKE, &range);
	return NULL;
}

/* In a child: 0 the thread went on, SIGSEGV it did not, EXIT_SKIP it cannot be tried. */
static int fault(const unsigned char *bytes)
{
	struct uffdio_register area = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	struct uffdio_api api = { .api = UFFD_API };
	pthread_t thread;
	unsigned long rax;

	uffd = syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);
	page = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	text = mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (uffd < 0 || ioctl(uffd, UFFDIO_API, &api) || page == MAP_FAILED || text == MAP_FAILED)
		return EXIT_SKIP;
	area.range.start = (uintptr_t)page;
	area.range.len = PAGE;
	if (ioctl(uffd, UFFDIO_REGISTER, &area))
		return EXIT_SKIP;
	memcpy(text, "\x0f\xb6\x00\xc3", 4);
	replacement = bytes;
	if (pthread_create(&thread, NULL, replace_and_wake, NULL))
		return EXIT_SKIP;
	rax = (uintptr_t)page;
	__asm__ volatile("call *%1" : "+a"(rax) : "r"(text) : "memory", "cc");
	return 0;
}

int main(void)
{
	const size_t count = sizeof(codes) / sizeof(*codes);
	bool affected = cpu_has_erratum();
	int failures = 0;

	printf("TAP version 13\n1..%zu\n# this processor %s the erratum\n", count, affected ? "has" : "does not have");
	for (size_t i = 0; i < count; i++) {
		bool resumes = affected && codes[i].is_prefetch, ok;
		int status;
		pid_t child;

		fflush(stdout);
		child = fork();
		if (!child) {
			alarm(20);
			_exit(fault(codes[i].bytes));
		}
		waitpid(child, &status, 0);
		if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SKIP) {
			printf("ok %zu %s # SKIP userfaultfd or executable memory is refused\n", i + 1, codes[i].name);
			continue;
		}
		ok = resumes ? WIFEXITED(status) && !WEXITSTATUS(status) : WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV;
		failures += !ok;
		printf("%sok %zu %s: %s\n", ok ? "" : "not ", i + 1, codes[i].name,
			resumes ? "the program goes on" : "SIGSEGV");
	}
	return failures > 0;
}
