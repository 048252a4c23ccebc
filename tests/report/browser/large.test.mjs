/*
 * What is large is quick, too: 1,000 findings, and one of 10,000 steps and 100 threads, can be used
 * within two seconds.
 */
import { finding } from './made.mjs';
import { long } from './finding_fixtures.mjs';

const LIMIT_MS = 2000;

/* Until the page has drawn what it does at once, and again. */
const settled = (page) => page.evaluate(() => new Promise((done) => {
    requestAnimationFrame(() => requestAnimationFrame(done));
}));

async function time(expect, what, act) {
    const began = performance.now();

    await act();
    const took = performance.now() - began;

    expect.ok(took < LIMIT_MS, `${what} took ${took.toFixed(0)} ms`);
}

export async function test({ page, report, expect }) {
    const many = await report(Array.from({ length: 1000 }, (_, i) => finding(i)));
    const deep = await report([long(10000, 100)]);

    await time(expect, 'opening 1,000 findings', async () => {
        await page.goto(many);
        await settled(page);
    });
    await time(expect, 'searching them', async () => {
        await page.keyboard.press('/');
        await page.keyboard.type('object_77');
        await page.waitForFunction(() =>
            document.querySelectorAll('#findings .entry:not([hidden])').length === 11);
    });
    await time(expect, 'showing one of them', async () => {
        await page.goto(`${many}#finding-000000000000004d`);
        await page.locator('#finding-000000000000004d.is-shown').waitFor();
    });
    await time(expect, 'opening 10,000 steps', async () => {
        await page.goto(`${deep}#finding-${long(1, 1).identity}`);
        await page.locator('.finding.is-shown').waitFor();
        await settled(page);
    });
    await time(expect, 'stepping through them', async () => {
        for (let i = 0; i < 10; i++) {
            await page.keyboard.press('ArrowDown');
        }
        await page.keyboard.press('End');
        await settled(page);
    });
}
