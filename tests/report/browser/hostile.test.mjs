/*
 * No name in a program, no line of source and nothing that a sanitizer printed becomes markup or
 * runs: neither in the page as written, nor in what the scripts make of the records.
 */
import { hostile } from './made.mjs';
import { race } from './finding_fixtures.mjs';

const count = (page) => page.evaluate(() => document.querySelectorAll(
    'main img, main svg[onload], main iframe, main b, main script:not([type="application/json"])')
    .length);

async function look(page, url, expect) {
    for (const hash of ['', '#finding-0123456789abcdef']) {
        await page.goto(url + hash);
        expect.equal(await count(page), 0, `elements at ${hash}`);
        expect.equal(await page.evaluate(() => globalThis.isTaken), undefined);
        expect.match(await page.locator('main').innerText(), /<\/script><script>globalThis/);
    }
}

export async function test({ page, open, report, expect }) {
    const record = hostile(race());
    const lock = { held: record.message, held_at: record.message, wanted: 'b', threads: [1],
        wanted_at: record.message };
    const url = await report([
        { ...record, sanitizer: record.message, credibility: null },
        { format: 2, record: 'run', program: record.message, conclusion: record.message,
            verdict: record.message, is_as_owed: false, lock_order: [lock],
            warnings: [record.message] },
        { format: 2, record: 'note', program: record.message, message: record.message,
            identity: '1', at: [] },
    ]);

    await look(page, url, expect);
    expect.equal(await page.locator('.is-shown .failure').count(), 0, 'the finding is drawn');
    const without = await open(url, { javaScriptEnabled: false });

    expect.match(await without.locator('#finding-0123456789abcdef').innerText(),
        /<\/noscript><img src=x/);
    expect.equal(await without.locator('main img, main iframe').count(), 0);
    await page.goto(await report('records'));
    expect.equal(await count(page), 0, 'elements of the records');
}
