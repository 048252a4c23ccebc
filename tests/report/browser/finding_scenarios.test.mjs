/*
 * What the engine finds in its own scenarios, each shown: that the picture is there for every kind,
 * and that what is drawn of it is true.
 *
 * SPDX-License-Identifier: MIT
 */
import { Shown } from './finding_harness.mjs';

/* Each record of the report shown in turn, and what was seen of it. */
function look(page) {
    return page.evaluate(() => {
        const host = document.createElement('main');
        const records = [...document.querySelectorAll('.record')]
            .map((each) => JSON.parse(each.textContent));
        const has = (selector) => host.querySelector(selector) !== null;

        document.body.replaceChildren(host);
        window.records = records;
        return records.map((record) => {
            heddle.renderFinding(host, record, { svg: null, root: '' });
            const order = heddle.findingOrder(record.steps);
            const [a, b] = record.places;
            const seen = {
                name: `${record.program} ${record.identity}`, kind: record.kind,
                class: record.class, hasMarked: has('.hf-row.is-marked'), hasCard: has('.hf-card'),
                hasMissing: has('.hf-link.is-missing') && has('.hf-connector.is-missing'),
                isClosed: has('.hf-cards.is-circle .is-back'),
                relation: record.kind === 'data-race' ? order.relation(a.step, b.step) : null,
                expected: record.places.filter((each) => !each.is_cause).length,
                cards: host.querySelectorAll('.hf-card:not(.is-cause, .hf-reads)').length,
            };

            host.querySelector('.hf-rows')
                ?.dispatchEvent(new KeyboardEvent('keydown', { key: 'a', bubbles: true }));
            return { ...seen, isAll: host.querySelectorAll('.hf-row').length >=
                Math.min(record.steps.length, 10) };
        });
    });
}

function check(seen, expect) {
    for (const one of seen) {
        expect(one.hasMarked, `${one.name}: a row has part in it`);
        expect(one.hasCard && one.cards === one.expected, `${one.name}: a card for each place`);
        expect(one.isAll, `${one.name}: all steps`);
        if (one.kind === 'data-race') {
            expect(one.relation === 'unordered', `${one.name}: nothing orders the accesses`);
            expect(one.hasMissing, `${one.name}: which is drawn`);
        }
        if (['lock cycle', 'join cycle', 'recursive read lock'].includes(one.class)) {
            expect(one.isClosed, `${one.name}: the circle is closed`);
        }
    }
    for (const kind of ['data-race', 'deadlock', 'failure', 'use-after-free', 'livelock']) {
        expect(seen.some((one) => one.kind === kind), `there is one of kind ${kind}`);
    }
}

/* A lock of this library is memory that atomics change: the rows say what that does. */
async function primitives(page, expect) {
    await page.evaluate(() => {
        const record = window.records.find((each) => each.program === 'dining_philosophers');

        heddle.renderFinding(document.querySelector('main'), record, { svg: null, root: '' });
    });
    const words = await new Shown(page).texts('.hf-words');

    expect(words.includes('locks state.forks[0]') && words.includes('stuck'),
        `locking is said as such: ${words}`);
    expect(!words.some((each) => each.includes('atomically')), 'and not how it is done');
}

export async function test({ page, report, expect }) {
    await page.goto(await report('scenarios'));
    check(await look(page), expect);
    await primitives(page, expect);
}
