// SPDX-License-Identifier: GPL-2.0-or-later
/* libslab: what is read of slabinfo and sysfs, caches over time, trends, recordings. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "slabtop/cli/sparkline.h"
#include "slabtop/slab/recording.h"
#include "slabtop/slab/slab.h"
#include "slabtop/slab/sysfs.h"
#include "slabtop/slab/tracker.h"
#include "slabtop/slab/trend.h"

#define HEAD "slabinfo - version: 2.1\n# name <active_objs>\n"
#define TAIL " : tunables 1 2 3 : slabdata 4 5 6"

static int parse(struct slab_snapshot *snapshot, const char *text)
{
	return slab_parse(snapshot, text, strlen(text));
}

static void names(void **state)
{
	static const char *const names[] = { "dentry", "a b", "two  spaces", "ends in 12 34",
		"kmalloc-64", "x : tunables 1 2 3", "dentry(12:foo.service)", "colon :", "\xc3\xa4",
		"-1 2 3 4 5" };
	struct slab_snapshot snapshot = { 0 };
	char text[512];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct slab_cache *cache;

		snprintf(text, sizeof(text), HEAD "%s   7 8 192 21 1" TAIL "\n", names[i]);
		assert_int_equal(parse(&snapshot, text), 0);
		assert_int_equal(snapshot.count, 1);
		assert_int_equal(snapshot.malformed, 0);
		cache = &snapshot.caches[0];
		assert_string_equal(cache->name, names[i]);
		assert_int_equal(cache->active_objs, 7);
		assert_int_equal(cache->num_objs, 8);
		assert_int_equal(cache->obj_size, 192);
		assert_int_equal(cache->objs_per_slab, 21);
		assert_int_equal(cache->pages_per_slab, 1);
		assert_int_equal(cache->limit, 1);
		assert_int_equal(cache->batchcount, 2);
		assert_int_equal(cache->sharedfactor, 3);
		assert_int_equal(cache->active_slabs, 4);
		assert_int_equal(cache->num_slabs, 5);
		assert_int_equal(cache->shared_avail, 6);
	}
	slab_snapshot_free(&snapshot);
}

static void versions(void **state)
{
	struct slab_snapshot snapshot = { 0 };

	(void)state;
	assert_int_equal(parse(&snapshot, "slabinfo - version: 2.1 (statistics)\n# name\n"
					  "kmalloc-8 1 2 8 512 1 : tunables 120 60 8 : slabdata 1 "
					  "1 0 : globalstat 512 512 1 0 0 0 0 0 0 : "
					  "cpustat 1 2 3 4\n"),
		0);
	assert_true(snapshot.has_statistics);
	assert_int_equal(snapshot.count, 1);
	assert_int_equal(snapshot.caches[0].limit, 120);
	assert_int_equal(
		parse(&snapshot,
			"slabinfo - version: 1.1 (SMP)\nsize-32 10 226 32 2 3 1 : 252 126\n"
			"with stats 5 6 64 1 2 1 : 6 7 8 9 0 : 252 126 : 1 2 3 4\n"),
		0);
	assert_int_equal(snapshot.count, 2);
	assert_int_equal(snapshot.caches[0].num_slabs, 3);
	assert_int_equal(snapshot.caches[0].objs_per_slab, 75);
	assert_string_equal(snapshot.caches[1].name, "with stats");
	assert_int_equal(snapshot.caches[1].obj_size, 64);
	assert_int_equal(parse(&snapshot, "slabinfo - version: 1.0\nkmem_cache 29 42\n"), 0);
	assert_int_equal(snapshot.caches[0].num_objs, 42);
	assert_int_equal(parse(&snapshot, "slabinfo - version: 3.0\n"), -EPROTONOSUPPORT);
	assert_int_equal(parse(&snapshot, "something else\n"), -EPROTO);
	assert_int_equal(parse(&snapshot, ""), -EPROTO);
	assert_int_equal(parse(&snapshot, HEAD), 0);
	assert_int_equal(snapshot.count, 0);
	slab_snapshot_free(&snapshot);
}

static void malformed(void **state)
{
	static const char *const lines[] = { "name", "name 1 2 3", "1 2 3 4 5" TAIL,
		"x 1 2 3 4 5 : tunables 1 2 3", "x 1 2 3 4 18446744073709551616" TAIL,
		"x 1 2 3 4 99999999999999999999" TAIL,
		"x 1 2 3 4 -5" TAIL, "x 1 2 3 4 5 : slabdata 1 2 3 : tunables 1 2 3",
		"x 1 2 3 4 5" TAIL " 7", "x 1 2 3 4 5" TAIL " y", ":::", " " };
	struct slab_snapshot snapshot = { 0 };
	char text[512];

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		snprintf(text, sizeof(text), HEAD "%s\ngood 1 2 3 4 5" TAIL "\n", lines[i]);
		assert_int_equal(parse(&snapshot, text), 0);
		assert_int_equal(snapshot.malformed, 1);
		assert_int_equal(snapshot.count, 1);
	}
	/* Cut in its last number. */
	assert_int_equal(parse(&snapshot, HEAD "cut 1 2 3 4 5" TAIL), 0);
	assert_int_equal(snapshot.malformed, 1);
	assert_int_equal(slab_parse(&snapshot, HEAD "a\0b 1 2 3 4 5" TAIL "\n",
				 sizeof(HEAD) + 12 + sizeof(TAIL)),
		0);
	assert_int_equal(snapshot.malformed, 1);
	slab_snapshot_free(&snapshot);
}

static void saturation(void **state)
{
	struct slab_snapshot snapshot = { .page_size = 4096 };
	struct slab_totals totals;

	(void)state;
	assert_int_equal(
		parse(&snapshot, HEAD
			"x 18446744073709551615 18446744073709551615 4096 1 8 : tunables 0 0 0 "
			": slabdata 1 18446744073709551615 0\ny 18446744073709551615 1 1 1 1" TAIL
			"\n"),
		0);
	assert_int_equal(snapshot.count, 2);
	assert_true(slab_cache_bytes(&snapshot.caches[0], 4096) == UINT64_MAX);
	slab_add_up(&totals, &snapshot);
	assert_true(totals.active_objs == UINT64_MAX && totals.object_bytes == UINT64_MAX);
	slab_snapshot_free(&snapshot);
}

/* A snapshot at so many seconds, of lines without their tails. */
static void at(struct slab_snapshot *snapshot, unsigned int seconds, const char *lines)
{
	char text[4096] = HEAD;

	for (const char *line = lines; *line;) {
		size_t length = strcspn(line, "\n");

		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%.*s" TAIL "\n",
			(int)length, line);
		line += length + (line[length] == '\n');
	}
	assert_int_equal(parse(snapshot, text), 0);
	assert_int_equal(snapshot->malformed, 0);
	snapshot->page_size = 4096;
	snapshot->monotonic = snapshot->time = (__u64)seconds * 1000000000;
}

static const struct slab_track *track_at(const struct slab_tracker *tracker, size_t position)
{
	return tracker->tracks[tracker->order[position]];
}

static void identities(void **state)
{
	struct slab_tracker tracker = { 0 };
	struct slab_snapshot snapshot = { 0 };
	const struct slab_track *old;

	(void)state;
	at(&snapshot, 1, "twin 10 10 8 1 1\nother 5 5 8 1 1\ntwin 20 20 8 1 1\n");
	assert_int_equal(slab_tracker_update(&tracker, &snapshot), 0);
	old = track_at(&tracker, 2);
	assert_int_equal(old->twin, 0);
	assert_int_equal(track_at(&tracker, 0)->twin, 1);
	/* The newer twin goes; another cache comes, and one of the same name and another size. */
	at(&snapshot, 3, "new 1 1 8 1 1\ntwin 1 1 16 1 1\nother 7 7 8 1 1\ntwin 24 24 8 1 1\n");
	assert_int_equal(slab_tracker_update(&tracker, &snapshot), 0);
	assert_ptr_equal(track_at(&tracker, 3), old);
	assert_true(fabs(slab_growth_rate(old) - 16) < 1e-9);
	assert_true(fabs(slab_growth_total(track_at(&tracker, 2)) - 16) < 1e-9);
	assert_true(slab_growth_total(track_at(&tracker, 0)) == 0);
	assert_false(track_at(&tracker, 1)->was_first);
	/* Backwards, and the vanished twin again: it begins anew. */
	at(&snapshot, 4, "twin 99 99 8 1 1\nother 2 2 8 1 1\ntwin 0 24 8 1 1\n");
	assert_int_equal(slab_tracker_update(&tracker, &snapshot), 0);
	assert_ptr_equal(track_at(&tracker, 2), old);
	assert_true(fabs(slab_growth_rate(old) + 24 * 8) < 1e-9);
	assert_true(slab_growth_total(track_at(&tracker, 0)) == 0);
	assert_int_equal(track_at(&tracker, 0)->samples, 1);
	/* At its place another one of its name, of another size. */
	at(&snapshot, 5, "twin 99 99 16 1 1\nother 2 2 8 1 1\ntwin 0 24 8 1 1\n");
	assert_int_equal(slab_tracker_update(&tracker, &snapshot), 0);
	assert_ptr_equal(track_at(&tracker, 2), old);
	assert_int_equal(track_at(&tracker, 0)->samples, 1);
	assert_true(slab_growth_total(track_at(&tracker, 0)) == 0);
	/* The same time twice. */
	assert_int_equal(slab_tracker_update(&tracker, &snapshot), 0);
	assert_true(slab_growth_rate(old) == 0);
	slab_tracker_free(&tracker);
	slab_snapshot_free(&snapshot);
}

/* Caches that come and go for ever take no memory for ever. */
static void forgetting(void **state)
{
	struct slab_tracker tracker = { 0 };
	struct slab_snapshot snapshot = { 0 };
	char line[64];

	(void)state;
	for (unsigned int i = 0; i < 2000; i++) {
		snprintf(line, sizeof(line), "cache-%u 1 1 8 1 1\nsame %u 9 8 1 1\n", i, i);
		at(&snapshot, i, line);
		assert_int_equal(slab_tracker_update(&tracker, &snapshot), 0);
		assert_true(tracker.count < 200);
	}
	assert_int_equal(track_at(&tracker, 1)->samples, 2000);
	slab_tracker_free(&tracker);
	slab_snapshot_free(&snapshot);
}

static void history(void **state)
{
	struct slab_tracker tracker = { 0 };
	struct slab_snapshot snapshot = { 0 };
	__u64 values[SLAB_HISTORY];
	char line[64];

	(void)state;
	for (unsigned int i = 0; i < SLAB_HISTORY + 5; i++) {
		snprintf(line, sizeof(line), "x %u 99 8 1 1\n", i);
		at(&snapshot, i, line);
		assert_int_equal(slab_tracker_update(&tracker, &snapshot), 0);
		assert_int_equal(
			slab_track_history(track_at(&tracker, 0), values, 4), i < 4 ? i + 1 : 4);
		assert_int_equal(values[i < 4 ? i : 3], i);
	}
	assert_int_equal(
		slab_track_history(track_at(&tracker, 0), values, SLAB_HISTORY), SLAB_HISTORY);
	assert_int_equal(values[0], 5);
	slab_tracker_free(&tracker);
	slab_snapshot_free(&snapshot);
}

/* About normal, always the same. */
static double noise(unsigned int *seed)
{
	double sum = 0;

	for (int i = 0; i < 12; i++)
		sum += (double)rand_r(seed) / RAND_MAX;
	return sum - 6;
}

enum shape { LEAK, NOISE, WALK, JUMP, SATURATION, WAVE, SHAPES };

static struct slab_trend_fit fit_of(enum shape shape, int samples, unsigned int seed)
{
	struct slab_trend trend = { 0 };
	struct slab_trend_fit fit;
	double walk = 0;

	for (int i = 0; i < samples; i++) {
		double value = 50000, part = (double)i / samples;

		walk += 20 * noise(&seed);
		value += shape == LEAK	  ? 2.0 * i + 20 * noise(&seed)
			 : shape == NOISE ? 50 * noise(&seed)
			 : shape == WALK  ? walk
			 : shape == JUMP  ? (part > 0.4 ? 5000 : 0) + 5 * noise(&seed)
			 : shape == SATURATION
				 ? 3000 * (1 - exp(-8 * part)) + 5 * noise(&seed)
				 : 3000 * sin(4.4 * part + seed % 7) + 5 * noise(&seed);
		slab_trend_add(&trend, 7000000000ULL + (__u64)i * 1000000000, (__u64)value);
	}
	assert_int_equal(slab_trend_fit(&trend, &fit), 0);
	return fit;
}

static void trends(void **state)
{
	static const int lengths[] = { 60, 64, 127, 300, 5000 };
	const double sure = 1 - 0.01 / 200;

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		for (unsigned int seed = 1; seed <= 50; seed++) {
			struct slab_trend_fit fit =
				fit_of(LEAK, lengths[i] < 300 ? 300 : lengths[i], seed);

			assert_true(fit.confidence > sure && !fit.is_levelling);
			assert_true(fabs(fit.slope - 2) < 5 * fit.error && fit.error < 0.2);
			for (enum shape shape = NOISE; shape < SHAPES; shape++) {
				fit = fit_of(shape, lengths[i], seed);
				assert_true(
					fit.confidence < sure || fit.is_levelling || fit.slope < 0);
			}
		}
	}
}

static void trends_exact(void **state)
{
	struct slab_trend trend = { 0 };
	struct slab_trend_fit fit;

	(void)state;
	for (unsigned int i = 0; i < SLAB_TREND_SAMPLES_MIN; i++) {
		assert_int_equal(slab_trend_fit(&trend, &fit), -ENODATA);
		slab_trend_add(&trend, i * 500000000ULL, 3 * i);
	}
	assert_int_equal(slab_trend_fit(&trend, &fit), 0);
	assert_true(fabs(fit.slope - 6) < 1e-9 && fit.error < 1e-6 && fit.confidence > 0.999999);
	/* Never anything, and always the same time. */
	memset(&trend, 0, sizeof(trend));
	for (unsigned int i = 0; i < 100; i++)
		slab_trend_add(&trend, i, 5);
	assert_int_equal(slab_trend_fit(&trend, &fit), 0);
	assert_true(fabs(fit.slope * fit.seconds) < 1e-9);
	memset(&trend, 0, sizeof(trend));
	for (unsigned int i = 0; i < 100; i++)
		slab_trend_add(&trend, 9, i);
	assert_int_equal(slab_trend_fit(&trend, &fit), -ENODATA);
}

static char *recording_path(void)
{
	static char path[] = "/tmp/test-slab-XXXXXX";
	int fd;

	memcpy(path + sizeof(path) - 7, "XXXXXX", 6);
	fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	return path;
}

/* Caches that change, come and go, over more frames than there are between two whole ones. */
static void lines_of(char *text, size_t size, unsigned int frame)
{
	snprintf(text, size, "%stwin %u 9999 8 1 1\n%sstill 3 4 16 2 1\ntwin 7 9999 8 1 1\n",
		frame >= 100 && frame < 400 ? "late comer 1 2 32 4 2\n" : "", 10 * frame,
		frame % 50 < 25 ? "flicker 5 5 64 1 1\n" : "");
}

static void recordings(void **state)
{
	enum { FRAMES = 600 };
	const char *path = recording_path();
	struct slab_recorder recorder = { 0 };
	struct slab_recording *recording;
	struct slab_snapshot snapshot = { 0 }, wanted = { 0 };
	struct slab_damage damage;
	FILE *out = fopen(path, "w");
	char lines[512];
	unsigned int seed = 5;
	struct stat st;

	(void)state;
	assert_int_equal(slab_recorder_begin(out, 4096, "6.0-test"), 0);
	for (unsigned int i = 0; i < FRAMES; i++) {
		lines_of(lines, sizeof(lines), i);
		at(&snapshot, i, lines);
		assert_int_equal(slab_recorder_add(&recorder, out, &snapshot, NULL), 0);
	}
	slab_recorder_free(&recorder);
	fclose(out);
	assert_int_equal(slab_recording_open(&recording, path, &damage), 0);
	assert_int_equal(damage.line, 0);
	assert_int_equal(slab_recording_frames(recording), FRAMES);
	assert_string_equal(slab_recording_kernel(recording), "6.0-test");
	for (unsigned int i = 0; i < 2 * FRAMES; i++) {
		unsigned int frame = i < FRAMES ? i : (unsigned int)rand_r(&seed) % FRAMES;

		lines_of(lines, sizeof(lines), frame);
		at(&wanted, frame, lines);
		assert_int_equal(slab_recording_seek(recording, frame, &snapshot), 0);
		assert_int_equal(snapshot.monotonic, wanted.monotonic);
		assert_int_equal(snapshot.page_size, 4096);
		assert_int_equal(snapshot.count, wanted.count);
		for (size_t j = 0, found = 0; j < wanted.count; j++, found = 0) {
			for (size_t k = 0; k < snapshot.count; k++)
				found += !strcmp(wanted.caches[j].name, snapshot.caches[k].name) &&
					 wanted.caches[j].active_objs ==
						 snapshot.caches[k].active_objs &&
					 wanted.caches[j].num_slabs == snapshot.caches[k].num_slabs;
			assert_true(found >= 1);
		}
	}
	assert_int_equal(slab_recording_seek(recording, FRAMES, &snapshot), -ERANGE);
	slab_recording_free(recording);
	/* Cut anywhere, what is whole is there. */
	assert_int_equal(stat(path, &st), 0);
	for (off_t cut = st.st_size - 1; cut > st.st_size - 300; cut -= 7) {
		assert_int_equal(truncate(path, cut), 0);
		assert_int_equal(slab_recording_open(&recording, path, &damage), 0);
		assert_true(slab_recording_frames(recording) < FRAMES);
		assert_true(!damage.line || damage.is_cut);
		slab_recording_free(recording);
	}
	slab_snapshot_free(&snapshot);
	slab_snapshot_free(&wanted);
	unlink(path);
}

static void recordings_damaged(void **state)
{
#define BEGIN "slabtop recording 1\npage-size 4096\nkernel x\n"
#define FIRST "frame 0 1 1 key\ncache 0 8 1 1 r a b\nalso 0 c d\n0 1 2 3 4\nend 0 3\n"
	static const struct {
		const char *text;
		int err;
		unsigned int line, frames;
	} cases[] = {
		{ BEGIN FIRST, 0, 0, 1 },
		{ BEGIN FIRST "frame 1 2 2\n0 2 2 3 4\nend 1 1\n", 0, 0, 2 },
		{ "", -EPROTO, 0, 0 },
		{ "slabtop recording 2\n", -EPROTO, 0, 0 },
		{ BEGIN, -ENODATA, 0, 0 },
		{ BEGIN "frame 0 1 1\nend 0 0\n", -ENODATA, 4, 0 },
		{ BEGIN FIRST "frame 2 2 2\nend 2 0\n", 0, 9, 1 }, /* a lost frame */
		{ BEGIN FIRST "frame 1 2 0\nend 1 0\n", 0, 9, 1 }, /* back in time */
		{ BEGIN FIRST "frame 1 2 2\nend 1 1\n", 0, 10, 1 }, /* a lost line */
		{ BEGIN FIRST "frame 1 2 2\n1 2 2 3 4\nend 1 1\n", 0, 10, 1 },
		{ BEGIN FIRST "frame 1 2 2\n0 2 2 3\nend 1 1\n", 0, 10, 1 },
		{ BEGIN FIRST "frame 1 2 2\ngone 7\nend 1 1\n", 0, 10, 1 },
		{ BEGIN FIRST "frame 1 2 2\ngone 1\nend 1 1\n", 0, 10, 1 },
		{ BEGIN FIRST "frame 1 2 2\nalso 1 x\nend 1 1\n", 0, 10, 1 },
		{ BEGIN FIRST "frame 1 2 2\ncache 0 8 1 1 r again\nend 1 1\n", 0, 10, 1 },
		{ BEGIN FIRST "frame 1 2 2\ncache 5 8 1 1 r far\nend 1 1\n", 0, 10, 1 },
		{ BEGIN FIRST "frame 1 2 2\n0 99999999999999999999 2 3 4\nend 1 1\n", 0, 10, 1 },
		{ BEGIN FIRST "frame 1 2 2\n0 2 2", 0, 10, 1 },
	};
	const char *path = recording_path();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct slab_recording *recording;
		struct slab_snapshot snapshot = { 0 };
		struct slab_damage damage;
		FILE *out = fopen(path, "w");

		fputs(cases[i].text, out);
		fclose(out);
		assert_int_equal(slab_recording_open(&recording, path, &damage), cases[i].err);
		assert_int_equal(damage.line, cases[i].line);
		if (cases[i].err)
			continue;
		assert_int_equal(slab_recording_frames(recording), cases[i].frames);
		assert_int_equal(slab_recording_seek(recording, 0, &snapshot), 0);
		assert_int_equal(snapshot.count, 1);
		assert_string_equal(snapshot.caches[0].name, "a b");
		assert_int_equal(snapshot.caches[0].active_objs, 1);
		assert_int_equal(slab_recording_find(recording, "a b")->flag, 'r');
		assert_string_equal(slab_recording_find(recording, "a b")->names[0], "c d");
		assert_null(slab_recording_find(recording, "c"));
		slab_snapshot_free(&snapshot);
		slab_recording_free(recording);
	}
	unlink(path);
}

static void put(const char *folder, const char *cache, const char *file, const char *text)
{
	char path[256];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", folder, cache);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/%s/%s", folder, cache, file);
	out = fopen(path, "w");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

static void merged(void **state)
{
	char folder[] = "/tmp/test-slab-sys-XXXXXX", path[256], command[128];
	const struct slab_facts *facts;
	struct slab_nodes nodes;
	struct slab_sysfs *sysfs;

	(void)state;
	assert_non_null(mkdtemp(folder));
	put(folder, ":0000064", "reclaim_account", "0\n");
	put(folder, ":0000064", "red_zone", "1\n");
	put(folder, ":0000064", "order", "3\n");
	put(folder, ":0000064", "objects", "30 N0=10 N1=20\n");
	put(folder, ":0000064", "total_objects", "40 N0=15 N1=25 N64=1 N99=1 Nx=2\n");
	put(folder, "dentry", "reclaim_account", "1\n");
	snprintf(path, sizeof(path), "%s/kmalloc-64", folder);
	assert_int_equal(symlink(":0000064", path), 0);
	snprintf(path, sizeof(path), "%s/pid", folder);
	assert_int_equal(symlink(":0000064", path), 0);
	assert_int_equal(slab_sysfs_open(&sysfs, folder), 0);
	facts = slab_sysfs_find(sysfs, "pid", SLAB_RECLAIMABLE);
	assert_int_equal(facts->name_count, 2);
	assert_string_equal(facts->names[0], "kmalloc-64");
	assert_string_equal(facts->names[1], "pid");
	assert_int_equal(facts->flags, 0);
	assert_ptr_equal(slab_sysfs_find(sysfs, "kmalloc-64", SLAB_ALL_FLAGS), facts);
	assert_int_equal(facts->flags, SLAB_RED_ZONE);
	assert_int_equal(facts->order, 3);
	facts = slab_sysfs_find(sysfs, "dentry", SLAB_RECLAIMABLE);
	assert_int_equal(facts->flags, SLAB_RECLAIMABLE);
	assert_int_equal(facts->name_count, 1);
	assert_null(slab_sysfs_find(sysfs, "none", SLAB_ALL_FLAGS));
	assert_int_equal(slab_sysfs_nodes(sysfs, "pid", &nodes), 0);
	assert_int_equal(nodes.count, 2);
	assert_int_equal(nodes.nodes[1].active_objs, 20);
	assert_int_equal(nodes.nodes[1].num_objs, 25);
	assert_int_equal(slab_sysfs_nodes(sysfs, "none", &nodes), -ENOENT);
	slab_sysfs_free(sysfs);
	snprintf(command, sizeof(command), "rm -r %s", folder);
	assert_int_equal(system(command), 0);
	assert_int_equal(slab_sysfs_open(&sysfs, folder), -ENOENT);
}

static void sparklines(void **state)
{
	static const __u64 rising[] = { 0, 1, 2, 3, 4, 5, 6, 7 }, even[] = { 9, 9 },
			   large[] = { 0, UINT64_MAX };
	char text[64];

	(void)state;
	assert_int_equal(draw_sparkline(text, rising, 8, true), 24);
	assert_string_equal(text, "▁▂▃▄▅▆▇█");
	draw_sparkline(text, large, 2, true);
	assert_string_equal(text, "▁█");
	draw_sparkline(text, rising, 8, false);
	assert_string_equal(text, "_..--==^");
	draw_sparkline(text, even, 2, true);
	assert_string_equal(text, "▁▁");
	assert_int_equal(draw_sparkline(text, even, 0, true), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(versions),
		cmocka_unit_test(malformed),
		cmocka_unit_test(saturation),
		cmocka_unit_test(identities),
		cmocka_unit_test(forgetting),
		cmocka_unit_test(history),
		cmocka_unit_test(trends),
		cmocka_unit_test(trends_exact),
		cmocka_unit_test(recordings),
		cmocka_unit_test(recordings_damaged),
		cmocka_unit_test(merged),
		cmocka_unit_test(sparklines),
	};

	return cmocka_run_group_tests_name("slab", tests, NULL, NULL);
}
