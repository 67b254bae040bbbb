# SPDX-License-Identifier: MIT
# cmake -D CTEST=... -D GCOVR=... -D TESTS=... -D ROOT=... -D BUILD=... -P coverage.cmake: runs the tests whose names
# match, and prints for each header which of its lines they did not reach. Lines that only a process reached which was
# then killed, or ended by abort() or _Exit(), count as not reached.
if(NOT GCOVR)
  message(FATAL_ERROR "gcovr is not installed (Debian: gcovr)")
endif()

# Runs add up otherwise, also those of code that has changed since.
file(GLOB_RECURSE counts ${BUILD}/*.gcda)
if(counts)
  file(REMOVE ${counts})
endif()
execute_process(COMMAND ${CTEST} --test-dir ${BUILD} --tests-regex ${TESTS} --parallel 2 --output-on-failure
                        --no-tests=error
                RESULT_VARIABLE tests)
# By the paths of the headers: what is compiled of them is in the object files of the tests, and in the core.
execute_process(COMMAND ${GCOVR} --root ${ROOT} --filter ${ROOT}/include/adder/ --object-directory ${BUILD} -j 2
                        --txt --print-summary ${BUILD}
                COMMAND_ERROR_IS_FATAL ANY)
if(NOT tests EQUAL 0)
  message(FATAL_ERROR "tests failed, see above")
endif()
