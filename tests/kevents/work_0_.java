// SPDX-License-Identifier: GPL-2.0-or-later
// What Churn runs: it makes many classes of this one, each with a number of its own in the name.
public final class work_0_ {
	public static int run(int n) {
		int s = n;
		for (int i = 0; i < n; i++)
			s = s * 31 + i;
		return s;
	}
}
