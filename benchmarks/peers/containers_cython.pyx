# SPDX-License-Identifier: MIT
# cython: language_level=3, binding=False
"""Conversions of containers, in Cython."""
from libc.stdint cimport int64_t
from libcpp.string cimport string
from libcpp.unordered_map cimport unordered_map
from libcpp.vector cimport vector
from cpython.unicode cimport PyUnicode_AsUTF8AndSize


cdef extern from "containers.hpp" namespace "containers":
    int64_t c_sum_list "containers::sum_list" (const vector[int64_t]&)
    int64_t c_sum_dict "containers::sum_dict" (const unordered_map[string, int64_t]&)
    const vector[int64_t]& c_make_list "containers::make_list" ()
    const unordered_map[string, int64_t]& c_make_dict "containers::make_dict" ()
    # Cython's loop over a map does not take a const one.
    unordered_map[string, int64_t]& changeable "const_cast<containers::Dict&>" (const unordered_map[string, int64_t]&)


def sum_list(list values not None, /):
    cdef vector[int64_t] loaded
    cdef int64_t value
    loaded.reserve(len(values))
    for value in values:
        loaded.push_back(value)
    return c_sum_list(loaded)


def make_list():
    cdef const vector[int64_t]* made = &c_make_list()
    cdef size_t i
    return [made.at(i) for i in range(made.size())]


def sum_dict(dict values not None, /):
    cdef unordered_map[string, int64_t] loaded
    cdef Py_ssize_t size
    cdef const char* data
    for key, value in values.items():
        data = PyUnicode_AsUTF8AndSize(key, &size)
        loaded[string(data, size)] = value
    return c_sum_dict(loaded)


def make_dict():
    cdef dict result = {}
    for item in changeable(c_make_dict()):
        result[item.first.data()[:item.first.size()].decode("utf-8")] = item.second
    return result
