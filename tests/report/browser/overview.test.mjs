/*
 * The overview says what is wrong and where, and leads there: search, filters, groups, addresses,
 * keys, and plots with their meaning in words.
 */
import { finding, run } from './made.mjs';

const entries = (page) => page.locator('#findings .entry:not([hidden])');

async function filters(page, expect) {
    const search = page.getByRole('searchbox');

    await page.keyboard.press('/');
    expect.equal(await search.evaluate((each) => each === document.activeElement), true);
    await page.keyboard.type('module_3.c function_3 ');
    expect.equal(await entries(page).count(), 1);
    expect.match(await page.locator('.found-count').textContent(), /^1 of 40$/);
    await search.fill('');
    await page.getByRole('button', { name: /^deadlock 10$/ }).click();
    expect.equal(await entries(page).count(), 10);
    await page.getByRole('button', { name: /^data race 10$/ }).click();
    expect.equal(await entries(page).count(), 20);
    await page.getByRole('button', { name: /^deadlock 10$/ }).click();
    await page.getByRole('button', { name: /^data race 10$/ }).click();
    expect.equal(await entries(page).count(), 40);
}

async function groups(page, expect) {
    expect.equal(await page.locator('.group:visible').count(), 4);
    await page.getByRole('combobox', { name: 'Group' }).selectOption('file');
    expect.equal(await page.locator('.group:visible').count(), 37);
    expect.equal(await entries(page).count(), 40);
    await page.getByRole('combobox', { name: 'Group' }).selectOption('kind');
    expect.equal(await page.locator('.group:visible').count(), 4);
}

async function keys(page, expect) {
    await page.locator('body').click({ position: { x: 5, y: 300 } });
    await entries(page).first().locator('.what a').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    const second = await entries(page).nth(1).locator('.what a').getAttribute('href');

    await page.keyboard.press('Enter');
    await page.locator('.finding.is-shown').waitFor();
    expect.equal(new URL(page.url()).hash, second);
    await page.keyboard.press('l');
    await page.waitForFunction((before) => location.hash !== before, second);
    await page.keyboard.press('h');
    await page.waitForFunction((before) => location.hash === before, second);
    await page.keyboard.press('Escape');
    await page.locator('#overview').waitFor();
    expect.equal(await page.evaluate(() => document.activeElement.getAttribute('href')), second);
    await page.keyboard.press('?');
    expect.equal(await page.getByRole('dialog').isVisible(), true);
    await page.keyboard.press('Escape');
    expect.equal(await page.getByRole('dialog').isVisible(), false);
}

async function plots(page, expect) {
    const text = await page.locator('#saturation').textContent();

    expect.match(text, /1 run of 2 still found new states/);
    expect.match(text, /rising: 1,000 different states in 1,000 executions; 90 % of them after/);
    expect.doesNotMatch(text, /flat:/);
    const button = page.locator('.run', { hasText: 'flat' }).getByRole('button');

    await button.click();
    expect.match(await page.locator('.plot-row').textContent(),
        /7 different states in 1,000 executions.*no new one/);
    expect.equal(await button.getAttribute('aria-expanded'), 'true');
    await button.click();
    expect.equal(await page.locator('.plot-row').count(), 0);
}

export async function test({ page, report, expect }) {
    const records = [...Array.from({ length: 40 }, (_, i) => finding(i)),
        run('rising', 1000, (at) => at), run('flat', 1000, (at) => Math.min(at, 7))];

    await page.goto(await report(records));
    expect.match(await page.locator('.summary h2').textContent(), /^40 new findings$/);
    expect.match(await page.title(), /40 new findings/);
    await filters(page, expect);
    await groups(page, expect);
    await keys(page, expect);
    await plots(page, expect);
}
