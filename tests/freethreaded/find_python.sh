#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Prints the free-threaded Python that the tests of this folder are for, or says on stderr why there is none and exits
# with 77, which ctest takes for "skipped".
#
#   find_python.sh freethreaded|freethreaded-tsan
set -euo pipefail

flavour=${1:-}
case $flavour in
  freethreaded) variable=ADDER_FREETHREADED_PYTHON names=(python3.14t python3.13t) ;;
  freethreaded-tsan) variable=ADDER_TSAN_PYTHON names=() ;;
  *) echo "usage: find_python.sh freethreaded|freethreaded-tsan" >&2; exit 2 ;;
esac
cached=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/adder/python-$flavour/bin/python3

# Empty where the interpreter will do, else what is wrong with it.
complaint() {
  [[ -x $1 ]] || { echo "there is no such program"; return; }
  # What importing sysconfig does is no business of ours, races included.
  TSAN_OPTIONS=report_bugs=0 "$1" -I - "$flavour" 2>&1 <<'PY' || echo "it does not run"
import os, sys, sysconfig

var = sysconfig.get_config_var
if not var("Py_GIL_DISABLED"):
    print("it has a GIL")
elif not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")):
    print("its headers are missing")
elif not var("Py_ENABLE_SHARED"):
    print("it has no shared libpython to embed")
elif sys.argv[1] == "freethreaded-tsan" and "-fsanitize=thread" not in f"{var('CONFIG_ARGS')} {var('CFLAGS')}" and \
        "--with-thread-sanitizer" not in f"{var('CONFIG_ARGS')}":
    print("it was built without --with-thread-sanitizer")
PY
}

rejected=''
try() { # INTERPRETER WHENCE: prints it and ends, if it will do.
  local wrong
  wrong=$(complaint "$1")
  if [[ -z $wrong ]]; then
    printf '%s\n' "$1"
    exit 0
  fi
  rejected+=" $1 ($2): $wrong."
}

# Who names one means that one.
if [[ -n ${!variable:-} ]]; then
  try "${!variable}" "$variable"
else
  [[ ! -e $cached ]] || try "$cached" "the cache"
  for name in "${names[@]}"; do
    if found=$(type -P "$name"); then try "$found" "PATH"; fi
  done
fi

hint="set $variable"
if [[ ${#names[@]} -gt 0 ]]; then hint+=", or put ${names[-1]} on PATH"; fi
kind="free-threaded Python"
if [[ $flavour == freethreaded-tsan ]]; then kind+=" with ThreadSanitizer"; fi
printf 'SKIPPED: no %s: %s; .ci/run keeps one in %s.%s\n' "$kind" "$hint" "${cached%/bin/python3}" "$rejected" >&2
exit 77
