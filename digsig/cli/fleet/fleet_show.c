// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "../../../lib/file/read_small.h"
#include "../../../lib/text/json.h"
#include "../../../lib/text/text.h"
#include "../../format/inspect.h"
#include "../../revocation/store.h"
#include "../cli.h"
#include "../trust_option.h"
#include "fleet_commands.h"
#include "fleet_option.h"
#include "fleet_print.h"
#include "fleet_state.h"

struct show_settings {
	struct fleet_options connection;
	struct trust_store *trust;
	const char *group, *host, *store;
	struct revocations revoked;
	bool is_json;
};

static const struct command_option options[] = {
	{ OPTION_VALUE, 0, "group", "GROUP", "the last state of a group, from the server",
		OPTION_FIELD(struct show_settings, group) },
	{ OPTION_VALUE, 0, "host", "HOST", "that of a host", OPTION_FIELD(struct show_settings, host) },
	{ OPTION_CALL, 0, "fleet-trust", "CERT|DIR",
		"certificates of fleet keys (default: " FLEET_TRUST ", if it is there); may be repeated",
		OPTION_FIELD(struct show_settings, trust), .take = trust_option_take, .offer = OFFER_FILES },
	{ OPTION_VALUE, 0, "revoked", "FILE", "what is revoked, of which keys count (default: " REVOCATION_STORE ")",
		OPTION_FIELD(struct show_settings, store), .offer = OFFER_FILES },
	{ OPTION_FLAG, 0, "json", NULL, "print a JSON object", OPTION_FIELD(struct show_settings, is_json) },
	{ OPTION_GROUP, OPTION_FIELD(struct show_settings, connection), .group = fleet_option_table },
	{ 0 },
};

/* What was looked at: manifest is empty where it breaks a rule. */
struct shown {
	const char *from; /* a file, or a name */
	const struct fleet_manifest *manifest;
	enum digsig_verdict verdict; /* NONE: the signature was not checked */
	const char *problem; /* "": none */
	bool is_over; /* its time, by this machine's clock */
};

static const char *state_of(const struct shown *shown)
{
	return shown->verdict == DIGSIG_VERDICT_NONE ? "signature not checked" : digsig_verdict_name(shown->verdict);
}

static void print_json(const struct shown *shown)
{
	struct json_object *object = json_object_new_object();

	json_add_text(object, "from", shown->from);
	json_add_string(object, "verdict",
		shown->verdict == DIGSIG_VERDICT_NONE ? NULL : digsig_verdict_name(shown->verdict));
	if (*shown->problem)
		json_add_text(object, "problem", shown->problem);
	if (shown->manifest->sequence) {
		fleet_json_manifest(object, shown->manifest);
		json_add_flag(object, "is_over", shown->is_over);
	}
	json_put_pretty(object);
}

static int print(const struct shown *shown, bool is_json)
{
	if (is_json) {
		print_json(shown);
	} else {
		print_safely(stdout, shown->from);
		printf(": %s\n", state_of(shown));
		if (shown->manifest->sequence)
			fleet_print_manifest(shown->manifest);
	}
	if (*shown->problem)
		complain("%s: %s", shown->from, shown->problem);
	if (shown->is_over)
		complain("warning: %s: its time is over, by this machine's clock: hosts do not take it", shown->from);
	if (shown->verdict != DIGSIG_VERDICT_NONE && shown->verdict != DIGSIG_VERDICT_OK)
		return verdict_exit_code(shown->verdict);
	return *shown->problem ? EXIT_UNSUPPORTED : EXIT_OK;
}

/* What a bad signature stands behind is shown too, since that is asked; it decides nothing. */
static int look(const char *from, const char *bytes, size_t size, const struct show_settings *settings)
{
	struct fleet_problem problem = { "" }, unused;
	struct fleet_manifest manifest = { 0 };
	struct shown shown = { .from = from, .manifest = &manifest, .problem = problem.text };
	int err, code;

	if (settings->trust) {
		err = signed_manifest_read(bytes, size, settings->trust, &settings->revoked, &manifest, &shown.verdict, &problem);
		if (err == -EKEYREJECTED)
			signed_manifest_look(bytes, size, &manifest, &unused);
	} else {
		signed_manifest_look(bytes, size, &manifest, &problem);
	}
	shown.is_over = manifest.sequence && manifest.valid_until <= (__s64)time(NULL);
	code = print(&shown, settings->is_json);
	fleet_manifest_free(&manifest);
	return code;
}

static int show_file(const char *path, const struct show_settings *settings)
{
	char *bytes = malloc(FLEET_MANIFEST_MAX + 1);
	size_t size;
	int err = bytes ? file_read_small(AT_FDCWD, path, bytes, FLEET_MANIFEST_MAX, &size) : -ENOMEM, code = EXIT_ERROR;

	if (err)
		complain("%s: %s", path, err == -EFBIG ? "larger than 256 KiB: not the state of a fleet" : strerror(-err));
	else
		code = look(path, bytes, size, settings);
	free(bytes);
	return code;
}

static int show_subject(const struct show_settings *settings)
{
	enum fleet_scope scope = settings->group ? FLEET_GROUP : FLEET_HOST;
	const char *name = settings->group ? settings->group : settings->host;
	struct fleet_state state = { 0 };
	struct fleet_link *link;
	int code = fleet_option_open(&settings->connection, &link);

	if (code)
		return code;
	code = fleet_state_fetch(link, scope, name, NULL, &state);
	fleet_link_close(link);
	if (!code && !state.message.bytes) {
		complain("%s %s: no state was published", fleet_scope_name(scope), name);
		code = EXIT_ERROR;
	}
	if (!code)
		code = look(name, state.message.bytes, state.message.size, settings);
	fleet_state_free(&state);
	return code;
}

static int read_revoked(struct show_settings *settings)
{
	struct revocation_problem problem;

	if (!revocation_store_read(settings->store, &settings->revoked, &problem))
		return EXIT_OK;
	complain("%s", problem.text);
	return EXIT_ERROR;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct show_settings settings = { .store = REVOCATION_STORE };
	int code;

	if (options_take(command, &argc, &argv, &settings, &code)) {
		if (argc + !!settings.group + !!settings.host != 1)
			code = usage_error("name a file, a group or a host: one of them");
		else
			code = fleet_names_check(settings.group, settings.host);
		if (!code)
			code = fleet_trust_find(&settings.trust);
		if (!code && settings.trust)
			code = read_revoked(&settings);
		if (!code)
			code = argc ? show_file(argv[0], &settings) : show_subject(&settings);
	}
	trust_store_free(settings.trust);
	revocations_free(&settings.revoked);
	return code;
}

const struct command fleet_show_command = {
	.name = "show",
	.summary = "explain what a state says, and whose signature it has",
	.usage = "[--fleet-trust CERT|DIR] [--json] FILE|--group GROUP|--host HOST",
	.about = "Explains the state in a file, or the last one of a group or a host.\n",
	.options = options,
	.notes = FLEET_OPTION_NOTES,
	.run = run,
	.most = 1,
	.offer = OFFER_FILES,
};
