/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of the kernel's files, which may be any bytes, taken apart: pure. A 0 stands behind size bytes. */
#ifndef RAMSWAP_FACTS_PARSE_H
#define RAMSWAP_FACTS_PARSE_H

#include "../facts.h"

/* /proc/meminfo. -EPROTO: it does not say how much there is. */
int facts_parse_memory(const char *text, size_t size, struct ramswap_memory *memory);

/* /proc/swaps into facts, without their devices. -EPROTO: it is something else; -ENOMEM. */
int facts_parse_swaps(const char *text, size_t size, struct ramswap_facts *facts);

/* /proc/self/mountinfo. */
struct facts_mount {
	unsigned int major, minor;
	char *point;
	char source[RAMSWAP_NAME_MAX + 1]; /* of a file in /dev, its name there */
	bool is_read_only;
};

struct facts_mounts {
	struct facts_mount *mounts;
	size_t count;
};

/* 0, to be freed with facts_mounts_free; -ENOMEM: there are none. */
int facts_parse_mounts(const char *text, size_t size, struct facts_mounts *mounts);
void facts_mounts_free(struct facts_mounts *mounts);

/* The mount that path is on; NULL: none. */
const struct facts_mount *facts_find_mount(const struct facts_mounts *mounts, const char *path);

/* mm_stat, by the count of its fields; io_stat; bd_stat. What is nonsense leaves all of them as they were. */
void facts_parse_mm_stat(const char *text, struct ramswap_zram *zram);
void facts_parse_io_stat(const char *text, struct ramswap_zram *zram);
void facts_parse_bd_stat(const char *text, struct ramswap_zram *zram);

/* "lzo [lzo-rle] lz4" */
void facts_parse_algorithms(const char *text, struct ramswap_zram *zram);

/* recomp_algorithm: the line "#1: lzo [zstd]". name: "": none. */
void facts_parse_recompression(const char *text, size_t size, char *name);

/* /proc/iomem into facts. -ENOMEM. */
int facts_parse_ranges(const char *text, size_t size, struct ramswap_facts *facts);

/* A node's distance and meminfo. */
void facts_parse_distances(const char *text, size_t count, struct ramswap_node *node);
void facts_parse_node_memory(const char *text, size_t size, struct ramswap_node *node);

/* /proc/pressure/memory */
void facts_parse_pressure(const char *text, size_t size, struct ramswap_facts *facts);

/*
 * /proc/self/cgroup: the path of the group in version 2, or with is_first in version 1's memory hierarchy, with a "/"
 * in front. False: it is in none, or in one that cannot be seen from here.
 */
bool facts_parse_group(const char *text, size_t size, bool is_first, char *path);

/*
 * Whether a parameter of the command line is there, alone or with a value. value: gets that of the last one, cut to
 * size; or NULL.
 */
bool facts_has_parameter(const char *command_line, const char *name, char *value, size_t size);

/* Whether a file of zram-generator has a section of a device. */
bool facts_parse_generator(const char *text, size_t size);

#endif
