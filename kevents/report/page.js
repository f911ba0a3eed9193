'use strict';
// What a recording tells, drawn. Names come from programs: they go into text nodes and canvases only.
const data = JSON.parse(document.getElementById('data').textContent);
const element = (id) => document.getElementById(id);
const ROW = 18, STRIP = 34, AXIS_HEIGHT = 22, PRINTED_ROWS = 1500, PAPER_ROWS = 10;
const NAMES = { fork: 'forks', thread: 'threads', exec: 'execs', exit: 'exits', load: 'image loads',
	unload: 'unloads', anon: 'anonymous code', kernel: 'kernel code', lost: 'lost' };

// -- Words --

function time(us) {
	const absolute = Math.abs(us);
	if (absolute < 1000)
		return us + ' µs';
	if (absolute < 1e6)
		return (us / 1000).toFixed(absolute < 1e4 ? 2 : 1) + ' ms';
	if (absolute < 60e6)
		return (us / 1e6).toFixed(3) + ' s';
	const sign = us < 0 ? '-' : '', seconds = Math.floor(absolute / 1e6);
	const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
	return sign + parts.map((n) => String(n).padStart(2, '0')).join(':');
}
const number = (n) => n.toLocaleString('en-US');
const count = (n, one, many) => number(n) + ' ' + (n === 1 ? one : many);
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();

// -- Processes, as a tree in the order in which it is shown --

const processes = data.processes.map((p, index) => {
	const execs = [];
	for (let i = 0; i < p[8].length; i += 3)
		execs.push({ time: p[8][i], comm: data.strings[p[8][i + 1]], args: data.strings[p[8][i + 2]] });
	return { index, pid: p[0], parent: p[1], begin: p[2], end: p[3], exit: p[4], found: !!(p[5] & 1),
		kernel: !!(p[5] & 2), threads: p[6], images: p[7], execs, children: [], depth: 0 };
});
const roots = [];
for (const process of processes) {
	const parent = processes[process.parent];
	(parent && parent !== process ? parent.children : roots).push(process);
}
const order = [];
{
	const stack = roots.slice().reverse();
	while (stack.length) {
		const process = stack.pop();
		order.push(process);
		for (let i = process.children.length; i--;) {
			process.children[i].depth = Math.min(process.depth + 1, 24);
			stack.push(process.children[i]);
		}
	}
}
const lastExec = (process) => process.execs[process.execs.length - 1] || { comm: '?', args: '' };
const failed = (process) => process.end !== null && process.exit !== '' && process.exit !== 0;
const ended = (process) => typeof process.exit === 'number' ? 'exit ' + process.exit : process.exit;
const label = (process) => lastExec(process).args || lastExec(process).comm;

// -- What is shown --

const view = { from: 0, to: Math.max(data.duration, 1), rows: order, matches: null, chosen: null,
	rates: new Set(Object.keys(NAMES).filter((n) => data.rates[n].some((x) => x))) };
const whole = { from: view.from, to: view.to };

function chooseRows() {
	const text = element('search').value.trim().toLowerCase();
	const kernel = element('kernel').checked, before = element('before').checked;
	const wanted = (p) => (kernel || !p.kernel) && (before || !p.found);
	view.matches = null;
	if (!text) {
		view.rows = order.filter(wanted);
		element('found').textContent = count(view.rows.length, 'process', 'processes');
	} else {
		const matches = new Set(), shown = new Set();
		for (const process of order) {
			if (!wanted(process))
				continue;
			if (String(process.pid) !== text && !process.execs.some((e) =>
				e.comm.toLowerCase().includes(text) || e.args.toLowerCase().includes(text)))
				continue;
			matches.add(process);
			// With whose children they are.
			for (let at = process; at && !shown.has(at); at = processes[at.parent])
				shown.add(at);
		}
		view.matches = matches;
		view.rows = order.filter((p) => shown.has(p));
		element('found').textContent = number(matches.size) + ' of ' +
			number(order.filter(wanted).length) + ' processes match';
	}
	element('height').style.height = view.rows.length * ROW + 'px';
	draw();
}

// -- Canvases --

function prepare(canvas, width, height) {
	const ratio = window.devicePixelRatio || 1;
	canvas.style.width = width + 'px';
	canvas.style.height = height + 'px';
	canvas.width = Math.round(width * ratio);
	canvas.height = Math.round(height * ratio);
	const context = canvas.getContext('2d');
	context.scale(ratio, ratio);
	context.clearRect(0, 0, width, height);
	context.font = '12px system-ui, sans-serif';
	context.textBaseline = 'middle';
	return context;
}

// All charts have the same left edge, so that one time is one vertical line.
let left = 260, width = 800;
const x = (us) => left + (us - view.from) / (view.to - view.from) * (width - left);
const timeAt = (px) => view.from + (px - left) / (width - left) * (view.to - view.from);

function ticks() {
	const wanted = Math.max(2, Math.floor((width - left) / 110));
	const rough = (view.to - view.from) / wanted, unit = 10 ** Math.floor(Math.log10(rough));
	const step = [1, 2, 5, 10].map((n) => n * unit).find((n) => n >= rough);
	const list = [];
	for (let at = Math.ceil(view.from / step) * step; at <= view.to; at += step)
		list.push(Math.round(at));
	return list;
}

// The most of something, from 0 to most, that fits.
function most(upTo, fits) {
	let low = 0, high = upTo;
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if (fits(middle))
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

function cut(context, text, room) {
	if (room < 8)
		return '';
	text = text.slice(0, 400);
	if (context.measureText(text).width <= room)
		return text;
	const kept = most(text.length, (n) => context.measureText(text.slice(0, n) + '…').width <= room);
	return kept ? text.slice(0, kept) + '…' : '';
}

// Of a command line the program's name and the end say most: its folder goes first, then the middle.
function cutCommand(context, text, room) {
	if (context.measureText(text).width <= room)
		return text;
	const end = (text + ' ').indexOf(' '), slash = text.lastIndexOf('/', end);
	if (slash >= 0 && slash + 1 < end)
		text = text.slice(slash + 1);
	if (context.measureText(text).width <= room)
		return text;
	const head = (text + ' ').slice(0, (text + ' ').indexOf(' ') + 1);
	const tail = most(text.length - head.length,
		(n) => context.measureText(head + '…' + text.slice(text.length - n)).width <= room);
	return tail > 3 ? head + '…' + text.slice(text.length - tail) : cut(context, text, room);
}

// Each rate has a strip and a scale of its own: image loads are many, and would flatten all others.
function binned(name, first, last, group) {
	const bins = [];
	for (let i = first; i <= last; i += group) {
		let sum = 0;
		for (let j = i; j < i + group && j <= last; j++)
			sum += data.rates[name][j];
		bins.push([i, sum * 1e6 / (data.width * group)]);
	}
	return bins;
}

const perSecond = (rate) => (rate >= 100 || !rate ? number(Math.round(rate)) : rate.toFixed(1)) + '/s';

function drawStrip(context, name, top, bins, group) {
	const bottom = top + STRIP - 6, highest = Math.max(...bins.map((bin) => bin[1]));
	const y = (rate) => bottom - rate / (highest || 1) * (STRIP - 12);
	const figure = perSecond(highest);
	context.textAlign = 'right';
	context.fillStyle = colour('front');
	context.fillText(figure, left - 8, top + STRIP / 2);
	context.textAlign = 'left';
	context.fillStyle = colour('dim');
	context.fillText(cut(context, NAMES[name], left - 22 - context.measureText(figure).width), 4,
		top + STRIP / 2);
	context.strokeStyle = colour('line');
	context.lineWidth = 1;
	context.beginPath();
	context.moveTo(left, bottom + .5);
	context.lineTo(width, bottom + .5);
	context.stroke();
	context.save();
	context.beginPath();
	context.rect(left, top, width - left, STRIP);
	context.clip();
	context.strokeStyle = context.fillStyle = colour(name);
	context.lineWidth = 1.5;
	context.beginPath();
	context.moveTo(x(bins[0][0] * data.width), bottom);
	for (const [bin, rate] of bins) {
		context.lineTo(x(bin * data.width), y(rate));
		context.lineTo(x((bin + group) * data.width), y(rate));
	}
	context.lineTo(x((bins[bins.length - 1][0] + group) * data.width), bottom);
	context.globalAlpha = .25;
	context.fill();
	context.globalAlpha = 1;
	context.stroke();
	context.restore();
}

function drawRates() {
	const names = Object.keys(NAMES).filter((name) => name !== 'lost' && view.rates.has(name));
	const height = Math.max(1, names.length * STRIP), context = prepare(element('rates'), width, height);
	const first = Math.max(0, Math.floor(view.from / data.width));
	const last = Math.min(data.rates.fork.length - 1, Math.ceil(view.to / data.width));
	const group = Math.max(1, Math.ceil((last - first + 1) / ((width - left) / 2)));
	// Where records are missing the rates are too low: that is no rate, but a gap.
	context.fillStyle = colour('lost');
	context.globalAlpha = .35;
	for (let i = first; view.rates.has('lost') && i <= last; i++)
		if (data.rates.lost[i])
			context.fillRect(x(i * data.width), 0, Math.max(3, x(data.width) - x(0)), height);
	context.globalAlpha = 1;
	names.forEach((name, i) =>
		drawStrip(context, name, i * STRIP, binned(name, first, last, group), group));
}

function drawAxis() {
	const context = prepare(element('axis'), width, AXIS_HEIGHT);
	context.fillStyle = colour('dim');
	context.textAlign = 'center';
	for (const at of ticks()) {
		const px = x(at);
		if (px > left + 20 && px < width - 24)
			context.fillText(time(at), px, AXIS_HEIGHT / 2);
	}
}

function drawRow(context, process, y) {
	const isMatch = !view.matches || view.matches.has(process);
	const begin = Math.max(x(process.begin), left), end = Math.min(x(process.end ?? data.duration), width);
	if (process === view.chosen) {
		context.fillStyle = colour('choice');
		context.fillRect(0, y, width, ROW);
	} else if (view.matches && isMatch) {
		context.fillStyle = colour('mark');
		context.fillRect(0, y, left - 6, ROW);
	}
	context.globalAlpha = isMatch ? 1 : .45;
	context.fillStyle = colour(failed(process) ? 'failed' : 'front');
	context.textAlign = 'left';
	const indent = 4 + process.depth * Math.min(10, left / 26);
	context.fillText(cut(context, (failed(process) ? '✗ ' : '') + process.pid + ' ' + lastExec(process).comm +
		(failed(process) ? ': ' + ended(process) : ''), left - indent - 12), indent, y + ROW / 2);
	if (end >= left && begin <= width) {
		context.fillStyle = failed(process) ? colour('bad') : colour(process.found ? 'found' : 'bar');
		context.fillRect(begin, y + 3, Math.max(end - begin, 1.5), ROW - 6);
		context.fillStyle = colour('back');
		for (const exec of process.execs.slice(1)) {
			const px = x(exec.time);
			if (px > begin + 2 && px < end)
				context.fillRect(px, y + 3, 1, ROW - 6);
		}
		if (end - begin > 60) {
			context.fillStyle = process.found && !failed(process) ? colour('front') : colour('on-bar');
			context.fillText(cutCommand(context, label(process), end - begin - 10), begin + 5, y + ROW / 2);
		} else if (width - end > 80) {
			context.fillStyle = colour('dim');
			context.fillText(cutCommand(context, label(process), Math.min(width - end - 10, 420)), end + 5,
				y + ROW / 2);
		}
	}
	context.globalAlpha = 1;
}

// The rows that are between from and from + height pixels below the first one.
function drawRows(canvas, from, height) {
	const context = prepare(canvas, width, height);
	context.strokeStyle = colour('line');
	for (const at of ticks()) {
		context.beginPath();
		context.moveTo(Math.round(x(at)) + .5, 0);
		context.lineTo(Math.round(x(at)) + .5, height);
		context.stroke();
	}
	for (let i = Math.floor(from / ROW); i < view.rows.length && i * ROW - from < height; i++)
		drawRow(context, view.rows[i], i * ROW - from);
	if (!view.rows.length) {
		context.fillStyle = colour('dim');
		context.fillText('No process matches.', left, 20);
	}
}

// A picture is not divided between two pages: on paper there are many of a few rows.
function drawPaper() {
	const rows = Math.min(view.rows.length, PRINTED_ROWS);
	element('paper').replaceChildren();
	for (let i = 0; printing && i < rows; i += PAPER_ROWS) {
		const canvas = document.createElement('canvas');
		drawRows(canvas, i * ROW, Math.min(PAPER_ROWS, rows - i) * ROW);
		element('paper').append(canvas);
	}
}

// On paper all rows are there, as wide as a page, in the colours of light.
let pending = false, printing = false;
function drawNow() {
	width = printing ? 700 : Math.max(280, element('scroll').clientWidth);
	left = Math.max(150, Math.min(260, width * .26));
	drawRates();
	drawAxis();
	if (!printing)
		drawRows(element('lives'), element('scroll').scrollTop, element('scroll').clientHeight);
}

function draw() {
	if (pending)
		return;
	pending = true;
	requestAnimationFrame(() => {
		pending = false;
		drawNow();
	});
}

function print(isOn) {
	printing = isOn;
	document.documentElement.classList.toggle('printing', isOn);
	element('not-printed').textContent = view.rows.length > PRINTED_ROWS ?
		'The first ' + number(PRINTED_ROWS) + ' of ' + number(view.rows.length) + ' rows.' : '';
	drawNow();
	drawPaper();
}
addEventListener('beforeprint', () => print(true));
addEventListener('afterprint', () => print(false));

// -- Details of one --

function row(table, name, value, isCode) {
	const line = table.insertRow();
	line.insertCell().textContent = name;
	const cell = line.insertCell();
	cell.textContent = value;
	if (isCode)
		cell.className = 'code';
}

function choose(process) {
	const details = element('details');
	view.chosen = process;
	details.hidden = !process;
	details.replaceChildren();
	if (process) {
		const close = document.createElement('button'), title = document.createElement('h2');
		const table = document.createElement('table'), parent = processes[process.parent];
		close.textContent = '✕';
		close.setAttribute('aria-label', 'Close');
		close.onclick = () => choose(null);
		title.textContent = process.pid + ' ' + lastExec(process).comm;
		const end = process.end ?? data.duration;
		row(table, 'lived', (process.found ? 'from before the recording' : 'from ' + time(process.begin)) +
			(process.end === null ? ', still running' : ' to ' + time(process.end)) + ': ' +
			time(end - process.begin));
		row(table, 'monotonic', ((data.monotonic + process.begin) / 1e6).toFixed(6) + ' s: for kevents resolve');
		if (process.end !== null)
			row(table, 'ended', process.exit === '' ? 'not known how' : ended(process));
		if (parent)
			row(table, 'parent', parent.pid + ' ' + lastExec(parent).comm);
		row(table, 'made', count(process.children.length, 'process', 'processes') + ', ' +
			count(process.threads, 'thread', 'threads') + ', loaded ' +
			count(process.images, 'image', 'images'));
		for (const exec of process.execs.slice(0, 200))
			row(table, time(exec.time), exec.args || exec.comm, true);
		details.append(close, title, table);
	}
	draw();
}

// -- Hands --

function zoom(centre, factor) {
	const span = Math.min(Math.max((view.to - view.from) * factor, 20), whole.to - whole.from);
	const from = centre - (centre - view.from) / (view.to - view.from) * span;
	view.from = Math.max(whole.from, Math.min(from, whole.to - span));
	view.to = view.from + span;
	draw();
}

function pan(us) {
	const span = view.to - view.from;
	view.from = Math.max(whole.from, Math.min(view.from + us, whole.to - span));
	view.to = view.from + span;
	draw();
}

function wheel(event) {
	if (event.ctrlKey || event.metaKey || event.shiftKey || event.currentTarget !== element('scroll')) {
		event.preventDefault();
		zoom(timeAt(event.offsetX), event.deltaY > 0 || event.deltaX > 0 ? 1.25 : .8);
	} else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
		event.preventDefault();
		pan(event.deltaX / (width - left) * (view.to - view.from));
	}
}

let drag = null;
for (const id of ['rates', 'axis', 'scroll']) {
	element(id).addEventListener('wheel', wheel, { passive: false });
	element(id).addEventListener('pointerdown', (event) => {
		drag = { x: event.clientX, moved: false, from: view.from };
	});
}
addEventListener('pointermove', (event) => {
	if (!drag || !event.buttons)
		return;
	const distance = event.clientX - drag.x;
	drag.moved = drag.moved || Math.abs(distance) > 3;
	if (drag.moved)
		pan(drag.from - distance / (width - left) * (view.to - view.from) - view.from);
});
addEventListener('pointerup', (event) => {
	if (drag && !drag.moved && event.target === element('lives')) {
		const index = Math.floor((element('scroll').scrollTop + event.offsetY) / ROW);
		choose(view.rows[index] || null);
	}
	drag = null;
});
element('scroll').addEventListener('scroll', draw);
element('scroll').addEventListener('keydown', (event) => {
	const span = view.to - view.from, middle = view.from + span / 2, at = view.rows.indexOf(view.chosen);
	const keys = { '+': () => zoom(middle, .8), '-': () => zoom(middle, 1.25),
		ArrowLeft: () => pan(-span / 8), ArrowRight: () => pan(span / 8), Escape: () => choose(null) };
	if (view.chosen && at >= 0) {
		keys.ArrowDown = () => choose(view.rows[Math.min(at + 1, view.rows.length - 1)]);
		keys.ArrowUp = () => choose(view.rows[Math.max(at - 1, 0)]);
	}
	if (keys[event.key]) {
		event.preventDefault();
		keys[event.key]();
	}
});
let typing = 0;
element('search').addEventListener('input', () => {
	clearTimeout(typing);
	typing = setTimeout(() => { element('scroll').scrollTop = 0; chooseRows(); }, 120);
});
element('kernel').addEventListener('change', chooseRows);
element('before').addEventListener('change', chooseRows);
element('all').addEventListener('click', () => { Object.assign(view, whole); draw(); });
new ResizeObserver(draw).observe(element('scroll'));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);

// -- The head --

element('title').textContent = data.host + ': ' + count(processes.length + data.omitted, 'process', 'processes') + ' in ' +
	time(data.duration);
document.title = 'kevents: ' + data.host;
element('facts').textContent = [new Date(data.begin).toISOString().replace('T', ' '),
	'Linux ' + data.release + ' ' + data.machine, number(data.cpus) + ' processors',
	number(data.records) + ' records' + (data.source ? ' by ' + data.source : '')].join(' · ');
// Of what happened, not of what was there before.
const account = data.account;
element('account').textContent = account ? 'Account: ' + number(account.made + account.missed) + ' made, ' +
	number(account.delivered) + ' delivered, ' + number(account.unwanted) + ' unwanted, ' + number(account.lost) +
	' lost, ' + number(account.incomplete) + ' incomplete.' :
	'The recording has no account of losses: it was cut off, or written by an earlier version.';
const warnings = [];
if (account && !account.agree)
	warnings.push('The account does not agree: records are missing that nobody counted.');
if (account && account.incomplete)
	warnings.push(count(account.incomplete, 'record lacks', 'records lack') + ' arguments or part of a path.');
if (data.lost)
	warnings.push(count(data.lost, 'record was', 'records were') + ' lost: what they told is missing here.');
if (data.omitted)
	warnings.push(number(data.omitted) + ' processes that lived shortest are counted, but not shown.');
element('warning').textContent = warnings.join(' ');
element('warning').hidden = !warnings.length;
for (const name of Object.keys(NAMES)) {
	const total = data.rates[name].reduce((a, b) => a + b, 0);
	if (!total)
		continue;
	const button = document.createElement('button'), dot = document.createElement('i');
	dot.style.background = 'var(--' + name + ')';
	button.type = 'button';
	button.append(dot, NAMES[name] + ' ' + number(total));
	button.setAttribute('aria-pressed', 'true');
	button.onclick = () => {
		if (!view.rates.delete(name))
			view.rates.add(name);
		button.setAttribute('aria-pressed', view.rates.has(name));
		draw();
	};
	element('legend').append(button);
}
const bad = processes.filter(failed).length;
element('key-failed').textContent = count(bad, 'process', 'processes') + ' failed';
element('rates').setAttribute('aria-label', 'Events per second: ' + Object.keys(NAMES)
	.map((name) => [name, data.rates[name].reduce((a, b) => a + b, 0)]).filter((rate) => rate[1])
	.map((rate) => NAMES[rate[0]] + ' ' + number(rate[1])).join(', '));
chooseRows();
