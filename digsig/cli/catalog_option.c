// SPDX-License-Identifier: GPL-2.0-or-later
#include "catalog_option.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/text/text.h"
#include "../catalog/sum_line.h"
#include "cli.h"

static int complain_problem(const char *path, enum digsig_verdict verdict, const char *text)
{
	complain("%s: %s", path, text);
	return verdict == DIGSIG_VERDICT_NONE ? EXIT_ERROR : verdict_exit_code(verdict);
}

static int complain_catalog(const char *path, int err, const struct catalog_problem *problem)
{
	char text[512];

	return complain_problem(path, catalog_describe(err, problem, text, sizeof(text)), text);
}

int catalog_list_add_or_complain(struct catalog_list *list, const char *path)
{
	const struct catalog_problem none = { 0 };
	int err = catalog_list_add(list, path);

	return err ? complain_catalog(path, err, &none) : EXIT_OK;
}

int catalog_option_take(void *list, char *path)
{
	return catalog_list_add_or_complain(list, path);
}

int catalog_list_add_all(struct catalog_list *list, char **paths, int count)
{
	int code = EXIT_OK;

	for (int i = 0; i < count && !code; i++)
		code = catalog_list_add_or_complain(list, paths[i]);
	return code;
}

int catalog_read_or_complain(const char *path, struct catalog *catalog)
{
	struct catalog_problem problem = { 0 };
	int err = catalog_read(path, catalog, &problem.defect);

	return err ? complain_catalog(path, err, &problem) : EXIT_OK;
}

int complain_catalog_verdict(const char *path, enum digsig_verdict verdict)
{
	const struct catalog_problem problem = { .verdict = verdict };

	return complain_catalog(path, -EKEYREJECTED, &problem);
}

int catalog_list_verify(const struct catalog_list *list, struct catalog_set *set,
	const struct trust_store *store)
{
	int code = EXIT_OK;

	for (int i = 0; i < list->count; i++) {
		struct catalog_problem problem;
		int err = catalog_set_add(set, list->paths[i], store, &problem), failed = EXIT_OK;

		if (err)
			failed = complain_catalog(list->paths[i], err, &problem);
		code = code ? code : failed;
	}
	return code;
}

static int complain_not_loaded(
	const char *path, struct engine *engine, int err, const struct catalog_problem *problem)
{
	char text[512];
	enum digsig_verdict verdict =
		engine_describe_catalog(engine, err, problem, text, sizeof(text));

	return complain_problem(path, verdict, text);
}

typedef int handing_over(struct engine *engine, const char *path, struct catalog_load *load);

static int hand_over_all(const struct catalog_list *list, struct engine *engine,
	handing_over *hand_over, struct catalog_load *total)
{
	int code = EXIT_OK;

	memset(total, 0, sizeof(*total));
	for (int i = 0; i < list->count; i++) {
		struct catalog_load load;
		int err = hand_over(engine, list->paths[i], &load), failed = EXIT_OK;

		total->digests += load.digests;
		total->changed += load.changed;
		if (err)
			failed = complain_not_loaded(list->paths[i], engine, err, &load.problem);
		code = code ? code : failed;
	}
	return code;
}

int catalog_list_load(const struct catalog_list *list, struct engine *engine,
	struct catalog_load *total)
{
	return hand_over_all(list, engine, engine_load_catalog, total);
}

int catalog_list_unload(const struct catalog_list *list, struct engine *engine,
	struct catalog_load *total)
{
	return hand_over_all(list, engine, engine_unload_catalog, total);
}

void print_sum(const __u8 *digest, const char *name)
{
	char hex[2 * DIGSIG_DIGEST_SIZE + 1];

	if (!name)
		name = "";
	if (!isatty(STDOUT_FILENO)) {
		sum_line_print(stdout, digest, name);
		return;
	}
	print_hex(hex, digest, DIGSIG_DIGEST_SIZE);
	printf("%s  ", hex);
	print_safely(stdout, name);
	putchar('\n');
}
