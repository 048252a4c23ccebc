/*
 * JSON: the collection itself, as one object, for programs that want to make something else of it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/format.h"
#include "ci/report/record.h"

static bool write_json(const struct hdr_collection *collection, const struct hdr_output *output)
{
    struct hdr_file file;
    json_t *all = json_object();

    if (!hdr_file_open(&file, output, "findings.json")) {
        json_decref(all);
        return false;
    }
    hdr_set(all, "format", json_integer(HDR_FORMAT_VERSION));
    hdr_set(all, "findings", json_incref(collection->findings));
    hdr_set(all, "runs", json_incref(collection->runs));
    hdr_set(all, "notes", json_incref(collection->notes));
    (void)json_dumpf(all, file.stream, JSON_INDENT(1));
    (void)fputc('\n', file.stream);
    json_decref(all);
    return hdr_file_close(&file);
}

const struct hdr_format hdr_format_json = {
    .name = "json",
    .writes = "findings.json",
    .summary = "all records, each finding once, with what was made of them",
    .write = write_json,
};
