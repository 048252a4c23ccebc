/*
 * Records that no program gives: many of them, with nothing in them, or with names that would like
 * to be markup.
 *
 * SPDX-License-Identifier: MIT
 */

/* A finding with what a reader of the list sees; `more` adds to it, or replaces. */
export function finding(number, more = {}) {
    const line = number + 1;
    const file = `src/module_${number % 37}.c`;

    return {
        format: 2, record: 'finding', identity: number.toString(16).padStart(16, '0'),
        kind: ['data-race', 'deadlock', 'failure', 'use-after-free'][number % 4], class: null,
        message: `finding ${number} of \`object_${number}'`, function: `function_${number}`, file,
        line, program: `program_${number % 50}`, flavour: 'explore', model: 'sc', build_id: null,
        strategy: 'mix', seed: '1', executions: 1, preemptions: 0, schedule: '1:',
        replay: `heddle replay program_${number % 50} --schedule=1:`, noticed_by: 'Heddle',
        sanitizer: null, is_owed: null, places: [], threads: [], history: null, lines: [],
        objects: [], rows: [], steps: [], steps_left_out: 0, excerpts: [], ...more,
    };
}

/* A run that ended clean; its states grow as `statesOf` says. */
export function run(program, executions, statesOf) {
    const samples = [];

    for (let at = 1; at < executions; at = Math.ceil(at * 1.5)) {
        samples.push({ executions: at, seconds: at / 1e5, states: statesOf(at), findings: 0 });
    }
    samples.push({ executions, seconds: executions / 1e5, states: statesOf(executions),
        findings: 0 });
    return {
        format: 2, record: 'run', program, flavour: 'explore', model: 'sc', build_id: null,
        strategy: 'mix', seed: '1', command: `heddle explore ${program}`, verdict: 'clean',
        owes: null, is_as_owed: null, conclusion: `clean: ${executions} executions`,
        is_complete: false, executions, steps: executions * 10, seconds: executions / 1e5,
        findings: [], samples, lock_order: [], warnings: [],
    };
}

/* The worst that each text of a record could be; none of it may become an element or run. */
const EVIL = [
    '</script><script>globalThis.isTaken = 1</script>',
    '</noscript><img src=x onerror="globalThis.isTaken = 2">',
    '<!--<script>', '"\'><svg onload=globalThis.isTaken=3>', '&lt;b&gt;', ']]>\u2028\u2029{{scripts}}',
].join('');

/* Every text of a value, replaced. */
function poison(value) {
    if (typeof value === 'string') {
        return EVIL;
    }
    if (Array.isArray(value)) {
        return value.map(poison);
    }
    return value === null || typeof value !== 'object' ? value
        : Object.fromEntries(Object.entries(value).map(([key, each]) => [key, poison(each)]));
}

/* A record with texts like that wherever a program can choose them. */
export function hostile(record) {
    const kept = ['record', 'identity', 'seed', 'status', 'kind', 'event', 'order'];

    return Object.fromEntries(Object.entries(record).map(([key, value]) =>
        [key, kept.includes(key) ? value : poison(value)]));
}
