// SPDX-License-Identifier: GPL-2.0-or-later
#include "../cli.h"
#include "fleet_commands.h"
#include "publication.h"

struct publish_settings {
	struct publication publication;
	const char *signed_file;
	bool restores;
};

static const struct command_option options[] = {
	{ OPTION_VALUE, 0, "host", "HOST", "the state of one host, which lies over its group's",
		OPTION_FIELD(struct publish_settings, publication.host) },
	{ OPTION_GROUP, .group = fleet_change_options, OPTION_FIELD(struct publish_settings, publication.change) },
	{ OPTION_VALUE, 0, "prepare", "FILE", "write the state to FILE, not signed, for a key that is elsewhere",
		OPTION_FIELD(struct publish_settings, publication.prepare), .offer = OFFER_FILES },
	{ OPTION_VALUE, 0, "signed", "FILE", "publish the state in FILE, which was signed elsewhere",
		OPTION_FIELD(struct publish_settings, signed_file), .offer = OFFER_FILES },
	{ OPTION_FLAG, 0, "restore", NULL, "publish the last state once more that was published or seen from here",
		OPTION_FIELD(struct publish_settings, restores) },
	{ OPTION_GROUP, .group = publication_options, OPTION_FIELD(struct publish_settings, publication) },
	{ 0 },
};

static int check(const struct publish_settings *settings)
{
	const struct publication *publication = &settings->publication;
	bool is_made = !settings->signed_file && !settings->restores;

	if (!!settings->signed_file + settings->restores + !!publication->prepare > 1)
		return usage_error("--prepare, --signed and --restore exclude each other");
	if (!is_made && (fleet_change_is_given(&publication->change) || publication->sequence || publication->is_afresh))
		return usage_error("--signed and --restore change nothing: they take files that the server lacks, no settings");
	return publication_check(publication, is_made && !publication->prepare);
}

static int run(const struct command *command, int argc, char **argv)
{
	struct publish_settings settings = { .publication.change = FLEET_CHANGE_NONE };
	struct publication *publication = &settings.publication;
	int code;

	if (options_take(command, &argc, &argv, &settings, &code)) {
		publication->group = argc ? argv[0] : NULL;
		code = check(&settings);
		if (!code)
			code = settings.signed_file ? publication_send(publication, settings.signed_file) :
				settings.restores ? publication_restore(publication) :
						    publication_run(publication);
	}
	publication_free(publication);
	return code;
}

const struct command fleet_publish_command = {
	.name = "publish",
	.summary = "change the state of a group or a host, and publish it",
	.usage = "GROUP|--host HOST --key KEY [OPTION...]\nGROUP|--host HOST --prepare FILE [OPTION...]\n"
		 "GROUP|--host HOST --signed FILE [OPTION...]\nGROUP|--host HOST --restore [OPTION...]",
	.about = "Takes the last state from the server, changes what the options name, signs it with a fleet\n"
		 "key, and publishes it as the next one. What is not named stays. Without a change it renews\n"
		 "the state: its time begins again.\n",
	.options = options,
	.notes = FLEET_OPTION_NOTES,
	.run = run,
	.most = 1,
};
