// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Puts a certificate into a trusted keyring, or spoils it: add-key [-m] HOW RING FILE.der, where HOW
 * is add, link, clear, revoke, invalidate, chown, setperm or unlink (from root's keyring). The ring is
 * given by its serial number, or found in /proc/keys by a part of its description; "add-key find
 * NAME" prints the number, for those who cannot see it there. "link" first adds the key to a ring of its own
 * and links it over. -m makes a ring of that name first, which nobody protects. "add-key issued CA.der
 * FILE.der" makes a ring that lets in what that CA's key signed, and adds the file.
 */
#include <keyutils.h>
#include <unistd.h>
#include "report.h"

static key_serial_t find_ring(const char *name)
{
	FILE *keys = fopen("/proc/keys", "r");
	char line[512], type[32], description[256];
	unsigned int serial;
	char *end;
	long number = strtol(name, &end, 10);

	if (number > 0 && !*end)
		return (key_serial_t)number;
	while (keys && fgets(line, sizeof(line), keys))
		if (sscanf(line, "%x %*s %*s %*s %*s %*s %*s %31s %255s", &serial, type, description) == 3 &&
			!strcmp(type, "keyring") && strstr(description, name))
			return (key_serial_t)serial;
	fprintf(stderr, "add-key: no ring is called %s\n", name);
	exit(2);
}

static size_t read_certificate(const char *path, unsigned char *bytes, size_t room)
{
	FILE *file = fopen(path, "rb");
	size_t size;

	if (!file)
		refused(path);
	size = fread(bytes, 1, room, file);
	fclose(file);
	return size;
}

static void add_issued(const char *authority, const char *certificate)
{
	static unsigned char bytes[65536];
	key_serial_t authorities, issued;
	char restriction[64];
	size_t size = read_certificate(authority, bytes, sizeof(bytes));

	authorities = add_key("keyring", "authorities", NULL, 0, KEY_SPEC_PROCESS_KEYRING);
	issued = add_key("keyring", "issued", NULL, 0, KEY_SPEC_PROCESS_KEYRING);
	snprintf(restriction, sizeof(restriction), "key_or_keyring:%d", authorities);
	if (add_key("asymmetric", NULL, bytes, size, authorities) < 0 ||
		keyctl_restrict_keyring(issued, "asymmetric", restriction)) {
		fprintf(stderr, "add-key: no ring for what a CA issued\n");
		exit(2);
	}
	size = read_certificate(certificate, bytes, sizeof(bytes));
	if (add_key("asymmetric", NULL, bytes, size, issued) < 0)
		refused("add_key");
	printf("INTRUDER is issued\n");
}

int main(int argc, char **argv)
{
	static unsigned char certificate[65536];
	int make = argc == 5 && !strcmp(argv[1], "-m");
	key_serial_t ring, own, key;
	size_t size;

	if (argc == 4 && !strcmp(argv[1], "issued")) {
		add_issued(argv[2], argv[3]);
		return 0;
	}
	if (argc == 3 && !strcmp(argv[1], "find")) {
		printf("%d\n", find_ring(argv[2]));
		return 0;
	}
	if (argc != 4 + make)
		misused("add-key find NAME | issued CA.der FILE.der | [-m] HOW RING FILE.der");
	argv += make;
	size = read_certificate(argv[3], certificate, sizeof(certificate));
	if (make)
		ring = add_key("keyring", argv[2], NULL, 0, KEY_SPEC_PROCESS_KEYRING);
	else
		ring = find_ring(argv[2]);
	if (ring < 0)
		refused("add_key");
	if (!strcmp(argv[1], "add")) {
		if (add_key("asymmetric", "intruder", certificate, size, ring) < 0)
			refused("add_key");
	} else if (!strcmp(argv[1], "link")) {
		own = add_key("keyring", "intruders", NULL, 0, KEY_SPEC_PROCESS_KEYRING);
		key = add_key("asymmetric", "intruder", certificate, size, own);
		if (own < 0 || key < 0) {
			fprintf(stderr, "add-key: not even to a ring of its own\n");
			return 2;
		}
		if (keyctl_link(key, ring))
			refused("keyctl_link");
	} else if (!strcmp(argv[1], "clear")) {
		if (keyctl_clear(ring))
			refused("keyctl_clear");
	} else if (!strcmp(argv[1], "revoke")) {
		if (keyctl_revoke(ring))
			refused("keyctl_revoke");
	} else if (!strcmp(argv[1], "invalidate")) {
		if (keyctl_invalidate(ring))
			refused("keyctl_invalidate");
	} else if (!strcmp(argv[1], "chown")) {
		if (keyctl_chown(ring, 1000, 1000))
			refused("keyctl_chown");
	} else if (!strcmp(argv[1], "setperm")) {
		if (keyctl_setperm(ring, KEY_POS_ALL | KEY_USR_ALL | KEY_OTH_ALL))
			refused("keyctl_setperm");
	} else if (!strcmp(argv[1], "unlink")) {
		if (keyctl_unlink(ring, KEY_SPEC_USER_KEYRING))
			refused("keyctl_unlink");
	} else {
		misused("add-key find NAME | issued CA.der FILE.der | [-m] HOW RING FILE.der");
	}
	printf("INTRUDER changed the ring %s\n", argv[2]);
	return 0;
}
