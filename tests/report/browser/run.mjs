/*
 * Runs the tests of the HTML report in Chromium: one start of the browser for all of them.
 *
 *     node run.mjs HEDDLE [NAME...]
 *
 * Each <name>.test.mjs beside this exports
 *
 *     async function test({ browser, page, open, report, expect })
 *
 * `page` is new and empty, of 1280 x 900; `open(url, options)` makes another one, with what
 * playwright's newContext() takes. `report(what)` has HEDDLE write a report of records, which are
 * objects, or of files and folders, which are names, and resolves to its address; that of one
 * name, "records" (../records) or "scenarios" (what HEDDLE finds in its own), is written once.
 * `expect` is node:assert/strict. Nothing may be wrong in the console of any page, and no page may
 * ask for anything but its own file: else the test has failed, whatever it says itself.
 *
 * Exit: 0 all tests have passed; 1 one has not, or could not be tried; 2 usage.
 *
 * SPDX-License-Identifier: MIT
 */
import { execFileSync } from 'node:child_process';
import expect from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const TOP = path.resolve(HERE, '../../..');
const MODULES = path.join(TOP, 'ci/report/viewer/node_modules');
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

function stop(message, code = 1) {
    process.stderr.write(`${message}\n`);
    process.exit(code);
}

/* What is not there is no reason to leave a test out. */
function require(file, what) {
    if (!fs.existsSync(file)) {
        stop(`there is no ${what} (${file}): ci/run setup --web`);
    }
}

/* ---- Reports ---------------------------------------------------------------------------------- */

class Reports {
    constructor(heddle) {
        this.heddle = path.resolve(heddle);
        this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heddle-browser-'));
        this.named = new Map();
        this.count = 0;
    }

    remove() {
        fs.rmSync(this.folder, { recursive: true });
    }

    /* Exit 1 says that there were findings, which is why they are looked at. */
    run(...args) {
        try {
            execFileSync(this.heddle, args, { cwd: TOP, stdio: ['ignore', 'ignore', 'pipe'] });
        } catch (error) {
            if (error.status !== 1) {
                throw error;
            }
        }
    }

    newFolder() {
        this.count++;
        return path.join(this.folder, String(this.count));
    }

    operands(what) {
        if (what === 'records') {
            return [path.join(HERE, '../records')];
        }
        const folder = this.newFolder();

        if (what === 'scenarios') {
            this.run('explore', `--json=${folder}`);
            return [folder];
        }
        const records = what.filter((each) => typeof each !== 'string');

        fs.mkdirSync(folder);
        records.forEach((record, i) => fs.writeFileSync(path.join(folder,
            `${String(i).padStart(4, '0')}.json`), JSON.stringify(record)));
        return [folder, ...what.filter((each) => typeof each === 'string')];
    }

    write(what, more) {
        const output = this.newFolder();

        this.run('report', ...this.operands(what), '--format=html', `--output=${output}`, ...more);
        return pathToFileURL(path.join(output, 'report.html')).href;
    }

    async get(what, more = []) {
        const key = `${what} ${more}`;

        if (typeof what !== 'string') {
            return this.write(what, more);
        }
        if (!this.named.has(key)) {
            this.named.set(key, this.write(what, more));
        }
        return this.named.get(key);
    }
}

/* ---- One test --------------------------------------------------------------------------------- */

/* Everything that a page may not do, as text. */
function watch(page, problems) {
    const isOwn = (url) => url.split('#')[0] === page.url().split('#')[0] || url === page.url();

    page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) {
            problems.push(`console: ${message.text()}`);
        }
    });
    page.on('pageerror', (error) => problems.push(`error: ${error.stack ?? error}`));
    page.on('request', (request) => {
        if (!request.isNavigationRequest() && !isOwn(request.url())) {
            problems.push(`request: ${request.url()}`);
        }
    });
}

async function runTest(browser, reports, name) {
    const { test } = await import(pathToFileURL(path.join(HERE, `${name}.test.mjs`)).href);
    const contexts = [];
    const problems = [];
    const open = async (url, options = {}) => {
        const context = await browser.newContext({ viewport: { width: 1280, height: 900 },
            ...options });
        const page = await context.newPage();

        contexts.push(context);
        page.setDefaultTimeout(10000);
        watch(page, problems);
        if (url) {
            await page.goto(url);
        }
        return page;
    };
    const began = performance.now();

    try {
        await test({ browser, open, expect, page: await open(null),
            report: (what, ...more) => reports.get(what, more) });
    } catch (error) {
        problems.push(String(error.stack ?? error));
    }
    await Promise.all(contexts.map((context) => context.close()));
    process.stdout.write(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(16)} ` +
        `${((performance.now() - began) / 1000).toFixed(1)} s\n`);
    problems.forEach((problem) => process.stdout.write(`    ${problem}\n`));
    return problems.length === 0;
}

async function main([heddle, ...wanted]) {
    const all = fs.readdirSync(HERE).filter((file) => file.endsWith('.test.mjs'))
        .map((file) => file.slice(0, -'.test.mjs'.length)).sort();
    const unknown = wanted.filter((name) => !all.includes(name));

    if (heddle === undefined || unknown.length > 0) {
        stop(`usage: run.mjs HEDDLE [${all.join('|')}]...`, 2);
    }
    require(path.join(MODULES, 'playwright-core'), 'playwright-core');
    require(path.join(MODULES, 'axe-core'), 'axe-core');
    require(CHROMIUM, 'Chromium');
    const { chromium } = await import(path.join(MODULES, 'playwright-core/index.mjs'));
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    const reports = new Reports(heddle);
    const failed = [];

    try {
        for (const name of wanted.length > 0 ? wanted : all) {
            if (!await runTest(browser, reports, name)) {
                failed.push(name);
            }
        }
    } finally {
        await browser.close();
        reports.remove();
    }
    if (failed.length > 0) {
        stop(`${failed.length} failed; reproduce: node tests/report/browser/run.mjs ` +
            `${path.relative(process.cwd(), reports.heddle)} ${failed.join(' ')}`);
    }
}

await main(process.argv.slice(2));
