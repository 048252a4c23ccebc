/*
 * Drawing: graphs as SVG, laid out by the program `dot' of Graphviz.
 *
 * One process draws all graphs of a report. What it writes is made safe and themable: only the
 * shapes and texts remain, and their colours are the style sheet's.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_DRAWING_H
#define HEDDLE_CI_REPORT_DRAWING_H

#include <jansson.h>

/*
 * Draw an array of graphs (graph.h): each gets a key `svg', unless it cannot be drawn. Returns why
 * one could not, and what to do, or NULL.
 */
const char *hdr_drawing_make(const json_t *graphs);

#endif
