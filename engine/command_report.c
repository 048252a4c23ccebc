/*
 * heddle report: what was found, in the formats that people and CI read.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <string.h>

#include "ci/report/baseline.h"
#include "ci/report/collection.h"
#include "ci/report/credibility.h"
#include "ci/report/format.h"
#include "ci/report/output.h"
#include "ci/report/root.h"
#include "engine/command.h"
#include "engine/nearest.h"

#define FOLDER "heddle-report"

static const struct hdr_format *find_format(const char *name, size_t length)
{
    for (const struct hdr_format *const *format = hdr_formats; *format != NULL; format++) {
        if (strlen((*format)->name) == length && strncmp((*format)->name, name, length) == 0) {
            return *format;
        }
    }
    return NULL;
}

static bool refuse_format(const char *name, size_t length)
{
    char wanted[32];
    struct hde_nearest nearest;

    (void)snprintf(wanted, sizeof(wanted), "%.*s", (int)length, name);
    nearest = hde_nearest_to(wanted);
    for (const struct hdr_format *const *format = hdr_formats; *format != NULL; format++) {
        hde_nearest_offer(&nearest, (*format)->name);
    }
    (void)fprintf(stderr, "heddle report: there is no format `%s'", wanted);
    hde_nearest_print(&nearest, "");
    (void)fputs("see: heddle report --help\n", stderr);
    return false;
}

static bool check_formats(const char *list)
{
    while (list != NULL) {
        size_t length = strcspn(list, ",");

        if (find_format(list, length) == NULL) {
            return refuse_format(list, length);
        }
        list = list[length] == ',' ? list + length + 1 : NULL;
    }
    return true;
}

static bool is_wanted(const struct hdr_format *format, const char *list)
{
    while (list != NULL && *list != '\0') {
        size_t length = strcspn(list, ",");

        if (find_format(list, length) == format) {
            return true;
        }
        list += length + (list[length] == ',' ? 1 : 0);
    }
    return list == NULL;
}

/* One that is for the log of a CI service is printed instead of its name. */
static bool write_format(const struct hdr_format *format,
                         const struct hdr_collection *collection,
                         const struct hdr_output *output,
                         bool is_named)
{
    if (!format->write(collection, output)) {
        return false;
    }
    if (format->is_printed && is_named) {
        return hdr_output_print(output, format->writes);
    }
    (void)printf("%s/%s\n", output->folder, format->writes);
    return true;
}

static enum hde_exit write_formats(const struct hde_command_line *line,
                                   const struct hdr_collection *collection)
{
    char root[PATH_MAX];
    const struct hdr_output output = {
        .folder = line->output == NULL ? FOLDER : line->output,
        .root = root,
    };
    enum hde_exit code = HDE_EXIT_CLEAN;

    if (!hdr_output_make(&output)) {
        return HDE_EXIT_INCONCLUSIVE;
    }
    hdr_root_find(line->root, output.folder, root);
    for (const struct hdr_format *const *format = hdr_formats; *format != NULL; format++) {
        if (is_wanted(*format, line->format) &&
            !write_format(*format, collection, &output, line->format != NULL)) {
            code = HDE_EXIT_INCONCLUSIVE;
        }
    }
    return code;
}

static enum hde_exit run(const struct hde_command_line *line)
{
    struct hdr_collection collection;
    struct hdr_baseline baseline;
    size_t read = 0;
    enum hde_exit code;

    if (line->operands_count == 0) {
        (void)fputs("heddle report: which folder or file?\nsee: heddle report --help\n", stderr);
        return HDE_EXIT_USAGE;
    }
    if (!check_formats(line->format)) {
        return HDE_EXIT_USAGE;
    }
    if (!hdr_baseline_read(&baseline, line->baseline, line->suppressions, NULL)) {
        return HDE_EXIT_USAGE;
    }
    hdr_collection_begin(&collection);
    collection.baseline = &baseline;
    collection.root = line->root;
    for (size_t i = 0; i < line->operands_count; i++) {
        read += hdr_collection_read(&collection, line->operands[i]) ? 1 : 0;
    }
    hdr_collection_finish(&collection);
    hdr_credibility_add(&collection);
    hdr_baseline_complain(&baseline, stderr);
    code = read == 0 ? HDE_EXIT_INCONCLUSIVE : write_formats(line, &collection);
    if (hdr_collection_is_empty(&collection, line->operands, line->operands_count)) {
        code = HDE_EXIT_INCONCLUSIVE;
    }
    hdr_collection_release(&collection);
    hdr_baseline_release(&baseline);
    return code;
}

static void print_formats(void)
{
    (void)puts("\nFormats:");
    for (const struct hdr_format *const *format = hdr_formats; *format != NULL; format++) {
        (void)printf("  %-12s %-28s %s\n", (*format)->name, (*format)->writes, (*format)->summary);
    }
}

const struct hde_command hde_command_report = {
    .name = "report",
    .operands = "DIR|FILE...",
    .summary = "write what was found as HTML and in the formats that CI reads",
    .details =
        "DIR is what --json of another command, or a campaign, has written. FILE may also be a\n"
        "log of ThreadSanitizer and its siblings or of valgrind, the prefix of a set of them\n"
        "(log_path), or a log of ctest; of a folder, all of these are read. Each finding is\n"
        "shown once, however often it was seen. Prints the files that it wrote.\n"
        "Exit: 0; 2 usage; 3 nothing was there to read, or a file could not be written.",
    .options = HDE_FOR_REPORT,
    .print_more = print_formats,
    .run = run,
};
