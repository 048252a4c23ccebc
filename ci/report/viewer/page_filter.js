/*
 * The list of findings: searched, filtered by kind and status, and grouped.
 *
 * The rows are those of the static table; they are hidden and moved, never made.
 *
 * SPDX-License-Identifier: MIT
 */
(() => {
    'use strict';

    const { page, element: { h } } = window.heddle;
    const words = (identifier) => identifier.replaceAll('-', ' ');

    const GROUPS = {
        kind: { text: 'by kind', of: (row) => [words(row.dataset.kind), row.dataset.status] },
        file: { text: 'by file', of: (row) => [row.dataset.file || '?', ''] },
        program: { text: 'by program', of: (row) => [row.children[2].textContent, ''] },
    };

    class List {
        constructor(table) {
            this.table = table;
            this.rows = [...table.querySelectorAll('.entry')];
            this.texts = this.rows.map((row) => row.textContent.toLowerCase());
            this.wanted = { kind: new Set(), status: new Set() };
            this.search = h('input', {
                type: 'search', id: 'search', placeholder: 'Search: kind, function, file, name ...',
                'aria-label': 'Search the findings', oninput: () => this.filter(),
            });
            this.said = h('span', { class: 'found-count', role: 'status' });
        }

        controls() {
            const group = h('select', {
                'aria-label': 'Group', onchange: () => this.regroup(group.value),
            }, Object.entries(GROUPS).map(([value, { text }]) => h('option', { value }, text)));

            return [
                h('div', { class: 'controls-bar' }, this.search, group),
                h('div', { class: 'chips', role: 'group', 'aria-label': 'Filter' },
                    this.chips('status'), this.chips('kind'), this.said),
            ];
        }

        /* One for each value that there is, if there are two. */
        chips(key) {
            const counts = new Map();

            for (const row of this.rows) {
                counts.set(row.dataset[key], (counts.get(row.dataset[key]) ?? 0) + 1);
            }
            return counts.size < 2 ? [] : [...counts].map(([value, count]) => this.chip(key, value,
                count));
        }

        chip(key, value, count) {
            const chip = h('button', {
                type: 'button', 'aria-pressed': 'false',
                onclick: () => {
                    const isWanted = this.wanted[key].delete(value);

                    if (!isWanted) {
                        this.wanted[key].add(value);
                    }
                    chip.setAttribute('aria-pressed', String(!isWanted));
                    this.filter();
                },
            }, `${words(value)} ${count}`);

            return chip;
        }

        isWanted(row, index, parts) {
            const isOf = (key) =>
                this.wanted[key].size === 0 || this.wanted[key].has(row.dataset[key]);

            return isOf('kind') && isOf('status') &&
                parts.every((part) => this.texts[index].includes(part));
        }

        filter() {
            const parts = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
            let count = 0;

            this.rows.forEach((row, index) => {
                row.hidden = !this.isWanted(row, index, parts);
                count += row.hidden ? 0 : 1;
            });
            for (const body of this.table.tBodies) {
                body.hidden = !body.querySelector('.entry:not([hidden])');
            }
            this.said.textContent = count === this.rows.length ? ''
                : `${count} of ${this.rows.length}`;
        }

        regroup(name) {
            const groups = new Map();

            for (const row of this.rows) {
                const key = GROUPS[name].of(row).join('\n');

                groups.set(key, [...(groups.get(key) ?? []), row]);
            }
            const keys = name === 'kind' ? [...groups.keys()] : [...groups.keys()].sort();

            this.table.replaceChildren(this.table.tHead,
                ...keys.map((key) => this.body(key.split('\n'), groups.get(key))));
            this.filter();
        }

        body([title, status], rows) {
            return h('tbody', null,
                h('tr', { class: 'group' }, h('th', { colspan: 4, scope: 'rowgroup' },
                    h('span', { class: 'name' }, title), ' ',
                    h('span', { class: 'count' }, `${rows.length} ${status}`))), rows);
        }
    }

    page.starts.push(() => {
        const table = document.querySelector('table.findings');

        if (table) {
            document.getElementById('controls').append(...new List(table).controls());
        }
    });
})();
