// SPDX-License-Identifier: MIT
// Statics of every kind outlive the interpreter. Nobody can attach then; and when the program starts Python again by
// itself, adder still refuses by name and does not touch the objects of the interpreter that is gone.
#include "adder/embed/embed.hpp"
#include "adder/function/closure.hpp"
#include "adder/sync/once_lock.hpp"
#include "adder/token/gil_guard.hpp"

#include "threads/check.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace adder;
using namespace test;

namespace {

struct Gauge {
  int value = 0;
  std::optional<Py<PyAny>> other;
  int read() const { return value; }
};
struct Total {
  int sum = 0;
};
int add(Total& total, int x) { return total.sum += x; }

struct ParseError : NewException<"statics.ParseError", PyValueError> {};
struct NeverUsedError : NewException<"statics.NeverUsedError", PyValueError> {};
struct JSONDecodeError : ImportedException<"json", "JSONDecodeError", PyValueError> {};
struct NeverImportedError : ImportedException<"zipfile", "BadZipFile", PyException> {};

}  // namespace

template <>
struct adder::PyClass<Gauge> {
  static constexpr auto name = "Gauge";
  static constexpr auto module = "statics";
  static constexpr int freelist = 4;
  static void define(ClassBuilder<Gauge>& cls) {
    cls.def_new<>();
    cls.def<&Gauge::read>("read");
  }
};
ADDER_MODULE(statics, m, gil_not_used) {
  m.add_class<Gauge>();
  m.add("ParseError", m.py().get_type<ParseError>());
}

namespace {

std::optional<Py<PyAny>> any, to_be_dropped_in_next, to_be_dropped_detached;
std::optional<Py<PyList>> list;
std::optional<Py<Gauge>> gauge;
std::optional<PyErr> error, error_never_shown;
std::optional<Py<PyBuiltinFunction>> closure;
constinit GILOnceCell<Py<PyAny>> cell;
constinit PyOnceLock<Py<PyAny>> lock;
constinit GILOnceCell<Py<PyType>> imported;

void fill_statics(Python py) {
  py.run("class Noisy:\n  def __del__(self): print('an object of the interpreter that is gone was freed', flush=True)");
  any = py.eval("Noisy()").unbind();
  to_be_dropped_in_next = py.eval("Noisy()").unbind();
  to_be_dropped_detached = py.eval("Noisy()").unbind();
  list = Py<PyList>(PyList::empty(py));
  list->bind(py).append(any->clone_ref(py));
  gauge = Bound<Gauge>::new_(py, 3, any->clone_ref(py)).unbind();
  check_equal(py.import("statics").getattr("Gauge").call().call_method("read"_s).extract<int>(), 0, "Gauge().read()");
  check_equal(gauge->bind(py).call_method("read"_s).extract<int>(), 3, "gauge.read()");
  closure = Py<PyBuiltinFunction>(new_closure<&add>(py, "add", Total{40}));
  check_equal(closure->bind(py).call(2).extract<int>(), 42, "what the closure returns");
  (void)cell.get_or_init(py, [&] { return py.eval("Noisy()").unbind(); });
  (void)lock.get_or_init(py, [&] { return py.eval("Noisy()").unbind(); });
  (void)imported.import(py, "decimal", "Decimal");
  for (auto* place : {&error, &error_never_shown}) {
    try {
      py.run("1 / 0");
    } catch (const PyErr& caught) {
      *place = caught;
    }
  }
  check_contains(error->what(), "ZeroDivisionError: division by zero");
  try {
    throw ParseError::new_err("no");
  } catch (const PyErr& caught) {
    check(caught.is_instance_of<ParseError>(py), "a ParseError is one");
  }
  try {
    py.run("import json; json.loads('{')");
  } catch (const PyErr& caught) {
    check(caught.is_instance_of<JSONDecodeError>(py), "a JSONDecodeError is one");
  }
}

/// The counts of all that statics own.
std::vector<Py_ssize_t> counts_of_old_objects() {
  static ::PyObject* const all[] = {any->as_ptr(),
                                    to_be_dropped_in_next->as_ptr(),
                                    to_be_dropped_detached->as_ptr(),
                                    list->as_ptr(),
                                    gauge->as_ptr(),
                                    closure->as_ptr(),
                                    cell.get_mut()->as_ptr(),
                                    lock.get_mut()->as_ptr(),
                                    imported.get_mut()->as_ptr()};
  std::vector<Py_ssize_t> counts;
  for (::PyObject* object : all) counts.push_back(Py_REFCNT(object));
  return counts;
}

void refuses(const char* where) {
  now_at = where;
  check(!Python::try_with_gil([](Python) { fail("try_with_gil has run its function"); }), "try_with_gil says no");
  check(!Python::try_with_gil([](Python) { return 1; }).has_value(), "try_with_gil returns nothing");
  refusal([] { Python::with_gil([](Python) { fail("with_gil has run its function"); }); });
  refusal([] {
    const GILGuard guard = Python::acquire_gil();
    fail("acquire_gil has attached");
  });
  refusal([] { Python::prepare_freethreaded_python(); });
  refusal([] { InterpreterConfig().start(); });
  // To make or to import a class they have to attach; what they have made already would be of no use.
  refusal([] { (void)NeverUsedError::new_err("no"); });
  refusal([] { (void)NeverImportedError::new_err("no"); });
  check_contains(error->what(), "ZeroDivisionError: division by zero");
  check_contains(error_never_shown->what(), "is gone");
}
void refuses_everywhere(const char* where) {
  refuses(where);
  std::thread([=] { refuses(where); }).join();
}

void refuses_in_the_next_interpreter() {
  const std::vector<Py_ssize_t> before = counts_of_old_objects();
  Py_InitializeEx(0);
  refuses("the next interpreter, attached by the program");

  now_at = "importing in the next interpreter";
  check(PyImport_ImportModule("statics") == nullptr, "the module is not imported into the next interpreter");
  check(PyErr_ExceptionMatches(PyExc_ImportError) != 0, "it is an ImportError");
  ::PyObject *type = nullptr, *value = nullptr, *traceback = nullptr;
  PyErr_Fetch(&type, &value, &traceback);
  ::PyObject* text = PyObject_Str(value);
  check_contains(PyUnicode_AsUTF8(text), "statics");
  check_contains(PyUnicode_AsUTF8(text), "shut down");
  Py_DECREF(text);
  Py_XDECREF(type);
  Py_XDECREF(value);
  Py_XDECREF(traceback);
  check(PyRun_SimpleString("import json, sys\nassert 'statics' not in sys.modules") == 0, "Python itself works");

  PyThreadState* state = PyEval_SaveThread();
  refuses_everywhere("the next interpreter, detached");
  std::thread([] {
    const PyGILState_STATE ensured = PyGILState_Ensure();
    refuses("the next interpreter, attached by another thread");
    PyGILState_Release(ensured);
  }).join();
  now_at = "dropping what is of the old interpreter";
  to_be_dropped_detached.reset();
  PyEval_RestoreThread(state);
  to_be_dropped_in_next.reset();
  refuses("the next interpreter, after drops");
  const std::vector<Py_ssize_t> after = counts_of_old_objects();
  for (std::size_t i = 0; i < before.size(); ++i) {
    check_equal(after[i], before[i], "references to object " + std::to_string(i) + " of the old interpreter");
  }
}

}  // namespace

int main() {
  watch();
  append_to_inittab("statics", PyInit_statics);
  const InterpreterConfig config;
  config.start();
  check_contains(refusal([&] { config.start(); }), "running already");
  Python::with_gil(fill_statics);
  (void)counts_of_old_objects();
  finalize();

  refuses_everywhere("after the end");
  for (int round = 0; round < 2; ++round) {
    if (round == 0) {
      refuses_in_the_next_interpreter();
    } else {
      Py_InitializeEx(0);
      refuses("the third interpreter");
    }
    now_at = "ending it again";
    check_equal(Py_FinalizeEx(), 0, "the result of Py_FinalizeEx");
    refuses_everywhere("after its end");
  }
  now_at = "the destructors of statics";
}
