#!/usr/bin/env bash
# verify goes red on a scenario that is not as it declares, and says why.
set -u
# shellcheck source=tests/ci/expect.sh
source "$(dirname "$0")/../ci/expect.sh"

heddle=$1
verify=("$heddle" verify --executions=5000)
expect "what is right is" 0 '^2 scenarios gave what they owe' "${verify[@]}" 'right*'
expect "with two jobs as well" 0 '^2 scenarios gave what they owe' "${verify[@]}" --jobs=2 'right*'
expect "the clean executions are counted" 0 '^right .* 8507$' "${verify[@]}" right
expect "dfs makes all with few preemptions" 0 '^right_clean .* 85[0-9][0-9]$' \
    "${verify[@]}" --exhaust=1 right_clean
expect "another verdict" 1 'WRONG: owes a deadlock, and a data race was found' \
    "${verify[@]}" wrong_verdict
expect "no finding" 1 'WRONG: owes a data race, and nothing was found' "${verify[@]}" wrong_nothing
expect "another place" 1 'WRONG: data race at .*wrong\.c:.*, a line not marked' \
    "${verify[@]}" wrong_place
expect "a twin that is not repaired" 1 'WRONG: wrong_twin\.fixed must be clean' \
    "${verify[@]}" wrong_twin
expect "its program alone is right" 0 'gave what it owes' "${verify[@]}" --part=program wrong_twin
expect "the twin alone is not" 1 'WRONG' "${verify[@]}" --part=twin wrong_twin
expect "not clean" 1 'WRONG: wrong_clean must be clean, and has a data race at .*wrong\.c' \
    "${verify[@]}" wrong_clean
expect "what was found stands in its row" 1 '^wrong_clean +clean +data race ' \
    "${verify[@]}" wrong_clean
expect "but not what its twin shows" 1 '^wrong_twin +data race +clean ' \
    "${verify[@]}" --part=twin wrong_twin
expect "one scenario is one" 0 '^1 scenario gave what it owes$' "${verify[@]}" right_clean
expect "also if it is wrong" 1 '^1 of 1 scenario did not give what it owes$' \
    "${verify[@]}" wrong_clean
expect "more preemptions than it takes" 1 'WRONG: needs 3 preemptions, and shrinking ended at 0' \
    "${verify[@]}" wrong_needs
expect "too seldom to be tested" 1 'WRONG: .*too few' \
    "$heddle" verify --executions=100000 wrong_rare
expect "a schedule beside it is replayed" 0 '^stored_rare .* failure +stored .* 0 +-$' \
    "${verify[@]}" stored_rare
expect "it shows another kind" 1 'WRONG: owes a deadlock, and a failure was found' \
    "${verify[@]}" stored_kind
expect "it shows nothing" 1 'WRONG: the schedule beside it shows nothing' \
    "${verify[@]}" stored_stale
expect "it leads elsewhere" 1 'WRONG: the schedule beside it cannot be followed' \
    "${verify[@]}" stored_astray
expect "it shows it elsewhere" 1 'WRONG: failure at .*stored\.c:.*, a line not marked' \
    "${verify[@]}" stored_place
expect "it is another one's" 1 "WRONG: .*stored_swapped.schedule is a schedule of .stored_kind" \
    "${verify[@]}" stored_swapped
expect "what differs each time" 1 'WRONG: .*could not be replayed' "${verify[@]}" odd_fickle
expect "one wrong scenario is enough" 1 '^1 of 3 scenarios' "${verify[@]}" 'right*' wrong_clean
expect "each line can be reproduced" 1 'reproduce: .* verify wrong_clean$' \
    "${verify[@]}" wrong_clean

[ "$failures" -eq 0 ]
