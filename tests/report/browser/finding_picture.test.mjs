/*
 * The picture of a finding: what is wrong is drawn, between the rows that it is about, and at every
 * width.
 *
 * SPDX-License-Identifier: MIT
 */
import { fromLog, notLinearizable, placeOf, race, recordOf } from './finding_fixtures.mjs';
import { show } from './finding_harness.mjs';

/* Two threads, each with the lock that the other one wants. */
function circle() {
    const wants = (thread, line, held, object, holder) => ({
        function: 'work', file: 'scenarios/made/up.c', line, thread, event: 'lock', size: 1,
        text: `thread ${thread} waits for \`${object}', which thread ${holder} acquired at a.c:1`,
        is_cause: false, object: { name: object, whereabouts: null }, stack: [], step: null,
        locks: [{ name: held, whereabouts: null, acquired: 'a.c:1' }],
        waits_for: { object: { name: object, whereabouts: null }, held_by: [holder] },
    });
    const record = recordOf([
        [1, 'lock', 10, 'left'],
        [2, 'lock', 20, 'right', { is_preempted: true }],
    ], {
        kind: 'deadlock', class: 'lock cycle',
        message: "deadlock: threads 1 and 2 wait for each other's locks",
        places: [wants(1, 11, 'left', 'right', 2), wants(2, 21, 'right', 'left', 1)],
    });

    for (const place of record.places) {
        record.rows.push({ ...place, code: `lock(${place.object.name});`, action: 'stuck',
            is_marked: true, times: 1, left_out_before: 0, step: null, steps: 0 });
    }
    return record;
}

/* Where a line begins and ends, as numbers of the rows there. */
function ends(page, selector) {
    return page.$eval(selector, (path) => {
        const length = path.getTotalLength();
        const origin = path.ownerSVGElement.getBoundingClientRect().top;

        return [0, length].map((at) => {
            const y = origin + path.getPointAtLength(at).y;

            return [...document.querySelectorAll('.hf-row')].findIndex((row) => {
                const box = row.getBoundingClientRect();

                return box.top <= y && y < box.bottom;
            });
        });
    });
}

async function missingOrder(tools, expect, width) {
    const shown = await show(tools, race(), { width });
    const at = await ends(shown.page, '.hf-link.is-missing');

    expect(at.join() === '3,5', `the missing order joins both accesses: ${at}`);
    expect((await shown.texts('.hf-tag.is-missing')).join() === 'no order', 'and says so');
    expect((await shown.texts('.hf-connector.is-missing')).join() === '∥no order',
        'it is the picture, too');
    expect((await shown.texts('.hf-card-locks')).join() === 'holding no lock,holding no lock',
        'with the locks held');
    expect((await shown.texts('.hf-sentence-why'))[0].startsWith('Neither holds a lock'),
        'and what follows of them');
    expect(await shown.overflow() <= 0, `nothing is wider than ${width}`);
}

async function deadlock(tools, expect, width) {
    const shown = await show(tools, circle(), { width });
    const connectors = await shown.texts('.hf-connector');

    expect(connectors.join() === '→waits for right, held by T2,↩waits for left, held by T1',
        `the circle is closed: ${connectors}`);
    expect(await shown.count('.hf-link.is-wait:not(.is-head)') === 2, 'each wait is drawn');
    const at = await ends(shown.page, '.hf-link.is-wait:not(.is-head)');

    expect(at.join() === '1,2', `from where the other acquired it, to where it waits: ${at}`);
    expect((await shown.texts('.hf-tag.is-preempted')).join() === 'preempted', 'the preemption');
    expect(await shown.count('.hf-held') === 2, 'bars of both locks');
    await shown.press('End');
    const states = [await shown.object('left'), await shown.object('right')];

    expect(states[0].state === 'held by T1 T2 waits' && states[1].state === 'held by T2 T1 waits',
        `who holds and who waits: ${JSON.stringify(states)}`);
    expect(await shown.overflow() <= 0, `nothing is wider than ${width}`);
}

async function lanes(tools, expect) {
    const record = recordOf([1, 2, 3, 4, 5, 6, 7].map((thread) => [thread, 'write', thread, 'a']));
    const wide = await show(tools, record);
    const heads = await wide.texts('.hf-lane-head strong');

    expect(heads.at(-1)?.endsWith('other threads'), `what has no room is one lane: ${heads}`);
    const narrow = await show(tools, record, { width: 400 });
    const badges = await narrow.texts('.hf-cell-code .hf-thread');

    expect(await narrow.count('.hf-lane-head') === 1, 'one lane where it is narrow');
    expect(badges.join() === 'T1,T2,T3,T4,T5,T6,T7', `whose rows say whose they are: ${badges}`);
    expect(await narrow.overflow() <= 0, 'nothing is wider than 400');
}

/* A reader that reads again waits for itself, says the engine; what it waits behind is a writer. */
async function behind(tools, expect) {
    const waits = (thread) => placeOf(thread, 'lock', 10 * thread, 'gate',
        { waits_for: { object: { name: 'gate', whereabouts: null }, held_by: [1] } });
    const shown = await show(tools, recordOf([[1, 'shared_lock', 9, 'gate']],
        { kind: 'deadlock', places: [waits(1), waits(2)] }));
    const connectors = await shown.texts('.hf-connector');

    expect(connectors.join() === '→waits for gate, behind T2,↩waits for gate, held by T1',
        `the writer is part of the circle: ${connectors}`);
}

/* What was freed before its use in this schedule, or would be in another one. */
async function causes(tools, expect) {
    const use = [1, 'write', 10, 'block', { is_marked: true }];
    const free = [2, 'free', 20, 'block'];
    const words = async (steps, used, freed) => {
        const shown = await show(tools, recordOf(steps, { kind: 'use-after-free', places: [
            placeOf(1, 'write', 10, 'block', { step: used }),
            placeOf(2, 'free', 20, 'block', { step: freed, is_cause: true }),
        ] }));

        return [await shown.texts('.hf-connector-text'), await shown.texts('.hf-overlay .hf-tag')]
            .flat().join();
    };

    expect(await words([use, free], 0, 1) === 'no order,no order', 'it comes later: no order');
    expect(await words([free, use], 1, 0) === 'freed before,freed before', 'it came before');
}

/* Rows grow with the text that a reader has set larger. */
async function largeText(tools, expect) {
    const shown = await show(tools, race(), { width: 800, rootSize: '32px' });
    const cut = await shown.page.$$eval('.hf-cell', (cells) => cells
        .filter((cell) => cell.scrollHeight > cell.clientHeight + 1).length);

    expect(cut === 0, `no row cuts its text: ${cut}`);
    expect(await shown.overflow() <= 0, 'nothing is wider than 800');
    await show(tools, race());
}

async function failure(tools, expect) {
    const shown = await show(tools, recordOf([
        [1, 'write', 10, 'total', { written: '3' }],
        [0, 'read', 20, 'total', { read: '3', is_marked: true }],
    ], { places: [{ thread: 0, event: 'read', file: 'scenarios/made/up.c', line: 20, step: 1,
        text: 'thread 0 fails', is_cause: false, function: 'check', locks: [] }] }));

    expect((await shown.texts('.hf-reads li')).join() === 'total = 3, written by T1 step 0',
        `what it read, and who wrote that: ${await shown.texts('.hf-reads li')}`);
}

async function history(tools, expect) {
    const shown = await show(tools, notLinearizable());
    const bars = await shown.page.$$eval('.hf-operation-bar', (all) => all.map((bar) => {
        const { left, right } = bar.getBoundingClientRect();

        return { left, right, text: bar.textContent };
    }));

    expect(bars.map((bar) => bar.text).join() === '1,2,✕,', 'the order, and what has none');
    expect(bars[0].right < bars[1].left, 'one after the other');
    expect(bars[2].left > bars[1].left && bars[2].right < bars[1].right, 'one within the other');
    expect(bars[3].right > bars[1].right, 'one that did not return goes to the end');
}

/* Records of logs have no schedule. */
async function log(tools, expect) {
    const shown = await show(tools, fromLog());

    expect(await shown.count('.hf-schedule') === 0, 'there is no schedule to show');
    expect((await shown.texts('.hf-sentence-why')).join() === 'Only one of them holds a lock, so ' +
        'it keeps nobody out. ThreadSanitizer saw no order between them.',
    'the picture has what is known');
    expect((await shown.texts('.hf-notes'))[0].includes('Build libfast.so with'), 'how credible');
    await shown.page.click('text=The report of ThreadSanitizer');
    expect(await shown.page.isVisible('text=WARNING: ThreadSanitizer'), 'its own text is there');
    await show(tools, { ...fromLog(), is_doubtful: true });
    expect((await shown.texts('.hf-sentence-why'))[0].startsWith('This report may be false'),
        'what speaks against it comes first');
}

async function links(tools, expect) {
    const root = 'https://example.org/blob/main/';
    const shown = await show(tools, race(), { context: { root } });
    const href = await shown.page.getAttribute('.hf-card a', 'href');

    expect(href === `${root}scenarios/made/up.c#L12`, `a place is a link: ${href}`);
    await show(tools, race());
    expect(await shown.count('.hf a') === 0, 'or text, where nobody knows where files are');
}

export async function test({ page, report, expect }) {
    const tools = { page, url: await report('records') };

    for (const width of [1240, 400]) {
        await missingOrder(tools, expect, width);
        await deadlock(tools, expect, width);
    }
    for (const part of [lanes, behind, causes, largeText, failure, history, log, links]) {
        await part(tools, expect);
    }
}
