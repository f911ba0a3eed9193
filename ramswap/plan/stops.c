// SPDX-License-Identifier: GPL-2.0-or-later
/* Where nothing is planned, whatever memory there is. */
#include <errno.h>
#include "../config/command_line.h"
#include "parts.h"

static bool stops_by_command_line(struct plan_draft *draft)
{
	bool is_on = true;
	int err = draft->facts->command_line ? command_line_switch(draft->facts->command_line, "ramswap", &is_on) : 0;

	if (err == -EINVAL)
		plan_say(draft, RAMSWAP_WARNING, "command-line-word", "",
			"The kernel's command line has ramswap= with a value that is neither yes nor no: ignored");
	if (is_on)
		return false;
	plan_say(draft, RAMSWAP_REASON, "command-line", "",
		"The kernel's command line says ramswap=0: whoever started this machine wants it without");
	return true;
}

/* Who else sets up zram. */
static const struct {
	enum ramswap_other bit;
	const char *code, *name, *way_out;
} others[] = {
	{ RAMSWAP_OTHER_GENERATOR, "zram-generator", "zram-generator",
		"ramswap import reads its configuration, then remove the package or its configuration" },
	{ RAMSWAP_OTHER_TOOLS, "zram-tools", "zram-tools",
		"ramswap import reads its configuration, then systemctl disable --now zramswap" },
	{ RAMSWAP_OTHER_CONFIG, "zram-unit", "a unit of systemd that names zram",
		"systemctl list-unit-files '*zram*' finds it; disable it" },
};

static void refuse_others(struct plan_draft *draft)
{
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		if (!(draft->facts->others & others[i].bit))
			continue;
		if (draft->settings->beside_others)
			plan_say(draft, RAMSWAP_WARNING, others[i].code, "",
				"This machine has %s, too, and beside-others=yes: two that set up zram may take twice "
				"the memory",
				others[i].name);
		else
			plan_say(draft, RAMSWAP_REFUSAL, others[i].code, "",
				"This machine has %s, and two that set up zram would take the same memory twice: %s; "
				"or beside-others=yes",
				others[i].name, others[i].way_out);
	}
}

bool plan_stops(struct plan_draft *draft)
{
	const struct ramswap_facts *facts = draft->facts;

	if (facts->is_crash_kernel) {
		plan_say(draft, RAMSWAP_REASON, "is-crash-kernel", "",
			"This kernel saves the memory of one that crashed (/proc/vmcore): it has little memory and a "
			"short life");
		return true;
	}
	if (facts->is_container) {
		plan_say(draft, RAMSWAP_REASON, "container", "",
			"This is a container: swap belongs to the machine that it runs on, so plan it there");
		return true;
	}
	if (stops_by_command_line(draft))
		return true;
	if (facts->is_sys_read_only)
		plan_say(draft, RAMSWAP_REFUSAL, "sys-read-only", "",
			"/sys is mounted read-only, so nothing can be set up from here: run ramswap outside of this "
			"sandbox");
	refuse_others(draft);
	return false;
}
