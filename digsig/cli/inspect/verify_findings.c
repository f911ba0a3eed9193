// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify_findings.h"
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include "../../../lib/text/text.h"
#include "../../file/hash.h"
#include "../../format/inspect.h"
#include "../../trust/validity.h"
#include "../cli.h"

/* Whether a catalog has the file, as the kernel would find out: before it looks for a block. */
static int is_in_catalog(int fd, const struct catalog_set *catalogs,
	const struct file_progress *progress, struct file_judgement *judgement)
{
	struct stat st;
	int err;

	if (!catalogs)
		return 0;
	if (fstat(fd, &st))
		return -errno;
	err = file_hash(fd, (__u64)st.st_size, progress, judgement->digest);
	return err ? err : catalog_set_find(catalogs, judgement->digest, &judgement->signed_as);
}

static int judge_signatures(int fd, const char *path, const struct authority *authority,
	const struct file_progress *progress, struct findings *findings)
{
	struct file_judgement *judgement = &findings->judgement;
	int err = is_in_catalog(fd, authority->catalogs, progress, judgement);

	findings->is_catalogued = err > 0;
	judgement->verdict = DIGSIG_VERDICT_OK;
	if (err)
		return err < 0 ? err : 0;
	err = file_judge_watched(fd, authority->trust.store, 0, progress, judgement);
	if (err || judgement->verdict == DIGSIG_VERDICT_OK)
		return err;
	err = detached_judge(
		fd, path, authority->trust.store, progress, judgement, &findings->detached);
	/* What is wrong with a block outweighs what is wrong with a file next to it. */
	if (!err && judgement->verdict == DIGSIG_VERDICT_UNSIGNED)
		judgement->verdict = detached_verdict(&findings->detached);
	return err;
}

int findings_make(int fd, const char *path, const struct authority *authority,
	const struct file_progress *progress, struct findings *findings)
{
	int err = judge_signatures(fd, path, authority, progress, findings);

	if (!err)
		revocations_judge(&authority->revoked, &findings->judgement);
	return err;
}

/* Always, if wordy; else if the certificate is not valid now, which decides nothing. */
static void print_validity(const X509 *signer, bool is_wordy)
{
	struct certificate_validity validity;
	char text[VALIDITY_TEXT_SIZE], from[32], to[32];

	if (!signer)
		return;
	certificate_validity(signer, time(NULL), &validity);
	if (is_wordy) {
		validity_dates(&validity, from, to);
		printf(", by a certificate valid from %s to %s", from, to);
	}
	if (validity.state == VALIDITY_NOW)
		return;
	validity_describe(&validity, text);
	printf(is_wordy ? ": %s" : ", by a certificate %s", text);
}

static void print_good(const char *path, const struct findings *findings, bool is_wordy)
{
	fputs(": ok", stdout);
	if (findings->is_catalogued)
		fputs(", by a catalog", stdout);
	if (findings->detached.state == DETACHED_GOOD) {
		fputs(", by ", stdout);
		print_safely(stdout, path);
		fputs(DETACHED_SUFFIX, stdout);
	}
	print_validity(findings->judgement.signer, is_wordy);
	putchar('\n');
}

static void print_bad(const char *path, const struct findings *findings)
{
	const struct detached_finding *detached = &findings->detached;
	char text[512];

	/* The judgement's own reason: the file is unsigned where FILE.digsig decides. */
	file_judgement_describe(&findings->judgement, text, sizeof(text));
	printf(": %s: %s", digsig_verdict_name(findings->judgement.verdict), text);
	if (detached->state == DETACHED_OTHER || detached->state == DETACHED_BAD) {
		fputs(", and ", stdout);
		print_safely(stdout, path);
		fputs(DETACHED_SUFFIX, stdout);
	}
	if (detached->state == DETACHED_OTHER) {
		fputs(" is of another file, or of this one before it was changed", stdout);
	} else if (detached->state == DETACHED_BAD) {
		detached_describe(detached->error, &detached->problem, text, sizeof(text));
		printf(" is not good: %s", text);
	}
	putchar('\n');
}

void findings_print(const char *path, const struct findings *findings, bool is_wordy)
{
	print_safely(stdout, path);
	if (findings->judgement.verdict == DIGSIG_VERDICT_OK)
		print_good(path, findings, is_wordy);
	else
		print_bad(path, findings);
}

void findings_to_tree(const struct findings *findings, struct tree_finding *finding)
{
	const struct file_judgement *judgement = &findings->judgement;
	char text[256];

	finding->signer = judgement->signer;
	if (judgement->verdict == DIGSIG_VERDICT_OK)
		return;
	finding->outcome = TREE_FAILED;
	finding->exit_code = verdict_exit_code(judgement->verdict);
	finding->reason = digsig_verdict_name(judgement->verdict);
	file_judgement_describe(judgement, text, sizeof(text));
	snprintf(finding->text, sizeof(finding->text), "%s: %s", finding->reason, text);
}
