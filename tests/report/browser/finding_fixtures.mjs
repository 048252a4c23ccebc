/*
 * Records of findings that no scenario gives when it is wanted: made by hand, or very long.
 *
 * A program is said as a list of steps, [thread, event, line, object, more]; what a record has
 * beside that, locks held, numbers, indexes, follows from it as the engine would write it
 * (docs/FINDING_FORMAT.md).
 *
 * SPDX-License-Identifier: MIT
 */

const FILE = 'scenarios/made/up.c';
const TAKES = new Set(['lock']);
const GIVES = new Set(['unlock', 'wait']);

class Builder {
    constructor() {
        this.lines = [];
        this.objects = [];
        this.steps = [];
        this.held = new Map();
        this.numbers = new Map();
    }

    index(list, value, ...keys) {
        const at = list.findIndex((each) => keys.every((key) => each[key] === value[key]));

        return at >= 0 ? at : list.push(value) - 1;
    }

    object(name, event) {
        const kinds = { lock: 'mutex', unlock: 'mutex', wait: 'condition', notify: 'condition' };

        return name === null ? null
            : this.index(this.objects, { name, whereabouts: null, kind: kinds[event] ?? 'memory' },
                'name', 'kind');
    }

    line(number, code = `line_${number}();`) {
        return this.index(this.lines, { function: 'work', file: FILE, line: number, code }, 'line');
    }

    step([thread, event, line, name, more = {}]) {
        const held = this.held.get(thread) ?? [];
        const object = this.object(name, event);
        const at = this.line(line, more.code);
        const number = (this.numbers.get(thread) ?? 0) + 1;

        this.numbers.set(thread, number);
        this.steps.push({
            thread, number, event, line: at, object, stack: [at], size: 4, order: null,
            read: more.read ?? null, written: more.written ?? null, locks: held,
            after: more.after ?? [], is_preempted: more.is_preempted ?? false,
            is_marked: more.is_marked ?? false,
        });
        if (TAKES.has(event)) {
            this.held.set(thread, [...held, object]);
        } else if (GIVES.has(event)) {
            this.held.set(thread, event === 'wait' ? [] : held.filter((each) => each !== object));
        }
    }

    rows(wanted) {
        return this.steps.map((step, i) => ({ step, i })).filter(({ i }) => wanted(i))
            .map(({ step, i }) => ({
                ...this.lines[step.line], thread: step.thread, action: '',
                is_marked: step.is_marked, times: 1, left_out_before: 0, event: step.event,
                object: this.objects[step.object] ?? null, locks: [], step: i, steps: 1,
            }));
    }

    threads() {
        const ids = [...new Set(this.steps.map((step) => step.thread))].sort((a, b) => a - b);

        return ids.map((id) => ({ id, name: `thread ${id}`, function: `work_${id}`, created_by: 0,
            created_at: `${FILE}:1`, ended: false, stack: null }));
    }
}

/* A record of these steps; `more` adds to it, or replaces. */
export function recordOf(steps, more = {}, wanted = () => true) {
    const builder = new Builder();

    steps.forEach((step) => builder.step(step));
    const text = Array.from({ length: 60 }, (_, i) =>
        builder.lines.find((each) => each.line === i + 1)?.code ?? `/* ${i + 1} */`);

    return {
        format: 2, record: 'finding', identity: '0123456789abcdef', kind: 'failure', class: null,
        message: 'failure: made up', function: 'work', file: FILE, line: 1, program: 'made_up',
        flavour: 'explore', model: 'sc', build_id: null, strategy: 'mix', seed: '1', executions: 1,
        preemptions: 0, schedule: '1:', replay: 'build/explore/heddle replay made_up --schedule=1:',
        noticed_by: 'Heddle', sanitizer: null, is_owed: null, places: [], history: null,
        threads: builder.threads(), lines: builder.lines, objects: builder.objects,
        rows: builder.rows(wanted), steps: builder.steps, steps_left_out: 0,
        excerpts: [{ file: FILE, first: 1, text }], ...more,
    };
}

export function placeOf(thread, event, line, object, more = {}) {
    return {
        function: 'work', file: FILE, line, text: `thread ${thread} ${event}s \`${object}'`, thread,
        event, size: 4, is_cause: false, object: { name: object, whereabouts: null },
        stack: [{ function: 'work', file: FILE, line }], locks: [], step: null, waits_for: null,
        ...more,
    };
}

/*
 * A queue hands on a value twice: two readers see the same item, and one order is there (through
 * the lock), one is missing. Steps 4 and 7 race; 2 happens before 3 by the lock.
 */
export function race() {
    return recordOf([
        [0, 'write', 5, 'count', { written: '0' }],
        [1, 'lock', 10, 'guard', { after: [0] }],
        [1, 'unlock', 11, 'guard'],
        [2, 'lock', 20, 'guard', { after: [0, 2] }],
        [1, 'write', 12, 'count', { written: '7', is_marked: true }],
        [2, 'write', 21, 'other', { written: '1', is_preempted: true }],
        [2, 'unlock', 22, 'guard'],
        [2, 'read', 23, 'count', { read: '7', is_marked: true }],
    ], {
        kind: 'data-race',
        message: "data race on `count' (4 bytes): thread 2 reads while thread 1 writes, nothing " +
            'orders them',
        places: [placeOf(2, 'read', 23, 'count', { step: 7 }),
            placeOf(1, 'write', 12, 'count', { step: 4 })],
    }, (i) => i !== 0 && i !== 5);
}

/* Results of a queue that no order explains: the item put first comes out second. */
export function notLinearizable() {
    const operation = (text, thread, called, returned, effect, isBlamed = false) =>
        ({ text, thread, called, returned, takes_effect: effect, is_blamed: isBlamed });

    return recordOf([
        [1, 'write', 10, 'items[0]', { written: '1' }],
        [2, 'read', 20, 'items[0]', { read: '1', is_marked: true }],
    ], {
        kind: 'not-linearizable', message: 'not linearizable: get() -> 2 by thread 2 comes first',
        history: [operation('put(1)', 1, 0, 1, 0), operation('put(2)', 1, 2, 5, 1),
            operation('get() -> 2', 2, 3, 4, null, true), operation('get()', 3, 3, null, null)],
    });
}

/* Many threads that take turns with locks of a few; the last two steps race. */
export function long(count, threads) {
    const steps = [[0, 'write', 1, 'total', { written: '0' }]];
    let seed = 12345;

    for (let i = 1; i < count - 2; i++) {
        seed = (seed * 1103515245 + 12345) % 2147483648;
        const thread = 1 + (seed >> 8) % threads;

        steps.push([thread, seed % 3 === 0 ? 'write' : 'read', 1 + (seed >> 4) % 50,
            `cell[${(seed >> 6) % 200}]`, {
                [seed % 3 === 0 ? 'written' : 'read']: String(i), is_preempted: seed % 5 === 0,
                after: i > 10 && seed % 4 === 0 ? [i - 7] : [],
            }]);
    }
    steps.push([1, 'write', 30, 'total', { written: '5', is_marked: true }]);
    steps.push([2, 'read', 31, 'total', { read: '5', is_marked: true }]);
    return recordOf(steps, {
        kind: 'data-race', message: "data race on `total' (4 bytes): nothing orders them",
        places: [placeOf(2, 'read', 31, 'total', { step: count - 1 }),
            placeOf(1, 'write', 30, 'total', { step: count - 2 })],
    }, (i) => i % 200 === 0 || i >= count - 2);
}

/* What a log of a sanitizer has: places and text, no schedule. */
export function fromLog() {
    return {
        ...recordOf([]), kind: 'data-race', flavour: null, model: null, strategy: null, seed: null,
        schedule: null, replay: null, preemptions: null, executions: null, rows: [], steps: [],
        noticed_by: 'ThreadSanitizer', sanitizer: 'WARNING: ThreadSanitizer: data race (pid=1)\n',
        message: 'data race', seen: 3, status: 'new',
        seen_in: [{ program: 'server', flavour: null, where: 'server.log:12' }],
        credibility: [{ note: 'one-side', text: 'one side is not instrumented',
            advice: 'Build `libfast.so\' with -fsanitize=thread.' }],
        places: [placeOf(1, 'write', 8, 'cache', { step: null }),
            placeOf(2, 'read', 9, 'cache', { locks: [{ name: 'mutex M1', whereabouts: null,
                acquired: `${FILE}:7` }] })],
    };
}
