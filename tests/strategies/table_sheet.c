/*
 * The sheet: read, and measured by several processes.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/strategies/table_sheet.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/watchdog.h"

#define LINE_MAX_BYTES 4096U
#define STUCK_S 120U

static void spell_bounds(const struct table_bounds *bounds, char line[LINE_MAX_BYTES])
{
    (void)snprintf(line, LINE_MAX_BYTES, "# seeds %u executions %" PRIu64 " steps %" PRIu64 "\n",
                   bounds->seeds, bounds->executions, bounds->steps);
}

/* ---- Reading --------------------------------------------------------------------------------- */

static struct table_cell *
find_cell(struct table_sheet *sheet, const char *program, const char *strategy)
{
    for (size_t i = 0; i < sheet->subjects_count; i++) {
        if (strcmp(sheet->subjects[i]->program.name, program) != 0) {
            continue;
        }
        for (size_t j = 0; j < sheet->strategies_count; j++) {
            if (strcmp(sheet->strategies[j]->name, strategy) == 0) {
                return &sheet->cells[i][j];
            }
        }
    }
    return NULL;
}

static void read_line(struct table_sheet *sheet, char *line)
{
    char *rest = NULL;
    const char *program = strtok_r(line, "\t", &rest);
    const char *strategy = strtok_r(NULL, "\t", &rest);
    const char *bound = strtok_r(NULL, "\t", &rest);
    struct table_cell *cell = bound == NULL ? NULL : find_cell(sheet, program, strategy);

    if (cell == NULL) {
        return; /* of a program or a strategy that is not asked for */
    }
    cell->seeds = 0;
    cell->bound = strtoull(bound, NULL, 10);
    for (const char *word = strtok_r(NULL, " \n", &rest);
         word != NULL && cell->seeds < TABLE_SEEDS_MAX; word = strtok_r(NULL, " \n", &rest)) {
        cell->executions[cell->seeds++] = strtoull(word, NULL, 10);
    }
}

static bool read_all(struct table_sheet *sheet, FILE *file, const char *path)
{
    char wanted[LINE_MAX_BYTES];
    char line[LINE_MAX_BYTES];

    spell_bounds(&sheet->bounds, wanted);
    while (fgets(line, sizeof(line), file) != NULL) {
        if (line[0] == '#' && strcmp(line, wanted) != 0) {
            (void)fprintf(stderr, "%s was measured with other bounds: %s", path, line);
            return false;
        }
        if (line[0] != '#') {
            read_line(sheet, line);
        }
    }
    return true;
}

bool table_sheet_read(struct table_sheet *sheet, const char *path)
{
    FILE *file = fopen(path, "r");

    if (file == NULL) {
        return errno == ENOENT;
    }
    bool is_read = read_all(sheet, file, path);

    (void)fclose(file);
    return is_read;
}

/* ---- Measuring ------------------------------------------------------------------------------- */

static bool write_line(int file, const char *line)
{
    size_t length = strlen(line);

    return write(file, line, length) == (ssize_t)length;
}

static bool write_cell(int file,
                       const struct subject *subject,
                       const struct hde_strategy *strategy,
                       const struct table_cell *cell)
{
    char line[LINE_MAX_BYTES];
    int length = snprintf(line, sizeof(line), "%s\t%s\t%" PRIu64 "\t", subject->program.name,
                          strategy->name, cell->bound);

    for (unsigned seed = 0; seed < cell->seeds; seed++) {
        length += snprintf(line + length, sizeof(line) - (size_t)length, "%" PRIu64 "%c",
                           cell->executions[seed], seed + 1 < cell->seeds ? ' ' : '\n');
    }
    return write_line(file, line);
}

/* Take cells, one after another, that nobody has taken, until there are none. */
static int work(const struct table_sheet *sheet, int file, atomic_size_t *next)
{
    size_t count = sheet->subjects_count * sheet->strategies_count;

    hde_watchdog_start(STUCK_S, "strategy_table");
    for (;;) {
        /* Relaxed: a number to each; nothing else is shared. */
        size_t number = atomic_fetch_add_explicit(next, 1, memory_order_relaxed);

        if (number >= count) {
            return EXIT_SUCCESS;
        }
        const struct subject *subject = sheet->subjects[number / sheet->strategies_count];
        size_t strategy = number % sheet->strategies_count;

        if (sheet->cells[number / sheet->strategies_count][strategy].seeds != 0) {
            continue;
        }
        struct table_cell cell =
            table_cell_measure(subject, sheet->strategies[strategy], &sheet->bounds);

        if (!write_cell(file, subject, sheet->strategies[strategy], &cell)) {
            return EXIT_FAILURE;
        }
    }
}

static bool run_workers(const struct table_sheet *sheet, int file, unsigned jobs)
{
    atomic_size_t *next =
        mmap(NULL, sizeof(*next), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    bool are_done = next != MAP_FAILED;
    unsigned started = 0;

    for (; are_done && started < jobs; started++) {
        pid_t child = fork();

        if (child == 0) {
            _exit(work(sheet, file, next));
        }
        are_done = child > 0;
    }
    for (int status = 0; started > 0 && wait(&status) > 0; started--) {
        are_done = are_done && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
    }
    return are_done;
}

bool table_sheet_measure(struct table_sheet *sheet, const char *path, unsigned jobs)
{
    char line[LINE_MAX_BYTES];
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);

    if (file < 0) {
        perror(path);
        return false;
    }
    spell_bounds(&sheet->bounds, line);

    bool is_measured =
        (lseek(file, 0, SEEK_END) > 0 || write_line(file, line)) && run_workers(sheet, file, jobs);

    (void)close(file);
    if (!is_measured) {
        (void)fprintf(stderr, "a process that measured has died; %s has what was done\n", path);
    }
    return table_sheet_read(sheet, path) && is_measured;
}
