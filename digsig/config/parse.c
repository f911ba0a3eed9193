// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../lib/file/read_small.h"
#include "config.h"
#include "settings.h"

struct parser {
	const char *name, *at, *end; /* the text that is left */
	unsigned int line;
	struct digsig_config *config;
	struct config_problem *problem;
	__u32 seen; /* settings */
	int err; /* of the first line that is wrong */
};

/* reason is cut where it would not fit. */
static void complain(struct parser *parser, int err, const char *reason)
{
	if (parser->err)
		return;
	parser->err = err;
	snprintf(parser->problem->text, sizeof(parser->problem->text), "%.200s:%u: %.280s",
		parser->name, parser->line, reason);
}

/* libinih takes a section as it comes, and does not tell of one without a setting. */
static bool check_section(struct parser *parser, const char *line)
{
	char section[32];
	size_t length = strcspn(line + 1, "]");
	char reason[128];

	if (line[1 + length] != ']') {
		complain(parser, -EINVAL, "a section ends with ]");
		return false;
	}
	if (length < sizeof(section)) {
		memcpy(section, line + 1, length);
		section[length] = 0;
		if (config_section_exists(section))
			return true;
	}
	snprintf(reason, sizeof(reason),
		"[%.*s]: no such section: there are [engine], [scope], [daemon] and [fleet]",
		(int)(length < 40 ? length : 40), line + 1);
	complain(parser, -EINVAL, reason);
	return false;
}

/*
 * Gives libinih a line, as fgets does, and the first line that it must not see ends the text: one
 * that does not fit (it would take the rest for a new one), or has a NUL byte. The spaces in front
 * go: libinih would take the line for more of the one before.
 */
static char *read_line(char *line, int size, void *context)
{
	struct parser *parser = context;
	size_t length, room = (size_t)size;
	const char *newline;
	char reason[64];

	if (parser->err || parser->at == parser->end)
		return NULL;
	parser->line++;
	newline = memchr(parser->at, '\n', (size_t)(parser->end - parser->at));
	length = newline ? (size_t)(newline + 1 - parser->at) : (size_t)(parser->end - parser->at);
	if (length + 2 > room) {
		snprintf(reason, sizeof(reason), "longer than %zu bytes", room - 3);
		complain(parser, -EINVAL, reason);
		return NULL;
	}
	if (memchr(parser->at, 0, length)) {
		complain(parser, -EINVAL, "a NUL byte: this is not a text");
		return NULL;
	}
	memcpy(line, parser->at, length);
	line[length] = 0;
	parser->at += length;
	length = strspn(line, " \t\r\v\f");
	memmove(line, line + length, strlen(line + length) + 1);
	return *line != '[' || check_section(parser, line) ? line : NULL;
}

/* libinih's handler: 0 is an error. */
static int take_setting(void *context, const char *section, const char *name, const char *value)
{
	struct parser *parser = context;
	struct config_problem problem;
	int err;

	if (parser->err)
		return 0;
	err = config_take(parser->config, &parser->seen, section, name, value, &problem);
	if (err)
		complain(parser, err, err == -EINVAL ? problem.text : strerror(-err));
	return !err;
}

int config_parse(const char *name, const char *text, size_t size, struct digsig_config *config,
	struct config_problem *problem)
{
	struct parser parser = {
		.name = name, .at = text, .end = text + size, .config = config, .problem = problem
	};
	int line;

	config_set_defaults(config);
	line = ini_parse_stream(read_line, &parser, take_setting, &parser);
	if (line > 0) {
		parser.line = (unsigned int)line;
		complain(&parser, -EINVAL, "neither [section] nor NAME = VALUE nor a comment");
	} else if (line < 0) {
		complain(&parser, -ENOMEM, strerror(ENOMEM));
	}
	if (!parser.err) {
		parser.err = config_complete(config);
		if (parser.err)
			snprintf(problem->text, sizeof(problem->text), "%.200s: %s", name,
				strerror(-parser.err));
	}
	if (parser.err)
		config_free(config);
	return parser.err;
}

static int fail(struct config_problem *problem, const char *path, int err, const char *reason)
{
	snprintf(problem->text, sizeof(problem->text), "%.200s: %.280s", path, reason);
	return err;
}

/* The whole file into *text, to be freed. */
static int read_file(
	int fd, const char *path, char **text, size_t *size, struct config_problem *problem)
{
	struct stat st;
	int err;

	if (fstat(fd, &st))
		return fail(problem, path, -errno, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return fail(problem, path, -EINVAL, "not a regular file");
	/* Whoever can write it decides what runs. */
	if (st.st_mode & S_IWOTH)
		return fail(problem, path, -EINVAL, "everybody may write it: chmod o-w");
	*text = malloc(CONFIG_SIZE_MAX + 1);
	if (!*text)
		return fail(problem, path, -ENOMEM, strerror(ENOMEM));
	err = file_read_rest(fd, *text, CONFIG_SIZE_MAX, size);
	if (err == -EFBIG)
		return fail(problem, path, -EINVAL, "larger than 64 KiB: not a configuration");
	return err ? fail(problem, path, err, strerror(-err)) : 0;
}

int config_load(const char *path, struct digsig_config *config, struct config_problem *problem)
{
	const char *name = path ? path : CONFIG_FILE;
	int fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), err;
	char *text = NULL;
	size_t size = 0;

	*config = (struct digsig_config){ 0 };
	if (fd < 0 && errno == ENOENT && !path)
		return config_parse(name, "", 0, config, problem);
	if (fd < 0)
		return fail(problem, name, -errno, strerror(errno));
	err = read_file(fd, name, &text, &size, problem);
	close(fd);
	if (!err)
		err = config_parse(name, text, size, config, problem);
	free(text);
	return err;
}

static void free_paths(struct config_paths *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		free(paths->path[i]);
	paths->count = 0;
}

void config_free(struct digsig_config *config)
{
	char **texts[] = { &config->catalogs, &config->signing_key, &config->log_file,
		&config->fleet_group, &config->fleet_host, &config->fleet_server, &config->fleet_ca,
		&config->fleet_certificate, &config->fleet_key };

	free_paths(&config->trust);
	free_paths(&config->roots);
	free_paths(&config->fleet_trust);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		free(*texts[i]);
		*texts[i] = NULL;
	}
}
