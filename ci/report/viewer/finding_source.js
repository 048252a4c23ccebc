/*
 * Source beside the schedule: the excerpt that the step selected is in, with its line marked, and
 * where each other thread stands by then; a few lines of each that stands elsewhere.
 *
 * SPDX-License-Identifier: MIT
 */
(() => {
    'use strict';

    const heddle = window.heddle;
    const { h, badge, placeLink } = heddle.element;
    const AROUND = 100; /* lines of an excerpt at most, on each side */
    const ASIDE = 2;
    const ASIDES_MAX = 3;

    const KEYWORDS = 'auto bool break case char const continue default do double else enum ' +
        'extern float for goto if inline int long return short signed sizeof static struct ' +
        'switch typedef union unsigned void volatile while _Atomic _Thread_local NULL true false';
    const TOKENS = new RegExp([
        /(\/\*.*?\*\/|\/\*.*$|\/\/.*$)/, /("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')/,
        new RegExp(`\\b(${KEYWORDS.replaceAll(' ', '|')})\\b`),
        /\b(\d[\w.]*)\b/,
    ].map((part) => part.source).join('|'), 'g');
    const CLASSES = [null, 'hf-comment', 'hf-string', 'hf-keyword', 'hf-digits'];

    function tokens(text) {
        const parts = [];
        let done = 0;

        for (const match of text.matchAll(TOKENS)) {
            const kind = match.findIndex((group, i) => i > 0 && group !== undefined);

            parts.push(text.slice(done, match.index),
                h('span', { class: CLASSES[kind] }, match[0]));
            done = match.index + match[0].length;
        }
        return [...parts, text.slice(done)];
    }

    /* A line; returns whether the next one begins within a comment. */
    function highlighted(text, isComment) {
        const end = isComment ? text.indexOf('*/') : 0;

        if (isComment && end < 0) {
            return { parts: [h('span', { class: 'hf-comment' }, text)], isComment: true };
        }
        const rest = isComment ? text.slice(end + 2) : text;
        const head = isComment ? [h('span', { class: 'hf-comment' }, text.slice(0, end + 2))] : [];
        const last = rest.lastIndexOf('/*');

        return {
            parts: [...head, ...tokens(rest)],
            isComment: last >= 0 && rest.indexOf('*/', last) < 0,
        };
    }

    function linesOf(excerpt) {
        const lines = Array.isArray(excerpt.text) ? excerpt.text
            : String(excerpt.text ?? '').replace(/\n$/, '').split('\n');

        return lines.map((text, i) => ({ number: excerpt.first + i, text }));
    }

    function excerptOf(model, file, line) {
        return model.excerpts.find((each) => each.file === file && each.first <= line &&
            line < each.first + linesOf(each).length);
    }

    /* Where each thread stands: its last item up to the one selected. */
    function standing(view) {
        const at = new Map();
        const wanted = new Set(view.items.map((item) => item.thread));

        for (let i = view.selected; i >= 0 && at.size < wanted.size; i--) {
            if (!at.has(view.items[i].thread)) {
                at.set(view.items[i].thread, view.items[i]);
            }
        }
        return at;
    }

    class Source {
        constructor(view) {
            this.view = view;
            this.code = h('div', { class: 'hf-source-code' });
            this.caption = h('figcaption', null);
            this.asides = h('div', { class: 'hf-asides' });
            this.main = h('figure', { class: 'hf-source' }, this.caption, this.code);
            this.element = h('div', { class: 'hf-beside' }, this.main, this.asides);
            this.shown = null;
        }

        draw() {
            const { view } = this;
            const item = view.items[view.selected];
            const at = standing(view);
            const excerpt = excerptOf(view.model, item.file, item.line) ??
                { file: item.file, first: item.line, text: item.code };

            this.caption.replaceChildren(placeLink(view.context, item.file, item.line), ' ',
                h('span', { class: 'hf-muted' }, item.function ?? ''));
            if (this.shown !== excerpt) {
                this.fill(excerpt, item.line);
            }
            this.mark(item, at);
            this.drawAsides(item, at, excerpt);
        }

        fill(excerpt, line) {
            let isComment = false;
            const rows = [];

            for (const { number, text } of linesOf(excerpt)) {
                const done = highlighted(text, isComment);

                isComment = done.isComment;
                if (Math.abs(number - line) <= AROUND) {
                    rows.push(this.line(number, done.parts));
                }
            }
            this.shown = rows.length < linesOf(excerpt).length ? null : excerpt;
            this.code.replaceChildren(...rows);
        }

        line(number, parts) {
            return h('div', { class: 'hf-source-line', 'data-line': number },
                h('span', { class: 'hf-source-marks' }),
                h('span', { class: 'hf-source-number' }, number), h('code', null, parts));
        }

        /* Threads at a line of this file have their badges beside it. */
        mark(item, at) {
            const byLine = new Map();

            for (const [thread, other] of at) {
                if (other.file === item.file) {
                    byLine.set(other.line, [...(byLine.get(other.line) ?? []), thread]);
                }
            }
            for (const row of this.code.children) {
                const number = Number(row.dataset.line);
                const threads = (byLine.get(number) ?? []).sort((a, b) =>
                    (b === item.thread) - (a === item.thread) || a - b);

                row.classList.toggle('is-current', number === item.line);
                row.classList.toggle('is-other', number !== item.line && threads.length > 0);
                row.firstChild.replaceChildren(...this.marks(threads));
                if (number === item.line) {
                    this.reveal(row);
                }
            }
        }

        /* One badge; of several, how many more. */
        marks(threads) {
            const rest = threads.length - 1;

            return threads.length === 0 ? [] : [badge(threads[0]), rest > 0 ? h('span', {
                class: 'hf-more', title: threads.map((id) => `T${id}`).join(', '),
            }, `+${rest}`) : ''];
        }

        /* Only this box scrolls, never the page. */
        reveal(row) {
            const top = row.offsetTop;
            const { scrollTop, clientHeight } = this.code;

            if (top < scrollTop + 30 || top > scrollTop + clientHeight - 50) {
                this.code.scrollTop = top - clientHeight / 2;
            }
            const scrolls = this.code.scrollHeight > clientHeight + 1 ||
                this.code.scrollWidth > this.code.clientWidth + 1;

            /* What scrolls must be reachable by keyboard. */
            this.code.toggleAttribute('tabindex', false);
            scrolls && this.code.setAttribute('tabindex', '0');
        }

        drawAsides(item, at, excerpt) {
            const { model, context } = this.view;
            const parts = new Set(model.places.map((place) => place.thread));
            const isShown = (other) => other.file === excerpt.file && other.line >= excerpt.first &&
                other.line < excerpt.first + linesOf(excerpt).length;
            const others = [...at].filter(([thread, other]) => thread !== item.thread &&
                parts.has(thread) && !isShown(other)).slice(0, ASIDES_MAX);

            this.asides.replaceChildren(...others.map(([thread, other]) =>
                h('figure', { class: 'hf-source' },
                    h('figcaption', null, badge(thread), ' ',
                        placeLink(context, other.file, other.line), ' ',
                        h('span', { class: 'hf-muted' }, other.function ?? '')),
                    h('div', { class: 'hf-source-code', tabindex: '0' }, this.aside(other)))));
        }

        aside(other) {
            const excerpt = excerptOf(this.view.model, other.file, other.line) ??
                { first: other.line, text: other.code };

            return linesOf(excerpt).filter(({ number }) => Math.abs(number - other.line) <= ASIDE)
                .map(({ number, text }) => {
                    const row = this.line(number, tokens(text));

                    row.classList.toggle('is-other', number === other.line);
                    return row;
                });
        }
    }

    heddle.findingSource = (view) => new Source(view);
})();
