#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds the tests that run something for a free-threaded Python, in a build folder of their own, and runs them. Exits
# with 77, "skipped" to ctest, where there is no such Python.
#
#   run.sh freethreaded|freethreaded-tsan BUILD_FOLDER [option of ctest...]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

flavour=${1:?flavour} build=${2:?build folder}
shift 2
# Those of the Python that the tests around this one are for.
unset PYTHONHOME PYTHONPATH LD_PRELOAD TSAN_OPTIONS PYTHON_GIL

python=$("$here/find_python.sh" "$flavour") || exit $?
preset=${flavour#freethreaded-}
skip() { echo "SKIPPED: $*" >&2; exit 77; }
if [[ $preset == tsan ]]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  echo 'int main() {}' >"$work/empty.cpp"
  clang++ -fsanitize=thread "$work/empty.cpp" -o "$work/empty" 2>/dev/null ||
    skip "clang++ has no thread sanitizer (Debian: clang, libclang-rt-14-dev)"
  type -P llvm-symbolizer llvm-symbolizer-14 >/dev/null || skip "there is no llvm-symbolizer (Debian: llvm)"
else
  command -v g++ >/dev/null || skip "g++ is not installed"
fi
echo "Python: $python"

# Debian's pytest belongs to Debian's Python, but what it needs is written in Python: links to that, and to no more of
# what lies beside it, which may be compiled.
mkdir -p "$build"
build=$(cd "$build" && pwd)
packages=$build/packages
rm -rf "$packages"
mkdir "$packages"
if ! TSAN_OPTIONS=report_bugs=0 "$python" -c 'import pytest' 2>/dev/null; then
  for package in pytest _pytest pluggy iniconfig packaging attr attrs py hypothesis sortedcontainers; do
    for found in "/usr/lib/python3/dist-packages/$package" "/usr/lib/python3/dist-packages/$package.py"; do
      [[ ! -e $found ]] || ln -s "$found" "$packages"
    done
  done
fi
if [[ $preset != tsan ]]; then
  PYTHONPATH=$packages "$python" -c 'import pytest' || skip "there is no pytest for this Python (Debian: python3-pytest)"
fi

# CMake keeps what it found for another Python.
fresh=()
if [[ -e $build/python && $(<"$build/python") != "$python" ]]; then fresh=(--fresh); fi
printf '%s\n' "$python" >"$build/python"

cd "$here/../.."
cmake --preset "$preset" -B "$build" "${fresh[@]}" -D Python_EXECUTABLE="$python" -D ADDER_TEST_PYTHONPATH="$packages"
cmake --build "$build" --parallel 2
# Other Pythons, and benchmarks, are the business of ordinary builds. The reports of threads.lock_order name functions, which the
# optimisation that goes with the thread sanitizer has inlined.
not_here='^(benchmarks|pythons)\.'
[[ $preset != tsan ]] || not_here+='|^threads\.lock_order$'
ctest --test-dir "$build" --output-on-failure --parallel 2 --no-tests=error -E "$not_here" "$@"
