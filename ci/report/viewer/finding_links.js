/*
 * Links: which rows are connected, and by what.
 *
 * The finding's own: the order that is missing between two accesses that race, from each wait of a
 * deadlock to where what it waits for was acquired, from a cause to what came of it. And the orders
 * of the step selected: what it happens after, and what happens after it.
 *
 * SPDX-License-Identifier: MIT
 */
(() => {
    'use strict';

    const heddle = window.heddle;

    const CAUSES = {
        notify: 'too early', notify_all: 'too early', futex_wake: 'too early',
        free: 'freed before', destroy: 'destroyed before', unlock: 'released before',
        lock: 'never released',
    };

    /* How a cause is bound to what came of it. One that came later in this schedule may come
     * before in another one: what is missing is their order. */
    function bond(cause, main) {
        if (!cause.is_cause || !CAUSES[cause.event]) {
            return null;
        }
        return (cause.step ?? -1) > (main.step ?? Infinity)
            ? { style: 'missing', label: 'no order' }
            : { style: 'cause', label: CAUSES[cause.event] };
    }

    const isRace = (record) => record.kind === 'data-race';

    function raceLinks(model, mode) {
        const [later, earlier] = model.places.filter((place) => !place.is_cause);
        const from = earlier && model.itemOfPlace(mode, earlier);
        const to = later && model.itemOfPlace(mode, later);

        return from && to && from !== to
            ? [{ from, to, style: 'missing', label: 'no order', hasArrow: false }] : [];
    }

    /* Where the lock that a place waits for was acquired, by those that hold it. */
    function waitLinks(view, place) {
        const { model, past, mode } = view;
        const from = model.itemOfPlace(mode, place);
        const name = place.waits_for.object?.name ?? place.waits_for.object;
        const holders = new Set([place.waits_for.held_by].flat());
        const held = past.intervals.locks.filter((each) => each.to === Infinity &&
            holders.has(each.thread) && model.objectName(each.object) === name);

        return held.map((each) => ({
            from, to: model.itemAt(mode, each.from), style: 'wait', hasArrow: true,
            label: `waits for ${name}`,
        })).filter((link) => link.from && link.to && link.from !== link.to);
    }

    function causeLinks(model, mode) {
        const main = model.places.find((place) => !place.is_cause);
        const to = main && model.itemOfPlace(mode, main);

        return model.places.filter((place) => (place.step ?? null) !== null && bond(place, main))
            .map((place) => ({ ...bond(place, main), from: model.itemOfPlace(mode, place), to,
                hasArrow: bond(place, main).style !== 'missing' }))
            .filter((link) => link.from && link.to && link.from !== link.to);
    }

    /* Those of the finding: they do not depend on what is selected. */
    function findingLinks(view) {
        const { model, mode } = view;

        if (isRace(model.record)) {
            return raceLinks(model, mode);
        }
        return [
            ...model.places.filter((place) => place.waits_for)
                .flatMap((place) => waitLinks(view, place)),
            ...causeLinks(model, mode),
        ];
    }

    /* Those of the steps of an item, in other items. */
    function orderLinks(view, item) {
        const { model, past, mode } = view;
        const links = new Map();
        const covers = (each, step) => each && each.step !== null && each.step <= step &&
            step <= each.last && each.thread === model.steps[step].thread;
        const add = (before, after) => {
            const from = model.itemAt(mode, before);
            const to = model.itemAt(mode, after);

            if (covers(from, before) && covers(to, after) && from !== to) {
                links.set(`${from.index} ${to.index}`,
                    { from, to, style: 'order', hasArrow: true, label: null });
            }
        };

        for (let i = item.step ?? Infinity; i <= item.last; i++) {
            const step = model.steps[i];

            if (step?.thread === item.thread) {
                (step.after ?? []).forEach((before) => add(before, i));
                past.order().following(i).forEach((after) => add(i, after));
            }
        }
        return [...links.values()];
    }

    heddle.findingLinks = { findingLinks, orderLinks, isRace, bond };
})();
