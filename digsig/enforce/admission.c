// SPDX-License-Identifier: GPL-2.0-or-later
#include "admission.h"
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <string.h>
#include <unistd.h>
#include "../catalog/detached.h"
#include "load_catalog.h"

static struct admission_outcome admit_block(
	struct engine *engine, const struct signature_block *block)
{
	struct admission_outcome outcome = { .result = ADMISSION_REFUSED };
	struct digsig_reply reply;
	int err;

	if (block->defect) {
		outcome.verdict = DIGSIG_VERDICT_MALFORMED;
		outcome.defect = block->defect;
		return outcome;
	}
	err = engine_admit(engine, block, &reply);
	if (err)
		return (struct admission_outcome){ .result = ADMISSION_FAILED, .error = err };
	if (reply.verdict == DIGSIG_VERDICT_OK)
		outcome.result = ADMISSION_DONE;
	outcome.verdict = reply.verdict;
	return outcome;
}

static struct admission_outcome load_detached(struct engine *engine, const struct catalog *catalog)
{
	struct admission_outcome outcome = { .result = ADMISSION_REFUSED };
	struct catalog_load load;
	int err = engine_load_read_catalog(engine, catalog, &load);

	if (!err)
		return (struct admission_outcome){ .result = ADMISSION_DONE };
	if (err != -EKEYREJECTED && err != -EBADMSG)
		return (struct admission_outcome){ .result = ADMISSION_FAILED, .error = err };
	outcome.verdict = load.problem.verdict;
	outcome.catalog_defect = load.problem.defect;
	return outcome;
}

/* The file carries no block. It may be a detached signature, for another file. */
static struct admission_outcome admit_detached(struct engine *engine, int fd)
{
	struct admission_outcome outcome = { .result = ADMISSION_REFUSED };
	enum digsig_catalog_defect defect;
	struct catalog catalog;
	int err = detached_read(fd, &catalog, &defect);

	if (err == -ENODATA)
		return (struct admission_outcome){ .result = ADMISSION_UNSIGNED };
	if (err && err != -EBADMSG)
		return (struct admission_outcome){ .result = ADMISSION_FAILED, .error = err };
	if (err) {
		outcome.verdict = DIGSIG_VERDICT_MALFORMED;
		outcome.catalog_defect = defect;
	} else {
		outcome = load_detached(engine, &catalog);
		catalog_free(&catalog);
	}
	outcome.is_detached = true;
	return outcome;
}

struct admission_outcome admit_open_file(struct engine *engine, int fd)
{
	struct signature_block block;
	int err = signature_block_read(fd, &block);

	if (err)
		return (struct admission_outcome){ .result = ADMISSION_FAILED, .error = err };
	if (block.defect == DIGSIG_DEFECT_NO_FOOTER)
		return admit_detached(engine, fd);
	return admit_block(engine, &block);
}

struct admission_outcome admit_file(struct engine *engine, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct admission_outcome outcome;

	if (fd < 0)
		return (struct admission_outcome){ .result = ADMISSION_FAILED, .error = -errno };
	outcome = admit_open_file(engine, fd);
	close(fd);
	return outcome;
}

static bool visit_entry(const FTSENT *entry, tree_visitor *visit, void *context)
{
	switch (entry->fts_info) {
	case FTS_F:
		return visit(entry->fts_path, entry->fts_level == 0, 0, context);
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		return visit(entry->fts_path, entry->fts_level == 0, -entry->fts_errno, context);
	}
	return true;
}

void visit_files(const char *root, tree_visitor *visit, void *context)
{
	char *roots[] = { (char *)root, NULL };
	FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR | FTS_XDEV, NULL);
	bool wants_more = true;
	FTSENT *entry;

	if (!tree) {
		visit(root, true, -errno, context);
		return;
	}
	while (wants_more && (entry = fts_read(tree)))
		wants_more = visit_entry(entry, visit, context);
	if (wants_more && errno) /* fts_read(3) sets it to 0 at the end of the tree */
		visit(root, true, -errno, context);
	fts_close(tree);
}

const char *admission_reason(const struct admission_outcome *outcome)
{
	switch (outcome->result) {
	case ADMISSION_UNSIGNED:
		return digsig_defect_meaning(DIGSIG_DEFECT_NO_FOOTER);
	case ADMISSION_REFUSED:
		if (outcome->catalog_defect)
			return catalog_defect_meaning(outcome->catalog_defect);
		return outcome->defect ? digsig_defect_meaning(outcome->defect) :
					 digsig_verdict_meaning(outcome->verdict);
	case ADMISSION_FAILED:
		return outcome->error == -ENOSPC ? "no room for more: start the engine with a "
						   "larger --max-files" :
						   strerror(-outcome->error);
	case ADMISSION_DONE:
		break;
	}
	return "admitted";
}
