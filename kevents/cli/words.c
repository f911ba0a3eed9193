// SPDX-License-Identifier: GPL-2.0-or-later
#include "words.h"
#include <stdio.h>
#include <string.h>
#include "../../digsig/format/verdict.h"

/* "SEGV", "RT5"; NULL: no such signal. */
static const char *signal_name(int number)
{
	return number > 0 ? sigabbrev_np(number) : NULL;
}

void describe_exit(const struct kevents_exit *exit, char *text, size_t size)
{
	const char *name = signal_name(exit->signal);

	if (!exit->is_status_known)
		snprintf(text, size, "?");
	else if (!exit->signal)
		snprintf(text, size, "%u", exit->status);
	else if (name)
		snprintf(text, size, "SIG%s%s", name, exit->dumped_core ? "+" : "");
	else
		snprintf(text, size, "sig %u%s", exit->signal, exit->dumped_core ? "+" : "");
}

void describe_protection(const struct kevents_image *image, char *text)
{
	text[0] = image->protection & KEVENTS_READ ? 'r' : '-';
	text[1] = image->protection & KEVENTS_WRITE ? 'w' : '-';
	text[2] = image->protection & KEVENTS_EXECUTE ? 'x' : '-';
	text[3] = image->is_shared ? 's' : 'p';
	text[4] = 0;
}

const char *describe_verdict(uint32_t verdict)
{
	static const char *const names[DIGSIG_VERDICT_COUNT] = {
		[DIGSIG_VERDICT_NONE] = "none",
		[DIGSIG_VERDICT_OK] = "ok",
		[DIGSIG_VERDICT_UNSIGNED] = "unsigned",
		[DIGSIG_VERDICT_MALFORMED] = "malformed",
		[DIGSIG_VERDICT_BADSIG] = "badsig",
		[DIGSIG_VERDICT_UNKNOWNKEY] = "unknownkey",
		[DIGSIG_VERDICT_TAMPERED] = "tampered",
		[DIGSIG_VERDICT_REVOKED] = "revoked",
		[DIGSIG_VERDICT_ROLLBACK] = "rollback",
		[DIGSIG_VERDICT_UNSTABLE] = "unstable",
		[DIGSIG_VERDICT_FAULT] = "fault",
	};

	return verdict < DIGSIG_VERDICT_COUNT ? names[verdict] : "?";
}

const char *kernel_kind_name(uint32_t kind)
{
	switch (kind) {
	case KEVENTS_MODULE:
		return "module";
	case KEVENTS_BPF:
		return "bpf";
	case KEVENTS_OTHER_CODE:
		return "other";
	default:
		return "?";
	}
}

const char *cgroup_action_name(uint32_t action)
{
	switch (action) {
	case KEVENTS_CGROUP_MADE:
		return "made";
	case KEVENTS_CGROUP_REMOVED:
		return "removed";
	case KEVENTS_CGROUP_ENTERED:
		return "entered";
	default:
		return "?";
	}
}

const char *loss_name(uint32_t why)
{
	switch (why) {
	case KEVENTS_LOSS_BUFFER:
		return "buffer";
	case KEVENTS_LOSS_MISSED:
		return "missed";
	case KEVENTS_LOSS_RECORDING:
		return "recording";
	case KEVENTS_LOSS_MEMORY:
		return "memory";
	default:
		return "?";
	}
}

const char *loss_meaning(uint32_t why)
{
	switch (why) {
	case KEVENTS_LOSS_BUFFER:
		return "the kernel's buffer was full";
	case KEVENTS_LOSS_MISSED:
		return "the kernel did not call the program";
	case KEVENTS_LOSS_RECORDING:
		return "that part of the recording is damaged";
	case KEVENTS_LOSS_MEMORY:
		return "there was no memory for them";
	default:
		return "it is not known why";
	}
}
