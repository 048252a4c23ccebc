#!/usr/bin/env bash
# Installs a built tree into a folder that holds nothing else.
#
#   stage.sh <cmake> <build folder> <stage>
set -eu

rm -rf "$3"
"$1" --install "$2" --prefix "$3"
