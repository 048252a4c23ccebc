/*
 * In both themes, nothing that axe-core calls serious or critical: neither in the overview, nor in
 * findings that look different, nor in the list of keys. In the dark only colours are looked at:
 * all else is the same.
 */
import { violations } from './axe.mjs';

const KINDS = ['data-race', 'deadlock', 'not-linearizable'];

/* The anchor of the first finding of a kind. */
const anchor = (page, kind) =>
    page.locator(`#findings .entry[data-kind="${kind}"] .what a`).first().getAttribute('href');

async function look(page, where, expect) {
    const rules = where.startsWith('dark') ? ['color-contrast'] : null;

    expect.deepEqual(await violations(page, rules), [], where);
}

/* Show the first finding of a kind, with nothing folded. */
async function show(page, kind) {
    await page.goto(page.url().split('#')[0] + await anchor(page, kind));
    await page.locator('.finding.is-shown').waitFor();
    await page.evaluate(() => document.querySelectorAll('.is-shown details')
        .forEach((each) => { each.open = true; }));
}

export async function test({ open, report, expect }) {
    const url = await report('records');
    const real = await open(await report('scenarios'));

    await show(real, 'use-after-free');
    await look(real, 'a scenario', expect);
    for (const colorScheme of ['light', 'dark']) {
        const page = await open(url, { colorScheme });

        await look(page, `${colorScheme}: overview`, expect);
        for (const kind of KINDS) {
            await show(page, kind);
            await look(page, `${colorScheme}: ${kind}`, expect);
        }
        await page.keyboard.press('?');
        await look(page, `${colorScheme}: keys`, expect);
    }
}
