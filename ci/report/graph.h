/*
 * Graph: which lock is taken while which is held, and who waits for whom, for those that draw it.
 *
 * A graph is a JSON object, as records are: `title`, `nodes` (by name: `{number, kind}`, kind is
 * "lock" or "thread") and `edges` (`{from, to, text, is_in_circle}`, names, in order of both). An
 * edge is in a circle if a path leads from its end back to its beginning. Whether a circle can
 * deadlock is another question (engine/lock_order.h): findings and notes answer it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_GRAPH_H
#define HEDDLE_CI_REPORT_GRAPH_H

#include <stdio.h>

#include <jansson.h>

/* The lock order of one program, from its run record; NULL if it has none. The caller's. */
json_t *hdr_graph_of_locks(const json_t *run);

/* Who waits for what, and who holds that, from a finding; NULL if nobody waits. The caller's. */
json_t *hdr_graph_of_waits(const json_t *finding);

/* In the DOT language; classes of nodes are their kinds, that of edges "circle" or none. */
void hdr_graph_print_dot(const json_t *graph, FILE *file);

#endif
