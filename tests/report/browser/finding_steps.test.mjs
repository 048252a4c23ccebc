/*
 * A finding, step by step: keys, slider and buttons select; what holds then is shown beside.
 *
 * SPDX-License-Identifier: MIT
 */
import { placeOf, race, recordOf } from './finding_fixtures.mjs';
import { show } from './finding_harness.mjs';

async function keys(tools, expect) {
    const shown = await show(tools, race());
    const goes = async (key, step) => {
        await shown.press(key);
        expect(await shown.step() === step, `${key} goes to step ${step}: ${await shown.step()}`);
    };

    expect(await shown.step() === '4', 'it begins at the first step that has part in it');
    await goes('j', '6');
    await goes('ArrowDown', '7');
    await goes('j', '7');
    await goes('k', '6');
    await goes('ArrowUp', '4');
    await goes('Home', '1');
    await goes('n', '3');
    await goes('p', '3');
    await goes('Control+j', '3');
    await goes('End', '7');
    await goes('p', '6');
    await goes('p', '4');
    await goes('p', '3');
    await goes('n', '4');
    await goes('m', '7');
    await goes('m', '4');
    await goes('a', '4');
    await goes('j', '5');
    await goes('a', '4');
}

/* Also where no key is pressed: buttons, the slider, a row. */
async function pointers(tools, expect) {
    const shown = await show(tools, race());
    const { page } = shown;

    await page.click('[aria-label="First step"]');
    expect(await shown.step() === '1', 'a button goes to the first step');
    await page.focus('.hf-slider');
    await page.keyboard.press('ArrowRight');
    expect(await shown.step() === '2', `the slider goes one on: ${await shown.step()}`);
    await page.keyboard.press('End');
    expect(await shown.step() === '7', 'the slider goes to the end');
    const text = await page.getAttribute('.hf-slider', 'aria-valuetext');

    expect(text === '6 of 6, thread 2', `the slider says where it is: ${text}`);
    await page.click('.hf-row[data-index="2"]');
    expect(await shown.step() === '3', 'a click selects a row');
    await page.click('.hf-card-step >> nth=0');
    expect(await shown.step() === '4', 'a card goes to its step');
}

async function focusStep(tools, expect) {
    const shown = await show(tools, race());

    await shown.page.evaluate(() => window.shown.focusStep(6));
    expect(await shown.step() === '6', 'a step that has a row is selected');
    expect(await shown.count('.hf-row') === 6, 'among the rows');
    await shown.page.evaluate(() => window.shown.focusStep(5));
    expect(await shown.step() === '5', 'one that has none is selected, too');
    expect(await shown.count('.hf-row') === 8, 'among all steps');
    await shown.page.evaluate(() => window.shown.focusStep(99));
    expect(await shown.step() === '5', 'one that there is not changes nothing');
}

async function objects(tools, expect) {
    const shown = await show(tools, race());
    const is = async (name, state, by) => {
        const object = await shown.object(name);

        expect(object?.state === state && object.by === by,
            `${name} is ${state} ${by}: ${JSON.stringify(object)}`);
    };

    await shown.press('Home');
    await is('count', '0', 'by T0 step 0');
    await is('guard', 'held by T1', 'T1 step 1');
    await shown.press('j');
    await is('guard', 'free', '');
    await shown.press('j');
    await is('guard', 'held by T2', 'T2 step 3');
    await is('count', '0', 'by T0 step 0');
    await shown.press('j');
    await is('count', '7', 'by T1 step 4');
    await shown.press('j');
    await is('guard', 'free', '');
}

async function order(tools, expect) {
    const shown = await show(tools, race());

    expect((await shown.unordered()).join() === '3,6,7', `with step 4: ${await shown.unordered()}`);
    expect((await shown.texts('.hf-state p')).includes('∥ Nothing orders it with T2 step 7'),
        'the other access is named');
    await shown.press('Home', 'j', 'j');
    expect((await shown.unordered()).join() === '4', `with step 3: ${await shown.unordered()}`);
    expect((await shown.texts('.hf-state p')).includes('Happens after T1 step 2'),
        'what it is ordered after');
    expect(await shown.count('.hf-link.is-order:not(.is-head)') === 1, 'that order is drawn');
    await shown.press('k');
    expect((await shown.texts('.hf-state p')).includes('Happens before T2 step 3'),
        'what it is ordered before');
}

/* What is between two rows is in no row: neither its order nor its preemption is shown as one's. */
async function hidden(tools, expect) {
    const shown = await show(tools, recordOf([
        [1, 'write', 10, 'a', { written: '1' }],
        [1, 'write', 12, 'c', { written: '1' }],
        [2, 'write', 20, 'b', { written: '1', is_preempted: true }],
        [1, 'atomic_update', 11, 'a', { read: '1', written: '2', is_preempted: true }],
        [3, 'read', 30, 'b', { read: '1', after: [1, 2], is_marked: true }],
    ], {}, (i) => i !== 1 && i !== 2));
    const drawn = () => shown.count('.hf-link.is-order:not(.is-head)');

    expect(await drawn() === 0, 'an order with a step that is not shown is not drawn');
    expect(await shown.count('.hf-tag.is-preempted') === 0,
        'nor is a preemption between two rows of one thread');
    expect((await shown.object('a')).state === '2', 'an update leaves what it has written');
    await shown.press('a');
    const words = await shown.texts('.hf-words');

    expect(words.includes('atomically updates 1 → 2 at a') && words.includes('reads 1 from b'),
        `each step says its values: ${words}`);
    expect(await drawn() === 2, 'among all steps it is drawn');
    expect(await shown.count('.hf-tag.is-preempted') === 2, 'and so are both preemptions');
}

async function waiting(tools, expect) {
    const shown = await show(tools, recordOf([
        [1, 'lock', 10, 'guard'],
        [1, 'wait', 11, 'ready'],
        [2, 'lock', 20, 'guard', { after: [1] }],
        [2, 'notify', 21, 'ready'],
        [2, 'unlock', 22, 'guard'],
        [1, 'awake', 11, 'ready', { after: [3], is_marked: true }],
    ]));
    const status = async (thread) => (await shown.texts(`.hf-status[data-thread="${thread}"]`))[0];

    await shown.press('Home');
    expect(await status(1) === 'runs · holds guard', `at step 0: ${await status(1)}`);
    await shown.press('j');
    expect(await status(1) === 'waits', `a wait gives up the lock: ${await status(1)}`);
    await shown.press('j');
    expect(await status(1) === 'waits' && await status(2) === 'runs · holds guard',
        `it waits while the other runs: ${await status(1)}, ${await status(2)}`);
    expect((await shown.object('ready')).state === 'T1 waits', 'and is among those who wait');
    await shown.press('End');
    expect(await status(1) === 'runs' && await status(2) === 'paused',
        `until it wakes: ${await status(1)}, ${await status(2)}`);
}

/* What its place says of a thread that waits for ever is more than its steps can. */
async function waitingForEver(tools, expect) {
    const wait = (object, more) => placeOf(1, 'wait', 12, object,
        { waits_for: { object: { name: object, whereabouts: null }, held_by: [] }, ...more });
    const steps = [
        [0, 'write', 5, 'monitor', { written: '0' }],
        [1, 'lock', 10, 'monitor'],
        [1, 'lock', 11, 'inner'],
        [1, 'wait', 12, 'ready', { is_marked: true }],
    ];
    const status = async (shown) => 
        (await shown.texts('.hf-status[data-thread="1"]'))[0];
    const held = { name: 'inner', whereabouts: null, acquired: 'a.c:11' };
    const places = [wait('ready', { locks: [held] })];
    const stuck = await show(tools, recordOf(steps, { places }));

    expect(await status(stuck) === 'waits · holds inner',
        `it has given up the lock that its place does not have: ${await status(stuck)}`);
    expect((await stuck.texts('.hf-objects th code')).join() === 'ready,monitor,inner',
        'a lock and the memory that it is in are one object');
    const late = await show(tools, recordOf([...steps, [1, 'awake', 12, 'ready'],
        [1, 'read', 13, 'a', { read: '1' }]], { places: [wait('ready', { step: 3 })] }));

    await late.press('End');
    expect((await status(late)).startsWith('runs'),
        `one that went on in the end waits no more: ${await status(late)}`);
}

async function source(tools, expect) {
    const shown = await show(tools, race());
    const marked = (kind) => shown.texts(`.hf-source-line.is-${kind}`);

    expect((await marked('current')).join() === 'T112line_12();',
        `the line of the step: ${await marked('current')}`);
    expect((await marked('other')).join() === 'T220line_20();',
        `where the other thread stands: ${await marked('other')}`);
    await shown.press('End');
    const isInSight = await shown.page.$eval('.hf-source-line.is-current', (line) => {
        const box = line.closest('.hf-source-code').getBoundingClientRect();
        const own = line.getBoundingClientRect();

        return own.top >= box.top && own.bottom <= box.bottom;
    });

    expect(isInSight, 'the line is scrolled to');
}

export async function test({ page, report, expect }) {
    const tools = { page, url: await report('records') };

    for (const part of [keys, pointers, focusStep, objects, order, hidden, waiting,
        waitingForEver, source]) {
        await part(tools, expect);
    }
}
