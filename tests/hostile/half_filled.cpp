// SPDX-License-Identifier: MIT
// Lists, tuples and sets that are being made from C++ values: Python code that runs meanwhile does not find them, and
// what it does to containers that are being read is an error or is seen, never a read of what is no longer there.
#include "adder/adder.hpp"
#include "adder/class/containers.hpp"
#include "adder/embed/embed.hpp"
#include "adder/stl/array.hpp"
#include "adder/stl/list.hpp"
#include "adder/stl/map.hpp"
#include "adder/stl/pair.hpp"
#include "adder/stl/set.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/tuple.hpp"
#include "adder/stl/vector.hpp"
#include "support/embedded.hpp"

#include <array>
#include <cstddef>
#include <cstdio>
#include <list>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

using namespace adder;

namespace {

const char* operation = "";
int looks = 0;
bool parts_may_be_found = false;  // What is complete, though it is to be a part of something larger.

void complain(const char* what) {
  std::fprintf(stderr, "%s: %s\n", operation, what);
  ++test::failures;
}

/// A value whose conversion looks around, in Python, for what is not complete.
struct Curious {
  int number = 0;
  auto operator<=>(const Curious&) const = default;
};
Py<PyAny>& look() {
  static Py<PyAny>* function = nullptr;  // Never dropped: the interpreter ends first.
  if (function == nullptr) {
    Python::with_gil([](Python py) {
      const auto names = PyDict::new_(py);
      py.run(R"(
        import gc
        wanted = "CURIOUS".lower()  # No constant, which would be found in a tuple of such.
        def look(number):
            gc.collect()
            for found in gc.get_objects():
                if type(found) in (list, tuple, set):
                    # Looks at each item: a hole would end the process.
                    if wanted in map(str, filter(lambda item: type(item) is str, list(found))): return True
            return False
        )",
             names);
      function = new Py<PyAny>(py.eval("look", names).unbind());
    });
  }
  return *function;
}

}  // namespace

template <>
struct adder::IntoPyObject<Curious> {
  static PyResult<Bound<PyAny>> into_py(Python py, const Curious& value) {
    try {
      ++looks;
      if (look().bind(py).call(value.number).is_truthy() && !parts_may_be_found)
        complain("was found before it was complete");
      return adder::into_py(py, std::string("curious"));
    } catch (const PyErr& error) {
      return error;
    }
  }
};

namespace {

/// A value whose conversion from Python makes the list longer that it is in.
struct Growing {
  int number = 0;
};
struct Row {
  std::array<Growing, 2> ends;
};

}  // namespace

template <>
struct adder::IntoPyObject<Growing> {
  static PyResult<Bound<PyAny>> into_py(Python py, const Growing&) {
    return adder::into_py(py, std::string("growing"));
  }
};
template <>
struct adder::FromPyObject<Growing> {
  static PyResult<Growing> extract(const Bound<PyAny>& object) {
    try {
      object.py().run(R"(
        import gc
        for found in gc.get_objects():
            if type(found) is list and 2 <= len(found) < 50 and found[0] == "growing": found.append("growing")
      )");
      return Growing();
    } catch (const PyErr& error) {
      return error;
    }
  }
};
template <>
struct adder::PyClass<Row> {
  static constexpr auto name = "Row";
  static void define(ClassBuilder<Row>& cls) { cls.part<&Row::ends>("ends"); }
};

namespace {

/// The result is whole, known to the garbage collector, and nobody else's.
template <class F>
void check_made(const char* name, Python py, std::size_t size, F&& make) {
  operation = name;
  looks = 0;
  const Bound<PyAny> made = make();
  if (looks == 0) complain("nobody looked");
  if (made.len() != size) complain("has another size");
  for (const auto& item : made) {
    if (item.is_instance_of<PyString>() && item.get_refcnt() < 1) complain("has lost an item");
  }
  // CPython leaves out those without containers.
  const bool may_be_untracked =
      made.is_instance_of<PyDict>() || (PY_VERSION_HEX >= 0x030F0000 && made.is_instance_of<PyFrozenSet>());
  if (size != 0 && !may_be_untracked && PyObject_GC_IsTracked(made.as_ptr()) == 0) complain("is hidden for good");
  if (made.get_refcnt() != 1) complain("has more than one owner");
  (void)py;
}
template <class T>
void check_converted(const char* name, Python py, std::size_t size, T value) {
  check_made(name, py, size, [&] { return into_py(py, value).value(); });
  check_made(name, py, size, [&] { return into_py(py, std::move(value)).value(); });
}

/// A failure in the middle leaves nothing behind.
struct Failing {
  int number = 0;
};

}  // namespace

template <>
struct adder::IntoPyObject<Failing> {
  static PyResult<Bound<PyAny>> into_py(Python py, const Failing& value) {
    if (value.number == 2) return PyValueError::new_err("wanted");
    return py.eval("object()");
  }
};

namespace {

void making(Python py) {
  const std::vector<Curious> three{{1}, {2}, {3}};
  check_converted("vector", py, 3, three);
  check_converted("list", py, 3, std::list<Curious>(three.begin(), three.end()));
  check_converted("array", py, 2, std::array<Curious, 2>{{{1}, {2}}});
  check_converted("pair", py, 2, std::pair<Curious, Curious>{{1}, {2}});
  check_converted("tuple", py, 3, std::tuple<Curious, int, Curious>{{1}, 2, {3}});
  parts_may_be_found = true;
  check_converted("nested", py, 2, std::vector<std::pair<int, std::vector<Curious>>>{{1, three}, {2, three}});
  parts_may_be_found = false;
  check_converted("set", py, 1, std::set<Curious>(three.begin(), three.end()));
  check_converted("map", py, 1, std::map<Curious, Curious>{{{1}, {2}}});
  check_made("PyList::new_", py, 2, [&] { return PyList::new_(py, Curious{1}, Curious{2}).into_any(); });
  check_made("PyTuple::new_", py, 2, [&] { return PyTuple::new_(py, Curious{1}, Curious{2}).into_any(); });
  check_made("PyList::from_range", py, 3, [&] { return PyList::from_range(py, three).into_any(); });
  check_made("PyTuple::from_range", py, 3, [&] { return PyTuple::from_range(py, three).into_any(); });
  check_made("PyFrozenSet::from_range", py, 1, [&] { return PyFrozenSet::from_range(py, three).into_any(); });
  // Empty ones: there is but one empty tuple, which everybody sees.
  test::expect(into_py(py, std::vector<Curious>()).value().len() == 0);
  test::expect(into_py(py, std::tuple<>()).value().is(py.eval("()")));
  test::expect(PyTuple::new_(py).is(py.eval("()")));
  // What cannot be made is dropped.
  for (int i = 0; i < 3; ++i) {
    test::expect(into_py(py, std::vector<Failing>{{1}, {2}, {3}}).is_err());
    test::expect(into_py(py, std::pair<Failing, Failing>{{1}, {2}}).is_err());
  }
}

/// What items do to the container that they are in while it is read.
void reading(Python py) {
  const auto names = PyDict::new_(py);
  py.run(R"(
    class Hook:
        def __init__(self, f): self.f = f
        def __index__(self): self.f(); return 1
        def __hash__(self): return 7
    def shrinking():
        made = []
        made += [Hook(made.clear), *range(1000)]
        return made
    def growing(limit=50):
        made = []
        def grow():
            if len(made) < limit: made.append(Hook(grow))
        made.append(Hook(grow))
        return made
    def replaced():
        made = []
        def replace(): made[:] = [5] * 2
        made += [Hook(replace), *(str(i) for i in range(1000))]
        return made
    def dict_that_shrinks():
        made = {}
        made.update({1: Hook(made.clear), 2: 2, 3: 3})
        return made
    def dict_that_grows():
        made = {}
        made[1] = Hook(lambda: made.update({len(made) + 10: 1}))
        made[2] = 2
        return made
    def dict_that_turns():
        """As large as before each time, and never at its end."""
        made = {}
        def turn():
            made.pop(next(iter(made)))
            turn.key += 1
            made[turn.key] = Hook(turn)
        turn.key = 2
        made.update({1: Hook(turn), 2: Hook(turn)})
        return made
    def lonely():
        """Not the last surrogate, but the one whose error makes the garbage collector run."""
        return ['text ' + str(i) for i in range(40)] + ['\udc80'] + ['more']
    )",
         names);
  const auto from = [&](const char* source) { return py.eval(source, names); };
  test::expect(from("shrinking()").extract<std::vector<int>>() == std::vector<int>{1});
  test::expect(from("growing()").extract<std::vector<int>>().size() == 50);
  test::expect(from("replaced()").extract<std::vector<int>>() == std::vector<int>{1, 5});
  test::expect(from("shrinking()").try_extract<std::array<int, 3>>().is_err());
  test::expect(from("[shrinking()[:2]]").extract<std::vector<std::pair<int, int>>>().size() == 1);
  const auto changed = [&](const char* source) {
    const auto result = from(source).try_extract<std::map<int, int>>();
    test::expect(result.is_err() && result.error().is_instance_of<PyRuntimeError>(py));
    try {
      const auto dict = from(source).downcast<PyDict>();
      for (const auto& [key, value] : dict) (void)value.extract<int>();
      test::expect(false);
    } catch (const PyErr& error) {
      test::expect(error.is_instance_of<PyRuntimeError>(py));
    }
  };
  changed("dict_that_shrinks()");
  changed("dict_that_grows()");
  changed("dict_that_turns()");
  const auto lonely = from("lonely()").try_extract<std::vector<std::string>>();
  test::expect(lonely.is_err() && lonely.error().is_instance_of<PyUnicodeError>(py));
}

/// What is sorted is read from a list, which has to have as many items as there were.
void sorting(Python py) {
  const auto row = Bound<Row>::new_(py);
  const std::string error = test::thrown_by<PyErr>([&] { (void)row.as_any().getattr("ends").call_method("sort"); });
  test::expect(error.starts_with("ValueError") && error.find("modified during sort") != error.npos);
}

}  // namespace

int main() {
  Python::with_gil([](Python py) {
    making(py);
    reading(py);
    sorting(py);
  });
  return test::failures == 0 ? 0 : 1;
}
