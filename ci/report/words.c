/*
 * Words: in single quotes all is as it is written; in double ones a backslash goes before `"' and
 * before itself; outside of both it goes before anything. An empty pair of quotes is a word.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/words.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "ci/report/record.h"
#include "engine/fatal.h"

struct splitter {
    char *word; /* as long as the line */
    size_t length;
    bool is_begun; /* `word' is one, if an empty one */
    char quote;    /* that is open; 0: none */
};

static void append(struct splitter *splitter, char letter)
{
    splitter->word[splitter->length++] = letter;
    splitter->is_begun = true;
}

static void end_word(struct splitter *splitter, json_t *words)
{
    if (splitter->is_begun) {
        splitter->word[splitter->length] = '\0';
        hdr_push(words, hdr_string(splitter->word));
    }
    splitter->length = 0;
    splitter->is_begun = false;
}

/* Takes a blank or a quote that means something here; whether it is one. */
static bool take_special(struct splitter *splitter, json_t *words, char letter)
{
    if (splitter->quote != 0 && letter == splitter->quote) {
        splitter->quote = 0;
        return true;
    }
    if (splitter->quote == 0 && (letter == '"' || letter == '\'')) {
        splitter->quote = letter;
        splitter->is_begun = true;
        return true;
    }
    if (splitter->quote == 0 && strchr(HDR_BLANKS, letter) != NULL) {
        end_word(splitter, words);
        return true;
    }
    return false;
}

/* Takes what begins with a backslash; returns its last letter; NULL if there is only that. */
static const char *take_escaped(struct splitter *splitter, const char *backslash)
{
    char letter = backslash[1];

    if (letter == '\0') {
        return NULL;
    }
    if (splitter->quote != 0 && letter != '\\' && letter != splitter->quote) {
        append(splitter, '\\');
    }
    append(splitter, letter);
    return backslash + 1;
}

static const char *split(struct splitter *splitter, json_t *words, const char *line)
{
    for (; *line != '\0'; line++) {
        if (take_special(splitter, words, *line)) {
            continue;
        }
        if (*line != '\\' || splitter->quote == '\'') {
            append(splitter, *line);
            continue;
        }
        line = take_escaped(splitter, line);
        if (line == NULL) {
            return "No escaped character";
        }
    }
    end_word(splitter, words);
    return splitter->quote == 0 ? NULL : "No closing quotation";
}

const char *hdr_words_split(json_t *words, const char *line)
{
    struct splitter splitter = {.word = malloc(strlen(line) + 1)};

    if (splitter.word == NULL) {
        hde_fatal("no memory for the words of a line");
    }

    const char *wrong = split(&splitter, words, line);

    free(splitter.word);
    return wrong;
}
