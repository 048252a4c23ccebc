/*
 * What the tests of a finding share: a record shown alone in a real report's page, and questions to
 * ask of what is shown.
 *
 * SPDX-License-Identifier: MIT
 */

/* Show one record alone in the page of a report; resolves to what asks and does things there. */
export async function show({ page, url }, record, options = {}) {
    await page.setViewportSize({ width: options.width ?? 1240, height: 900 });
    await page.emulateMedia({ colorScheme: options.theme ?? 'light',
        reducedMotion: options.reducedMotion ?? 'no-preference' });
    if (page.url() !== url) {
        await page.goto(url);
    }
    await page.evaluate(({ given, context, rootSize }) => {
        const host = document.createElement('main');

        document.documentElement.style.fontSize = rootSize;
        document.body.replaceChildren(host);
        window.shown = heddle.renderFinding(host, given, context);
    }, {
        given: record, rootSize: options.rootSize ?? '',
        context: { svg: null, root: '', ...options.context },
    });
    return new Shown(page);
}

export class Shown {
    constructor(page) {
        this.page = page;
    }

    async press(...keys) {
        await this.page.focus('.hf-rows');
        for (const key of keys) {
            await this.page.keyboard.press(key);
        }
    }

    /* The step number of the row selected, as both eye and ear have it. */
    async step() {
        return this.page.evaluate(() => {
            const id = document.querySelector('.hf-rows').getAttribute('aria-activedescendant');
            const row = document.getElementById(id);

            return row?.getAttribute('aria-selected') === 'true'
                ? row.querySelector('.hf-number').textContent.replace('∥', '') : 'none selected';
        });
    }

    texts(selector) {
        return this.page.$$eval(selector, (all) => all.map((each) =>
            each.textContent.replace(/\s+/g, ' ').trim()));
    }

    count(selector) {
        return this.page.locator(selector).count();
    }

    /* The object's row in the table of state: {state, by}; null if there is none. */
    async object(name) {
        return this.page.evaluate((wanted) => {
            const row = [...document.querySelectorAll('.hf-objects tbody tr')]
                .find((each) => each.querySelector('th').textContent === wanted);

            return row ? { state: row.children[1].textContent.trim(),
                by: row.children[2].textContent.trim() } : null;
        }, name);
    }

    /* The steps of rows that nothing orders with the one selected. */
    unordered() {
        return this.page.$$eval('.hf-row', (rows) => rows
            .filter((row) => row.querySelector('.hf-unordered'))
            .map((row) => row.querySelector('.hf-number').textContent.replace('∥', '')));
    }

    /* By how much the page is wider than its window. */
    overflow() {
        return this.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    }
}
