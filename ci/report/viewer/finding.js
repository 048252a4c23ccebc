/*
 * One finding, shown: heddle.renderFinding(container, record, context) -> {destroy, focusStep}.
 *
 * `record` is a finding of docs/FINDING_FORMAT.md; `context` has `svg` ({waitFor, lockOrder}: the
 * texts of drawings, or null), `root` (put before file names to make links; "" for none) and
 * `level` (of the heading; 3 if it is left out).
 *
 * Everything that can change is in the view: which items are shown (finding_model.js) and which of
 * them is selected. Its parts draw themselves from it and keep nothing that it has.
 *
 * SPDX-License-Identifier: MIT
 */
(() => {
    'use strict';

    const heddle = window.heddle;

    class View {
        constructor(record, context) {
            const { h, heading } = heddle.element;

            this.context = { svg: null, root: '', ...context };
            this.model = heddle.findingModel(record);
            this.past = heddle.findingPast(this.model);
            this.mode = this.model.rows.length > 0 ? 'rows' : 'all';
            this.items = this.model.items(this.mode);
            this.selected = this.firstSelected();
            this.forget();
            this.hasSchedule = this.items.length > 0;
            this.element = h('article', { class: 'hf', onkeydown: (event) => this.key(event) },
                heddle.findingHead(this), heddle.findingPicture(this),
                heddle.findingHistory(this), this.hasSchedule && this.schedule(heading),
                heddle.findingDetails(this));
        }

        schedule(heading) {
            const { h } = heddle.element;

            this.controls = heddle.findingControls(this);
            this.lanes = heddle.findingLanes(this);
            this.source = heddle.findingSource(this);
            this.state = heddle.findingState(this);
            this.panes = h('div', { class: 'hf-panes' }, this.lanes.element, this.source.element,
                this.state.element);
            return h('section', { class: 'hf-section hf-schedule' },
                heading(this.context, 1, 'Schedule'), this.controls.element, this.panes);
        }

        /* The first one that has part in the finding: there the reader begins. */
        firstSelected() {
            return Math.max(0, this.items.findIndex((item) => item.isMarked));
        }

        start() {
            if (this.hasSchedule) {
                this.layout();
            }
        }

        destroy() {
            this.lanes?.destroy();
            this.element.remove();
        }

        layout() {
            this.controls.layout();
            this.lanes.layout();
            this.lanes.show();
            this.source.draw();
            this.state.draw();
        }

        key(event) {
            if (this.hasSchedule && this.controls.key(event)) {
                event.preventDefault();
            }
        }

        /* ---- What is selected -------------------------------------------------------------- */

        select(index) {
            this.selected = Math.max(0, Math.min(index, this.items.length - 1));
            this.forgetSelected();
            this.controls.draw();
            this.lanes.show();
            this.source.draw();
            this.state.draw();
        }

        setMode(mode) {
            const item = this.items[this.selected];

            this.mode = mode;
            this.items = this.model.items(mode);
            this.selected = this.sameItem(item)?.index ?? 0;
            this.forget();
            this.layout();
        }

        toggleMode() {
            const hasBoth = this.model.rows.length > 0 && this.model.steps.length > 0;

            if (hasBoth) {
                this.setMode(this.mode === 'rows' ? 'all' : 'rows');
            }
        }

        sameItem(item) {
            return item.step === null
                ? this.items.findLast((each) => each.step === null && each.thread === item.thread)
                : this.model.itemAt(this.mode, item.step);
        }

        /* A step that no row shows is shown among all steps. */
        focusStep(step) {
            if (!this.hasSchedule || !(step >= 0) || step >= this.model.steps.length) {
                return;
            }
            const item = this.model.itemAt(this.mode, step);
            const isShown = item && item.step !== null && item.step <= step && step <= item.last &&
                item.thread === this.model.steps[step].thread;

            if (!isShown && this.mode === 'rows') {
                this.setMode('all');
            }
            this.select(this.model.itemAt(this.mode, step).index);
            this.lanes.list.focus({ preventScroll: true });
        }

        /* ---- What follows from it, made once ----------------------------------------------- */

        forget() {
            this.madeLinks = null;
            this.forgetSelected();
        }

        forgetSelected() {
            this.madeOrder = null;
            this.madeMoment = null;
        }

        /* What has happened once the item selected has: the last step, and who waits by then. */
        moment() {
            if (this.madeMoment === null) {
                const item = this.items[this.selected];
                const isReached = (place) =>
                    this.model.itemOfPlace(this.mode, place)?.index <= this.selected;

                this.madeMoment = { last: item.last, thread: item.thread, isReached };
            }
            return this.madeMoment;
        }

        orderLinks() {
            this.madeOrder = this.madeOrder ??
                heddle.findingLinks.orderLinks(this, this.items[this.selected]);
            return this.madeOrder;
        }

        links() {
            this.madeLinks = this.madeLinks ?? heddle.findingLinks.findingLinks(this);
            return [...this.madeLinks, ...this.orderLinks()];
        }

        /* How an item is ordered with the one selected; null where steps are missing. */
        relation(item) {
            const { model, past } = this;
            const selected = this.items[this.selected];

            if (model.leftOut > 0 || item.step === null || selected.step === null) {
                return null;
            }
            return past.order().relation(selected.last, item.step) === 'unordered' &&
                past.order().relation(selected.step, item.last) === 'unordered'
                ? 'unordered' : 'ordered';
        }
    }

    heddle.renderFinding = (container, record, context) => {
        const view = new View(record, context);

        container.replaceChildren(view.element);
        view.start();
        return { destroy: () => view.destroy(), focusStep: (step) => view.focusStep(step) };
    };
})();
