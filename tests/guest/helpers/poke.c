// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writes code into a running process: poke ptrace|mem|self. The process is a child that is signed
 * code like this program, and does nothing; what is written into it prints INTRUDER. "ptrace" writes
 * by PTRACE_POKETEXT, "mem" through /proc/PID/mem; "self" through /proc/self/mem into its own code.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>
#include "report.h"

/* Two instructions round and round, and room behind them. */
__attribute__((noinline, aligned(4096))) static void spin(void)
{
	__asm__ volatile("1: pause; jmp 1b; .fill 256, 1, 0x90");
}

/* Laid over spin: first, where it is met, nothing; then write(1, "INTRUDER\n", 9) and _exit(0). */
static const unsigned char payload[72] = {
	0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, /* nop */
	0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90,
	0x48, 0x8d, 0x35, 0x1d, 0x00, 0x00, 0x00, /* lea 0x1d(%rip), %rsi: the text below */
	0xbf, 0x01, 0x00, 0x00, 0x00, /* mov $1, %edi */
	0xba, 0x09, 0x00, 0x00, 0x00, /* mov $9, %edx */
	0xb8, 0x01, 0x00, 0x00, 0x00, /* mov $1, %eax */
	0x0f, 0x05, /* syscall */
	0x31, 0xff, /* xor %edi, %edi */
	0xb8, 0x3c, 0x00, 0x00, 0x00, /* mov $60, %eax */
	0x0f, 0x05, /* syscall */
	0x90, 0x90, 0x90, 'I', 'N', 'T', 'R', 'U', 'D', 'E', 'R', '\n',
};

static void write_code(int fd)
{
	if (fd < 0 || pwrite(fd, payload, sizeof(payload), (off_t)(unsigned long)spin) !=
			sizeof(payload))
		refused("mem");
}

static void change(pid_t victim, const char *how)
{
	char path[64];

	if (ptrace(PTRACE_ATTACH, victim, NULL, NULL))
		refused("PTRACE_ATTACH");
	waitpid(victim, NULL, 0);
	if (!strcmp(how, "mem")) {
		snprintf(path, sizeof(path), "/proc/%d/mem", victim);
		write_code(open(path, O_RDWR));
	}
	for (size_t i = 0; !strcmp(how, "ptrace") && i < sizeof(payload); i += sizeof(long)) {
		long word;

		memcpy(&word, payload + i, sizeof(word));
		if (ptrace(PTRACE_POKETEXT, victim, (void *)((uintptr_t)spin + i), word))
			refused("PTRACE_POKETEXT");
	}
	ptrace(PTRACE_DETACH, victim, NULL, NULL);
}

int main(int argc, char **argv)
{
	int status = 0;
	pid_t victim;

	if (argc != 2)
		misused("poke ptrace|mem|self");
	if (!strcmp(argv[1], "self")) {
		write_code(open("/proc/self/mem", O_RDWR));
		spin();
	}
	victim = fork();
	if (!victim) {
		/* Its end, if nothing comes of it: it holds the output that somebody waits for. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		alarm(20);
		spin();
	}
	usleep(100000);
	change(victim, argv[1]);
	waitpid(victim, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}
