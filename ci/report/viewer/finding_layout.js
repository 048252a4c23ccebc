/*
 * Layout of the lanes: which thread has a lane of its own, where it is, and how high rows are.
 *
 * A lane needs some width to be read. Where there is not enough for all threads that do something,
 * those that have part in the finding come first, then those that do most; the last lane is that of
 * all others, and where there is room for one lane only it is that of all threads. In a lane of
 * several threads each row says whose it is. Rows are equally high: where each is, is arithmetic.
 *
 * SPDX-License-Identifier: MIT
 */
(() => {
    'use strict';

    const LANE_MIN = 196;
    const TALL_BELOW = 440;
    const LANES_MAX = 6;
    const GUTTER = 46;
    const GAP = 18; /* between lanes: links run there */
    const SLOTS_MAX = 4; /* bars side by side */
    const SLOT = 8;

    /* Of text, as the reader has set it: what holds text grows with it. */
    const zoom = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;

    /* Threads that do something in these items, the most important ones first. */
    function ranked(model, items) {
        const counts = new Map();
        const parts = new Map();

        items.forEach((item) => counts.set(item.thread, (counts.get(item.thread) ?? 0) + 1));
        model.places.forEach((place) => parts.set(place.thread, place.is_cause ? 1 : 2));
        return [...counts.keys()].sort((a, b) =>
            (parts.get(b) ?? 0) - (parts.get(a) ?? 0) || counts.get(b) - counts.get(a) || a - b);
    }

    function groups(model, items, width) {
        const threads = ranked(model, items);
        const room = Math.floor((width - GUTTER) / (LANE_MIN * zoom()));
        const fit = Math.max(1, Math.min(LANES_MAX, room));
        const byId = (a, b) => a - b;

        if (threads.length <= fit) {
            return threads.sort(byId).map((thread) => [thread]);
        }
        const own = threads.slice(0, fit - 1).sort(byId);

        return [...own.map((thread) => [thread]), threads.slice(fit - 1).sort(byId)];
    }

    /* Give each bar of a lane a slot that no bar beside it has. */
    function assignSlots(intervals) {
        const free = [];
        const slots = new Map();

        for (const interval of intervals.sort((a, b) => a.from - b.from)) {
            const slot = free.findIndex((until) => until <= interval.from);
            const at = slot < 0 ? free.length : slot;

            if (at < SLOTS_MAX) {
                free[at] = interval.to;
                slots.set(interval, at);
            }
        }
        return { slots, count: Math.min(free.length, SLOTS_MAX) };
    }

    function laneOf(threads, past, x, width) {
        const mine = new Set(threads);
        const all = [...past.intervals.locks, ...past.intervals.waits];
        const { slots, count } = assignSlots(all.filter((each) => mine.has(each.thread)));

        return {
            threads, slots, x, width, isMixed: threads.length > 1,
            rail: x + 10, bars: x + 22, text: x + 22 + count * SLOT + (count > 0 ? 2 : 0),
        };
    }

    function layout(model, past, items, width) {
        const grouped = groups(model, items, width);
        const share = (width - GUTTER) / grouped.length;
        const lanes = grouped.map((threads, i) =>
            laneOf(threads, past, GUTTER + i * share, share - (i + 1 < grouped.length ? GAP : 0)));
        const laneByThread = new Map();

        lanes.forEach((lane) => lane.threads.forEach((id) => laneByThread.set(id, lane)));
        /* Code and words beside each other need room; else they are below each other. */
        const isTall = lanes[0].width < TALL_BELOW * zoom();

        return {
            lanes, laneByThread, width, isTall, gutter: GUTTER, gap: GAP, slot: SLOT,
            isSingle: lanes.length === 1,
            rowHeight: Math.round((isTall ? 52 : 34) * zoom()),
        };
    }

    window.heddle.findingLayout = { layout, ranked };
})();
