/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What ramswap test measured: a row for each way that a page can go. */
#ifndef RAMSWAP_CLI_TEST_ROWS_H
#define RAMSWAP_CLI_TEST_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include "../../lib/table/table.h"
#include "../ramswap.h"

enum test_method {
	TEST_DIRECT, /* read(2) and write(2) of a block device, with O_DIRECT */
	TEST_FAULT, /* a page of this process, swapped out and touched */
	TEST_COPY, /* copied by a processor to and from a node's memory */
};

/* Times are nanoseconds, the median; 0: not measured. */
struct test_row {
	enum test_method method;
	char source[RAMSWAP_PATH_MAX + 1]; /* "zram", "pmem0", "/dev/sda2", "node 1" */
	char algorithm[RAMSWAP_NAME_MAX + 1]; /* of zram */
	__u64 pages;
	double ratio; /* stored to compressed; 0: it does not compress */
	__u64 incompressible_pages;
	double out_ns, in_ns, in_p99_ns;
	/* Of a node: a load; the kernel's moving a page there and back; whether it is the processor's own. */
	double load_ns, move_out_ns, move_in_ns;
	bool is_near;
	char note[320]; /* what the reader should know: "read alone: it is mounted" */
};

struct test_rows {
	struct test_row *list;
	size_t count;
};

/* The next row, all 0; NULL: memory is short. It is valid until the next call. */
struct test_row *test_rows_add(struct test_rows *rows);

/* The columns, for TABLE_OPTIONS. */
extern const struct option_word test_columns[];

/* Exit codes. */
int test_rows_put(const struct test_rows *rows, const struct table_settings *settings);
int test_rows_put_json(const struct test_rows *rows);

/* Says below the table which is the best, and by how much. */
void test_rows_explain(const struct test_rows *rows);

/* "85 ns", "4.1 us", "1.2 ms"; text has room for 32. */
void test_print_time(char *text, double nanoseconds);

#endif
