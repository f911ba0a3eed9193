// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>
#include "../decode.h"
#include "cli.h"

/* One of the 16, in so many bits; the two in code of 16 bits that can be a base have the same names. */
static const char *name_of_register(unsigned int number, unsigned int bits, char name[8])
{
	static const char old[8][3] = { "ax", "cx", "dx", "bx", "sp", "bp", "si", "di" };
	const char *prefix = bits == 64 ? "r" : bits == 32 ? "e" : "";

	if (number == PREFETCH_RIP)
		snprintf(name, 8, "%%%sip", prefix);
	else if (number < 8)
		snprintf(name, 8, "%%%s%s", prefix, old[number]);
	else
		snprintf(name, 8, "%%r%u%s", number & 15, bits == 64 ? "" : "d");
	return name;
}

void print_operand(char *text, size_t size, const struct prefetch *prefetch)
{
	static const char segments[6][5] = { "%es:", "%cs:", "%ss:", "%ds:", "%fs:", "%gs:" };
	char base[8], index[8], displacement[16] = "";
	long long number = prefetch->displacement;
	bool has_base = prefetch->base != PREFETCH_NO_REGISTER, has_index = prefetch->index != PREFETCH_NO_REGISTER;
	int used;

	if (number || (!has_base && !has_index))
		snprintf(displacement, sizeof(displacement), "%s0x%llx", number < 0 ? "-" : "",
			number < 0 ? -number : number);
	used = snprintf(text, size, "%s%s", prefetch->has_segment ? segments[prefetch->segment] : "",
		displacement);
	if (!has_base && !has_index)
		return;
	used += snprintf(text + used, size - (size_t)used, "(%s",
		has_base ? name_of_register(prefetch->base, prefetch->address_bits, base) : "");
	if (has_index)
		used += snprintf(text + used, size - (size_t)used, ",%s",
			name_of_register(prefetch->index, prefetch->address_bits, index));
	if (has_index && prefetch->address_bits != 16)
		used += snprintf(text + used, size - (size_t)used, ",%u", prefetch->scale);
	snprintf(text + used, size - (size_t)used, ")");
}
