#!/usr/bin/env python3
"""heddle doctor in a flavour with a sanitizer beside the engine: what it says of itself.

    flavour_test.py HEDDLE [VARIABLE]

VARIABLE is that of the sanitizer's options, if there is a sanitizer.
"""

import os
import subprocess
import sys

HEDDLE = sys.argv[1]
VARIABLE = sys.argv[2] if len(sys.argv) > 2 else None


def examine(options, *arguments):
    kept = {k: v for k, v in os.environ.items() if not k.endswith("SAN_OPTIONS")}
    if VARIABLE:
        kept[VARIABLE] = options
    run = subprocess.run([HEDDLE, "doctor", *arguments], check=False, capture_output=True,
                         text=True, env=kept)
    return run.returncode, run.stdout + run.stderr


def expect(holds, what, text):
    if not holds:
        sys.exit(f"flavour_test.py: {what}\n{text}\n"
                 f"reproduce: {HEDDLE} doctor")


code, text = examine("halt_on_error=0")
expect(code == 0 and "FAIL" not in text and "warn" not in text, "something is wrong", text)
expect("ok    canaries:" in text, "the canaries were not looked for", text)
expect("ok    instrumentation: all of it" in text, "it is not all instrumented", text)

code, text = examine("halt_on_error=0", "--check=canaries", HEDDLE)
expect(code == 0 and "ok    canaries:" in text, "its own canaries were not found", text)

if VARIABLE:
    code, text = examine("halt_on_eror=0")
    expect(code == 1 and "did you mean `halt_on_error'?" in text, "a misspelt option", text)
