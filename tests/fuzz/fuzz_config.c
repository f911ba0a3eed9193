// SPDX-License-Identifier: GPL-2.0-or-later
/* digsig.conf: any text gives a configuration whose settings keep their bounds, or one line of error. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "digsig/config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_paths(const struct config_paths *paths)
{
	if (!paths->count || paths->count > CONFIG_PATHS_MAX)
		abort();
	for (size_t i = 0; i < paths->count; i++)
		if (paths->path[i][0] != '/')
			abort();
}

static void check_settings(const struct digsig_config *config)
{
	check_paths(&config->trust);
	check_paths(&config->roots);
	if (config->mode < DIGSIG_MODE_MONITOR || config->mode > DIGSIG_MODE_ENFORCING ||
		config->wx > DIGSIG_WX_DENY || config->scopes >= DIGSIG_SCOPE_KEXEC << 1 ||
		config->max_files > 100000000 || config->log_keep > 100 || config->rate > 86400 ||
		config->log_size < CONFIG_BYTES_MIN || config->log_size > CONFIG_BYTES_MAX ||
		config->max_file_size < CONFIG_BYTES_MIN || config->max_file_size > CONFIG_BYTES_MAX)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct config_problem problem = { "" };
	struct digsig_config config;
	/* A copy of its own size: reading past it is found. */
	char *text = malloc(size ? size : 1);

	if (!text)
		return 0;
	memcpy(text, data, size);
	if (!config_parse("digsig.conf", text, size, &config, &problem)) {
		check_settings(&config);
		config_free(&config);
	} else if (!*problem.text || strchr(problem.text, '\n') ||
		strlen(problem.text) == sizeof(problem.text)) {
		abort();
	}
	free(text);
	return 0;
}
