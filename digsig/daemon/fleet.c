// SPDX-License-Identifier: GPL-2.0-or-later
#include "fleet.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/utsname.h>
#include <syslog.h>
#include <unistd.h>
#include "../../lib/file/read_small.h"
#include "../../lib/time/clock.h"
#include "../enforce/bring_up.h"
#include "../revocation/store.h"
#include "fleet_apply.h"
#include "fleet_report.h"
#include "journal.h"

/* Which set, stale or not, the engine of this boot was given with its mode and policy. */
#define APPLIED "/run/digsigd/fleet-applied"

/* What may be different later is tried again, in seconds. */
#define TRY_AGAIN 60
/* So often counters are reported that changed alone. */
#define COUNTERS 30

struct fleet_keeper {
	pthread_t thread;
	int stop; /* eventfd: readable when the thread is to end */
	const struct digsig_config *config;
	_Atomic unsigned long would_deny;
	/* All that follows is the thread's. */
	bool has_set;
	struct fleet_set set;
	time_t taken;
	char store_problem[700]; /* why the set in the store does not count */
	struct handover_mark mark; /* what was looked at last */
	__u64 try_again; /* seconds of CLOCK_BOOTTIME; 0: not before something else is ready */
	bool is_refused;
	struct fleet_refusal refusal;
	struct engine engine;
	bool is_running;
	struct digsig_status status;
	__u64 engine_start; /* start_time of the engine that was given the set; 0: none was */
	bool is_to_apply, was_stale;
	struct fleet_outcome outcome;
	char *reported; /* the state that was reported last */
	__u64 reported_at, kept_counters;
};

static __u64 now_running(void)
{
	return clock_read(CLOCK_BOOTTIME) / CLOCK_SECOND;
}

static bool is_to_stop(const struct fleet_keeper *keeper)
{
	struct pollfd stop = { .fd = keeper->stop, .events = POLLIN };

	return poll(&stop, 1, 0) > 0;
}

static bool go_on(void *context)
{
	return !is_to_stop(context);
}

/* What a start would take. */
static struct digsig_config wanted(const struct fleet_keeper *keeper)
{
	struct digsig_config config = *keeper->config;

	if (keeper->has_set)
		fleet_set_configure(&keeper->set, (__s64)time(NULL), &config);
	return config;
}

static void have_set(struct fleet_keeper *keeper, const struct fleet_set *set, time_t taken)
{
	if (keeper->has_set)
		fleet_set_free(&keeper->set);
	keeper->has_set = true;
	keeper->set = *set;
	keeper->taken = taken;
	keeper->is_to_apply = true;
	keeper->store_problem[0] = 0;
}

static void read_current(struct fleet_keeper *keeper, const struct fleet_machine *machine)
{
	struct fleet_refusal refusal;
	struct fleet_set set;
	time_t taken;
	int err = fleet_store_read(FLEET_STORE, machine, &set, &taken, &refusal);

	if (!err) {
		have_set(keeper, &set, taken);
		return;
	}
	if (err == -ENOENT)
		return;
	snprintf(keeper->store_problem, sizeof(keeper->store_problem), "the set in " FLEET_STORE " does not count: %s",
		refusal.reason);
	tell(LOG_ERR, "fleet: %s", keeper->store_problem);
}

/* The certificates and revocations as they are now: an administrator may have changed them. */
struct ground {
	struct trust_store *fleet_keys;
	struct bring_up_trust trust;
	struct revocations revoked;
	struct fleet_machine machine;
};

static int read_ground(const struct fleet_keeper *keeper, struct ground *ground, char *why, size_t size)
{
	struct digsig_config own = *keeper->config;
	struct revocation_problem wrong;
	struct bring_up_problem problem;
	int err = fleet_keys_read(keeper->config, &ground->fleet_keys, why, size);

	if (err)
		return err;
	err = revocation_store_read(REVOCATION_STORE, &ground->revoked, &wrong);
	if (err) {
		snprintf(why, size, "%s", wrong.text);
		return err;
	}
	own.catalogs = NULL;
	err = trust_from_config(&own, &ground->trust, &problem);
	if (err)
		snprintf(why, size, "%.600s", problem.text);
	ground->machine = (struct fleet_machine){ .group = keeper->config->fleet_group,
		.host = keeper->config->fleet_host,
		.fleet_keys = ground->fleet_keys,
		.revoked = &ground->revoked };
	return err;
}

static void free_ground(struct ground *ground)
{
	trust_store_free(ground->fleet_keys);
	bring_up_trust_free(&ground->trust);
	revocations_free(&ground->revoked);
}

static int take(struct fleet_keeper *keeper, const struct ground *ground, struct fleet_set *set)
{
	struct fleet_taking taking = {
		.store = FLEET_STORE,
		.machine = &ground->machine,
		.trust = ground->trust.store,
		.refuse_expired = keeper->config->expiry == CONFIG_EXPIRY_REFUSE,
		.current = keeper->has_set ? &keeper->set : NULL,
		.now = (__s64)time(NULL),
		.go_on = go_on,
		.context = keeper,
	};
	struct handover from;
	int err = handover_open(FLEET_SPOOL, &keeper->mark, &from);

	keeper->refusal = (struct fleet_refusal){ 0 };
	if (!*keeper->mark.target)
		return fleet_refuse(&keeper->refusal, err, FLEET_SPOOL "/" FLEET_READY " does not lead to a set");
	if (err) {
		keeper->refusal.is_passing = true;
		return fleet_refuse(&keeper->refusal, err, FLEET_SPOOL "/%s: %s", keeper->mark.target, strerror(-err));
	}
	err = fleet_store_take(&taking, &from, set, &keeper->refusal);
	handover_close(&from);
	return err;
}

static void say_refused(const struct fleet_refusal *refusal)
{
	char number[32] = "";

	if (refusal->sequence)
		snprintf(number, sizeof(number), ", sequence %llu", (unsigned long long)refusal->sequence);
	tell(LOG_ERR, "fleet: the state of the %s%s is refused: %s", fleet_scope_name(refusal->scope), number,
		refusal->reason);
}

/* The same words are said once. */
static void note_refusal(struct fleet_keeper *keeper, const struct fleet_refusal *before, bool was_refused)
{
	keeper->is_refused = true;
	keeper->try_again = keeper->refusal.is_passing ? now_running() + TRY_AGAIN : 0;
	if (!was_refused || before->sequence != keeper->refusal.sequence ||
		strcmp(before->reason, keeper->refusal.reason))
		say_refused(&keeper->refusal);
}

static void take_ready(struct fleet_keeper *keeper)
{
	const struct fleet_refusal before = keeper->refusal;
	bool was_refused = keeper->is_refused;
	struct ground ground = { 0 };
	struct fleet_set set;
	int err;

	keeper->refusal = (struct fleet_refusal){ .is_passing = true };
	err = read_ground(keeper, &ground, keeper->refusal.reason, sizeof(keeper->refusal.reason));
	if (!err)
		err = take(keeper, &ground, &set);
	free_ground(&ground);
	keeper->is_refused = false;
	keeper->try_again = 0;
	if (err == 1) {
		have_set(keeper, &set, time(NULL));
		tell(LOG_NOTICE, "fleet: group %s, sequence %llu is taken", keeper->set.group.name,
			(unsigned long long)keeper->set.group.sequence);
	} else if (err && err != -EINTR) {
		note_refusal(keeper, &before, was_refused);
	}
}

static void look_at_spool(struct fleet_keeper *keeper)
{
	struct handover_mark mark;

	if (handover_look(FLEET_SPOOL, &mark) == -ENOENT)
		return;
	if (handover_is_same(&mark, &keeper->mark) && (!keeper->try_again || now_running() < keeper->try_again))
		return;
	keeper->mark = mark;
	take_ready(keeper);
}

static void look_at_engine(struct fleet_keeper *keeper)
{
	if (keeper->is_running && engine_is_gone(&keeper->engine)) {
		engine_close(&keeper->engine);
		keeper->is_running = false;
	}
	if (!keeper->is_running)
		keeper->is_running = !engine_open(&keeper->engine);
	if (keeper->is_running && engine_read_status(&keeper->engine, &keeper->status)) {
		engine_close(&keeper->engine);
		keeper->is_running = false;
	}
}

/* Which set, and whether its time is over. */
static void applied_words(const struct fleet_keeper *keeper, char *text, size_t size)
{
	snprintf(text, size, "%s %s", keeper->set.digest, keeper->was_stale ? "stale" : "valid");
}

/* Mode and policy are set once for each set: what an administrator sets by hand later stays. */
static bool is_policy_applied(const struct fleet_keeper *keeper)
{
	char text[128], expected[128];
	size_t size;

	applied_words(keeper, expected, sizeof(expected));
	return !file_read_small(AT_FDCWD, APPLIED, text, sizeof(text) - 1, &size) &&
		!strncmp(text, expected, strlen(expected));
}

static void apply_set(struct fleet_keeper *keeper)
{
	const struct digsig_config config = wanted(keeper);
	const struct fleet_target target = { .store = FLEET_STORE,
		.own = keeper->config,
		.wanted = &config,
		.set = &keeper->set,
		.with_policy = !is_policy_applied(keeper) };
	char text[128];
	int err;

	keeper->is_to_apply = false;
	keeper->engine_start = 0;
	if (!keeper->is_running) {
		fleet_keep(&target, &keeper->outcome);
		return;
	}
	fleet_apply(&keeper->engine, &target, &keeper->outcome);
	keeper->engine_start = keeper->status.settings.start_time;
	if (*keeper->outcome.problem)
		tell(LOG_ERR, "fleet: %s", keeper->outcome.problem);
	applied_words(keeper, text, sizeof(text));
	err = fleet_report_write(APPLIED, text);
	if (err)
		tell(LOG_ERR, APPLIED ": %s", strerror(-err));
	engine_read_status(&keeper->engine, &keeper->status);
}

static void look_at_set(struct fleet_keeper *keeper)
{
	bool is_stale = keeper->has_set && fleet_set_is_stale(&keeper->set, (__s64)time(NULL));

	if (is_stale != keeper->was_stale) {
		if (is_stale)
			tell(LOG_WARNING, "fleet: the state is stale: nobody has renewed it in time");
		else if (keeper->has_set)
			tell(LOG_NOTICE, "fleet: the state is valid again");
		keeper->was_stale = is_stale;
		keeper->is_to_apply = true;
	}
	if (keeper->has_set && (keeper->is_to_apply || keeper->outcome.is_unfinished ||
		    (keeper->is_running && keeper->status.settings.start_time != keeper->engine_start)))
		apply_set(keeper);
}

static struct fleet_report gather(struct fleet_keeper *keeper, const struct digsig_config *config)
{
	struct fleet_report report = {
		.group = keeper->config->fleet_group,
		.set = keeper->has_set ? &keeper->set : NULL,
		.taken = keeper->taken,
		.is_stale = keeper->was_stale,
		.is_made_later = keeper->has_set && keeper->set.group.made > (__s64)time(NULL),
		.wanted = config,
		.keyring = keeper->outcome.keyring,
		.lacks_room = keeper->outcome.lacks_room,
		.problem = *keeper->store_problem ? keeper->store_problem : keeper->outcome.problem,
		.refused = keeper->is_refused ? &keeper->refusal : NULL,
		.engine = keeper->is_running ? &keeper->status : NULL,
		.would_deny = keeper->would_deny,
	};
	struct utsname host;

	if (!uname(&host))
		snprintf(report.kernel, sizeof(report.kernel), "%s", host.release);
	return report;
}

/* All but the counters is written at once when it changes; they alone, now and then. */
static bool is_due(struct fleet_keeper *keeper, const char *state)
{
	const struct digsig_status *status = &keeper->status;
	__u64 counters = keeper->would_deny;

	if (keeper->is_running)
		counters += status->counters.denied + status->settings.events_lost;
	if (keeper->reported && !strcmp(keeper->reported, state) &&
		(counters == keeper->kept_counters || now_running() < keeper->reported_at + COUNTERS))
		return false;
	keeper->kept_counters = counters;
	keeper->reported_at = now_running();
	return true;
}

static void write_report(struct fleet_keeper *keeper)
{
	const struct digsig_config config = wanted(keeper);
	const struct fleet_report report = gather(keeper, &config);
	struct json_object *object = fleet_report_state(&report);
	char *state;
	int err;

	if (!object)
		return;
	/* Of the engine: whether it runs, its mode and its lock are state as well. */
	if (asprintf(&state, "%s %d %u %u", json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN),
		    keeper->is_running, keeper->is_running ? keeper->status.settings.mode : 0,
		    keeper->is_running ? keeper->status.settings.is_locked : 0) < 0)
		state = NULL;
	if (state && is_due(keeper, state)) {
		json_object_object_add(object, "engine", fleet_report_engine(&report));
		err = fleet_report_write(FLEET_REPORT,
			json_object_to_json_string_ext(
				object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
		if (err)
			tell(LOG_ERR, FLEET_REPORT ": %s", strerror(-err));
		free(keeper->reported);
		keeper->reported = state;
		state = NULL;
	}
	free(state);
	json_object_put(object);
}

static void begin(struct fleet_keeper *keeper)
{
	struct ground ground = { 0 };

	if (read_ground(keeper, &ground, keeper->store_problem, sizeof(keeper->store_problem)))
		tell(LOG_ERR, "fleet: %s", keeper->store_problem);
	else
		read_current(keeper, &ground.machine);
	free_ground(&ground);
	keeper->was_stale = keeper->has_set && fleet_set_is_stale(&keeper->set, (__s64)time(NULL));
	if (keeper->was_stale)
		tell(LOG_WARNING, "fleet: the state is stale: nobody has renewed it in time");
}

static void *run(void *context)
{
	struct fleet_keeper *keeper = context;
	struct pollfd stop = { .fd = keeper->stop, .events = POLLIN };

	begin(keeper);
	do {
		look_at_spool(keeper);
		look_at_engine(keeper);
		look_at_set(keeper);
		write_report(keeper);
	} while (poll(&stop, 1, 1000) <= 0);
	if (keeper->is_running)
		engine_close(&keeper->engine);
	return NULL;
}

static void free_keeper(struct fleet_keeper *keeper)
{
	if (keeper->has_set)
		fleet_set_free(&keeper->set);
	if (keeper->stop >= 0)
		close(keeper->stop);
	free(keeper->reported);
	free(keeper);
}

int fleet_keeper_start(const struct digsig_config *config, struct fleet_keeper **keeper)
{
	struct fleet_keeper *made = calloc(1, sizeof(*made));
	int err;

	if (!made)
		return -ENOMEM;
	made->config = config;
	made->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	err = made->stop < 0 ? -errno : -pthread_create(&made->thread, NULL, run, made);
	if (err)
		free_keeper(made);
	else
		*keeper = made;
	return err;
}

void fleet_keeper_stop(struct fleet_keeper *keeper)
{
	uint64_t one = 1;

	if (!keeper)
		return;
	if (write(keeper->stop, &one, sizeof(one)) == (ssize_t)sizeof(one))
		pthread_join(keeper->thread, NULL);
	free_keeper(keeper);
}

void fleet_keeper_count(struct fleet_keeper *keeper)
{
	keeper->would_deny++;
}
