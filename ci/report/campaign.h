/*
 * Campaign: what of the folder of a campaign (fuzz/campaign) no report is made of.
 *
 * Beside findings and runs it holds corpora of many thousand files, the output of slices, and what
 * was written about a finding beside its record. As logs these would show each finding once more.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_CAMPAIGN_H
#define HEDDLE_CI_REPORT_CAMPAIGN_H

#include <stdbool.h>

#include <jansson.h>

/* Whether a campaign keeps this file, or this folder with all that is in it, for itself. */
bool hdr_campaign_keeps(const char *path);

/*
 * Give a finding that was read in a file of a campaign's findings/ the identity that it has there;
 * any other stays as it is. NULL is none.
 */
void hdr_campaign_identify(json_t *finding, const char *path);

#endif
