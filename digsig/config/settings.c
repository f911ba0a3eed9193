// SPDX-License-Identifier: GPL-2.0-or-later
#include "settings.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/text/number.h"
#include "../../lib/text/size.h"
#include "fleet_name.h"
#include "words.h"

struct setting {
	const char *section, *name;
	bool may_repeat;
	/* field: the member of struct digsig_config; number: what the setting stands for in it. */
	int (*take)(void *field, const char *value, unsigned int number,
		struct config_problem *problem);
	size_t offset;
	unsigned int number;
};

static int wrong(struct config_problem *problem, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int wrong(struct config_problem *problem, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(problem->text, sizeof(problem->text), format, arguments);
	va_end(arguments);
	return -EINVAL;
}

static int take_mode(
	void *field, const char *value, unsigned int number, struct config_problem *problem)
{
	(void)number;
	if (config_word_value(config_modes, value, field))
		return 0;
	return wrong(problem, "%s: the modes are monitor, permissive and enforcing", value);
}

static int take_expiry(
	void *field, const char *value, unsigned int number, struct config_problem *problem)
{
	(void)number;
	if (config_word_value(config_expiries, value, field))
		return 0;
	return wrong(problem, "%s: expiry is ignore, warn or refuse", value);
}

static int take_wx(
	void *field, const char *value, unsigned int number, struct config_problem *problem)
{
	(void)number;
	if (config_word_value(config_wx_policies, value, field))
		return 0;
	return wrong(problem, "%s: wx is allow, audit or deny", value);
}

/* One bit of the field. */
static int take_switch(
	void *field, const char *value, unsigned int number, struct config_problem *problem)
{
	unsigned int *bits = field;

	if (!strcmp(value, "on"))
		*bits |= number;
	else if (!strcmp(value, "off"))
		*bits &= ~number;
	else
		return wrong(problem, "%s: it is on or off", value);
	return 0;
}

static int take_count(unsigned int *field, const char *value, unsigned int least,
	unsigned int most, struct config_problem *problem)
{
	__u64 number;

	if (number_parse(value, least, most, &number))
		return wrong(problem, "%s: a number from %u to %u", value, least, most);
	*field = (unsigned int)number;
	return 0;
}

static int take_max_files(
	void *field, const char *value, unsigned int number, struct config_problem *problem)
{
	return take_count(field, value, 1, number, problem);
}

static int take_number(
	void *field, const char *value, unsigned int number, struct config_problem *problem)
{
	return take_count(field, value, 0, number, problem);
}

bool config_parse_bytes(const char *text, __u64 *bytes)
{
	return !size_parse(text, CONFIG_BYTES_MIN, CONFIG_BYTES_MAX, bytes);
}

static int take_size(
	void *field, const char *value, unsigned int number, struct config_problem *problem)
{
	(void)number;
	return config_parse_bytes(value, field) ?
		0 :
		wrong(problem, "%s: " CONFIG_BYTES_RULE, value);
}

/* Without slashes at its end. */
static int copy_path(char **path, const char *value, struct config_problem *problem)
{
	size_t length = strlen(value);

	if (*value != '/')
		return wrong(problem, "%s: a path begins with /", *value ? value : "nothing given");
	while (length > 1 && value[length - 1] == '/')
		length--;
	*path = strndup(value, length);
	return *path ? 0 : -ENOMEM;
}

static int take_path(
	void *field, const char *value, unsigned int number, struct config_problem *problem)
{
	(void)number;
	return copy_path(field, value, problem);
}

static int add_path(struct config_paths *paths, const char *value, struct config_problem *problem)
{
	int err = copy_path(&paths->path[paths->count], value, problem);

	if (!err)
		paths->count++;
	return err;
}

static int take_paths(
	void *field, const char *value, unsigned int number, struct config_problem *problem)
{
	struct config_paths *paths = field;

	(void)number;
	if (paths->count == CONFIG_PATHS_MAX)
		return wrong(problem, "%s: more than %d of these", value, CONFIG_PATHS_MAX);
	return add_path(paths, value, problem);
}

static int copy_text(char **text, const char *value)
{
	*text = strdup(value);
	return *text ? 0 : -ENOMEM;
}

static int take_group(
	void *field, const char *value, unsigned int number, struct config_problem *problem)
{
	(void)number;
	return fleet_is_group(value) ?
		copy_text(field, value) :
		wrong(problem, "%s: a group has 1 to 64 of a-z, 0-9, _ and -", value);
}

static int take_host(
	void *field, const char *value, unsigned int number, struct config_problem *problem)
{
	(void)number;
	return fleet_is_host(value) ?
		copy_text(field, value) :
		wrong(problem, "%s: a host has 1 to 200 of a-z, 0-9, _ and -, and dots between them",
			value);
}

/* "nats://A,tls://B": what is behind the schemes is the library's to judge. */
static bool is_server_list(const char *value)
{
	if (value[strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				"-._~:/?#[]@!$&'()*+,;=%")])
		return false;
	for (;;) {
		size_t scheme = !strncmp(value, "nats://", 7) ? 7 : !strncmp(value, "tls://", 6) ? 6 : 0;
		size_t length = strcspn(value, ",");

		if (!scheme || length <= scheme)
			return false;
		if (!value[length])
			return true;
		value += length + 1;
	}
}

static int take_server(
	void *field, const char *value, unsigned int number, struct config_problem *problem)
{
	(void)number;
	return is_server_list(value) ?
		copy_text(field, value) :
		wrong(problem, "%s: expected nats://HOST or tls://HOST, with commas between several",
			value);
}

#define FIELD(member) offsetof(struct digsig_config, member)

static const struct setting settings[] = {
	{ "engine", "mode", false, take_mode, FIELD(mode), 0 },
	{ "engine", "trust", true, take_paths, FIELD(trust), 0 },
	{ "engine", "expiry", false, take_expiry, FIELD(expiry), 0 },
	{ "engine", "wx", false, take_wx, FIELD(wx), 0 },
	{ "engine", "max-files", false, take_max_files, FIELD(max_files), 100000000 },
	{ "engine", "max-file-size", false, take_size, FIELD(max_file_size), 0 },
	{ "engine", "catalogs", false, take_path, FIELD(catalogs), 0 },
	{ "engine", "signing-key", false, take_path, FIELD(signing_key), 0 },
	{ "scope", "exec", false, take_switch, FIELD(scopes), DIGSIG_SCOPE_EXEC },
	{ "scope", "mmap", false, take_switch, FIELD(scopes), DIGSIG_SCOPE_MMAP },
	{ "scope", "mprotect", false, take_switch, FIELD(scopes), DIGSIG_SCOPE_MPROTECT },
	{ "scope", "scripts", false, take_switch, FIELD(scopes), DIGSIG_SCOPE_SCRIPTS },
	{ "scope", "modules", false, take_switch, FIELD(scopes), DIGSIG_SCOPE_MODULES },
	{ "scope", "firmware", false, take_switch, FIELD(scopes), DIGSIG_SCOPE_FIRMWARE },
	{ "scope", "kexec", false, take_switch, FIELD(scopes), DIGSIG_SCOPE_KEXEC },
	{ "daemon", "roots", true, take_paths, FIELD(roots), 0 },
	{ "daemon", "log-file", false, take_path, FIELD(log_file), 0 },
	{ "daemon", "log-size", false, take_size, FIELD(log_size), 0 },
	{ "daemon", "log-keep", false, take_number, FIELD(log_keep), 100 },
	{ "daemon", "rollback", false, take_switch, FIELD(rollback), 1 },
	{ "daemon", "rate", false, take_number, FIELD(rate), 86400 },
	{ "fleet", "group", false, take_group, FIELD(fleet_group), 0 },
	{ "fleet", "host", false, take_host, FIELD(fleet_host), 0 },
	{ "fleet", "trust", true, take_paths, FIELD(fleet_trust), 0 },
	{ "fleet", "server", false, take_server, FIELD(fleet_server), 0 },
	{ "fleet", "ca", false, take_path, FIELD(fleet_ca), 0 },
	{ "fleet", "certificate", false, take_path, FIELD(fleet_certificate), 0 },
	{ "fleet", "key", false, take_path, FIELD(fleet_key), 0 },
	{ "fleet", "spool-size", false, take_size, FIELD(fleet_spool_size), 0 },
};

#define SETTINGS_COUNT (sizeof(settings) / sizeof(settings[0]))
_Static_assert(SETTINGS_COUNT <= CONFIG_SETTINGS_MAX, "a bit each in *seen");

bool config_section_exists(const char *section)
{
	for (size_t i = 0; i < SETTINGS_COUNT; i++)
		if (!strcmp(settings[i].section, section))
			return true;
	return false;
}

int config_take(struct digsig_config *config, __u32 *seen, const char *section, const char *name,
	const char *value, struct config_problem *problem)
{
	struct config_problem detail;
	int err;

	if (!*section)
		return wrong(problem, "%s: a setting stands in a section: [engine], [scope], "
				      "[daemon] or [fleet]",
			name);
	for (size_t i = 0; i < SETTINGS_COUNT; i++) {
		const struct setting *setting = &settings[i];

		if (strcmp(setting->section, section) || strcmp(setting->name, name))
			continue;
		if (*seen & 1U << i && !setting->may_repeat)
			return wrong(problem, "%s: given before, and may be given once", name);
		*seen |= 1U << i;
		err = setting->take((char *)config + setting->offset, value, setting->number,
			&detail);
		return err == -EINVAL ? wrong(problem, "%s: %.400s", name, detail.text) : err;
	}
	return wrong(problem, "%s: no such setting in [%s]: see digsig.conf(5)", name, section);
}

void config_set_defaults(struct digsig_config *config)
{
	*config = (struct digsig_config){
		.mode = DIGSIG_MODE_MONITOR,
		.expiry = CONFIG_EXPIRY_WARN,
		.wx = DIGSIG_WX_AUDIT,
		.scopes = DIGSIG_SCOPES_DEFAULT,
		.max_file_size = DIGSIG_MAX_FILE_SIZE_DEFAULT,
		.log_size = 16 * 1024 * 1024,
		.log_keep = 4,
		.rate = 10,
		.fleet_spool_size = 64 * 1024 * 1024,
	};
}

/* In an initramfs the machine has no name yet: that is no error. */
static int take_host_name(struct digsig_config *config)
{
	char name[FLEET_HOST_MAX + 2] = "";

	if (gethostname(name, sizeof(name) - 1))
		return 0;
	for (char *at = name; *at; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at += 'a' - 'A';
	return fleet_is_host(name) ? copy_text(&config->fleet_host, name) : 0;
}

static int complete_fleet(struct digsig_config *config)
{
	struct config_problem unused;
	int err = 0;

	if (!config->fleet_trust.count)
		err = add_path(&config->fleet_trust, "/etc/digsig/fleet", &unused);
	if (!err && !config->log_file)
		err = copy_text(&config->log_file, CONFIG_FLEET_LOG_FILE);
	if (!err && !config->fleet_host)
		err = take_host_name(config);
	return err;
}

int config_complete(struct digsig_config *config)
{
	struct config_problem unused;
	int err = 0;

	if (!config->trust.count)
		err = add_path(&config->trust, CONFIG_TRUST, &unused);
	if (!err && !config->roots.count)
		err = add_path(&config->roots, "/usr", &unused);
	if (!err && config->fleet_group)
		err = complete_fleet(config);
	return err;
}
