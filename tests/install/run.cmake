# SPDX-License-Identifier: MIT
# Builds hello.cpp in the given WAY inside the folder WORK, imports it and calls it.
function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

set(here ${CMAKE_CURRENT_LIST_DIR})
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK}/build)

if(WAY STREQUAL "plain_compiler")
  execute_process(COMMAND ${PYTHON} -c "import sysconfig as s; print(s.get_path('include'), s.get_config_var('EXT_SUFFIX'))"
                  OUTPUT_VARIABLE answer OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCH "^(.*) (.*)$" answer "${answer}")
  run(${CXX} -std=c++20 -shared -fPIC -I${ADDER_SOURCE}/include -I${CMAKE_MATCH_1} ${here}/hello.cpp
      -o ${WORK}/build/hello${CMAKE_MATCH_2})
else()
  if(WAY STREQUAL "find_package")
    run(${CMAKE_COMMAND} --install ${ADDER_BUILD} --prefix ${WORK}/prefix)
    set(where -D CMAKE_PREFIX_PATH=${WORK}/prefix)
  else()
    set(where -D ADDER_SOURCE=${ADDER_SOURCE})
  endif()
  run(${CMAKE_COMMAND} -S ${here}/${WAY} -B ${WORK}/build -G ${GENERATOR} ${where}
      -D CMAKE_CXX_COMPILER=${CXX} -D CMAKE_BUILD_TYPE=Release -D Python_EXECUTABLE=${PYTHON})
  run(${CMAKE_COMMAND} --build ${WORK}/build)
endif()

run(${CMAKE_COMMAND} -E env PYTHONPATH=${WORK}/build PYTHONDONTWRITEBYTECODE=1 ${PYTHON} ${here}/check_hello.py)
