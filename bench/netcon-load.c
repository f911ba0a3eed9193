// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernels of many hosts, for measuring what receives them: datagrams to 127.0.0.1, each from the address of its
 * host in 127.0.0.0/8, all of it by one socket.
 *
 *	netcon-load [-p PORT] [-r RATE] [-n MESSAGES] [-s SIZE] [-m ROOM] [-H HOSTS] [-S] hosts|flood
 *
 * hosts: MESSAGES of SIZE bytes of text, from each host in turn, RATE a second (default: as fast as it goes). What is
 * longer than a datagram of ROOM bytes comes in pieces: the first piece of all hosts' messages, then the second of
 * all, and so on. flood: each message, or the first piece of it, from a random address, and besides them one message
 * every 10 ms from each of HOSTS, for two seconds before the flood and for one after it. -S: the same bytes as syslog
 * (RFC 3164). Prints what it sent; the last word is how many messages were real ones.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "../netcon/netcon.h"

enum { BATCH = 64, PIECES_MAX = 256, REAL_INTERVAL_US = 10000 };

/* Both headers are of one size, so that the datagrams are: "6.1.0-21,6,1000000000,100000000000,-;". */
#define FIRST_SEQUENCE 1000000000ULL
#define FIRST_TIME 100000000000ULL
#define RELEASE "6.1.0-21"
#define SYSLOG_HEADER "<6>Jan 31 12:00:00 simulated kernel: "

#define FIRST_HOST 0x7f010000U /* 127.1.0.0 */
#define FIRST_FORGED 0x7f800000U /* 127.128.0.0 */

struct load {
	unsigned long port, rate, messages, size, room, hosts;
	int is_syslog;
	int descriptor;
	struct sockaddr_in to;
	char *text;
	double begun;
	unsigned long long sent, real; /* datagrams; messages of hosts that are not forged */
	unsigned int waiting; /* datagrams in headers */
	struct mmsghdr headers[BATCH];
	struct iovec places[BATCH];
	char bytes[BATCH][2048];
	char controls[BATCH][CMSG_SPACE(sizeof(struct in_pktinfo))] __attribute__((aligned(8)));
};

/* The datagrams of a message. */
struct datagrams {
	unsigned int count;
	size_t sizes[PIECES_MAX];
	char bytes[PIECES_MAX][2048];
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void wait_until(double moment)
{
	const struct timespec time = { (time_t)moment, (long)((moment - (double)(time_t)moment) * 1e9) };

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
}

static void send_batch(struct load *load)
{
	unsigned int done = 0;

	while (done < load->waiting) {
		int sent = sendmmsg(load->descriptor, load->headers + done, load->waiting - done, 0);

		if (sent < 0 && errno != EINTR && errno != ENOBUFS) {
			perror("netcon-load: sendmmsg");
			exit(1);
		}
		done += sent > 0 ? (unsigned int)sent : 0;
	}
	load->sent += load->waiting;
	load->waiting = 0;
}

/* Not more than the rate, counted from the beginning. */
static void pace(const struct load *load)
{
	double due = load->begun + (double)load->sent / (double)load->rate;

	if (load->rate && due - now() > 50e-6)
		wait_until(due);
}

static void put(struct load *load, in_addr_t source, const char *bytes, size_t size)
{
	unsigned int place = load->waiting;
	struct cmsghdr *control = (struct cmsghdr *)load->controls[place];
	const struct in_pktinfo info = { .ipi_spec_dst.s_addr = htonl(source) };

	memcpy(load->bytes[place], bytes, size);
	load->places[place].iov_len = size;
	memcpy(CMSG_DATA(control), &info, sizeof(info));
	if (++load->waiting < BATCH)
		return;
	send_batch(load);
	pace(load);
}

static void prepare(struct load *load)
{
	for (unsigned int i = 0; i < BATCH; i++) {
		struct cmsghdr *control = (struct cmsghdr *)load->controls[i];

		*control = (struct cmsghdr){ CMSG_LEN(sizeof(struct in_pktinfo)), IPPROTO_IP, IP_PKTINFO };
		load->places[i].iov_base = load->bytes[i];
		load->headers[i].msg_hdr = (struct msghdr){
			.msg_name = &load->to,
			.msg_namelen = sizeof(load->to),
			.msg_iov = &load->places[i],
			.msg_iovlen = 1,
			.msg_control = load->controls[i],
			.msg_controllen = sizeof(load->controls[i]),
		};
	}
}

/* Text that has the number at its beginning. */
static void make_datagrams(struct load *load, const char *word, unsigned long long number, struct datagrams *datagrams)
{
	struct netcon_message message = {
		.is_extended = true,
		.release = RELEASE,
		.release_size = sizeof(RELEASE) - 1,
		.priority = 6,
		.sequence = FIRST_SEQUENCE + number,
		.time_us = FIRST_TIME + number * 1000,
		.flag = '-',
		.body = load->text,
		.body_size = load->size,
	};
	char beginning[64];
	size_t size = (size_t)snprintf(beginning, sizeof(beginning), "%s %010llu ", word, number), offset = 0;

	memcpy(load->text, beginning, size < load->size ? size : load->size);
	datagrams->count = 0;
	if (load->is_syslog) {
		datagrams->sizes[datagrams->count++] =
			(size_t)snprintf(datagrams->bytes[0], sizeof(datagrams->bytes[0]), "%s%s", SYSLOG_HEADER, load->text);
		return;
	}
	while (offset < load->size && datagrams->count < PIECES_MAX) {
		unsigned int piece = datagrams->count++;

		datagrams->sizes[piece] = netcon_format(&message, &offset, datagrams->bytes[piece], load->room);
	}
}

static void put_datagram(struct load *load, in_addr_t source, const struct datagrams *datagrams, unsigned int number)
{
	put(load, source, datagrams->bytes[number], datagrams->sizes[number]);
}

/* Every host's message of that number; the pieces of all are interleaved. */
static void put_round(struct load *load, const char *word, unsigned long long number, unsigned long hosts)
{
	static struct datagrams datagrams;

	make_datagrams(load, word, number, &datagrams);
	for (unsigned int piece = 0; piece < datagrams.count; piece++)
		for (unsigned long host = 0; host < hosts; host++)
			put_datagram(load, FIRST_HOST + (in_addr_t)host, &datagrams, piece);
	load->real += hosts;
}

static void put_hosts(struct load *load)
{
	for (unsigned long long number = 0; load->real < load->messages; number++) {
		unsigned long long rest = load->messages - load->real;

		put_round(load, "message", number, rest < load->hosts ? (unsigned long)rest : load->hosts);
	}
	send_batch(load);
}

static void put_quiet(struct load *load, unsigned long long *number, unsigned int times)
{
	for (unsigned int i = 0; i < times; i++) {
		put_round(load, "message", (*number)++, load->hosts);
		send_batch(load);
		usleep(REAL_INTERVAL_US);
	}
}

static void put_flood(struct load *load)
{
	static struct datagrams datagrams;
	unsigned long long number = 0, forged;
	double next;

	put_quiet(load, &number, 200);
	load->sent = 0;
	load->begun = next = now();
	for (forged = 0; forged < load->messages; forged++) {
		if (forged % BATCH == 0 && now() >= next) {
			put_round(load, "message", number++, load->hosts);
			next += REAL_INTERVAL_US / 1e6;
		}
		if (forged % 1024 == 0)
			make_datagrams(load, "forged", (unsigned long long)random(), &datagrams);
		put_datagram(load, FIRST_FORGED + ((in_addr_t)random() & 0x7ffffe), &datagrams, 0);
	}
	send_batch(load);
	printf("flood: %llu datagrams, %.0f a second\n", load->sent, (double)load->sent / (now() - load->begun));
	put_quiet(load, &number, 100);
}

static int open_socket(struct load *load)
{
	const struct sockaddr_in from = { .sin_family = AF_INET, .sin_port = htons(6665) };
	const int yes = 1;

	load->to = (struct sockaddr_in){ AF_INET, htons((in_port_t)load->port), { htonl(INADDR_LOOPBACK) }, { 0 } };
	load->descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	setsockopt(load->descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	return bind(load->descriptor, (const struct sockaddr *)&from, sizeof(from));
}

static int take_options(struct load *load, int argc, char **argv)
{
	int letter;

	while ((letter = getopt(argc, argv, "p:r:n:s:m:H:S")) > 0) {
		unsigned long number = optarg ? strtoul(optarg, NULL, 10) : 0;

		switch (letter) {
		case 'p': load->port = number; break;
		case 'r': load->rate = number; break;
		case 'n': load->messages = number; break;
		case 's': load->size = number; break;
		case 'm': load->room = number; break;
		case 'H': load->hosts = number; break;
		case 'S': load->is_syslog = 1; break;
		default: return -1;
		}
	}
	if (optind != argc - 1 || !load->hosts || load->room > 2048 || load->size > (load->is_syslog ? 2000 : 60000))
		return -1;
	return 0;
}

int main(int argc, char **argv)
{
	static struct load load = { .port = 6666, .messages = 100000, .size = 100, .room = NETCON_DATAGRAM_MAX, .hosts = 1 };
	double took;

	if (take_options(&load, argc, argv)) {
		fprintf(stderr, "usage: netcon-load [-p PORT] [-r RATE] [-n MESSAGES] [-s SIZE] [-m ROOM] [-H HOSTS] [-S] "
				"hosts|flood\n");
		return 2;
	}
	load.text = malloc(load.size + 1);
	if (!load.text || open_socket(&load)) {
		perror("netcon-load");
		return 1;
	}
	memset(load.text, 'x', load.size);
	load.text[load.size] = '\0';
	prctl(PR_SET_TIMERSLACK, 1);
	prepare(&load);
	load.begun = now();
	if (!strcmp(argv[optind], "flood"))
		put_flood(&load);
	else
		put_hosts(&load);
	took = now() - load.begun;
	printf("%llu datagrams in %.3f s: %.0f a second; messages: %llu\n", load.sent, took, (double)load.sent / took, load.real);
	return 0;
}
