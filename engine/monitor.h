/*
 * Monitor: whether a history of a queue, a stack, a priority queue or a set can be explained, in
 * time that hardly grows faster than the history: if no value is put twice.
 *
 * With distinct values it is known which get took what which put brought, so a history is a set of
 * intervals, and wrong if it has one of a few bad patterns. A value lies for certain in the object
 * between the return of its put and the call of its get: its inner interval.
 *
 * Guarantee     An answer other than UNKNOWN is right.
 * Misses        UNKNOWN is the answer for what is not of this form: other operations, a bound,
 *               results other than HD_OK and HD_EMPTY, a value that is put twice, a get that did
 *               not return, an object that was not empty at first.
 * Source        FIFO: Henzinger, Sezgin, Vafeiadis, Aspect-oriented linearizability proofs, CONCUR
 *               2013; Bouajjani et al., On reducing linearizability to state reachability, ICALP
 *               2015. Stack: Abdulla et al., PLDI 2025.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_MONITOR_H
#define HEDDLE_ENGINE_MONITOR_H

#include "engine/linearize.h"

enum hde_linearizable hde_monitor(const struct hde_problem *problem);

#endif
