# SPDX-License-Identifier: MIT
# cmake -D CLANG_FORMAT=... -D ROOT=... [-D FIX=ON] -P format.cmake: checks the layout of all C++ files, or mends it.
set(files "")
foreach(folder IN ITEMS include tests examples benchmarks)
  file(GLOB_RECURSE found ${ROOT}/${folder}/*.hpp ${ROOT}/${folder}/*.cpp)
  list(APPEND files ${found})
endforeach()
if(FIX)
  set(mode -i)
else()
  set(mode --dry-run -Werror --ferror-limit=1)  # naming the file is enough
endif()
execute_process(COMMAND ${CLANG_FORMAT} --style=file ${mode} ${files} RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "clang-format would change files; \"cmake --build <build folder> --target format\" mends them")
endif()
