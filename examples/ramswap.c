/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prints the plan for a machine with libramswap, without any settings:
 *
 *   cc -o plan ramswap.c $(pkg-config --cflags --libs ramswap)
 *   ./plan [FOLDER]
 *
 * FOLDER: a recorded machine; this one without it. Exit code: 0 there is something to set up; 1 there is not; 2 that
 * was not found out.
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include <ramswap/ramswap.h>

static void print_device(const struct ramswap_device *device)
{
	static const char *const kinds[] = { "reserved memory", "zram", "a RAM disk", "memory" };

	printf("%s%s%s: %llu MiB, priority %d\n", kinds[device->kind], *device->name ? " " : "", device->name,
		(unsigned long long)device->size >> 20, device->priority);
}

static int print(const struct ramswap_plan *plan)
{
	for (size_t i = 0; i < plan->device_count; i++)
		print_device(&plan->devices[i]);
	for (size_t i = 0; i < plan->tuning_count; i++)
		printf("%s: %s, was %s\n", plan->tunings[i].name, plan->tunings[i].value, plan->tunings[i].was);
	for (size_t i = 0; i < plan->reason_count; i++)
		printf("- %s\n", plan->reasons[i].text);
	return plan->answer == RAMSWAP_SET_UP ? 0 : 1;
}

int main(int argc, char **argv)
{
	const char *path = argc > 1 ? argv[1] : "/";
	struct ramswap_facts *facts = NULL;
	struct ramswap_plan *plan = NULL;
	struct ramswap_problem problem = { "out of memory" };
	struct ramswap_settings settings;
	int root = open(path, O_RDONLY), status = 2;

	if (root < 0) {
		perror(path);
		return 2;
	}
	ramswap_settings_init(&settings);
	if (ramswap_facts_read(root, &facts, &problem))
		fprintf(stderr, "plan: %s\n", problem.text);
	else if (ramswap_plan_make(facts, &settings, NULL, &plan) && !plan)
		fprintf(stderr, "plan: there is none\n");
	else
		status = print(plan);
	ramswap_plan_free(plan);
	ramswap_facts_free(facts);
	close(root);
	return status;
}
