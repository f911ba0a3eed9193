// SPDX-License-Identifier: GPL-2.0-or-later
#include "bring_up.h"
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "preflight.h"
#include "self_check.h"

static void say(struct bring_up_problem *problem, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void say(struct bring_up_problem *problem, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(problem->text, sizeof(problem->text), format, arguments);
	va_end(arguments);
}

static void say_certificate(struct bring_up_problem *problem, const struct trust_store *trust,
	int index, int err)
{
	char subject[256] = "?";

	X509_NAME_oneline(X509_get_subject_name(trust_store_certificate(trust, (size_t)index)),
		subject, sizeof(subject));
	say(problem, "the kernel does not take the certificate of %s: %s", subject,
		strerror(-err));
}

static void say_failure(struct bring_up_problem *problem, const struct engine_options *options,
	const struct engine_failure *failure, int err)
{
	char message[sizeof(failure->message) + 2];

	snprintf(message, sizeof(message), "%s%s", *failure->message ? ": " : "",
		failure->message);
	message[strcspn(message, "\n")] = 0;
	switch (failure->step) {
	case ENGINE_STEP_RUNNING:
		if (err == -EEXIST)
			say(problem, "the engine is running already: see digsig status, digsig "
				     "mode, digsig stop");
		else
			say(problem, DIGSIG_PIN_DIRECTORY ": %s", strerror(-err));
		break;
	case ENGINE_STEP_OPEN:
	case ENGINE_STEP_LOAD:
		say(problem, "the kernel does not take the engine's program: %s%s", strerror(-err),
			message);
		break;
	case ENGINE_STEP_KEYRING:
		if (failure->certificate >= 0)
			say_certificate(problem, options->trust, failure->certificate, err);
		else
			say(problem, "the keyring could not be made: %s", strerror(-err));
		break;
	case ENGINE_STEP_HASH:
		if (err == -ENOTSUP)
			say(problem, "the kernel's IMA does not hash with SHA-256: put "
				     "ima_hash=sha256 on the kernel's command line");
		else
			say(problem, "the engine could not be tried out: %s", strerror(-err));
		break;
	case ENGINE_STEP_SETTINGS:
	case ENGINE_STEP_ATTACH:
	case ENGINE_STEP_PIN:
	case ENGINE_STEP_BIND:
		say(problem, "the engine could not be put in place: %s%s", strerror(-err), message);
		break;
	}
}

int engine_enter_mode(struct engine *engine, enum digsig_mode mode, bool forced,
	struct bring_up_problem *problem)
{
	char path[PATH_MAX];
	int err = 0;

	problem->lacks = 0;
	if (mode == DIGSIG_MODE_ENFORCING && !forced)
		err = engine_allows_own_code(engine, path, sizeof(path));
	if (err == -EPERM) {
		say(problem, "%.1024s is not signed by a trusted key, so digsig itself could not "
			     "run any more: sign it first, or use --force",
			path);
		return err;
	}
	if (!err)
		err = engine_set_mode(engine, mode);
	if (err)
		say(problem, "the mode could not be set: %s", strerror(-err));
	return err;
}

int engine_bring_up(const struct engine_options *options, enum digsig_mode mode, bool forced,
	struct bring_up_problem *problem)
{
	struct engine_failure failure;
	struct engine engine;
	int err;

	problem->text[0] = 0;
	problem->lacks = preflight();
	if (problem->lacks)
		return -ENOTSUP;
	err = engine_start(options, &failure);
	if (err) {
		say_failure(problem, options, &failure, err);
		/* Any other step's EEXIST is not what the caller would take it for. */
		return err == -EEXIST && failure.step != ENGINE_STEP_RUNNING ? -EIO : err;
	}
	err = engine_open(&engine);
	if (err) {
		say(problem, DIGSIG_PIN_DIRECTORY ": %s", strerror(-err));
	} else {
		err = engine_enter_mode(&engine, mode, forced, problem);
		engine_close(&engine);
	}
	if (err)
		engine_stop();
	return err;
}

int trust_from_config(const struct digsig_config *config, struct trust_store **trust,
	struct bring_up_problem *problem)
{
	int err = trust_store_new(trust);

	problem->lacks = 0;
	if (err)
		say(problem, "%s", strerror(-err));
	for (size_t i = 0; !err && i < config->trust.count; i++) {
		const char *path = config->trust.path[i], *bad_file = path;

		err = trust_store_add(*trust, path, &bad_file);
		if (err)
			trust_store_describe(
				path, bad_file, err, problem->text, sizeof(problem->text));
	}
	if (err) {
		trust_store_free(*trust);
		*trust = NULL;
	}
	return err;
}

struct engine_options engine_options_from_config(
	const struct digsig_config *config, const struct trust_store *trust)
{
	return (struct engine_options){ .trust = trust, .max_trusted = config->max_files };
}

bool boot_is_switched_off(void)
{
	char line[4096], *rest = line, *word;
	FILE *file = fopen("/proc/cmdline", "re");
	size_t size;

	if (!file)
		return false;
	size = fread(line, 1, sizeof(line) - 1, file);
	fclose(file);
	line[size] = 0;
	while ((word = strsep(&rest, " \t\n")))
		if (!strcmp(word, "digsig=off"))
			return true;
	return false;
}
