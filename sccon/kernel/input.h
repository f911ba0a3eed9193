/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is decided about input: which key is one for the kernel, and when the firmware is asked again. Compiled for
 * user space, too, where it is tested. Times are milliseconds of a clock that never goes back.
 */
#ifndef SCCON_INPUT_H
#define SCCON_INPUT_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#endif

/*
 * The Altix's way to a SysRq without a key of that name: ESC, "SYS", and a key within five seconds. The four go to who
 * reads, too: to hold them back would delay whoever types ESC and S in an editor. The key does not.
 */
#define SCCON_SYSRQ_WINDOW 5000

struct sccon_sysrq {
	unsigned int matched; /* of the four */
	bool is_armed;
	unsigned long long until;
};

static inline void sccon_sysrq_arm(struct sccon_sysrq *sysrq, unsigned long long now)
{
	sysrq->matched = 0;
	sysrq->is_armed = true;
	sysrq->until = now + SCCON_SYSRQ_WINDOW;
}

/* Takes a byte of the input. True: it is a key for the kernel, and for nobody else. */
static inline bool sccon_sysrq_take(struct sccon_sysrq *sysrq, unsigned char byte, unsigned long long now)
{
	static const unsigned char call[] = { 0x1b, 'S', 'Y', 'S' };

	if (sysrq->is_armed) {
		sysrq->is_armed = false;
		if (byte && now < sysrq->until)
			return true;
	}
	if (byte != call[sysrq->matched]) {
		sysrq->matched = byte == call[0];
		return false;
	}
	if (++sysrq->matched == sizeof(call))
		sccon_sysrq_arm(sysrq, now);
	return false;
}

/*
 * When to look for input, in microseconds. While it comes in one piece after the other, almost at once: behind the firmware
 * is a wire with a buffer of a few characters. Then less and less often, down to what is right while somebody types; and
 * after a second without a key, down to what is right for a terminal at rest.
 */
#define SCCON_POLL_LEAST_US 100
#define SCCON_POLL_MOST 100 /* milliseconds */
#define SCCON_POLL_ACTIVE_US 1000000

struct sccon_pace {
	unsigned int typing; /* milliseconds between two looks while somebody types: 1 to SCCON_POLL_MOST */
	unsigned int wait;
	unsigned int quiet;
};

/* In how many microseconds to look next, after a look that has found something or not. */
static inline unsigned int sccon_pace_next(struct sccon_pace *pace, bool has_found)
{
	unsigned int typing = 1000 * pace->typing;
	unsigned int most = pace->quiet < SCCON_POLL_ACTIVE_US ? typing : 1000 * SCCON_POLL_MOST;

	if (has_found) {
		pace->wait = SCCON_POLL_LEAST_US;
		pace->quiet = 0;
	} else {
		pace->wait = pace->wait ? 2 * pace->wait : SCCON_POLL_LEAST_US;
		if (pace->wait > most)
			pace->wait = most;
		if (pace->quiet < SCCON_POLL_ACTIVE_US)
			pace->quiet += pace->wait;
	}
	return pace->wait;
}

/*
 * The same with interrupts, after a look that has found something, nothing (0), or has failed (less). There may be more:
 * at once. Nothing is there: the next look is one for an interrupt that did not come. A failure: as without interrupts.
 */
#define SCCON_WATCHDOG_US 1000000

static inline unsigned int sccon_pace_with_interrupts(struct sccon_pace *pace, int found)
{
	unsigned int wait = sccon_pace_next(pace, found > 0);

	if (found > 0)
		return 0;
	return found ? wait : SCCON_WATCHDOG_US;
}

/*
 * Whether the firmware's interrupts can be relied on. Those that do not come are noticed by a look each second, those
 * that come for nothing are counted. Either way the firmware is polled for a while, and then trusted once more.
 */
#define SCCON_LOST_MOST 3	/* in a row */
#define SCCON_IDLE_MOST 500	/* for nothing, a second */
#define SCCON_DISTRUST 10000	/* for so long */

struct sccon_trust {
	bool is_trusted;
	unsigned int lost; /* in a row */
	unsigned int idle; /* since the beginning of this second */
	unsigned long long second;
	unsigned long long until; /* while not trusted */
};

static inline void sccon_trust_begin(struct sccon_trust *trust)
{
	trust->is_trusted = true;
	trust->lost = 0;
	trust->idle = 0;
	trust->second = 0;
}

static inline bool sccon_trust_end(struct sccon_trust *trust, unsigned long long now)
{
	trust->is_trusted = false;
	trust->until = now + SCCON_DISTRUST;
	return true;
}

/* So many interrupts came, and there was something to do or not. True: from now on they are not trusted. */
static inline bool sccon_trust_came(
	struct sccon_trust *trust, unsigned int count, bool had_work, unsigned long long now)
{
	if (!trust->is_trusted)
		return false;
	if (had_work) {
		trust->lost = 0;
		count--;
	}
	if (now - trust->second >= 1000) {
		trust->second = now;
		trust->idle = 0;
	}
	trust->idle += count;
	return trust->idle > SCCON_IDLE_MOST && sccon_trust_end(trust, now);
}

/* There was something to do, and no interrupt has said so. True: from now on they are not trusted. */
static inline bool sccon_trust_missed(struct sccon_trust *trust, unsigned long long now)
{
	return trust->is_trusted && ++trust->lost >= SCCON_LOST_MOST && sccon_trust_end(trust, now);
}

#endif
