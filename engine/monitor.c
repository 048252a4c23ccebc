/*
 * Monitor: which one, if any.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/monitor.h"

#include "engine/monitor_values.h"

static struct hde_values values;

static enum hde_linearizable monitor_values(const struct hde_problem *problem)
{
    enum hde_linearizable answer = hde_values_take(&values, problem);
    bool is_right = true;

    if (answer != HDE_LINEARIZABLE) {
        return answer;
    }
    switch (problem->specification->monitor) {
    case HD_MONITOR_FIFO:
        is_right = hde_monitor_fifo(&values);
        break;
    case HD_MONITOR_LIFO:
        is_right = hde_monitor_lifo(&values);
        break;
    default:
        is_right = hde_monitor_priority(&values);
        break;
    }
    return is_right ? HDE_LINEARIZABLE : HDE_NOT_LINEARIZABLE;
}

enum hde_linearizable hde_monitor(const struct hde_problem *problem)
{
    enum hd_monitor monitor = problem->specification->monitor;

    if (monitor == HD_MONITOR_NONE || problem->stuck != HDE_NO_OPERATION) {
        return HDE_LINEARIZABLE_UNKNOWN;
    }
    if (monitor == HD_MONITOR_SET) {
        return hde_monitor_set(problem);
    }
    return problem->parameter == 0 ? monitor_values(problem) : HDE_LINEARIZABLE_UNKNOWN;
}
