// SPDX-License-Identifier: GPL-2.0-or-later
#include "source_coverage.h"
#include <stdio.h>
#include <string.h>
#include "../kevents.h"

struct lines {
	char *text;
	size_t size;
};

static void add_line(const struct lines *lines, const char *line)
{
	size_t used = strlen(lines->text);

	snprintf(lines->text + used, lines->size - used, "%s%s", used ? "\n" : "", line);
}

static void say_why_not_bpf(const struct lines *lines, const struct source_coverage *coverage)
{
	char line[600];

	snprintf(line, sizeof(line), "perf events are used: %s", coverage->why_not_bpf);
	add_line(lines, line);
	if (coverage->wanted & KEVENTS_BIT(KEVENTS_EXIT))
		add_line(lines, "exit: status and signal are not told");
	if (coverage->wanted & KEVENTS_BIT(KEVENTS_EXEC))
		add_line(lines,
			"exec: arguments are read afterwards: of a process that is gone by then "
			"there are none");
	add_line(lines, "user and control group are not told; a parent only if it is still there");
}

void say_what_is_missing(const struct source_coverage *coverage, char *text, size_t size)
{
	const uint32_t images = KEVENTS_BIT(KEVENTS_IMAGE_LOAD) | KEVENTS_BIT(KEVENTS_ANON_EXEC);
	const uint32_t by_nobody = coverage->wanted & ~(coverage->by_bpf | coverage->by_perf);
	const struct lines lines = {text, size};

	text[0] = 0;
	if (coverage->why_not_bpf)
		say_why_not_bpf(&lines, coverage);
	if (by_nobody & KEVENTS_BIT(KEVENTS_IMAGE_UNLOAD))
		add_line(&lines, "unload: no image that is unmapped by itself is told");
	if (by_nobody & KEVENTS_BIT(KEVENTS_CGROUP))
		add_line(&lines, "cgroup: no change is told");
	if (coverage->wanted & KEVENTS_BIT(KEVENTS_KERNEL_LOAD) & ~coverage->by_bpf)
		add_line(&lines, "kload: modules that are loaded later are not told");
	if (coverage->wanted & KEVENTS_BIT(KEVENTS_KERNEL_LOAD) & ~coverage->by_perf)
		add_line(&lines, "kload: BPF programs that are loaded later are not told");
	if (by_nobody & images)
		add_line(&lines, "load, anon: images that are mapped later are not told");
}
