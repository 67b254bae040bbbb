# SPDX-License-Identifier: MIT
# distutils: language = c++
# cython: language_level=3, embedsignature=False, binding=False, freelist=0
"""Calls and classes, in Cython."""
cimport cython
from libc.stdint cimport int64_t, uint8_t
from libcpp cimport bool as cbool
from libcpp.string cimport string
from libcpp.vector cimport vector
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from cpython.unicode cimport PyUnicode_AsUTF8AndSize


cdef extern from "calls.hpp" namespace "calls":
    const string& c_text "calls::text" ()
    size_t c_length_of_string "calls::length_of_string" (const string&)
    int64_t c_reject_standard "calls::reject_standard" () except +
    vector[int64_t] c_doubled "calls::doubled" (vector[int64_t])


def take_0(): return 0
def take_1(int64_t a, /): return a
def take_2(int64_t a, int64_t b, /): return a + b
def take_3(int64_t a, int64_t b, int64_t c, /): return a + b + c
def take_4(int64_t a, int64_t b, int64_t c, int64_t d, /): return a + b + c + d
def take_6(int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f, /): return a + b + c + d + e + f
def take_8(int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f, int64_t g, int64_t h, /):
    return a + b + c + d + e + f + g + h
def take_12(int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f, int64_t g, int64_t h, int64_t i, int64_t j,
            int64_t k, int64_t l, /):
    return a + b + c + d + e + f + g + h + i + j + k + l
def take_16(int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f, int64_t g, int64_t h, int64_t i, int64_t j,
            int64_t k, int64_t l, int64_t m, int64_t n, int64_t o, int64_t p, /):
    return a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p

def add(int64_t a, int64_t b, /): return a + b
def add_named(int64_t a, int64_t b): return a + b
def scale(int64_t value, int64_t by=2): return value * by

cdef inline Py_ssize_t size_of(str text) except -1:
    cdef Py_ssize_t size = 0
    PyUnicode_AsUTF8AndSize(text, &size)
    return size

def mixed(int64_t a, double b, bint c, str d not None, e, uint8_t f, /):
    return a + <int64_t>b + (1 if c else 0) + size_of(d) + (1 if e is None else 0) + f
def mixed_named(int64_t a, double b, bint c, str d not None, e, uint8_t f):
    return a + <int64_t>b + (1 if c else 0) + size_of(d) + (1 if e is None else 0) + f

def identity(object value, /): return value
def identity_kept(object value, /): return value
def not_(bint value, /): return not value
def half(double value, /): return value / 2
def byte(uint8_t value, /): return value
def length(str text not None, /): return size_of(text)
def length_of_string(str text not None, /):
    cdef Py_ssize_t size = 0
    cdef const char* data = PyUnicode_AsUTF8AndSize(text, &size)
    return c_length_of_string(string(data, size))
def text():
    cdef const string* made = &c_text()
    return made.data()[:made.size()].decode("utf-8")
def greet(str text not None, /):
    cdef Py_ssize_t size = 0
    cdef const char* data = PyUnicode_AsUTF8AndSize(text, &size)
    cdef string made = string(b"Hello, ")
    made.append(data, size)
    return made.data()[:made.size()].decode("utf-8")
def count_bytes(bytes value not None, /): return len(value)
def same_bytes(bytes value not None, /): return PyBytes_FromStringAndSize(PyBytes_AS_STRING(value), len(value))
def or_seven(value, /):
    cdef int64_t number = 7 if value is None else value
    return number
def swapped(tuple pair not None, /):
    cdef int64_t a = pair[0], b = pair[1]
    return (b, a)
def doubled(list values not None, /):
    cdef vector[int64_t] loaded = values
    return c_doubled(loaded)
def reject(): raise ValueError("the value is out of range")
def reject_standard(): return c_reject_standard()


@cython.final
cdef class Counter:
    cdef public int64_t field
    cdef int64_t _total
    def __cinit__(self, int64_t start, /):
        self.field = 7
        self._total = start
    def inc(self): self._total += 1
    def add(self, int64_t by, /):
        self._total += by
        return self._total
    def add_two(self, int64_t by, int64_t more, /):
        self._total += by + more
        return self._total
    def get(self): return self._total
    @property
    def total(self): return self._total
    @total.setter
    def total(self, int64_t value): self._total = value


cdef class OpenCounter:
    cdef public int64_t field
    cdef int64_t _total
    def __cinit__(self, int64_t start, /):
        self.field = 7
        self._total = start
    def inc(self): self._total += 1
    def add(self, int64_t by, /):
        self._total += by
        return self._total
    def add_two(self, int64_t by, int64_t more, /):
        self._total += by + more
        return self._total
    def get(self): return self._total
    @property
    def total(self): return self._total
    @total.setter
    def total(self, int64_t value): self._total = value


@cython.final
cdef class Frozen:
    cdef readonly int64_t field
    def __cinit__(self, int64_t start, /): self.field = start
    def get(self): return self.field


cdef class OpenFrozen:
    cdef readonly int64_t field
    def __cinit__(self, int64_t start, /): self.field = start
    def get(self): return self.field


def pass_counter(Counter counter not None, /): return counter._total
def pass_frozen(Frozen frozen not None, /): return frozen.field
def return_counter(int64_t start, /): return Counter(start)
def return_frozen(int64_t start, /): return Frozen(start)


@cython.final
cdef class Pair:
    cdef readonly double x, y
    def __cinit__(self, double x, double y, /):
        self.x = x
        self.y = y
    def __add__(self, other):
        if not isinstance(other, Pair):
            return NotImplemented
        return Pair(self.x + (<Pair>other).x, self.y + (<Pair>other).y)
    def __iadd__(self, other):
        if not isinstance(other, Pair):
            return NotImplemented
        self.x += (<Pair>other).x
        self.y += (<Pair>other).y
        return self
    def __eq__(self, other):
        if not isinstance(other, Pair):
            return NotImplemented
        return self.x == (<Pair>other).x and self.y == (<Pair>other).y
    def __lt__(self, other):
        if not isinstance(other, Pair):
            return NotImplemented
        return self.x < (<Pair>other).x if self.x != (<Pair>other).x else self.y < (<Pair>other).y
    def __getitem__(self, Py_ssize_t index):
        if index < 0: index += 2
        if index < 0 or index > 1: raise IndexError("there are two items")
        return self.x if index == 0 else self.y
    def __setitem__(self, Py_ssize_t index, double value):
        if index < 0: index += 2
        if index < 0 or index > 1: raise IndexError("there are two items")
        if index == 0: self.x = value
        else: self.y = value
    def __len__(self): return 2
    def __hash__(self): return 31 * <Py_hash_t>self.x + <Py_hash_t>self.y
    def __contains__(self, double value): return value == self.x or value == self.y
    def __call__(self, double a, double b, /): return self.x * a + b


@cython.final
cdef class RowIterator:
    cdef Row row
    cdef size_t at
    def __iter__(self): return self
    def __next__(self):
        if self.at == self.row.numbers.size():
            raise StopIteration
        self.at += 1
        return self.row.numbers[self.at - 1]


@cython.final
cdef class Row:
    cdef vector[int64_t] numbers
    def __cinit__(self, int64_t size, /):
        cdef int64_t i
        for i in range(size):
            self.numbers.push_back(1000 + i)
    def __iter__(self):
        cdef RowIterator made = RowIterator.__new__(RowIterator)
        made.row = self
        return made
