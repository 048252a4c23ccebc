/*
 * A finding at its limits: 10,000 steps of 100 threads, names that look like markup, records with
 * holes, a clipboard that refuses.
 *
 * SPDX-License-Identifier: MIT
 */
import { fromLog, long, notLinearizable, race } from './finding_fixtures.mjs';
import { show } from './finding_harness.mjs';

const INTERACTIVE_MS = 2000;
const ELEMENTS_MAX = 4000;

async function manySteps({ page, url }, expect) {
    await page.goto(url);
    const spent = await page.evaluate((text) => {
        const record = JSON.parse(text);
        const host = document.createElement('main');
        const start = performance.now();
        const press = (key) => document.querySelector('.hf-rows')
            .dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));

        document.body.replaceChildren(host);
        window.shown = heddle.renderFinding(host, record, { svg: null, root: '' });
        ['a', 'Home', 'j', 'n', 'End', 'k'].forEach(press);
        host.getBoundingClientRect();
        return performance.now() - start;
    }, JSON.stringify(long(10000, 100)));

    expect(spent < INTERACTIVE_MS, `shown and stepped through within 2 s: ${spent} ms`);
    const elements = await page.locator('*').count();

    expect(elements < ELEMENTS_MAX, `only what is in sight is there: ${elements} elements`);
}

/* However far one scrolls, the rows in sight are those that belong there. */
async function scrolling({ page }, expect, width) {
    await page.setViewportSize({ width, height: 900 });
    for (const share of [0, 0.3, 0.99]) {
        await page.$eval('.hf-lanes', (lanes, at) => {
            lanes.scrollTop = at * lanes.scrollHeight;
        }, share);
        await page.evaluate(() => new Promise((done) => {
            requestAnimationFrame(() => requestAnimationFrame(done));
        }));
        const wrong = await page.$eval('.hf-lanes', (lanes) => {
            const height = document.querySelector('.hf-row').getBoundingClientRect().height;
            const first = Math.ceil(lanes.scrollTop / height);
            const count = Math.floor(lanes.clientHeight / height) - 3;

            return Array.from({ length: count }, (_, i) => first + i)
                .filter((i) => i < 10000 && !document.querySelector(`[data-index="${i}"]`));
        });

        const isThere = await page.$eval('.hf-rows', (rows) =>
            document.getElementById(rows.getAttribute('aria-activedescendant')) !== null);

        expect(wrong.length === 0, `rows in sight are drawn at ${share}: missing ${wrong}`);
        expect(isThere, 'the row selected is there, in sight or not');
    }
}

/* Nothing that a program is called is markup, and nothing in a drawing runs. */
async function markup(tools, expect) {
    const evil = '<img src=x onerror="window.broken=1">';
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="window.broken=1">' +
        '<script>window.broken=1</script><text>fine</text></svg>';
    const text = JSON.stringify(race()).replaceAll('line_12();', JSON.stringify(evil).slice(1, -1))
        .replaceAll('"count"', JSON.stringify(evil));
    const shown = await show(tools, JSON.parse(text),
        { context: { svg: { waitFor: svg, lockOrder: null } } });

    expect(await shown.count('.hf img') === 0, 'names are text');
    expect(await shown.count('.hf-graph text') === 1, 'the drawing is there');
    expect(await shown.count('.hf-graph script') === 0, 'without what could run');
    await shown.press('j', 'a', 'End');
    expect(await shown.page.evaluate(() => window.broken) === undefined, 'nothing has run');
}

/* A record of tomorrow's engine, or one that lost something: each key missing, and each null. */
async function holes(tools, expect) {
    const { page } = await show(tools, race());
    const failed = await page.evaluate((records) => {
        const wrong = [];
        const host = document.createElement('div'); /* without a layout it is quick */
        const attempt = (record, what) => {
            try {
                const handle = heddle.renderFinding(host, record, { svg: null, root: '' });

                handle.focusStep(1);
                handle.destroy();
            } catch (error) {
                wrong.push(`${what}: ${error}`);
            }
        };
        const each = (object, whole, path) => {
            for (const key of Object.keys(object)) {
                const value = object[key];

                delete object[key];
                attempt(structuredClone(whole), `${path}.${key} missing`);
                object[key] = null;
                attempt(structuredClone(whole), `${path}.${key} null`);
                object[key] = value;
            }
        };

        for (const record of records) {
            each(record, record, record.kind);
        }
        for (const list of ['places', 'threads', 'steps', 'rows', 'objects', 'excerpts']) {
            each(records[0][list][0], records[0], `${list}[0]`);
        }
        each(records[1].history[0], records[1], 'history[0]');
        return wrong;
    }, [race(), notLinearizable(), fromLog()]);

    expect(failed.length === 0, `records with holes are shown: ${failed.join('\n')}`);
}

/* From disk the clipboard may refuse: then a selection is copied, or the text is selected. */
async function copying(tools, expect) {
    const shown = await show(tools, race());
    const { page } = shown;

    await page.evaluate(() => {
        Object.defineProperty(navigator, 'clipboard', { configurable: true,
            value: { writeText: () => Promise.reject(new Error('refused')) } });
        document.addEventListener('copy', () => {
            window.copied = document.activeElement.value;
        });
    });
    await page.click('.hf-copy');
    await page.waitForFunction(() => document.querySelector('.hf-command-said').textContent !== '');
    expect((await shown.texts('.hf-command-said')).join() === 'Copied', 'it says that it did');
    expect(await page.evaluate(() => window.copied) === race().replay, 'the command is copied');
    await page.evaluate(() => { document.execCommand = () => false; });
    await page.click('.hf-copy');
    await page.waitForFunction(() =>
        document.querySelector('.hf-command-said').textContent.startsWith('Selected'));
    expect(await page.evaluate(() => getSelection().toString()) === race().replay,
        'or the command is selected, to be copied by hand');
}

async function still(tools, expect) {
    const duration = (shown) => shown.page.$eval('.hf-row', (row) =>
        getComputedStyle(row).transitionDuration);

    expect(/^0s(, 0s)*$/.test(await duration(await show(tools, race(),
        { reducedMotion: 'reduce' }))), 'nothing moves for those who do not want it');
    expect(!/^0s(, 0s)*$/.test(await duration(await show(tools, race()))), 'else a little');
}

async function end(tools, expect) {
    const shown = await show(tools, race());

    await shown.page.evaluate(() => window.shown.destroy());
    expect(await shown.count('main *') === 0, 'nothing is left');
}

export async function test({ page, report, expect }) {
    const tools = { page, url: await report('records') };

    await manySteps(tools, expect);
    await scrolling(tools, expect, 1240);
    await scrolling(tools, expect, 400);
    for (const part of [markup, holes, still, end, copying]) {
        await part(tools, expect);
    }
}
