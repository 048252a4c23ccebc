/*
 * SARIF, rules: their words are those of kind.c.
 *
 * What is in `properties' is what code scanning looks at: it sorts by severity and precision, and
 * takes a rule that has a `security-severity' for one about security.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/sarif_rule.h"

#include <stdio.h>
#include <string.h>

#include "ci/report/importance.h"
#include "ci/report/kind.h"
#include "ci/report/phrase.h"
#include "ci/report/record.h"

const char *hdr_sarif_level(const json_t *finding)
{
    return hdr_importance_level(finding) == HDR_LEVEL_ERROR ? "error" : "warning";
}

static json_t *text_of(const char *text)
{
    json_t *message = json_object();

    hdr_set(message, "text", hdr_string(text));
    return message;
}

static json_t *help_of(const struct hdr_kind *kind)
{
    json_t *help = json_object();
    struct hdr_phrase text;
    struct hdr_phrase markdown;

    hdr_phrase_begin(&text);
    (void)fprintf(text.stream, "%s\n\nWhat to do: %s", kind->what, kind->advice);
    hdr_set(help, "text", hdr_phrase_end(&text));
    hdr_phrase_begin(&markdown);
    (void)fprintf(markdown.stream, "# %s\n\n%s\n\n## What to do\n\n%s\n", kind->title, kind->what,
                  kind->advice);
    if (kind->weakness != NULL) {
        (void)fprintf(markdown.stream, "\nWeakness: CWE-%s.\n", kind->weakness);
    }
    (void)fputs("\nEach result has the schedule that shows it, and the command that replays it.\n",
                markdown.stream);
    hdr_set(help, "markdown", hdr_phrase_end(&markdown));
    return help;
}

static json_t *tags_of(const struct hdr_kind *kind)
{
    json_t *tags = json_array();

    hdr_push(tags, hdr_string("concurrency"));
    hdr_push(tags, hdr_string("correctness"));
    if (kind->severity != NULL) {
        hdr_push(tags, hdr_string("security"));
    }
    if (kind->weakness != NULL) {
        struct hdr_phrase tag;

        hdr_phrase_begin(&tag);
        (void)fprintf(tag.stream, "external/cwe/cwe-%s", kind->weakness);
        hdr_push(tags, hdr_phrase_end(&tag));
    }
    return tags;
}

/* What was seen to go wrong has gone wrong; what might is for a person to judge. */
static json_t *properties_of(const struct hdr_kind *kind, const char *level)
{
    json_t *properties = json_object();

    hdr_set(properties, "tags", tags_of(kind));
    hdr_set(properties, "precision",
            hdr_string(kind->level == HDR_LEVEL_ERROR ? "very-high" : "medium"));
    hdr_set(properties, "problem.severity", hdr_string(level));
    if (kind->severity != NULL) {
        hdr_set(properties, "security-severity", hdr_string(kind->severity));
    }
    return properties;
}

/* "deadlock-lost-wake-up" as a name: "DeadlockLostWakeUp" */
static json_t *name_of(const char *slug)
{
    char name[HDR_KIND_SLUG_SIZE];
    size_t length = 0;
    bool is_first = true;

    for (; *slug != '\0'; slug++) {
        bool is_small = *slug >= 'a' && *slug <= 'z';

        if (*slug == '-') {
            is_first = true;
            continue;
        }
        name[length] = *slug;
        if (is_first && is_small) {
            name[length] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[*slug - 'a'];
        }
        length++;
        is_first = false;
    }
    name[length] = '\0';
    return hdr_string(name);
}

static json_t *rule_of(const json_t *finding, const char *slug)
{
    const struct hdr_kind *kind = hdr_kind_of(finding);
    const char *level = kind->level == HDR_LEVEL_ERROR ? "error" : "warning";
    json_t *rule = json_object();
    json_t *configuration = json_object();

    hdr_set(rule, "id", hdr_string(slug));
    hdr_set(rule, "name", name_of(slug));
    hdr_set(rule, "shortDescription", text_of(kind->title));
    hdr_set(rule, "fullDescription", text_of(kind->what));
    hdr_set(rule, "help", help_of(kind));
    hdr_set(configuration, "level", hdr_string(level));
    hdr_set(rule, "defaultConfiguration", configuration);
    hdr_set(rule, "properties", properties_of(kind, level));
    return rule;
}

size_t hdr_sarif_rule(json_t *rules, const json_t *finding)
{
    char slug[HDR_KIND_SLUG_SIZE];
    size_t index = 0;

    hdr_kind_slug(finding, slug);
    while (index < json_array_size(rules) &&
           strcmp(hdr_text(json_array_get(rules, index), "id"), slug) != 0) {
        index++;
    }
    if (index == json_array_size(rules)) {
        hdr_push(rules, rule_of(finding, slug));
    }
    return index;
}
