/*
 * Paths: source files as logs name them, as they are called in the tree that the reader has.
 *
 * A log may have been written on another machine, by a program built in a folder beside the tree,
 * or with base names only, as valgrind's are. A path becomes relative to the root if it lies under
 * it; if a file of that name is there, though the path says another folder above it; or if exactly
 * one file of the tree has that base name.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_LOG_PATH_H
#define HEDDLE_CI_REPORT_LOG_PATH_H

#include <jansson.h>

struct hdr_log_settings;

/* The path as a JSON string; what is not found stays as it is, without "." and "..". */
json_t *hdr_log_path(const char *path, const struct hdr_log_settings *settings);

#endif
