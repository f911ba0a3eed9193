// SPDX-License-Identifier: GPL-2.0-or-later
// Copies a page as SVG: the drawing calls of its canvases, and boxes and text at their places in the layout.
'use strict';
{
	const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
	const round = (x) => Math.round(x * 10) / 10;
	const recorded = new WeakMap();
	const realContext = HTMLCanvasElement.prototype.getContext;

	// A context that draws, and records each call as SVG.
	class Recorder {
		constructor(canvas) {
			this.real = realContext.call(canvas, '2d');
			this.out = [];
			this.path = '';
			this.groups = [];
			recorded.set(canvas, this);
			return new Proxy(this, {
				get: (self, name) => {
					if (name in Recorder.prototype)
						return Recorder.prototype[name].bind(self);
					const value = self.real[name];
					return typeof value === 'function' ? value.bind(self.real) : value;
				},
				set: (self, name, value) => {
					self.real[name] = value;
					return true;
				}
			});
		}
		alpha() { return this.real.globalAlpha < 1 ? ` opacity="${this.real.globalAlpha}"` : ''; }
		scale() {}
		clearRect() { this.out = []; }
		fillRect(x, y, width, height) {
			this.out.push(`<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" ` +
				`height="${round(height)}" fill="${this.real.fillStyle}"${this.alpha()}/>`);
		}
		fillText(text, x, y) {
			if (!text.trim())
				return;
			const anchor = { left: 'start', center: 'middle', right: 'end' }[this.real.textAlign] || 'start';
			const width = this.real.measureText(text).width;
			this.out.push(`<text x="${round(x)}" y="${round(y + 4)}" font-size="12" fill="${this.real.fillStyle}" ` +
				`text-anchor="${anchor}" textLength="${round(width)}" lengthAdjust="spacingAndGlyphs"` +
				`${this.alpha()}>${escaped(text)}</text>`);
		}
		beginPath() { this.path = ''; }
		moveTo(x, y) { this.path += `M${round(x)} ${round(y)}`; }
		lineTo(x, y) { this.path += `L${round(x)} ${round(y)}`; }
		rect(x, y, width, height) { this.path = `M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${round(-width)}z`; }
		fill() { this.out.push(`<path d="${this.path}" fill="${this.real.fillStyle}"${this.alpha()}/>`); }
		stroke() {
			this.out.push(`<path d="${this.path}" fill="none" stroke="${this.real.strokeStyle}" ` +
				`stroke-width="${this.real.lineWidth}"${this.alpha()}/>`);
		}
		save() { this.groups.push(0); }
		clip() {
			const id = 'clip' + clips++;
			this.out.push(`<clipPath id="${id}"><path d="${this.path}"/></clipPath><g clip-path="url(#${id})">`);
			this.groups[this.groups.length - 1]++;
		}
		restore() { this.out.push('</g>'.repeat(this.groups.pop())); }
	}
	let clips = 0;
	HTMLCanvasElement.prototype.getContext = function () { return new Recorder(this); };

	const isSeen = (colour) => colour !== 'rgba(0, 0, 0, 0)' && colour !== 'transparent';

	function box(element, style, at) {
		const fill = isSeen(style.backgroundColor) ? style.backgroundColor : 'none';
		const line = style.borderTopWidth !== '0px' && style.borderBottomWidth !== '0px' &&
			isSeen(style.borderTopColor) ? style.borderTopColor : 'none';
		if (fill === 'none' && line === 'none')
			return '';
		return `<rect x="${round(at.x)}" y="${round(at.y)}" width="${round(at.width)}" height="${round(at.height)}" ` +
			`rx="${parseFloat(style.borderTopLeftRadius) || 0}" fill="${fill}" stroke="${line}"/>`;
	}

	function words(node, style) {
		const range = document.createRange();
		range.selectNodeContents(node);
		const at = range.getBoundingClientRect(), text = node.textContent.trim();
		return text && at.width ? `<text x="${round(at.x)}" y="${round(at.y + at.height * .78)}" ` +
			`font-size="${parseFloat(style.fontSize)}" font-weight="${style.fontWeight}" fill="${style.color}" ` +
			`textLength="${round(at.width)}" lengthAdjust="spacingAndGlyphs">${escaped(text)}</text>` : '';
	}

	function copy(element) {
		const style = getComputedStyle(element), at = element.getBoundingClientRect();
		if (style.display === 'none' || !at.width || ['SCRIPT', 'STYLE', 'PRE'].includes(element.tagName))
			return '';
		if (element.tagName === 'CANVAS') {
			const id = 'clip' + clips++;
			return `<clipPath id="${id}"><rect width="${at.width}" height="${at.height}"/></clipPath>` +
				`<g transform="translate(${round(at.x)} ${round(at.y)})" clip-path="url(#${id})">` +
				recorded.get(element).out.join('\n') + '</g>\n';
		}
		let out = box(element, style, at);
		for (const node of element.childNodes)
			out += node.nodeType === Node.TEXT_NODE ? words(node, style) :
				node.nodeType === Node.ELEMENT_NODE ? copy(node) : '';
		return out + '\n';
	}

	// The page draws in animation frames: all of it is drawn after a second.
	addEventListener('load', () => {
		// A picture has no fields and buttons. The facts are those of the machine that makes it.
		for (const control of document.querySelectorAll('#facts, #search, #tools button, #tools label'))
			control.style.display = 'none';
		setTimeout(() => {
			const result = document.createElement('pre');
			const back = getComputedStyle(document.body).backgroundColor;
			result.textContent = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${innerWidth} ${innerHeight}" ` +
				`width="${innerWidth}" height="${innerHeight}" font-family="system-ui, 'DejaVu Sans', sans-serif">\n` +
				`<rect width="${innerWidth}" height="${innerHeight}" rx="8" fill="${back}" stroke="#808890"/>\n` +
				copy(document.body).replace(/\n+/g, '\n') + '</svg>';
			result.id = 'picture';
			document.body.append(result);
		}, 1000);
	});
}
