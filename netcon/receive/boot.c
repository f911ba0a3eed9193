// SPDX-License-Identifier: GPL-2.0-or-later
#include "boot.h"
#include <ctype.h>
#include <string.h>

/* Milliseconds by which datagrams may be late, and by which the clocks of a host's processors may differ. */
#define DELAY_MAX 2000

/* Milliseconds within which a number that is not the highest was overtaken, as in a burst: no host boots so fast. */
#define OVERTAKEN_MAX 500

/* Milliseconds by which no datagram is late: the time that came with the highest number was wrong. */
#define LATE_NEVER (3600 * 1000)

/* Milliseconds within which a host that sends its boot id for the first time is not taken for one that has booted. */
#define BOOT_ID_WAITS 60000

/* No host writes so many messages unheard. */
#define LEAP_MAX (1ULL << 32)

static bool is_boot_id(const struct netcon_entry *entry)
{
	static const char name[] = "netcon_boot_id";

	if (entry->name_size != sizeof(name) - 1 || memcmp(entry->name, name, sizeof(name) - 1) ||
		entry->value_size != BOOT_ID_ROOM - 1)
		return false;
	for (size_t i = 0; i < entry->value_size; i++)
		if (!isxdigit((unsigned char)entry->value[i]) && entry->value[i] != '-')
			return false;
	return true;
}

void boot_id_of(const struct netcon_message *message, char boot_id[BOOT_ID_ROOM])
{
	struct netcon_entry entry;
	size_t place = 0;

	*boot_id = '\0';
	while (netcon_entry_next(message, &place, &entry)) {
		if (!is_boot_id(&entry))
			continue;
		memcpy(boot_id, entry.value, entry.value_size);
		boot_id[entry.value_size] = '\0';
	}
}

static __u64 hash_of_release(const struct netcon_message *message)
{
	__u64 hash = 0xcbf29ce484222325ULL;

	for (size_t i = 0; i < message->release_size; i++)
		hash = (hash ^ (unsigned char)message->release[i]) * 0x100000001b3ULL;
	return message->release_size ? hash | 1 : 0;
}

/*
 * When the host's clock began, by ours, if what it wrote at that time was heard at once. That may be before our own clock began, or be
 * nonsense: such times are only compared.
 */
static __u64 clock_began(__u64 heard, __u64 time)
{
	return heard - time;
}

static bool is_later(__u64 time, __u64 than, __s64 by)
{
	return (__s64)(time - than) > by;
}

/* The number is so far from the highest one as no other of that boot is. */
static bool is_leap(const struct host *host, __u64 sequence)
{
	__u64 highest = sequences_highest(&host->sequences);

	return (sequence > highest ? sequence - highest : highest - sequence) > LEAP_MAX;
}

/* Of a message with a boot id, of a host that has sent none. */
static bool is_of_new_boot_with_id(const struct host *host, bool has_begun, __u64 heard)
{
	return has_begun && is_later(heard, host->boot_heard, BOOT_ID_WAITS);
}

/* Of a message without a boot id, of the kernel, which sends at once: overtaken, or late on its way, or of another boot. */
static bool is_of_new_boot_by_clock(const struct host *host, bool has_begun, __u64 began, __u64 heard)
{
	if (!is_later(heard, host->newest_heard, OVERTAKEN_MAX))
		return false;
	return has_begun || is_later(began, clock_began(host->newest_heard, host->newest_time), LATE_NEVER);
}

bool boot_is_new(const struct host *host, const struct netcon_message *message, const char *boot_id, __u64 heard)
{
	__u64 release = hash_of_release(message), time = message->time_us / 1000, began = clock_began(heard, time);
	bool is_newest, has_begun;

	if (!host->sequences.count)
		return false;
	if (*boot_id && *host->boot_id)
		return strcmp(boot_id, host->boot_id);
	if ((release && host->release && release != host->release) || is_leap(host, message->sequence))
		return true;
	is_newest = sequences_find(&host->sequences, message->sequence) == SEQUENCE_NEWEST;
	if (is_newest ? is_later(host->newest_time, time, DELAY_MAX) : is_later(time, host->newest_time, DELAY_MAX))
		return true;
	has_begun = is_later(began, host->newest_heard, -DELAY_MAX);
	if (*boot_id)
		return is_of_new_boot_with_id(host, has_begun, heard);
	return !is_newest && is_of_new_boot_by_clock(host, has_begun, began, heard);
}

bool boot_is_former(const struct host *host, const struct netcon_message *pieces, __u64 begun, const struct netcon_message *first,
	__u64 heard)
{
	return is_later(clock_began(heard, first->time_us / 1000), begun, OVERTAKEN_MAX) || !boot_is_new(host, pieces, "", begun);
}

void boot_note(struct host *host, const struct netcon_message *message, const char *boot_id, bool is_newest, __u64 heard)
{
	if (!host->boot_heard)
		host->boot_heard = heard;
	if (*boot_id)
		memcpy(host->boot_id, boot_id, BOOT_ID_ROOM);
	if (message->release_size)
		host->release = hash_of_release(message);
	if (!is_newest)
		return;
	host->newest_heard = heard;
	host->newest_time = message->time_us / 1000;
}

void boot_forget(struct host *host)
{
	*host->boot_id = '\0';
	host->release = host->boot_heard = host->newest_heard = host->newest_time = 0;
}
