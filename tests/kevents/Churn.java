// SPDX-License-Identifier: GPL-2.0-or-later
// Loads classes, one after the other, runs each for a moment, and lets go of it, so that the code of
// the next ones is put where its was. Writes who ran when, in ns of CLOCK_MONOTONIC: "BEGIN END NAME".
//
//   java Churn CLASSES MICROSECONDS TRUTH
import java.io.PrintWriter;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;

public final class Churn {
	static final class Loader extends ClassLoader {
		Class<?> define(String name, byte[] bytes) {
			return defineClass(name, bytes, 0, bytes.length);
		}
	}

	// The name stands in the class file with its length in front, in two bytes.
	static byte[] rename(byte[] bytes, String from, String to) {
		String text = new String(bytes, StandardCharsets.ISO_8859_1);
		String old = "\0" + (char) from.length() + from;
		return text.replace(old, "\0" + (char) to.length() + to)
			.getBytes(StandardCharsets.ISO_8859_1);
	}

	public static void main(String[] arguments) throws Exception {
		int count = Integer.parseInt(arguments[0]);
		long duration = Long.parseLong(arguments[1]) * 1000;
		StringBuilder truth = new StringBuilder();
		byte[] model;
		try (var in = Churn.class.getResourceAsStream("work_0_.class")) {
			model = in.readAllBytes();
		}
		int sum = 0;
		for (int number = 0; number < count; number++) {
			String name = "work_" + number + "_";
			Method run = new Loader().define(name, rename(model, "work_0_", name))
				.getMethod("run", int.class);
			long begin = System.nanoTime(), end;
			do {
				sum ^= (int) run.invoke(null, 5000);
				end = System.nanoTime();
			} while (end - begin < duration);
			truth.append(begin).append(' ').append(end).append(' ').append(name).append('\n');
			if (number % 40 == 39)
				System.gc();
		}
		try (var out = new PrintWriter(arguments[2])) {
			out.print(truth);
		}
		System.out.println(sum);
	}
}
