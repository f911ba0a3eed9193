// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages as entries of systemd's journal, in its native protocol: https://systemd.io/JOURNAL_NATIVE_PROTOCOL. Not by
 * sd_journal_sendv(3), which knows one socket alone, and waits for it without an end.
 */
#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "bytes.h"
#include "line.h"
#include "local_socket.h"
#include "output.h"
#include "plain.h"

#define JOURNAL_SOCKET "/run/systemd/journal/socket"

/* The journal takes no entry of 1024 fields or more, and adds some of its own. */
enum { DICTIONARY_MAX = 900 };

/* Longer names of fields are refused. */
enum { FIELD_NAME_MAX = 64 };

#define DICTIONARY_PREFIX "NETCON_DICT_"

struct journal {
	struct output output;
	struct local_socket socket;
	struct bytes entry, value;
};

static bool is_of_one_line(const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (bytes[i] < ' ' || bytes[i] > '~')
			return false;
	return true;
}

/* The form with a size takes all bytes. */
static void add_field(struct bytes *entry, const char *name, const char *bytes, size_t size)
{
	__u64 length = htole64(size);
	bool is_line = is_of_one_line(bytes, size);

	bytes_print(entry, is_line ? "%s=" : "%s\n", name);
	if (!is_line)
		bytes_add(entry, &length, sizeof(length));
	bytes_add(entry, bytes, size);
	bytes_add(entry, "\n", 1);
}

static void add_number(struct bytes *entry, const char *name, __u64 number)
{
	bytes_print(entry, "%s=%llu\n", name, (unsigned long long)number);
}

/* The value is the field's. */
static void add_value(struct journal *journal, const char *name)
{
	add_field(&journal->entry, name, journal->value.bytes, journal->value.size);
	journal->entry.is_short = journal->entry.is_short || journal->value.is_short;
	bytes_clear(&journal->value);
}

static void add_plain(struct journal *journal, const char *name, const char *text, size_t size)
{
	if (!text)
		return;
	plain_add(&journal->value, text, size);
	add_value(journal, name);
}

static void add_source(struct bytes *entry, const struct netcon_source *source)
{
	char text[SOURCE_TEXT_MAX];

	bytes_print(entry, "NETCON_HOST=%s\n", source_print_address(text, source));
	add_number(entry, "NETCON_PORT", ntohs(source->port));
}

/* Names of fields are capital letters, digits and underscores. */
static void field_name(char *name, const struct bytes *plain)
{
	size_t size = sizeof(DICTIONARY_PREFIX) - 1;

	memcpy(name, DICTIONARY_PREFIX, size);
	for (size_t i = 0; i < plain->size && size < FIELD_NAME_MAX; i++) {
		char letter = plain->bytes[i];

		if (letter >= 'a' && letter <= 'z')
			letter = (char)(letter - 'a' + 'A');
		else if (!(letter >= 'A' && letter <= 'Z') && !(letter >= '0' && letter <= '9'))
			letter = '_';
		name[size++] = letter;
	}
	name[size] = '\0';
}

static void add_dictionary(struct journal *journal, const struct netcon_message *message)
{
	char name[FIELD_NAME_MAX + 1];
	struct netcon_entry entry;
	size_t place = 0;
	__u64 count = 0;

	while (netcon_entry_next(message, &place, &entry)) {
		if (++count > DICTIONARY_MAX)
			continue;
		plain_add(&journal->value, entry.name, entry.name_size);
		field_name(name, &journal->value);
		bytes_clear(&journal->value);
		add_plain(journal, name, entry.value, entry.value_size);
	}
	if (count > DICTIONARY_MAX)
		add_number(&journal->entry, "NETCON_DICT_LEFT_OUT", count - DICTIONARY_MAX);
}

static void add_extended(struct journal *journal, const struct received *received)
{
	const struct netcon_message *message = &received->message;
	struct bytes *entry = &journal->entry;

	add_number(entry, "PRIORITY", message->priority & 7);
	add_number(entry, "SYSLOG_FACILITY", message->priority >> 3);
	add_number(entry, "NETCON_SEQUENCE", message->sequence);
	add_number(entry, "NETCON_TIME_USEC", message->time_us);
	if (message->flag != '-')
		add_number(entry, "NETCON_CONTINUATION", 1);
	if (received->is_late)
		add_number(entry, "NETCON_LATE", 1);
	if (received->boot_id)
		bytes_print(entry, "NETCON_BOOT_ID=%s\n", received->boot_id);
	add_plain(journal, "NETCON_RELEASE", message->release, message->release_size);
	add_plain(journal, "NETCON_CALLER", message->caller, message->caller_size);
	add_dictionary(journal, message);
}

/* The journal reads what it is given in a file only if nobody can change that any more. */
static int make_sealed_file(const struct bytes *bytes, int *descriptor)
{
	const int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
	int file = memfd_create("netcon-journal", MFD_CLOEXEC | MFD_ALLOW_SEALING), err = 0;
	size_t written = 0;

	if (file < 0)
		return -errno;
	while (written < bytes->size && !err) {
		ssize_t put = write(file, bytes->bytes + written, bytes->size - written);

		if (put >= 0)
			written += (size_t)put;
		else if (errno != EINTR)
			err = -errno;
	}
	if (!err && fcntl(file, F_ADD_SEALS, seals))
		err = -errno;
	if (err)
		close(file);
	else
		*descriptor = file;
	return err;
}

static int send_entry(struct journal *journal)
{
	const struct bytes *entry = &journal->entry;
	int file = -1, err;

	if (entry->is_short)
		return -ENOMEM;
	err = local_socket_send(&journal->socket, entry->bytes, entry->size, -1);
	if (err != -EMSGSIZE && err != -ENOBUFS)
		return err;
	err = make_sealed_file(entry, &file);
	if (err)
		return err;
	err = local_socket_send(&journal->socket, NULL, 0, file);
	close(file);
	return err;
}

static int put(struct output *output, const struct received *received)
{
	struct journal *journal = (struct journal *)output;
	struct bytes *entry = &journal->entry;

	bytes_clear(entry);
	plain_add_text(&journal->value, &received->message);
	add_value(journal, "MESSAGE");
	bytes_print(entry, "SYSLOG_IDENTIFIER=kernel\n");
	add_source(entry, &received->source);
	if (received->message.is_extended)
		add_extended(journal, received);
	else
		add_number(entry, "PRIORITY", PRIORITY_OF_BASIC);
	if (received->is_torn)
		add_number(entry, "NETCON_MISSING_BYTES", received->missing);
	return send_entry(journal);
}

static int put_happened(struct output *output, const struct happened *happened)
{
	struct journal *journal = (struct journal *)output;
	struct bytes *entry = &journal->entry;

	bytes_clear(entry);
	plain_add_happened(&journal->value, happened);
	add_value(journal, "MESSAGE");
	bytes_print(entry, "SYSLOG_IDENTIFIER=netcon\nNETCON_EVENT=%s\n", happening_name(happened->what));
	add_number(entry, "PRIORITY", happening_level(happened->what));
	if (happened->what == HAPPENED_DROPPED)
		add_number(entry, "NETCON_DATAGRAMS", happened->first);
	else
		add_source(entry, &happened->source);
	if (happened->what == HAPPENED_LOST || happened->what == HAPPENED_FOUND) {
		add_number(entry, "NETCON_FIRST", happened->first);
		add_number(entry, "NETCON_LAST", happened->last);
	}
	if (happened->what == HAPPENED_NEW || happened->what == HAPPENED_RESTART)
		add_number(entry, "NETCON_SEQUENCE", happened->first);
	if (happened->what == HAPPENED_RESTART)
		add_number(entry, "NETCON_HIGHEST_BEFORE", happened->last);
	return send_entry(journal);
}

static int close_journal(struct output *output)
{
	struct journal *journal = (struct journal *)output;

	local_socket_close(&journal->socket);
	bytes_free(&journal->entry);
	bytes_free(&journal->value);
	free(journal);
	return 0;
}

int output_journal(const char *socket, struct output **output)
{
	struct journal *journal = calloc(1, sizeof(*journal));
	int err;

	if (!journal)
		return -ENOMEM;
	journal->output = (struct output){ .name = "journal", .needs_lock = true, .put = put, .happened = put_happened,
		.close = close_journal };
	err = local_socket_open(&journal->socket, socket ? socket : JOURNAL_SOCKET);
	if (err)
		free(journal);
	else
		*output = &journal->output;
	return err;
}
