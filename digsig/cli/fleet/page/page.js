'use strict';
// What a fleet says of itself, drawn. Names come from hosts, which may be in anybody's hands: they go into text nodes only.
const data = JSON.parse(document.getElementById('data').textContent);
const element = (id) => document.getElementById(id);
const STATES = ['current', 'at-next-start', 'behind', 'stale', 'refused', 'no-engine', 'silent'];
const ROWS = 500; // of a table at once

// -- Words --

const number = (n) => n.toLocaleString('en-US');
const count = (n, one, many) => number(n) + ' ' + (n === 1 ? one : many);
const moment = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ');

function make(name, attributes, ...children) {
	const node = document.createElement(name);
	for (const key in attributes)
		node.setAttribute(key, attributes[key]);
	node.append(...children);
	return node;
}

function draw(name, attributes, text) {
	const node = document.createElementNS('http://www.w3.org/2000/svg', name);
	for (const key in attributes)
		node.setAttribute(key, attributes[key]);
	if (text !== undefined)
		node.textContent = text;
	return node;
}

// -- Hosts by state --

function tally(hosts, key) {
	const counts = new Map();
	for (const host of hosts)
		counts.set(host[key], (counts.get(host[key]) || 0) + 1);
	return counts;
}

function bar(name, parts, total, widest) {
	const track = make('div', { class: 'track' });
	for (const part of parts) {
		const piece = make('span', { title: part.title });
		// A policy forbids style attributes; properties set by the script are not markup.
		piece.style.width = part.count / widest * 100 + '%';
		piece.style.background = 'var(--' + part.colour + ')';
		track.append(piece);
	}
	return make('div', { class: 'bar' }, make('span', { class: 'name', title: name }, name), track,
		make('span', { class: 'count' }, number(total)));
}

function showStates() {
	const counts = tally(data.hosts, 'state');
	for (const state of STATES) {
		if (!counts.has(state))
			continue;
		const item = make('li', {}, make('b', {}, number(counts.get(state))), state);
		item.style.borderLeftColor = 'var(--' + state + ')';
		element('states').append(item);
	}
	const groups = new Map();
	for (const host of data.hosts) {
		if (!groups.has(host.group))
			groups.set(host.group, []);
		groups.get(host.group).push(host);
	}
	const widest = Math.max(1, ...[...groups.values()].map((hosts) => hosts.length));
	for (const [group, hosts] of [...groups].sort()) {
		const states = tally(hosts, 'state');
		element('groups').append(bar(group, STATES.filter((s) => states.has(s)).map((s) =>
			({ count: states.get(s), colour: s, title: s + ': ' + number(states.get(s)) })), hosts.length, widest));
	}
}

// -- How far behind --

function showLag() {
	const steps = [[0, 0, 'none'], [1, 1, '1'], [2, 2, '2'], [3, 5, '3 to 5'], [6, 20, '6 to 20'], [21, Infinity, 'more']];
	const counts = steps.map(([least, most]) => data.hosts.filter((h) => h.behind >= least && h.behind <= most).length);
	const widest = Math.max(1, ...counts);
	steps.forEach(([least, , name], i) => {
		if (counts[i] || !least)
			element('lag').append(bar(name, [{ count: counts[i], colour: least ? 'behind' : 'current', title: '' }],
				counts[i], widest));
	});
}

// -- Denials over time --

function showTime() {
	const timeline = data.timeline, place = element('time'), steps = timeline.denied.length;
	const sums = timeline.denied.map((n, i) => n + timeline.would_deny[i]), top = Math.max(...sums);
	if (!top) {
		place.append(make('p', {}, 'Nothing was denied, and nothing would have been.'));
		return;
	}
	const width = 1000, height = 160, base = height - 18, scale = (base - 14) / top, step = width / steps;
	const chart = draw('svg', { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img',
		'aria-label': 'Denials over time, at most ' + number(top) + ' in a step of ' + count(timeline.step, 'second', 'seconds') });
	sums.forEach((sum, i) => {
		if (!sum)
			return;
		const denied = timeline.denied[i] * scale, would = timeline.would_deny[i] * scale;
		const column = draw('g', {});
		column.append(draw('title', {}, moment(timeline.begin + i * timeline.step) + ': ' + number(timeline.denied[i]) +
			' denied, ' + number(timeline.would_deny[i]) + ' would be'));
		column.append(draw('rect', { class: 'would', x: i * step, y: base - denied - would, width: step * 0.85, height: would }));
		column.append(draw('rect', { class: 'denied', x: i * step, y: base - denied, width: step * 0.85, height: denied }));
		chart.append(column);
	});
	chart.append(draw('line', { class: 'axis', x1: 0, y1: base, x2: width, y2: base }));
	place.append(chart, make('p', {}, moment(timeline.begin) + ' to ' + moment(timeline.begin + steps * timeline.step) +
		' UTC; the highest column: ' + number(top)));
}

// -- Tables --

// columns: [heading, value of a row, class]; the first click on a number sorts the largest first.
function table(id, rows, columns, search, found, words) {
	const view = { rows, column: -1, down: false };
	const head = make('tr', {}), body = make('tbody', {});
	columns.forEach(([heading, , kind], i) => {
		const button = make('button', { type: 'button' }, heading);
		button.addEventListener('click', () => {
			view.down = view.column === i ? !view.down : kind === 'number';
			view.column = i;
			fill();
		});
		head.append(make('th', { scope: 'col' }, button));
	});
	element(id).append(make('thead', {}, head), body);
	const text = rows.map((row) => columns.map(([, value]) => value(row)).join(' ').toLowerCase());
	const order = rows.map((_, i) => i);

	function compare(a, b) {
		const value = columns[view.column][1], one = value(rows[a]), other = value(rows[b]);
		const sign = one < other ? -1 : one > other ? 1 : 0;
		return (view.down ? -sign : sign) || a - b;
	}
	function fill() {
		const wanted = element(search).value.trim().toLowerCase();
		const shown = order.filter((i) => text[i].includes(wanted));
		if (view.column >= 0)
			shown.sort(compare);
		[...head.children].forEach((th, i) => i === view.column ?
			th.setAttribute('aria-sort', view.down ? 'descending' : 'ascending') : th.removeAttribute('aria-sort'));
		body.replaceChildren(...shown.slice(0, ROWS).map((i) => make('tr', {}, ...columns.map(([, value, kind]) => {
			const cell = value(rows[i]);
			return make('td', { class: kind || '' }, typeof cell === 'number' ? number(cell) : cell);
		}))));
		element(found).textContent = count(shown.length, words[0], words[1]) +
			(shown.length > ROWS ? ', the first ' + number(ROWS) + ' are shown' : '');
	}
	element(search).addEventListener('input', fill);
	fill();
}

// -- The page --

element('facts').textContent = count(data.hosts.length, 'host', 'hosts') + ', ' +
	count(data.programs.length + data.programs_left_out, 'file', 'files') + ' denied or to be denied since ' +
	moment(data.timeline.begin) + ' UTC; made ' + moment(data.made) + ' UTC';
if (data.lost) {
	element('warning').textContent = 'Hosts lost ' + count(data.lost, 'event', 'events') + ': there may be more.';
	element('warning').hidden = false;
}
showStates();
showLag();
showTime();
table('programs', data.programs, [['Path', (p) => p.path || '(no path)', 'long'], ['Hosts', (p) => p.hosts, 'number'], ['Denied', (p) => p.denied, 'number'],
	['Would deny', (p) => p.would_deny, 'number'], ['Verdict', (p) => p.verdict],
	['Package', (p) => p.package || ''], ['Last', (p) => p.last], ['Digest', (p) => (p.digest || '').slice(0, 16), 'code']],
	'find-program', 'found-programs', ['file', 'files']);
table('hosts', data.hosts, [['Host', (h) => h.host], ['Group', (h) => h.group], ['State', (h) => h.state],
	['Mode', (h) => h.mode], ['Locked', (h) => h.locked ? 'locked' : ''], ['Sequence', (h) => h.sequence, 'number'],
	['Behind', (h) => h.behind, 'number'], ['Lost', (h) => h.lost, 'number'], ['Kernel', (h) => h.kernel],
	['Seen', (h) => moment(h.seen)], ['Problem', (h) => h.problem, 'long']],
	'find-host', 'found-hosts', ['host', 'hosts']);
