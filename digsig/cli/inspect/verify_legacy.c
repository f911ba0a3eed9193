// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify_legacy.h"
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "../../../lib/text/json.h"
#include "../../file/legacy.h"
#include "../../../lib/text/text.h"
#include "../cli.h"
#include "../trust_option.h"

static int exit_code(enum legacy_state state)
{
	switch (state) {
	case LEGACY_NONE:
		return EXIT_NO_HASH;
	case LEGACY_CHANGED:
		return EXIT_TAMPERED;
	case LEGACY_HASHED:
		return EXIT_UNSIGNED;
	case LEGACY_UNCHECKED:
	case LEGACY_BAD:
		return EXIT_BAD_SIGNATURE;
	case LEGACY_GOOD:
		break;
	}
	return EXIT_OK;
}

int verify_legacy_file(const char *path, const char *keyring, bool quiet)
{
	struct legacy_finding finding;
	int code, err, fd = open_to_judge(path, &code);

	if (fd < 0)
		return code;
	err = legacy_judge(fd, keyring, &finding);
	close(fd);
	if (err == -ENOPKG) {
		complain("gpgv is not installed");
		return EXIT_ERROR;
	}
	if (err) {
		complain("%s: cannot be read: %s", path, strerror(-err));
		return EXIT_ERROR;
	}
	if (!quiet) {
		print_safely(stdout, path);
		if (finding.state != LEGACY_NONE)
			printf(": legacy, by bsign %s", finding.section.version);
		printf(": %s\n", legacy_meaning(finding.state));
	}
	return exit_code(finding.state);
}

void show_legacy(int fd, struct json_object *object)
{
	struct legacy_finding finding;
	struct json_object *legacy;

	if (legacy_judge(fd, NULL, &finding) || finding.state == LEGACY_NONE)
		return;
	if (!object) {
		printf("  legacy:    by bsign %s, never trusted: %s\n", finding.section.version,
			legacy_meaning(finding.state));
		return;
	}
	legacy = json_object_new_object();
	json_object_object_add(legacy, "version", json_object_new_string(finding.section.version));
	json_object_object_add(
		legacy, "why", json_object_new_string(legacy_meaning(finding.state)));
	json_add_flag(legacy, "sha1_fits", finding.state != LEGACY_CHANGED);
	json_object_object_add(legacy, "signature_size",
		json_object_new_uint64(finding.section.signature_size));
	json_object_object_add(object, "legacy", legacy);
}
