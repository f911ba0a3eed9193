// SPDX-License-Identifier: GPL-2.0-or-later
#include "check_print.h"
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "../../format/inspect.h"
#include "../../../lib/text/json.h"
#include "../../../lib/text/text.h"
#include "../cli.h"

#define PACKAGES_SHOWN 15
#define CRITICAL_SHOWN 20

/* Entries that have something in common, and how many there are. */
struct group {
	const char *package;
	enum candidate_kind kind;
	enum digsig_verdict verdict;
	size_t count;
};

typedef int group_compare(const struct group *one, const struct group *other);

static int by_reason(const struct group *one, const struct group *other)
{
	if (one->kind != other->kind)
		return (int)one->kind - (int)other->kind;
	return (int)one->verdict - (int)other->verdict;
}

static int by_package(const struct group *one, const struct group *other)
{
	return strcmp(one->package ? one->package : "", other->package ? other->package : "");
}

static int compare_by_reason(const void *a, const void *b)
{
	return by_reason(a, b);
}

static int compare_by_package(const void *a, const void *b)
{
	return by_package(a, b);
}

static int compare_by_count(const void *a, const void *b)
{
	const struct group *one = a, *other = b;

	if (one->count != other->count)
		return one->count < other->count ? 1 : -1;
	return by_package(one, other);
}

/* Groups the entries; the array is to be freed. */
static struct group *make_groups(
	const struct survey_result *result, group_compare *compare, size_t *count)
{
	struct group *groups = calloc(result->count + 1, sizeof(*groups));
	size_t made = 0;

	*count = 0;
	if (!groups)
		return NULL;
	for (size_t i = 0; i < result->count; i++)
		groups[i] = (struct group){ result->entries[i].package, result->entries[i].kind,
			result->entries[i].verdict, 1 };
	qsort(groups, result->count, sizeof(*groups),
		compare == by_reason ? compare_by_reason : compare_by_package);
	for (size_t i = 0; i < result->count; i++) {
		if (made && !compare(&groups[made - 1], &groups[i]))
			groups[made - 1].count++;
		else
			groups[made++] = groups[i];
	}
	*count = made;
	return groups;
}

static const char *remedy(enum candidate_kind kind, enum digsig_verdict verdict)
{
	switch (verdict) {
	case DIGSIG_VERDICT_UNSIGNED:
		if (kind == CANDIDATE_ELF)
			return "digsig check --list0 ... | xargs -0 digsig sign --key KEY";
		return "cannot carry a signature: trusted through a catalog (--list0=catalog)";
	case DIGSIG_VERDICT_UNKNOWNKEY:
		return "trust the key, or sign anew";
	case DIGSIG_VERDICT_REVOKED:
		return "trust in it was taken back: get a newer one (digsig revoke --show)";
	case DIGSIG_VERDICT_ROLLBACK:
		return "an older build than it may be: get a newer one (digsig revoke --show)";
	case DIGSIG_VERDICT_UNSTABLE:
		return "its file system can change unseen: copy it to a local one";
	case DIGSIG_VERDICT_FAULT:
		return "could not be read: run it as root";
	default:
		return "find out who changed it, and get it anew: do not just sign it";
	}
}

static const char *kind_name(enum candidate_kind kind, size_t count)
{
	if (kind == CANDIDATE_ELF)
		return count == 1 ? "program or library" : "programs and libraries";
	if (kind == CANDIDATE_SCRIPT)
		return count == 1 ? "script" : "scripts";
	return count == 1 ? "kernel module" : "kernel modules";
}

static void print_reasons(const struct survey_result *result)
{
	size_t count;
	struct group *groups = make_groups(result, by_reason, &count);

	puts("\nby reason:");
	for (size_t i = 0; i < count; i++)
		printf("%8zu %-10s %s: %s\n", groups[i].count,
			digsig_verdict_name(groups[i].verdict),
			kind_name(groups[i].kind, groups[i].count),
			remedy(groups[i].kind, groups[i].verdict));
	free(groups);
}

static void print_entry(const struct survey_entry *entry)
{
	printf("           %-10s ", digsig_verdict_name(entry->verdict));
	print_safely(stdout, entry->path);
	putchar('\n');
}

static bool is_of(const struct survey_entry *entry, const char *package)
{
	return package && entry->package ? !strcmp(entry->package, package)
					 : package == entry->package;
}

static void print_packages(const struct survey_result *result, bool verbose)
{
	size_t count, left = 0;
	struct group *groups = make_groups(result, by_package, &count);

	if (groups)
		qsort(groups, count, sizeof(*groups), compare_by_count);
	puts("\nby package:");
	for (size_t i = 0; i < count; i++) {
		if (!verbose && i >= PACKAGES_SHOWN) {
			left += groups[i].count;
			continue;
		}
		printf("%8zu ", groups[i].count);
		print_safely(stdout, groups[i].package ? groups[i].package : "(of no package)");
		putchar('\n');
		for (size_t j = 0; verbose && j < result->count; j++)
			if (is_of(&result->entries[j], groups[i].package))
				print_entry(&result->entries[j]);
	}
	if (left)
		printf("%8zu in %zu more packages: --verbose names all, and every file\n", left,
			count - PACKAGES_SHOWN);
	free(groups);
}

static void print_critical(const struct survey_result *result,
	const struct critical_files *critical, const struct check_style *style)
{
	size_t shown = 0, left = 0;

	for (size_t i = 0; i < critical->count; i++) {
		const struct critical_file *file = &critical->files[i];
		const struct survey_entry *entry = survey_find(result, file->path);

		if (!entry)
			continue;
		if (shown >= CRITICAL_SHOWN && !style->verbose) {
			left++;
			continue;
		}
		if (!shown++)
			printf("\n%sWITHOUT THESE THE MACHINE DOES NOT BOOT, OR LETS NOBODY IN:%s\n",
				style->colour ? "\033[1;31m" : "",
				style->colour ? "\033[0m" : "");
		printf("  %-10s ", digsig_verdict_name(entry->verdict));
		print_safely(stdout, file->path);
		printf("  (%s)\n", file->role);
	}
	if (left)
		printf("  and %zu more: --verbose names them\n", left);
}

static __u64 sum(const __u64 numbers[CANDIDATE_KINDS])
{
	return numbers[CANDIDATE_ELF] + numbers[CANDIDATE_SCRIPT] + numbers[CANDIDATE_MODULE];
}

void check_print(const struct survey_result *result, const struct critical_files *critical,
	const struct check_style *style)
{
	printf("%llu files looked at; of %llu that the kernel would run or load, %llu would be "
	       "allowed, %zu denied\n",
		(unsigned long long)result->files, (unsigned long long)sum(result->found),
		(unsigned long long)sum(result->accepted), result->count);
	for (int kind = CANDIDATE_ELF; kind <= CANDIDATE_MODULE; kind++)
		printf("%8llu %s, %llu allowed\n", (unsigned long long)result->found[kind],
			kind_name(kind, result->found[kind]),
			(unsigned long long)result->accepted[kind]);
	if (result->found[CANDIDATE_OBJECT])
		printf("%8llu object files and debug files, which nothing runs, left out\n",
			(unsigned long long)result->found[CANDIDATE_OBJECT]);
	for (size_t i = 0; i < result->left_out_count; i++) {
		printf("left out: ");
		print_safely(stdout, result->left_out[i]);
		puts(": a file system that can change unseen: nothing on it would run");
	}
	if (result->unreadable)
		printf("%llu files or folders could not be read, and may hold more: run it as root\n",
			(unsigned long long)result->unreadable);
	if (!result->count)
		return;
	print_critical(result, critical, style);
	print_reasons(result);
	print_packages(result, style->verbose);
}

static struct json_object *entry_json(
	const struct survey_entry *entry, const struct critical_files *critical)
{
	struct json_object *object = json_object_new_object();
	const char *role = NULL;

	for (size_t i = 0; i < critical->count && !role; i++)
		if (!strcmp(critical->files[i].path, entry->path))
			role = critical->files[i].role;
	json_add_text(object, "path", entry->path);
	json_add_text(object, "kind", candidate_kind_name(entry->kind));
	json_add_text(object, "verdict", digsig_verdict_name(entry->verdict));
	json_add_text(object, "package", entry->package);
	json_add_text(object, "critical", role);
	json_add_flag(object, "can_carry_signature", entry->can_carry);
	return object;
}

static struct json_object *groups_json(const struct survey_result *result, group_compare *compare)
{
	struct json_object *list = json_object_new_array();
	size_t count;
	struct group *groups = make_groups(result, compare, &count);

	for (size_t i = 0; i < count; i++) {
		struct json_object *object = json_object_new_object();

		if (compare == by_package) {
			json_add_text(object, "package", groups[i].package);
		} else {
			json_add_text(object, "kind", candidate_kind_name(groups[i].kind));
			json_add_text(object, "verdict", digsig_verdict_name(groups[i].verdict));
		}
		json_add_number(object, "denied", groups[i].count);
		json_object_array_add(list, object);
	}
	free(groups);
	return list;
}

void check_print_json(const struct survey_result *result, const struct critical_files *critical)
{
	struct json_object *object = json_object_new_object(), *list;
	struct json_texts left_out;

	json_add_number(object, "files", result->files);
	json_add_number(object, "runnable", sum(result->found));
	json_add_number(object, "allowed", sum(result->accepted));
	json_add_number(object, "denied", result->count);
	json_add_number(object, "unreadable", result->unreadable);
	json_texts_begin(&left_out);
	for (size_t i = 0; i < result->left_out_count; i++)
		json_texts_add(&left_out, result->left_out[i]);
	json_texts_end(&left_out, object, "left_out");
	json_object_object_add(object, "reasons", groups_json(result, by_reason));
	json_object_object_add(object, "packages", groups_json(result, by_package));
	list = json_object_new_array();
	for (size_t i = 0; i < result->count; i++)
		json_object_array_add(list, entry_json(&result->entries[i], critical));
	json_object_object_add(object, "entries", list);
	json_put_line(object);
}

int check_exit_code(const struct survey_result *result)
{
	/* What somebody did outweighs what nobody did. */
	static const int order[] = { EXIT_TAMPERED, EXIT_BAD_SIGNATURE, EXIT_UNSUPPORTED,
		EXIT_UNSIGNED };

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		for (size_t j = 0; j < result->count; j++)
			if (verdict_exit_code(result->entries[j].verdict) == order[i])
				return order[i];
	return result->count || result->unreadable ? EXIT_ERROR : EXIT_OK;
}
