/*
 * Incidents: pairs of threads with a finding of which the tests know what a report must say.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_PROGRAMS_INCIDENT_H
#define HEDDLE_TESTS_ENGINE_PROGRAMS_INCIDENT_H

/* A race on a member of a heap block, which one thread publishes too early. */
void hd_incident_publish(void *unused);
void hd_incident_follow(void *unused);
extern int incident_seen;
extern const int incident_line_of_malloc;

/* The same, but it is the end of the block that nothing orders. */
void hd_incident_free(void *unused);
extern const int incident_line_of_free;

/* An expectation that fails if the other thread comes first. */
void hd_incident_expect(void *unused);
void hd_incident_spoil(void *unused);
extern const int incident_line_of_expectation;

/* One of our locks and one of POSIX, taken in opposite orders. */
void hd_incident_take_ours_first(void *unused);
void hd_incident_take_theirs_first(void *unused);

/* A race with a thread of its own making, which runs the function `add`. */
void hd_incident_create(void *unused);

#endif
