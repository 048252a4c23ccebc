/*
 * Linearize: whether some order of the operations explains what they returned.
 *
 * A depth-first search for the order: at each point the candidates are the operations that were
 * called before the first return of one that has not taken effect yet. What cannot be continued is
 * remembered as a configuration, which operations have taken effect and the state they led to, and
 * not entered again. Nothing recurses, and nothing is allocated: the memory is reserved once, and
 * void by a number of each search's own.
 *
 * A pending operation may have taken effect or not. Of one in several parts any number of the first
 * may have.
 *
 * Guarantee     An answer other than UNKNOWN is right. UNKNOWN: the search was given up after
 *               HDE_LINEARIZE_STEPS_MAX steps of the specification, or its state had no room.
 * Source        Wing, Gong, Testing and verifying concurrent objects, JPDC 1993; Lowe, Testing for
 *               linearizability, CCPE 2017 (configurations); Burckhardt et al., Line-Up, PLDI 2010
 *               (stuck histories).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_LINEARIZE_H
#define HEDDLE_ENGINE_LINEARIZE_H

#include <stdbool.h>
#include <stdint.h>

#include <heddle/history.h>

#define HDE_LINEARIZE_STEPS_MAX (UINT64_C(1) << 22)
#define HDE_NO_OPERATION UINT32_MAX

enum hde_linearizable {
    HDE_LINEARIZABLE,
    HDE_NOT_LINEARIZABLE,
    HDE_LINEARIZABLE_UNKNOWN,
};

/* An operation and when it ran; all times of a problem are distinct. */
struct hde_interval {
    struct hd_operation operation;
    uint32_t called;
    uint32_t returned; /* UINT32_MAX: pending */
};

struct hde_problem {
    const struct hd_specification *specification;
    uint64_t parameter;
    const struct hde_interval *intervals;
    uint32_t count; /* at most HD_HISTORY_OPERATIONS_MAX */

    /*
     * The execution ended with all pending operations waiting: asked is for an order in which all
     * others take effect and this one, an index, then waits. HDE_NO_OPERATION: any order.
     */
    uint32_t stuck;
    bool others_may_end; /* then: other pending operations may have taken all of their effect */
};

/* The longest order that was found: indices, each as often as it has parts that took effect. */
struct hde_linearization {
    uint32_t count;
    uint32_t completed; /* operations in it that returned */
    uint16_t at[HD_HISTORY_OPERATIONS_MAX * HD_PARTS_MAX];
};

/* `longest' may be NULL. Steps of the specification are counted down in *steps_left. */
enum hde_linearizable hde_linearize(const struct hde_problem *problem,
                                    uint64_t *steps_left,
                                    struct hde_linearization *longest);

#endif
