/*
 * History of a finding: operations as bars from call to return, for results that no order of the
 * operations explains.
 *
 * Two bars that overlap ran at the same time. The number in a bar is its place in the order that
 * explains most of them; the one to blame has none.
 *
 * SPDX-License-Identifier: MIT
 */
(() => {
    'use strict';

    const heddle = window.heddle;
    const { h, badge, heading, laneColor } = heddle.element;

    const known = (value) => value !== null && value !== undefined;

    function endOf(history) {
        return Math.max(1, ...history.map((each) => Math.max(each.called ?? 0,
            each.returned ?? 0))) + 1;
    }

    function words(operation) {
        if (operation.is_blamed) {
            return 'nothing explains it';
        }
        return known(operation.takes_effect)
            ? `takes effect as number ${operation.takes_effect + 1}` : 'had not returned';
    }

    function bar(operation, end) {
        const from = (operation.called ?? 0) / end * 100;
        const to = (known(operation.returned) ? operation.returned : end) / end * 100;
        const classes = ['hf-operation-bar', operation.is_blamed && 'is-blamed',
            !known(operation.returned) && 'is-open'].filter(Boolean).join(' ');
        const rank = operation.is_blamed ? '✕'
            : known(operation.takes_effect) ? operation.takes_effect + 1 : '';

        return h('span', { class: 'hf-operation-track' },
            h('span', { class: classes, title: words(operation),
                style: `left:${from}%;width:${Math.max(1.5, to - from)}%` }, String(rank)));
    }

    heddle.findingHistory = (view) => {
        const { history } = view.model.record;

        if (!Array.isArray(history) || history.length === 0) {
            return null;
        }
        const end = endOf(history);

        return h('section', { class: 'hf-section' },
            heading(view.context, 1, 'Operations'),
            h('p', { class: 'hf-muted hf-history-help' },
                'Each bar is one operation, from its call to its return; those that overlap ' +
                'ran at the same time. The numbers are the order that explains most results.'),
            h('ol', { class: 'hf-history' }, history.map((operation) => h('li', {
                class: operation.is_blamed ? 'hf-operation is-blamed' : 'hf-operation',
                style: laneColor(operation.thread),
            },
            h('span', { class: 'hf-operation-text' }, badge(operation.thread), ' ',
                h('code', null, operation.text ?? '?'),
                h('span', { class: 'hf-offscreen' }, ` ${words(operation)}`),
                operation.is_blamed && h('span', { class: 'hf-bad' }, ' nothing explains it')),
            bar(operation, end)))));
    };
})();
