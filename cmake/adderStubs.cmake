# SPDX-License-Identifier: MIT
# Types for type checkers: adder_add_stub() writes the .pyi files of a module. Comes with adderModule.cmake.
include_guard(GLOBAL)

# Where the generator is: beside this file in the sources, and where CMake has installed adder; above it, in what pip has
# installed.
set(_adder_stubs_program "")
foreach(_adder_folder IN ITEMS python/adder ../../..)
  if(EXISTS ${CMAKE_CURRENT_LIST_DIR}/${_adder_folder}/stubs/__main__.py)
    cmake_path(SET _adder_stubs_program NORMALIZE ${CMAKE_CURRENT_LIST_DIR}/${_adder_folder}/stubs)
    break()
  endif()
endforeach()
set_property(GLOBAL PROPERTY ADDER_STUBS_PROGRAM "${_adder_stubs_program}")

# adder_add_stub(<target> [MODULE <package.name>] [OUTPUT <folder>] [INSTALL <destination>] [COMPONENT <name>]
#                [PY_TYPED] [STRICT] [LINK_LIBRARIES])
#
# Writes the types of a module that adder_add_module() has added, with everything else that is built: the target is called
# <target>_stub. They come from a second compilation of the target's sources, with its options and ADDER_STUBS, whose
# declarations are run; the module itself stays what it is. The libraries that the target links are not linked then: what
# the module's body calls of them, and what static objects call, is an error that ends the stub there.
#
# MODULE          What is imported, if that is not the target's file name: package._core.
# OUTPUT          Where the files go; by default, to the module.
# INSTALL         Installs them there, in the COMPONENT.
# PY_TYPED        Writes py.typed, too, which tells type checkers that a package has types.
# STRICT          Fails where a type is not known, or a name cannot be written down.
# LINK_LIBRARIES  Links the libraries of the target. Always done where the system is not Linux.
#
# When CMake compiles for another system, ADDER_HOST_CXX and ADDER_HOST_PYTHON have to say which compiler and which Python,
# with its headers, do so for this one; ADDER_HOST_CXX_FLAGS may have options for that compiler. The target's include
# folders and definitions are used, its options are not.
function(adder_add_stub target)
  cmake_parse_arguments(PARSE_ARGV 1 stub "PY_TYPED;STRICT;LINK_LIBRARIES" "MODULE;OUTPUT;INSTALL;COMPONENT" "")
  if(stub_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "adder_add_stub(${target}): what is ${stub_UNPARSED_ARGUMENTS}?")
  elseif(NOT TARGET ${target})
    message(FATAL_ERROR "adder_add_stub(${target}): there is no such target; adder_add_module(${target} ...) goes first")
  endif()
  get_property(program GLOBAL PROPERTY ADDER_STUBS_PROGRAM)
  if(NOT program)
    message(FATAL_ERROR "adder_add_stub(${target}): this installation of adder lacks its folder python/adder/stubs")
  endif()

  set(by_host OFF)
  set(python ${Python_EXECUTABLE})
  set(compiler ${CMAKE_CXX_COMPILER})
  set(flags ${CMAKE_CXX_FLAGS})
  if(CMAKE_CROSSCOMPILING OR ADDER_HOST_CXX)
    if(NOT ADDER_HOST_CXX OR NOT ADDER_HOST_PYTHON)
      message(FATAL_ERROR "adder_add_stub(${target}): the stub of a module for another system is made by a compiler and a \
Python of this one. Name them: -D ADDER_HOST_CXX=g++ -D ADDER_HOST_PYTHON=/usr/bin/python3")
    endif()
    set(by_host ON)
    set(python ${ADDER_HOST_PYTHON})
    set(compiler ${ADDER_HOST_CXX})
    set(flags ${ADDER_HOST_CXX_FLAGS})
  endif()
  separate_arguments(flags NATIVE_COMMAND "${flags}")

  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${target}_stub)
  get_property(is_multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  if(is_multi_config)
    string(APPEND folder /$<CONFIG>)
  endif()
  if(NOT stub_OUTPUT)
    set(stub_OUTPUT $<TARGET_FILE_DIR:${target}>)
  else()
    cmake_path(ABSOLUTE_PATH stub_OUTPUT BASE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
  endif()
  if(NOT stub_MODULE)
    set(stub_MODULE $<TARGET_FILE_BASE_NAME:${target}>)
  endif()

  if(by_host)
    if(stub_LINK_LIBRARIES)
      message(FATAL_ERROR "adder_add_stub(${target}): the libraries are those of another system, so no LINK_LIBRARIES")
    endif()
    _adder_host_stub_objects(${target})
    set(files ${objects})
  else()
    add_library(${target}_stub_objects OBJECT EXCLUDE_FROM_ALL)
    _adder_like(${target}_stub_objects ${target})
    # What a compiler has precompiled counts as an object.
    set(files "$<FILTER:$<TARGET_OBJECTS:${target}_stub_objects>,EXCLUDE,\\.(gch|pch)$>")
    # Sources may be added below, for as long as this folder is read.
    cmake_language(EVAL CODE "cmake_language(DEFER CALL _adder_stub_sources [[${target}]])")
    if(stub_LINK_LIBRARIES OR NOT CMAKE_HOST_SYSTEM_NAME STREQUAL "Linux")
      add_library(${target}_stub_module MODULE EXCLUDE_FROM_ALL "${files}")
      _adder_like(${target}_stub_module ${target})
      set_target_properties(${target}_stub_module PROPERTIES PREFIX "" LINKER_LANGUAGE CXX
                            LIBRARY_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/${target}_stub_module)
      set(files $<TARGET_FILE:${target}_stub_module>)
    endif()
  endif()

  set(options "")
  foreach(flag IN LISTS flags)
    list(APPEND options --link-option=${flag})
  endforeach()
  if(NOT by_host AND CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
    list(APPEND options --link-option=-fno-sanitize=all --link-option=-fno-lto)
  endif()
  if(stub_PY_TYPED)
    list(APPEND options --py-typed)
  endif()
  if(stub_STRICT)
    list(APPEND options --strict)
  endif()
  file(GLOB generator CONFIGURE_DEPENDS ${program}/*.py)
  # Outside of the folder, which is installed.
  set(stamp ${folder}.stamp)
  add_custom_command(
    OUTPUT ${stamp}
    COMMAND ${CMAKE_COMMAND} -E rm -rf ${folder}
    COMMAND ${python} -B ${program}/__main__.py --module ${stub_MODULE} --output ${folder} --compiler ${compiler} ${options}
            ${files}
    COMMAND ${CMAKE_COMMAND} -E copy_directory ${folder} ${stub_OUTPUT}
    COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
    DEPENDS ${files} ${generator}
    COMMENT "Writing the types of ${target}"
    COMMAND_EXPAND_LISTS VERBATIM)
  add_custom_target(${target}_stub ALL DEPENDS ${stamp})
  if(NOT by_host)
    add_dependencies(${target}_stub ${target}_stub_objects)  # Makefiles do not see it by the files.
  endif()
  if(stub_INSTALL)
    set(component "")
    if(stub_COMPONENT)
      set(component COMPONENT ${stub_COMPONENT})
    endif()
    install(DIRECTORY ${folder}/ DESTINATION ${stub_INSTALL} ${component})
  endif()
endfunction()

# Compiles and links the new target as the other one, but in a stub build, quickly, and without what needs a run-time.
function(_adder_like new target)
  set(libraries $<TARGET_PROPERTY:${target},LINK_LIBRARIES>)
  # A stub build has adder's plain functions in its own objects, and in a namespace of its own.
  target_link_libraries(${new} PRIVATE "$<FILTER:${libraries},EXCLUDE,^(adder_core|Python::Module)$>" adder::adder)
  target_include_directories(${new} PRIVATE $<TARGET_PROPERTY:${target},INCLUDE_DIRECTORIES>)
  set(definitions $<TARGET_PROPERTY:${target},COMPILE_DEFINITIONS>)
  target_compile_definitions(${new} PRIVATE "$<FILTER:${definitions},EXCLUDE,^ADDER_(COMPILED|LOCK_ORDER)=>" ADDER_STUBS=1)
  target_compile_options(${new} PRIVATE $<TARGET_PROPERTY:${target},COMPILE_OPTIONS>)
  if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
    target_compile_options(${new} PRIVATE -w -O0 -g0 -U_FORTIFY_SOURCE -fno-sanitize=all -fno-lto -fno-profile-arcs
                                          -fno-test-coverage)
  endif()
  set_target_properties(${new} PROPERTIES POSITION_INDEPENDENT_CODE ON EXPORT_COMPILE_COMMANDS OFF
                        CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
                        INTERPROCEDURAL_OPTIMIZATION OFF UNITY_BUILD OFF OPTIMIZE_DEPENDENCIES ON CXX_CLANG_TIDY "" CXX_INCLUDE_WHAT_YOU_USE "")
endfunction()

# The sources of a target, and of how they are compiled what no generator expression can say.
function(_adder_stub_sources target)
  get_target_property(sources ${target} SOURCES)
  get_target_property(from ${target} SOURCE_DIR)
  set(absolute "")
  foreach(source IN LISTS sources)
    if(NOT source MATCHES "^\\$<")
      cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${from})
      if(NOT EXISTS ${source})
        get_target_property(built_in ${target} BINARY_DIR)
        cmake_path(RELATIVE_PATH source BASE_DIRECTORY ${from} OUTPUT_VARIABLE relative)
        if(EXISTS ${built_in}/${relative})
          set(source ${built_in}/${relative})
        endif()
      endif()
    endif()
    list(APPEND absolute ${source})
  endforeach()
  target_sources(${target}_stub_objects PRIVATE ${absolute})
  foreach(property IN ITEMS CXX_STANDARD CXX_STANDARD_REQUIRED CXX_EXTENSIONS PRECOMPILE_HEADERS)
    get_target_property(value ${target} ${property})
    if(NOT value STREQUAL "value-NOTFOUND")
      set_target_properties(${target}_stub_objects PROPERTIES ${property} "${value}")
    endif()
  endforeach()
endfunction()

# Sets `objects` to the object files of a target's C++ sources by the compiler of this system.
function(_adder_host_stub_objects target)
  execute_process(COMMAND ${python} -c "import sysconfig; print(sysconfig.get_path('include'), \
sysconfig.get_path('platinclude'), sep=chr(59))"
                  OUTPUT_VARIABLE python_headers OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
  list(REMOVE_DUPLICATES python_headers)
  list(GET python_headers 0 first)
  if(failed OR NOT EXISTS ${first}/Python.h)
    message(FATAL_ERROR "adder_add_stub(${target}): ADDER_HOST_PYTHON, which is ${python}, has no headers in '${first}'")
  endif()
  get_target_property(sources ${target} SOURCES)
  get_target_property(from ${target} SOURCE_DIR)
  get_target_property(standard ${target} CXX_STANDARD)
  if(NOT standard OR standard LESS 20)
    set(standard 20)
  endif()
  set(definitions "$<FILTER:$<TARGET_PROPERTY:${target},COMPILE_DEFINITIONS>,EXCLUDE,^ADDER_(COMPILED|LOCK_ORDER)=>")
  set(includes $<TARGET_PROPERTY:${target},INCLUDE_DIRECTORIES>)
  set(objects "")
  set(i 0)
  foreach(source IN LISTS sources)
    if(NOT source MATCHES "\\.(cc|cpp|cxx|c\\+\\+|C|cppm|ixx)$")
      continue()
    endif()
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${from})
    set(object ${CMAKE_CURRENT_BINARY_DIR}/${target}_stub_objects/${i}.o)
    math(EXPR i "${i} + 1")
    add_custom_command(
      OUTPUT ${object}
      COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_CURRENT_BINARY_DIR}/${target}_stub_objects
      COMMAND ${compiler} -std=c++${standard} -w -O0 -fPIC -fvisibility=hidden ${flags}
              "$<$<BOOL:${definitions}>:-D$<JOIN:${definitions},;-D>>" -DADDER_STUBS=1 "-I$<JOIN:${python_headers},;-I>"
              "$<$<BOOL:${includes}>:-I$<JOIN:${includes},;-I>>" -MD -MT ${object} -MF ${object}.d -c ${source} -o ${object}
      DEPENDS ${source} DEPFILE ${object}.d
      COMMENT "Compiling ${source} for the types of ${target}"
      COMMAND_EXPAND_LISTS VERBATIM)
    list(APPEND objects ${object})
  endforeach()
  set(objects ${objects} PARENT_SCOPE)
endfunction()
