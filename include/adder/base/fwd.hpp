// SPDX-License-Identifier: MIT
/// @file
/// @brief Every public name of the core declared, none defined.
#pragma once
#include "adder/base/python.hpp"

namespace adder::inline ADDER_ABI {

// Token and scopes.
class Python;
class GILGuard;  // token/gil_guard.hpp
class GILPool;   // token/gil_pool.hpp
class InterpreterUnavailable;
class Name;
class Namespace;
template <class T>
struct UngilTraits;

// Handles.
template <class T>
class Bound;
template <class T>
class Borrowed;
template <class T>
class Py;

// Errors.
class PyErr;
template <class T>
class PyResult;

// Type tags: each stands for one Python type and carries its method set.
struct PyAny;
struct PyEllipsis;
struct PyNotImplemented;
struct PyNone;
struct PyBool;
struct PyInt;
struct PyFloat;
struct PyString;
struct PyBytes;
struct PyList;
struct PyTuple;
struct PyDict;
struct PyModule;
struct PyType;
struct PyIterator;
struct PyTraceback;
struct PyCode;
struct PyFrame;
struct PyBaseException;
struct PyTzInfo;

/// A GIL-independent reference to an object of any type. `PyObject` stays the C API's name.
using PyObj = Py<PyAny>;

// Conversions: specialise these to teach adder a type.
/// @brief How a Python object becomes a T. Specialise it to teach adder a type; object/conversion.hpp says how.
/// @gil  Held where it is called.
template <class T>
struct FromPyObject;
/// @brief How a T becomes a Python object. Specialise it to teach adder a type; object/conversion.hpp says how.
/// @gil  Held where it is called.
template <class T>
struct IntoPyObject;

// Classes.
template <class T>
struct PyClass;
template <class T>
struct PyCell;
template <class T>
class PyRef;
template <class T>
class PyRefMut;
template <class U>
class PyRefMap;
template <class U>
class PyRefMutMap;
template <class T>
class ClassBuilder;
/// A C++ enum as a Python one; see class/enum.hpp.
template <class E>
struct PyEnum;
class ModuleBuilder;
class PyVisit;
/// How the garbage collector finds handles inside a T; see class/collect.hpp.
template <class T>
struct Traverse;

}  // namespace adder::inline ADDER_ABI
