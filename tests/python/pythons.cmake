# SPDX-License-Identifier: MIT
# Texts of errors differ between versions of Python: the comparison of test_signatures.py once more, with each further
# CPython of this machine. A machine may well have none, which is no failure: then the configuration says so.

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
  set(${out} ${pythons} PARENT_SCOPE)
endfunction()

# adder_test_further_pythons(<source>...): builds signatures_ext for each of them, as a test, and compares.
function(adder_test_further_pythons)
  adder_find_further_pythons(pythons)
  if(NOT pythons)
    message(STATUS "Error texts are compared with Python ${Python_VERSION_MAJOR}.${Python_VERSION_MINOR} only: no "
                   "further CPython from 3.10 on, with its headers, is on PATH or among pyenv's versions")
  endif()
  foreach(python IN LISTS pythons)
    string(REPLACE "|" ";" python "${python}")
    list(POP_FRONT python version interpreter headers suffix)
    message(STATUS "Error texts are also compared with Python ${version}: ${interpreter}")

    # Not through adder::adder, which brings the headers of the Python that everything else is built for.
    set(target signatures_ext_python${version})
    set(folder ${CMAKE_CURRENT_BINARY_DIR}/python${version})
    add_library(${target} MODULE EXCLUDE_FROM_ALL ${ARGN})
    target_compile_features(${target} PRIVATE cxx_std_20)
    target_include_directories(${target} PRIVATE ${adder_include})
    target_include_directories(${target} SYSTEM PRIVATE ${headers})
    if(NOT ADDER_CHECKED STREQUAL "AUTO")
      target_compile_definitions(${target} PRIVATE ADDER_CHECKED=$<BOOL:${ADDER_CHECKED}>)
    endif()
    adder_project_warnings(${target})
    set_target_properties(${target} PROPERTIES PREFIX "" OUTPUT_NAME signatures_ext SUFFIX ${suffix}
                          LIBRARY_OUTPUT_DIRECTORY ${folder} CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)

    add_test(NAME pythons.build_${version}
             COMMAND ${CMAKE_COMMAND} --build ${CMAKE_BINARY_DIR} --target ${target} --parallel 2)
    set_tests_properties(pythons.build_${version} PROPERTIES FIXTURES_SETUP signatures_${version}
                         RESOURCE_LOCK build_folder PROCESSORS 2 TIMEOUT 900)
    adder_python_test_environment(environment ${folder})
    add_test(NAME pythons.signatures_${version} COMMAND ${interpreter} check_signatures.py
             WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
    set_tests_properties(pythons.signatures_${version} PROPERTIES FIXTURES_REQUIRED signatures_${version}
                         ENVIRONMENT "${environment}" TIMEOUT 600)
  endforeach()
endfunction()
