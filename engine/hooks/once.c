/*
 * pthread_once(): a gate that is closed while somebody runs the function.
 *
 * The control's memory is libc's and says, as there, whether it has been run. What the function did
 * happens before every later return. If the thread ends in the function (it exits, or is
 * cancelled), the next caller runs it.
 *
 * Modelled   pthread_once
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/hooks/once.h"

#include <stddef.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/globals.h"
#include "engine/hooks/real.h"

#define DONE 2 /* glibc's, in the control */

/* Let those pass who wait. */
static void leave(void *argument)
{
    struct hde_object *object = argument;

    hde_release(object);
    hde_let_go(object);
    hde_gate_open(object);
}

/* NOLINTNEXTLINE(readability-function-size): the clean-up macros open blocks of their own. */
static void run(pthread_once_t *control, struct hde_object *object, void (*function)(void))
{
    hde_gate_close(object);
    pthread_cleanup_push(leave, object);
    function();
    hde_globals_written((uintptr_t)control, sizeof(*control));
    *control = DONE;
    pthread_cleanup_pop(1);
}

void hde_once(pthread_once_t *control, void (*function)(void), uint32_t pc)
{
    struct hde_object *object = hde_object_at(HDE_OBJECT_ONCE, (uintptr_t)control);
    const struct hde_event event = {
        .address = object->address,
        .pc = pc,
        .kind = HDE_EVENT_LOCK,
        .size = 1,
        .writes = true,
    };

    (void)hde_pass(object, &event, HDE_FOREVER); /* without a deadline it always passes */
    hde_acquire(object);
    if (*control != DONE) {
        hde_hold(object, &event);
        run(control, object, function);
    }
}

int pthread_once(pthread_once_t *control, void (*function)(void))
{
    const void *caller = __builtin_return_address(0);

    /* A library of the system's: the unwinder asks each time. */
    if (hde_self == NULL || (!hde_code_is_near(caller) && *control == DONE)) {
        return HDE_REAL(pthread_once)(control, function);
    }
    hde_once(control, function, hde_code_pack(caller));
    return 0;
}
