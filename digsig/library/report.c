// SPDX-License-Identifier: GPL-2.0-or-later
#include "report.h"
#include <errno.h>
#include <stdlib.h>
#include "../digsig.h"
#include "../../lib/text/text.h"

int report_complete(struct digsig_report *report)
{
	struct file_judgement *judgement = &report->judgement;

	file_judgement_describe(judgement, report->reason, sizeof(report->reason));
	if (!judgement->block.defect)
		digsig_copy_identity(report->identity, signature_block_manifest(&judgement->block));
	if (judgement->signer) {
		int size = i2d_X509(judgement->signer, &report->certificate);

		if (size <= 0)
			return -ENOMEM;
		report->certificate_size = (size_t)size;
		judgement->signer = NULL; /* the trust's, which may go before the report */
	}
	return 0;
}

void digsig_report_free(struct digsig_report *report)
{
	if (!report)
		return;
	OPENSSL_free(report->certificate);
	free(report);
}

enum digsig_verdict digsig_report_verdict(const struct digsig_report *report)
{
	return report ? report->judgement.verdict : DIGSIG_VERDICT_FAULT;
}

const char *digsig_report_reason(const struct digsig_report *report)
{
	return report ? report->reason : digsig_verdict_meaning(DIGSIG_VERDICT_FAULT);
}

/* NULL: there is no block, or none that can be believed to be one. */
static const struct digsig_manifest *manifest_of(const struct digsig_report *report)
{
	return report && !report->judgement.block.defect
		? signature_block_manifest(&report->judgement.block)
		: NULL;
}

const void *digsig_report_block(const struct digsig_report *report, size_t *size)
{
	const struct digsig_manifest *manifest = manifest_of(report);

	if (size)
		*size = manifest ? report->judgement.block.size : 0;
	return manifest;
}

const char *digsig_report_identity(const struct digsig_report *report)
{
	return report && *report->identity ? report->identity : NULL;
}

uint64_t digsig_report_epoch(const struct digsig_report *report)
{
	const struct digsig_manifest *manifest = manifest_of(report);

	return manifest ? digsig_le64(manifest->epoch) : 0;
}

uint64_t digsig_report_signing_time(const struct digsig_report *report)
{
	const struct digsig_manifest *manifest = manifest_of(report);

	return manifest ? digsig_le64(manifest->signing_time) : 0;
}

uint32_t digsig_report_flags(const struct digsig_report *report)
{
	const struct digsig_manifest *manifest = manifest_of(report);

	return manifest ? digsig_le32(manifest->flags) : 0;
}

const unsigned char *digsig_report_key_id(const struct digsig_report *report)
{
	const struct digsig_manifest *manifest = manifest_of(report);

	return manifest ? manifest->key_id : NULL;
}

const unsigned char *digsig_report_certificate(const struct digsig_report *report, size_t *size)
{
	if (size)
		*size = report ? report->certificate_size : 0;
	return report ? report->certificate : NULL;
}

const unsigned char *digsig_report_digest(const struct digsig_report *report)
{
	return report && report->judgement.is_hashed ? report->judgement.digest : NULL;
}
