/*
 * Elements: what the parts of a finding are made of.
 *
 * Text goes in as text nodes only, so that no name in a program can become markup. Where messages
 * quote a name as `name', it is shown as code.
 *
 * SPDX-License-Identifier: MIT
 */
(() => {
    'use strict';

    const SVG = 'http://www.w3.org/2000/svg';

    function append(element, children) {
        for (const child of children.flat(Infinity)) {
            if (child !== null && child !== undefined && child !== false) {
                element.append(child);
            }
        }
        return element;
    }

    /* An attribute that is null or false is left out; one that begins with "on" is a listener. */
    function set(element, attributes) {
        for (const [name, value] of Object.entries(attributes ?? {})) {
            if (name.startsWith('on')) {
                element.addEventListener(name.slice(2), value);
            } else if (value === true) {
                element.setAttribute(name, '');
            } else if (value !== null && value !== undefined && value !== false) {
                element.setAttribute(name, value);
            }
        }
        return element;
    }

    const h = (tag, attributes, ...children) =>
        append(set(document.createElement(tag), attributes), children);

    const s = (tag, attributes, ...children) =>
        append(set(document.createElementNS(SVG, tag), attributes), children);

    /* "waits for `a'" as text and code. */
    function quoted(text) {
        return String(text ?? '').split(/`([^`']*)'/).map((part, i) =>
            i % 2 === 1 ? h('code', null, part) : part);
    }

    const plural = (count, noun) =>
        `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;

    /* The number of the variable --lane-N that a thread has; thread 1 has the first. */
    const hue = (thread) => ((thread ?? 0) + 7) % 8 + 1;

    const laneColor = (thread) => `--hue: var(--lane-${hue(thread)})`;

    function badge(thread, text) {
        return h('span', { class: 'hf-thread', style: laneColor(thread) }, text ?? `T${thread}`);
    }

    /* file:line, as a link if it is known where files are; without folders if it is short. */
    function placeLink(context, file, line, isShort) {
        const full = line ? `${file}:${line}` : String(file ?? '?');
        const text = isShort ? full.replace(/^.*\//, '') : full;

        if (!file || file === '?' || !context.root) {
            return h('span', { class: 'hf-place', title: full }, text);
        }
        const href = context.root + file + (line ? `#L${line}` : '');

        return h('a', { class: 'hf-place', href, title: full }, text);
    }

    /* The same for "file:line". */
    function placeOf(context, text, isShort) {
        const at = /^(.*):(\d+)$/.exec(text ?? '');

        return at ? placeLink(context, at[1], Number(at[2]), isShort)
            : h('span', null, text ?? '?');
    }

    /* True if it is in the clipboard. A page from disk may not ask for the clipboard: then a
     * selection is copied, which asks nobody. */
    async function copy(text) {
        try {
            await navigator.clipboard.writeText(text);
            return true;
        } catch {
            const area = h('textarea', { class: 'hf-offscreen', 'aria-hidden': 'true' });
            const focused = document.activeElement;

            area.value = text;
            document.body.append(area);
            area.select();
            const isDone = document.execCommand('copy');

            area.remove();
            focused?.focus?.({ preventScroll: true });
            return isDone;
        }
    }

    function select(element) {
        const range = document.createRange();

        range.selectNodeContents(element);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
    }

    /* A command, and a button that copies it, or at least selects it. */
    function command(text) {
        const code = h('code', { class: 'hf-command-text', tabindex: '0' }, text);
        const said = h('span', { class: 'hf-command-said', role: 'status' });
        const button = h('button', {
            type: 'button', class: 'hf-button hf-copy',
            onclick: async () => {
                const isDone = await copy(text);

                if (!isDone) {
                    select(code);
                }
                said.textContent = isDone ? 'Copied' : 'Selected: press Ctrl+C';
                setTimeout(() => { said.textContent = ''; }, 2500);
            },
        }, 'Copy');

        return h('div', { class: 'hf-command' }, h('span', { 'aria-hidden': 'true' }, '$'), code,
            said, button);
    }

    const heading = (context, below, text) =>
        h(`h${Math.min(6, (context.level ?? 3) + below)}`, { class: 'hf-heading' }, text);

    window.heddle = window.heddle ?? {};
    window.heddle.element = {
        h, s, quoted, plural, hue, laneColor, badge, placeLink, placeOf, copy, command, heading,
    };
})();
