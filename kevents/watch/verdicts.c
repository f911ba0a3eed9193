// SPDX-License-Identifier: GPL-2.0-or-later
#include "verdicts.h"
#include <bpf/bpf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "../../digsig/kernel/engine.h"
#include "image_file.h"

/* Files that are remembered during a burst. */
#define PLACES 1024u
/* How long not to ask for an engine after none was there. */
#define RETRY_SECONDS 1

struct place {
	uint64_t device, inode;
	uint32_t verdict;
};

struct verdicts {
	int words, settings; /* the engine's maps; -1: not open */
	uint32_t generation, refusal_generation;
	time_t retry; /* before that there is no use in asking */
	struct place places[PLACES];
};

struct verdicts *verdicts_new(void)
{
	struct verdicts *verdicts = calloc(1, sizeof(*verdicts));

	if (verdicts)
		verdicts->words = verdicts->settings = -1;
	return verdicts;
}

void verdicts_rest(struct verdicts *verdicts)
{
	if (verdicts->words < 0)
		return;
	close(verdicts->words);
	close(verdicts->settings);
	verdicts->words = verdicts->settings = -1;
	memset(verdicts->places, 0, sizeof(verdicts->places));
}

void verdicts_free(struct verdicts *verdicts)
{
	if (!verdicts)
		return;
	verdicts_rest(verdicts);
	free(verdicts);
}

static int open_map(const char *path)
{
	struct bpf_obj_get_opts options = {.sz = sizeof(options), .file_flags = BPF_F_RDONLY};

	return bpf_obj_get_opts(path, &options);
}

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return now.tv_sec;
}

static bool open_engine(struct verdicts *verdicts)
{
	struct digsig_settings settings;
	uint32_t zero = 0;

	if (verdicts->words >= 0)
		return true;
	if (seconds() < verdicts->retry)
		return false;
	verdicts->words = open_map(DIGSIG_PIN_DIRECTORY "/inode_verdict");
	verdicts->settings = open_map(DIGSIG_PIN_DIRECTORY "/settings");
	if (verdicts->words >= 0 && verdicts->settings >= 0 &&
		!bpf_map_lookup_elem(verdicts->settings, &zero, &settings)) {
		verdicts->generation = settings.generation;
		verdicts->refusal_generation = settings.refusal_generation;
		return true;
	}
	if (verdicts->words >= 0)
		close(verdicts->words);
	if (verdicts->settings >= 0)
		close(verdicts->settings);
	verdicts->words = verdicts->settings = -1;
	verdicts->retry = seconds() + RETRY_SECONDS;
	return false;
}

static uint32_t ask(const struct verdicts *verdicts, int32_t pid, const struct kevents_image *image)
{
	int fd = open_image_file(pid, image, O_RDONLY);
	uint32_t verdict = KEVENTS_NOT_JUDGED;
	uint64_t word;

	if (fd < 0)
		return verdict;
	if (!bpf_map_lookup_elem(verdicts->words, &fd, &word))
		verdict = digsig_verdict_of_word(
			word, verdicts->generation, verdicts->refusal_generation);
	close(fd);
	return verdict;
}

void verdicts_fill(struct verdicts *verdicts, int32_t pid, struct kevents_image *image)
{
	struct place *place = &verdicts->places[(image->inode * 31 + image->device) % PLACES];

	if (!image->inode || !open_engine(verdicts))
		return;
	if (place->inode != image->inode || place->device != image->device)
		*place = (struct place){image->device, image->inode, ask(verdicts, pid, image)};
	image->verdict = place->verdict;
}
