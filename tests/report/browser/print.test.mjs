/* On paper a finding is as it is without scripts: light, unfolded, with its schedule. */
export async function test({ open, report, expect }) {
    const url = await report('records');
    const page = await open(`${url}#finding-50ada2c520bc4c3d`, { colorScheme: 'dark' });

    await page.locator('.finding.is-shown').waitFor();
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    expect.equal(await page.locator('.printed .schedule').isVisible(), true);
    expect.equal(await page.locator('.shown').isVisible(), false);
    expect.equal(await page.locator('.top').isVisible(), false);
    expect.equal(await page.locator('.printed details:not([open])').count(), 0);
    const [red] = (await page.evaluate(() => getComputedStyle(document.documentElement)
        .backgroundColor)).match(/\d+/g);

    expect.equal(red, '255', 'paper is white');
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    expect.equal(await page.locator('.printed').count(), 0);
    const pdf = await page.pdf();

    expect.ok(pdf.length > 10000);
}
