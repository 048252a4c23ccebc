/*
 * pthread_once(): a gate that is closed while somebody runs the function.
 *
 * The control's memory is libc's and says, as there, whether it has been run. What the function did
 * happens before every later return.
 *
 * Modelled   pthread_once
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stddef.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/globals.h"
#include "engine/hooks/real.h"

#define DONE 2 /* glibc's, in the control */

static void run(pthread_once_t *control, struct hde_object *object, void (*function)(void))
{
    hde_gate_close(object);
    function();
    hde_globals_written((uintptr_t)control, sizeof(*control));
    *control = DONE;
    hde_release(object);
    hde_let_go(object);
    hde_gate_open(object);
}

int pthread_once(pthread_once_t *control, void (*function)(void))
{
    if (hde_self == NULL) {
        return HDE_REAL(pthread_once)(control, function);
    }
    struct hde_object *object = hde_object_at(HDE_OBJECT_MUTEX, (uintptr_t)control);
    const struct hde_event event = {
        .address = object->address,
        .pc = HDE_CALLER(),
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
    return 0;
}
