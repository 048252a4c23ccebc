/*
 * Root: where source files are, as seen from a report.
 *
 * Files in records have names relative to the root of their source tree. A report that lies in that
 * tree leads to them by `../../', which holds wherever the tree is moved to; one that is published
 * leads to the address where the sources are published.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_ROOT_H
#define HEDDLE_CI_REPORT_ROOT_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * What to put before a file name in a report in `folder', which is there: "../../", or
 * "https://host/tree/"; "" if the sources are not known to be anywhere. `root' is a folder, an
 * address of http or https, or NULL: then it is the repository that the process is in.
 */
void hdr_root_find(const char *root, const char *folder, char prefix[PATH_MAX]);

/*
 * The folder itself, which files of logs are made relative to: `root', or, if that is NULL or an
 * address, the repository that the process is in, or else its working directory.
 */
void hdr_root_folder(const char *root, char folder[PATH_MAX]);

#endif
