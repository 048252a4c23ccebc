/*
 * Controls of the schedule: buttons and keys that go from step to step, a slider, and above it the
 * whole schedule in small: a line for each thread, drawn where it runs.
 *
 * The small picture has at most as many parts as it has pixels, however long the schedule is.
 *
 * SPDX-License-Identifier: MIT
 */
(() => {
    'use strict';

    const heddle = window.heddle;
    const { h, s, laneColor, plural } = heddle.element;
    const PIXELS = 600;
    const LINES_MAX = 8; /* the last is that of all other threads */
    const LINE = 5;

    const KEYS = {
        j: 'next', ArrowDown: 'next', ArrowRight: 'next',
        k: 'previous', ArrowUp: 'previous', ArrowLeft: 'previous',
        Home: 'first', End: 'last', n: 'nextSwitch', p: 'previousSwitch',
        m: 'nextMarked', a: 'toggle',
    };

    /* The next item in a direction that is as wanted; null if there is none. */
    function seek({ items, selected }, direction, isWanted) {
        for (let i = selected + direction; i >= 0 && i < items.length; i += direction) {
            if (isWanted(items[i], items[i - 1])) {
                return i;
            }
        }
        return null;
    }

    const isSwitch = (item, before) => before !== undefined && item.thread !== before.thread;

    const MOVES = {
        next: (view) => Math.min(view.selected + 1, view.items.length - 1),
        previous: (view) => Math.max(view.selected - 1, 0),
        first: () => 0,
        last: (view) => view.items.length - 1,
        nextSwitch: (view) => seek(view, 1, isSwitch),
        previousSwitch: (view) => seek(view, -1, isSwitch),
        nextMarked: (view) => seek(view, 1, (item) => item.isMarked) ??
            view.items.findIndex((item) => item.isMarked),
    };

    class Controls {
        constructor(view) {
            this.view = view;
            this.slider = h('input', {
                type: 'range', min: '0', class: 'hf-slider', 'aria-label': 'Step shown',
                oninput: () => view.select(Number(this.slider.value)),
            });
            this.at = h('span', { class: 'hf-at' });
            this.map = s('svg', { class: 'hf-map', 'aria-hidden': 'true',
                preserveAspectRatio: 'none' });
            this.toggle = h('div', { class: 'hf-toggle', role: 'group', 'aria-label': 'Steps' },
                this.modeButton('rows', 'What matters'), this.modeButton('all', 'All steps'));
            this.element = h('div', { class: 'hf-controls' },
                h('div', { class: 'hf-bar' }, this.buttons(), this.at, this.toggle),
                h('div', { class: 'hf-track' }, this.map, this.slider), this.help());
        }

        buttons() {
            const button = (move, sign, label, key) => h('button', {
                type: 'button', class: 'hf-button', 'aria-label': label,
                title: `${label} (${key})`, onclick: () => this.move(move),
            }, sign);

            return h('div', { class: 'hf-moves', role: 'group', 'aria-label': 'Go to' },
                button('first', '⇤', 'First step', 'Home'),
                button('previousSwitch', '⇠', 'Previous context switch', 'p'),
                button('previous', '↑', 'Previous step', 'k'),
                button('next', '↓', 'Next step', 'j'),
                button('nextSwitch', '⇢', 'Next context switch', 'n'),
                button('last', '⇥', 'Last step', 'End'),
                button('nextMarked', '◆', 'Next step that has part in the finding', 'm'));
        }

        modeButton(mode, text) {
            return h('button', {
                type: 'button', class: 'hf-button', 'data-mode': mode,
                onclick: () => this.view.setMode(mode),
            }, text);
        }

        help() {
            const key = (keys, text) => h('span', null, keys.map((each) => h('kbd', null, each)),
                ` ${text}`);

            return h('p', { class: 'hf-help' }, key(['j', 'k'], 'step'),
                key(['n', 'p'], 'context switch'), key(['m'], 'marked'),
                key(['Home', 'End'], 'ends'), key(['a'], 'all steps'));
        }

        move(name) {
            const index = MOVES[name](this.view);

            if (index !== null && index >= 0) {
                this.view.select(index);
            }
        }

        /* True if the key was ours. A slider has arrows of its own, and so do lists of choices. */
        key(event) {
            const name = KEYS[event.key];
            const isTaken = event.target.closest?.('input, select, textarea') &&
                event.key.length > 1;

            if (!name || isTaken || event.ctrlKey || event.metaKey || event.altKey) {
                return false;
            }
            if (event.target.closest?.('.hf-source-code') && event.key.startsWith('Arrow')) {
                return false;
            }
            name === 'toggle' ? this.view.toggleMode() : this.move(name);
            return true;
        }

        /* Other items. */
        layout() {
            const { items, mode, model } = this.view;

            this.slider.max = String(items.length - 1);
            this.toggle.hidden = model.rows.length === 0 || model.steps.length === 0;
            for (const button of this.toggle.children) {
                button.setAttribute('aria-pressed', String(button.dataset.mode === mode));
            }
            this.drawMap();
            this.draw();
        }

        draw() {
            const { items, selected, model, mode } = this.view;
            const item = items[selected];

            this.slider.value = String(selected);
            this.slider.setAttribute('aria-valuetext',
                `${selected + 1} of ${items.length}, ${model.thread(item.thread).name}`);
            this.at.replaceChildren(h('strong', null, String(selected + 1)), ` of ${items.length}`,
                mode === 'all' && model.leftOut > 0
                    ? `; ${plural(model.leftOut, 'step')} of the middle left out` : '');
            const x = (selected + 0.5) / items.length * PIXELS;

            this.cursor?.setAttribute('d', `M${x} 0V${this.height}`);
        }

        /* Which line of the small picture a thread is on. */
        lines() {
            const { model, items } = this.view;
            const ranked = heddle.findingLayout.ranked(model, items);
            const own = ranked.length <= LINES_MAX ? ranked : ranked.slice(0, LINES_MAX - 1);
            const sorted = own.sort((a, b) => a - b);

            return new Map(ranked.map((id) => [id, sorted.includes(id) ? sorted.indexOf(id)
                : LINES_MAX - 1]));
        }

        /* ---- The schedule in small --------------------------------------------------------- */

        drawMap() {
            const { items } = this.view;
            const line = this.lines();
            const paths = new Map();
            const marks = [];
            const width = PIXELS / items.length;

            this.height = new Set(line.values()).size * LINE + 4;
            items.forEach((item, i) => {
                const y = line.get(item.thread) * LINE + 4;
                const x = Math.floor(i * width * 10) / 10;
                const path = paths.get(item.thread) ?? { end: -1, d: '' };

                if (x > path.end || width >= 1) {
                    path.d += `M${x} ${y}h${Math.max(1, width).toFixed(1)}`;
                    path.end = x + Math.max(1, width) - 0.1;
                }
                paths.set(item.thread, path);
                item.isMarked && marks.push(`M${(i + 0.5) * width} 0V${this.height}`);
            });
            this.cursor = s('path', { class: 'hf-map-cursor' });
            this.map.setAttribute('viewBox', `0 0 ${PIXELS} ${this.height}`);
            this.map.style.height = `${Math.max(12, this.height)}px`;
            this.map.replaceChildren(
                s('path', { class: 'hf-map-mark', d: marks.join('') }),
                ...[...paths].map(([thread, { d }]) =>
                    s('path', { class: 'hf-map-run', style: laneColor(thread), d })),
                this.cursor);
        }
    }

    heddle.findingControls = (view) => new Controls(view);
})();
