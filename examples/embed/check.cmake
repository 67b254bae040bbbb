# SPDX-License-Identifier: MIT
# cmake -D PROGRAM=... [-D SCRIPT=...] -D EXPECTED=... -P check.cmake: the program, given the script if there is one,
# exits with 0 and prints what EXPECTED holds.
execute_process(COMMAND ${PROGRAM} ${SCRIPT} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE errors)
file(READ ${EXPECTED} expected)
message("${output}${errors}")
if(NOT status EQUAL 0)
  message(FATAL_ERROR "exit status ${status}, expected 0")
elseif(NOT output STREQUAL expected)
  message(FATAL_ERROR "the output differs from ${EXPECTED}")
elseif(NOT errors STREQUAL "")
  message(FATAL_ERROR "stderr should be empty")
endif()
