/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where received messages go. An output is a structure of functions and, behind it, what it knows; each kind has
 * a function here that opens one. The threads of a receiver share the outputs: put and happened are called by
 * several at once, unless the output says needs_lock.
 */
#ifndef KERNKIT_NETCON_OUTPUT_H
#define KERNKIT_NETCON_OUTPUT_H

#include <netinet/in.h>
#include <time.h>
#include "../netcon.h"

/* Who sent it. An IPv4 address is one of IPv6 that is mapped, as the sockets receive it. */
struct netcon_source {
	struct in6_addr address;
	in_port_t port; /* in the network's order */
	__u32 scope; /* of a link-local address: the interface; otherwise 0 */
};

enum { SOURCE_TEXT_MAX = INET6_ADDRSTRLEN + 24 };

/* "192.0.2.1", "2001:db8::1", "fe80::1%2": the address alone. text has room for SOURCE_TEXT_MAX. Returns text. */
char *source_print_address(char *text, const struct netcon_source *source);

/* "192.0.2.1:6665", "[2001:db8::1]:6665". */
char *source_print(char *text, const struct netcon_source *source);

/* A message, whole. */
struct received {
	struct netcon_source source;
	struct timespec arrived; /* CLOCK_REALTIME, of its last piece */
	struct netcon_message message; /* is_fragment is false, or is_torn is true */
	bool is_torn; /* pieces are missing, and it was given up: body is what there was, a zero byte where something is missing */
	size_t missing; /* then: how many bytes, of message.total */
	unsigned int joined; /* so many messages that continue it are in it: those with the numbers behind its own */
	bool is_late; /* one with a higher sequence number came before it */
	const char *boot_id; /* 36 characters and '\0', of the boot that it is from; NULL: not known */
};

/* What happens besides messages. first to last are sequence numbers, both included. */
enum happening {
	HAPPENED_LOST, /* the messages first to last did not come in time */
	HAPPENED_FOUND, /* those that were called lost came after all */
	HAPPENED_RESTART, /* the host has booted again: its sequence numbers begin anew */
	HAPPENED_NEW, /* a host that was not known; first is the sequence number of its first message */
	HAPPENED_FORGOTTEN, /* not heard of for long, or there was no room for it any more */
	HAPPENED_DROPPED, /* this receiver's own socket had no room for first datagrams, of whichever host */
};

struct happened {
	enum happening what;
	struct netcon_source source; /* not of HAPPENED_DROPPED */
	struct timespec when;
	__u64 first, last;
};

struct output {
	const char *name; /* for complaints */
	bool is_standard_output;
	bool needs_lock; /* put, happened and flush must not be called by two threads at once */
	/* 0, or a negative errno: the message could not be kept. */
	int (*put)(struct output *output, const struct received *received);
	int (*happened)(struct output *output, const struct happened *happened); /* NULL: it does not keep these */
	/*
	 * All that was put leaves this process, at the end of a batch; NULL: nothing to do. A negative errno: it has not, though
	 * an output with a queue of its own still tries.
	 */
	int (*flush)(struct output *output);
	int (*reopen)(struct output *output); /* files anew, after somebody renamed them (SIGHUP); NULL: nothing to do */
	int (*close)(struct output *output); /* the last flush; frees it */
	/*
	 * The last failure, of which err is the negative errno, in words that say more than strerror(3), and what about: text of
	 * the output, which lasts until its next call. NULL: strerror says it all.
	 */
	const char *(*explain)(struct output *output, int err);
};

/* Each: 0 and *output, or a negative errno. */

/* Readable lines on standard output; see lines.c for their form. */
int output_lines(struct output **output);

/* One JSON object a line, on standard output. */
int output_json(struct output **output);

/*
 * The journal, in native fields, by /run/systemd/journal/socket or the socket named; NULL: that one. An error of connect(2):
 * nobody reads there.
 */
int output_journal(const char *socket, struct output **output);

/*
 * RFC 5424 over UDP, TCP (octet counting, RFC 6587) or a local socket: "udp:HOST:PORT", "tcp:HOST:PORT",
 * "[V6ADDRESS]" for HOST, "unix:PATH" (datagrams). Without a port it is 514. Over TCP a server that does not answer is no error
 * here: messages wait in memory, within a bound. -EINVAL: place is not one of these; -EHOSTUNREACH: the name has no address.
 */
int output_syslog(const char *place, struct output **output);

struct file_rotation {
	__u64 size; /* a file that a line would make longer is renamed to NAME.1, NAME.1 to NAME.2 ...; 0: never */
	unsigned int keep; /* how many of these stay; 0: the file is removed */
};

/* A file for each address in folder, which must be there: "192.0.2.1.log", in the lines of output_lines or as JSON. */
int output_files(const char *folder, bool json, const struct file_rotation *rotation, struct output **output);

#endif
