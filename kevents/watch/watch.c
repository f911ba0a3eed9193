// SPDX-License-Identifier: GPL-2.0-or-later
/* kevents_open and what goes with it: sources into one order. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
#include "../../lib/time/clock.h"
#include "../error.h"
#include "build_id.h"
#include "filter.h"
#include "source_coverage.h"
#include "order.h"
#include "source.h"
#include "sums.h"
#include "synthesise.h"
#include "verdicts.h"

/*
 * A record is handed on when it is that old: from the moment at which its time is taken to its
 * place in the buffer it is some hundred nanoseconds, unless an interrupt comes in between.
 */
#define WINDOW 5000000ULL
/* The buffers are not emptied more often than that: what is emptied all the time wakes us all the
 * time. */
#define BURST 10000000ULL
/* How often losses are looked for that no event has told of. */
#define COUNT_EVERY 1000000000ULL
/* In one go. */
#define HANDED_MOST (1 << 20)
#define BUFFER_USUAL (8u << 20)
#define ORDER_USUAL (1u << 20)
#define BUFFER_LEAST (64u << 10)
#define BUFFER_MOST (1u << 30)
#define PIDS_MAX 4096
/* At the end: how long a program of the kernel's side may take to end. */
#define SETTLE_ROUNDS 100
#define SETTLE_PAUSE 5000000ULL
#define PIDS_TOLD_MAX 60000

struct kevents {
	struct filter *filter;
	struct order *order;
	struct process_identities *identities; /* if there is a perf source */
	struct bpf_source *bpf;
	struct perf_source *perf;
	struct synthesis *synthesis; /* as long as it goes on */
	struct build_ids *build_ids;
	struct verdicts *verdicts;
	int epoll;
	int timer;	  /* fires when what is held can be handed on */
	uint64_t drained; /* when the buffers were emptied last */
	uint64_t counted; /* when losses were looked for */
	struct kevents_state state;
	struct kevents_sums sums; /* what is counted here: the rest is the sources' */
	char missing[1024];
	kevents_handler *handler; /* the caller's, during a poll */
	void *context;
};

static void pause_for(uint64_t nanoseconds)
{
	struct timespec time = {.tv_sec = (time_t)(nanoseconds / 1000000000),
		.tv_nsec = (long)(nanoseconds % 1000000000)};

	nanosleep(&time, NULL);
}

static int check_options(const struct kevents_options *options, struct kevents_error *error)
{
	const struct kevents_filter *filter = &options->filter;

	if (options->size != sizeof(*options))
		return kevents_fail(error, -EINVAL, "options of another version of the library");
	if (filter->pid_count > PIDS_MAX)
		return kevents_fail(error, -EINVAL, "more than %d processes", PIDS_MAX);
	if (filter->comm && strlen(filter->comm) > 15)
		return kevents_fail(
			error, -EINVAL, "%s: a thread's name has at most 15 bytes", filter->comm);
	if (options->buffer_size &&
		(options->buffer_size & (options->buffer_size - 1) ||
			options->buffer_size < BUFFER_LEAST || options->buffer_size > BUFFER_MOST))
		return kevents_fail(error, -EINVAL,
			"a buffer of %zu bytes: a power of two from 64 KiB to 1 GiB is possible",
			options->buffer_size);
	return 0;
}

/* -- Opening
 * --------------------------------------------------------------------------------------- */

/* Perf events always tell of BPF programs, and of what the kernel does not let ours see. */
static uint32_t types_for_perf(uint32_t types, uint32_t by_bpf)
{
	uint32_t symbols = KEVENTS_BIT(KEVENTS_KERNEL_LOAD) | KEVENTS_BIT(KEVENTS_KERNEL_UNLOAD);

	return (types & ~by_bpf) | (types & symbols);
}

/* A command that is about to be run has none: then all processes need not be read. */
static bool have_children(const struct kevents_filter *filter)
{
	for (size_t i = 0; i < filter->pid_count; i++)
		if (process_may_have_children(filter->pids[i]))
			return true;
	return false;
}

/* A descendant that was there before is one, too. */
static int find_descendants(
	struct kevents *watch, struct source_request *request, struct kevents_filter *filter)
{
	struct process *list;
	size_t count;
	int err;

	if (!filter->pid_count || !request->has_descendants || !have_children(filter))
		return 0;
	err = process_list(&list, &count);
	if (!err) {
		err = filter_add_descendants(watch->filter, list, count);
		free(list);
	}
	filter->pids = filter_pids(watch->filter, &filter->pid_count);
	return !err && filter->pid_count > PIDS_TOLD_MAX ? -E2BIG : err;
}

static int open_sources(struct kevents *watch, const struct kevents_options *options,
	struct source_request *request, struct kevents_error *error)
{
	const uint32_t tasks = KEVENTS_BIT(KEVENTS_FORK) | KEVENTS_BIT(KEVENTS_EXIT);
	uint32_t types = request->types, by_bpf = 0, by_perf = 0;
	struct kevents_error why = {"as was asked for"};
	int err = 0;

	if (options->source != KEVENTS_SOURCE_PERF)
		err = bpf_source_open(request, &watch->bpf, &by_bpf, &why);
	if (err)
		by_bpf = 0;
	if (err == -ENOMEM || (err && options->source == KEVENTS_SOURCE_BPF))
		return kevents_fail(error, err, "%s", why.text);
	request->types = types_for_perf(types, by_bpf);
	if (!watch->bpf && request->has_descendants)
		request->types |= tasks;
	if (request->types && (!watch->bpf || options->source != KEVENTS_SOURCE_BPF)) {
		err = perf_source_open(request, &watch->perf, &by_perf, error);
		if (err && !watch->bpf)
			return err;
		watch->identities = process_identities_new();
		if (!watch->identities)
			return kevents_fail(error, -ENOMEM, "out of memory");
	}
	watch->state.source = watch->bpf ? KEVENTS_SOURCE_BPF : KEVENTS_SOURCE_PERF;
	say_what_is_missing(
		&(struct source_coverage){types, by_bpf, by_perf, watch->bpf ? NULL : why.text},
		watch->missing, sizeof(watch->missing));
	watch->state.missing = watch->missing;
	return 0;
}

static int make_epoll(struct kevents *watch)
{
	struct epoll_event timer = {.events = EPOLLIN}, source = {.events = EPOLLIN | EPOLLET};

	watch->epoll = epoll_create1(EPOLL_CLOEXEC);
	watch->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (watch->epoll < 0 || watch->timer < 0 ||
		epoll_ctl(watch->epoll, EPOLL_CTL_ADD, watch->timer, &timer))
		return -errno;
	if (watch->bpf &&
		epoll_ctl(watch->epoll, EPOLL_CTL_ADD, bpf_source_fd(watch->bpf), &source))
		return -errno;
	return watch->perf ? perf_source_watch(watch->perf, watch->epoll) : 0;
}

static void set_timer(struct kevents *watch, uint64_t nanoseconds)
{
	struct itimerspec when = {.it_value = {.tv_nsec = (long)nanoseconds}};

	timerfd_settime(watch->timer, 0, &when, NULL);
}

/*
 * One buffer comes in the order of time, so what is older than the window goes on as soon as there
 * is no room for more. Several may not: then all that is in them must fit, or some of it comes
 * late.
 */
static size_t order_limit(const struct kevents *watch, size_t buffer_size)
{
	return watch->perf || buffer_size < ORDER_USUAL ? buffer_size : ORDER_USUAL;
}

static int open_watch(
	struct kevents *watch, const struct kevents_options *options, struct kevents_error *error)
{
	struct kevents_filter filter = options->filter;
	struct source_request request = {.filter = &filter,
		.has_descendants = options->options & KEVENTS_DESCENDANTS,
		.buffer_size = options->buffer_size ? options->buffer_size : BUFFER_USUAL};
	uint64_t begin = clock_now();
	int err;

	filter.types = filter.types ? filter.types & KEVENTS_ALL : KEVENTS_ALL;
	request.types = filter.types & ~KEVENTS_BIT(KEVENTS_LOST);
	watch->filter = filter_new(&filter, request.has_descendants);
	if (options->options & KEVENTS_BUILD_IDS)
		watch->build_ids = build_ids_new();
	watch->verdicts = verdicts_new();
	if (!watch->filter || !watch->verdicts ||
		(options->options & KEVENTS_BUILD_IDS && !watch->build_ids))
		return kevents_fail(error, -ENOMEM, "out of memory");
	/* Before the sources are opened: they are given the processes to watch. */
	err = find_descendants(watch, &request, &filter);
	if (err)
		return kevents_fail(error, err, "the processes cannot be read: %s", strerror(-err));
	err = open_sources(watch, options, &request, error);
	if (err)
		return err;
	watch->order = order_new(order_limit(watch, request.buffer_size));
	if (!watch->order)
		return kevents_fail(error, -ENOMEM, "out of memory");
	err = make_epoll(watch);
	if (!err && options->options & KEVENTS_SYNTHESISE) {
		err = synthesis_new(watch->filter, begin, &watch->synthesis);
		set_timer(watch, 1);
	}
	return err ? kevents_fail(error, err, "cannot begin to watch: %s", strerror(-err)) : 0;
}

int kevents_open(
	const struct kevents_options *options, struct kevents **watch, struct kevents_error *error)
{
	struct kevents *new;
	int err;

	if (!options || !watch)
		return kevents_fail(error, -EINVAL, "no options, or no place for the watch");
	err = check_options(options, error);
	if (err)
		return err;
	new = calloc(1, sizeof(*new));
	if (!new)
		return kevents_fail(error, -ENOMEM, "out of memory");
	new->epoll = new->timer = -1;
	err = open_watch(new, options, error);
	if (err)
		kevents_close(new);
	else
		*watch = new;
	return err;
}

void kevents_close(struct kevents *watch)
{
	if (!watch)
		return;
	synthesis_free(watch->synthesis);
	bpf_source_close(watch->bpf);
	perf_source_close(watch->perf);
	order_free(watch->order);
	filter_free(watch->filter);
	process_identities_free(watch->identities);
	build_ids_free(watch->build_ids);
	verdicts_free(watch->verdicts);
	if (watch->timer >= 0)
		close(watch->timer);
	if (watch->epoll >= 0)
		close(watch->epoll);
	free(watch);
}

/* -- Handing on
 * ------------------------------------------------------------------------------------ */

/*
 * What the kernel program told has passed the filter. That of perf events is asked here, in the
 * order of time, since who is a descendant changes with it.
 */
static bool passes(struct kevents *watch, struct kevents_record *record)
{
	if (record->flags & KEVENTS_SYNTHESISED)
		return true;
	if (!(record->flags & RECORD_UNFILTERED))
		return filter_takes_told(watch->filter, record);
	record->flags &= ~RECORD_UNFILTERED;
	/* A process that was gone when it was asked for: what the kernel program told since then.
	 */
	if (!record->start_time)
		process_identities_fill(watch->identities, record);
	return filter_takes(watch->filter, record);
}

/* The last thing before the caller's handler: what costs, for what is wanted only. */
static int hand_on(const struct kevents_record *record, void *context)
{
	struct kevents *watch = context;
	struct kevents_record *own = (struct kevents_record *)(uintptr_t)record;

	if (!passes(watch, own)) {
		watch->sums.unwanted++;
		return 0;
	}
	if (watch->build_ids && record->type == KEVENTS_IMAGE_LOAD)
		build_ids_fill(watch->build_ids, record->pid, &own->image);
	if (record->type == KEVENTS_IMAGE_LOAD)
		verdicts_fill(watch->verdicts, record->pid, &own->image);
	watch->state.records++;
	if (record->type == KEVENTS_LOST)
		watch->state.lost += record->lost.count;
	count_delivered(&watch->sums, record);
	return watch->handler(record, watch->context);
}

static int drain(struct kevents *watch, bool count_lost)
{
	int err = watch->bpf ? bpf_source_drain(watch->bpf, watch->identities, watch->order) : 0;

	if (!err && watch->perf)
		err = perf_source_drain(watch->perf, watch->filter, watch->identities, watch->order);
	if (!err && count_lost && watch->bpf)
		err = bpf_source_count_lost(watch->bpf, watch->order);
	if (!err && count_lost && watch->perf)
		err = perf_source_count_lost(watch->perf, watch->order);
	return err;
}

static int hand_on_synthesised(struct kevents *watch)
{
	int handed = 0;

	while (watch->synthesis) {
		int step = synthesis_step(watch->synthesis, hand_on, watch);

		verdicts_rest(watch->verdicts);
		if (step < 0)
			return step;
		handed += step;
		if (!step) {
			synthesis_free(watch->synthesis);
			watch->synthesis = NULL;
		}
	}
	return handed;
}

/* What is there, up to a time; until less comes than the order has room for. */
static int hand_on_until(struct kevents *watch, uint64_t cutoff)
{
	int handed = 0, step, err;
	bool was_full, is_time = clock_now() - watch->counted > COUNT_EVERY || cutoff == UINT64_MAX;

	do {
		err = drain(watch, is_time);
		if (err)
			return err;
		if (is_time)
			watch->counted = clock_now();
		is_time = false;
		was_full = order_is_full(watch->order);
		step = order_hand_on(watch->order, cutoff, hand_on, watch);
		verdicts_rest(watch->verdicts);
		if (step < 0)
			return step;
		handed += step;
	} while (was_full && step && handed < HANDED_MOST);
	/* Full of what is not old enough: then it must go as it is, since memory has a bound. */
	if (was_full && !step) {
		step = order_hand_on(watch->order, UINT64_MAX, hand_on, watch);
		verdicts_rest(watch->verdicts);
		handed = step < 0 ? step : handed + step;
	}
	return handed;
}

static int wait_for(struct kevents *watch, int timeout_ms)
{
	struct epoll_event event[4];
	uint64_t fired;
	int got = epoll_wait(watch->epoll, event, 4, timeout_ms);

	if (got < 0)
		return -errno;
	if (read(watch->timer, &fired, sizeof(fired)) < 0 && errno != EAGAIN)
		return -errno;
	return got;
}

/*
 * A source tells of what it has once, until it is emptied: while it may not be emptied yet, the timer
 * is what wakes the caller, who need not wait here.
 */
static int poll_once(struct kevents *watch, uint64_t most)
{
	int got = wait_for(watch, (int)((most + 999999) / 1000000)), handed;
	uint64_t since;

	if (got < 0)
		return got;
	since = clock_now() - watch->drained;
	if (since < BURST && BURST - since > most) {
		if (got)
			set_timer(watch, BURST - since);
		return 0;
	}
	if (got && since < BURST)
		pause_for(BURST - since);
	watch->drained = clock_now();
	handed = hand_on_until(watch, watch->drained - WINDOW);
	if (handed >= 0 && handed < HANDED_MOST && order_is_empty(watch->order))
		set_timer(watch, 0);
	else
		set_timer(watch, WINDOW + 1);
	return handed;
}

int kevents_poll(struct kevents *watch, int timeout_ms, kevents_handler *handler, void *context)
{
	uint64_t end = clock_now() + (uint64_t)(timeout_ms > 0 ? timeout_ms : 0) * 1000000, time;
	uint64_t before;
	int handed;

	if (!watch || !handler)
		return -EINVAL;
	before = watch->state.records;
	watch->handler = handler;
	watch->context = context;
	handed = hand_on_synthesised(watch);
	if (handed < 0)
		return handed;
	while (watch->state.records == before) {
		time = clock_now();
		handed = poll_once(watch, timeout_ms < 0 ? 1000000000 : time < end ? end - time : 0);
		if (handed < 0)
			return handed;
		if (timeout_ms >= 0 && clock_now() >= end)
			break;
	}
	return (int)(watch->state.records - before);
}

int kevents_flush(struct kevents *watch, kevents_handler *handler, void *context)
{
	int handed, rest;

	if (!watch || !handler)
		return -EINVAL;
	watch->handler = handler;
	watch->context = context;
	handed = hand_on_synthesised(watch);
	if (handed < 0)
		return handed;
	rest = hand_on_until(watch, UINT64_MAX);
	return rest < 0 ? rest : handed + rest;
}

/* Whether all that the sources made is read, or told as lost. */
static bool are_settled(const struct kevents *watch)
{
	struct source_sums sums = {.is_settled = true};

	if (watch->bpf)
		bpf_source_get_sums(watch->bpf, &sums);
	return sums.is_settled;
}

int kevents_finish(struct kevents *watch, kevents_handler *handler, void *context)
{
	int handed = 0, more;

	if (!watch || !handler)
		return -EINVAL;
	if (watch->bpf)
		bpf_source_stop(watch->bpf);
	if (watch->perf)
		perf_source_stop(watch->perf);
	/* A program that was just running, on another CPU or preempted, has yet to hand its event
	 * in. */
	for (int i = 0; i < SETTLE_ROUNDS; i++) {
		more = kevents_flush(watch, handler, context);
		if (more < 0)
			return more;
		handed += more;
		if (are_settled(watch))
			break;
		pause_for(SETTLE_PAUSE);
	}
	return handed;
}

void kevents_get_sums(const struct kevents *watch, struct kevents_sums *sums)
{
	struct source_sums part;

	*sums = watch->sums;
	if (watch->bpf) {
		bpf_source_get_sums(watch->bpf, &part);
		add_source(sums, &part);
	}
	if (watch->perf) {
		perf_source_get_sums(watch->perf, &part);
		add_source(sums, &part);
	}
	sums->agree = sums_agree(sums);
}

int kevents_fd(const struct kevents *watch)
{
	return watch ? watch->epoll : -EINVAL;
}

void kevents_get_state(const struct kevents *watch, struct kevents_state *state)
{
	*state = watch->state;
	state->late = order_late(watch->order);
	state->memory = order_memory(watch->order) +
			(watch->bpf ? bpf_source_memory(watch->bpf) : 0) +
			(watch->perf ? perf_source_memory(watch->perf) : 0);
}
