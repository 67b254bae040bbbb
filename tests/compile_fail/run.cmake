# SPDX-License-Identifier: MIT
# Checks that SOURCE compiles as it is, and that with ADDER_MUST_NOT_COMPILE it fails for the reason it states:
#
#   // EXPECT: regex      in the log after "error"; several lines must all match; alternatives as (g++'s|clang's words)
#   // FIRST: regex       in the line of the first error
#   // FLAGS: -Werror=... further options for this file
#   // WRONG FLAGS: -std=... further options without which the file compiles: they are what must not be
#
# Takes CXX, SOURCE, FLAGS and UMBRELLA, the options that bring in adder/adder.hpp precompiled; "|" separates options.
string(REPLACE "|" ";" flags "${FLAGS}")
file(STRINGS "${SOURCE}" extra REGEX "^// FLAGS: ")
list(TRANSFORM extra REPLACE "^// FLAGS: " "")
list(JOIN extra " " extra)
separate_arguments(extra UNIX_COMMAND "${extra}")
file(STRINGS "${SOURCE}" wrong REGEX "^// WRONG FLAGS: ")
list(TRANSFORM wrong REPLACE "^// WRONG FLAGS: " "")
list(JOIN wrong " " wrong)
separate_arguments(wrong UNIX_COMMAND "${wrong}")
file(STRINGS "${SOURCE}" expected REGEX "^// EXPECT: ")
file(STRINGS "${SOURCE}" first REGEX "^// FIRST: ")

# The compiler must see no more than the file names, under the options that the header was precompiled with.
file(STRINGS "${SOURCE}" directive REGEX "^ *#" LIMIT_COUNT 1)
if(directive STREQUAL "#include \"adder/adder.hpp\"" AND NOT extra AND NOT wrong)
  string(REPLACE "|" ";" umbrella "${UMBRELLA}")
else()
  set(umbrella "")
endif()
set(compile "${CXX}" ${flags} ${umbrella} -fsyntax-only ${extra})

# Messages as the patterns spell them: without colours, typographic quotes and translations.
set(ENV{LC_ALL} C)

execute_process(COMMAND ${compile} "${SOURCE}" RESULT_VARIABLE twin OUTPUT_VARIABLE log ERROR_VARIABLE log)
if(NOT (expected OR first) OR NOT twin EQUAL 0)
  message("${log}")
  message(FATAL_ERROR "needs an EXPECT or FIRST line and a twin that compiles")
endif()

execute_process(COMMAND ${compile} ${wrong} -DADDER_MUST_NOT_COMPILE=1 "${SOURCE}"
                RESULT_VARIABLE bad OUTPUT_VARIABLE log ERROR_VARIABLE log)
foreach(line IN LISTS expected)
  string(REGEX REPLACE "^// EXPECT: " "" words "${line}")
  if(bad EQUAL 0 OR NOT log MATCHES "error.*${words}")  # the words alone could come from a note or a warning
    message("${log}")
    message(FATAL_ERROR "must fail with '${words}'")
  endif()
endforeach()

string(REGEX MATCH "error: [^\n]*" first_error "${log}")
foreach(line IN LISTS first)
  string(REGEX REPLACE "^// FIRST: " "" words "${line}")
  if(bad EQUAL 0 OR NOT first_error MATCHES "${words}")
    message("${log}")
    message(FATAL_ERROR "the first error must be '${words}'")
  endif()
endforeach()
