/*
 * At a width of 400 px nobody has to scroll sideways, but within what is wide by nature; and every
 * finding of every scenario is drawn.
 */
export async function test({ open, report, expect }) {
    for (const what of ['scenarios', 'records']) {
        const page = await open(await report(what), { viewport: { width: 400, height: 800 } });
        const hashes = await page.evaluate(() =>
            [...document.querySelectorAll('#findings .what a')].map((link) => link.hash));

        expect.ok(hashes.length > 5);
        for (const hash of ['', ...hashes]) {
            await page.evaluate((to) => { location.hash = to; }, hash);
            await page.waitForFunction((to) => to === '' ||
                document.getElementById(to.slice(1)).classList.contains('is-shown'), hash);
            expect.equal(await page.evaluate(() => document.documentElement.scrollWidth), 400,
                `${what} ${hash}`);
            expect.equal(await page.locator('.failure').count(), 0, `${what} ${hash} is not drawn`);
        }
    }
}
