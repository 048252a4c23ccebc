/*
 * Makes docs/finding.png, the picture of a finding that the README shows.
 *
 *     node tests/report/picture.mjs build/explore/heddle [docs/finding.png]
 *
 * It is what `heddle report' shows of the finding in the README, in Chromium, 1200 px wide. Letters
 * depend on the fonts of the machine, so that no test compares it.
 *
 * Exit: 0 it is written; 1 it could not be made.
 *
 * SPDX-License-Identifier: MIT
 */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const TOP = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const MODULES = path.join(TOP, 'ci/report/viewer/node_modules');
const SIZE_MAX = 200 * 1024;

function makeReport(heddle, folder) {
    const records = path.join(folder, 'records');

    spawnSync(heddle, ['explore', 'lost_update', `--json=${records}`], { cwd: TOP });
    execFileSync(heddle, ['report', records, '--format=html', `--output=${folder}`], { cwd: TOP });
    const [record] = fs.readdirSync(records).filter((name) => /^lost_update\.\w{16}\.json$/
        .test(name));

    return `${pathToFileURL(path.join(folder, 'report.html')).href}` +
        `#finding-${record.split('.')[1]}`;
}

/* From the kind of the finding to the end of its schedule. */
async function shoot(browser, url) {
    const page = await browser.newPage({ viewport: { width: 1200, height: 1200 },
        colorScheme: 'light' });

    await page.goto(url);
    await page.locator('.hf-schedule').waitFor();
    await page.addStyleTag({ content: '.top, .finding-bar { visibility: hidden }' });
    const above = await page.locator('.hf-head').boundingBox();
    const below = await page.locator('.hf-panes').boundingBox();
    const y = above.y - 16;

    return page.screenshot({
        clip: { x: 0, y, width: 1200, height: below.y + below.height - y + 16 },
    });
}

async function main([heddle, file = path.join(TOP, 'docs/finding.png')]) {
    const { chromium } = await import(path.join(MODULES, 'playwright-core/index.mjs'));
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heddle-picture-'));
    const browser = await chromium.launch({
        executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu'],
    });

    try {
        const picture = await shoot(browser, makeReport(path.resolve(heddle), folder));

        if (picture.length > SIZE_MAX) {
            throw new Error(`the picture has ${picture.length} bytes; the most is ${SIZE_MAX}`);
        }
        fs.writeFileSync(file, picture);
        process.stdout.write(`${file}: ${picture.length} bytes\n`);
    } finally {
        await browser.close();
        fs.rmSync(folder, { recursive: true });
    }
}

await main(process.argv.slice(2));
