/*
 * The theme: that of the system, light or dark, by a button. Remembered where the browser lets a
 * page from disk remember anything.
 *
 * SPDX-License-Identifier: MIT
 */
(() => {
    'use strict';

    const { h } = window.heddle.element;
    const KEY = 'heddle-theme';
    const THEMES = ['auto', 'light', 'dark'];
    const root = document.documentElement;
    let theme = recall();

    function recall() {
        try {
            const kept = localStorage.getItem(KEY);

            return THEMES.includes(kept) ? kept : 'auto';
        } catch {
            return 'auto';
        }
    }

    function remember() {
        try {
            localStorage.setItem(KEY, theme);
        } catch {
            /* It is not allowed: the choice holds while the page is open. */
        }
    }

    function apply() {
        if (theme === 'auto') {
            delete root.dataset.theme;
        } else {
            root.dataset.theme = theme;
        }
    }

    window.heddle.page.starts.push(() => {
        const button = h('button', { type: 'button', id: 'theme', title: 'Light or dark (t)' });
        const say = () => { button.textContent = `Theme: ${theme}`; };

        button.addEventListener('click', () => {
            theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
            apply();
            remember();
            say();
        });
        say();
        document.getElementById('tools').append(button);
    });
    apply();
})();
