/*
 * Words for steps: what an event does, in the present tense, with its object and values.
 *
 * An event that is not known here is shown by its own name: a newer engine may have more of them.
 *
 * SPDX-License-Identifier: MIT
 */
(() => {
    'use strict';

    /* %s is the object; what follows "|" is said when there is none. */
    const WORDS = {
        read: 'reads %s|reads',
        write: 'writes %s|writes',
        atomic_load: 'atomically reads %s|atomically reads',
        atomic_store: 'atomically writes %s|atomically writes',
        atomic_update: 'atomically updates %s|atomically updates',
        fence: 'fence',
        lock: 'locks %s|locks',
        trylock: 'tries to lock %s|tries to lock',
        unlock: 'unlocks %s|unlocks',
        wait: 'waits for %s|waits',
        awake: 'wakes from %s|wakes',
        notify: 'notifies %s|notifies',
        notify_all: 'notifies all of %s|notifies all',
        futex_wait: 'sleeps on %s|sleeps',
        futex_awake: 'wakes from %s|wakes',
        futex_wake: 'wakes sleepers on %s|wakes sleepers',
        create: 'creates a thread',
        start: 'starts',
        end: 'ends',
        join: 'joins %s|joins a thread',
        detach: 'detaches %s|detaches a thread',
        sleep: 'sleeps',
        yield: 'yields',
        choose: 'chooses',
        allocate: 'allocates %s|allocates',
        free: 'frees %s|frees',
        initialize: 'initializes %s|initializes',
        destroy: 'destroys %s|destroys',
        shared_lock: 'locks %s for reading|locks for reading',
        shared_trylock: 'tries to lock %s for reading|tries to lock for reading',
        shared_unlock: 'unlocks %s as a reader|unlocks as a reader',
        semaphore_wait: 'takes a unit of %s|takes a unit',
        semaphore_trywait: 'tries to take a unit of %s|tries to take a unit',
        semaphore_post: 'posts %s|posts',
        semaphore_value: 'looks at %s|looks at a semaphore',
        barrier_arrive: 'arrives at %s|arrives at a barrier',
        barrier_leave: 'leaves %s|leaves a barrier',
        cancel: 'cancels a thread',
        cancelled: 'looks whether it is cancelled',
        main_end: 'main returns',
    };

    const ACQUIRES = new Set(['lock', 'trylock', 'shared_lock', 'shared_trylock']);
    const RELEASES = new Set(['unlock', 'shared_unlock', 'wait']);
    /* A thread is waiting from the one to the other. */
    const WAKES = { wait: 'awake', futex_wait: 'futex_awake', barrier_arrive: 'barrier_leave' };

    const WHERE = { read: 'from', atomic_load: 'from', write: 'to', atomic_store: 'to' };

    function eventWords(event, object) {
        const [full, bare] = (WORDS[event] ?? `${event ?? ''} %s|${event ?? ''}`).split('|');

        return object ? full.replaceAll('_', ' ').replace('%s', () => object)
            : (bare ?? full).replaceAll('_', ' ');
    }

    const known = (value) => value !== null && value !== undefined;

    /* What a step read or wrote, "0 → 1" if both; "" where no value is known. */
    function valueWords({ read, written }) {
        if (known(read) && known(written)) {
            return `${read} → ${written}`;
        }
        return known(written) ? String(written) : known(read) ? String(read) : '';
    }

    /* A whole step: "reads 0 from state.counter". The value comes first, for ends are cut off. */
    function stepWords(step, object) {
        const value = valueWords(step);
        const bare = `${eventWords(step.event, null)} ${value}`;

        return value === '' ? eventWords(step.event, object)
            : object ? `${bare} ${WHERE[step.event] ?? 'at'} ${object}` : bare;
    }

    /* One row: what its steps read and wrote, without the object, for the code says that. */
    function runWords(steps) {
        const words = [];

        for (const step of steps) {
            const value = valueWords(step);
            const word = value && stepWords(step, null);

            if (word && words.at(-1) !== word) {
                words.push(word);
            }
        }
        return words.length > 3 ? `${words.slice(0, 2).join(', ')}, … ${words.at(-1)}`
            : words.join(', ');
    }

    /* A line without what many lines have and says nothing; as in the text report. */
    function codeText(code) {
        return String(code ?? '').trim().replace(/\s*\/\* finding \*\/$/, '')
            .replace(/^\(void\)\s*/, '');
    }

    window.heddle = window.heddle ?? {};
    window.heddle.words = {
        ACQUIRES, RELEASES, WAKES, eventWords, valueWords, stepWords, runWords, codeText,
    };
})();
