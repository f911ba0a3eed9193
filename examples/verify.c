/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verifies a file with libdigsig:
 *
 *   cc -o verify verify.c $(pkg-config --cflags --libs digsig)
 *   ./verify CERT|DIR FILE
 *
 * Exit code: 0 every byte is what a key of the trust signed; 1 it is not; 2 that was not found out.
 */
#include <stdio.h>
#include <digsig/digsig.h>

static int print(const char *path, const struct digsig_report *report)
{
	enum digsig_verdict verdict = digsig_report_verdict(report);

	printf("%s: %s: %s\n", path, digsig_verdict_name(verdict), digsig_report_reason(report));
	if (verdict != DIGSIG_VERDICT_OK)
		return 1;
	printf("epoch %llu, signed at %llu, key id ",
		(unsigned long long)digsig_report_epoch(report),
		(unsigned long long)digsig_report_signing_time(report));
	for (int i = 0; i < 20; i++)
		printf("%02x", digsig_report_key_id(report)[i]);
	putchar('\n');
	return 0;
}

int main(int argc, char **argv)
{
	struct digsig_trust *trust = NULL;
	struct digsig_report *report = NULL;
	struct digsig_error error = { "out of memory" };
	int status = 2;

	if (argc != 3) {
		fprintf(stderr, "usage: verify CERT|DIR FILE\n");
		return 2;
	}
	if (digsig_trust_new(&trust) || digsig_trust_add_path(trust, argv[1], &error) ||
		digsig_verify_path(trust, argv[2], &report, &error))
		fprintf(stderr, "verify: %s\n", error.text);
	else
		status = print(argv[2], report);
	digsig_report_free(report);
	digsig_trust_free(trust);
	return status;
}
