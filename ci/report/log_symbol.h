/*
 * Symbols: names for frames of a log that have none, from the debug information of their module.
 *
 * A module is taken only if it is the one that ran: if its build id is that of the log. Where the
 * log has none, as of gcc's sanitizers, it must not be newer than the log.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_LOG_SYMBOL_H
#define HEDDLE_CI_REPORT_LOG_SYMBOL_H

#include <jansson.h>

struct hdr_log_settings;

/*
 * Append the frame to `stack`, or the frames that it stands for: functions inlined there have a
 * frame each. A frame that has a line, or whose module is not to be had, is appended as it is.
 */
void hdr_log_symbolize(json_t *stack, json_t *frame, const struct hdr_log_settings *settings);

#endif
