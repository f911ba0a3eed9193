# SPDX-License-Identifier: GPL-2.0-or-later
# What bench/refresh.c printed of ours, theirs and "read", as ratios.
{
	time[NR] = $2
	memory[NR] = $4
}

END {
	printf "round %d: a refresh: ours %d us, theirs %d us, the file alone %d us: ratio %.2f", round,
		time[1], time[2], time[3], time[1] / time[2]
	printf ", beyond the file %.2f; memory: ours %d kB, theirs %d kB\n",
		(time[1] - time[3]) / (time[2] - time[3]), memory[1], memory[2]
}
