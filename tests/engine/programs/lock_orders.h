/*
 * Lock orders: small programs of which it is known whether threads acquire their locks in a circle,
 * and whether they can be waiting there together.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_PROGRAMS_LOCK_ORDERS_H
#define HEDDLE_TESTS_ENGINE_PROGRAMS_LOCK_ORDERS_H

#include <heddle/check.h>

enum lock_order {
    LOCK_ORDER_CLEAN,    /* nothing is said */
    LOCK_ORDER_NOTE,     /* a circle that cannot be reached: said, but no finding */
    LOCK_ORDER_DEADLOCK, /* a circle that is reached */
};

struct lock_order_program {
    struct hd_scenario scenario; /* its summary is its name; NULL: the last one */
    enum lock_order owes;
};

extern const struct lock_order_program lock_order_programs[];

/*
 * Three threads, three locks, a circle; before and after its locks each does much that has nothing
 * to do with them.
 */
extern const struct hd_scenario lock_order_rare;

#endif
