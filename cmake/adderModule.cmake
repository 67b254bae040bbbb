# SPDX-License-Identifier: MIT
# What a project that uses adder calls. Comes with add_subdirectory(adder) as well as with find_package(adder).
include_guard(GLOBAL)
include(${CMAKE_CURRENT_LIST_DIR}/adderStubs.cmake)

# _adder_look_for_python([QUIET])
#
# Sets _adder_no_python to what is wrong, or to nothing. A macro, so that the Python_* variables reach the caller.
macro(_adder_look_for_python)
  find_package(Python 3.10 ${ARGN} COMPONENTS Interpreter Development.Module OPTIONAL_COMPONENTS Development.Embed)
  set(_adder_no_python "")
  if(NOT Python_FOUND)
    if(Python_VERSION AND Python_VERSION VERSION_LESS 3.10)
      set(_adder_no_python "adder needs CPython 3.10 or newer, and ${Python_EXECUTABLE} is ${Python_VERSION}. Choose \
another one with -D Python_EXECUTABLE=...")
    elseif(NOT Python_Interpreter_FOUND)
      set(_adder_no_python "adder needs CPython 3.10 or newer, and CMake does not find it. Say where it is with \
-D Python_EXECUTABLE=...")
    else()
      set(_adder_no_python "adder needs the headers of ${Python_EXECUTABLE} (${Python_VERSION}), and CMake does not find \
them. Install its development package (Debian: python3-dev), or choose another Python with -D Python_EXECUTABLE=...")
    endif()
  # FindPython knows what belongs to a free-threaded interpreter (python3.13t), but keeps headers that it found for an
  # earlier Python_EXECUTABLE of the same version. Built with those, modules would be loaded, and crash.
  elseif(Python_INCLUDE_DIRS MATCHES "/python3\\.[0-9]+(t?)d?m?$")
    set(_adder_headers "GIL${CMAKE_MATCH_1}")
    string(REGEX MATCH "^cpython-[0-9]+(t?)" _adder_soabi "${Python_SOABI}")  # In the if below, it would come too late.
    if(_adder_soabi AND NOT _adder_headers STREQUAL "GIL${CMAKE_MATCH_1}")
      set(_adder_no_python "The headers in ${Python_INCLUDE_DIRS} are not those of ${Python_EXECUTABLE}, as one of the \
two is free-threaded. Take an empty build folder, or cmake --fresh.")
    endif()
  endif()
endmacro()

# Finds CPython's headers, and libpython if it is there: extension modules need the first, embedders both.
macro(adder_find_python)
  _adder_look_for_python(QUIET)
  if(_adder_no_python)
    message(FATAL_ERROR "${_adder_no_python}")
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

# adder_use_core(<target>)
#
# Links the target with adder, and with adder's plain functions compiled once. adder_add_module() and
# adder_add_embedded() do so by themselves; call it for static libraries that are linked into such targets. A target
# that links adder::adder alone compiles what it needs of those functions itself, in each file. Files of both kinds
# cannot be linked with each other, unless they share nothing of adder's.
#
# The compiled core is one static library for a build: of its build type, its ADDER_CHECKED, its sanitizers and its
# Python, all of which are the same for the whole build. Set ADDER_HEADER_ONLY to do without it.
option(ADDER_HEADER_ONLY "Have each file compile the functions of adder that it needs, and no compiled core" OFF)
function(adder_use_core target)
  target_link_libraries(${target} PRIVATE adder::adder)
  if(ADDER_HEADER_ONLY)
    return()
  endif()
  if(NOT TARGET adder_core)
    # What the headers leave out, wherever they are.
    get_property(include GLOBAL PROPERTY ADDER_INCLUDE_DIR)
    file(GLOB_RECURSE files RELATIVE ${include} CONFIGURE_DEPENDS ${include}/adder/*_inl.hpp)
    list(FILTER files EXCLUDE REGEX "^adder/typing/")  # What only stub builds have, each on its own.
    # A small module does without some of it, which has files of its own: the linker drops a single function, but the texts
    # of clang++ with the whole object file only.
    set(sources "")
    set(of_array "^adder/array/")
    set(of_embed "^adder/embed/")
    set(of_module "^adder/module/")
    set(of_stl "^adder/stl/")
    set(special containers|data_class|enum_table|generator|overridable|part_link|pickle|shared_from)
    set(of_special_classes "^adder/class/detail/(${special})_inl")
    set(of_class "^adder/class/")
    set(of_core ".")
    foreach(name array embed module stl special_classes class core)
      set(own ${files})
      list(FILTER own INCLUDE REGEX "${of_${name}}")
      list(REMOVE_ITEM files ${own})
      list(TRANSFORM own REPLACE "(.+)" "#include \"\\1\"\n")
      list(JOIN own "" includes)
      set(source ${CMAKE_BINARY_DIR}/adder_core/adder_${name}.cpp)
      file(CONFIGURE OUTPUT ${source} CONTENT "// The plain functions of adder, once.\n${includes}" @ONLY)
      list(APPEND sources ${source})
    endforeach()
    add_library(adder_core STATIC ${sources})
    target_link_libraries(adder_core PUBLIC adder::adder)
    target_compile_definitions(adder_core PUBLIC ADDER_COMPILED=1)
    set_target_properties(adder_core PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden
                                                VISIBILITY_INLINES_HIDDEN ON EXPORT_COMPILE_COMMANDS OFF)
    # A module keeps the functions that it calls.
    if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
      target_compile_options(adder_core PRIVATE -ffunction-sections -fdata-sections)
    endif()
    if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
      # Nor does it show them to other modules, whatever the visibility of their classes.
      target_link_options(adder_core INTERFACE LINKER:--gc-sections LINKER:--exclude-libs,libadder_core.a)
    endif()
    adder_check_lock_order(adder_core)
  endif()
  target_link_libraries(${target} PRIVATE adder_core)
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
  adder_use_core(${name})
  target_link_libraries(${name} PRIVATE Python::Module)
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
  adder_use_core(${name})
  target_link_libraries(${name} PRIVATE Python::Python)
  # With a static libpython, extension modules find the interpreter's symbols in the program itself.
  set_target_properties(${name} PROPERTIES ENABLE_EXPORTS ON)
  adder_check_lock_order(${name})
endfunction()

# adder_import(<target>)
#
# Sources of the target may say `import adder;`, beside which `#include <adder/module/macros.hpp>` has ADDER_MODULE. The
# module is compiled once for the target, with its options. Needs CMake 3.28 with Ninja, and g++ 16 or clang 19.
set(_ADDER_INTERFACE_DIR ${CMAKE_CURRENT_LIST_DIR} CACHE INTERNAL "Where adder.cppm is")
function(adder_import target)
  if(CMAKE_VERSION VERSION_LESS 3.28)
    message(FATAL_ERROR "adder_import(${target}) needs CMake 3.28, the first that knows modules of C++20. With this "
                        "one, include the headers")
  endif()
  target_sources(${target} PRIVATE FILE_SET adder_interface TYPE CXX_MODULES BASE_DIRS ${_ADDER_INTERFACE_DIR}
                                   FILES ${_ADDER_INTERFACE_DIR}/adder.cppm)
  set_target_properties(${target} PROPERTIES CXX_SCAN_FOR_MODULES ON)
endfunction()
