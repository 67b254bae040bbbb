# SPDX-License-Identifier: MIT
# What adder's own tests, examples and benchmarks share. Not installed.

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Debug)
endif()
set(CMAKE_CXX_EXTENSIONS OFF)

# --- warnings -----------------------------------------------------------------------------------------------------------
set(ADDER_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)

# adder_project_warnings(<target>): the warnings adder's own code is free of. Python.h is a system header to them.
function(adder_project_warnings target)
  target_compile_options(${target} PRIVATE ${ADDER_WARNINGS})
endfunction()

# --- sanitizers ---------------------------------------------------------------------------------------------------------
set(ADDER_SANITIZER_PRELOAD "")
set(ADDER_SANITIZER_ENVIRONMENT "")
if(ADDER_SANITIZE)
  if(ADDER_SANITIZE STREQUAL "thread")
    if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
      message(FATAL_ERROR "ADDER_SANITIZE=thread is set up for clang++ only, and for a Python that clang built with "
                          "--with-thread-sanitizer: its interpreter brings the run-time that the modules need")
    endif()
    # Suppressions, and the test that plants a race, go by the names of functions.
    find_program(ADDER_SYMBOLIZER NAMES llvm-symbolizer llvm-symbolizer-14 REQUIRED)
    # 66 is what no test returns on its own. A race is reported only if both stacks are still known; with a history of
    # the usual size one in seven planted races was dropped without a word.
    list(APPEND ADDER_SANITIZER_ENVIRONMENT
         "TSAN_OPTIONS=halt_on_error=0:exitcode=66:history_size=7:external_symbolizer_path=${ADDER_SYMBOLIZER}:\
suppressions=${PROJECT_SOURCE_DIR}/tests/freethreaded/tsan.supp")
  elseif(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # By default, clang++ puts a run-time of its own into each program, and none into modules. Here all share one, as
    # with g++. The loader does not know the folder that it is in.
    foreach(library IN ITEMS libclang_rt.asan-${CMAKE_SYSTEM_PROCESSOR}.so libclang_rt.asan.so)
      execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-file-name=${library}
                      OUTPUT_VARIABLE run_time OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
      if(IS_ABSOLUTE "${run_time}")
        break()
      endif()
    endforeach()
    if(NOT IS_ABSOLUTE "${run_time}")
      message(FATAL_ERROR "ADDER_SANITIZE=${ADDER_SANITIZE} needs the shared run-times of ${CMAKE_CXX_COMPILER} "
                          "(Debian: libclang-rt-14-dev)")
    endif()
    cmake_path(GET run_time PARENT_PATH folder)
    add_link_options(-shared-libsan LINKER:-rpath,${folder})
    set(asan_run_time ${run_time})
  elseif(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    set(asan_run_time libasan.so)
  else()
    message(FATAL_ERROR "ADDER_SANITIZE=${ADDER_SANITIZE} is set up for g++ and clang++ only")
  endif()
  add_compile_options(-fsanitize=${ADDER_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${ADDER_SANITIZE})
  if(ADDER_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
    list(APPEND ADDER_SANITIZER_ENVIRONMENT UBSAN_OPTIONS=print_stacktrace=1)
  endif()
  if(ADDER_SANITIZE MATCHES "address")
    # CPython keeps plenty for good, so leaks are counted in references by the tests, not here. Its own allocator
    # would hide a read of a freed object.
    list(APPEND ADDER_SANITIZER_ENVIRONMENT ASAN_OPTIONS=detect_leaks=0 PYTHONMALLOC=malloc)
    # A plain python3 has to load the run-time first, and libstdc++ along with it: ASan looks for the real
    # __cxa_throw when it starts, long before the first extension module would bring it in.
    foreach(library IN ITEMS ${asan_run_time} libstdc++.so)
      execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-file-name=${library}
                      OUTPUT_VARIABLE file OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
      file(REAL_PATH ${file} file)
      list(APPEND ADDER_SANITIZER_PRELOAD ${file})
    endforeach()
  endif()
endif()

# --- environments for tests ---------------------------------------------------------------------------------------------
set(ADDER_TEST_PYTHONPATH "" CACHE STRING "A folder with pytest, for a Python that has none")

# adder_python_test_environment(<out> [<folder>...])
#
# Sets <out> to a value for a test's ENVIRONMENT when the test is started by the Python interpreter. The folders are
# where it looks for modules; generator expressions are welcome.
function(adder_python_test_environment out)
  list(JOIN ARGN ":" path)
  if(ADDER_TEST_PYTHONPATH)
    string(APPEND path ":${ADDER_TEST_PYTHONPATH}")
  endif()
  set(environment PYTHONPATH=${path} PYTHONDONTWRITEBYTECODE=1 ${ADDER_SANITIZER_ENVIRONMENT})
  if(Python_SOABI MATCHES "^cpython-[0-9]+t")
    list(APPEND environment PYTHON_GIL=0)  # Or a module that does not say that it needs no GIL would turn it on.
  endif()
  if(ADDER_SANITIZER_PRELOAD)
    list(JOIN ADDER_SANITIZER_PRELOAD ":" preload)
    list(APPEND environment LD_PRELOAD=${preload})
  endif()
  set(${out} ${environment} PARENT_SCOPE)
endfunction()

# adder_embedded_test_environment(<out> [<folder>...]): the same for a program that embeds Python.
#
# Such a program derives its standard library from the first python3 on PATH, which may be another Python than the one
# it was linked with.
function(adder_embedded_test_environment out)
  if(NOT DEFINED CACHE{ADDER_PYTHON_HOME})
    execute_process(COMMAND ${Python_EXECUTABLE} -c "import sys; print(sys.base_prefix)"
                    OUTPUT_VARIABLE home OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
    set(ADDER_PYTHON_HOME ${home} CACHE INTERNAL "PYTHONHOME for embedded interpreters")
  endif()
  list(JOIN ARGN ":" path)
  set(${out} PYTHONPATH=${path} PYTHONHOME=${ADDER_PYTHON_HOME} PYTHONDONTWRITEBYTECODE=1
             ${ADDER_SANITIZER_ENVIRONMENT} PARENT_SCOPE)
endfunction()

# adder_add_skipped_test(<name> <reason>): keeps a test on the list that cannot run here, and says what it lacks.
function(adder_add_skipped_test name reason)
  add_test(NAME ${name} COMMAND ${CMAKE_COMMAND} -E echo "SKIPPED: ${reason}")
  set_tests_properties(${name} PROPERTIES SKIP_REGULAR_EXPRESSION "^SKIPPED: ")
endfunction()
