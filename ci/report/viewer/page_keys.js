/*
 * Keys: what they do, and the list of them.
 *
 * A key goes to what has the focus first. What nobody wants goes to the finding that is shown, so
 * that one can step through it at once, without looking for what to click.
 *
 * SPDX-License-Identifier: MIT
 */
(() => {
    'use strict';

    const { page, element: { h } } = window.heddle;
    let help = null; /* the dialog */

    const LIST = [
        ['Everywhere', [
            [['?'], 'these keys'], [['/'], 'search the findings'], [['t'], 'light or dark'],
        ]],
        ['In the list of findings', [
            [['\u2191', '\u2193'], 'previous, next finding'], [['Enter'], 'show it'],
        ]],
        ['In a finding', [
            [['\u2191', '\u2193'], 'previous, next step (also k, j)'],
            [['p', 'n'], 'previous, next context switch'],
            [['m'], 'next step that has part in it'],
            [['Home', 'End'], 'first, last step'],
            [['a'], 'all steps, or what matters'],
            [['h', 'l'], 'previous, next finding'],
            [['Esc'], 'back to the list'],
        ]],
    ];

    function makeHelp() {
        const dialog = h('dialog', { 'aria-label': 'Keys' }, LIST.map(([title, keys]) => [
            h('h3', null, title),
            h('dl', null, keys.map(([names, text]) => [
                h('dt', null, names.map((name) => [h('kbd', null, name), ' '])),
                h('dd', null, text),
            ])),
        ]), h('button', { type: 'button', onclick: () => dialog.close() }, 'Close'));

        document.body.append(dialog);
        return dialog;
    }

    function toggleHelp() {
        help = help ?? makeHelp();
        if (help.open) {
            help.close();
        } else {
            help.showModal();
        }
    }

    function focusSearch() {
        const field = document.getElementById('search');

        field?.focus();
        field?.select();
    }

    function search() {
        if (page.shown()) {
            addEventListener('hashchange', () => setTimeout(focusSearch), { once: true });
            location.hash = 'findings';
        } else {
            focusSearch();
        }
    }

    function back() {
        if (page.shown()) {
            location.hash = 'findings';
        } else if (document.activeElement.id === 'search') {
            document.activeElement.blur();
        }
    }

    /* From the finding that has the focus, or into the list. */
    function moveInList(by) {
        const links = [...document.querySelectorAll('#findings .entry:not([hidden]) .what a')];
        const at = links.indexOf(document.activeElement);
        const next = at < 0 ? links[by > 0 ? 0 : links.length - 1] : links[at + by];

        next?.focus();
        return next !== undefined;
    }

    const KEYS = {
        '?': toggleHelp,
        '/': search,
        t: () => document.getElementById('theme').click(),
        Escape: back,
        h: () => page.step(-1),
        l: () => page.step(1),
    };

    const isTyping = (target) => target.closest?.('input, textarea, select') !== null;

    /* The finding's own keys, when the focus is outside of it. */
    function offer(event) {
        const inner = page.shown()?.container.firstElementChild;

        if (inner && !inner.contains(event.target)) {
            const copy = new KeyboardEvent('keydown', { key: event.key, cancelable: true });

            if (!inner.dispatchEvent(copy)) {
                event.preventDefault();
            }
        }
    }

    function list(event) {
        const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        const isInList = event.target.closest?.('#findings') !== null;

        if (by && isInList && moveInList(by)) {
            event.preventDefault();
        }
    }

    function press(event) {
        const isOurs = event.key === 'Escape' || !isTyping(event.target);

        if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) {
            return;
        }
        if (help?.open && event.key !== '?') {
            return; /* the dialog closes itself at Escape */
        }
        if (isOurs && KEYS[event.key]) {
            event.preventDefault();
            KEYS[event.key]();
        } else if (page.shown()) {
            offer(event);
        } else {
            list(event);
        }
    }

    page.starts.push(() => {
        document.addEventListener('keydown', press);
        document.getElementById('tools').append(
            h('button', { type: 'button', id: 'help', onclick: toggleHelp }, 'Keys'));
    });
})();
