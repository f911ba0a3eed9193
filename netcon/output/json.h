/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages, and what happens besides, as JSON objects. netcon(1) lists the members. */
#ifndef KERNKIT_NETCON_JSON_H
#define KERNKIT_NETCON_JSON_H

#include <json-c/json.h>
#include "output.h"

/* A new object, the caller's; NULL: memory is short. */
struct json_object *json_of(const struct received *received);
struct json_object *json_of_happened(const struct happened *happened);

#endif
