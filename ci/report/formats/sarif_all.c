/*
 * SARIF for editors and archives: all findings, what is owed or suppressed marked so. Its name does
 * not end in .sarif, lest it is uploaded with the other one: code scanning would open an alert for
 * what is suppressed.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/format.h"
#include "ci/report/sarif.h"

static bool write_sarif(const struct hdr_collection *collection, const struct hdr_output *output)
{
    return hdr_sarif_write(collection, output, "heddle-all.sarif.json", true);
}

const struct hdr_format hdr_format_sarif_all = {
    .name = "sarif_all",
    .writes = "heddle-all.sarif.json",
    .summary = "for editors: all findings, with suppressions",
    .write = write_sarif,
};
