/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What JetStream answers when a message is published: ADR-1 and ADR-22 of nats-architecture-and-design. */
#ifndef KERNKIT_STREAM_PUBACK_H
#define KERNKIT_STREAM_PUBACK_H

#include "connection.h"

/* Fills kind and problem. What is no such answer is REFUSED_FOR_NOW. */
void puback_parse(const char *bytes, size_t size, struct acknowledgement *acknowledgement);

#endif
