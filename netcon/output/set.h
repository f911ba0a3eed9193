/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All outputs of a receiver, which its threads share. */
#ifndef KERNKIT_NETCON_OUTPUT_SET_H
#define KERNKIT_NETCON_OUTPUT_SET_H

#include <pthread.h>
#include "output.h"

enum { OUTPUTS_MAX = 8 };

struct output_set {
	struct {
		struct output *output;
		pthread_mutex_t lock;
		__u64 failures; /* messages that it could not keep, and batches that it could not flush */
		int error; /* the errno of the last one */
	} members[OUTPUTS_MAX];
	unsigned int count;
};

/* Takes the output, which output_set_close closes. At most OUTPUTS_MAX. Before threads use the set. */
void output_set_add(struct output_set *set, struct output *output);

void output_set_put(struct output_set *set, const struct received *received);
void output_set_happened(struct output_set *set, const struct happened *happened);
void output_set_flush(struct output_set *set);
void output_set_reopen(struct output_set *set);

/* How many messages and batches one of them failed at, and the last one's errno. Any thread may ask. */
__u64 output_set_failures(const struct output_set *set, unsigned int member, int *error);

/* What went wrong at the last failure, in words, cut to size; error: of output_set_failures. */
void output_set_explain(struct output_set *set, unsigned int member, int error, char *text, size_t size);

/* 0; or the negative errno of the first that could not be closed with all that was put into it. */
int output_set_close(struct output_set *set);

#endif
