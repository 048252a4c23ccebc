/*
 * Plots of saturation: how many different states a run had seen after how many executions.
 *
 * A curve that still rises says that more time would find more. The executions are on a logarithmic
 * axis: a run finds much of what it finds in its first hundred. What a plot shows stands below it
 * in words, too.
 *
 * SPDX-License-Identifier: MIT
 */
(() => {
    'use strict';

    const { page, element: { h, s, plural } } = window.heddle;
    const SHARE_MIN = 0.01; /* of all states, found in the last half: it still rises */
    const PLOTS_MAX = 6;
    const WIDE = { width: 320, height: 150, left: 44, right: 8, top: 8, bottom: 24 };
    const SMALL = { width: 84, height: 20, left: 1, right: 1, top: 2, bottom: 1 };

    const number = (value) => value.toLocaleString('en');
    const short = (value) => Intl.NumberFormat('en', { notation: 'compact' }).format(value);

    /* The states seen after so many executions. */
    function statesAt(samples, executions) {
        return samples.findLast((sample) => sample[0] <= executions)?.[1] ?? 0;
    }

    /* After how many executions so many states had been seen. */
    const executionsOf = (samples, states) => samples.find((sample) => sample[1] >= states)[0];

    /* The share of all states that the last half of the executions found. */
    function growth(samples) {
        const [executions, states] = samples.at(-1);

        return states === 0 ? 0 : 1 - statesAt(samples, executions / 2) / states;
    }

    function describe(samples) {
        const [executions, states] = samples.at(-1);
        const late = growth(samples);
        const most = executionsOf(samples, 0.9 * states);

        return `${plural(states, 'different state')} in ${plural(executions, 'execution')}; ` +
            `90 % of them after ${number(most)}. The last half of the executions found ` +
            (late === 0 ? 'no new one.' : `${(100 * late).toFixed(late < 0.1 ? 1 : 0)} % of them.`);
    }

    /* Places in the picture of executions and states. */
    function scales(samples, box) {
        const [executions, states] = samples.at(-1);
        const decades = Math.log10(Math.max(executions, 2));
        const width = box.width - box.left - box.right;
        const height = box.height - box.top - box.bottom;

        return {
            x: (value) => box.left + width * Math.log10(Math.max(value, 1)) / decades,
            y: (value) => box.top + height * (1 - value / Math.max(states, 1)),
        };
    }

    function curve(samples, { x, y }) {
        const points = samples.map(([executions, states]) =>
            `${x(executions).toFixed(1)},${y(states).toFixed(1)}`);

        return `M${points.join('L')}`;
    }

    function axes(samples, box, { x, y }) {
        const [executions, states] = samples.at(-1);
        const bottom = box.height - box.bottom;
        const ticks = [];

        for (let at = 1; at <= executions; at *= 10) {
            ticks.push(s('line', { class: 'axis', x1: x(at), x2: x(at), y1: box.top, y2: bottom }),
                s('text', { x: x(at), y: bottom + 15, 'text-anchor': 'middle' }, short(at)));
        }
        for (const at of [...new Set([0, Math.round(states / 2), states])]) {
            ticks.push(s('line', { class: 'axis', x1: box.left, x2: box.width - box.right,
                y1: y(at), y2: y(at) }),
            s('text', { x: box.left - 6, y: y(at) + 4, 'text-anchor': 'end' }, short(at)));
        }
        return ticks;
    }

    /* Where the number of findings grew. */
    function found(samples, box, { x }) {
        return samples.filter((sample, i) => sample[2] > (samples[i - 1]?.[2] ?? 0))
            .map(([executions]) => s('line', { class: 'found', x1: x(executions),
                x2: x(executions), y1: box.top, y2: box.height - box.bottom }));
    }

    function plot(samples, box) {
        const to = scales(samples, box);
        const line = curve(samples, to);
        const under = `${line}V${to.y(0)}H${to.x(samples[0][0])}Z`;

        return s('svg', {
            class: 'plot', viewBox: `0 0 ${box.width} ${box.height}`, role: 'img',
            'aria-label': describe(samples),
        }, box === WIDE && axes(samples, box, to), s('path', { class: 'under', d: under }),
        found(samples, box, to), s('path', { class: 'curve', d: line }));
    }

    const figure = (name, samples) => h('figure', null, plot(samples, WIDE),
        h('figcaption', null, name && [h('strong', null, name), ': '], describe(samples)));

    /* The button in a run's row that shows and hides the plot below it. */
    function spark(row, samples) {
        const cell = row.lastElementChild;
        const button = h('button', {
            type: 'button', class: 'spark', 'aria-expanded': 'false',
            'aria-label': `Plot of ${row.cells[0].textContent}: ${describe(samples)}`,
            onclick: () => {
                const isOpen = row.nextElementSibling?.classList.contains('plot-row') ?? false;

                if (isOpen) {
                    row.nextElementSibling.remove();
                } else {
                    row.after(h('tr', { class: 'plot-row' },
                        h('td', { colspan: row.cells.length }, figure(null, samples))));
                }
                button.setAttribute('aria-expanded', String(!isOpen));
            },
        }, plot(samples, SMALL));

        button.firstElementChild.setAttribute('aria-hidden', 'true');
        cell.append(button);
    }

    /* The runs that had not stopped finding something new. */
    function risers(runs) {
        return runs.filter(({ samples }) => growth(samples) >= SHARE_MIN)
            .sort((a, b) => growth(b.samples) - growth(a.samples));
    }

    function saturation(runs) {
        const rising = risers(runs);
        const shown = rising.slice(0, PLOTS_MAX);

        if (rising.length === 0) {
            return h('p', { class: 'muted' }, 'No run found more than 1 % of its states in the ' +
                'last half of its executions: more of the same would find little.');
        }
        return h('div', null,
            h('p', { class: 'muted' }, `${plural(rising.length, 'run')} of ${runs.length} ` +
                'still found new states in the last half of the executions: more time would ' +
                `find more there${rising.length > shown.length ? ', and most of all in these' : ''}.`),
            h('div', { class: 'plots' },
                shown.map(({ name, samples }) => figure(name, samples))));
    }

    page.starts.push(() => {
        const element = document.getElementById('samples');
        const all = element ? JSON.parse(element.textContent) : [];
        const runs = [...document.querySelectorAll('.runs .run')]
            .map((row) => ({ row, samples: all[Number(row.dataset.run)] ?? [] }))
            .filter(({ samples }) => samples.length > 1)
            .map((run) => ({ ...run, name: run.row.cells[0].textContent }));

        runs.forEach(({ row, samples }) => spark(row, samples));
        if (runs.length > 0) {
            document.getElementById('saturation').append(saturation(runs));
        }
    });
})();
