/*
 * Weak compare-and-exchange: included before all else into code under test (-include), because what
 * the compiler makes of a weak one for a sanitizer is the same call as of a strong one.
 *
 * Each weak one first asks whether it fails for no reason, as it may on machines with load-linked
 * and store-conditional. If so it is a load: the expected value becomes what is there, which may
 * well be what was expected. Operands are evaluated once, as the builtins do.
 *
 * Standard atomics are clang's __c11_ builtins; other code calls GCC's. A macro that stands before
 * a builtin is the exception that docs/decisions/0006-weak-compare-and-exchange.md explains. In C++
 * weak ones never fail without reason.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_WEAK_CAS_H
#define HEDDLE_ENGINE_WEAK_CAS_H

#ifndef __cplusplus

/* Answered by hooks/weak_cas.c. */
int __heddle_weak_cas_fails(const volatile void *object);

#define __c11_atomic_compare_exchange_weak(object, expected, desired, success, failure)            \
    __extension__({                                                                                \
        __auto_type heddle_object = (object);                                                      \
        __auto_type heddle_expected = (expected);                                                  \
        __typeof__(*heddle_expected) heddle_desired = (desired);                                   \
        _Bool heddle_is_done = 0;                                                                  \
        if (__heddle_weak_cas_fails(heddle_object)) {                                              \
            *heddle_expected = __c11_atomic_load(heddle_object, failure);                          \
        } else {                                                                                   \
            heddle_is_done = __c11_atomic_compare_exchange_strong(                                 \
                heddle_object, heddle_expected, heddle_desired, success, failure);                 \
        }                                                                                          \
        heddle_is_done;                                                                            \
    })

#define __atomic_compare_exchange_n(object, expected, desired, weak, success, failure)             \
    __extension__({                                                                                \
        __auto_type heddle_object = (object);                                                      \
        __auto_type heddle_expected = (expected);                                                  \
        __typeof__(*heddle_expected) heddle_desired = (desired);                                   \
        _Bool heddle_is_done = 0;                                                                  \
        if ((weak) && __heddle_weak_cas_fails(heddle_object)) {                                    \
            *heddle_expected = __atomic_load_n(heddle_object, failure);                            \
        } else {                                                                                   \
            heddle_is_done = __atomic_compare_exchange_n(heddle_object, heddle_expected,           \
                                                         heddle_desired, 0, success, failure);     \
        }                                                                                          \
        heddle_is_done;                                                                            \
    })

#define __atomic_compare_exchange(object, expected, desired, weak, success, failure)               \
    __extension__({                                                                                \
        __auto_type heddle_object = (object);                                                      \
        __auto_type heddle_expected = (expected);                                                  \
        __auto_type heddle_desired = (desired);                                                    \
        _Bool heddle_is_done = 0;                                                                  \
        if ((weak) && __heddle_weak_cas_fails(heddle_object)) {                                    \
            __atomic_load(heddle_object, heddle_expected, failure);                                \
        } else {                                                                                   \
            heddle_is_done = __atomic_compare_exchange(heddle_object, heddle_expected,             \
                                                       heddle_desired, 0, success, failure);       \
        }                                                                                          \
        heddle_is_done;                                                                            \
    })

#endif

#endif
