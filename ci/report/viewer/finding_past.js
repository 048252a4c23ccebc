/*
 * The past of a finding: what held after each step of its schedule.
 *
 * All follows from the steps. `locks` of a step is what the thread held before it took effect, so
 * that a lock is held from the step before the first that has it, to the last that has it; the last
 * step of a thread says itself what it did. Waiting is from a wait to its end, or, for those that
 * never woke, to the end of the schedule. What happens before what is kept as vector clocks: for
 * each step, how many steps of each thread are ordered before it or are it.
 *
 * SPDX-License-Identifier: MIT
 */
(() => {
    'use strict';

    const heddle = window.heddle;

    /* {thread, object, from, to}: steps; `to` is past the end for those never given up. */
    class Intervals {
        constructor(model) {
            this.model = model;
            this.locks = [];
            this.waits = [];
            this.held = new Map(); /* thread -> Map(object -> interval) */
            this.waiting = new Map(); /* thread -> interval */
            this.last = new Map(); /* thread -> its last step so far */
            model.steps.forEach((step, i) => this.add(step, i));
            this.last.forEach((i, thread) => this.finish(thread, i));
            this.addEnds();
        }

        add(step, i) {
            const { WAKES } = heddle.words;
            const waiting = this.waiting.get(step.thread);

            this.compare(step.thread, new Set(step.locks ?? []), this.last.get(step.thread) ?? i);
            if (waiting) {
                waiting.to = i;
                this.waiting.delete(step.thread);
            }
            if (WAKES[step.event]) {
                this.wait(step.thread, step.object, i);
            }
            this.last.set(step.thread, i);
        }

        /* What it holds now was acquired, or given up, by its step before: `at`. */
        compare(thread, now, at) {
            const held = this.held.get(thread) ?? new Map();

            this.held.set(thread, held);
            for (const [object, interval] of held) {
                if (!now.has(object)) {
                    interval.to = at;
                    held.delete(object);
                }
            }
            for (const object of now) {
                if (!held.has(object)) {
                    const interval = { thread, object, from: at, to: Infinity };

                    held.set(object, interval);
                    this.locks.push(interval);
                }
            }
        }

        wait(thread, object, from, place = null) {
            const interval = { thread, object, from, to: Infinity, place };

            this.waiting.set(thread, interval);
            this.waits.push(interval);
        }

        /* No step comes after a thread's last that would say what that one did. */
        finish(thread, i) {
            const { ACQUIRES, RELEASES } = heddle.words;
            const step = this.model.steps[i];
            const now = new Set(step.locks ?? []);

            if (ACQUIRES.has(step.event) && step.object !== null) {
                now.add(step.object);
            }
            if (RELEASES.has(step.event)) {
                now.delete(step.event === 'wait' ? [...now].at(-1) : step.object);
            }
            this.compare(thread, this.heldByPlace(thread) ?? now, i);
            if (step.event === 'end') {
                this.waiting.delete(thread);
            }
        }

        /* One that waits for ever has a place, which knows better what it holds: what it wanted
         * last it did not get, and a wait has given up a lock, it does not say which. */
        heldByPlace(thread) {
            const { model } = this;
            const place = model.places.find((each) => each.thread === thread && each.waits_for);

            return place && new Set((place.locks ?? []).map((lock) => model.objectNamed(lock.name))
                .filter((object) => object >= 0));
        }

        /* Those that were about to wait when all ended; not those that went on in the end. */
        addEnds() {
            const { model } = this;
            const isLast = (place) => (place.step ?? null) === null ||
                place.step === this.last.get(place.thread);

            for (const place of model.places.filter((each) => each.waits_for && isLast(each))) {
                const name = place.waits_for.object?.name ?? place.waits_for.object;
                const object = model.objectNamed(name);

                if (!this.waiting.has(place.thread)) {
                    this.wait(place.thread, object < 0 ? null : object,
                        place.step ?? model.steps.length, place);
                }
            }
        }

        /* Those of a list that hold after step `i`. */
        static after(intervals, i) {
            return intervals.filter((each) => each.from <= i && i < each.to);
        }
    }

    class Past {
        constructor(model) {
            this.model = model;
            this.intervals = new Intervals(model);
            this.clocks = null;
        }

        /* Objects that were touched, each with its value and the step that gave it. */
        values(last) {
            const values = new Map();
            const { steps } = this.model;

            for (let i = 0; i <= last && i < steps.length; i++) {
                const { object, read, written } = steps[i];
                const value = written ?? read ?? null;

                if (object === null || object === undefined) {
                    continue;
                }
                const known = values.get(object);
                const isWritten = (written ?? null) !== null;
                const isSame = value === null || (known?.value === value && !isWritten);

                values.set(object, isSame && known ? { ...known, touched: i }
                    : { value, step: i, isWritten, touched: i });
            }
            return values;
        }

        held(moment) {
            return Intervals.after(this.intervals.locks, moment.last);
        }

        /* A wait that was only about to begin has begun if its row is the one shown or above it. */
        /* "locks a", "unlocks a": what an item began or ended to hold. */
        lockWords(item) {
            const { locks } = this.intervals;
            const names = (edge) => locks.filter((each) => each.thread === item.thread &&
                item.step !== null && item.step <= each[edge] && each[edge] <= item.last)
                .map((each) => this.model.objectName(each.object));
            const say = (verb, objects) => objects.length > 0 && `${verb} ${objects.join(', ')}`;

            return [say('locks', names('from')), say('unlocks', names('to'))].filter(Boolean)
                .join(', ');
        }

        waiting(moment) {
            const end = this.model.steps.length;

            return this.intervals.waits.filter((each) => (each.from === end
                ? moment.isReached(each.place)
                : each.from <= moment.last && moment.last < each.to));
        }

        /* What a thread is about: "runs", "waits", "paused", "ended", "not started",
         * "not yet run" or "". */
        status(thread, moment) {
            const { steps } = this.model;
            const bounds = this.bounds().get(thread);

            if (this.waiting(moment).some((each) => each.thread === thread)) {
                return 'waits';
            }
            if (thread === moment.thread) {
                return 'runs';
            }
            if (!bounds) {
                return '';
            }
            if (moment.last < bounds.first) {
                return steps[bounds.first].event === 'start' ? 'not started' : 'not yet run';
            }
            return steps[bounds.last].event === 'end' && moment.last >= bounds.last ? 'ended'
                : 'paused';
        }

        /* The first and the last step of each thread. */
        bounds() {
            if (!this.ends) {
                this.ends = new Map();
                this.model.steps.forEach((step, i) => {
                    const ends = this.ends.get(step.thread) ?? { first: i };

                    ends.last = i;
                    this.ends.set(step.thread, ends);
                });
            }
            return this.ends;
        }

        order() {
            this.clocks = this.clocks ?? heddle.findingOrder(this.model.steps);
            return this.clocks;
        }
    }

    heddle.findingPast = (model) => new Past(model);
})();
