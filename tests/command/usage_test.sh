#!/usr/bin/env bash
# Every command explains itself, and refuses what it does not know with exit 2 and a hint.
set -u
# shellcheck source=tests/ci/expect.sh
source "$(dirname "$0")/../ci/expect.sh"

heddle=$1
expect "no command is a usage error" 2 '^usage: ' "$heddle"
expect "help is none" 0 '^usage: ' "$heddle" --help
expect "a misspelt command is named" 2 "did you mean .explore'" "$heddle" exlpore
expect "a misspelt scenario is named" 2 "did you mean .right_clean'" "$heddle" explore right_cleen
expect "a misspelt twin is named" 2 "did you mean .right\.fixed'" "$heddle" explore right.fixd
expect "a misspelt option is named" 2 "did you mean .--keep-going'" "$heddle" explore --keepgoing
expect "a misspelt strategy is named" 2 "did you mean .pct'" "$heddle" explore --strategy=pctt
expect "replay is no strategy to explore with" 2 'a schedule is for .heddle replay FILE' \
    "$heddle" explore --strategy=replay
expect "nor is input" 2 'for .heddle replay NAME --input=FILE' "$heddle" explore --strategy=input
expect "a glob that matches nothing is an error" 2 'no scenario' "$heddle" explore 'zz*'
expect "a number is a number" 2 'needs a number from 1' "$heddle" explore --executions=many
expect "and not too large" 2 'needs a number from 1 to 64' "$heddle" explore --jobs=65
expect "and not negative" 2 'needs a number' "$heddle" explore --seed=-1
expect "a value must not be missing" 2 'a value is missing' "$heddle" explore --seed
expect "a misspelt budget is named" 2 "did you mean .spurious'" \
    "$heddle" explore --budget=spurios=1
expect "a budget is a number" 2 'needs a number, or all' "$heddle" explore --budget=wake=many
expect "and is not missing" 2 'needs a number, or all' "$heddle" explore --budget=wake
expect "budgets are in the help" 0 '^  weak-cas .*default 1' "$heddle" explore --help
expect "a misspelt kind of finding is named" 2 "did you mean .data-race'" \
    "$heddle" explore --ignore=data-rase
expect "clean is no finding" 2 "no kind of finding" "$heddle" explore --ignore=leak,clean
expect "a flag has none" 2 'no value' "$heddle" explore --keep-going=yes
expect "a misspelt option with a value" 2 "no option .--strtegy'; did you mean .--strategy'" \
    "$heddle" explore --strtegy=pct
expect "an option of another command is unknown" 2 'no option' "$heddle" verify --strategy=pct
expect "replay needs a schedule" 2 'needs one operand' "$heddle" replay
expect "a file must be there" 2 'cannot read' "$heddle" replay no/such/file
expect "a name is no file" 2 'a scenario needs --schedule=TEXT' "$heddle" replay right
expect "what names there are is in list" 2 '^see: heddle list' "$heddle" explore zzzzzzzz
expect "a schedule must be one" 2 'hexadecimal' "$heddle" replay right --schedule=x
expect "and be whole" 2 'check word' "$heddle" replay right --schedule=1234:0@1=1

for command in list explore verify replay shrink; do
    expect "$command --help says how to use it" 0 "^usage: .* $command " "$heddle" "$command" --help
    expect "help $command says the same" 0 "^usage: .* $command " "$heddle" help "$command"
    expect "help lists $command" 0 "^  $command " "$heddle" help
    expect "$command --help has the exit codes" 0 "^Exit: 0" "$heddle" "$command" --help
done
expect "explore --help lists the strategies" 0 '^  dfs ' "$heddle" explore --help
expect "list shows what is owed" 0 '^right +programs +data race ' "$heddle" list
expect "list takes globs" 0 '^wrong_twin\.fixed ' "$heddle" list 'wrong_t*'

[ "$failures" -eq 0 ]
