/*
 * Model of a finding: its record (docs/FINDING_FORMAT.md), completed with what follows from it.
 *
 * What is shown one below the other are items: the rows of the record, which leave out what does
 * not matter, or all of its steps. Both are the same kind of thing, so that nothing else knows
 * which of them is shown. An item covers the steps `step` to `last`; one that was only about to
 * happen has `step` null, and `at`, its place in the order of steps, is that of what came before.
 *
 * A record may be damaged or newer than this: what is missing is empty, never an exception.
 *
 * SPDX-License-Identifier: MIT
 */
(() => {
    'use strict';

    const heddle = window.heddle;
    /* What an action says of events; their values say more. */
    const KINDS = /^(read|write|atomic (load|store|update))$/;
    const list = (value) => (Array.isArray(value) ? value : []);

    function unknownLine() {
        return { function: '?', file: '?', line: 0, code: '' };
    }

    function threadsOf(record) {
        const threads = new Map();
        const know = (id) => {
            if (id !== null && id !== undefined && !threads.has(id)) {
                threads.set(id, { id, name: `thread ${id}`, function: null });
            }
        };

        for (const thread of list(record.threads)) {
            const name = thread.name ?? `thread ${thread.id}`;

            threads.set(thread.id, { ...thread, name });
        }
        list(record.steps).forEach((step) => know(step.thread));
        list(record.rows).forEach((row) => know(row.thread));
        list(record.places).forEach((place) => know(place.thread));
        return threads;
    }

    class Model {
        constructor(record) {
            this.record = record;
            this.lines = list(record.lines);
            this.objects = list(record.objects);
            this.steps = list(record.steps);
            this.rows = list(record.rows);
            this.places = list(record.places);
            this.excerpts = list(record.excerpts);
            this.threads = threadsOf(record);
            this.leftOut = record.steps_left_out ?? 0;
            this.made = new Map();
            this.mergeObjects();
        }

        /* A lock is also the memory that it is in: one object to a reader, the first that locks. */
        mergeObjects() {
            const first = new Map();
            const key = ({ name, whereabouts }) => `${name} ${whereabouts ?? ''}`;

            this.objects.forEach((object, i) => {
                const known = this.objects[first.get(key(object))];

                if (!known || (known.kind === 'memory' && object.kind !== 'memory')) {
                    first.set(key(object), i);
                }
            });
            this.merged = (index) => first.get(key(this.objects[index])) ?? index;
            this.steps = this.steps.map((step) => ({
                ...step, object: this.objects[step.object] ? this.merged(step.object) : null,
                locks: list(step.locks).filter((i) => this.objects[i]).map(this.merged),
            }));
        }

        line(index) {
            return this.lines[index] ?? unknownLine();
        }

        objectName(index) {
            return this.objects[index]?.name ?? null;
        }

        /* Memory says where it is only where its name does not. */
        objectTitle(index) {
            const object = this.objects[index];

            return object?.whereabouts ? `${object.name}, ${object.whereabouts}` : object?.name;
        }

        thread(id) {
            return this.threads.get(id) ?? { id, name: `thread ${id}`, function: null };
        }

        /* "rows" or "all"; made once. */
        items(mode) {
            if (!this.made.has(mode)) {
                const items = mode === 'rows' ? this.rowItems() : this.stepItems();

                items.forEach((item, index) => { item.index = index; });
                this.made.set(mode, items);
            }
            return this.made.get(mode);
        }

        rowItems() {
            const items = [];
            let at = -1;

            this.rows.forEach((row, i) => {
                at = this.steps[row.step] ? row.step : at;
                items.push(this.rowItem(row, at));
                if (i > 0) {
                    this.closeItem(items[i - 1], items[i]);
                }
            });
            return items;
        }

        rowItem(row, at) {
            const step = this.steps[row.step] ? row.step : null;
            const last = step === null ? at
                : Math.min(step + Math.max(1, row.steps ?? 1), this.steps.length) - 1;

            return {
                thread: row.thread, step, last, at, isAboutTo: (row.step ?? null) === null,
                function: row.function, file: row.file, line: row.line, code: row.code ?? '',
                action: row.action ?? '', isMarked: Boolean(row.is_marked),
                isPreempted: step !== null && Boolean(this.steps[step]?.is_preempted),
                leftOut: row.left_out_before ?? 0, times: row.times ?? 1,
                words: null,
            };
        }

        /* A run ends where the next row begins. Steps between two rows may have switched. */
        closeItem(item, next) {
            if (next.step !== null && item.step !== null) {
                item.last = Math.max(item.step, Math.min(item.last, next.step - 1));
                for (let i = item.last + 1; i < next.step && !next.isPreempted; i++) {
                    next.isPreempted = Boolean(this.steps[i].is_preempted);
                }
            }
            next.isPreempted = next.isPreempted && next.thread !== item.thread;
        }

        stepItems() {
            const items = this.steps.map((step, i) => ({
                thread: step.thread, step: i, last: i, at: i, isAboutTo: false,
                ...this.line(step.line), action: '', isMarked: Boolean(step.is_marked),
                isPreempted: Boolean(step.is_preempted), times: 1, words: null,
                leftOut: 0,
            }));
            const end = this.steps.length - 1;

            for (const row of this.rows.filter((each) => (each.step ?? null) === null)) {
                items.push(this.rowItem(row, end));
            }
            return items;
        }

        /* What an item does, made when it is first shown. */
        words(item) {
            item.words = item.words ?? this.wordsOf(item);
            return item.words;
        }

        wordsOf(item) {
            const { runWords, stepWords } = heddle.words;
            const run = this.run(item);
            const action = item.action.replace(/(, )?\b\d+ times$/, '');

            if (run.length === 1 && !action) {
                return stepWords(run[0], this.objectName(run[0].object));
            }
            const values = runWords(run);
            const rest = action.split(', ').filter((each) => !values || !KINDS.test(each));

            return [values, ...rest].filter(Boolean).join(', ');
        }

        /* The steps of an item: those of its thread on its line, not what the line calls. */
        run(item) {
            const isOnLine = (index) => {
                const line = this.line(index);

                return line.line === item.line && line.file === item.file;
            };

            return item.step === null ? [] : this.steps.slice(item.step, item.last + 1)
                .filter((step) => step.thread === item.thread &&
                    isOnLine(step.stack?.[0] ?? step.line));
        }

        /* An object by its name, as one that steps refer to; -1 if there is none. */
        objectNamed(name) {
            const index = this.objects.findIndex((each) => each.name === name);

            return index < 0 ? index : this.merged(index);
        }

        /* The item that shows a step, or the last one before it. */
        itemAt(mode, step) {
            const items = this.items(mode);
            let low = 0;
            let high = items.length - 1;

            while (low < high) {
                const middle = (low + high + 1) >> 1;

                if (items[middle].at <= step && !this.isAboutTo(items[middle], step)) {
                    low = middle;
                } else {
                    high = middle - 1;
                }
            }
            return items[low] ?? null;
        }

        isAboutTo(item, step) {
            return item.step === null && item.at === step;
        }

        /* Where a place of the finding is shown; null if it is not. */
        itemOfPlace(mode, place) {
            const items = this.items(mode);

            if (place.step !== null && place.step !== undefined) {
                const item = this.itemAt(mode, place.step);

                if (item?.thread === place.thread) {
                    return item;
                }
            }
            return items.findLast((item) => item.thread === place.thread && item.isMarked &&
                (place.line === item.line || item.step === null)) ?? null;
        }
    }

    heddle.findingModel = (record) => new Model(record);
})();
