/*
 * What the two runtimes do by default in every program that has the engine in it: the user's
 * ASAN_OPTIONS and UBSAN_OPTIONS are read after these, and win.
 *
 * A report does not end the process, and is made each time, since each replay is to show it. Faults
 * are the engine's, and so are leaks, of which the runtime would see nothing in the arena. Looking
 * up names would start another program at each report; whether it may be coloured would be asked of
 * the system for each byte.
 *
 * SPDX-License-Identifier: MIT
 */

const char *__asan_default_options(void);
const char *__ubsan_default_options(void);

const char *__asan_default_options(void)
{
    return "halt_on_error=0:suppress_equal_pcs=0:detect_leaks=0:detect_stack_use_after_return=0:"
           "handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:handle_abort=0:"
           "symbolize=0:stack_trace_format='    #%n %p':color=never";
}

const char *__ubsan_default_options(void) { return "halt_on_error=0"; }
