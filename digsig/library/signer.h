/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DIGSIG_LIBRARY_SIGNER_H
#define DIGSIG_LIBRARY_SIGNER_H

#include "../trust/signer.h"

struct digsig_signer {
	struct signer *signer;
};

#endif
