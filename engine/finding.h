/*
 * Finding: one violation, as it is noted while the execution runs: nothing is allocated, looked up
 * or formatted. report.h makes it readable.
 *
 * Identity: kind, class and the places' source lines; never an address, a thread or a time.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_FINDING_H
#define HEDDLE_ENGINE_FINDING_H

#include <stdbool.h>
#include <stdint.h>

#include <heddle/check.h>

#include "engine/set.h"
#include "engine/symbol.h"

#define HDE_PLACES_MAX 16U /* of a deadlock: the waits of its cycle */
#define HDE_TEXT_MAX 256U

/* What kind of deadlock or misuse it is. */
enum hde_finding_class {
    HDE_CLASS_NONE,

    /* Why threads wait for ever. */
    HDE_CLASS_LOCK_CYCLE,
    HDE_CLASS_SELF,           /* a lock acquired again by its holder */
    HDE_CLASS_LOST_WAKE_UP,   /* the notify came before the wait */
    HDE_CLASS_NEVER_NOTIFIED, /* nobody notifies */
    HDE_CLASS_JOIN_CYCLE,
    HDE_CLASS_HOLDER_ENDED,   /* the holder ended without release */
    HDE_CLASS_UPGRADE,        /* a reader wants to write */
    HDE_CLASS_RECURSIVE_READ, /* a reader wants to read again, after who waits for it */
    HDE_CLASS_NEVER_POSTED,   /* nobody gives a semaphore a unit */
    HDE_CLASS_PARTY_MISSING,  /* not all come to a barrier */

    HDE_CLASS_GIVING_WAY, /* of a livelock: threads undo what they did, and try again */

    /* What was done with an object that must not be. */
    HDE_CLASS_NOT_HELD,      /* a lock released that the thread does not hold */
    HDE_CLASS_IN_USE,        /* destroyed, or made anew, while somebody holds it or waits there */
    HDE_CLASS_DESTROYED,     /* used after its end */
    HDE_CLASS_UNINITIALIZED, /* used before its beginning */
    HDE_CLASS_JOINED_TWICE,  /* or joined after it was detached */
    HDE_CLASS_NEVER_JOINED,  /* nor detached */
    HDE_CLASS_TWO_LOCKS,     /* waits on one condition variable with different locks */
    HDE_CLASS_TOO_OFTEN,     /* more units given back than there are */
    HDE_CLASS_HELD_AT_END,   /* a lock that its thread holds when it ends */
    HDE_FINDING_CLASSES
};

/* "lock cycle", "lost wake-up" ...; "" for none. */
const char *hde_finding_class_name(enum hde_finding_class of);

/* For people: "data race". */
const char *hde_verdict_name(enum hd_verdict verdict);

/* The same for programs: "data-race". */
const char *hde_verdict_identifier(enum hd_verdict verdict);

/* The verdict of that identifier; HD_VERDICTS if there is none. */
enum hd_verdict hde_verdict_identified(const char *identifier);

/* One event that has part in a finding. */
struct hde_place {
    uint64_t address; /* of what it touches */
    uint32_t pc;      /* packed */
    uint32_t context;
    uint32_t event; /* the thread's event number; 0: not known */
    uint8_t thread;
    uint8_t event_kind; /* enum hde_event_kind */
    uint8_t size;
    bool is_cause; /* not itself waiting or racing: a notify that came too early, an allocation */
};

/* Who noticed: the engine's own detectors, the sanitizer's runtime (sanitizer.h), or each. */
enum hde_seen_by {
    HDE_SEEN_BY_ENGINE,
    HDE_SEEN_BY_SANITIZER,
    HDE_SEEN_BY_BOTH,
};

static inline enum hde_seen_by hde_seen_by_either(enum hde_seen_by a, enum hde_seen_by b)
{
    return a == b ? a : HDE_SEEN_BY_BOTH;
}

/* "Heddle", "ThreadSanitizer", "Heddle and ThreadSanitizer". */
const char *hde_seen_by_name(enum hde_seen_by seen_by);

struct hde_finding {
    enum hd_verdict kind; /* never HD_CLEAN */
    enum hde_seen_by seen_by;
    enum hde_finding_class class;
    uint32_t places_count;
    struct hde_place places[HDE_PLACES_MAX]; /* a race: the later access first */
    char text[HDE_TEXT_MAX];                 /* what a failed expectation said, and the like */
};

/* ---- Outside executions only: these look symbols up ------------------------------------------ */

/*
 * The source line that a place stands for. Of an access (a race, a crash) it is the access itself,
 * whoever's code that is: memory is wrong where it is touched. Of anything else (a wait, a lock, an
 * expectation) it is the line of the program that called the primitive or the system: that a lock
 * waits inside lock.c tells nobody anything. Code of the engine is never it.
 */
struct hde_source hde_finding_source(const struct hde_finding *finding, unsigned place);

/*
 * Whether two findings are one: the same kind, class and set of source lines. The order of the
 * places, which threads were there, and places that are causes do not count.
 */
bool hde_finding_is_same(const struct hde_finding *a, const struct hde_finding *b);

#define HDE_IDENTITY_SIZE 17U

/* The same as 16 hexadecimal digits: equal if and, but for chance (2^-64), only if they are one. */
void hde_finding_identify(const struct hde_finding *finding, char identity[HDE_IDENTITY_SIZE]);

#endif
