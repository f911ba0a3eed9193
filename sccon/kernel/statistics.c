// SPDX-License-Identifier: GPL-2.0-or-later
/* /sys/kernel/debug/sccon/statistics: a line for each number. Nothing depends on it. */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/seq_file.h>

#include "port.h"

static struct dentry *directory;

static int statistics_show(struct seq_file *file, void *unused)
{
	const struct sccon_port *port = file->private;
	const struct sccon_counters *counters = &port->counters;
	const struct {
		const char *name;
		u64 value;
	} rows[] = {
		{ "sent", counters->sent },
		{ "received", counters->received },
		{ "discarded", counters->discarded },
		{ "lost_log", port->log.lost_ever },
		{ "lost_tty", port->tty.lost_ever },
		{ "waiting_log", sccon_ring_used(&port->log.ring) },
		{ "waiting_tty", sccon_ring_used(&port->tty.ring) },
		{ "calls", counters->calls },
		{ "calls_whole", counters->outcomes[SCCON_TAKEN] },
		{ "calls_short", counters->outcomes[SCCON_SHORT] },
		{ "calls_refused", counters->outcomes[SCCON_REFUSED] },
		{ "calls_failed", counters->outcomes[SCCON_FAILED] },
		{ "calls_given_up", counters->outcomes[SCCON_GIVEN_UP] },
		{ "calls_without_lock", counters->without_lock },
		{ "impossible_answers", counters->impossible },
		{ "looks", counters->looks },
		{ "looks_failed", counters->receive_failures },
		{ "wakeups", counters->wakeups },
		{ "breaks", counters->breaks },
		{ "sysrqs", counters->sysrqs },
		{ "interrupts", counters->interrupts },
		{ "interrupts_missed", counters->interrupts_missed },
		{ "interrupts_for_nothing", counters->interrupts_for_nothing },
		{ "distrusts", counters->distrusts },
		{ "is_polled", !port->trust.is_trusted },
	};

	seq_printf(file, "transport %s\n", port->transport->name);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		seq_printf(file, "%s %llu\n", rows[i].name, rows[i].value);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(statistics);

void sccon_statistics_start(struct sccon_port *port)
{
	directory = debugfs_create_dir("sccon", NULL);
	debugfs_create_file("statistics", 0444, directory, port, &statistics_fops);
}

void sccon_statistics_stop(void)
{
	debugfs_remove_recursive(directory);
}
