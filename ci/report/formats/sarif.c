/*
 * SARIF for code scanning: what is new or known.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/sarif.h"
#include "ci/report/format.h"

static bool write_sarif(const struct hdr_collection *collection, const struct hdr_output *output)
{
    return hdr_sarif_write(collection, output, "heddle.sarif", false);
}

const struct hdr_format hdr_format_sarif = {
    .name = "sarif",
    .writes = "heddle.sarif",
    .summary = "for code scanning: what is neither owed nor suppressed",
    .write = write_sarif,
};
