// SPDX-License-Identifier: GPL-2.0-or-later
#include "modes.h"
#include <string.h>

enum { INSERT = 4, NEW_LINE = 20 };

void modes_set(struct modes *modes, unsigned int number, bool is_on)
{
	if (number == INSERT)
		modes->is_inserting = is_on;
	else if (number == NEW_LINE)
		modes->is_returning = is_on;
}

void modes_escape(struct modes *modes, const char *sequence, size_t size)
{
	static const char designators[] = "()*+";
	const char *designator;

	if (size == 1 && sequence[0] == 'c')
		*modes = (struct modes){ 0 };
	else if (size == 1 && sequence[0] == 'n')
		modes->shift = 2;
	else if (size == 1 && sequence[0] == 'o')
		modes->shift = 3;
	if (size != 2 || !sequence[0])
		return;
	designator = strchr(designators, sequence[0]);
	if (designator)
		modes->sets[designator - designators] = sequence[1];
}

void modes_control(struct modes *modes, char control)
{
	if (control == '\x0e' || control == '\x0f')
		modes->shift = control == '\x0e';
}

void modes_soft_reset(struct modes *modes)
{
	*modes = (struct modes){ .is_returning = modes->is_returning };
}
