#!/usr/bin/env bash
# Every command explains itself, and refuses what it does not know with exit 2 and a hint.
# What is not there to read, or cannot be written, is no success.
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
expect "a beginning is completed" 2 "no option .--out'; did you mean .--output'" \
    "$heddle" report --out=x

# ---- Reports: what cannot be read, and what cannot be written ------------------------------------

mkdir "$work/empty" "$work/run" "$work/log"
: >"$work/known"
echo "all is well" >"$work/log/tests.log"
"$heddle" verify --executions=100 --part=program --json="$work/run" right_clean >"$work/out" 2>&1
out=--output=$work/report
known=--baseline=$work/known
check=("$heddle" baseline check "$known")
expect "an empty folder is nothing to report" 3 '^heddle: nothing to read in .*/empty$' \
    "$heddle" report "$work/empty" "$out"
expect "nor is a log without a report" 3 '^heddle: nothing to read in .*/log$' \
    "$heddle" report "$work/log" "$out"
expect "nor is nothing new there" 3 '^heddle: nothing to read in .*/empty$' \
    "${check[@]}" "$work/empty"
expect "nor to be known" 3 '^heddle: nothing to read in .*/empty$' \
    "$heddle" baseline update --prune "$known" "$work/empty"
expect "of several folders one will do" 0 '/report.html$' \
    "$heddle" report "$work/empty" "$work/run" "$out"
expect "the record of a run will do" 0 '^0 new' "${check[@]}" "$work/run"
expect "a folder must be there" 3 '^heddle: .*/nowhere: No such file' "${check[@]}" "$work/nowhere"
expect "a format has a name" 2 "there is no format .'" "$heddle" report --format= "$work/run" "$out"
expect "also the last one" 2 "there is no format .'" \
    "$heddle" report --format=html, "$work/run" "$out"
expect "a check has a name" 2 "there is no check .'" "$heddle" doctor --check=
expect "a file is no folder" 3 '/known: Not a directory' \
    "$heddle" report "$work/run" --output="$work/known"
expect "which is said once" 0 '^1$' \
    bash -c "'$heddle' report '$work/run' --output='$work/known' 2>&1 | wc -l"
for command in explore verify; do
    expect "$command first sees whether it can write" 3 '^heddle: cannot write /proc/x' \
        "$heddle" "$command" --json=/proc/x right_clean
    expect "and runs nothing if not" 0 '^1$' \
        bash -c "'$heddle' $command --json=/proc/x right_clean 2>&1 | wc -l"
done

full() { "$@" >/dev/full; }
lost='^heddle: cannot write all to standard output$'
expect "a list that cannot be printed is none" 3 "$lost" full "$heddle" list
expect "nor is help" 3 "$lost" full "$heddle" --help
expect "nor a verdict" 3 "$lost" full "$heddle" verify --executions=100 right_clean
expect "nor a bound" 3 "$lost" full "$heddle" explore --executions=100 right_clean
expect "nor names of files" 3 "$lost" full "$heddle" report "$work/run" "$out"
expect "nor that nothing is new" 3 "$lost" full "${check[@]}" "$work/run"
expect "nor a diagnosis" 3 "$lost" full "$heddle" doctor
expect "a finding is one nevertheless" 1 "$lost" full "$heddle" verify --executions=100 wrong_clean
expect "and bad usage is bad usage" 2 'no option' full "$heddle" list --zzz

[ "$failures" -eq 0 ]
