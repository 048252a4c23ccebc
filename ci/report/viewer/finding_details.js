/*
 * Details of a finding: the sentence, what found it, how far to believe it, how to see it again;
 * and, folded at the end, the stacks of its places and threads, and the sanitizer's own text.
 *
 * SPDX-License-Identifier: MIT
 */
(() => {
    'use strict';

    const heddle = window.heddle;
    const { h, badge, quoted, placeLink, placeOf, command, heading, plural } = heddle.element;

    const STATUS = {
        new: 'new', known: 'known: it is in the baseline', suppressed: 'suppressed',
        owed: 'owed: declared by the scenario, which is there to show this bug',
    };

    const words = (identifier) => String(identifier ?? '').replaceAll('-', ' ');

    /* "data race: ..." has its kind before it already. */
    function sentence(record) {
        const kind = words(record.kind);
        const text = String(record.message ?? '').replace(new RegExp(`^${kind}: *`, 'i'), '');

        /* A word, not a name. */
        return (text || kind).replace(/^[a-z]+(?= )/, (word) =>
            word.charAt(0).toUpperCase() + word.slice(1));
    }

    function facts(record) {
        const isFound = record.strategy && record.seed !== null;

        return [
            record.program && `${record.program}`,
            [record.flavour, record.model].filter(Boolean).join(', '),
            isFound && `found by ${record.strategy}, seed ${record.seed}, in execution ` +
                `${(record.executions ?? 0).toLocaleString('en')}`,
            (record.preemptions ?? null) !== null &&
                `${plural(record.preemptions, 'preemption')} needed`,
            record.noticed_by && `noticed by ${record.noticed_by}`,
            record.seen > 1 && `seen ${record.seen} times`,
        ].filter(Boolean);
    }

    /* "confirmed: ..." has its word before it already. */
    function noteText({ note, text }) {
        const word = words(note);

        return String(text ?? '').startsWith(`${word}: `) ? text.slice(word.length + 2) : text;
    }

    function credibility(record) {
        const notes = Array.isArray(record.credibility) ? record.credibility : [];

        return notes.length > 0 && h('ul', { class: `hf-notes${record.is_doubtful
            ? ' is-doubtful' : ''}` }, notes.map((note) =>
            h('li', { 'data-note': note.note }, h('strong', null, words(note.note)),
                note.text && [': ', quoted(noteText(note))],
                note.advice && h('div', { class: 'hf-muted' }, quoted(note.advice)))));
    }

    heddle.findingHead = ({ model, context }) => {
        const { record } = model;

        return h('header', { class: 'hf-head' },
            h('p', { class: 'hf-kind' },
                h('span', { class: 'hf-kind-name' }, words(record.kind)),
                record.class && record.class !== words(record.kind) &&
                    h('span', null, record.class),
                record.status && h('span', { class: 'hf-status-of', 'data-status': record.status },
                    STATUS[record.status] ?? record.status)),
            h(`h${context.level ?? 3}`, { class: 'hf-sentence' }, quoted(sentence(record))),
            h('p', { class: 'hf-facts' }, facts(record).map((fact) => h('span', null, fact))),
            credibility(record),
            record.replay && command(record.replay));
    };

    /* ---- Folded ----------------------------------------------------------------------------- */

    function fold(title, ...content) {
        return h('details', { class: 'hf-fold' }, h('summary', null, title), content);
    }

    function stack(context, frames) {
        return h('ol', { class: 'hf-stack' }, frames.map((frame) => h('li', null,
            h('code', null, frame.function ?? '?'), ' ',
            placeLink(context, frame.file, frame.line))));
    }

    function place(context, each) {
        return h('div', { class: 'hf-deep' },
            h('p', null, badge(each.thread), ' ', quoted(each.text ?? each.event),
                each.is_cause && h('span', { class: 'hf-muted' }, ' (cause)')),
            stack(context, each.stack?.length ? each.stack : [each]),
            h('p', { class: 'hf-muted' }, (each.locks ?? []).length === 0 ? 'holding no lock'
                : each.locks.map((lock) => ['holding ', h('code', null, lock.name ?? '?'),
                    lock.acquired && [', acquired at ', placeOf(context, lock.acquired)], ' '])));
    }

    function threads({ model, context }) {
        const shown = [...model.threads.values()].slice(0, 200);

        return h('ul', { class: 'hf-threads' }, shown.map((thread) => h('li', null,
            badge(thread.id), ' ', thread.function && h('code', null, thread.function), ' ',
            h('span', { class: 'hf-muted' }, thread.created_at
                ? ['created by ', model.thread(thread.created_by).name, ' at ',
                    placeOf(context, thread.created_at)] : thread.id === 0
                    ? 'runs setup and check' : 'created by the engine',
            thread.ended ? ', had ended' : ''),
            thread.stack?.length > 0 && stack(context, thread.stack))));
    }

    function seenIn(record) {
        return h('ul', null, record.seen_in.map((each) => h('li', null,
            [each.program, each.flavour, each.test && `test ${each.test}`, each.where].filter(Boolean).join(', '))));
    }

    heddle.findingDetails = (view) => {
        const { record, places } = view.model;
        const { context } = view;

        return h('section', { class: 'hf-section hf-folds' },
            heading(context, 1, 'Details'),
            places.length > 0 && fold(`Stacks (${places.length})`,
                places.map((each) => place(context, each))),
            view.model.threads.size > 0 && fold(`Threads (${view.model.threads.size})`,
                threads(view)),
            record.sanitizer && fold(`The report of ${record.noticed_by ?? 'the sanitizer'}`,
                h('pre', { class: 'hf-raw', tabindex: '0' }, record.sanitizer)),
            Array.isArray(record.seen_in) && record.seen_in.length > 0 &&
                fold(`Seen in (${record.seen_in.length})`, seenIn(record)),
            h('p', { class: 'hf-muted hf-identity' }, 'identity ',
                h('code', null, record.identity ?? '?'),
                record.build_id && [', build ', h('code', null, record.build_id)]));
    };
})();
