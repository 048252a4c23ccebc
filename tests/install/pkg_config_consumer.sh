#!/usr/bin/env bash
# Builds and runs one program with nothing but the flags that heddle.pc gives.
#
#   pkg_config_consumer.sh <pkg-config> <folder of heddle.pc> <compiler> <source> <program>
set -eu

export PKG_CONFIG_PATH=$2
"$1" --print-errors --exists heddle
flags=$("$1" --cflags --libs heddle)
# Unquoted on purpose: pkg-config prints words.
# shellcheck disable=SC2086
"$3" -std=c11 -Wall -Wextra -Werror -o "$5" "$4" $flags
"$5"
