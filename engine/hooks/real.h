/*
 * Real functions: those that a hook has taken the name of, as the next library defines them.
 *
 *     return HDE_REAL(pthread_mutex_lock)(mutex);
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_HOOKS_REAL_H
#define HEDDLE_ENGINE_HOOKS_REAL_H

/* Any function. */
typedef void (*hde_function)(void);

/*
 * The function `name' of the next library after the program, looked up once and kept in *found; the
 * process stops if there is none.
 */
hde_function hde_real_find(hde_function *found, const char *name);

/* The real `function', of its own type: copied, since a cast would drop attributes of the type. */
#define HDE_REAL(function)                                                                         \
    (__extension__({                                                                               \
        static hde_function known_real;                                                            \
        hde_function found_real = hde_real_find(&known_real, #function);                           \
        __typeof__(&(function)) typed_real;                                                        \
        __builtin_memcpy((void *)&typed_real, (const void *)&found_real, sizeof(typed_real));      \
        typed_real;                                                                                \
    }))

#endif
