// SPDX-License-Identifier: GPL-2.0-or-later
/* Hibernation, which needs a swap that outlives power; and kdump. */
#include <string.h>
#include "blocks.h"
#include "parse.h"
#include "reader.h"
#include "text.h"

/* Before something was written into /sys/power/resume, the command line has the device. */
static void find_resume(struct ramswap_facts *facts)
{
	char value[RAMSWAP_NAME_MAX + 8];
	const struct ramswap_block *block;

	if (!facts_has_parameter(facts->command_line, "resume", value, sizeof(value)) || strncmp(value, "/dev/", 5))
		return;
	block = ramswap_find_block(facts, value + 5);
	if (!block)
		return;
	facts->resume_major = block->major;
	facts->resume_minor = block->minor;
}

static void read_resume(struct facts_reader *reader)
{
	char value[FACTS_VALUE_MAX + 1];
	struct ramswap_facts *facts = reader->facts;

	if (facts_read_value(reader->root, "sys/power/resume", value))
		facts_parse_device(value, &facts->resume_major, &facts->resume_minor);
	if (!facts->resume_major && !facts->resume_minor)
		find_resume(facts);
}

static bool can_hibernate(struct facts_reader *reader)
{
	char value[FACTS_VALUE_MAX + 1];

	return facts_read_value(reader->root, "sys/power/state", value) && facts_has_word(value, "disk") &&
	       !facts_has_parameter(reader->facts->command_line, "nohibernate", NULL, 0) &&
	       !facts_has_parameter(reader->facts->command_line, "noresume", NULL, 0);
}

int facts_read_hibernation(struct facts_reader *reader)
{
	struct ramswap_facts *facts = reader->facts;

	facts->can_hibernate = can_hibernate(reader);
	read_resume(reader);
	facts_read_number(reader->root, "sys/power/image_size", FACTS_SIZE_MOST, &facts->image_size);
	facts_read_number(reader->root, "sys/kernel/kexec_crash_size", FACTS_SIZE_MOST, &facts->crash_size);
	facts->is_crash_loaded = facts_read_flag(reader->root, "sys/kernel/kexec_crash_loaded");
	return 0;
}
