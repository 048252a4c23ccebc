/*
 * What is large is quick, too: 1,000 findings, and one of 10,000 steps and 100 threads, can be used
 * within two seconds: of the time that the page's thread computes, since the machine may be busy
 * with other tests, on which a clock on the wall would depend.
 */
import { finding } from './made.mjs';
import { long } from './finding_fixtures.mjs';

const LIMIT_MS = 2000;

/* Until the page has drawn what it does at once, and again. */
const settled = (page) => page.evaluate(() => new Promise((done) => {
    requestAnimationFrame(() => requestAnimationFrame(done));
}));

/* Seconds that the page's thread has computed for. */
async function computed(session) {
    const { metrics } = await session.send('Performance.getMetrics');

    return metrics.find(({ name }) => name === 'TaskDuration').value;
}

/* A page that begins anew may begin to count anew. */
async function time(session, expect, what, act) {
    const before = await computed(session);

    await act();
    const after = await computed(session);
    const took = 1000 * (after < before ? after : after - before);

    expect.ok(took > 0 && took < LIMIT_MS, `${what} took ${took.toFixed(0)} ms`);
}

export async function test({ page, report, expect }) {
    const session = await page.context().newCDPSession(page);
    const many = await report(Array.from({ length: 1000 }, (_, i) => finding(i)));
    const deep = await report([long(10000, 100)]);

    await session.send('Performance.enable', { timeDomain: 'threadTicks' });

    await time(session, expect, 'opening 1,000 findings', async () => {
        await page.goto(many);
        await settled(page);
    });
    await time(session, expect, 'searching them', async () => {
        await page.keyboard.press('/');
        await page.keyboard.type('object_77');
        await page.waitForFunction(() =>
            document.querySelectorAll('#findings .entry:not([hidden])').length === 11);
    });
    await time(session, expect, 'showing one of them', async () => {
        await page.goto(`${many}#finding-000000000000004d`);
        await page.locator('#finding-000000000000004d.is-shown').waitFor();
    });
    await time(session, expect, 'opening 10,000 steps', async () => {
        await page.goto(`${deep}#finding-${long(1, 1).identity}`);
        await page.locator('.finding.is-shown').waitFor();
        await settled(page);
    });
    await time(session, expect, 'stepping through them', async () => {
        for (let i = 0; i < 10; i++) {
            await page.keyboard.press('ArrowDown');
        }
        await page.keyboard.press('End');
        await settled(page);
    });
}
