// SPDX-License-Identifier: GPL-2.0-or-later
#include "ramswap_random.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "ramswap/config/config.h"
#include "ramswap_machine.h"

/* xorshift64 */
static __u64 seed;

static __u64 draw(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

void random_begin(__u64 start)
{
	seed = start;
	for (int i = 0; i < 4; i++)
		draw();
}

static __u64 below(__u64 bound)
{
	return draw() % bound;
}

static bool one_in(__u64 count)
{
	return !below(count);
}

/* Sizes of all magnitudes, round ones, and the ends. */
static __u64 some_size(void)
{
	static const __u64 ends[] = { 0, 1, 4095, 4096, 1ULL << 20, 1ULL << 31, 1ULL << 32, 1ULL << 62, 1ULL << 63,
		~0ULL };

	if (one_in(12))
		return ends[below(sizeof(ends) / sizeof(*ends))];
	if (one_in(3))
		return draw() >> below(64);
	return (1 + below(4096)) * MB;
}

/* What machines have. */
static __u64 usual_size(void)
{
	return (64 + below(8192)) * MB;
}

static const char *pick(const char *const *words, size_t count)
{
	return words[below(count)];
}

#define PICK(...)                                                                                                      \
	pick((const char *const[]){ __VA_ARGS__ }, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

static void put(struct random_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(struct random_text *text, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	text->length +=
		(size_t)vsnprintf(text->bytes + text->length, sizeof(text->bytes) - text->length, format, arguments);
	va_end(arguments);
	if (text->length >= sizeof(text->bytes))
		abort();
}

static void put_block(struct random_text *text, const char *kind, unsigned int number)
{
	static const char *const names[] = { "pmem", "ram", "vd" };
	bool is_pmem = !strcmp(kind, "pmem"), is_brd = !strcmp(kind, "brd");

	put(text, " %s:%s%u,%llu", kind,
		names[is_pmem	       ? 0 :
				is_brd ? 1 :
					 2],
		number, (unsigned long long)(some_size() / MB));
	if (one_in(3))
		put(text, ",sig=%s", PICK("ext4", "swap", "?", "crypto_LUKS"));
	if (one_in(4))
		put(text, ",label=%s", PICK("ramswap", "data", "\x1b[31m", "\xff\xfe"));
	if (one_in(8))
		put(text, ",holder=%s", PICK("dm-0", "vd0", "vd1"));
	if (one_in(8))
		put(text, ",mounted");
	if (one_in(12))
		put(text, ",partitions");
	if (one_in(12))
		put(text, ",readonly");
	if (is_pmem && one_in(3))
		put(text, ",node=%u", (unsigned int)below(4));
	if (is_pmem && !one_in(5))
		put(text, " space:pmem%u%s%s%s", number, one_in(2) ? ",legacy" : "", one_in(4) ? ",alt=ramswap" : "",
			one_in(3) ? ",node=1" : "");
	if (one_in(3))
		put(text, " swap:%s%u,%u,%d%s%s",
			names[is_pmem	       ? 0 :
					is_brd ? 1 :
						 2],
			number, (unsigned int)below(4096), one_in(9) ? 32767 - (int)below(3) : (int)below(300) - 5,
			one_in(2) ? ",ours" : "", one_in(3) ? ",rotating" : "");
}

static void put_zram(struct random_text *text, unsigned int number)
{
	bool is_ours = one_in(2);
	__u64 size = one_in(4) ? 0 : some_size() / MB;

	put(text, " zram:%u,%llu,%llu,%s%s%s", number, (unsigned long long)size,
		(unsigned long long)(one_in(4) ? 0 : some_size() / MB), PICK("lz4", "zstd", "lzo-rle"),
		is_ours ? ",ours" : "", one_in(3) ? ",canrecompress" : "");
	if (one_in(4))
		put(text, ",backing=/dev/vd%u", (unsigned int)below(3));
	if (size && one_in(2))
		put(text, " swap:zram%u,%llu,%d%s", number, (unsigned long long)size, (int)below(200) - 3,
			is_ours ? ",ours" : "");
}

static void put_machine(struct random_text *text)
{
	unsigned int numbers[3] = { 0 };

	put(text, "processors=%u release=%s", (unsigned int)below(one_in(9) ? 8192 : 16) + 1,
		PICK("6.1.0-50", "6.12.7", "7.2.13", "x"));
	for (__u64 i = below(5); i > 0; i--) {
		unsigned int kind = (unsigned int)below(3);

		put_block(text, kind == 0 ? "pmem" : kind == 1 ? "brd" : "disk", numbers[kind]++);
	}
	for (__u64 i = below(3), number = 0; number < i; number++)
		put_zram(text, (unsigned int)number);
	if (one_in(2)) {
		put(text, " node:0,cpu,%d,10", (int)below(6) - 1);
		for (unsigned int node = 1; node <= below(4); node++)
			put(text, " node:%u,%s,%d,%u", node, PICK("far", "cpu"), (int)below(6) - 1,
				(unsigned int)below(256));
	}
	for (__u64 i = below(3), number = 0; number < i; number++)
		put(text, " dax:dax%llu.0,%llu,%s,%d%s", (unsigned long long)number,
			(unsigned long long)(some_size() / MB), PICK("device_dax", "kmem", "x"), (int)below(4),
			one_in(2) ? ",ours" : "");
	if (one_in(4))
		put(text, " range:%s,%llu", PICK("legacy", "pmem", "soft", "crash"),
			(unsigned long long)(some_size() / MB));
	if (one_in(3))
		put(text, " %s",
			PICK("no-zram", "no-kmem", "no-pmem", "brd-module", "32-bit", "waited=3", "group-swap=0",
				"crash-loaded"));
	if (one_in(3))
		put(text, " hibernate resume=%s", PICK("0:0", "8:2", "200:1", "202:1"));
	if (one_in(3))
		put(text, " zswap=%s", PICK("on", "off"));
	if (one_in(3))
		put(text, " swappiness=%d page-cluster=%d demotion=%d watermark=%d", (int)below(200) - 1,
			(int)below(5) - 1, (int)below(3) - 1, (int)below(100) - 1);
	if (one_in(30))
		put(text, " %s",
			PICK("container", "crash-kernel", "read-only", "others=1", "others=6", "command=ramswap=0"));
}

struct ramswap_facts *random_machine(struct random_text *text)
{
	struct ramswap_facts *facts;

	put_machine(text);
	facts = machine_make(text->bytes);
	/* Also what is no number of MB. */
	facts->memory.total = one_in(3) ? some_size() : usual_size();
	facts->memory.huge_reserved = one_in(4) ? some_size() : 0;
	facts->image_size = one_in(3) ? some_size() : 0;
	facts->page_size = one_in(9) ? 65536 : 4096;
	return facts;
}

void random_settings(struct random_text *text, struct ramswap_settings *settings)
{
	struct ramswap_problem problem;

	put(text, "[zram]\n");
	if (one_in(3))
		put(text, "use=%s\n", PICK("yes", "no", "auto"));
	if (one_in(4))
		put(text, "size=%s\n",
			PICK("ram/2", "ram", "0", "100", "ram*50", "swap+far", "1/(ram-ram)", "2^62", "0.3",
				"min(ram,4096)"));
	if (one_in(4))
		put(text, "limit=%s\n", PICK("ram/2", "ram", "0", "100", "ram/100", "2^62", "0.001"));
	if (one_in(4))
		put(text, "algorithm=%s\n", PICK("lz4", "zstd", "zstd(level=3)", "nonsense"));
	if (one_in(5))
		put(text, "recompression=%s\n", PICK("none", "zstd", "deflate"));
	if (one_in(5))
		put(text, "recompress-after=1h\n");
	if (one_in(5))
		put(text, "writeback=/dev/%s\n", PICK("vd0", "vd1", "ram0", "zram0", "pmem0", "dm-0"));
	for (unsigned int i = 0; i < below(3); i++)
		put(text, "[source %s]\nuse=%s\n",
			PICK("pmem0", "pmem1", "namespace0.0", "ram0", "ram1", "dax0.0", "dax1.0"),
			PICK("yes", "no", "auto", "system-ram"));
	put(text, "[policy]\nabove-all=%s\n", one_in(5) ? "no" : "yes");
	if (one_in(5))
		put(text, "priority=%u\n", (unsigned int)below(one_in(3) ? 32768 : 300));
	if (one_in(4))
		put(text, "demotion=yes\n");
	if (one_in(4))
		put(text, "zswap-off=no\n");
	if (one_in(4))
		put(text, "swappiness=%u\npage-cluster=%u\nwatermark-scale-factor=50\n", (unsigned int)below(201),
			(unsigned int)below(6));
	if (one_in(4))
		put(text, "beside-others=yes\n");
	ramswap_settings_init(settings);
	if (config_parse("random", text->bytes, text->length, settings, &problem)) {
		fprintf(stderr, "%s\n", problem.text);
		abort();
	}
}

static double some_number(void)
{
	static const double ends[] = { 0, -1, 1e300, 1e-300 };

	if (one_in(20))
		return one_in(2) ? NAN : INFINITY;
	if (one_in(10))
		return ends[below(4)];
	return (double)below(1000000) / 1000;
}

void random_measures(struct ramswap_measures *measures)
{
	static const char *const names[] = { "lz4", "zstd", "lzo-rle", "deflate", "842" };

	*measures = (struct ramswap_measures){ 0 };
	measures->zram_count = below(6);
	for (size_t i = 0; i < measures->zram_count; i++) {
		struct ramswap_measured *measured = &measures->zram[i];

		snprintf(measured->algorithm, sizeof(measured->algorithm), "%s", names[i]);
		measured->ratio = one_in(4) ? some_number() : 1 + (double)below(600) / 100;
		measured->pages = one_in(3) ? below(256) : draw() >> below(64);
		measured->write_ns = 1000 * some_number();
		measured->read_ns = 1000 * some_number();
	}
}
