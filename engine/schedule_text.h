/*
 * Schedules as text, to be kept, read and edited.
 *
 *     heddle-schedule 1
 *     program   lost_update
 *     build     3f61c0de...          of the program; event numbers are those of this build
 *     flavour   explore
 *     memory    sc
 *     strategy  random
 *     seed      17
 *     finding   data race on counter
 *
 *     # comments and empty lines may be anywhere
 *     thread 1  event 7  read  step 2  at scenarios/race/lost_update.c:19  time 1
 *     thread 2  event 9  notify  wake 3  at queue.c:40  time 2
 *     thread 0  event 2  choose  value 5
 *
 * A choice line says: when `thread' is about to carry out its event of that number, which is of
 * that kind ("?" if it is not known), another thread steps instead; or, it wakes that thread; or,
 * it gets that value. `at' says where in the source that event is, and the how manieth time it is
 * that this thread carries out an event of this kind on this line: so the choice is found again
 * after the program was edited (anchor.h). The choices of one thread stand in the order of its
 * events.
 *
 * The short form, for a command line, is a check word and the choices, without header and anchors:
 *
 *     2b1c:1@7=2,w2@9=3,v0@2=5
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_SCHEDULE_TEXT_H
#define HEDDLE_ENGINE_SCHEDULE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "engine/schedule.h"

#define HDE_FIELD_SIZE 256U          /* of the header, with its end */
#define HDE_SCHEDULE_ERROR_SIZE 512U /* of a message, with its end */

/* What is not known is "". */
struct hde_schedule_header {
    char program[HDE_FIELD_SIZE];
    char build[HDE_FIELD_SIZE];
    char flavour[HDE_FIELD_SIZE];
    char memory[HDE_FIELD_SIZE];
    char strategy[HDE_FIELD_SIZE];
    char ignore[HDE_FIELD_SIZE]; /* as the option has it: what was no finding */
    char budget[HDE_FIELD_SIZE]; /* the same: budgets that are not the default ones */
    char finding[HDE_FIELD_SIZE];
    uint64_t seed;
};

/* Where an event is in the source. */
struct hde_anchor {
    const char *file; /* NULL: not known */
    int line;
    uint32_t
        time; /* the how manieth of the thread's events of this kind there, from 1; 0: not known */
};

/* Zeroed, it is an empty one. */
struct hde_schedule_text {
    struct hde_schedule_header header;
    struct hde_schedule schedule;
    struct hde_anchor *anchors; /* one for each entry */
    size_t anchors_capacity;
    char *names; /* that the anchors of a parsed one point into; owned */
};

/* Append a choice and where it is. */
void hde_schedule_text_append(struct hde_schedule_text *text,
                              const struct hde_entry *entry,
                              const struct hde_anchor *anchor);

/* False if it could not be written. */
bool hde_schedule_text_write(const struct hde_schedule_text *text, FILE *file);

/*
 * Read `size` bytes at `bytes`, the contents of the file `name`, into *text, which is empty. If
 * they are no schedule, returns false, and `error` says where and why, and what to do; *text is
 * empty.
 */
bool hde_schedule_text_parse(struct hde_schedule_text *text,
                             const char *name,
                             const char *bytes,
                             size_t size,
                             char error[HDE_SCHEDULE_ERROR_SIZE]);

void hde_schedule_text_release(struct hde_schedule_text *text);

/* The short form, to be freed; NULL if there is no memory for it. */
char *hde_schedule_shorten(const struct hde_schedule *schedule);

/* Read a short form into *schedule, which is empty. Errors as above. */
bool hde_schedule_expand(struct hde_schedule *schedule,
                         const char *argument,
                         char error[HDE_SCHEDULE_ERROR_SIZE]);

#endif
