/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list of partitions in the making. Each function below lists one kind of table. */
#ifndef PTCHECK_LISTER_H
#define PTCHECK_LISTER_H

#include "../judge/note.h"

struct lister {
	struct judgement judgement; /* without a result: the checks are not noted */
	struct ptcheck_table *table;
	/* DOS: the sectors of the chain of logical partitions, in bytes. */
	__u64 links[PTCHECK_PARTITIONS_MAX];
	size_t link_count;
};

/* The next partition, all zero but for these; NULL: there are too many, which is the table's fault then. */
struct ptcheck_partition *lister_add(struct lister *lister, unsigned int number, __u64 start, __u64 size);

void list_dos(struct lister *lister, const __u8 *sector);
void list_gpt(struct lister *lister);
void list_sun(struct lister *lister, const __u8 *sector);
void list_sgi(struct lister *lister, const __u8 *sector);
void list_bsd(struct lister *lister);
void list_atari(struct lister *lister, const __u8 *sector);
void list_mac(struct lister *lister);
void list_amiga(struct lister *lister);

#endif
