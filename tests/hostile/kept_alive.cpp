// SPDX-License-Identifier: MIT
// Handles that are stored, and dropped by the Python code that an operation on them runs: the operation keeps the
// object alive for as long as it takes, and no longer.
//
// `provoke()` is what such code calls: it drops the stored handles, and looks whether what they referred to is still
// there. Some is watched through weak references, victims of C++ through their destructor.
#include "adder/adder.hpp"
#include "adder/embed/embed.hpp"
#include "adder/exception/with.hpp"
#include "adder/function/closure.hpp"
#include "adder/object/accessor.hpp"
#include "adder/stl/complex.hpp"
#include "adder/stl/filesystem.hpp"
#include "adder/stl/map.hpp"
#include "adder/stl/optional.hpp"
#include "adder/stl/pair.hpp"
#include "adder/stl/set.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/tuple.hpp"
#include "adder/stl/variant.hpp"
#include "adder/stl/vector.hpp"
#include "adder/types/fields.hpp"
#include "adder/types/typed.hpp"
#include "support/embedded.hpp"

#include <complex>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

using namespace adder;

namespace {

std::optional<Py<PyAny>> holder, argument;
std::vector<Py<PyWeakrefReference>> watched;
const char* operation = "";
int victims = 0, provoked = 0;
bool victim_expected = false;

void complain(const char* what) {
  std::fprintf(stderr, "%s: %s\n", operation, what);
  ++test::failures;
}
/// What hostile Python code does.
void provoke() {
  ++provoked;
  holder.reset();
  argument.reset();
  if (victim_expected && victims == 0) complain("the object died meanwhile");
  Python::with_gil([](Python py) {
    for (const auto& reference : watched) {
      if (reference.bind(py).is_dead()) complain("the object died meanwhile");
    }
  });
}

/// Everything that Python can ask of an object, answered in C, which borrows `self` from its caller.
struct VictimObject {
  ::PyObject header;
  int touched;
};
/// Provokes, and uses the object afterwards.
template <class T>
T answer(::PyObject* self, T result) {
  provoke();
  ++reinterpret_cast<VictimObject*>(self)->touched;
  return result;
}
::PyObject* one(::PyObject* self) { return answer(self, PyLong_FromLong(1)); }
::PyObject* one_of_two(::PyObject* self, ::PyObject*) { return one(self); }
::PyObject* one_of_three(::PyObject* self, ::PyObject*, ::PyObject*) { return one(self); }
/// Of operators, where the victim may be the right operand.
int is_victim(::PyObject* object);
::PyObject* operated(::PyObject* left, ::PyObject* right) { return one(is_victim(left) != 0 ? left : right); }
::PyObject* powered(::PyObject* left, ::PyObject* right, ::PyObject*) { return operated(left, right); }
::PyObject* real(::PyObject* self) { return answer(self, PyFloat_FromDouble(1.0)); }
::PyObject* text(::PyObject* self) { return answer(self, PyUnicode_FromString("text")); }
::PyObject* compared(::PyObject* self, ::PyObject*, int) { return answer(self, Py_NewRef(Py_False)); }
::PyObject* iterate(::PyObject* self) {
  ::PyObject* items = PyTuple_Pack(2, Py_True, Py_True);
  ::PyObject* iterator = PyObject_GetIter(items);
  Py_DECREF(items);
  return answer(self, iterator);
}
::PyObject* attribute(::PyObject* self, ::PyObject* name) {
  ::PyObject* found = PyObject_GenericGetAttr(self, name);
  if (found == nullptr) {
    PyErr_Clear();
    found = PyLong_FromLong(1);
  }
  return answer(self, found);
}
int truth(::PyObject* self) { return answer(self, 1); }
int truth_of_two(::PyObject* self, ::PyObject*) { return answer(self, 1); }
int assign(::PyObject* self, ::PyObject*, ::PyObject*) { return answer(self, 0); }
Py_ssize_t size(::PyObject* self) { return answer(self, Py_ssize_t{1}); }
Py_hash_t hash(::PyObject* self) { return answer(self, Py_hash_t{1}); }
::PyObject* run(::PyObject* self, ::PyObject*) { return one(self); }
::PyObject* names_of(::PyObject* self, ::PyObject*) { return answer(self, PyList_New(0)); }
::PyObject* bytes_of(::PyObject* self, ::PyObject*) { return answer(self, PyBytes_FromString("abc")); }
::PyObject* complex_of(::PyObject* self, ::PyObject*) { return answer(self, PyComplex_FromDoubles(0, 1)); }
::PyObject* path_of(::PyObject* self, ::PyObject*) { return text(self); }
::PyObject* leave(::PyObject* self, ::PyObject*) { return answer(self, Py_NewRef(Py_False)); }
void end(::PyObject* self) {
  --victims;
  PyTypeObject* type = Py_TYPE(self);
  type->tp_free(self);
  Py_DECREF(type);
}

::PyTypeObject* victim_type() {
  static PyMethodDef methods[] = {{"run", &run, METH_NOARGS, nullptr},
                                  {"__dir__", &names_of, METH_NOARGS, nullptr},
                                  {"__bytes__", &bytes_of, METH_NOARGS, nullptr},
                                  {"__complex__", &complex_of, METH_NOARGS, nullptr},
                                  {"__fspath__", &path_of, METH_NOARGS, nullptr},
                                  {"__enter__", &run, METH_NOARGS, nullptr},
                                  {"__exit__", &leave, METH_VARARGS, nullptr},
                                  {nullptr, nullptr, 0, nullptr}};
  const auto at = [](int slot, auto* function) { return PyType_Slot{slot, reinterpret_cast<void*>(function)}; };
  static PyType_Slot slots[] = {at(Py_tp_dealloc, &end),
                                at(Py_tp_repr, &text),
                                at(Py_tp_str, &text),
                                at(Py_tp_hash, &hash),
                                at(Py_tp_call, &one_of_three),
                                at(Py_tp_getattro, &attribute),
                                at(Py_tp_setattro, &assign),
                                at(Py_tp_richcompare, &compared),
                                at(Py_tp_iter, &iterate),
                                at(Py_tp_iternext, &one),
                                PyType_Slot{Py_tp_methods, methods},
                                at(Py_nb_add, &operated),
                                at(Py_nb_subtract, &operated),
                                at(Py_nb_multiply, &operated),
                                at(Py_nb_remainder, &operated),
                                at(Py_nb_divmod, &operated),
                                at(Py_nb_power, &powered),
                                at(Py_nb_lshift, &operated),
                                at(Py_nb_rshift, &operated),
                                at(Py_nb_and, &operated),
                                at(Py_nb_or, &operated),
                                at(Py_nb_xor, &operated),
                                at(Py_nb_floor_divide, &operated),
                                at(Py_nb_true_divide, &operated),
                                at(Py_nb_matrix_multiply, &operated),
                                at(Py_nb_inplace_add, &one_of_two),
                                at(Py_nb_inplace_power, &one_of_three),
                                at(Py_nb_negative, &one),
                                at(Py_nb_positive, &one),
                                at(Py_nb_absolute, &one),
                                at(Py_nb_invert, &one),
                                at(Py_nb_bool, &truth),
                                at(Py_nb_int, &one),
                                at(Py_nb_float, &real),
                                at(Py_nb_index, &one),
                                at(Py_mp_length, &size),
                                at(Py_mp_subscript, &one_of_two),
                                at(Py_mp_ass_subscript, &assign),
                                at(Py_sq_contains, &truth_of_two),
                                PyType_Slot{0, nullptr}};
  static PyType_Spec spec{"kept_alive.Victim", sizeof(VictimObject), 0, Py_TPFLAGS_DEFAULT, slots};
  static ::PyObject* type = PyType_FromSpec(&spec);
  return reinterpret_cast<::PyTypeObject*>(type);
}
int is_victim(::PyObject* object) { return Py_IS_TYPE(object, victim_type()); }
Bound<PyAny> new_victim(Python py) {
  ++victims;
  return Bound<PyAny>::from_owned_ptr(py, victim_type()->tp_alloc(victim_type(), 0));
}

}  // namespace

namespace {

/// A value whose conversion to Python runs Python code.
struct Provoking {};
/// A struct whose fields are read one after the other.
struct Pair {
  std::int64_t first = 0, second = 0;
};

}  // namespace

template <>
struct adder::IntoPyObject<Provoking> {
  static PyResult<Bound<PyAny>> into_py(Python py, const Provoking&) {
    provoke();
    return adder::into_py(py, 1);
  }
};
template <>
struct adder::FromPyObject<Pair>
    : adder::FromAttributes<Pair, Field<"first", &Pair::first>, Field<"second", &Pair::second>> {};

namespace {

using Handle = const Bound<PyAny>&;

/// Has @p run work on the stored @p object, which nobody else owns. Everything is gone afterwards.
template <class F>
void check(Python py, const char* name, Bound<PyAny> object, F&& run) {
  operation = name;
  victim_expected = victims != 0;
  provoked = 0;
  holder = std::move(object).unbind();
  try {
    run(holder->bind(py));
  } catch (const PyErr& error) {
    complain(error.what());
  }
  if (provoked == 0) complain("no Python code ran");
  holder.reset();
  argument.reset();
  (void)py.import("gc").call_method("collect"_s);
  if (victims != 0) complain("the object is still there");
  for (const auto& reference : watched) {
    if (!reference.bind(py).is_dead()) complain("the object is still there");
  }
  watched.clear();
}
/// The same of a victim.
template <class F>
void check_victim(Python py, const char* name, F&& run) {
  check(py, name, new_victim(py), std::forward<F>(run));
}
/// The same of what Python source text makes. Where that is a tuple (object, item, ...) the items are watched: nobody
/// but the object has them.
template <class F>
void check_made(Python py, const char* name, Bound<PyDict> names, const char* source, F&& run) {
  auto made = py.eval(source, names).downcast<PyTuple>();
  auto object = made.get_item(0);
  for (std::size_t i = 1; i < made.len(); ++i) watched.push_back(PyWeakrefReference::new_(made.get_item(i)).unbind());
  { const auto gone = std::move(made); }
  check(py, name, std::move(object), std::forward<F>(run));
}
/// Stores what @p source makes as the argument, with the rest as above.
template <class F>
void check_argument(Python py, const char* name, Bound<PyDict> names, const char* source, F&& run) {
  argument = py.eval(source, names).unbind();
  watched.push_back(PyWeakrefReference::new_(argument->bind(py)).unbind());
  check(py, name, py.eval("None"), [&](Handle) { run(argument->bind(py)); });
}

void objects(Python py) {
  const auto one = py.eval("1");
  const auto op = [&](const char* name, auto run) { check_victim(py, name, run); };
  op("call", [](Handle v) { (void)v.call(); });
  op("call with unpacking", [&](Handle v) { (void)v.call(args_of(py.eval("()"))); });
  op("call_method", [](Handle v) { (void)v.call_method("run"_s); });
  op("call_method with unpacking", [&](Handle v) { (void)v.call_method("run"_s, args_of(py.eval("()"))); });
  op("getattr", [](Handle v) { (void)v.getattr("x"_s); });
  op("getattr of text", [](Handle v) { (void)v.getattr("x"); });
  op("getattr_opt", [](Handle v) { (void)v.getattr_opt("x"_s); });
  op("hasattr", [](Handle v) { (void)v.hasattr("x"_s); });
  op("setattr", [](Handle v) { v.setattr("x"_s, 1); });
  op("setattr of what converts", [](Handle v) { v.setattr("x"_s, Provoking{}); });
  op("delattr", [](Handle v) { v.delattr("x"_s); });
  op("dir", [](Handle v) { (void)v.dir(); });
  op("attr", [](Handle v) { (void)v.attr("x"_s).get(); });
  op("attr =", [](Handle v) { v.attr("x"_s) = 1; });
  op("attr()", [](Handle v) { (void)v.attr("run"_s)(); });
  op("operator[]", [](Handle v) { (void)v["x"_s].get(); });
  op("operator[] of what converts", [](Handle v) { (void)v[Provoking{}].get(); });
  op("operator[] =", [](Handle v) { v["x"_s] = 1; });
  op("get_item", [](Handle v) { (void)v.get_item(1); });
  op("set_item", [](Handle v) { v.set_item(1, 2); });
  op("set_item of what converts", [](Handle v) { v.set_item(Provoking{}, 2); });
  op("del_item", [](Handle v) { v.del_item(1); });
  op("contains", [](Handle v) { (void)v.contains(1); });
  op("repr", [](Handle v) { (void)v.repr(); });
  op("str", [](Handle v) { (void)v.str(); });
  op("is_truthy", [](Handle v) { (void)v.is_truthy(); });
  op("len", [](Handle v) { (void)v.len(); });
  op("hash", [](Handle v) { (void)v.hash(); });
  op("try_iter", [](Handle v) { (void)v.try_iter(); });
  op("range-for", [](Handle v) {
    for (const auto& item : v) (void)item;
  });
  op("as<int>", [](Handle v) {
    for (const int item : v.as<int>()) (void)item;
  });
  op("next", [](Handle v) { (void)v.downcast<PyIterator>().next(); });
  op("send", [&](Handle v) { (void)v.downcast<PyIterator>().send(py.None()); });
  op("rich_compare", [](Handle v) { (void)v.rich_compare(1, CompareOp::lt); });
  op("eq", [](Handle v) { (void)v.eq(1); });
  op("compare", [](Handle v) {
    try {
      (void)v.compare(1);
    } catch (const PyErr&) {  // There is no order.
    }
  });
  op("add", [](Handle v) { (void)v.add(1); });
  op("add of what converts", [](Handle v) { (void)v.add(Provoking{}); });
  op("sub", [](Handle v) { (void)v.sub(1); });
  op("mul", [](Handle v) { (void)v.mul(1); });
  op("mod", [](Handle v) { (void)v.mod(1); });
  op("divmod", [](Handle v) { (void)v.divmod(1); });
  op("lshift", [](Handle v) { (void)v.lshift(1); });
  op("rshift", [](Handle v) { (void)v.rshift(1); });
  op("and_", [](Handle v) { (void)v.and_(1); });
  op("or_", [](Handle v) { (void)v.or_(1); });
  op("xor_", [](Handle v) { (void)v.xor_(1); });
  op("floordiv", [](Handle v) { (void)v.floordiv(1); });
  op("truediv", [](Handle v) { (void)v.truediv(1); });
  op("matmul", [](Handle v) { (void)v.matmul(1); });
  op("iadd", [](Handle v) { (void)v.iadd(1); });
  op("pow", [](Handle v) { (void)v.pow(2); });
  op("pow with a modulus", [](Handle v) { (void)v.pow(Provoking{}, 2); });
  op("ipow", [](Handle v) { (void)v.ipow(2); });
  op("neg", [](Handle v) { (void)v.neg(); });
  op("pos", [](Handle v) { (void)v.pos(); });
  op("abs", [](Handle v) { (void)v.abs(); });
  op("invert", [](Handle v) { (void)v.invert(); });
  op("extract<int>", [](Handle v) { (void)v.extract<int>(); });
  op("extract<std::uint64_t>", [](Handle v) { (void)v.extract<std::uint64_t>(); });
  op("extract<double>", [](Handle v) { (void)v.extract<double>(); });
  op("extract<std::complex<double>>", [](Handle v) { (void)v.extract<std::complex<double>>(); });
  op("extract<std::optional<int>>", [](Handle v) { (void)v.extract<std::optional<int>>(); });
  op("extract<std::variant<int, ...>>", [](Handle v) { (void)v.extract<std::variant<bool, int>>(); });
  op("extract<std::filesystem::path>", [](Handle v) { (void)v.extract<std::filesystem::path>(); });
  op("extract of a struct", [](Handle v) { (void)v.extract<Pair>(); });
  op("try_extract of a struct", [](Handle v) { (void)v.try_extract<Pair>(); });
  op("PyBytes::from_object", [](Handle v) { (void)PyBytes::from_object(v); });
  op("with", [](Handle v) { with(v, [](Handle) {}); });
}

void operands(Python py) {
  const auto number = py.eval("1");
  const auto op = [&](const char* name, auto run) {
    argument = new_victim(py).unbind();
    check(py, name, py.eval("None"), [&](Handle) { run(argument->bind(py)); });
  };
  op("the right operand", [&](Handle v) { (void)number.add(v); });
  op("what is compared to", [&](Handle v) { (void)number.eq(v); });
  op("a key of a dict", [&](Handle v) { PyDict::new_(py).set_item(v, 1); });
  op("an item of a set", [&](Handle v) { (void)PySet::empty(py).contains(v); });
  op("an index", [&](Handle v) { (void)py.eval("[1, 2]").get_item(v); });
  op("a bound of a slice", [&](Handle v) {
    const auto slice = PySlice::new_(py, 0, v);
    argument.reset();
    (void)slice.indices(3);
  });
  op("an iterable", [&](Handle v) { PyList::empty(py).extend(v); });
  op("an unpacked iterable", [&](Handle v) { (void)py.eval("max").call(args_of(v)); });
  op("a set's iterable", [&](Handle v) { (void)PySet::from_iterable(v); });
  op("a handle beside what converts", [&](Handle v) {
    const auto items = PyList::new_(py, Provoking{}, v);
    test::expect(is_victim(items.get_item(1).as_ptr()) != 0);
  });
  op("an argument beside what converts", [&](Handle v) { (void)py.eval("lambda *args: None").call(Provoking{}, v); });
  op("a keyword beside what converts",
     [&](Handle v) { (void)py.eval("lambda *args, **kwargs: None").call(Provoking{}, kw("v"_s) = v); });
  op("a method's argument beside what converts", [&](Handle v) {
    (void)PyList::empty(py).call_method("__init__"_s, PyTuple::empty(py));
    (void)py.eval("dict()").call_method("setdefault"_s, Provoking{}, v);
  });
  op("a value beside a key that converts", [&](Handle v) { PyDict::new_(py).set_item(Provoking{}, v); });
}

void containers(Python py) {
  const auto names = PyDict::new_(py);
  names.set_item("provoke"_s, new_closure<[](const int&) { provoke(); }>(py, "provoke", 0));
  py.run(R"(
    class Thing:
        """Can be watched."""
        def __hash__(self): return 2
    class Hook:
        """Calls provoke() whenever it is asked for anything."""
        def __eq__(self, other): provoke(); return False
        def __lt__(self, other): provoke(); return False
        def __hash__(self): provoke(); return 1
        def __index__(self): provoke(); return 1
        def __float__(self): provoke(); return 1.0
        def __repr__(self): provoke(); return "hook"
        def __iter__(self): provoke(); return iter((1, 2))
        def __add__(self, other): provoke(); return 1
    class Dying:
        """Calls provoke() when it goes."""
        def __del__(self): provoke()
    class Quiet:
        """Hashes quietly, and calls provoke() when compared."""
        def __hash__(self): return 1
        def __eq__(self, other): provoke(); return False
    class Named:
        @property
        def first(self): provoke(); return 1
        second = 2
    class Numbers:
        def __len__(self): provoke(); return 2
        def __getitem__(self, index):
            if index > 1: raise IndexError
            return index
    class Texts(dict):
        def __missing__(self, key): provoke(); return "text"
    def listed(*items):
        thing = Thing()
        return [*items, thing], thing
    def mapped(key, value):
        thing = Thing()
        return {key: value, 2: thing}, thing
    def collected(item):
        thing = Thing()
        return {item, thing}, thing
    def watched(thing): return thing, thing
    def raising():
        def f(*args): provoke(); raise ValueError("wanted")
        return watched(f)
    )",
         names);
  const auto op = [&](const char* name, const char* source, auto run) { check_made(py, name, names, source, run); };
  const auto fails = [](auto run) {
    try {
      run();
    } catch (const PyErr&) {  // The last item is of another type.
    }
  };
  op("vector of int", "listed(Hook())", [&](Handle v) { fails([&] { (void)v.extract<std::vector<int>>(); }); });
  op("vector of double", "listed(Hook())", [&](Handle v) { fails([&] { (void)v.extract<std::vector<double>>(); }); });
  op("vector of vectors", "listed([Hook()])",
     [&](Handle v) { fails([&] { (void)v.extract<std::vector<std::vector<int>>>(); }); });
  op("vector of structs", "listed(Named())", [&](Handle v) { fails([&] { (void)v.extract<std::vector<Pair>>(); }); });
  op("pair", "listed(Hook())", [&](Handle v) { fails([&] { (void)v.extract<std::pair<int, int>>(); }); });
  op("tuple", "listed(Hook())", [&](Handle v) { fails([&] { (void)v.extract<std::tuple<int, int>>(); }); });
  op("map", "mapped(1, Hook())", [&](Handle v) { fails([&] { (void)v.extract<std::map<int, int>>(); }); });
  op("set", "collected(Hook())", [&](Handle v) { fails([&] { (void)v.extract<std::set<int>>(); }); });
  op("vector of a sequence", "watched(Numbers())", [](Handle v) { (void)v.extract<std::vector<int>>(); });
  op("struct", "watched(Named())", [](Handle v) { (void)v.extract<Pair>(); });
  op("list.index", "listed(Hook())", [&](Handle v) { fails([&] { (void)v.downcast<PyList>().index(1); }); });
  op("list.count", "listed(Hook())", [](Handle v) { (void)v.downcast<PyList>().count(1); });
  op("list.contains", "listed(Hook())", [](Handle v) { (void)v.contains(1); });
  op("list.remove", "listed(Hook())", [&](Handle v) { fails([&] { v.downcast<PyList>().remove(1); }); });
  op("list.sort", "listed(Hook(), Hook())", [&](Handle v) { fails([&] { v.downcast<PyList>().sort(); }); });
  op("list.eq", "listed(Hook())", [&](Handle v) { (void)v.eq(py.eval("[1, 2]")); });
  op("list.repr", "listed(Hook())", [](Handle v) { (void)v.repr(); });
  op("list.set_item", "listed(Dying())", [](Handle v) { v.downcast<PyList>().set_item(0, 1); });
  op("list.del_item", "listed(Dying())", [](Handle v) { v.downcast<PyList>().del_item(0); });
  op("list.del_slice", "listed(Dying())", [](Handle v) { v.downcast<PyList>().del_slice(0, 1); });
  op("list.set_slice", "listed(1)", [&](Handle v) { v.downcast<PyList>().set_slice(0, 1, py.eval("Hook()", names)); });
  op("list.append", "listed(1)", [](Handle v) { v.downcast<PyList>().append(Provoking{}); });
  op("list.insert", "listed(1)", [](Handle v) { v.downcast<PyList>().insert(0, Provoking{}); });
  op("list.extend", "listed(1)", [&](Handle v) { v.downcast<PyList>().extend(py.eval("Hook()", names)); });
  op("tuple.index", "(lambda thing: ((Hook(), thing), thing))(Thing())",
     [&](Handle v) { fails([&] { (void)v.downcast<PyTuple>().index(1); }); });
  op("dict.get_item", "mapped(Quiet(), 1)", [](Handle v) { (void)v.downcast<PyDict>().get_item(1); });
  op("dict.set_item", "mapped(Quiet(), 1)", [](Handle v) { v.downcast<PyDict>().set_item(1, 1); });
  op("dict.contains", "mapped(Quiet(), 1)", [](Handle v) { (void)v.downcast<PyDict>().contains(1); });
  op("dict.del_item", "mapped(Quiet(), 1)", [&](Handle v) { fails([&] { v.downcast<PyDict>().del_item(1); }); });
  op("dict.set_default", "mapped(Quiet(), 1)", [](Handle v) { (void)v.downcast<PyDict>().set_default(1, 1); });
  op("dict.pop", "mapped(Quiet(), 1)", [](Handle v) { (void)v.downcast<PyDict>().pop(1); });
  op("dict.update", "mapped(Quiet(), 1)", [&](Handle v) { v.downcast<PyDict>().update(py.eval("{1: 1}")); });
  op("dict.clear", "mapped(1, Dying())", [](Handle v) {
    const auto thing = v.downcast<PyDict>().get_item(2);
    v.downcast<PyDict>().clear();
  });
  op("dict.eq", "mapped(1, Hook())", [&](Handle v) { (void)v.eq(py.eval("{1: 1, 2: 2}")); });
  op("dict.as", "mapped(1, Hook())", [&](Handle v) {
    fails([&] {
      for (const auto& [key, value] : v.downcast<PyDict>().as<int, int>()) (void)(key + value);
    });
  });
  op("missing item", "watched(Texts())", [](Handle v) { (void)v.get_item("x"_s); });
  op("set.contains", "collected(Quiet())", [](Handle v) { (void)v.downcast<PySet>().contains(1); });
  op("set.add", "collected(Quiet())", [](Handle v) { v.downcast<PySet>().add(1); });
  op("set.discard", "collected(Quiet())", [](Handle v) { (void)v.downcast<PySet>().discard(1); });
  op("set.or_", "collected(Quiet())", [&](Handle v) { (void)v.or_(py.eval("{1}")); });
  op("sequence.index", "listed(Hook())", [&](Handle v) { fails([&] { (void)v.downcast<PySequence>().index(1); }); });
  op("mapping.items", "watched(type('M', (dict,), {'items': lambda self: (provoke(), [])[1]})())",
     [](Handle v) { (void)v.downcast<PyMapping>().items(); });
  op("function", "watched(lambda: provoke())", [](Handle v) { (void)v.call(); });
  op("function that raises", "raising()", [&](Handle v) { fails([&] { (void)v.call(); }); });
  op("code", "(compile('provoke()', 'f', 'exec'),)", [&](Handle v) { (void)v.downcast<PyCode>().run(names); });
  op("type's name",
     "watched(type('Meta', (type,), {'__getattribute__': lambda cls, name: "
     "(provoke(), type.__getattribute__(cls, name))[1]})('Made', (), {'__module__': 'm'}))",
     [](Handle v) { (void)v.downcast<PyType>().fully_qualified_name(); });
  op("instance check",
     "watched(type('Meta', (type,), {'__instancecheck__': lambda cls, o: provoke() or True})"
     "('Made', (), {'__module__': 'm'}))",
     [](Handle v) { (void)v.py().None().is_instance(v); });
  op("subclass check",
     "watched(type('Meta', (type,), {'__subclasscheck__': lambda cls, o: provoke() or True})"
     "('Made', (), {'__module__': 'm'}))",
     [&](Handle v) { (void)py.get_type<PyList>().is_subclass(v); });

  // What is called in C++ borrows its arguments.
  const auto taker = new_closure<[](const int&, const Bound<PyAny>& object) {
    provoke();
    return object.getattr("__class__"_s);
  }>(py, "taker", 0);
  const auto given = [&](const char* name, auto run) { check_argument(py, name, names, "Thing()", run); };
  given("argument", [&](Handle v) { (void)taker.call(v); });
  given("argument of an operator()", [&](Handle v) { (void)taker(v); });
  given("borrowed argument", [&](Handle v) { (void)taker(Borrowed<PyAny>(v)); });
  given("argument as Py", [&](Handle) { (void)taker(*argument); });
  given("argument that was moved", [&](Handle) { (void)taker(std::move(*argument)); });
  given("keyword argument", [&](Handle v) {
    const auto named = new_closure<[](const int&, const Bound<PyAny>& object) {
      provoke();
      return object.repr();
    }>(py, "named", 0, arg("object"));
    (void)named(kw("object"_s) = v);
  });
  given("value of an attribute", [&](Handle v) {
    const auto victim = new_victim(py);
    victim.setattr("x"_s, v);
  });
  given("value of an item", [&](Handle v) {
    const auto victim = new_victim(py);
    victim.set_item(1, v);
  });
  given("key of an item", [&](Handle v) {
    const auto victim = new_victim(py);
    (void)victim.get_item(v);
  });
}

/// A closure that is dropped by what it calls: its state lives on until it is done.
struct State {
  std::string text;
  Py<PyAny> object;
};
void closures(Python py) {
  check(py, "closure",
        new_closure<[](const State& state) {
          provoke();
          return state.text;
        }>(py, "closure",
           State{"a text that is too long to be stored in the string object itself", py.eval("None").unbind()})
            .into_any(),
        [](Handle v) { test::expect(v.call().extract<std::string>().ends_with("itself")); });
  check(py, "closure that changes its state",
        new_closure<[](State& state) {
          provoke();
          state.text += "!";
          return state.text;
        }>(py, "closure",
           State{"a text that is too long to be stored in the string object itself", py.eval("None").unbind()})
            .into_any(),
        [](Handle v) { test::expect(v.call().extract<std::string>().ends_with("itself!")); });
}

/// An error that is dropped while its instance is being made.
void errors(Python py) {
  static std::optional<PyErr> stored;
  const auto names = PyDict::new_(py);
  names.set_item("drop"_s, new_closure<[](const int&) { stored.reset(); }>(py, "drop", 0));
  const auto make = [&] {
    stored = PyErr::from_type(py.eval("type('E', (Exception,), {'__module__': 'm', '__init__': lambda self, *args: "
                                      "drop(), '__str__': lambda self: drop() or 'E'})",
                                      names),
                              "a message that is too long to be stored in the string object itself");
  };
  operation = "errors";
  make();
  test::expect(stored->value(py).is_instance_of<PyException>());
  make();
  stored->restore(py);
  PyErr_Clear();
  make();
  (void)stored->format(py);
  make();
  test::expect(!stored->get_type(py).is_none());
}

/// Nothing is counted for good.
void counts(Python py) {
  const auto list = py.eval("[1, 2, 3]");
  const auto item = py.eval("type('Thing', (), {})()");
  const Py_ssize_t lists = list.get_refcnt(), items = item.get_refcnt();
  const auto unchanged = [&] { test::expect(list.get_refcnt() == lists && item.get_refcnt() == items); };
  (void)list.call_method("index"_s, 2);
  (void)list.contains(item);
  (void)list.eq(item);
  (void)list.extract<std::vector<int>>();
  (void)list.try_extract<std::map<int, int>>().is_ok();
  (void)list.getattr_opt("missing"_s);
  unchanged();
  for (int i = 0; i < 3; ++i) {
    try {
      (void)list.call_method("index"_s, item);
    } catch (const PyErr&) {
    }
    try {
      (void)list.getattr("missing"_s);
    } catch (const PyErr&) {
    }
    try {
      (void)list.call(item, Provoking{}, kw("x"_s) = item);
    } catch (const PyErr&) {
    }
  }
  unchanged();
  (void)py.eval("lambda *args, **kwargs: None").call(item, args_of(list), kw("x"_s) = item, kwargs_of(py.eval("{}")));
  (void)py.eval("lambda *args: None").call(Bound<PyAny>(item), Py<PyAny>(item), Provoking{}, item);
  unchanged();
  // A temporary gives its reference: none is added.
  Bound<PyAny> owned = item;
  (void)py.eval("lambda x: None").call(std::move(owned));
  unchanged();
}

}  // namespace

int main() {
  Python::with_gil([](Python py) {
    objects(py);
    operands(py);
    containers(py);
    closures(py);
    errors(py);
    counts(py);
  });
  return test::failures == 0 ? 0 : 1;
}
