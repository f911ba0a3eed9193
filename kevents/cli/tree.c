// SPDX-License-Identifier: GPL-2.0-or-later
/* --tree: at the end, who made whom, what it ran, how long, and how it ended. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/text.h"
#include "cli.h"
#include "words.h"

#define NODES_MAX (1u << 18)
#define PLACES (1u << 16)
#define DEPTH_MAX 64

struct node {
	int32_t pid;
	char *line; /* what it ran last */
	char comm[16];
	char how[32]; /* it ended */
	uint64_t run_time;
	uint32_t loads, execs, threads;
	bool is_new; /* made, running another program or ended while it was watched */
	bool has_ended;
	struct node *parent, *child, *last_child, *next; /* children, those made first before */
	struct node *same_place; /* another process, of the same place by its id */
};

static struct {
	const struct settings *settings;
	struct node root;
	struct node *places[PLACES]; /* the process that has an id now is the first one with it */
	uint32_t nodes;
	uint64_t unkept; /* records of processes that there was no room for */
	uint64_t lost;
} tree;

static int begin(const struct settings *settings)
{
	tree.settings = settings;
	tree.root.is_new = true;
	return 0;
}

static struct node *find(int32_t pid)
{
	struct node *node = tree.places[(uint32_t)pid % PLACES];

	while (node && node->pid != pid)
		node = node->same_place;
	return node;
}

static struct node *add(int32_t pid, struct node *parent)
{
	struct node *node = tree.nodes < NODES_MAX ? calloc(1, sizeof(*node)) : NULL;

	if (!node) {
		tree.unkept++;
		return NULL;
	}
	tree.nodes++;
	node->pid = pid;
	node->parent = parent;
	if (parent->last_child)
		parent->last_child->next = node;
	else
		parent->child = node;
	parent->last_child = node;
	node->same_place = tree.places[(uint32_t)pid % PLACES];
	tree.places[(uint32_t)pid % PLACES] = node;
	return node;
}

/* The process of a record: one that nobody told of before stands at the root. */
static struct node *node_of(const struct kevents_record *record)
{
	struct node *node = find(record->pid);

	if (!node) {
		struct node *parent = record->parent_pid ? find(record->parent_pid) : NULL;

		node = add(record->pid, parent ? parent : &tree.root);
	}
	if (node && !node->comm[0])
		memcpy(node->comm, record->comm, sizeof(node->comm));
	return node;
}

static void learn_fork(const struct kevents_record *record)
{
	bool is_old = record->flags & KEVENTS_SYNTHESISED;
	struct node *parent, *child;

	if (is_old && find(record->fork.child_pid))
		return;
	if (is_old)
		parent = find(record->fork.child_parent_pid);
	else
		parent = node_of(record);
	if (record->fork.is_thread) {
		if (parent)
			parent->threads++;
		return;
	}
	child = add(record->fork.child_pid, parent ? parent : &tree.root);
	if (!child)
		return;
	child->is_new = !is_old;
	memcpy(child->comm, record->comm, sizeof(child->comm));
	if (parent && parent->line && !is_old)
		child->line = strdup(parent->line);
}

static void learn_exec(const struct kevents_record *record)
{
	struct node *node = node_of(record);
	uint32_t size = record->exec.args_size;

	if (!node)
		return;
	memcpy(node->comm, record->comm, sizeof(node->comm));
	if (!(record->flags & KEVENTS_SYNTHESISED)) {
		node->execs++;
		node->is_new = true;
	}
	free(node->line);
	node->line = size ? malloc(size) : strdup(record->exec.path);
	if (!node->line || !size)
		return;
	memcpy(node->line, record->exec.args, size);
	for (uint32_t i = 0; i + 1 < size; i++)
		if (!node->line[i])
			node->line[i] = ' ';
}

static void learn_exit(const struct kevents_record *record)
{
	struct node *node = node_of(record);

	if (!node || record->exit.is_thread)
		return;
	node->is_new = true;
	node->has_ended = true;
	node->run_time = record->exit.run_time;
	describe_exit(&record->exit, node->how, sizeof(node->how));
}

static int learn(const struct kevents_record *record, uint64_t realtime)
{
	struct node *node;

	(void)realtime;
	switch (record->type) {
	case KEVENTS_FORK:
		learn_fork(record);
		break;
	case KEVENTS_EXEC:
		learn_exec(record);
		break;
	case KEVENTS_EXIT:
		learn_exit(record);
		break;
	case KEVENTS_IMAGE_LOAD:
		node = record->flags & KEVENTS_SYNTHESISED ? NULL : node_of(record);
		if (node)
			node->loads++;
		break;
	case KEVENTS_LOST:
		tree.lost += record->lost.count;
		break;
	default:
		break;
	}
	return 0;
}

/* Whether it or a process below it is new. Children are marked before their parents are asked. */
static bool mark(struct node *top)
{
	struct node *node = top;

	/* To the end of the tree and back, without recursion: who forks may make it as deep as he likes. */
	while (node) {
		if (node->child) {
			node = node->child;
			continue;
		}
		while (node && node != top && !node->next) {
			if (node->is_new)
				node->parent->is_new = true;
			node = node->parent;
		}
		if (!node || node == top)
			break;
		if (node->is_new)
			node->parent->is_new = true;
		node = node->next;
	}
	return top->is_new;
}

static bool is_last(const struct node *node)
{
	for (node = node->next; node; node = node->next)
		if (node->is_new)
			return false;
	return true;
}

static void print_branches(const struct node *node)
{
	const struct node *above[DEPTH_MAX];
	int depth = 0;

	for (const struct node *one = node; one->parent && one->parent != &tree.root;
		one = one->parent) {
		if (depth == DEPTH_MAX) {
			fputs("... ", stdout);
			break;
		}
		above[depth++] = one;
	}
	for (int i = depth - 1; i > 0; i--)
		fputs(is_last(above[i]) ? "   " : "│  ", stdout);
	if (depth)
		fputs(is_last(node) ? "└─ " : "├─ ", stdout);
}

static void print_node(const struct node *node)
{
	print_branches(node);
	printf("%" PRId32 " ", node->pid);
	print_safely(stdout, node->line && !tree.settings->comm_only ? node->line : node->comm);
	if (node->has_ended && node->run_time)
		printf("  (%.3fs, exit %s", (double)node->run_time / 1e9, node->how);
	else if (node->has_ended)
		printf("  (exit %s", node->how);
	else
		printf("  (runs");
	if (node->threads)
		printf(", %" PRIu32 " threads made", node->threads);
	if (node->execs > 1)
		printf(", %" PRIu32 " execs", node->execs);
	if (node->loads)
		printf(", %" PRIu32 " images", node->loads);
	puts(")");
}

static const struct node *next_of(const struct node *node)
{
	if (node->child)
		return node->child;
	while (node && !node->next)
		node = node->parent;
	return node ? node->next : NULL;
}

static void free_all(void)
{
	for (size_t i = 0; i < PLACES; i++) {
		while (tree.places[i]) {
			struct node *node = tree.places[i];

			tree.places[i] = node->same_place;
			free(node->line);
			free(node);
		}
	}
}

static int end(void)
{
	mark(&tree.root);
	for (const struct node *node = next_of(&tree.root); node; node = next_of(node))
		if (node->is_new || tree.settings->existing)
			print_node(node);
	if (tree.unkept)
		printf("%" PRIu64 " records are of processes that there was no room for\n",
			tree.unkept);
	if (tree.lost)
		printf("%" PRIu64 " records were lost: the tree may lack processes\n", tree.lost);
	free_all();
	return fflush(stdout) ? EXIT_ERROR : 0;
}

const struct view tree_view = {.begin = begin, .record = learn, .end = end};
