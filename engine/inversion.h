/*
 * Inversion: a circle of locks that no driven execution reached, in the reader's own words.
 *
 * It is a note and no finding: a program that something else keeps from getting there, e.g. that
 * one thread waits for a notify of the other, is correct. All is text, so that a worker can send it
 * to its parent, whose calling contexts are others.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_INVERSION_H
#define HEDDLE_ENGINE_INVERSION_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "engine/lock_order.h"

#define HDE_INVERSION_LINE_MAX 192U

/* A source line of the program: "function" and "file:line". */
struct hde_inversion_line {
    char function[HDE_INVERSION_LINE_MAX];
    char place[HDE_INVERSION_LINE_MAX];
};

struct hde_inversion {
    uint32_t tries; /* driven executions that did not reach it */
    uint32_t count; /* threads in the circle */
    struct {
        uint32_t thread;
        struct hde_inversion_line held;   /* where it acquired its lock */
        struct hde_inversion_line wanted; /* and where it then acquired that of the next one */
    } at[HDE_CYCLE_MAX];
};

/* Outside executions: these look symbols up. */
void hde_inversion_take_line(struct hde_inversion_line *line, const struct hde_deed *deed);
void hde_inversion_take(struct hde_inversion *inversion,
                        const struct hde_lock_cycle *cycle,
                        uint32_t tries);

/* Whether they are one to the reader: the same lines, whichever threads. */
bool hde_inversion_is_same(const struct hde_inversion *a, const struct hde_inversion *b);

/* As text, for people. */
void hde_inversion_print(const struct hde_inversion *inversion, const char *program, FILE *file);

/* As a JSON record. Returns 0, or -1 if it could not be written. */
int hde_inversion_json(const struct hde_inversion *inversion, const char *program, FILE *file);

#define HDE_INVERSION_IDENTITY_SIZE 17U

/* 16 hexadecimal digits: equal if they are one. */
void hde_inversion_identify(const struct hde_inversion *inversion,
                            char identity[HDE_INVERSION_IDENTITY_SIZE]);

#endif
