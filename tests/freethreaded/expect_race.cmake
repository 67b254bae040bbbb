# SPDX-License-Identifier: MIT
# Runs tsan_planted.py, which has to end with the race detector's exit status and a report that names the function.
execute_process(COMMAND ${PYTHON} ${CMAKE_CURRENT_LIST_DIR}/tsan_planted.py
                RESULT_VARIABLE status OUTPUT_VARIABLE log ERROR_VARIABLE log)
if(NOT status EQUAL 66 OR NOT log MATCHES "WARNING: ThreadSanitizer: data race" OR
   NOT log MATCHES "SUMMARY: ThreadSanitizer: data race [^\n]* in planted_race")
  message(FATAL_ERROR "the planted race was not reported (exit status ${status}, wanted 66):\n${log}")
endif()
