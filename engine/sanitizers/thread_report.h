/*
 * ThreadSanitizer's reports: between thread.c and thread_report.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_SANITIZERS_THREAD_REPORT_H
#define HEDDLE_ENGINE_SANITIZERS_THREAD_REPORT_H

/* Reports name the fiber as thread `id'. */
void hde_thread_report_name(void *fiber, unsigned id);

/* Races at addresses that some were reported at in this execution are seen again in the next. */
void hde_thread_report_forget_raced(void);

#endif
