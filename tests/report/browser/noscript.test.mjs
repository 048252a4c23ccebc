/*
 * Without JavaScript a reader has the essentials: what, where, why, how to see it again, what was
 * explored, and no control that does nothing.
 */
const SEEN = [
    'data race on state.counter', 'scenarios/race/lost_update.c:31', 'holding no lock',
    'build/explore/heddle replay lost_update --schedule=', 'shared->counter++;',
    'thread 1: increment', 'thread 2: increment', 'no finding in all 138 executions',
    'Who waits for whom', 'potential lock-order inversion', 'inet_pton() is not modelled',
];

export async function test({ open, report, expect }) {
    const page = await open(await report('records'), { javaScriptEnabled: false });
    const body = await page.locator('body').innerText();

    for (const text of SEEN) {
        expect.ok(body.includes(text), `${text} is not to be seen`);
    }
    const finding = page.locator('#finding-50ada2c520bc4c3d');

    expect.equal(await finding.locator('.schedule thead th').count(), 3);
    expect.equal(await finding.locator('.schedule .marked').count(), 2);
    expect.equal(await finding.locator('.card').count(), 2);
    expect.equal(await page.locator('button:visible, input:visible').count(), 0);
    const drawn = page.locator('#finding-0d6c871961a10812 .waits svg');

    expect.match(await drawn.textContent(), /thread 1[^]*held by/);
    await page.locator('#findings a[href="#finding-50ada2c520bc4c3d"]').click();
    expect.equal(await finding.isVisible(), true);
}
