// SPDX-License-Identifier: GPL-2.0-or-later
#include "serial.h"
#include <errno.h>
#include <stdio.h>

/* What line_settings decide, of the control and the input modes. */
#define CONTROL_MODES (CSIZE | PARENB | PARODD | CMSPAR | CSTOPB | CRTSCTS)
#define INPUT_MODES (IXON | IXOFF)

static const tcflag_t sizes[] = { CS5, CS6, CS7, CS8 };

/* By enum line_parity. A mark is a 1, a space a 0. */
static const struct {
	tcflag_t modes;
	const char *name;
} parities[] = {
	[LINE_PARITY_NONE] = { 0, "no parity" },
	[LINE_PARITY_EVEN] = { PARENB, "even parity" },
	[LINE_PARITY_ODD] = { PARENB | PARODD, "odd parity" },
	[LINE_PARITY_MARK] = { PARENB | PARODD | CMSPAR, "mark parity" },
	[LINE_PARITY_SPACE] = { PARENB | CMSPAR, "space parity" },
};

bool serial_is_plain(const struct line_settings *settings)
{
	return settings->data_bits == LINE_DATA_BITS_USUAL && settings->parity == LINE_PARITY_NONE &&
	       settings->stop_bits == LINE_STOP_BITS_USUAL && settings->flow == LINE_FLOW_NONE;
}

static tcflag_t control_modes(const struct line_settings *settings)
{
	return sizes[settings->data_bits - LINE_DATA_BITS_LEAST] | parities[settings->parity].modes |
	       (settings->stop_bits == 2 ? CSTOPB : 0) | (settings->flow == LINE_FLOW_RTSCTS ? CRTSCTS : 0);
}

static tcflag_t input_modes(const struct line_settings *settings)
{
	return settings->flow == LINE_FLOW_XONXOFF ? IXON | IXOFF : 0;
}

int serial_apply(const struct line_settings *settings, struct termios *attributes)
{
	if (settings->data_bits < LINE_DATA_BITS_LEAST || settings->data_bits > LINE_DATA_BITS_USUAL || settings->stop_bits < 1 ||
		settings->stop_bits > 2)
		return -EINVAL;
	cfmakeraw(attributes);
	attributes->c_cflag &= ~(tcflag_t)(CONTROL_MODES | HUPCL);
	attributes->c_cflag |= CREAD | CLOCAL | control_modes(settings);
	attributes->c_iflag &= ~(tcflag_t)(INPUT_MODES | IXANY);
	attributes->c_iflag |= input_modes(settings);
	attributes->c_cc[VMIN] = 1;
	attributes->c_cc[VTIME] = 0;
	return settings->speed && cfsetspeed(attributes, settings->speed) ? -EINVAL : 0;
}

const char *serial_refused(const struct line_settings *settings, const struct termios *has, char words[SERIAL_WORDS_SIZE])
{
	tcflag_t other = (has->c_cflag ^ control_modes(settings)) & CONTROL_MODES;

	if (other & CSIZE)
		snprintf(words, SERIAL_WORDS_SIZE, "%u data bits", settings->data_bits);
	else if (other & PARENB || (other & (PARODD | CMSPAR) && settings->parity))
		snprintf(words, SERIAL_WORDS_SIZE, "%s", parities[settings->parity].name);
	else if (other & CSTOPB)
		snprintf(words, SERIAL_WORDS_SIZE, "%u stop bit%s", settings->stop_bits, settings->stop_bits == 1 ? "" : "s");
	else if (other & CRTSCTS)
		snprintf(words, SERIAL_WORDS_SIZE, "%s", settings->flow == LINE_FLOW_RTSCTS ? "flow control by RTS and CTS" : "no flow control");
	else if ((has->c_iflag ^ input_modes(settings)) & INPUT_MODES)
		snprintf(words, SERIAL_WORDS_SIZE, "%s", settings->flow == LINE_FLOW_XONXOFF ? "flow control by XON and XOFF" : "no flow control");
	else
		return NULL;
	return words;
}
