/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DIGSIG_FLEET_BLOB_FETCH_H
#define DIGSIG_FLEET_BLOB_FETCH_H

#include "link.h"
#include "manifest.h"

/*
 * Fetches a blob from the server, part by part: blob->size bytes, to be freed, of which the digest was checked. 0;
 * -EBADMSG: the server has other bytes; -EFBIG: more than FLEET_BLOB_MAX; -ENOMEM; the errors of fleet_link_last.
 */
int fleet_blob_fetch(struct fleet_link *link, const struct fleet_blob *blob, void **bytes, char *problem);

#endif
