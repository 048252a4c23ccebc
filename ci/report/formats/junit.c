/*
 * JUnit XML: runs as tests, with a failure that says all that is known.
 *
 * What readers look at: Jenkins takes `classname' and `name', in `failure' or `error' the message
 * and the text of the first; GitLab shows the text only, and finds the source by `file'; actions on
 * GitHub annotate `file' and `line' with the message. So there is one failure in a case, the text
 * begins with the message, and `type' is no name of a type that GitLab would convert the text to.
 *
 * Source: hudson.tasks.junit.CaseResult of Jenkins' plugin, lib/gitlab/ci/parsers/test/junit.rb.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "ci/report/format.h"
#include "ci/report/junit_cases.h"
#include "ci/report/record.h"
#include "ci/report/xml.h"

struct counts {
    unsigned tests;
    unsigned failures;
    unsigned errors;
    unsigned skipped;
    double seconds;
};

static bool is_result(const json_t *test, const char *result)
{
    return strcmp(hdr_text(test, "result"), result) == 0;
}

static double seconds_of(const json_t *test)
{
    return json_number_value(json_object_get(test, "seconds"));
}

/* Of all cases, or of those of a suite. */
static struct counts count(const json_t *tests, const char *suite)
{
    struct counts counts = {0};
    size_t i;
    json_t *test;

    json_array_foreach(tests, i, test)
    {
        if (suite != NULL && strcmp(hdr_text(test, "suite"), suite) != 0) {
            continue;
        }
        counts.tests++;
        counts.failures += is_result(test, "failure");
        counts.errors += is_result(test, "error");
        counts.skipped += is_result(test, "skipped");
        counts.seconds += seconds_of(test);
    }
    return counts;
}

static void print_counts(const struct counts *counts, FILE *file)
{
    (void)fprintf(
        file, " tests=\"%u\" failures=\"%u\" errors=\"%u\" skipped=\"%u\" time=\"%.3f\">\n",
        counts->tests, counts->failures, counts->errors, counts->skipped, counts->seconds);
}

static void print_result(const json_t *test, FILE *file)
{
    const char *result = hdr_text(test, "result");

    if (result[0] == '\0') {
        return;
    }
    (void)fprintf(file, "   <%s", result);
    hdr_xml_attribute("message", hdr_text(test, "message"), file);
    hdr_xml_attribute("type", hdr_text(test, "type"), file);
    (void)fputc('>', file);
    hdr_xml_text(hdr_text(test, "text"), file);
    (void)fprintf(file, "</%s>\n", result);
}

static void print_case(const json_t *test, FILE *file)
{
    char classname[80];

    (void)snprintf(classname, sizeof(classname), "heddle.%.64s", hdr_text(test, "suite"));
    (void)fputs("  <testcase", file);
    hdr_xml_attribute("classname", classname, file);
    hdr_xml_attribute("name", hdr_text(test, "name"), file);
    (void)fprintf(file, " time=\"%.3f\"", seconds_of(test));
    if (hdr_has(test, "file")) {
        hdr_xml_attribute("file", hdr_text(test, "file"), file);
        (void)fprintf(file, " line=\"%lld\"", (long long)hdr_number(test, "line"));
    }
    (void)fputs(">\n", file);
    print_result(test, file);
    if (hdr_text(test, "output")[0] != '\0') {
        (void)fputs("   <system-out>", file);
        hdr_xml_text(hdr_text(test, "output"), file);
        (void)fputs("</system-out>\n", file);
    }
    (void)fputs("  </testcase>\n", file);
}

static void print_suites(const json_t *tests, FILE *file)
{
    const char *suite = NULL;
    size_t i;
    json_t *test;

    json_array_foreach(tests, i, test)
    {
        if (suite == NULL || strcmp(hdr_text(test, "suite"), suite) != 0) {
            struct counts counts = count(tests, hdr_text(test, "suite"));

            (void)fputs(suite == NULL ? " <testsuite" : " </testsuite>\n <testsuite", file);
            suite = hdr_text(test, "suite");
            hdr_xml_attribute("name", suite, file);
            print_counts(&counts, file);
        }
        print_case(test, file);
    }
    (void)fputs(suite == NULL ? "" : " </testsuite>\n", file);
}

static bool write_junit(const struct hdr_collection *collection, const struct hdr_output *output)
{
    struct hdr_file file;
    json_t *tests;
    struct counts counts;

    if (!hdr_file_open(&file, output, "junit.xml")) {
        return false;
    }
    tests = hdr_junit_cases(collection);
    counts = count(tests, NULL);
    (void)fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"heddle\"",
                file.stream);
    print_counts(&counts, file.stream);
    print_suites(tests, file.stream);
    (void)fputs("</testsuites>\n", file.stream);
    json_decref(tests);
    return hdr_file_close(&file);
}

const struct hdr_format hdr_format_junit = {
    .name = "junit",
    .writes = "junit.xml",
    .summary = "runs as tests, for Jenkins, GitLab and the like",
    .write = write_junit,
};
