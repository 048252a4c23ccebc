/*
 * The page: shows the overview or one finding, whichever the address names after `#'.
 *
 * A finding is drawn (finding.js) when it is first asked for, from the record in its element; what
 * stands in its <noscript> is what a reader without scripts sees, and what goes to the printer.
 * Other files of the page add to heddle.page.starts what is to be done once the page is there.
 *
 * SPDX-License-Identifier: MIT
 */
(() => {
    'use strict';

    const heddle = window.heddle = window.heddle ?? {};
    const { h } = heddle.element;
    let shown = null; /* {article, handle}: the finding that is shown */

    const page = heddle.page = {
        starts: [],
        ids: () => [...document.querySelectorAll('#findings .entry:not([hidden]) .what a')]
            .map((link) => link.hash.slice(1)),
        shown: () => shown,
        step,
    };

    document.documentElement.classList.add('js');

    /* ---- One finding ------------------------------------------------------------------------ */

    /* What is there for readers without scripts: text until now. */
    function written(article) {
        const template = document.createElement('template');

        template.innerHTML = article.querySelector('noscript').textContent;
        return template.content;
    }

    function lockOrder(program) {
        const graph = [...document.querySelectorAll('.lock-order')]
            .find((each) => each.dataset.program === program);

        return graph?.querySelector('svg')?.outerHTML ?? null;
    }

    function draw(article, container) {
        const record = JSON.parse(article.querySelector('.record').textContent);
        const waitFor = written(article).querySelector('.waits svg')?.outerHTML ?? null;

        return heddle.renderFinding(container, record, {
            svg: { waitFor, lockOrder: lockOrder(record.program) },
            root: document.body.dataset.root,
            level: 2,
        });
    }

    /* A record that the drawing cannot cope with is shown as it is without scripts. */
    function drawOrWrite(article, container) {
        try {
            return draw(article, container);
        } catch (error) {
            console.info(`${article.id} cannot be drawn: ${error}`);
            container.replaceChildren(
                h('p', { class: 'failure' }, `This finding could not be drawn (${error}). ` +
                    'What follows is its record without the drawing.'), written(article));
            return { destroy: () => container.replaceChildren(), focusStep: () => {} };
        }
    }

    function bar(article) {
        const ids = page.ids();
        const at = ids.indexOf(article.id);
        const button = (by, text, key) => h('button', {
            type: 'button', title: `${text} finding (${key})`, 'aria-label': `${text} finding`,
            disabled: at < 0 || ids[at + by] === undefined, onclick: () => step(by),
        }, by < 0 ? '\u2039' : '\u203a');

        return h('nav', { class: 'finding-bar', 'aria-label': 'Findings' },
            h('a', { href: '#findings' }, '\u2190 All findings'),
            h('span', { class: 'at' }, at < 0 ? '' : `${at + 1} of ${ids.length}`),
            button(-1, 'Previous', 'h'), button(1, 'Next', 'l'));
    }

    function leave() {
        if (shown) {
            shown.handle.destroy();
            shown.article.classList.remove('is-shown');
            shown.article.querySelectorAll('.finding-bar, .shown, .printed')
                .forEach((each) => each.remove());
            shown = null;
        }
    }

    function enter(article) {
        const container = h('div', { class: 'shown' });

        leave();
        article.classList.add('is-shown');
        article.prepend(bar(article), container);
        shown = { article, container, handle: drawOrWrite(article, container) };
        document.title = `${article.querySelector('h2')?.textContent ?? article.id} - Heddle`;
        scrollTo(0, 0);
    }

    /* The next finding of those that the overview lists, or the one before. */
    function step(by) {
        const ids = page.ids();
        const next = ids[ids.indexOf(shown?.article.id) + by];

        if (shown && next !== undefined) {
            location.hash = next;
        }
    }

    /* ---- Where the reader is ---------------------------------------------------------------- */

    function show(title) {
        const id = decodeURIComponent(location.hash.slice(1));
        const target = id === '' ? null : document.getElementById(id);
        const isFinding = target?.classList.contains('finding') ?? false;
        const left = shown?.article.id;

        document.getElementById('overview').hidden = isFinding;
        if (isFinding) {
            enter(target);
            return;
        }
        leave();
        document.title = title;
        target?.scrollIntoView();
        document.querySelector(`#findings a[href="#${left}"]`)?.focus({ preventScroll: true });
    }

    /* On paper the finding is as it is without scripts: nothing is folded away. */
    function print() {
        if (shown) {
            const printed = h('div', { class: 'printed' }, written(shown.article));

            printed.querySelectorAll('details').forEach((each) => { each.open = true; });
            shown.article.append(printed);
        }
    }

    document.addEventListener('DOMContentLoaded', () => {
        const title = document.title;

        page.starts.forEach((start) => start());
        addEventListener('hashchange', () => show(title));
        addEventListener('beforeprint', print);
        addEventListener('afterprint', () =>
            document.querySelectorAll('.printed').forEach((each) => each.remove()));
        show(title);
    });
})();
