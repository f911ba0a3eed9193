/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON that a host sent, who may be in anybody's hands. */
#ifndef DIGSIG_FLEET_HOSTILE_JSON_H
#define DIGSIG_FLEET_HOSTILE_JSON_H

#include <json-c/json.h>
#include <stddef.h>

/* One object of at most most bytes and few levels: 0; -EBADMSG: it is not that; -ENOMEM. */
int hostile_json_parse(const char *bytes, size_t size, size_t most, struct json_object **object);

/* A member that is a string; "": there is none. The object's own. */
const char *hostile_json_text(struct json_object *object, const char *name);

#endif
