/*
 * Overlay of the lanes: the lines between rows, drawn behind their text.
 *
 * For each lane its rail; bars where a lock is held or a thread waits; one line that goes from step
 * to step and so from lane to lane, as the schedule did; and links (finding_links.js): orders that
 * are there, and the one that is missing. Every row has content in one lane only, so that a link
 * which runs between the lanes, and across them on the height of a row's end, covers no text.
 *
 * SPDX-License-Identifier: MIT
 */
(() => {
    'use strict';

    const heddle = window.heddle;
    const { h, s, laneColor } = heddle.element;
    const RADIUS = 7;

    class Overlay {
        constructor(view) {
            this.view = view;
            this.drawing = s('svg', { class: 'hf-drawing', 'aria-hidden': 'true' });
            this.tags = h('div', { class: 'hf-tags', 'aria-hidden': 'true' });
            this.element = h('div', { class: 'hf-overlay' }, this.drawing, this.tags);
        }

        layout(at) {
            this.at = at;
            this.drawing.setAttribute('width', at.width);
            this.drawing.setAttribute('height', this.view.items.length * at.rowHeight + 8);
        }

        /* Of the items from first to last. */
        draw(first, last) {
            this.first = first;
            this.last = last;
            const tags = [];
            const shapes = [
                this.at.lanes.map((lane) => this.rail(lane)),
                this.bars(this.view.past.intervals.locks, 'hf-held'),
                this.bars(this.view.past.intervals.waits, 'hf-waits'),
                this.flow(tags), this.dots(), this.links(tags),
            ].flat(3).filter(Boolean);

            this.drawing.replaceChildren(...shapes);
            this.tags.replaceChildren(...tags);
        }

        y(index) {
            return (index + 0.5) * this.at.rowHeight;
        }

        lane(item) {
            return this.at.laneByThread.get(item.thread);
        }

        rail(lane) {
            const top = Math.max(0, this.first) * this.at.rowHeight;
            const bottom = (this.last + 1) * this.at.rowHeight;
            const style = lane.isMixed ? '--hue: var(--muted)' : laneColor(lane.threads[0]);

            return s('path', { class: 'hf-rail', style, d: `M${lane.rail} ${top}V${bottom}` });
        }

        /* ---- Locks and waits --------------------------------------------------------------- */

        bars(intervals, name) {
            const { view, at, first, last } = this;
            const begin = view.items[first].at;
            const end = last + 1 === view.items.length ? Infinity : view.items[last].last;

            return intervals
                .filter((each) => each.from <= end && each.to >= begin)
                .map((each) => this.bar(each, at.laneByThread.get(each.thread), name));
        }

        bar(interval, lane, name) {
            const slot = lane?.slots.get(interval);

            if (slot === undefined) {
                return null;
            }
            const top = Math.max(this.edge(interval.from, interval), this.at.rowHeight *
                (this.first - 1));
            const bottom = interval.to === Infinity ? (this.last + 1) * this.at.rowHeight
                : Math.min(this.edge(interval.to, interval), (this.last + 2) * this.at.rowHeight);

            return bottom > top && s('rect', {
                class: `${name} hf-slot-${slot}`, style: laneColor(interval.thread),
                x: lane.bars + slot * this.at.slot, y: top, width: 5, height: bottom - top, rx: 2.5,
            });
        }

        /* The height at which a step took effect; one that is not shown is at its row's end. */
        edge(step, { thread, place }) {
            const { view } = this;

            if (step >= view.model.steps.length) {
                const item = view.model.itemOfPlace(view.mode, place);

                return item ? this.y(item.index) : view.items.length * this.at.rowHeight;
            }
            const item = view.model.itemAt(view.mode, step);
            const isShown = item.thread === thread && item.step !== null && item.step <= step &&
                step <= item.last;

            if (item.at > step) {
                return 0;
            }
            return isShown ? this.y(item.index) : (item.index + 1) * this.at.rowHeight;
        }

        /* ---- From step to step ------------------------------------------------------------- */

        flow(tags) {
            const { items } = this.view;
            const parts = [];

            for (let i = Math.max(1, this.first); i <= this.last; i++) {
                this.tagsAbove(items[i], tags);
                parts.push(this.turn(items[i - 1], items[i]));
            }
            if (this.first === 0) {
                this.tagsAbove(items[0], tags);
            }
            return parts;
        }

        turn(from, to) {
            const x1 = this.lane(from).rail;
            const x2 = this.lane(to).rail;
            const y = to.index * this.at.rowHeight;
            const r = RADIUS * Math.sign(x2 - x1);
            const classes = to.isPreempted ? 'hf-flow is-preempted' : 'hf-flow';
            const bend = x1 === x2 ? '' : `V${y - RADIUS}q0 ${RADIUS} ${r} ${RADIUS}` +
                `H${x2 - r}q${r} 0 ${r} ${RADIUS}`;

            return s('path', { class: classes, d: `M${x1} ${this.y(from.index)}${bend}` +
                `V${this.y(to.index)}` });
        }

        tagsAbove(item, tags) {
            const y = item.index * this.at.rowHeight;

            if (item.isPreempted && item.index > 0) {
                const from = this.lane(this.view.items[item.index - 1]);
                const lane = this.lane(item);
                const x = (from.rail < lane.rail ? from : lane).text - 2;

                tags.push(h('span', { class: 'hf-tag is-preempted',
                    style: `left:${x}px;top:${y}px` }, 'preempted'));
            }
            if (item.leftOut > 0) {
                tags.push(h('span', { class: 'hf-tag is-left-out',
                    style: `right:8px;top:${y}px` },
                `${heddle.element.plural(item.leftOut, 'row')} left out`));
            }
        }

        dots() {
            const { items, selected } = this.view;
            const dots = [];

            for (let i = this.first; i <= this.last; i++) {
                dots.push(this.dot(items[i], i === selected));
            }
            return dots;
        }

        /* Marked ones are diamonds, so that color is not all that tells them apart. */
        dot(item, isSelected) {
            const x = this.lane(item).rail;
            const y = this.y(item.index);
            const style = laneColor(item.thread);
            const classes = ['hf-dot', item.isMarked && 'is-marked', item.isAboutTo &&
                'is-about-to'].filter(Boolean).join(' ');
            const shape = item.isMarked
                ? s('path', { class: classes, style, d: `M${x} ${y - 7}l7 7l-7 7l-7 -7z` })
                : s('circle', { class: classes, style, cx: x, cy: y, r: 4.5 });

            return isSelected
                ? [s('circle', { class: 'hf-ring', cx: x, cy: y, r: 10.5 }), shape] : shape;
        }

        /* ---- Links ------------------------------------------------------------------------- */

        links(tags) {
            const { first, last, at } = this;

            return this.view.links().map((link, i) => {
                const low = Math.min(link.from.index, link.to.index);
                const high = Math.max(link.from.index, link.to.index);

                return high < first || low > last ? null
                    : this.link(link, at.isSingle, i, tags);
            });
        }

        /* From the end of the upper row's cell, down between the lanes, to the lower row's. */
        link(link, isSingle, rank, tags) {
            const [upper, lower] = link.from.index <= link.to.index ? [link.from, link.to]
                : [link.to, link.from];
            const a = this.lane(upper);
            const b = this.lane(lower);
            const goesRight = !isSingle && b.x > a.x;
            const isInLane = a === b;
            const offset = 4 + (rank % 3) * 4;
            const x1 = goesRight || isInLane ? a.x + a.width - (isInLane ? 6 : 0) : a.x - 2;
            const x2 = goesRight ? b.x - 2 : b.x + b.width - (isInLane ? 6 : 0);
            const gap = isInLane ? x1 + 4 + (rank % 3) * 2
                : goesRight ? a.x + a.width + offset : a.x - offset;
            const y1 = this.y(upper.index);
            const y2 = this.y(lower.index);
            const classes = `hf-link is-${link.style}`;
            const isDown = link.to === lower;

            if (link.label) {
                tags.push(this.linkTag(link, { gap, toLeft: goesRight || isInLane,
                    y: isInLane ? lower.index * this.at.rowHeight : y2 }));
            }
            return [
                s('path', { class: classes, d: `M${x1} ${y1}H${gap}V${y2}H${x2}` }),
                link.hasArrow && this.arrow(classes, isDown ? x2 : x1, isDown ? y2 : y1,
                    isDown ? Math.sign(x2 - gap) : Math.sign(x1 - gap)),
            ];
        }

        arrow(classes, x, y, side) {
            return s('path', { class: `${classes} is-head`,
                d: `M${x - side * 6} ${y - 4}L${x} ${y}L${x - side * 6} ${y + 4}` });
        }

        linkTag(link, { gap, toLeft, y }) {
            const edge = toLeft ? `right:${this.at.width - gap + 6}px` : `left:${gap + 6}px`;

            return h('span', { class: `hf-tag is-${link.style}`, style: `${edge};top:${y}px` },
                link.label);
        }
    }

    heddle.findingOverlay = (view) => new Overlay(view);
})();
