// SPDX-License-Identifier: GPL-2.0-or-later
#include "bring_up.h"
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../revocation/store.h"
#include "../trust/validity.h"
#include "kernel_addresses.h"
#include "load_catalog.h"
#include "preflight.h"
#include "revoke.h"
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

static void forget(struct bring_up_problem *problem)
{
	problem->lacks = 0;
	problem->verdict = DIGSIG_VERDICT_NONE;
	problem->text[0] = 0;
}

static void say_certificate(struct bring_up_problem *problem, const X509 *certificate, int err)
{
	char *subject = certificate_subject(certificate);
	const char *why = strerror(-err);

	if (err == -ENOPKG)
		why = "its key or signature is of an algorithm that this kernel lacks";
	else if (err == -ENOKEY)
		why = "to the kernel it is of no CA in the trust: issue it with a key identifier "
		      "of the CA (authorityKeyIdentifier=keyid)";
	say(problem, "the kernel does not take the certificate of %.1024s: %s",
		subject ? subject : "?", why);
	free(subject);
}

static void say_failure(
	struct bring_up_problem *problem, const struct engine_failure *failure, int err)
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
	case ENGINE_STEP_ADDRESSES:
		say(problem, "%s%s", kernel_addresses_problem(err), message);
		break;
	case ENGINE_STEP_OPEN:
	case ENGINE_STEP_LOAD:
		say(problem, "the kernel does not take the engine's program: %s%s", strerror(-err),
			message);
		break;
	case ENGINE_STEP_KEYRING:
		if (failure->certificate)
			say_certificate(problem, failure->certificate, err);
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

/* Whoever turns enforcement on must be able to turn it off. */
static int check_own_code(struct engine *engine, struct bring_up_problem *problem)
{
	char path[PATH_MAX] = "";
	int err = engine_allows_own_code(engine, path, sizeof(path));

	if (err == -EPERM)
		say(problem, "%.1024s is not signed by a trusted key nor in a loaded catalog, so "
			     "digsig itself could not run any more: sign it first, or use --force",
			path);
	if (err)
		return err;
	err = engine_finds_own_code_ok(engine);
	if (err == -EPERM)
		say(problem, "the signature of digsig itself is good, and the engine does not find it ok, "
			     "so digsig could not run any more: is max-file-size too small? --force "
			     "enforces all the same");
	return err;
}

int engine_enter_mode(struct engine *engine, enum digsig_mode mode, bool forced,
	struct bring_up_problem *problem)
{
	int err = 0;

	forget(problem);
	if (mode == DIGSIG_MODE_ENFORCING && !forced)
		err = check_own_code(engine, problem);
	if (*problem->text)
		return err;
	if (!err)
		err = engine_set_mode(engine, mode);
	if (err == -EPERM)
		say(problem, "the engine is locked: until the machine restarts the mode can only "
			     "become stricter");
	else if (err)
		say(problem, "the mode could not be set: %s", strerror(-err));
	return err;
}

static int revoke_what_is_stored(struct engine *engine, struct bring_up_problem *problem)
{
	struct revocation_problem wrong;
	struct revocations revoked;
	int err = revocation_store_read(REVOCATION_STORE, &revoked, &wrong);

	if (err) {
		say(problem, "%s", wrong.text);
		return err == -EEXIST ? -EIO : err;
	}
	err = engine_revoke(engine, &revoked);
	revocations_free(&revoked);
	if (err < 0)
		say(problem, REVOCATION_STORE ": not all of it reached the engine: %s", strerror(-err));
	return err < 0 ? err : 0;
}

int engine_catch_up(struct bring_up_problem *problem)
{
	struct engine engine;
	int err = engine_open(&engine);

	forget(problem);
	if (err) {
		say(problem, DIGSIG_PIN_DIRECTORY ": %s", strerror(-err));
		return err;
	}
	err = revoke_what_is_stored(&engine, problem);
	engine_close(&engine);
	return err;
}

static int load_catalogs(struct engine *engine, const struct catalog_list *catalogs,
	struct bring_up_problem *problem)
{
	int err = 0;

	for (int i = 0; !err && i < catalogs->count; i++) {
		struct catalog_load load;
		char text[512];

		err = engine_load_catalog(engine, catalogs->paths[i], &load);
		if (!err)
			continue;
		problem->verdict = engine_describe_catalog(
			engine, err, &load.problem, text, sizeof(text));
		say(problem, "%.1024s: %s", catalogs->paths[i], text);
	}
	/* To the caller it means that the engine ran before. */
	return err == -EEXIST ? -EIO : err;
}

/*
 * Those of the fleet, whose digests were checked. One that the kernel does not take, because its key was revoked since, does not keep
 * the engine from starting: nobody at this machine could put that right.
 */
static int load_fleet_catalogs(struct engine *engine, const struct catalog_list *catalogs, char *problem, size_t size)
{
	for (int i = 0; i < catalogs->count; i++) {
		struct catalog_load load;
		char text[512];
		int err = engine_load_catalog(engine, catalogs->paths[i], &load);

		if (!err)
			continue;
		engine_describe_catalog(engine, err, &load.problem, text, sizeof(text));
		snprintf(problem, size, "%.1024s: %s", catalogs->paths[i], text);
		if (err != -EKEYREJECTED && err != -EBADMSG && err != -ENOSPC)
			return err == -EEXIST ? -EIO : err;
	}
	return 0;
}

/* What the fleet of the machine adds. */
static int load_fleet(struct engine *engine, const struct fleet_part *fleet, struct bring_up_problem *problem)
{
	int err = engine_revoke(engine, &fleet->revoked);

	if (err < 0) {
		say(problem, "not all that the fleet revokes reached the engine: %s", strerror(-err));
		return err;
	}
	return load_fleet_catalogs(engine, &fleet->catalogs, problem->text, sizeof(problem->text));
}

/* What files are not in a catalog need room as well. */
#define USUAL_ROOM 65536
#define ROOM_BESIDE_CATALOGS 8192

static unsigned int room_for(const struct bring_up_trust *trust)
{
	__u64 count = catalog_list_count(&trust->catalogs);

	if (trust->is_fleet_read)
		count += catalog_list_count(&trust->fleet.catalogs);

	if (count + ROOM_BESIDE_CATALOGS <= USUAL_ROOM)
		return USUAL_ROOM;
	return count < BRING_UP_ROOM_MAX - ROOM_BESIDE_CATALOGS ?
		(unsigned int)count + ROOM_BESIDE_CATALOGS :
		BRING_UP_ROOM_MAX;
}

static int start(const struct digsig_config *config, const struct bring_up_trust *trust,
	struct bring_up_problem *problem)
{
	const struct engine_policy policy = { .scopes = config->scopes, .wx = config->wx };
	struct engine_options options = {
		.trust = trust->store,
		.policy = &policy,
		.max_file_size = config->max_file_size,
		.max_trusted = config->max_files ? config->max_files : room_for(trust),
	};
	struct engine_failure failure;
	int err = engine_start(&options, &failure);

	if (!err)
		return 0;
	say_failure(problem, &failure, err);
	/* Any other step's EEXIST is not what the caller would take it for. */
	return err == -EEXIST && failure.step != ENGINE_STEP_RUNNING ? -EIO : err;
}

static int judge_running_code(
	struct engine *engine, struct running_code *running, struct bring_up_problem *problem)
{
	int err = running_code_judge(running);

	if (!err)
		err = engine_note_what_ran(
			engine, (unsigned int)running->files, (unsigned int)running->not_ok);
	if (err)
		say(problem, "what runs already could not be judged: %s%s", strerror(-err),
			err == -EACCES ? ": CAP_SYS_PTRACE is missing" : "");
	return err == -EEXIST ? -EIO : err;
}

int engine_bring_up(const struct digsig_config *config, const struct bring_up_trust *trust,
	bool forced, struct running_code *running, struct bring_up_problem *problem)
{
	char fleet_problem[sizeof(problem->text)] = "";
	struct engine engine;
	int err;

	forget(problem);
	problem->lacks = preflight();
	if (problem->lacks)
		return -ENOTSUP;
	err = start(config, trust, problem);
	if (err)
		return err;
	err = engine_open(&engine);
	if (err) {
		say(problem, DIGSIG_PIN_DIRECTORY ": %s", strerror(-err));
	} else {
		/* Revocations decide about catalogs. Nothing is denied before the mode is set. */
		err = revoke_what_is_stored(&engine, problem);
		if (!err)
			err = load_catalogs(&engine, &trust->catalogs, problem);
		if (!err && trust->is_fleet_read)
			err = load_fleet(&engine, &trust->fleet, problem);
		if (!err) {
			strcpy(fleet_problem, problem->text);
			err = judge_running_code(&engine, running, problem);
		}
		if (!err)
			err = engine_enter_mode(&engine, config->mode, forced, problem);
		if (!err)
			strcpy(problem->text, fleet_problem);
		engine_close(&engine);
	}
	if (err)
		engine_stop();
	return err;
}

static int read_certificates(
	const struct digsig_config *config, struct trust_store **store, struct bring_up_problem *problem)
{
	int err = trust_store_new(store);

	if (err)
		say(problem, "%s", strerror(-err));
	for (size_t i = 0; !err && i < config->trust.count; i++) {
		const char *path = config->trust.path[i], *bad_file = path;

		err = trust_store_add(*store, path, &bad_file);
		/* A machine of a fleet may have its certificates from there alone. */
		if (config->fleet_group && !strcmp(path, CONFIG_TRUST) && (err == -ENOENT || err == -ENODATA))
			err = 0;
		if (err)
			trust_store_describe(
				path, bad_file, err, problem->text, sizeof(problem->text));
	}
	return err;
}

static int find_catalogs(
	const char *path, struct catalog_list *catalogs, struct bring_up_problem *problem)
{
	const struct catalog_problem none = { 0 };
	int err = catalog_list_add(catalogs, path);
	char text[512];

	if (err) {
		problem->verdict = catalog_describe(err, &none, text, sizeof(text));
		say(problem, "%.1024s: %s", path, text);
	}
	return err;
}

void fleet_from_config(struct digsig_config *config, struct bring_up_trust *trust)
{
	fleet_part_read(config, &trust->fleet);
	trust->is_fleet_read = true;
}

int trust_from_config(const struct digsig_config *config, struct bring_up_trust *trust,
	struct bring_up_problem *problem)
{
	bool is_own = !trust->store;
	int err = 0;

	forget(problem);
	if (is_own)
		err = read_certificates(config, &trust->store, problem);
	if (!err && is_own && trust->is_fleet_read) {
		err = fleet_part_trust(&trust->fleet, trust->store);
		if (err)
			say(problem, "%s", trust->fleet.problem);
	}
	if (!err) {
		err = trust_store_refuse_expired(
			trust->store, config->expiry == CONFIG_EXPIRY_REFUSE);
		if (err)
			say(problem, "%s", strerror(-err));
	}
	if (!err && config->catalogs && !trust->catalogs.count)
		err = find_catalogs(config->catalogs, &trust->catalogs, problem);
	return err;
}

void bring_up_trust_free(struct bring_up_trust *trust)
{
	trust_store_free(trust->store);
	catalog_list_free(&trust->catalogs);
	trust->store = NULL;
	if (trust->is_fleet_read)
		fleet_part_free(&trust->fleet);
	trust->is_fleet_read = false;
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
