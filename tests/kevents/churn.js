// SPDX-License-Identifier: GPL-2.0-or-later
// Makes functions, one after the other, runs each for a moment, and lets go of it, so that the next
// ones are put where it was. Writes who ran when, in ns of CLOCK_MONOTONIC: "BEGIN END NAME".
//
//   node --expose-gc churn.js FUNCTIONS MICROSECONDS TRUTH
'use strict';
const fs = require('fs');

const count = Number(process.argv[2]);
const duration = BigInt(process.argv[3]) * 1000n;
const truth = [];

// Each is a text of its own: the compiler cannot take it for one that it has.
function make(number) {
	const body = [];
	for (let i = 0; i < 1 + number % 7; i++)
		body.push(`s = (s * ${31 + number + i} + i) | 0;`);
	return (0, eval)(`(function work_${number}_(n) {
		let s = ${number};
		for (let i = 0; i < n; i++) { ${body.join(' ')} }
		return s;
	})`);
}

let sum = 0;
for (let number = 0; number < count; number++) {
	const work = make(number);
	const begin = process.hrtime.bigint();
	let end;
	do {
		sum ^= work(2000);
		end = process.hrtime.bigint();
	} while (end - begin < duration);
	truth.push(`${begin} ${end} work_${number}_`);
	if (number % 40 === 39)
		gc();
}
fs.writeFileSync(process.argv[4], truth.join('\n') + '\n');
console.log(sum);
