#!/usr/bin/env bash
# Builds the fuzz targets for ClusterFuzzLite, as for OSS-Fuzz.
set -eu

exec bash -eu "$SRC/heddle/fuzz/oss-fuzz/build.sh" "$@"
