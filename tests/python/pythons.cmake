# SPDX-License-Identifier: MIT
# Texts of errors differ between versions of Python, and so do the GIL and the end of the interpreter: some tests once
# more, with each further CPython of this machine. A machine may well have none, which is no failure: then the
# configuration says so.

# adder_find_further_pythons(<out>)
#
# Looks on PATH and among pyenv's versions. Sets <out> to one CPython for each version from 3.10 on, but the one that
# everything is built for, as <version>|<interpreter>|<folder of Python.h>|<suffix of extension modules>.
function(adder_find_further_pythons out)
  file(TO_CMAKE_PATH "$ENV{PATH}" folders)
  foreach(root IN ITEMS "$ENV{PYENV_ROOT}" "$ENV{HOME}/.pyenv")
    if(root)
      file(GLOB found LIST_DIRECTORIES true "${root}/versions/*/bin")
      list(APPEND folders ${found})
    endif()
  endforeach()
  list(REMOVE_DUPLICATES folders)

  set(known ${Python_VERSION_MAJOR}.${Python_VERSION_MINOR})
  set(pythons "")
  foreach(folder IN LISTS folders)
    file(GLOB candidates "${folder}/python3.*")
    list(FILTER candidates INCLUDE REGEX "/python3\\.[0-9]+t?$")
    list(SORT candidates COMPARE NATURAL)
    foreach(candidate IN LISTS candidates)
      # A debug build of Python needs flags of its own: see the preset pydebug.
      execute_process(COMMAND ${candidate} -c [[
import os, sys, sysconfig
folder = sysconfig.get_path("include")
assert sys.implementation.name == "cpython" and sys.version_info >= (3, 10) and "d" not in sys.abiflags
assert os.path.exists(os.path.join(folder, "Python.h"))
version = "{}.{}{}".format(*sys.version_info[:2], sys.abiflags)
print(version, sys.executable, folder, sysconfig.get_config_var("EXT_SUFFIX"), sep="|")
]]
                      RESULT_VARIABLE result OUTPUT_VARIABLE python ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
      string(REGEX REPLACE "\\|.*" "" version "${python}")
      if(result EQUAL 0 AND NOT version IN_LIST known)  # pyenv's shims of versions that are not chosen fail, for one
        list(APPEND known ${version})
        list(APPEND pythons ${python})
      endif()
    endforeach()
  endforeach()
  list(SORT pythons COMPARE NATURAL)
  foreach(python IN LISTS pythons)
    string(REGEX REPLACE "^([^|]+)\\|([^|]+)\\|.*" "\\1: \\2" python "${python}")
    message(STATUS "Some tests also run with Python ${python}")
  endforeach()
  if(NOT pythons)
    message(STATUS "All tests run with Python ${Python_VERSION_MAJOR}.${Python_VERSION_MINOR} only: no further CPython "
                   "from 3.10 on, with its headers, is on PATH or among pyenv's versions")
  endif()
  set(${out} ${pythons} PARENT_SCOPE)
endfunction()

# adder_test_further_pythons(<pythons> <name> <sources> <argument>...)
#
# With each of the Pythons: pythons.build_<version> builds, from the sources, the module <name>_ext, together with those
# of other calls, and pythons.<name>_<version> runs the interpreter with the arguments.
function(adder_test_further_pythons pythons name sources)
  foreach(python IN LISTS pythons)
    string(REPLACE "|" ";" python "${python}")
    list(POP_FRONT python version interpreter headers suffix)

    # Not through adder::adder, which brings the headers of the Python that everything else is built for.
    set(target ${name}_ext_python${version})
    set(folder ${CMAKE_CURRENT_BINARY_DIR}/python${version})
    add_library(${target} MODULE EXCLUDE_FROM_ALL ${sources})
    target_compile_features(${target} PRIVATE cxx_std_20)
    target_include_directories(${target} PRIVATE ${adder_include})
    target_include_directories(${target} SYSTEM PRIVATE ${headers})
    if(NOT ADDER_CHECKED STREQUAL "AUTO")
      target_compile_definitions(${target} PRIVATE ADDER_CHECKED=$<BOOL:${ADDER_CHECKED}>)
    endif()
    adder_project_warnings(${target})
    set_target_properties(${target} PROPERTIES PREFIX "" OUTPUT_NAME ${name}_ext SUFFIX ${suffix}
                          LIBRARY_OUTPUT_DIRECTORY ${folder} CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)

    set(all modules_python${version})
    if(NOT TARGET ${all})
      add_custom_target(${all})
      add_test(NAME pythons.build_${version}
               COMMAND ${CMAKE_COMMAND} --build ${CMAKE_BINARY_DIR} --target ${all} --parallel 2)
      set_tests_properties(pythons.build_${version} PROPERTIES FIXTURES_SETUP ${all} RESOURCE_LOCK build_folder
                                                               PROCESSORS 2 TIMEOUT 900)
    endif()
    add_dependencies(${all} ${target})
    adder_python_test_environment(environment ${folder})
    add_test(NAME pythons.${name}_${version} COMMAND ${interpreter} ${ARGN}
             WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
    set_tests_properties(pythons.${name}_${version} PROPERTIES FIXTURES_REQUIRED ${all} ENVIRONMENT "${environment}"
                                                               TIMEOUT 600)
  endforeach()
endfunction()
