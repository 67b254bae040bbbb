// SPDX-License-Identifier: MIT
// A thread that the program has attached to a sub-interpreter gets a no by name: adder works with the main one. What
// is to be released waits for the main one, and its gate stays open when the other ends.
#include "adder/embed/embed.hpp"
#include "adder/token/gil_guard.hpp"

#include "threads/check.hpp"

#include <atomic>
#include <optional>
#include <thread>
#include <utility>

using namespace adder;
using namespace test;

namespace {

std::atomic<int> deaths = 0;
std::atomic<int> deaths_elsewhere = 0;

void bury() {
  ++deaths;
  if (PyInterpreterState_Get() != PyInterpreterState_Main()) ++deaths_elsewhere;
}

/// Attached to a new interpreter from construction to destruction; attached to the main one before and after.
class SubInterpreter {
 public:
  SubInterpreter() : main_(PyThreadState_Get()), sub_(Py_NewInterpreter()) {
    check(sub_ != nullptr, "there is a sub-interpreter");
  }
  ~SubInterpreter() {
    Py_EndInterpreter(sub_);
    PyThreadState_Swap(main_);
  }
  SubInterpreter(const SubInterpreter&) = delete;
  SubInterpreter& operator=(const SubInterpreter&) = delete;

  template <class F>
  void in_main(F&& f) {
    PyThreadState_Swap(main_);
    std::forward<F>(f)();
    PyThreadState_Swap(sub_);
  }

 private:
  PyThreadState* main_;
  PyThreadState* sub_;
};

void refuses() {
  PyThreadState* const state = PyThreadState_Get();
  check(!Python::try_with_gil([](Python) { fail("try_with_gil has run its function"); }), "try_with_gil says no");
  check(!Python::try_with_gil([](Python) { return 1; }).has_value(), "try_with_gil returns nothing");
  check_contains(refusal([] { Python::with_gil([](Python) { fail("with_gil has run its function"); }); }),
                 "attached to another interpreter");
  check_contains(refusal([] {
                   const GILGuard guard = Python::acquire_gil();
                   fail("acquire_gil has attached");
                 }),
                 "attached to another interpreter");
  check(PyThreadState_Get() == state, "the thread is attached as before");
  check(PyErr_Occurred() == nullptr, "no exception is pending");
}

void works_in_main() {
  check_equal(Python::with_gil([](Python py) { return py.eval("6 * 7").extract<int>(); }), 42, "6 * 7");
  check(Python::try_with_gil([](Python) {}), "try_with_gil says yes");
}

void refuses_the_module() {
  check(PyImport_ImportModule("of_main") == nullptr, "the module is not imported");
  check(PyErr_ExceptionMatches(PyExc_ImportError) != 0, "it is an ImportError");
  ::PyObject *type = nullptr, *value = nullptr, *traceback = nullptr;
  PyErr_Fetch(&type, &value, &traceback);
  ::PyObject* text = PyObject_Str(value);
  check_contains(PyUnicode_AsUTF8(text), "module of_main does not support loading in subinterpreters");
  Py_DECREF(text);
  Py_XDECREF(type);
  Py_XDECREF(value);
  Py_XDECREF(traceback);
  check_equal(PyRun_SimpleString("import sys\nassert 'of_main' not in sys.modules\nimport json"), 0,
              "the result of a script that does not use adder");
}

/// Calls @p f on a thread that has ended by then. On free-threaded builds an object whose last reference goes elsewhere
/// has to wait for the thread that made it, unless that has ended.
template <class F>
void on_another_thread(F&& f) {
  PyThreadState* const state = PyEval_SaveThread();
  std::thread([&f] { Python::with_gil(std::forward<F>(f)); }).join();
  PyEval_RestoreThread(state);
}

void first_use_in_a_sub_interpreter() {
  now_at = "the first use of adder of all";
  SubInterpreter sub;
  refuses();
  refuses_the_module();
  refuses();
  sub.in_main(works_in_main);
  refuses();
}

void releases_wait_for_main() {
  now_at = "a reference dropped by a detached thread";
  std::optional<Py<PyAny>> detached, here, in_between;
  std::optional<PyErr> error;
  on_another_thread([&](Python py) {
    py.run(R"(
        class Mortal(Exception):
            def __del__(self, bury=__import__('of_main').bury):
                bury()
    )");
    for (auto* place : {&detached, &here, &in_between}) *place = py.eval("Mortal()").unbind();
    error = PyErr::from_value(py.eval("Mortal()"));
  });
  deaths = 0;
  {
    SubInterpreter sub;
    std::thread([&] { detached.reset(); }).join();
    refuses();
    check_equal(deaths, 0, "times that __del__ has run in the sub-interpreter");

    now_at = "a reference dropped in a sub-interpreter";
    here.reset();
    error.reset();
    refuses();
    check_equal(deaths, 0, "times that __del__ has run in the sub-interpreter");

    now_at = "a thread that looks into the main interpreter meanwhile";
    PyThreadState* const state = PyEval_SaveThread();
    std::thread([] { Python::with_gil([](Python) {}); }).join();
    check_equal(deaths, 3, "times that __del__ has run");
    PyEval_RestoreThread(state);

    now_at = "the same thread in the main interpreter";
    std::thread([&] { in_between.reset(); }).join();
    sub.in_main([] { Python::with_gil([](Python) { check_equal(deaths, 4, "times that __del__ has run"); }); });
  }
  check_equal(deaths_elsewhere, 0, "times that __del__ has run elsewhere than in the main interpreter");
}

void inside_with_gil() {
  now_at = "a sub-interpreter made inside with_gil";
  Python::with_gil([](Python py) {
    const Bound<PyAny> object = py.eval("object()");
    {
      SubInterpreter sub;
      refuses();
      refuses_the_module();
    }
    check_equal(Py_REFCNT(object.as_ptr()), 1, "references to the object");
    works_in_main();
    py.allow_threads([] { works_in_main(); });
  });
}

/// The same while the thread is detached. PyGILState_Ensure() would take it to the sub-interpreter.
void refuses_a_detached_thread() {
  PyThreadState* const state = PyEval_SaveThread();
  check(!Python::try_with_gil([](Python) { fail("try_with_gil has run its function"); }), "try_with_gil says no");
  check_contains(refusal([] { Python::with_gil([](Python) { fail("with_gil has run its function"); }); }),
                 "belongs to another interpreter");
  check_contains(refusal([] {
                   const GILGuard guard = Python::acquire_gil();
                   fail("acquire_gil has attached");
                 }),
                 "belongs to another interpreter");
  check(!detail::is_attached(), "the thread is detached as before");
  PyEval_RestoreThread(state);
}

/// A thread of C++ that has never been anywhere else.
void a_thread_of_its_own() {
  now_at = "a thread that only a sub-interpreter knows";
  PyThreadState* const main = PyThreadState_Get();
  PyThreadState* const sub = Py_NewInterpreter();
  PyThreadState_Swap(main);
  PyThreadState* const detached = PyEval_SaveThread();
  std::thread([sub] {
    PyThreadState* const own = PyThreadState_New(sub->interp);
    PyEval_RestoreThread(own);
    refuses();
    refuses_the_module();
    refuses_a_detached_thread();
    refuses();
    PyThreadState_Clear(own);
    PyThreadState_DeleteCurrent();
    works_in_main();
  }).join();
  PyEval_RestoreThread(detached);
  PyThreadState_Swap(sub);
  Py_EndInterpreter(sub);
  PyThreadState_Swap(main);
}

}  // namespace

ADDER_MODULE(of_main, m, gil_not_used) { m.def<&bury>("bury"); }

int main() {
  watch();
  append_to_inittab("of_main", PyInit_of_main);
  Py_InitializeEx(0);
  first_use_in_a_sub_interpreter();
  for (int round = 0; round < 3; ++round) {
    now_at = "the main interpreter, after a sub-interpreter has ended";
    works_in_main();
    std::thread thread(works_in_main);
    Python::with_gil([&](Python py) { py.allow_threads([](std::thread& other) { other.join(); }, thread); });
    releases_wait_for_main();
    inside_with_gil();
    a_thread_of_its_own();
  }
  now_at = "the end of the main interpreter";
  check_equal(Py_FinalizeEx(), 0, "the result of Py_FinalizeEx");
  check_contains(refusal([] { Python::with_gil([](Python) {}); }), "was shut down");
}
