// SPDX-License-Identifier: GPL-2.0-or-later
/* What netcon recv writes, of hostile messages: syslog's format, the journal's protocol, counters, rotation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include "netcon/output/frame_queue.h"
#include "netcon/output/metrics.h"
#include "netcon/output/output.h"
#include "netcon/output/plain.h"
#include "lib/file/rotation.h"
#include "netcon/output/syslog_format.h"

static struct received received_of(const char *bytes, size_t size)
{
	struct received received = { .arrived = { 1700000000, 123456789 }, .source.port = htons(6665) };

	received.source.address.s6_addr[10] = received.source.address.s6_addr[11] = 0xff;
	memcpy(&received.source.address.s6_addr[12], "\xc0\x00\x02\x01", 4);
	netcon_parse(bytes, size, &received.message);
	return received;
}

#define RECEIVED(text) received_of(text, sizeof(text) - 1)

/* --- RFC 5424 */

static void assert_syslog(struct received received, const char *expected, size_t size)
{
	struct bytes bytes = { 0 };

	syslog_format(&bytes, &received, 65000);
	assert_false(bytes.is_short);
	assert_int_equal(bytes.size, size);
	assert_memory_equal(bytes.bytes, expected, size);
	bytes_free(&bytes);
}

#define ASSERT_SYSLOG(text, expected) assert_syslog(RECEIVED(text), expected, sizeof(expected) - 1)
#define HEAD "1 2023-11-14T22:13:20.123456Z 192.0.2.1 kernel - - [netcon@32473 port=\"6665\""
#define HEAD_1 HEAD " seq=\"1\" time=\"2\""

static void syslog_messages(void **state)
{
	(void)state;
	ASSERT_SYSLOG("6,1,2,-;text\n", "<6>" HEAD_1 "] text");
	ASSERT_SYSLOG("6,1,2,-;\n", "<6>" HEAD_1 "] ");
	ASSERT_SYSLOG("text", "<5>" HEAD "] text");
	ASSERT_SYSLOG("", "<5>" HEAD "] ");
	ASSERT_SYSLOG("6.1,30,1,2,c,caller=C0;x\n", "<30>" HEAD_1 " release=\"6.1\" caller=\"C0\" continuation=\"1\"] x");
	/* Facilities: local7 is the last that has room; those behind it are user's. */
	ASSERT_SYSLOG("191,1,2,-;x\n", "<191>" HEAD_1 "] x");
	ASSERT_SYSLOG("192,1,2,-;x\n", "<8>" HEAD_1 " facility=\"24\"] x");
	ASSERT_SYSLOG("2047,1,2,-;x\n", "<15>" HEAD_1 " facility=\"255\"] x");
}

static void syslog_values_of_a_dictionary(void **state)
{
	(void)state;
	ASSERT_SYSLOG("6,1,2,-;x\n A=b\n", "<6>" HEAD_1 "][dictionary@32473 A=\"b\"] x");
	ASSERT_SYSLOG("6,1,2,-;x\n A=\"]\\x5c\n B=\n", "<6>" HEAD_1 "][dictionary@32473 A=\"\\\"\\]\\\\\" B=\"\"] x");
	/* A value cannot end the element, nor the line. */
	ASSERT_SYSLOG("6,1,2,-;x\n A=b\"] y\\x0a<0>1 z\n", "<6>" HEAD_1 "][dictionary@32473 A=\"b\\\"\\] y\n<0>1 z\"] x");
	/* Neither can a name. */
	ASSERT_SYSLOG("6,1,2,-;x\n a\\x22\\x5d\\x20\\x0a\\xffb=c\n", "<6>" HEAD_1 "][dictionary@32473 a_____b=\"c\"] x");
	ASSERT_SYSLOG("6,1,2,-;x\n 0123456789012345678901234567890123456789=c\n",
		"<6>" HEAD_1 "][dictionary@32473 01234567890123456789012345678901=\"c\"] x");
	/* What is not UTF-8, or has a byte 0, is as the kernel writes it. */
	ASSERT_SYSLOG("6,1,2,-;x\n A=\\xc3\\xa9\n", "<6>" HEAD_1 "][dictionary@32473 A=\"\xc3\xa9\"] x");
	ASSERT_SYSLOG("6,1,2,-;x\n A=\\xff\\x5c\n", "<6>" HEAD_1 "][dictionary@32473 A=\"\\\\xff\\\\x5c\"] x");
	ASSERT_SYSLOG("6,1,2,-;x\n A=a\\x00\n", "<6>" HEAD_1 "][dictionary@32473 A=\"a\\\\x00\"] x");
	ASSERT_SYSLOG("6,1,2,-;x\n A=\\xc3\n", "<6>" HEAD_1 "][dictionary@32473 A=\"\\\\xc3\"] x");
	/* A header's words are from the network, too. */
	ASSERT_SYSLOG("\"]\\x0a,6,1,2,-,caller=\"];x\n", "<6>" HEAD_1 " release=\"\\\"\\]\n\" caller=\"\\\"\\]\"] x");
}

static void syslog_text(void **state)
{
	(void)state;
	ASSERT_SYSLOG("6,1,2,-;a\\x0ab\\x1b[m\\x5c\n", "<6>" HEAD_1 "] a\nb\x1b[m\\");
	ASSERT_SYSLOG("6,1,2,-;\\xc3\\xa9\n", "<6>" HEAD_1 "] \xef\xbb\xbf\xc3\xa9");
	ASSERT_SYSLOG("6,1,2,-;\\xff\n", "<6>" HEAD_1 "] \xff");
	/* Bytes that are not UTF-8 must not look as if they were. */
	ASSERT_SYSLOG("6,1,2,-;\\xef\\xbb\\xbf\\xff\n", "<6>" HEAD_1 "] \\xef\\xbb\\xbf\\xff");
	ASSERT_SYSLOG("6,1,2,-;a\\x00\n", "<6>" HEAD_1 "] a\\x00");
	/* What is not in the extended format has no escapes. */
	ASSERT_SYSLOG("a\\x41", "<5>" HEAD "] a\\x41");
	ASSERT_SYSLOG("a\0b", "<5>" HEAD "] a\\x00b");
}

static void syslog_of_torn_messages(void **state)
{
	struct received received = RECEIVED("6,1,2,-;x\n A=b\n");
	static const char expected[] = "<6>" HEAD " missing=\"17\" seq=\"1\" time=\"2\" boot_id=\"b\" late=\"1\"]"
					"[dictionary@32473 A=\"b\"] x";
	char zeros[64] = "6,1,2,-;abc";

	(void)state;
	received.is_torn = received.is_late = true;
	received.missing = 17;
	received.boot_id = "b";
	assert_syslog(received, expected, sizeof(expected) - 1);
	/* Of what did not come there are zeros. */
	ASSERT_SYSLOG("6,1,2,-;a\0\0b\n", "<6>" HEAD_1 "] a\\x00\\x00b");
	assert_syslog(received_of(zeros, 13), "<6>" HEAD_1 "] abc\\x00\\x00", sizeof("<6>" HEAD_1 "] abc\\x00\\x00") - 1);
}

/* A message with a text and a dictionary of so many bytes, all of them the pattern; its syslog has at most limit. */
static void format_long(struct bytes *bytes, size_t text, size_t dictionary, const char *pattern, size_t limit)
{
	struct bytes message = { 0 };
	struct received received;

	bytes_print(&message, "6,1,2,-;");
	for (size_t i = 0; i < text; i += strlen(pattern))
		bytes_print(&message, "%s", pattern);
	bytes_print(&message, "\n");
	if (dictionary)
		bytes_print(&message, " K=%0*d\n", (int)dictionary, 0);
	received = received_of(message.bytes, message.size);
	bytes_clear(bytes);
	syslog_format(bytes, &received, limit);
	bytes_add(bytes, "", 1);
	assert_false(bytes->is_short);
	assert_true(bytes->size - 1 <= limit);
	bytes_free(&message);
}

static size_t cut_of(const struct bytes *bytes)
{
	const char *cut = strstr(bytes->bytes, " cut=\"");

	return cut ? strtoul(cut + 6, NULL, 10) : 0;
}

static void syslog_is_cut_to_size(void **state)
{
	struct bytes bytes = { 0 };
	const char *text;

	(void)state;
	format_long(&bytes, 65536, 0, "x", 8 << 20);
	assert_int_equal(cut_of(&bytes), 0);
	format_long(&bytes, 65536, 0, "x", 65000);
	assert_true(cut_of(&bytes) > 0);
	assert_int_equal(strlen(strstr(bytes.bytes, "] ") + 2), 65536 - cut_of(&bytes));
	/* The dictionary stays while there is room for it and some of the text. */
	format_long(&bytes, 65536, 20000, "x", 65000);
	assert_non_null(strstr(bytes.bytes, "[dictionary@32473 K=\"0"));
	assert_int_equal(strlen(strstr(bytes.bytes, "] ") + 2), 65536 - cut_of(&bytes));
	format_long(&bytes, 10, 65000, "x", 65000);
	assert_null(strstr(bytes.bytes, "[dictionary@32473"));
	assert_string_equal(strstr(bytes.bytes, "] "), "] xxxxxxxxxx");
	assert_true(cut_of(&bytes) > 65000);
	/* No character is cut: what is left is UTF-8. */
	for (size_t limit = 8192; limit < 8200; limit++) {
		format_long(&bytes, 65536, 0, "\\xe2\\x82\\xac", limit);
		text = strstr(bytes.bytes, "] ") + 2;
		assert_true(plain_is_utf8(text, strlen(text), NULL));
		assert_int_equal(strlen(text) % 3, 0);
	}
	bytes_free(&bytes);
}

/* The longest of headers leaves room: a datagram of IP may have 64 KiB of whatever. */
static void syslog_of_long_headers(void **state)
{
	struct bytes message = { 0 }, bytes = { 0 };
	struct received received;

	(void)state;
	for (int i = 0; i < 20000; i++)
		bytes_print(&message, "\\");
	bytes_print(&message, ",6,1,2,-,caller=");
	for (int i = 0; i < 10000; i++)
		bytes_print(&message, "\\xff");
	bytes_print(&message, ";text\n");
	received = received_of(message.bytes, message.size);
	syslog_format(&bytes, &received, 8192);
	assert_false(bytes.is_short);
	assert_true(bytes.size <= 8192);
	assert_memory_equal(bytes.bytes + bytes.size - 4, "text", 4);
	bytes_free(&bytes);
	bytes_free(&message);
}

/* --- UTF-8 */

static void what_is_utf8(void **state)
{
	bool is_ascii;

	(void)state;
	assert_true(plain_is_utf8("", 0, &is_ascii) && is_ascii);
	assert_true(plain_is_utf8("a\0", 2, &is_ascii) && is_ascii);
	assert_true(plain_is_utf8("a\xf0\x9f\x98\x80", 5, &is_ascii) && !is_ascii);
	/* The end is cut, with bytes of a character behind it. */
	assert_false(plain_is_utf8("a\xf0\x9f\x98\x80", 4, NULL));
	assert_false(plain_is_utf8("\xc3\xa9", 1, NULL));
	assert_false(plain_is_utf8("\xc0\x80", 2, NULL));
	assert_false(plain_is_utf8("\xed\xa0\x80", 3, NULL));
}

/* --- the journal */

struct place {
	char folder[32], path[64];
	int reader;
};

static void make_place(struct place *place)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	strcpy(place->folder, "/tmp/netcon-output-XXXXXX");
	assert_non_null(mkdtemp(place->folder));
	snprintf(place->path, sizeof(place->path), "%s/socket", place->folder);
	strcpy(address.sun_path, place->path);
	place->reader = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_true(place->reader >= 0);
	assert_int_equal(bind(place->reader, (struct sockaddr *)&address, sizeof(address)), 0);
}

static void remove_place(struct place *place)
{
	close(place->reader);
	unlink(place->path);
	rmdir(place->folder);
}

/* The value of a field of an entry, and its size; NULL: there is none. The entry is checked on the way. */
static const char *field_of(const char *entry, size_t size, const char *name, size_t *value_size)
{
	const char *end = entry + size, *found = NULL;

	while (entry < end) {
		const char *line_end = memchr(entry, '\n', (size_t)(end - entry)), *equals, *value;
		size_t length;
		__u64 stated;

		assert_non_null(line_end);
		equals = memchr(entry, '=', (size_t)(line_end - entry));
		if (equals) {
			value = equals + 1;
			length = (size_t)(line_end - value);
		} else {
			assert_true(end - line_end > 9);
			memcpy(&stated, line_end + 1, sizeof(stated));
			value = line_end + 9;
			length = le64toh(stated);
			assert_true(length < (size_t)(end - value));
			assert_int_equal(value[length], '\n');
		}
		for (const char *letter = entry; letter < (equals ? equals : line_end); letter++)
			assert_true((*letter >= 'A' && *letter <= 'Z') || (*letter >= '0' && *letter <= '9') || *letter == '_');
		if ((size_t)((equals ? equals : line_end) - entry) == strlen(name) && !memcmp(entry, name, strlen(name))) {
			found = value;
			*value_size = length;
		}
		entry = value + length + 1;
	}
	return found;
}

static void assert_field(const char *entry, size_t size, const char *name, const char *expected, size_t expected_size)
{
	size_t value_size;
	const char *value = field_of(entry, size, name, &value_size);

	assert_non_null(value);
	assert_int_equal(value_size, expected_size);
	assert_memory_equal(value, expected, expected_size);
}

static void journal_entries(void **state)
{
	/* A text that would be a field of its own. */
	struct received received = RECEIVED("6,1,2,-;a\\x0aPRIORITY=0\\x0a_UID=0\\x00\\xff\n A=b\\x0a_PID=1\n _SECRET=x\n \\x0aB=c\n");
	struct output *output;
	struct place place;
	char entry[65536];
	ssize_t size;
	size_t ignored;

	(void)state;
	make_place(&place);
	assert_int_equal(output_journal(place.path, &output), 0);
	assert_int_equal(output->put(output, &received), 0);
	size = recv(place.reader, entry, sizeof(entry), 0);
	assert_true(size > 0);
	assert_field(entry, (size_t)size, "MESSAGE", "a\nPRIORITY=0\n_UID=0\0\xff", 21);
	assert_field(entry, (size_t)size, "PRIORITY", "6", 1);
	assert_field(entry, (size_t)size, "NETCON_DICT_A", "b\n_PID=1", 8);
	assert_field(entry, (size_t)size, "NETCON_DICT__SECRET", "x", 1);
	assert_field(entry, (size_t)size, "NETCON_DICT__B", "c", 1);
	assert_null(field_of(entry, (size_t)size, "_UID", &ignored));
	assert_null(field_of(entry, (size_t)size, "_PID", &ignored));
	assert_int_equal(output->close(output), 0);
	remove_place(&place);
	assert_int_equal(output_journal(place.path, &output), -ENOENT);
}

/* Whatever the bytes are, what leaves is an entry. */
static void journal_entries_of_noise(void **state)
{
	struct output *output;
	struct place place;
	char entry[65536];

	(void)state;
	srandom(1);
	make_place(&place);
	assert_int_equal(output_journal(place.path, &output), 0);
	for (int round = 0; round < 2000; round++) {
		static const char header[] = "6,1,2,-;", letters[] = "\n =\\x0a5c]\"\0\xff\x1b[";
		char bytes[256];
		size_t ignored, length = 8;
		struct received received;
		ssize_t size;

		memcpy(bytes, header, 8);
		while (length < sizeof(bytes) - (size_t)(random() % 200))
			bytes[length++] = letters[(size_t)random() % sizeof(letters)];
		received = received_of(bytes, length);
		assert_int_equal(output->put(output, &received), 0);
		size = recv(place.reader, entry, sizeof(entry), 0);
		assert_true(size > 0);
		assert_non_null(field_of(entry, (size_t)size, "MESSAGE", &ignored));
	}
	assert_int_equal(output->close(output), 0);
	remove_place(&place);
}

/* --- the queue of TCP */

static void frames_are_kept_until_they_are_acknowledged(void **state)
{
	struct frame_queue queue;
	struct iovec pieces[4];
	bool is_unsent;

	(void)state;
	frame_queue_open(&queue, 200);
	assert_int_equal(frame_queue_put(&queue, "one", 3), 0);
	assert_int_equal(frame_queue_put(&queue, "second", 6), 0);
	assert_int_equal(frame_queue_put(&queue, (char[200]){ 0 }, 150), -ENOBUFS);
	assert_int_equal(frame_queue_next(&queue, pieces, 4), 2);
	assert_int_equal(pieces[0].iov_len, 5);
	assert_memory_equal(pieces[0].iov_base, "3 one", 5);
	assert_memory_equal(pieces[1].iov_base, "6 second", 8);
	frame_queue_sent(&queue, 7);
	assert_int_equal(frame_queue_next(&queue, pieces, 4), 1);
	assert_memory_equal(pieces[0].iov_base, "second", 6);
	frame_queue_release(&queue, 4);
	assert_int_equal(queue.released, 0);
	frame_queue_release(&queue, 7);
	assert_int_equal(queue.released, 5);
	/* A new connection begins with the whole of the frame. */
	frame_queue_rewind(&queue);
	assert_int_equal(frame_queue_next(&queue, pieces, 4), 1);
	assert_memory_equal(pieces[0].iov_base, "6 second", 8);
	frame_queue_sent(&queue, 8);
	assert_int_equal(frame_queue_next(&queue, pieces, 4), 0);
	/* So does one behind a connection that had it, but did not acknowledge it. */
	frame_queue_rewind(&queue);
	assert_int_equal(frame_queue_next(&queue, pieces, 4), 1);
	assert_memory_equal(pieces[0].iov_base, "6 second", 8);
	frame_queue_sent(&queue, 8);
	assert_true(frame_queue_waiting(&queue, &is_unsent) > 0 && !is_unsent);
	frame_queue_release(&queue, 8);
	assert_int_equal(frame_queue_waiting(&queue, NULL), 0);
	frame_queue_close(&queue);
}

/* --- rotation, and counters */

static void touch(int folder, const char *name, char letter)
{
	int file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	assert_true(file >= 0);
	assert_int_equal(write(file, &letter, 1), 1);
	close(file);
}

static char letter_of(int folder, const char *name)
{
	int file = openat(folder, name, O_RDONLY | O_CLOEXEC);
	char letter = '-';

	if (file < 0)
		return '-';
	assert_int_equal(read(file, &letter, 1), 1);
	close(file);
	return letter;
}

static void rotation_loses_nothing(void **state)
{
	char name[] = "/tmp/netcon-rotation-XXXXXX";
	int folder;

	(void)state;
	assert_non_null(mkdtemp(name));
	folder = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	touch(folder, "x", 'a');
	touch(folder, "x.1", 'b');
	touch(folder, "x.3", 'd');
	assert_int_equal(rotation_rename(folder, "x", 3), 0);
	assert_int_equal(letter_of(folder, "x"), '-');
	assert_int_equal(letter_of(folder, "x.1"), 'a');
	assert_int_equal(letter_of(folder, "x.2"), 'b');
	assert_int_equal(letter_of(folder, "x.3"), 'd');
	touch(folder, "x", 'n');
	assert_int_equal(rotation_rename(folder, "x", 3), 0);
	assert_int_equal(letter_of(folder, "x.3"), 'b');
	/* A folder in the last place: what stands before it stays, however often it is tried. */
	unlinkat(folder, "x.3", 0);
	assert_int_equal(mkdirat(folder, "x.3", 0700), 0);
	touch(folder, "x", 'o');
	for (int i = 0; i < 5; i++)
		assert_int_equal(rotation_rename(folder, "x", 3), -EISDIR);
	assert_int_equal(letter_of(folder, "x"), 'o');
	assert_int_equal(letter_of(folder, "x.1"), 'n');
	assert_int_equal(letter_of(folder, "x.2"), 'a');
	assert_int_equal(rotation_rename(folder, "x", 0), 0);
	assert_int_equal(letter_of(folder, "x"), '-');
	unlinkat(folder, "x.1", 0);
	unlinkat(folder, "x.2", 0);
	unlinkat(folder, "x.3", AT_REMOVEDIR);
	close(folder);
	rmdir(name);
}

static void counters_have_words(void **state)
{
	const struct receiver_counters counters = { .datagrams = ~0ULL, .lost = 3, .output_count = 1, .outputs[0].name = "x\"\\\ny" };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	metrics_print(out, &counters);
	fclose(out);
	assert_non_null(strstr(text, "# TYPE netcon_datagrams_total counter\nnetcon_datagrams_total 18446744073709551615\n"));
	assert_non_null(strstr(text, "\nnetcon_lost_messages_total 3\n"));
	assert_non_null(strstr(text, "\nnetcon_output_errors_total{output=\"x\\\"\\\\\\ny\"} 0\n"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(syslog_messages),
		cmocka_unit_test(syslog_values_of_a_dictionary),
		cmocka_unit_test(syslog_text),
		cmocka_unit_test(syslog_of_torn_messages),
		cmocka_unit_test(syslog_is_cut_to_size),
		cmocka_unit_test(syslog_of_long_headers),
		cmocka_unit_test(what_is_utf8),
		cmocka_unit_test(journal_entries),
		cmocka_unit_test(journal_entries_of_noise),
		cmocka_unit_test(frames_are_kept_until_they_are_acknowledged),
		cmocka_unit_test(rotation_loses_nothing),
		cmocka_unit_test(counters_have_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
