/* The theme is that of the system until somebody says otherwise, and is remembered then. */
const background = (page) =>
    page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

export async function test({ open, report, expect }) {
    const url = await report('records');
    const page = await open(url, { colorScheme: 'light' });
    const light = await background(page);
    const button = page.getByRole('button', { name: /^Theme/ });

    await page.emulateMedia({ colorScheme: 'dark' });
    const dark = await background(page);

    expect.notEqual(light, dark);
    await button.click();
    expect.equal(await button.textContent(), 'Theme: light');
    expect.equal(await background(page), light);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.keyboard.press('t');
    expect.equal(await background(page), dark);
    await page.reload();
    expect.equal(await background(page), dark);
    expect.equal(await button.textContent(), 'Theme: dark');
    await button.click();
    expect.equal(await background(page), light);
}
