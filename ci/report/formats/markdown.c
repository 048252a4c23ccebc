/*
 * Markdown: a summary for GitHub's jobs and GitLab's merge requests.
 *
 * What is new comes first and is shown, the rest is folded. GitHub refuses a summary of more than
 * 1 MiB, GitLab a comment of more than 1,000,000 characters: what does not fit is left out from the
 * end, and that is said.
 *
 * Source: "Adding a job summary", GitHub Actions; "Notes", limits of GitLab's application.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>
#include <string.h>

#include "ci/report/finding_text.h"
#include "ci/report/format.h"
#include "ci/report/markdown_text.h"
#include "ci/report/record.h"
#include "engine/fatal.h"

#define SIZE_MAX_BYTES 1000000U
#define SIZE_OF_END 1000U  /* what is kept for saying what was left out */
#define BLOCK_MAX 200000U  /* of the text of one finding */
#define PROGRAMS_SHOWN 10U /* more programs are folded */

/* What has been written of a document that must not grow too long. */
struct document {
    FILE *file;
    size_t size;
    size_t left_out;
};

/* A part of it, in memory. */
struct part {
    char *text;
    size_t size;
    FILE *file;
};

static void begin(struct part *part)
{
    *part = (struct part){.text = NULL};
    part->file = open_memstream(&part->text, &part->size);
    if (part->file == NULL) {
        hde_fatal("no memory for a report");
    }
}

static void finish(struct part *part)
{
    if (fclose(part->file) != 0) {
        hde_fatal("no memory for a report");
    }
}

/* Write a part if there is room for it. */
static bool end(struct document *document, struct part *part)
{
    bool fits;

    finish(part);
    fits = document->size + part->size + SIZE_OF_END <= SIZE_MAX_BYTES;
    if (fits) {
        (void)fwrite(part->text, 1, part->size, document->file);
        document->size += part->size;
    }
    free(part->text);
    return fits;
}

static bool is_new(const json_t *finding)
{
    return strcmp(hdr_text(finding, "status"), "new") == 0;
}

static void print_count(size_t count, const char *noun, FILE *file)
{
    (void)fprintf(file, "%zu %s%s", count, noun, count == 1 ? "" : "s");
}

/* ---- A finding ------------------------------------------------------------------------------- */

/* The text that a function prints of a finding, as a block. */
static void print_block(const json_t *finding, void (*print)(const json_t *, FILE *), FILE *file)
{
    struct part part;

    begin(&part);
    print(finding, part.file);
    finish(&part);
    if (part.size > BLOCK_MAX) {
        part.text[BLOCK_MAX] = '\0';
    }
    if (part.size > 0) {
        hdr_markdown_block("text", part.text, file);
        (void)fputc('\n', file);
    }
    if (part.size > BLOCK_MAX) {
        (void)fprintf(file, "... and %zu bytes more\n\n", part.size - BLOCK_MAX);
    }
    free(part.text);
}

static void print_details(const json_t *finding, FILE *file)
{
    hdr_finding_print_places(finding, file);
    hdr_finding_print_sanitizer(finding, file);
    (void)fputc('\n', file);
    hdr_finding_print_origin(finding, file);
}

static void print_places(const json_t *finding, FILE *file)
{
    size_t i;
    json_t *place;

    json_array_foreach(hdr_list(finding, "places"), i, place)
    {
        (void)fputs("- ", file);
        hdr_markdown_text(hdr_text(place, "text"), file);
        (void)fputs(hdr_text(place, "file")[0] == '\0' ? "" : ", ", file);
        hdr_markdown_place(hdr_text(place, "file"), hdr_number(place, "line"), file);
        (void)fputc('\n', file);
    }
    (void)fputs(i == 0 ? "" : "\n", file);
}

static void print_credibility(const json_t *finding, FILE *file)
{
    size_t i;
    json_t *note;

    json_array_foreach(hdr_list(finding, "credibility"), i, note)
    {
        (void)fputs("> **How far to believe it:** ", file);
        hdr_markdown_text(hdr_text(note, "text"), file);
        (void)fputs(hdr_has(note, "advice") ? ". What to do: " : "", file);
        hdr_markdown_text(hdr_text(note, "advice"), file);
        (void)fputs("\n\n", file);
    }
}

/* What a key has, as code, after some words; nothing where it is not known. */
static void print_named(const char *before, const json_t *finding, const char *key, FILE *file)
{
    if (hdr_text(finding, key)[0] != '\0') {
        (void)fputs(before, file);
        hdr_markdown_code(hdr_text(finding, key), file);
    }
}

/* Of a log, which lines of it. */
static void print_sightings(const json_t *finding, FILE *file)
{
    struct part part;

    if (!hdr_finding_is_of_log(finding)) {
        if (hdr_number(finding, "seen") > 1) {
            (void)fprintf(file, ", seen %lld times", (long long)hdr_number(finding, "seen"));
        }
        return;
    }
    begin(&part);
    hdr_finding_print_sightings(finding, part.file);
    finish(&part);
    (void)fputs(", ", file);
    hdr_markdown_text(part.text, file);
    free(part.text);
}

static void print_whereabouts(const json_t *finding, FILE *file)
{
    bool has_flavour = hdr_has(finding, "flavour");

    if (hdr_text(finding, "file")[0] != '\0') {
        hdr_markdown_place(hdr_text(finding, "file"), hdr_number(finding, "line"), file);
        print_named(" in ", finding, "function", file);
        (void)fputs(", ", file);
    }
    print_named("program ", finding, "program", file);
    (void)fputs(hdr_text(finding, "program")[0] == '\0' ? "" : ", ", file);
    (void)fputs(has_flavour ? "flavour " : "noticed by ", file);
    hdr_markdown_text(hdr_text(finding, has_flavour ? "flavour" : "noticed_by"), file);
    print_sightings(finding, file);
    (void)fputs("\n\n", file);
}

static void print_replay(const json_t *finding, FILE *file)
{
    if (hdr_has(finding, "replay")) {
        hdr_markdown_block("sh", hdr_text(finding, "replay"), file);
        (void)fputc('\n', file);
    }
}

/* `number' counts what is new from 1; others are told by their status. */
static void print_title(const json_t *finding, size_t number, FILE *file)
{
    if (is_new(finding)) {
        (void)fprintf(file, "#### %zu. ", number);
    } else {
        (void)fputs("#### ", file);
        hdr_markdown_text(hdr_text(finding, "status"), file);
        (void)fputs(": ", file);
    }
    hdr_markdown_text(hdr_text(finding, "message"), file);
    (void)fputs("\n\n", file);
    print_whereabouts(finding, file);
}

static void print_finding(const json_t *finding, size_t number, FILE *file)
{
    print_title(finding, number, file);
    print_block(finding, hdr_finding_print_lanes, file);
    print_places(finding, file);
    print_credibility(finding, file);
    print_replay(finding, file);
    (void)fputs("<details><summary>Stacks, locks, and how it was found</summary>\n\n", file);
    print_block(finding, print_details, file);
    (void)fputs("</details>\n\n", file);
}

/* One that has no room for all of it. */
static void print_short(const json_t *finding, size_t number, FILE *file)
{
    print_title(finding, number, file);
    print_replay(finding, file);
}

static void write_new(struct document *document, const json_t *findings)
{
    size_t i;
    json_t *finding;
    struct part part;

    json_array_foreach(findings, i, finding)
    {
        if (!is_new(finding)) {
            continue;
        }
        begin(&part);
        print_finding(finding, i + 1, part.file);
        if (end(document, &part)) {
            continue;
        }
        begin(&part);
        print_short(finding, i + 1, part.file);
        document->left_out += !end(document, &part);
    }
}

/* ---- The others, in a table ----------------------------------------------------------------- */

static void print_line_of(const json_t *finding, FILE *file)
{
    (void)fputs("| ", file);
    hdr_markdown_text(hdr_text(finding, "status"), file);
    (void)fputs(" | ", file);
    hdr_markdown_text(hdr_text(finding, "message"), file);
    (void)fputs(" | ", file);
    hdr_markdown_place(hdr_text(finding, "file"), hdr_number(finding, "line"), file);
    (void)fputs(" | ", file);
    hdr_markdown_code(hdr_text(finding, "program"), file);
    (void)fputs(" |\n", file);
}

/* Lines of a table, as many as there is room for. */
static void
write_line(struct document *document, const json_t *record, void (*print)(const json_t *, FILE *))
{
    struct part part;

    begin(&part);
    print(record, part.file);
    document->left_out += !end(document, &part);
}

/* As many as there is room for; the table has them all. */
static void write_folded(struct document *document, const json_t *findings)
{
    bool has_room = true;
    size_t i;
    json_t *finding;
    struct part part;

    json_array_foreach(findings, i, finding)
    {
        if (!is_new(finding) && has_room) {
            begin(&part);
            print_finding(finding, 0, part.file);
            has_room = end(document, &part);
        }
    }
}

static void write_others(struct document *document, const json_t *findings, size_t count)
{
    size_t i;
    json_t *finding;

    if (count == 0) {
        return;
    }
    document->size += SIZE_OF_END;
    (void)fputs("<details><summary>Known, suppressed, or owed by a scenario: ", document->file);
    print_count(count, "finding", document->file);
    (void)fputs("</summary>\n\n"
                "| | finding | where | program |\n|---|---|---|---|\n",
                document->file);
    json_array_foreach(findings, i, finding)
    {
        if (!is_new(finding)) {
            write_line(document, finding, print_line_of);
        }
    }
    (void)fputc('\n', document->file);
    write_folded(document, findings);
    (void)fputs("</details>\n\n", document->file);
}

/* ---- Programs -------------------------------------------------------------------------------- */

static void print_run(const json_t *run, FILE *file)
{
    (void)fputs("| ", file);
    hdr_markdown_code(hdr_text(run, "program"), file);
    (void)fputs(" | ", file);
    hdr_markdown_text(hdr_text(run, "flavour"), file);
    (void)fputs(" | ", file);
    hdr_markdown_text(hdr_text(run, "verdict"), file);
    (void)fputs(json_is_false(json_object_get(run, "is_as_owed")) ? ", **not as owed**" : "", file);
    (void)fputs(" | ", file);
    hdr_markdown_text(hdr_text(run, "owes"), file);
    (void)fputs(" | ", file);
    hdr_markdown_text(hdr_text(run, "conclusion"), file);
    (void)fputs(" |\n", file);
}

static void write_runs(struct document *document, const json_t *runs)
{
    size_t count = json_array_size(runs);
    size_t i;
    json_t *run;

    if (count == 0) {
        return;
    }
    document->size += SIZE_OF_END;
    (void)fprintf(document->file, "%s<summary>",
                  count > PROGRAMS_SHOWN ? "<details>" : "<details open>");
    (void)fputs("What was run: ", document->file);
    print_count(count, "program", document->file);
    (void)fputs(
        "</summary>\n\n| program | flavour | found | owes | bound |\n|---|---|---|---|---|\n",
        document->file);
    json_array_foreach(runs, i, run) { write_line(document, run, print_run); }
    (void)fputs("\n</details>\n\n", document->file);
}

static void print_note(const json_t *note, FILE *file)
{
    (void)fputs("- ", file);
    hdr_markdown_code(hdr_text(note, "program"), file);
    (void)fputs(": ", file);
    hdr_markdown_text(hdr_text(note, "message"), file);
    (void)fputc('\n', file);
}

static void write_notes(struct document *document, const json_t *notes)
{
    size_t i;
    json_t *note;

    if (json_array_size(notes) == 0) {
        return;
    }
    document->size += SIZE_OF_END;
    (void)fputs("### Notes\n\n", document->file);
    json_array_foreach(notes, i, note) { write_line(document, note, print_note); }
    (void)fputc('\n', document->file);
}

/* ---- The whole ------------------------------------------------------------------------------ */

static size_t count_new(const json_t *findings)
{
    size_t count = 0;
    size_t i;
    json_t *finding;

    json_array_foreach(findings, i, finding) { count += is_new(finding); }
    return count;
}

static size_t count_wrong(const json_t *runs)
{
    size_t count = 0;
    size_t i;
    json_t *run;

    json_array_foreach(runs, i, run) { count += json_is_false(json_object_get(run, "is_as_owed")); }
    return count;
}

static void write_heading(struct document *document, const struct hdr_collection *collection)
{
    size_t fresh = count_new(collection->findings);
    size_t wrong = count_wrong(collection->runs);
    struct part part;

    begin(&part);
    (void)fputs("## Heddle: ", part.file);
    if (fresh == 0) {
        (void)fputs("nothing new found", part.file);
    } else {
        print_count(fresh, "new finding", part.file);
    }
    if (wrong > 0) {
        (void)fputs(", ", part.file);
        print_count(wrong, "program", part.file);
        (void)fputs(" not as owed", part.file);
    }
    (void)fputs("\n\n", part.file);
    if (collection->damaged > 0) {
        (void)fprintf(part.file,
                      "**%u files, or parts of them, could not be read**: what is in them is not "
                      "known. `heddle report` says which.\n\n",
                      collection->damaged);
    }
    (void)end(document, &part);
}

static void print_summary(const struct hdr_collection *collection, FILE *file)
{
    struct document document = {.file = file};
    size_t fresh = count_new(collection->findings);

    write_heading(&document, collection);
    write_new(&document, collection->findings);
    write_runs(&document, collection->runs);
    write_notes(&document, collection->notes);
    write_others(&document, collection->findings, json_array_size(collection->findings) - fresh);
    if (document.left_out > 0) {
        (void)fprintf(
            file,
            "**%zu more findings or programs are left out: a summary has room for 1 MB.** "
            "They are in `report.html`, and in the other formats of `heddle report`.\n",
            document.left_out);
    }
}

static bool write_markdown(const struct hdr_collection *collection, const struct hdr_output *output)
{
    struct hdr_file file;

    if (!hdr_file_open(&file, output, "summary.md")) {
        return false;
    }
    print_summary(collection, file.stream);
    return hdr_file_close(&file);
}

const struct hdr_format hdr_format_markdown = {
    .name = "markdown",
    .writes = "summary.md",
    .summary = "a summary for GitHub's jobs and GitLab's merge requests",
    .write = write_markdown,
};
