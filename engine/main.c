/*
 * The program: finds the command and runs it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <string.h>

#include "engine/command.h"
#include "engine/cpu.h"
#include "engine/nearest.h"

static const struct hde_command *const commands[] = {
    &hde_command_list,   &hde_command_explore,  &hde_command_verify,
    &hde_command_replay, &hde_command_shrink,   &hde_command_convert,
    &hde_command_report, &hde_command_baseline, &hde_command_doctor,
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void print_usage(FILE *file, const char *program)
{
    (void)fprintf(file,
                  "usage: %s <command> [option...] [operand...]\n\n"
                  "Runs small concurrent programs under every interleaving it can think of.\n\n",
                  program);
    for (size_t i = 0; i < COMMANDS; i++) {
        (void)fprintf(file, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
    }
    (void)fprintf(file,
                  "\n`%s <command> --help' says more.\n"
                  "Exit: 0 clean within the bound that is printed; 1 findings; 2 usage;\n"
                  "3 inconclusive; 4 a schedule could not be followed.\n",
                  program);
}

static const struct hde_command *find_command(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i]->name, name) == 0) {
            return commands[i];
        }
    }
    return NULL;
}

static int refuse_command(const char *name, const char *program)
{
    struct hde_nearest nearest = hde_nearest_to(name);

    hde_nearest_offer(&nearest, "help");
    for (size_t i = 0; i < COMMANDS; i++) {
        hde_nearest_offer(&nearest, commands[i]->name);
    }
    (void)fprintf(stderr, "heddle: there is no command `%s'", name);
    hde_nearest_print(&nearest, "");
    print_usage(stderr, program);
    return HDE_EXIT_USAGE;
}

static bool is_help(const char *word)
{
    return strcmp(word, "help") == 0 || strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static int run(int argc, char **argv)
{
    struct hde_command_line line;
    int exit_code = HDE_EXIT_USAGE;
    char help[] = "--help";
    char *words[] = {argv[0], argc > 2 ? argv[2] : NULL, help, NULL};

    if (argc < 2) {
        print_usage(stderr, argv[0]);
        return HDE_EXIT_USAGE;
    }
    if (is_help(argv[1])) {
        if (argc == 2) {
            print_usage(stdout, argv[0]);
            return HDE_EXIT_CLEAN;
        }
        argv = words;
        argc = 3;
    }

    const struct hde_command *command = find_command(argv[1]);

    if (command == NULL) {
        return refuse_command(argv[1], argv[0]);
    }
    if (!hde_command_line_parse(&line, command, argc, argv, &exit_code)) {
        return exit_code;
    }
    if (!hde_cpu_is_able()) {
        (void)fputs("heddle: this machine's processor lacks what Heddle was built for: SSE 4.2 and "
                    "POPCNT\n",
                    stderr);
        return HDE_EXIT_INCONCLUSIVE;
    }
    return (int)command->run(&line);
}

/* Nobody has seen what could not be printed: that is no success. */
int main(int argc, char **argv)
{
    int exit_code = run(argc, argv);

    if (fflush(stdout) == 0 && ferror(stdout) == 0) {
        return exit_code;
    }
    (void)fputs("heddle: cannot write all to standard output\n", stderr);
    return exit_code == HDE_EXIT_CLEAN ? HDE_EXIT_INCONCLUSIVE : exit_code;
}
