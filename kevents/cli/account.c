// SPDX-License-Identifier: GPL-2.0-or-later
#include "account.h"
#include "cli.h"

int account_check(const struct kevents_sums *sums)
{
	if (sums->incomplete)
		complain("%llu records lack arguments or part of a path",
			(unsigned long long)sums->incomplete);
	if (!sums->agree)
		complain("the sums do not agree: %llu records made and %llu missed, "
			 "but %llu delivered, %llu unwanted and %llu lost",
			(unsigned long long)sums->made, (unsigned long long)sums->missed,
			(unsigned long long)sums->delivered, (unsigned long long)sums->unwanted,
			(unsigned long long)sums->lost);
	return sums->lost || sums->incomplete || !sums->agree ? EXIT_LOST : 0;
}
