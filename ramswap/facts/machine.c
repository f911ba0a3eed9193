// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel and the machine that it runs on: what every plan asks first. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "parse.h"
#include "reader.h"
#include "text.h"

enum { PAGE_SIZE_MOST = 1 << 20, PAGE_SIZE_USUAL = 4096 };

/* As uname(2) has them. */
static const char *const machines_of_32_bits[] = { "i386", "i486", "i586", "i686", "arm", "armv6l", "armv7l", "armv8l",
	"mips", "ppc", "m68k", "sparc", "sh4", "parisc", "riscv32", "arc", "xtensa", "microblaze", "csky", "or1k",
	NULL };

/* The end of the next parameter; spaces in quotes are part of it. */
static const char *end_of(const char *text)
{
	bool is_quoted = false;

	for (; *text && (is_quoted || !strchr(" \t\n", *text)); text++)
		is_quoted ^= *text == '"';
	return text;
}

/* Whether the parameter begins with that name; to the kernel "-" and "_" are the same. */
static bool has_name(const char *at, const char *end, const char *name)
{
	for (; *name; name++, at++)
		if (at == end || (*at == '-' ? '_' : *at) != (*name == '-' ? '_' : *name))
			return false;
	return at == end || *at == '=';
}

static void copy_value(char *value, size_t size, const char *at, const char *end)
{
	size_t length = (size_t)(end - at);

	if (length && *at == '"') {
		at++;
		length--;
		length -= length && at[length - 1] == '"';
	}
	if (length >= size)
		length = size - 1;
	memcpy(value, at, length);
	value[length] = 0;
}

bool facts_has_parameter(const char *command_line, const char *name, char *value, size_t size)
{
	size_t length = strlen(name);
	bool is_found = false;

	for (const char *at = command_line, *end; *at; at = end + (*end != 0)) {
		end = end_of(at);
		if (end == at || !has_name(at, end, name))
			continue;
		is_found = true;
		if (value)
			copy_value(value, size, at + length + (at[length] == '='), end);
	}
	return is_found;
}

static int read_command_line(struct facts_reader *reader)
{
	bool is_read = !facts_read_text(&reader->buffer, reader->root, "proc/cmdline", FACTS_TEXT_MOST);
	char *line = strdup(is_read ? reader->buffer.text : "");

	if (!line)
		return -ENOMEM;
	line[strcspn(line, "\n")] = 0;
	reader->facts->command_line = line;
	return 0;
}

/* /proc/sys/kernel/arch is there since 6.1; only kernels of 32 bits have HighTotal. */
static bool is_32_bit(struct facts_reader *reader)
{
	char machine[RAMSWAP_NAME_MAX + 1];

	if (!facts_read_name(reader->root, "proc/sys/kernel/arch", machine))
		return reader->facts->memory.high;
	for (const char *const *name = machines_of_32_bits; *name; name++)
		if (!strcmp(machine, *name))
			return true;
	return false;
}

/* "KernelPageSize:        4 kB" of the first mapping of some process. */
static unsigned int read_page_size(struct facts_reader *reader)
{
	char value[FACTS_VALUE_MAX + 1], *at;
	__u64 kilobytes;

	if (reader->is_running)
		return (unsigned int)sysconf(_SC_PAGESIZE);
	if (!facts_read_value(reader->root, "proc/self/smaps", value))
		return PAGE_SIZE_USUAL;
	at = strstr(value, "KernelPageSize:");
	if (!at)
		return PAGE_SIZE_USUAL;
	at += strlen("KernelPageSize:");
	at = facts_word_next(&at);
	if (!at || !facts_parse_number(at, PAGE_SIZE_MOST >> 10, &kilobytes) || kilobytes < PAGE_SIZE_USUAL >> 10 ||
		kilobytes & (kilobytes - 1))
		return PAGE_SIZE_USUAL;
	return (unsigned int)kilobytes << 10;
}

static unsigned int read_processors(struct facts_reader *reader)
{
	char value[FACTS_VALUE_MAX + 1];
	unsigned int count = 0;

	if (facts_read_value(reader->root, "sys/devices/system/cpu/online", value))
		count = facts_parse_list_count(value);
	return count ? count : 1;
}

/* "container=..." in the environment of the first process, which only root may read. */
static bool has_container_variable(struct facts_reader *reader)
{
	const char *at, *end;

	if (facts_read_text(&reader->buffer, reader->root, "proc/1/environ", FACTS_TEXT_MOST))
		return false;
	end = reader->buffer.text + reader->buffer.size;
	for (at = reader->buffer.text; at < end; at += strlen(at) + 1)
		if (!strncmp(at, "container=", 10) && at[10])
			return true;
	return false;
}

static bool is_container(struct facts_reader *reader)
{
	int root = reader->root;

	/* OpenVZ's host has the second one, too. */
	if (facts_exists(root, "proc/vz") && !facts_exists(root, "proc/bc"))
		return true;
	return facts_exists(root, "run/systemd/container") || facts_exists(root, ".dockerenv") ||
	       facts_exists(root, "run/.containerenv") || has_container_variable(reader);
}

int facts_read_machine(struct facts_reader *reader)
{
	struct ramswap_facts *facts = reader->facts;

	facts_read_name(reader->root, "proc/sys/kernel/osrelease", facts->release);
	facts->is_32_bit = is_32_bit(reader);
	facts->page_size = read_page_size(reader);
	facts->processors = read_processors(reader);
	facts->is_container = is_container(reader);
	facts->is_crash_kernel = facts_exists(reader->root, "proc/vmcore");
	return read_command_line(reader);
}
