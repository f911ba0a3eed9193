// SPDX-License-Identifier: GPL-2.0-or-later
/* Ends at once, and prints nothing. */
int main(void)
{
	return 0;
}
