/*
 * Lanes: the schedule from top to bottom, each thread in its own column.
 *
 * Only the rows in sight are elements; the list is as high as all of them, and where a row belongs
 * is arithmetic (finding_layout.js). What connects rows is drawn behind them (finding_overlay.js).
 * The list is a listbox: the step selected is its active option, which is always an element.
 *
 * SPDX-License-Identifier: MIT
 */
(() => {
    'use strict';

    const heddle = window.heddle;
    const { h, badge, laneColor, plural } = heddle.element;
    const MARGIN = 12; /* rows that are drawn beyond those in sight */
    const LEGEND_MAX = 8;
    const SHORT = 400;
    let made = 0;

    class Lanes {
        /* `view` has model, past, context, items, selected, relation(item) and select(index). */
        constructor(view) {
            made++;
            this.view = view;
            this.id = `hf-lanes-${made}`;
            this.heads = h('div', { class: 'hf-heads' });
            this.list = h('div', {
                class: 'hf-rows', role: 'listbox', tabindex: '0', id: this.id,
                'aria-label': 'Schedule, step by step',
                onclick: (event) => this.click(event),
            });
            this.overlay = heddle.findingOverlay(view);
            this.canvas = h('div', { class: 'hf-canvas' }, this.overlay.element, this.list);
            this.element = h('div', { class: 'hf-lanes', onscroll: () => this.later() },
                this.heads, this.canvas);
            this.frame = 0;
            this.observer = new ResizeObserver(() => this.resize());
            this.observer.observe(this.element);
        }

        destroy() {
            this.observer.disconnect();
            cancelAnimationFrame(this.frame);
        }

        /* Other items, or another width. */
        layout() {
            const { model, past, items } = this.view;
            const { layout, ranked } = heddle.findingLayout;

            this.view.panes.classList.toggle('has-many', ranked(model, items).length > 2);
            const width = Math.max(240, this.element.clientWidth);

            this.at = layout(model, past, items, width);
            this.element.classList.toggle('is-tall', this.at.isTall);
            this.element.classList.toggle('is-single', this.at.isSingle);
            this.view.panes.classList.toggle('is-short', this.isShort());
            this.canvas.style.height = `${items.length * this.at.rowHeight + 8}px`;
            this.overlay.layout(this.at);
            this.drawHeads();
            this.draw();
        }

        /* Then there is room below for what else there is to say. */
        isShort() {
            return this.view.items.length * this.at.rowHeight < SHORT;
        }

        resize() {
            if (this.element.clientWidth > 0 && this.element.clientWidth !== this.at?.width) {
                this.layout();
            }
        }

        click(event) {
            const row = event.target.closest('[data-index]');

            if (row && !event.target.closest('a')) {
                this.view.select(Number(row.dataset.index));
            }
        }

        later() {
            if (this.frame === 0) {
                this.frame = requestAnimationFrame(() => {
                    this.frame = 0;
                    this.draw();
                });
            }
        }

        inSight() {
            const { rowHeight } = this.at;
            const top = this.element.scrollTop;
            const first = Math.floor(top / rowHeight) - MARGIN;
            const last = Math.ceil((top + this.element.clientHeight) / rowHeight) + MARGIN;

            return [Math.max(0, first), Math.min(this.view.items.length - 1, last)];
        }

        draw() {
            const { items, selected } = this.view;

            if (!this.at || items.length === 0) {
                return;
            }
            const [first, last] = this.inSight();
            const rows = [];

            for (let i = first; i <= last; i++) {
                rows.push(this.row(items[i]));
            }
            if (selected < first || selected > last) {
                rows.push(this.row(items[selected]));
            }
            this.list.replaceChildren(...rows);
            this.list.setAttribute('aria-activedescendant', `${this.id}-${selected}`);
            this.overlay.draw(first, last);
        }

        row(item) {
            const { view, at } = this;
            const lane = at.laneByThread.get(item.thread);
            const isSelected = item.index === view.selected;
            const classes = ['hf-row', item.isMarked && 'is-marked', isSelected && 'is-selected',
                item.isAboutTo && 'is-about-to'];
            const left = lane.text;

            return h('div', {
                role: 'option', id: `${this.id}-${item.index}`, 'data-index': item.index,
                class: classes.filter(Boolean).join(' '), 'aria-selected': String(isSelected),
                'aria-setsize': view.items.length, 'aria-posinset': item.index + 1,
                style: `top:${item.index * at.rowHeight}px;height:${at.rowHeight}px`,
            },
            this.number(item),
            h('span', {
                class: 'hf-cell',
                style: `left:${left}px;width:${lane.x + lane.width - left}px;` +
                    laneColor(item.thread),
            }, this.cell(item, lane)),
            h('span', { class: 'hf-offscreen' }, this.rest(item)));
        }

        number(item) {
            const isUnordered = this.view.relation(item) === 'unordered';

            return h('span', { class: 'hf-number' },
                isUnordered && h('span', {
                    class: 'hf-unordered', title: 'nothing orders it with the step selected',
                }, '∥'),
                item.step === null ? '–' : String(item.step));
        }

        cell(item, lane) {
            const words = this.words(item);

            return [
                h('span', { class: 'hf-cell-code' },
                    lane.isMixed && badge(item.thread),
                    h('span', { class: 'hf-line' }, item.line || ''),
                    h('code', { title: item.code }, heddle.words.codeText(item.code)),
                    item.times > 1 && h('span', { class: 'hf-times' }, `× ${item.times}`)),
                words && h('span', { class: 'hf-words', title: words }, words),
            ];
        }

        /* What a line does; what it calls may have locked or unlocked. */
        words(item) {
            const { model, past } = this.view;

            return model.words(item) || (item.times > 1 ? '' : past.lockWords(item));
        }

        /* What the eye has from where the row is, for the ear. */
        rest(item) {
            return [
                '', this.view.model.thread(item.thread).name,
                item.isPreempted && 'after a preemption',
                item.isMarked && 'part of the finding',
            ].filter((each) => each !== false).join(', ');
        }

        /* ---- Heads ------------------------------------------------------------------------- */

        drawHeads() {
            const heads = this.at.lanes.map((lane) => h('div', {
                class: 'hf-lane-head',
                style: `left:${lane.x}px;width:${lane.width}px;${laneColor(lane.threads[0])}`,
            }, lane.isMixed ? this.legend(lane) : this.head(lane.threads[0])));

            this.heads.replaceChildren(...heads);
            this.drawStatus();
        }

        head(id) {
            const { model, context } = this.view;
            const thread = model.thread(id);
            const created = thread.created_at;

            return [
                h('span', { class: 'hf-lane-name' }, badge(id), ' ',
                    h('strong', null, id === 0 ? thread.name : thread.function ?? thread.name)),
                h('span', { class: 'hf-lane-from' },
                    id === 0 ? 'runs setup and check' : thread.name,
                    created && [`, created by ${model.thread(thread.created_by).name} at `,
                        heddle.element.placeOf(context, created, true)]),
                h('span', { class: 'hf-status', 'data-thread': id }),
            ];
        }

        legend(lane) {
            const { model } = this.view;
            const shown = lane.threads.slice(0, LEGEND_MAX);
            const rest = lane.threads.length - shown.length;
            const names = new Set(shown.map((id) => model.thread(id).function));
            const isOther = this.at.lanes.length > 1;

            return [
                isOther && h('span', { class: 'hf-lane-name' },
                    h('strong', null, plural(lane.threads.length, 'other thread'))),
                h('span', { class: 'hf-legend' }, shown.map((id) => h('span', null, badge(id), ' ',
                    names.size > 1 && !isOther ? model.thread(id).function : null)),
                rest > 0 && `and ${rest} more`),
            ];
        }

        /* What each thread is about after the item selected. */
        drawStatus() {
            const { past, model } = this.view;
            const moment = this.view.moment();

            for (const element of this.heads.querySelectorAll('.hf-status')) {
                const id = Number(element.dataset.thread);
                const status = past.status(id, moment);
                const held = past.held(moment).filter((each) => each.thread === id)
                    .map((each) => model.objectName(each.object));

                element.textContent = [status, held.length > 0 && `holds ${held.join(', ')}`]
                    .filter(Boolean).join(' · ');
                element.dataset.status = status;
            }
        }

        /* ---- Selection --------------------------------------------------------------------- */

        show() {
            const { rowHeight } = this.at;
            const { clientHeight, scrollTop } = this.element;
            const top = this.view.selected * rowHeight;
            const room = clientHeight - this.heads.offsetHeight;

            if (top < scrollTop + rowHeight) {
                this.element.scrollTop = Math.max(0, top - 2 * rowHeight);
            } else if (top + 2 * rowHeight > scrollTop + room) {
                this.element.scrollTop = top + 3 * rowHeight - room;
            }
            this.draw();
            this.drawStatus();
        }
    }

    heddle.findingLanes = (view) => new Lanes(view);
})();
