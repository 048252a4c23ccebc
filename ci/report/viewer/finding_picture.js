/*
 * Picture of a finding: a card for each place that has part in it, and between them what is wrong.
 *
 * Between accesses that race it is the order that is missing; in a circle of waits, who waits for
 * whom, back to the first; between a cause and what came of it, time. A failure has one card, and
 * beside it what its thread read before, and who had written that.
 *
 * SPDX-License-Identifier: MIT
 */
(() => {
    'use strict';

    const heddle = window.heddle;
    const { h, badge, quoted, placeLink, placeOf, laneColor, heading } = heddle.element;
    const READS_MAX = 5;
    const CARDS_MAX = 8;
    const WITH_READS = new Set(['failure', 'crash', 'undefined', 'out-of-bounds']);

    const objectName = (object) => object?.name ?? (typeof object === 'string' ? object : null);

    /* "writes 4 bytes of `x'": the card's head says already whose it is. */
    function deed(view, place) {
        const text = String(place.text ?? place.event ?? '');
        const { name } = view.model.thread(place.thread);

        return (text.startsWith(`${name} `) ? text.slice(name.length + 1) : text)
            .replace(/, which .* acquired at .*$/, '');
    }

    function codeOf(view, place) {
        const { model } = view;
        const line = model.lines.find((each) => each.file === place.file &&
            each.line === place.line);
        const excerpt = model.excerpts.find((each) => each.file === place.file &&
            each.first <= place.line);
        const text = line?.code ?? excerptLine(excerpt, place.line);

        return heddle.words.codeText(text);
    }

    function excerptLine(excerpt, line) {
        const lines = Array.isArray(excerpt?.text) ? excerpt.text
            : String(excerpt?.text ?? '').split('\n');

        return excerpt ? lines[line - excerpt.first] : null;
    }

    function locksLine(view, place) {
        const locks = Array.isArray(place.locks) ? place.locks : [];

        return h('p', { class: 'hf-card-locks' }, locks.length === 0 ? 'holding no lock'
            : ['holding ', locks.map((lock, i) => [i > 0 && ', ', h('code', null, lock.name ?? '?'),
                lock.acquired && [' since ', placeOf(view.context, lock.acquired, true)]])]);
    }

    function value(view, place) {
        const step = view.model.steps[place.step ?? -1];

        if (step?.event !== place.event) {
            return null;
        }
        const words = heddle.words.valueWords(step);

        return words && [', ', h('span', { class: 'hf-card-value' },
            'value ', h('code', null, words))];
    }

    /* The number that the schedule shows it by: a row of several steps has that of its first. */
    function stepShown({ model }, step) {
        return model.itemAt('rows', step)?.step ?? step;
    }

    function card(view, place) {
        const thread = view.model.thread(place.thread);
        const code = codeOf(view, place);
        const hasStep = (place.step ?? null) !== null;

        return h('div', { class: `hf-card${place.is_cause ? ' is-cause' : ''}`,
            style: laneColor(place.thread) },
        h('p', { class: 'hf-card-head' }, badge(place.thread), ' ',
            h('span', null, place.thread === 0 ? thread.name : thread.function ?? thread.name),
            hasStep && h('button', { type: 'button', class: 'hf-step hf-card-step',
                title: 'show it in the schedule', onclick: () => view.focusStep(place.step) },
            `step ${stepShown(view, place.step)}`)),
        h('p', { class: 'hf-card-deed' }, quoted(deed(view, place)), value(view, place)),
        code && h('pre', { class: 'hf-card-code' }, h('code', null, code)),
        h('p', { class: 'hf-card-place' }, placeLink(view.context, place.file, place.line, true),
            place.function && h('span', { class: 'hf-muted' }, ` ${place.function}`)),
        locksLine(view, place));
    }

    function connector(style, text, sign) {
        return h('div', { class: `hf-connector is-${style}` },
            h('span', { class: 'hf-connector-sign', 'aria-hidden': 'true' }, sign),
            h('span', { class: 'hf-connector-text' }, text));
    }

    function between(parts, make) {
        return parts.flatMap((part, i) => (i === 0 ? [part] : [make(i), part]));
    }

    /* ---- A race ----------------------------------------------------------------------------- */

    function lockSentence(places) {
        const [a, b] = places.map((place) => (place.locks ?? []).map((lock) => lock.name));

        if (a.length === 0 && b.length === 0) {
            return 'Neither holds a lock, and neither waits for the other';
        }
        if (a.length > 0 && b.length > 0) {
            return a.some((name) => b.includes(name)) ? 'Nothing makes one wait for the other'
                : 'Each holds a lock, but not the same one';
        }
        return 'Only one of them holds a lock, so it keeps nobody out';
    }

    /* Of a log is known what its tool saw, and no more. */
    function unwatched(record, places) {
        const [a, b] = places.map((place) => (place.locks ?? []).map((lock) => lock.name));
        const isKnown = a.length + b.length > 0 && !a.some((name) => b.includes(name));

        return [
            record.is_doubtful && 'This report may be false: see the note above.',
            isKnown && `${lockSentence(places)}.`,
            `${record.noticed_by ?? 'The tool'} saw no order between them.`,
        ].filter(Boolean).join(' ');
    }

    function race(view) {
        const places = view.model.places.filter((place) => !place.is_cause).slice(0, 2);

        if (places.length < 2) {
            return null;
        }
        const ordered = [...places].sort((a, b) => (a.step ?? Infinity) - (b.step ?? Infinity));
        const isWatched = view.model.steps.length > 0;

        return {
            cards: between(ordered.map((place) => card(view, place)),
                () => connector('missing', isWatched ? 'no order' : 'no order seen', '∥')),
            sentence: isWatched
                ? `${lockSentence(places)}: either may come first, and another run may have ` +
                    'them the other way round.'
                : unwatched(view.model.record, ordered),
        };
    }

    /* ---- Waiting ---------------------------------------------------------------------------- */

    /* Places in the order of waiting, as far as it goes from the first. */
    function circle(places) {
        const byThread = new Map(places.filter((place) => place.waits_for)
            .map((place) => [place.thread, place]));
        const chain = [];
        let place = places.find((each) => each.waits_for);

        while (place && !chain.includes(place)) {
            chain.push(place);
            place = holders(place, byThread).map((id) => byThread.get(id)).find(Boolean);
        }
        return { chain, isClosed: Boolean(place) && place === chain[0] };
    }

    /* Who must go on first. A reader that waits for what it reads itself waits behind a writer. */
    function holders(place, byThread) {
        const held = [place.waits_for.held_by].flat().filter((id) => (id ?? null) !== null);
        const isOwn = held.length > 0 && held.every((id) => id === place.thread);
        const others = [...byThread.values()].filter((each) => each !== place &&
            objectName(each.waits_for.object) === objectName(place.waits_for.object));

        return isOwn && others.length > 0 ? others.map((each) => each.thread) : held;
    }

    function waitWords(place, chain) {
        const name = objectName(place.waits_for.object);
        const held = holders(place, new Map(chain.map((each) => [each.thread, each])));
        const isBehind = held.length > 0 && ![place.waits_for.held_by].flat().includes(held[0]);

        if (/^thread \d+$/.test(name ?? '')) {
            return ['waits for ', held.map((id) => badge(id)), ' to end'];
        }
        return [name ? ['waits for ', h('code', null, name)] : 'waits for',
            held.length > 0 && [isBehind ? ', behind ' : name ? ', held by ' : ' ',
                held.map((id) => badge(id))]];
    }

    function waits(view) {
        const { chain, isClosed } = circle(view.model.places);

        if (chain.length === 0 || (chain.length === 1 && !isClosed)) {
            return null;
        }
        const cards = between(chain.map((place) => card(view, place)),
            (i) => connector('wait', waitWords(chain[i - 1], chain), '→'));

        return isClosed ? {
            isCircle: true,
            cards: [...cards, connector('wait is-back', waitWords(chain.at(-1), chain),
                chain.length > 1 ? '↩' : '↺')],
            sentence: chain.length > 1
                ? 'Each waits for the next one, and the last for the first: none can go on.'
                : 'It waits for itself: nobody else can end that.',
        } : { cards, sentence: null };
    }

    /* ---- One after the other ---------------------------------------------------------------- */

    function joint(kind, before, after) {
        const { bond } = heddle.findingLinks;
        const found = bond(before, after) ?? bond(after, before);

        if (found) {
            return found.style === 'missing' ? connector('missing', found.label, '∥')
                : connector('wait', found.label, '→');
        }
        if (kind === 'not-linearizable') {
            return connector('then', 'at the same time', '∥');
        }
        return before.is_cause || after.is_cause ? connector('then', 'then', '→')
            : connector('then', 'and', '+');
    }

    function sequence(view) {
        const order = (place) => place.step ?? (place.is_cause ? -1 : Infinity);
        const places = [...view.model.places].sort((a, b) => order(a) - order(b));
        const read = readsCard(view);
        const cards = between(places.slice(0, CARDS_MAX).map((place) => card(view, place)),
            (i) => joint(view.model.record.kind, places[i - 1], places[i]));

        return { cards: read ? [read, connector('then', 'then', '→'), ...cards] : cards,
            sentence: isLateWait(view.model.record, places) ? 'A notify is not remembered: who waits ' +
                'later waits for the next one. Test the condition under the lock before waiting.'
                : null };
    }

    /* Notified before it waited. */
    function isLateWait(record, places) {
        const main = places.find((place) => !place.is_cause);

        return record.class === 'lost wake-up' && places.some((place) => place.is_cause &&
            /^notify/.test(place.event) && (place.step ?? Infinity) < (main?.step ?? Infinity));
    }

    /* What the thread that fails had read last, each object once, and who had written that. */
    function reads(view) {
        const { model } = view;
        const place = model.places.find((each) => !each.is_cause);
        const seen = new Set();
        const found = [];
        const end = place?.step ?? model.steps.length - 1;

        for (let i = end; i >= 0 && found.length < READS_MAX; i--) {
            const step = model.steps[i];

            if (step.thread === place?.thread && (step.read ?? null) !== null &&
                (step.object ?? null) !== null && !seen.has(step.object)) {
                seen.add(step.object);
                found.push({ step: i, object: step.object, value: step.read });
            }
        }
        return found;
    }

    function writerBefore(model, read) {
        for (let i = read.step - 1; i >= 0; i--) {
            const step = model.steps[i];

            if (step.object === read.object && (step.written ?? null) !== null) {
                return i;
            }
        }
        return null;
    }

    function readsCard(view) {
        const { model } = view;

        if (!WITH_READS.has(model.record.kind)) {
            return null;
        }
        const rows = reads(view).map((read) => {
            const writer = writerBefore(model, read);

            return h('li', null, h('code', null, model.objectName(read.object) ?? '?'),
                ' = ', h('code', { class: 'hf-value' }, read.value),
                writer === null ? ', as it was at first'
                    : [', written by ', h('button', { type: 'button', class: 'hf-step',
                        onclick: () => view.focusStep(writer) }, badge(model.steps[writer].thread),
                    ` step ${stepShown(view, writer)}`)]);
        });

        return rows.length > 0 && h('div', { class: 'hf-card hf-reads' },
            h('p', { class: 'hf-card-head' }, 'What it read'), h('ul', null, rows));
    }

    /* ---- The whole -------------------------------------------------------------------------- */

    /* The drawing that dot has made, without anything that could run or load. */
    function drawing(text, label) {
        const parsed = new DOMParser().parseFromString(text ?? '', 'image/svg+xml');
        const svg = parsed.documentElement;

        if (!text || svg.nodeName !== 'svg') {
            return null;
        }
        svg.querySelectorAll('script, foreignObject, image, use').forEach((each) => each.remove());
        svg.querySelectorAll('title').forEach((each) => each.remove());
        svg.setAttribute('role', 'img');
        svg.setAttribute('aria-label', label);
        return h('figure', { class: 'hf-graph' },
            h('figcaption', { class: 'hf-muted' }, label),
            h('div', { class: 'hf-graph-box', tabindex: '0' }, document.importNode(svg, true)));
    }

    /* Where the cards stand in a circle they have said it already: then the drawings are folded. */
    function drawings({ context: { svg } }, isCircle) {
        const made = [drawing(svg?.waitFor, 'Who waits for whom'),
            drawing(svg?.lockOrder, 'Orders in which locks were acquired')].filter(Boolean);
        const all = made.length > 0 && h('div', { class: 'hf-graphs' }, made);

        return isCircle && all
            ? h('details', { class: 'hf-fold' }, h('summary', null, 'Waits and locks as graphs'), all)
            : all;
    }

    heddle.findingPicture = (view) => {
        const { record, places } = view.model;

        if (places.length === 0) {
            return null;
        }
        const made = (heddle.findingLinks.isRace(record) && race(view)) || waits(view) ||
            sequence(view);
        const count = made.cards.filter((each) => each.classList.contains('hf-card')).length;
        const isMany = count > 2;

        return h('section', { class: 'hf-section hf-picture' },
            heading(view.context, 1, 'Why'),
            h('div', { class: `hf-cards${made.isCircle ? ' is-circle' : ''}` +
                `${isMany ? ' is-many' : ''}` }, made.cards),
            made.sentence && h('p', { class: 'hf-sentence-why' }, made.sentence),
            drawings(view, made.isCircle));
    };
})();
