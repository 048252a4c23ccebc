/*
 * axe-core: what somebody who does not see the page, or not well, could not use.
 *
 * SPDX-License-Identifier: MIT
 */
import fs from 'node:fs';

const source = fs.readFileSync(new URL(
    '../../../ci/report/viewer/node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

/* The serious and critical violations of what a page shows now, each as a line; of these rules, or
 * of all. */
export async function violations(page, rules = null) {
    if (!await page.evaluate(() => 'axe' in globalThis)) {
        await page.evaluate(source);
    }
    const found = await page.evaluate((only) => globalThis.axe.run(document, {
        resultTypes: ['violations'], ...(only && { runOnly: { type: 'rule', values: only } }),
    }), rules);

    return found.violations.filter(({ impact }) => ['serious', 'critical'].includes(impact))
        .flatMap(({ id, help, nodes }) => nodes.slice(0, 3).map((node) =>
            `${id}: ${help}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`));
}
