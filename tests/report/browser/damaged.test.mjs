/* A finding that lacks what the drawing needs is still there to be read. */
import { finding } from './made.mjs';

const BROKEN = [
    { rows: 7, steps: 'x', places: null, threads: {}, lines: null },
    { rows: [null], steps: [null], places: [null], threads: [null] },
    { identity: '../../x', message: null, kind: null, file: null, line: null },
];

export async function test({ page, report, expect }) {
    const url = await report(BROKEN.map((more, i) => finding(i, more)));
    const hashes = ['#finding-0000000000000000', '#finding-0000000000000001'];

    await page.goto(url);
    expect.equal(await page.locator('#findings .entry').count(), BROKEN.length);
    for (const hash of hashes) {
        await page.evaluate((to) => { location.hash = to; }, hash);
        await page.locator(`.finding${hash}.is-shown`).waitFor();
        expect.match(await page.locator('.finding.is-shown').innerText(),
            /inding [01] of object_[01]/);
    }
    await page.goto(`${url}#nothing-of-that-name`);
    expect.equal(await page.locator('#overview').isVisible(), true);
}
