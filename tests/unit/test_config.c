// SPDX-License-Identifier: GPL-2.0-or-later
/* digsig.conf: what is taken, and what is refused with which words. */
#include "support.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "digsig/config/config.h"

static int parse(const char *text, struct digsig_config *config, struct config_problem *problem)
{
	return config_parse("digsig.conf", text, strlen(text), config, problem);
}

static void defaults(void **state)
{
	static const char *const texts[] = { "", "\n", "# nothing\n; here\n", "[engine]\n",
		"\xef\xbb\xbf[daemon]\n", "[scope]\n\n[engine]\n[daemon]" };
	struct config_problem problem;
	struct digsig_config config;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_int_equal(parse(texts[i], &config, &problem), 0);
		assert_int_equal(config.mode, DIGSIG_MODE_MONITOR);
		assert_int_equal(config.trust.count, 1);
		assert_string_equal(config.trust.path[0], "/etc/digsig/trust");
		assert_int_equal(config.wx, DIGSIG_WX_AUDIT);
		assert_int_equal(config.expiry, CONFIG_EXPIRY_WARN);
		assert_int_equal(config.max_files, 0);
		assert_null(config.catalogs);
		assert_int_equal(config.scopes, DIGSIG_SCOPES_DEFAULT);
		assert_int_equal(config.scopes & DIGSIG_SCOPE_FIRMWARE, 0);
		assert_int_equal(config.roots.count, 1);
		assert_string_equal(config.roots.path[0], "/usr");
		assert_null(config.log_file);
		assert_int_equal(config.max_file_size, 4ULL << 30);
		assert_int_equal(config.log_size, 16 * 1024 * 1024);
		assert_int_equal(config.log_keep, 4);
		assert_int_equal(config.rate, 10);
		assert_int_equal(config.rollback, 0);
		config_free(&config);
	}
}

static void everything(void **state)
{
	static const char text[] = "[engine]\r\n"
				   "mode = enforcing ; from now on\r\n"
				   "  trust=/a\n"
				   "\ttrust : /b//\n"
				   "wx = deny\n"
				   "expiry = refuse\n"
				   "max-files = 250000\n"
				   "max-file-size = 0.5G\n"
				   "catalogs = /var/lib/catalogs/\n"
				   "[scope]\n"
				   "firmware = on\n"
				   "exec = on\n"
				   "kexec = off\n"
				   "scripts = off\n"
				   "[daemon]\n"
				   "roots = /\n"
				   "roots = /opt\n"
				   "log-file = /var/log/with space\n"
				   "log-size = 2G\n"
				   "log-keep = 0\n"
				   "rollback = on\n"
				   "rate = 0";
	struct config_problem problem;
	struct digsig_config config;

	(void)state;
	assert_int_equal(parse(text, &config, &problem), 0);
	assert_int_equal(config.mode, DIGSIG_MODE_ENFORCING);
	assert_int_equal(config.trust.count, 2);
	assert_string_equal(config.trust.path[0], "/a");
	assert_string_equal(config.trust.path[1], "/b");
	assert_int_equal(config.wx, DIGSIG_WX_DENY);
	assert_int_equal(config.expiry, CONFIG_EXPIRY_REFUSE);
	assert_int_equal(config.max_files, 250000);
	assert_int_equal(config.max_file_size, 512 * 1024 * 1024);
	assert_string_equal(config.catalogs, "/var/lib/catalogs");
	assert_int_equal(config.scopes,
		(DIGSIG_SCOPES_DEFAULT | DIGSIG_SCOPE_FIRMWARE) &
			~(unsigned int)(DIGSIG_SCOPE_KEXEC | DIGSIG_SCOPE_SCRIPTS));
	assert_int_equal(config.roots.count, 2);
	assert_string_equal(config.roots.path[0], "/");
	assert_string_equal(config.log_file, "/var/log/with space");
	assert_int_equal(config.log_size, 2147483648);
	assert_int_equal(config.log_keep, 0);
	assert_int_equal(config.rate, 0);
	assert_int_equal(config.rollback, 1);
	config_free(&config);
}

static void errors(void **state)
{
	static const struct {
		const char *text, *problem;
	} cases[] = {
		{ "mode = monitor\n",
			"1: mode: a setting stands in a section: [engine], [scope], [daemon] or [fleet]" },
		{ "[engine]\nmode = off\n",
			"2: mode: off: the modes are monitor, permissive and enforcing" },
		{ "[engine]\nmode =\n",
			"2: mode: : the modes are monitor, permissive and enforcing" },
		{ "[engine]\n\nmode = monitor\nmode = monitor\n",
			"4: mode: given before, and may be given once" },
		{ "[engine]\nmode = monitor\n[scope]\n[engine]\nmode = monitor\n",
			"5: mode: given before, and may be given once" },
		{ "[engine]\ncolour = blue\n",
			"2: colour: no such setting in [engine]: see digsig.conf(5)" },
		{ "[scope]\nroots = /usr\n",
			"2: roots: no such setting in [scope]: see digsig.conf(5)" },
		{ "[engin]\n",
			"1: [engin]: no such section: there are [engine], [scope], [daemon] and [fleet]" },
		{ "[]\n", "1: []: no such section: there are [engine], [scope], [daemon] and [fleet]" },
		{ "#\n[engine\nmode = monitor\n", "2: a section ends with ]" },
		{ "[engine]\nmode\n", "2: neither [section] nor NAME = VALUE nor a comment" },
		{ "[engine]\ntrust = here\n", "2: trust: here: a path begins with /" },
		{ "[engine]\ntrust =\n", "2: trust: nothing given: a path begins with /" },
		{ "[engine]\nexpiry = never\n",
			"2: expiry: never: expiry is ignore, warn or refuse" },
		{ "[engine]\nwx = maybe\n", "2: wx: maybe: wx is allow, audit or deny" },
		{ "[engine]\nmax-files = 0\n",
			"2: max-files: 0: a number from 1 to 100000000" },
		{ "[engine]\nmax-files = 100000001\n",
			"2: max-files: 100000001: a number from 1 to 100000000" },
		{ "[engine]\nmax-files = -1\n",
			"2: max-files: -1: a number from 1 to 100000000" },
		{ "[engine]\nmax-files = 7 \n[scope]\nexec = yes\n",
			"4: exec: yes: it is on or off" },
		{ "[daemon]\nlog-size = 4095\n",
			"2: log-size: 4095: a size from 4K to 1024G: a number, and K, M or G" },
		{ "[daemon]\nlog-size = 16MB\n",
			"2: log-size: 16MB: a size from 4K to 1024G: a number, and K, M or G" },
		{ "[daemon]\nlog-size = 99999999999999999999\n",
			"2: log-size: 99999999999999999999: a size from 4K to 1024G: a number, and "
			"K, M or G" },
		{ "[daemon]\nlog-size = 18014398509481985G\n",
			"2: log-size: 18014398509481985G: a size from 4K to 1024G: a number, and "
			"K, M or G" },
		{ "[daemon]\nlog-size = 1.5\n",
			"2: log-size: 1.5: a size from 4K to 1024G: a number, and K, M or G" },
		{ "[daemon]\nlog-keep = 101\n", "2: log-keep: 101: a number from 0 to 100" },
		{ "[daemon]\nrate = 1.5\n", "2: rate: 1.5: a number from 0 to 86400" },
		{ "[fleet]\ngroup = Web\n", "2: group: Web: a group has 1 to 64 of a-z, 0-9, _ and -" },
		{ "[fleet]\ngroup =\n", "2: group: : a group has 1 to 64 of a-z, 0-9, _ and -" },
		{ "[fleet]\ngroup = web.1\n", "2: group: web.1: a group has 1 to 64 of a-z, 0-9, _ and -" },
		{ "[fleet]\nhost = a..b\n",
			"2: host: a..b: a host has 1 to 200 of a-z, 0-9, _ and -, and dots between them" },
		{ "[fleet]\nserver = web1:4222\n",
			"2: server: web1:4222: expected nats://HOST or tls://HOST, with commas between several" },
		{ "[fleet]\nserver = nats://a,\n",
			"2: server: nats://a,: expected nats://HOST or tls://HOST, with commas between several" },
		{ "[fleet]\nca = ca.pem\n", "2: ca: ca.pem: a path begins with /" },
		{ "[fleet]\nspool-size = 1\n",
			"2: spool-size: 1: a size from 4K to 1024G: a number, and K, M or G" },
		{ "[engine]\n trust = /a\n mode = x\n mode = y\n",
			"3: mode: x: the modes are monitor, permissive and enforcing" },
	};
	struct config_problem problem;
	struct digsig_config config;
	char expected[600];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(parse(cases[i].text, &config, &problem), -EINVAL);
		snprintf(expected, sizeof(expected), "digsig.conf:%s", cases[i].problem);
		assert_string_equal(problem.text, expected);
		assert_int_equal(config.trust.count, 0);
		assert_null(config.log_file);
	}
}

static void a_fleet(void **state)
{
	static const char text[] = "[fleet]\n"
				   "group = web\n"
				   "host = web1.example.org\n"
				   "trust = /a\n"
				   "trust = /b/\n"
				   "server = tls://a:4222,tls://b\n"
				   "ca = /t/ca.pem\n"
				   "certificate = /t/web1.pem\n"
				   "key = /t/web1.key\n"
				   "spool-size = 1G\n";
	struct config_problem problem;
	struct digsig_config config;
	char longest[128] = "[fleet]\ngroup = ";

	(void)state;
	assert_int_equal(parse(text, &config, &problem), 0);
	assert_string_equal(config.fleet_group, "web");
	assert_string_equal(config.fleet_host, "web1.example.org");
	assert_int_equal(config.fleet_trust.count, 2);
	assert_string_equal(config.fleet_trust.path[1], "/b");
	assert_string_equal(config.fleet_server, "tls://a:4222,tls://b");
	assert_string_equal(config.fleet_ca, "/t/ca.pem");
	assert_string_equal(config.fleet_certificate, "/t/web1.pem");
	assert_string_equal(config.fleet_key, "/t/web1.key");
	assert_int_equal(config.fleet_spool_size, 1 << 30);
	assert_string_equal(config.log_file, CONFIG_FLEET_LOG_FILE);
	config_free(&config);
	/* What holds without them; and without a group, nothing of it. */
	assert_int_equal(parse("[fleet]\ngroup = web\n[daemon]\nlog-file = /l\n", &config, &problem), 0);
	assert_int_equal(config.fleet_trust.count, 1);
	assert_string_equal(config.fleet_trust.path[0], "/etc/digsig/fleet");
	assert_string_equal(config.log_file, "/l");
	assert_null(config.fleet_server);
	assert_int_equal(config.fleet_spool_size, 64 << 20);
	config_free(&config);
	assert_int_equal(parse("[fleet]\nserver = nats://a\n", &config, &problem), 0);
	assert_null(config.fleet_group);
	assert_null(config.log_file);
	config_free(&config);
	/* As long as a name may be, and one more. */
	memset(longest + 16, 'x', 64);
	assert_int_equal(parse(longest, &config, &problem), 0);
	config_free(&config);
	longest[16 + 64] = 'x';
	assert_int_equal(parse(longest, &config, &problem), -EINVAL);
}

static void bounds(void **state)
{
	char text[CONFIG_SIZE_MAX], *end = text;
	struct config_problem problem;
	struct digsig_config config;

	(void)state;
	/* As many paths as there may be, and one more. */
	end += sprintf(end, "[daemon]\n");
	for (int i = 0; i < CONFIG_PATHS_MAX; i++)
		end += sprintf(end, "roots = /%d\n", i);
	assert_int_equal(parse(text, &config, &problem), 0);
	assert_int_equal(config.roots.count, CONFIG_PATHS_MAX);
	config_free(&config);
	sprintf(end, "roots = /more\n");
	assert_int_equal(parse(text, &config, &problem), -EINVAL);
	assert_string_equal(
		problem.text, "digsig.conf:34: roots: /more: more than 32 of these");
	/* A line as long as it may be, and one byte more. */
	for (int extra = 0; extra < 2; extra++) {
		end = text + sprintf(text, "[daemon]\nlog-file = /");
		memset(end, 'x', (size_t)(197 + extra - 12));
		strcpy(end + 197 + extra - 12, "\n");
		assert_int_equal(parse(text, &config, &problem), extra ? -EINVAL : 0);
		if (extra)
			assert_string_equal(problem.text, "digsig.conf:2: longer than 197 bytes");
		else
			assert_int_equal(strlen(config.log_file), 197 - 11);
		config_free(&config);
	}
	assert_int_equal(config_parse("digsig.conf", "[engine]\nmode\0= x", 17, &config, &problem),
		-EINVAL);
	assert_string_equal(problem.text, "digsig.conf:2: a NUL byte: this is not a text");
}

static void files(void **state)
{
	char path[] = "/tmp/digsig-config-XXXXXX", expected[128];
	int fd = mkstemp(path);
	struct config_problem problem;
	struct digsig_config config;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(dprintf(fd, "[engine]\nmode = permissive\n"), 27);
	assert_int_equal(config_load(path, &config, &problem), 0);
	assert_int_equal(config.mode, DIGSIG_MODE_PERMISSIVE);
	config_free(&config);
	assert_int_equal(fchmod(fd, 0666), 0);
	assert_int_equal(config_load(path, &config, &problem), -EINVAL);
	snprintf(expected, sizeof(expected), "%s: everybody may write it: chmod o-w", path);
	assert_string_equal(problem.text, expected);
	assert_int_equal(fchmod(fd, 0600), 0);
	assert_int_equal(ftruncate(fd, CONFIG_SIZE_MAX + 1), 0);
	assert_int_equal(config_load(path, &config, &problem), -EINVAL);
	snprintf(expected, sizeof(expected), "%s: larger than 64 KiB: not a configuration", path);
	assert_string_equal(problem.text, expected);
	close(fd);
	unlink(path);
	assert_int_equal(config_load(path, &config, &problem), -ENOENT);
	assert_int_equal(config_load("/tmp", &config, &problem), -EINVAL);
	assert_string_equal(problem.text, "/tmp: not a regular file");
}

/* The example that is installed is what it says: the defaults. */
static void example(void **state)
{
	struct config_problem problem;
	struct digsig_config config;
	struct bytes text;
	char line[256], *whole;
	size_t size = 0;
	FILE *file = fopen(EXAMPLE_CONFIG, "re");

	(void)state;
	assert_non_null(file);
	bytes_load(&text, EXAMPLE_CONFIG);
	whole = malloc(text.size);
	assert_non_null(whole);
	/* With the settings that are commented out. */
	while (fgets(line, sizeof(line), file)) {
		const char *at = line[0] == '#' && line[1] != ' ' ? line + 1 : line;

		memcpy(whole + size, at, strlen(at));
		size += strlen(at);
	}
	fclose(file);
	assert_int_equal(config_parse("example", whole, size, &config, &problem), 0);
	assert_int_equal(config.mode, DIGSIG_MODE_MONITOR);
	assert_int_equal(config.wx, DIGSIG_WX_AUDIT);
	assert_int_equal(config.max_files, 65536);
	assert_int_equal(config.scopes, DIGSIG_SCOPES_DEFAULT);
	assert_int_equal(config.log_size, 16 * 1024 * 1024);
	assert_int_equal(config.log_keep, 4);
	assert_int_equal(config.rate, 10);
	assert_string_equal(config.roots.path[0], "/usr");
	assert_string_equal(config.trust.path[0], "/etc/digsig/trust");
	config_free(&config);
	free(whole);
	bytes_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(everything),
		cmocka_unit_test(errors),
		cmocka_unit_test(a_fleet),
		cmocka_unit_test(bounds),
		cmocka_unit_test(files),
		cmocka_unit_test(example),
	};

	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
