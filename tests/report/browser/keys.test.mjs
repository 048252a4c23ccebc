/*
 * Who opens a finding can step through it at once by keyboard, without looking for what to click;
 * and only the finding that is asked for is there.
 */
const selected = (page) => page.evaluate(() => {
    const id = document.querySelector('.hf-rows').getAttribute('aria-activedescendant');

    return Number(document.getElementById(id).dataset.index);
});

export async function test({ page, report, expect }) {
    await page.goto(`${await report('records')}#finding-c3e1d97db6d90aab`);
    await page.locator('.is-shown .hf-rows').waitFor();
    expect.equal(await page.evaluate(() => document.activeElement.tagName), 'BODY');
    await page.keyboard.press('Home');
    expect.equal(await selected(page), 0);
    for (const [key, wanted] of [['ArrowDown', 1], ['j', 2], ['ArrowUp', 1], ['k', 0]]) {
        await page.keyboard.press(key);
        expect.equal(await selected(page), wanted, key);
    }
    await page.keyboard.press('End');
    expect.ok(await selected(page) > 2);
    await page.keyboard.press('Control+ArrowUp');
    expect.ok(await selected(page) > 2, 'keys of the browser stay its own');
    await page.keyboard.press('h');
    await page.waitForFunction(() => location.hash !== '#finding-c3e1d97db6d90aab');
    await page.keyboard.press('l');
    await page.locator('#finding-c3e1d97db6d90aab.is-shown').waitFor();
    expect.equal(await page.locator('.hf').count(), 1);
    await page.keyboard.press('/');
    await page.locator('#search:focus').waitFor();
    expect.equal(await page.locator('.hf').count(), 0);
}
