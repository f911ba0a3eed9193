// SPDX-License-Identifier: GPL-2.0-or-later
#include "help.h"
#include <stdio.h>
#include <string.h>

static const char what_is_wanted[] =
	"\nWhat is wanted:\n"
	"  -e, --events LIST   fork exec exit load unload anon kload kunload comm cgroup,\n"
	"                      clone (threads), exitnonzero, core, all; default fork,exec,exit\n"
	"  -E, --all           -e all\n"
	"  -p, --pid LIST      only these processes\n"
	"      --children      and what they fork\n"
	"  -u, --user USER     only of this user\n"
	"      --cgroup PATH   only in this control group, or below\n"
	"      --name NAME     only of threads with this name\n"
	"  -D, --duration S    end after S seconds\n"
	"  -- COMMAND...       run it, watch it and what it forks, end when it ends\n";

static const char where_from[] =
	"\nWhere from:\n"
	"      --source S      bpf or perf; default: bpf, and where that is refused perf\n"
	"      --buffer KIB    the kernel's buffer, a power of two; default 8192\n"
	"      --strict        exit with 3 if records were lost\n";

static const char strict[] = "\n"
			     "      --strict        exit with 3 if records are missing\n";

static const char others[] = "\n"
	"  -h, --help          this\n"
	"  -V, --version       which version this is\n";

static const char how_shown[] =
	"\nHow it is shown:\n"
	"  -c, --comm          the thread's name in place of the command line\n"
	"  -d, --basename      without the program's directory\n"
	"  -s, --short         without arguments\n"
	"  -x, --extra         user and parent, too\n"
	"  -S, --statistics    numbers at the end, by program\n"
	"  -q, --quiet         these alone\n"
	"  -l, --line-buffered each line at once\n"
	"      --existing      first what was there before\n"
	"      --build-ids     the build id of each image that is loaded\n"
	"      --json          a JSON object a line\n"
	"      --rates [S]     events per second, every S seconds (1), and who causes them\n"
	"      --tree          at the end: who made whom\n"
	"      --no-color      no colour\n";

void print_help(const char *subcommand)
{
	if (!subcommand)
		printf("usage: kevents [OPTION...] [-- COMMAND...]\n"
		       "       kevents record [OPTION...] FILE [-- COMMAND...]\n"
		       "       kevents replay [OPTION...] FILE\n"
		       "       kevents report [OPTION...] FILE -o PAGE\n"
		       "       kevents resolve [OPTION...] [PID ADDRESS [TIME]]\n"
		       "Tells of each process that is made, runs a program, ends, and of code that is\n"
		       "loaded, by processes and by the kernel.\n%s%s%s%s",
			what_is_wanted, how_shown, where_from, others);
	else if (!strcmp(subcommand, "record"))
		printf("usage: kevents record [OPTION...] FILE [-- COMMAND...]\n"
		       "Writes what happens to FILE, \"-\" for stdout: by default all events, and first\n"
		       "what was there before, with build ids.\n%s%s%s",
			what_is_wanted, where_from, others);
	else
		printf("usage: kevents replay [OPTION...] FILE\n"
		       "Shows a recording, \"-\" for stdin, as kevents shows what happens.\n%s%s%s%s",
			what_is_wanted, how_shown, strict, others);
}
