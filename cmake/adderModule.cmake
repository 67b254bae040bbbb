# SPDX-License-Identifier: MIT
# What a project that uses adder calls. Comes with add_subdirectory(adder) as well as with find_package(adder).
include_guard(GLOBAL)

# Finds CPython's headers, and libpython if it is there: extension modules need the first, embedders both.
# A macro, so that the Python_* variables reach the caller.
macro(adder_find_python)
  find_package(Python 3.10 REQUIRED QUIET COMPONENTS Interpreter Development.Module
               OPTIONAL_COMPONENTS Development.Embed)
  # FindPython knows what belongs to a free-threaded interpreter (python3.13t), but keeps headers that it found for an
  # earlier Python_EXECUTABLE of the same version. Built with those, modules would be loaded, and crash.
  if(Python_INCLUDE_DIRS MATCHES "/python3\\.[0-9]+(t?)d?m?$")
    set(_adder_headers "GIL${CMAKE_MATCH_1}")
    if(Python_SOABI MATCHES "^cpython-[0-9]+(t?)" AND NOT _adder_headers STREQUAL "GIL${CMAKE_MATCH_1}")
      message(FATAL_ERROR "The headers in ${Python_INCLUDE_DIRS} are not those of ${Python_EXECUTABLE}, as one of the "
                          "two is free-threaded. Take an empty build folder, or cmake --fresh.")
    endif()
  endif()
endmacro()

# adder_check_lock_order(<target>)
#
# Has checked builds of the target print when locks, the GIL among them, are taken in orders that can deadlock, whether
# or not they do. Done for all that the functions below add, unless ADDER_LOCK_ORDER is off; to be called for static
# libraries that are linked into such targets. See token/detail/lock_order.hpp.
option(ADDER_LOCK_ORDER "Look for deadlocks in checked builds" ON)
function(adder_check_lock_order target)
  if(NOT CMAKE_SYSTEM_NAME STREQUAL "Linux" OR NOT ADDER_LOCK_ORDER)
    return()
  endif()
  if(NOT DEFINED ADDER_CHECKED OR ADDER_CHECKED STREQUAL "AUTO")
    set(checked $<NOT:$<CONFIG:Release,RelWithDebInfo,MinSizeRel>>)  # Those define NDEBUG.
  else()
    set(checked $<BOOL:${ADDER_CHECKED}>)
  endif()
  set(wraps pthread_once __cxa_guard_acquire __cxa_guard_release __cxa_guard_abort)
  foreach(call IN ITEMS lock trylock unlock)
    list(APPEND wraps pthread_mutex_${call})
  endforeach()
  foreach(call IN ITEMS rdlock tryrdlock wrlock trywrlock unlock)
    list(APPEND wraps pthread_rwlock_${call})
  endforeach()
  target_compile_definitions(${target} PRIVATE $<${checked}:ADDER_LOCK_ORDER=1>)
  foreach(call IN LISTS wraps)
    target_link_options(${target} PRIVATE $<${checked}:LINKER:--wrap=${call}>)
  endforeach()
endfunction()

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
  adder_check_lock_order(${name})
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
  adder_check_lock_order(${name})
endfunction()
