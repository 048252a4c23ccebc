/*
 * Kind: the table, the most urgent first: what corrupts memory, what gives wrong results, what
 * stops the program, what may go wrong later. Classes follow their kind.
 *
 * Source: the kinds of docs/FINDING_FORMAT.md; weaknesses are numbers of MITRE's CWE list.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/kind.h"

#include <string.h>

#include "ci/report/record.h"

static const struct hdr_kind kinds[] = {
    {
        .kind = "use-after-free",
        .title = "Use after free",
        .what = "A thread touches memory that was freed before. It reads what somebody else keeps "
                "there now, or overwrites it.",
        .advice = "Find out who owns the block. Free it after the last user is done: join the "
                  "thread, count references, or unlink it and wait until nobody can reach it.",
        .weakness = "416",
        .severity = "8.1",
    },
    {
        .kind = "use-after-return",
        .title = "Use after return",
        .what = "A variable on the stack is touched after its function has returned: other "
                "variables lie there now.",
        .advice = "Give the variable to whoever outlives the function: on the heap, or in the "
                  "caller; or wait in the function for the thread that uses it.",
        .weakness = "562",
        .severity = "7.0",
    },
    {
        .kind = "use-after-scope",
        .title = "Use after scope",
        .what = "A variable is touched after the block that declares it has ended.",
        .advice = "Declare it in the block where it is used last.",
        .weakness = "562",
        .severity = "7.0",
    },
    {
        .kind = "double-free",
        .title = "Double free",
        .what = "A block is freed twice. The allocator may hand it out twice afterwards.",
        .advice = "Let exactly one thread free it: the one whose atomic decrement reached zero, or "
                  "the one that exchanged the pointer for NULL.",
        .weakness = "415",
        .severity = "8.1",
    },
    {
        .kind = "out-of-bounds",
        .title = "Access out of bounds",
        .what = "A thread touches memory beside a block. It reads or overwrites what belongs to "
                "something else.",
        .advice = "Check the index where it is used, under the lock that guards the size: another "
                  "thread may have changed one of them since it was checked.",
        .weakness = "119",
        .severity = "8.1",
    },
    {
        .kind = "invalid-free",
        .title = "Invalid free",
        .what = "Something is freed that no allocation returned, or by the wrong function.",
        .advice = "Free the pointer that the allocation returned, with the function that belongs "
                  "to it.",
        .weakness = "590",
        .severity = "7.0",
    },
    {
        .kind = "stack-overflow",
        .title = "Stack overflow",
        .what = "A thread needs more stack than it has.",
        .advice = "Bound the recursion, move large arrays to the heap, or create the thread with a "
                  "larger stack.",
        .weakness = "674",
    },
    {
        .kind = "crash",
        .title = "Crash",
        .what = "The program dies of a signal: it used a bad pointer, or divided by zero.",
        .advice = "Replay the schedule, and look who set the value that is used here, and whether "
                  "anything orders the two.",
    },
    {
        .kind = "undefined",
        .title = "Undefined behaviour",
        .what = "The program does what the language leaves undefined: the compiler may have made "
                "anything of it.",
        .advice = "Rule the operands out before the operation; look whether another thread changed "
                  "them since they were checked.",
        .weakness = "758",
    },
    {
        .kind = "uninitialized",
        .title = "Use of an uninitialized value",
        .what = "The program decides by a value that nobody wrote.",
        .advice = "Give it a value where it is declared or allocated.",
        .weakness = "457",
        .severity = "5.9",
    },
    {
        .kind = "data-race",
        .title = "Data race",
        .what = "Two threads access the same memory, at least one of them writes, and nothing "
                "orders the two. The language leaves such a program undefined: values are lost or "
                "torn, and the compiler may reorder or repeat the accesses.",
        .advice = "Guard all accesses by one lock; or make the object atomic; or order the "
                  "accesses: the one before a release that the other one's thread acquires. That "
                  "it works on this machine proves nothing.",
        .weakness = "362",
        .severity = "5.9",
    },
    {
        .kind = "not-linearizable",
        .title = "Results that no order explains",
        .what = "Operations on one object returned what they could not return in any order of "
                "them, one after the other: to its users the object is broken.",
        .advice = "Look for the operation that shows a state between two steps of another one. Do "
                  "these steps under one lock, or in one atomic operation.",
        .weakness = "362",
    },
    {
        .kind = "failure",
        .title = "Failed expectation",
        .what = "A condition does not hold that the program itself demands, in an order of its "
                "threads that is possible.",
        .advice = "Follow the schedule to the first step that you did not expect: what it read was "
                  "no longer, or not yet, what the thread relied on. Check and act in one critical "
                  "section.",
        .weakness = "691",
    },
    {
        .kind = "deadlock",
        .title = "Deadlock",
        .what = "Threads wait for ever: none of them can go on unless another one does first.",
        .advice = "Look what each waits for, who could end that wait, and where that thread is.",
        .weakness = "833",
    },
    {
        .kind = "deadlock",
        .class = "lock cycle",
        .title = "Deadlock: circle of locks",
        .what = "Each of these threads holds a lock that another one of them waits for.",
        .advice = "Take these locks in one order everywhere; or take one only when the other was "
                  "released; or try the second one, and give the first back if that fails.",
        .weakness = "833",
    },
    {
        .kind = "deadlock",
        .class = "self-deadlock",
        .title = "Deadlock: lock acquired again by its holder",
        .what = "A thread acquires a lock that it holds already, and waits for itself.",
        .advice = "Divide the function: one part that locks and calls another part that expects "
                  "the lock to be held. A recursive lock hides the question what the lock guards.",
        .weakness = "833",
    },
    {
        .kind = "deadlock",
        .class = "lost wake-up",
        .title = "Deadlock: lost wake-up",
        .what = "The notify came before the wait, when nobody waited, and is lost: a condition "
                "variable remembers nothing.",
        .advice = "Wait in a loop on a condition over data, `while (!ready) wait()`, and change "
                  "that data before the notify, both under the lock that the wait gives up.",
        .weakness = "833",
    },
    {
        .kind = "deadlock",
        .class = "never notified",
        .title = "Deadlock: never notified",
        .what = "A thread waits to be notified, and no thread that is left does.",
        .advice = "Notify on every path that makes the condition true, errors and shutdown "
                  "included; where waiters wait for different things, notify all.",
        .weakness = "833",
    },
    {
        .kind = "deadlock",
        .class = "join cycle",
        .title = "Deadlock: threads join each other",
        .what = "Threads wait for each other's end.",
        .advice = "Let the thread that created another one join it, and nobody else.",
        .weakness = "833",
    },
    {
        .kind = "deadlock",
        .class = "holder ended",
        .title = "Deadlock: the lock's holder has ended",
        .what = "A thread ended without releasing a lock that others wait for.",
        .advice = "Release it on every path out, early returns and cancellation included.",
        .weakness = "667",
    },
    {
        .kind = "deadlock",
        .class = "lock upgrade",
        .title = "Deadlock: reader wants to write",
        .what = "A reader acquires the lock for writing, and waits until all readers have left: "
                "itself too.",
        .advice = "Release it as a reader first, and look again at what was read; or acquire it "
                  "for writing from the beginning.",
        .weakness = "833",
    },
    {
        .kind = "deadlock",
        .class = "recursive read lock",
        .title = "Deadlock: reader wants to read again",
        .what = "A reader acquires the lock again behind a writer, and the writer waits for it.",
        .advice = "Acquire it once, and pass on that it is held.",
        .weakness = "833",
    },
    {
        .kind = "deadlock",
        .class = "never posted",
        .title = "Deadlock: semaphore never posted",
        .what = "A thread waits for a unit of a semaphore, and no thread that is left gives one.",
        .advice = "Post on every path, errors and shutdown included.",
        .weakness = "833",
    },
    {
        .kind = "deadlock",
        .class = "party missing",
        .title = "Deadlock: party missing at a barrier",
        .what = "Threads wait at a barrier for more threads than will come.",
        .advice = "Make the count of the barrier that of the threads that come to it each round.",
        .weakness = "833",
    },
    {
        .kind = "livelock",
        .title = "Livelock",
        .what = "Threads only spin: each looks again and again for what none of them will do.",
        .advice = "Let one of them win: an order, a random or growing pause, or a lock.",
        .weakness = "835",
    },
    {
        .kind = "livelock",
        .class = "giving way",
        .title = "Livelock: threads give way to each other",
        .what = "Threads undo what they did when they meet, and try again at the same moment.",
        .advice = "Let one of them win: try in an order, or wait for a random time before the "
                  "next try.",
        .weakness = "835",
    },
    {
        .kind = "misuse",
        .title = "Misuse of an object",
        .what = "A lock, thread or other object is used in a way that its interface forbids.",
        .advice = "Look up what the interface requires at this call, and who else uses the object.",
        .weakness = "664",
    },
    {
        .kind = "misuse",
        .class = "release of a lock not held",
        .title = "Release of a lock not held",
        .what = "A thread releases a lock that it does not hold: it may be somebody else's.",
        .advice = "Pair each release with the acquire on the same path. To let another thread go "
                  "on, use a semaphore or an event.",
        .weakness = "832",
    },
    {
        .kind = "misuse",
        .class = "destroyed in use",
        .title = "Destroyed in use",
        .what = "An object is destroyed, or made anew, while a thread holds it or waits there.",
        .advice = "Join the threads that use it first.",
        .weakness = "664",
    },
    {
        .kind = "misuse",
        .class = "use after destroy",
        .title = "Use after destroy",
        .what = "An object is used after it was destroyed.",
        .advice = "Destroy it after the last user is done: after the join.",
        .weakness = "672",
    },
    {
        .kind = "misuse",
        .class = "use before initialization",
        .title = "Use before initialization",
        .what = "An object is used before it is initialized.",
        .advice = "Initialize it before the threads are created that use it, or by once.",
        .weakness = "908",
    },
    {
        .kind = "misuse",
        .class = "joined twice",
        .title = "Thread joined twice",
        .what = "A thread is joined twice, or after it was detached: its id may be another's.",
        .advice = "Let one thread own the id, and forget it after the join.",
        .weakness = "672",
    },
    {
        .kind = "misuse",
        .class = "never joined",
        .title = "Thread never joined",
        .what = "A thread is neither joined nor detached: what it holds is never given back.",
        .advice = "Join it, or detach it.",
        .weakness = "772",
        .level = HDR_LEVEL_WARNING,
    },
    {
        .kind = "misuse",
        .class = "condition with two locks",
        .title = "Condition variable with two locks",
        .what = "Threads wait on one condition variable with different locks.",
        .advice = "Give each condition variable one lock: the one that guards its condition.",
        .weakness = "667",
    },
    {
        .kind = "misuse",
        .class = "released too often",
        .title = "Released too often",
        .what = "More units are given back than there are.",
        .advice = "Release only on paths that have acquired.",
        .weakness = "832",
    },
    {
        .kind = "misuse",
        .class = "lock held at the end",
        .title = "Lock held at the end",
        .what = "A thread ends and still holds a lock: nobody can acquire it any more.",
        .advice = "Release it on every path out.",
        .weakness = "667",
    },
    {
        .kind = "stall",
        .title = "Stall",
        .what = "Nothing but its time-out ends a wait: the program goes on, but late.",
        .advice = "Notify the waiter when the condition becomes true. The time-out hides that "
                  "nobody does.",
        .weakness = "833",
        .level = HDR_LEVEL_WARNING,
    },
    {
        .kind = "starvation",
        .title = "Starvation",
        .what = "A thread never comes to its turn, although all others do.",
        .advice = "Use a lock that serves waiters in order, or let the others pause outside.",
        .weakness = "410",
        .level = HDR_LEVEL_WARNING,
    },
    {
        .kind = "signal-unsafe",
        .title = "Signal handler calls an unsafe function",
        .what = "A signal handler calls a function that must not be called there. If the signal "
                "comes while that function runs, its data is torn.",
        .advice = "Only set a volatile sig_atomic_t or write to a pipe in the handler, and do the "
                  "rest in a thread.",
        .weakness = "828",
        .level = HDR_LEVEL_WARNING,
    },
    {
        .kind = "lock-order",
        .title = "Locks acquired in opposite orders",
        .what = "Threads acquire the same locks in orders that could deadlock; no execution that "
                "was seen did.",
        .advice = "Take these locks in one order everywhere. If one thread only, or another lock "
                  "held by all of them, makes the deadlock impossible, say so in a suppression.",
        .weakness = "833",
        .level = HDR_LEVEL_WARNING,
    },
    {
        .kind = "leak",
        .title = "Memory leak",
        .what = "Nothing points to a block any more, and nobody has freed it.",
        .advice = "Free it where its last pointer goes away, error paths included.",
        .weakness = "401",
        .level = HDR_LEVEL_WARNING,
    },
    {
        .title = "Finding",
        .what = "A tool reports something that has no kind of its own here.",
        .advice = "Read what the tool says of it.",
    },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static bool fits(const struct hdr_kind *kind, const char *name, const char *class)
{
    return strcmp(kind->kind, name) == 0 &&
           (kind->class == NULL || strcmp(kind->class, class) == 0);
}

const struct hdr_kind *hdr_kind_of(const json_t *finding)
{
    const struct hdr_kind *best = &kinds[KINDS - 1];

    for (size_t i = 0; i < KINDS - 1; i++) {
        if (fits(&kinds[i], hdr_text(finding, "kind"), hdr_text(finding, "class"))) {
            best = &kinds[i];
        }
    }
    return best;
}

unsigned hdr_kind_rank(const struct hdr_kind *kind) { return (unsigned)(kind - kinds); }

/* As it stands in a slug; 0 if it does not. Only ASCII: a slug is the same in every locale. */
static char lettered(char letter)
{
    static const char from[] = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const char to[] = "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz";
    const char *at = strchr(from, letter);

    if (at == NULL) {
        return '\0';
    }
    return to[at - from];
}

/* Appends what of `text` may stand in a slug, a hyphen for the rest; returns the slug's length. */
static size_t append(char *slug, size_t length, const char *text)
{
    size_t begin = length;

    for (; *text != '\0' && length + 1 < HDR_KIND_SLUG_SIZE; text++) {
        char letter = lettered(*text);

        if (letter != '\0') {
            slug[length++] = letter;
        } else if (length > begin && slug[length - 1] != '-') {
            slug[length++] = '-';
        }
    }
    length -= length > begin && slug[length - 1] == '-' ? 1U : 0U;
    slug[length] = '\0';
    return length;
}

void hdr_kind_slug(const json_t *finding, char slug[HDR_KIND_SLUG_SIZE])
{
    size_t length = append(slug, 0, hdr_text(finding, "kind"));

    if (length == 0) {
        length = append(slug, 0, "finding");
    }
    if (hdr_text(finding, "class")[0] == '\0' || length + 2 >= HDR_KIND_SLUG_SIZE) {
        return;
    }
    slug[length] = '-';
    if (append(slug, length + 1, hdr_text(finding, "class")) == length + 1) {
        slug[length] = '\0';
    }
}
