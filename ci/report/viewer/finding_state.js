/*
 * State at the step selected: what each object holds, who holds and who waits for each lock, how
 * the step is ordered, and how it was called.
 *
 * SPDX-License-Identifier: MIT
 */
(() => {
    'use strict';

    const heddle = window.heddle;
    const { h, badge, placeLink, heading, plural } = heddle.element;
    const OBJECTS_MAX = 12;
    const LINKS_MAX = 6;

    class State {
        constructor(view) {
            this.view = view;
            this.objects = h('div', null);
            this.order = h('div', null);
            this.stack = h('div', null);
            this.element = h('div', { class: 'hf-state' }, this.objects, this.order, this.stack);
            this.base = null;
            this.isWhole = false;
        }

        draw() {
            const item = this.view.items[this.view.selected];

            this.drawObjects(item);
            this.drawOrder(item);
            this.drawStack(item);
        }

        /* ---- Objects ----------------------------------------------------------------------- */

        /* Those of the rows, for these matter. */
        baseObjects() {
            const { model } = this.view;

            if (this.base === null) {
                this.base = new Set(this.placesObjects());
                for (const item of model.items('rows').filter((each) => each.step !== null)) {
                    this.objectsOf(item).forEach((object) => this.base.add(object));
                }
            }
            return this.base;
        }

        placesObjects() {
            const { model } = this.view;

            return model.places.filter((place) => place.object)
                .map((place) => model.objectNamed(place.object.name))
                .filter((object) => object >= 0);
        }

        objectsOf(item) {
            const { past, model } = this.view;
            const touched = model.run(item).map((step) => step.object);
            const locked = past.intervals.locks.filter((each) => each.thread === item.thread &&
                item.step !== null &&
                [each.from, each.to].some((step) => item.step <= step && step <= item.last));

            return [...touched, ...locked.map((each) => each.object)]
                .filter((object) => (object ?? null) !== null);
        }

        drawObjects(item) {
            const { past, context } = this.view;
            const moment = this.view.moment();
            const values = past.values(item.last);
            const now = new Set(this.objectsOf(item));
            const known = this.baseObjects();
            const all = [...new Set([...known, ...now])];
            const most = this.isWhole ? all.length : OBJECTS_MAX;
            const wanted = all.filter((object, i) => i < most || now.has(object));
            const held = past.held(moment);
            const waiting = past.waiting(moment);
            const rows = wanted.map((object) =>
                this.objectRow(object, { values, held, waiting, isNow: now.has(object) }));

            this.objects.replaceChildren(...(rows.length === 0 ? [] : [
                heading(context, 2, 'Objects after this step'),
                h('table', { class: 'hf-objects' }, h('thead', { class: 'hf-offscreen' },
                    h('tr', null, ['object', 'state', 'by'].map((text) =>
                        h('th', { scope: 'col' }, text)))), h('tbody', null, rows)),
                all.length > wanted.length && h('button', {
                    type: 'button', class: 'hf-step',
                    onclick: () => { this.isWhole = true; this.draw(); },
                }, `${plural(all.length - wanted.length, 'more object')}`),
            ].filter(Boolean)));
        }

        objectRow(object, { values, held, waiting, isNow }) {
            const { model } = this.view;
            const value = values.get(object);
            const holders = held.filter((each) => each.object === object);
            const waiters = waiting.filter((each) => each.object === object);
            const isLock = holders.length > 0 || this.isLock(object);
            const hasValue = (value?.value ?? null) !== null;
            const state = isLock ? this.lockState(holders)
                : hasValue ? value.value : waiters.length > 0 ? null : '–';

            return h('tr', { class: isNow ? 'is-now' : null },
                h('th', { scope: 'row', title: model.objectTitle(object) },
                    h('code', null, model.objectName(object) ?? '?')),
                h('td', { class: isLock ? null : 'hf-value' }, state,
                    waiters.length > 0 && h('div', { class: 'hf-waiters' },
                        waiters.map((each) => [badge(each.thread), ' ']),
                        waiters.length === 1 ? 'waits' : 'wait')),
                h('td', null, isLock ? holders.map((each) => this.stepButton(each.from))
                    : hasValue && [value.isWritten ? 'by ' : 'seen by ',
                        this.stepButton(value.step)]));
        }

        isLock(object) {
            this.locks = this.locks ??
                new Set(this.view.past.intervals.locks.map((each) => each.object));
            return this.locks.has(object) ||
                /lock|mutex/.test(this.view.model.objects[object]?.kind ?? '');
        }

        lockState(holders) {
            return holders.length === 0 ? 'free'
                : ['held by ', holders.map((each) => [badge(each.thread), ' '])];
        }

        stepButton(step) {
            const { view } = this;
            const { thread } = view.model.steps[step] ?? {};

            return thread === undefined ? null : h('button', {
                type: 'button', class: 'hf-step', title: `go to step ${step}`,
                onclick: () => view.focusStep(step),
            }, badge(thread), ` step ${step}`);
        }

        /* ---- Order ------------------------------------------------------------------------- */

        drawOrder(item) {
            const { context } = this.view;
            const links = this.view.orderLinks();
            const list = (text, items) => items.length > 0 && h('p', null, text, ' ',
                items.slice(0, LINKS_MAX).map((each) => this.stepButton(each.at)),
                items.length > LINKS_MAX && `and ${items.length - LINKS_MAX} more`);
            const before = links.filter((link) => link.to === item).map((link) => link.from);
            const after = links.filter((link) => link.from === item).map((link) => link.to);
            const unordered = this.unorderedMarks(item);
            const parts = [list('Happens after', before), list('Happens before', after),
                unordered.length > 0 && h('p', { class: 'hf-bad' },
                    h('span', { 'aria-hidden': 'true' }, '∥ '), 'Nothing orders it with ',
                    unordered.slice(0, LINKS_MAX).map((each) => this.stepButton(each.step)))];

            this.order.replaceChildren(...(parts.some(Boolean)
                ? [heading(context, 2, 'Order'), ...parts.filter(Boolean)] : []));
        }

        unorderedMarks(item) {
            const { view } = this;

            return heddle.findingLinks.isRace(view.model.record) && item.isMarked
                ? view.items.filter((each) => each.isMarked && each.step !== null &&
                    view.relation(each) === 'unordered') : [];
        }

        /* ---- Stack ------------------------------------------------------------------------- */

        drawStack(item) {
            const { model, context } = this.view;
            const stack = (model.steps[item.step]?.stack ?? []).map((index) => model.line(index));

            this.stack.replaceChildren(...(stack.length < 2 ? [] : [
                heading(context, 2, 'Called from'),
                h('ol', { class: 'hf-stack' }, stack.map((line) => h('li', null,
                    h('code', null, line.function ?? '?'), ' ',
                    placeLink(context, line.file, line.line)))),
            ]));
        }
    }

    heddle.findingState = (view) => new State(view);
})();
