#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A full-screen program: attributes, colours, line drawing, wide characters; each line that is typed is shown; q ends it."""
import curses
import locale


def main(screen):
    curses.use_default_colors()
    for i in range(1, 8):
        curses.init_pair(i, i, -1 if i % 2 else 7 - i)
    screen.border()
    screen.addstr(1, 2, 'plain')
    for i, attribute in enumerate([curses.A_BOLD, curses.A_REVERSE, curses.A_UNDERLINE, curses.A_BOLD | curses.A_UNDERLINE]):
        screen.addstr(2 + i, 2, 'attribute %d' % i, attribute)
    for i in range(1, 8):
        screen.addstr(6 + i, 2, 'colour %d' % i, curses.color_pair(i))
    screen.addstr(15, 2, 'wide \u4e2d\u6587, \u00e9, e\u0301 and \u2713.')
    screen.addstr(16, 2, 'x' * 70, curses.A_REVERSE)
    curses.echo()
    count = 0
    while True:
        screen.move(20, 10)
        text = screen.getstr().decode()
        if text == 'q':
            return
        count += 1
        screen.addstr(18, 2, 'line %d: %s' % (count, text), curses.color_pair(count % 7 + 1))


locale.setlocale(locale.LC_ALL, '')
curses.wrapper(main)
