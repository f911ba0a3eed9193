// SPDX-License-Identifier: GPL-2.0-or-later
/* --tree: at the end, who made whom, what it ran, how long, and how it ended. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/command/output.h"
#include "../../lib/command/terminal.h"
#include "../../lib/text/shell.h"
#include "cli.h"
#include "columns.h"
#include "words.h"

#define NODES_MAX (1u << 18)
#define PLACES (1u << 16)
#define DEPTH_MAX 64

struct node {
	int32_t pid;
	char *line; /* what it ran last, as shell_line makes it */
	size_t word_bytes; /* of its first word */
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
	size_t width; /* of a line, or NO_BOUND */
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
	if (parent && parent->line && !is_old) {
		child->line = strdup(parent->line);
		child->word_bytes = parent->word_bytes;
	}
}

static void learn_exec(const struct kevents_record *record)
{
	struct node *node = node_of(record);
	const struct kevents_exec *exec = &record->exec;

	if (!node)
		return;
	memcpy(node->comm, record->comm, sizeof(node->comm));
	if (!(record->flags & KEVENTS_SYNTHESISED)) {
		node->execs++;
		node->is_new = true;
	}
	free(node->line);
	node->line = exec->args_size ?
		shell_line(exec->args, exec->args_size, exec->args_missing, &node->word_bytes) :
		shell_line(exec->path, strlen(exec->path) + 1, false, &node->word_bytes);
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

/* Returns how many columns that takes. */
static size_t print_branches(const struct node *node)
{
	const struct node *above[DEPTH_MAX];
	size_t columns = 0;
	int depth = 0;

	for (const struct node *one = node; one->parent && one->parent != &tree.root;
		one = one->parent) {
		if (depth == DEPTH_MAX) {
			fputs("... ", stdout);
			columns += 4;
			break;
		}
		above[depth++] = one;
	}
	for (int i = depth - 1; i > 0; i--)
		fputs(is_last(above[i]) ? "   " : "│  ", stdout);
	if (depth)
		fputs(is_last(node) ? "└─ " : "├─ ", stdout);
	return columns + 3 * (size_t)depth;
}

/* How it ended and what it did, into text. */
static void describe(const struct node *node, char *text, size_t size)
{
	FILE *out = fmemopen(text, size, "w");

	text[0] = 0;
	if (!out)
		return;
	if (node->has_ended && node->run_time)
		fprintf(out, "  (%.3fs, exit %s", (double)node->run_time / 1e9, node->how);
	else if (node->has_ended)
		fprintf(out, "  (exit %s", node->how);
	else
		fprintf(out, "  (runs");
	if (node->threads)
		fprintf(out, ", %" PRIu32 " threads made", node->threads);
	if (node->execs > 1)
		fprintf(out, ", %" PRIu32 " execs", node->execs);
	if (node->loads)
		fprintf(out, ", %" PRIu32 " images", node->loads);
	fputc(')', out);
	fclose(out);
}

static void print_node(const struct node *node)
{
	size_t taken = print_branches(node), room;
	char what[160], comm[sizeof(node->comm) + 1];
	struct piece piece = {what, 0};

	snprintf(comm, sizeof(comm), "%.*s", (int)sizeof(node->comm), node->comm);
	taken += (size_t)printf("%" PRId32 " ", node->pid);
	describe(node, what, sizeof(what));
	room = tree.width == NO_BOUND ? NO_BOUND :
		taken < tree.width    ? tree.width - taken :
					0;
	if (node->line && !tree.settings->comm_only)
		print_command_in_room(room, node->line, node->word_bytes, what);
	else
		print_in_room(room, NAME_TEXT, comm, &piece, 1);
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
	bool is_bounded = terminal_follow() && !tree.settings->wide;

	tree.width = is_bounded ? terminal_size().columns : NO_BOUND;
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
	return output_flush() ? EXIT_ERROR : 0;
}

const struct view tree_view = {.begin = begin, .record = learn, .end = end};
