# SPDX-License-Identifier: MIT
# What a project that uses adder calls. Comes with add_subdirectory(adder) as well as with find_package(adder).
include_guard(GLOBAL)

# Finds CPython's headers, and libpython if it is there: extension modules need the first, embedders both.
# A macro, so that the Python_* variables reach the caller.
macro(adder_find_python)
  find_package(Python 3.10 REQUIRED QUIET COMPONENTS Interpreter Development.Module
               OPTIONAL_COMPONENTS Development.Embed)
endmacro()

# adder_add_module(<name> <source>...)
#
# Adds a Python extension module. <name> is what Python imports and what ADDER_MODULE says; for another target name,
# set the target's OUTPUT_NAME. An extension must not link libpython: the interpreter that loads it has the symbols.
function(adder_add_module name)
  if(NOT DEFINED Python_SOABI)
    adder_find_python()
  endif()
  add_library(${name} MODULE ${ARGN})
  target_link_libraries(${name} PRIVATE adder::adder Python::Module)
  if(WIN32)
    set(extension .pyd)
  else()
    set(extension .so)
  endif()
  if(Python_SOABI)
    string(PREPEND extension .${Python_SOABI})
  endif()
  # Hidden: two modules in one process may have been built against different versions of adder.
  set_target_properties(${name} PROPERTIES PREFIX "" SUFFIX ${extension}
                        CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
endfunction()

# adder_add_embedded(<name> <source>...)
#
# Adds a program that runs a Python interpreter inside itself.
function(adder_add_embedded name)
  if(NOT TARGET Python::Python)
    message(FATAL_ERROR "adder_add_embedded(${name}): this Python has no library to embed. Install its development "
                        "package (Debian: libpython3-dev), or choose another Python with -DPython_EXECUTABLE=...")
  endif()
  add_executable(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE adder::adder Python::Python)
  # With a static libpython, extension modules find the interpreter's symbols in the program itself.
  set_target_properties(${name} PROPERTIES ENABLE_EXPORTS ON)
endfunction()
