// SPDX-License-Identifier: MIT
// An Interpreter ends with its object, says why where it cannot, and what outlives it does no harm.
#include "adder/embed/interpreter.hpp"
#include "adder/function/new_function.hpp"
#include "adder/token/gil_guard.hpp"
#include "support/embedded.hpp"

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

using namespace adder;
using namespace test;

ADDER_MODULE(adder_late_module, m) { m.add("x", 1); }

namespace {

const char* const ended =
    "the Python interpreter is shutting down or was shut down: this thread can no longer attach to it";
const char* const only_once =
    "an interpreter was shut down in this process, and a second one cannot be started: classes, cached names and "
    "stored handles of the first would lead to freed memory";

struct Counted {
  Py<PyAny> keeps;
};

}  // namespace

template <>
struct adder::PyClass<Counted> {
  static constexpr auto name = "Counted";
  using fields = FieldList<&Counted::keeps>;
  static void define(ClassBuilder<Counted>&) {}
};

namespace {

void runs_what_python_runs_at_its_end() {
  std::string path = std::filesystem::temp_directory_path() / "adder_embed_XXXXXX";
  const int file = mkstemp(path.data());
  expect(file >= 0);
  {
    Interpreter python;
    expect(python.is_running());
    Python::with_gil([&](Python py) {
      const auto names = PyDict::new_(py, kw("path"_s) = path);
      py.run(R"(
          import atexit, threading, time
          def at_end():
              with open(path, "a") as file: file.write("atexit ")
          atexit.register(at_end)
          def slow():
              time.sleep(0.05)
              with open(path, "a") as file: file.write("thread ")
          threading.Thread(target=slow).start()
      )",
             names);
    });
  }
  char text[64] = {};
  const auto size = pread(file, text, sizeof text - 1, 0);
  expect_equal({text, static_cast<std::size_t>(size < 0 ? 0 : size)}, "thread atexit ");
  close(file);
  unlink(path.c_str());
}

void survivors_do_no_harm() {
  static GILOnceCell<Py<PyAny>> cell;
  std::optional<Py<PyAny>> object;
  std::optional<PyErr> lazy;
  std::optional<PyErr> raised;
  std::optional<PyErr> unread;
  std::optional<Py<Counted>> counted;
  {
    Interpreter python;
    Python::with_gil([&](Python py) {
      object.emplace(py.eval("[object()]"));
      (void)cell.get_or_init(py, [&] { return Py<PyAny>(py.eval("{}")); });
      lazy.emplace(PyValueError::new_err("lazy"));
      const auto fails = [&](const char* code) -> PyErr {
        try {
          py.run(code);
        } catch (const PyErr& error) {
          return error;
        }
        return PyRuntimeError::new_err("nothing was raised");
      };
      raised.emplace(fails("1 / 0"));
      unread.emplace(fails("[][0]"));
      counted.emplace(Py<Counted>::new_(py, Counted{Py<PyAny>(py.eval("[1]"))}));
    });
    expect_equal(raised->what(), "ZeroDivisionError: division by zero");
    expect_equal(std::to_string(python.end()), "0");
    expect(!python.is_running());
    expect_equal(std::to_string(python.end(7)), "7");  // Did nothing.
  }
  expect_equal(thrown_by<InterpreterUnavailable>([] { Python::with_gil([](Python) {}); }), ended);
  expect(!Python::try_with_gil([](Python) {}));
  expect_equal(thrown_by<InterpreterUnavailable>([] { Python::prepare_freethreaded_python(); }), ended);
  expect_equal(thrown_by<InterpreterUnavailable>([] { (void)Python::acquire_gil(); }), ended);
  expect_equal(thrown_by<InterpreterUnavailable>([] { const Interpreter second; }), only_once);
  expect_equal(lazy->what(), "ValueError: lazy");
  expect_equal(raised->what(), "ZeroDivisionError: division by zero");
  (void)PyErr(*raised);
  expect(!std::string_view(unread->what()).empty());  // What it says is up to what is left.
  Py<PyAny> moved = std::move(*object);
  std::thread([&] { const Py<PyAny> elsewhere = std::move(moved); }).join();
  object.reset();
  counted.reset();
  lazy.reset();
  raised.reset();
  unread.reset();
}

void an_interpreter_of_somebody_elses_is_kept_apart() {
  { const Interpreter python; }
  Py_InitializeEx(0);  // Past adder.
  expect_equal(thrown_by<InterpreterUnavailable>([] { Python::with_gil([](Python) {}); }), ended);
  // A module of adder's is refused there.
  ::PyObject* module = PyInit_adder_late_module();
  expect(module != nullptr);
  PyObject* spec = PyRun_String("__import__('types').SimpleNamespace(name='adder_late_module')", Py_eval_input,
                                PyModule_GetDict(PyImport_AddModule("__main__")), nullptr);
  ::PyObject* made = PyModule_FromDefAndSpec(reinterpret_cast<PyModuleDef*>(module), spec);
  const bool refused = made == nullptr || PyModule_ExecDef(made, reinterpret_cast<PyModuleDef*>(module)) != 0;
  expect(refused);
  if (refused) {
    expect(PyErr_ExceptionMatches(PyExc_ImportError) != 0);
    PyErr_Print();
  }
}

void says_who_still_uses_it() {
  Interpreter python;
  static Interpreter* which = &python;
  const char* const in_use = "an Interpreter cannot end while this thread uses it: it is attached, or in allow_threads";
  Python::with_gil([&](Python py) {
    expect_equal(thrown_by<InterpreterInUse>([&] { (void)python.end(); }), in_use);
    py.allow_threads_unchecked([&] { expect_equal(thrown_by<InterpreterInUse>([&] { (void)python.end(); }), in_use); });
    // As a module of another library does that lets go of the GIL itself.
    const auto end = new_function<[] {
      PyThreadState* state = PyEval_SaveThread();
      std::string why = thrown_by<InterpreterInUse>([&] { (void)which->end(); });
      PyEval_RestoreThread(state);
      return why;
    }>(py, "end");
    expect_equal(end.call().extract<std::string>(), in_use);
  });
  std::thread([&] {
    expect_equal(thrown_by<InterpreterInUse>([&] { (void)python.end(); }),
                 "an Interpreter ends on the thread that started it, and this is another one");
  }).join();
  expect_equal(thrown_by<InterpreterUnavailable>([] { const Interpreter second; }),
               "the Python interpreter is running already: its configuration cannot change");
  expect(python.is_running());
  expect_equal(text("6 * 7"), "42");
}

void called_by_python_code_past_adder() {
  Interpreter python;
  static Interpreter* self = &python;
  static std::string why;
  static PyMethodDef def{"end",
                         [](::PyObject*, ::PyObject*) -> ::PyObject* {
                           PyThreadState* state = PyEval_SaveThread();
                           why = thrown_by<InterpreterInUse>([] { (void)self->end(); });
                           PyEval_RestoreThread(state);
                           return Py_NewRef(Py_None);
                         },
                         METH_NOARGS, nullptr};
  const PyGILState_STATE state = PyGILState_Ensure();
  ::PyObject* function = PyCFunction_New(&def, nullptr);
  PyObject* names = PyModule_GetDict(PyImport_AddModule("__main__"));
  PyDict_SetItemString(names, "end", function);
  ::PyObject* result = PyRun_String("(lambda: end())()", Py_eval_input, names, names);
  expect(result != nullptr);
  Py_XDECREF(result);
  Py_XDECREF(function);
  PyGILState_Release(state);
  expect_equal(why, "an Interpreter cannot end while this thread uses it: it was called by Python code");
}

void a_thread_that_comes_back_too_late_is_parked() {
  std::promise<void> inside;
  std::promise<void> go;
  // On the heap: the thread is there when all else is gone.
  auto* came_back = new std::atomic<bool>(false);
  {
    const Interpreter python;
    std::thread([&, came_back] {
      Python::with_gil([&](Python py) {
        py.allow_threads_unchecked([&] {
          std::future<void> wait = go.get_future();
          inside.set_value();
          wait.wait();
        });
        *came_back = true;
      });
    }).detach();
    inside.get_future().wait();
  }
  go.set_value();
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  expect(!*came_back);
}

void destroyed_while_in_use_ends_the_process() {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    (void)std::freopen("/dev/null", "w", stderr);
    auto python = std::make_unique<Interpreter>();
    Python::with_gil([&](Python) { python.reset(); });
    std::_Exit(0);
  }
  int status = -1;
  expect(child > 0 && waitpid(child, &status, 0) == child && WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

void the_environment_of_a_program() {
  const Interpreter python(InterpreterConfig().argv({"app", "-x"}).program_name("/usr/bin/python3"));
  expect_equal(text("__import__('sys').argv"), "['app', '-x']");
  expect_equal(text("__import__('sys').executable"), "/usr/bin/python3");
}

void an_exception_ends_it_too() {
  try {
    const Interpreter python;
    Python::with_gil([](Python py) { py.run("import atexit; atexit.register(lambda: None)"); });
    throw std::runtime_error("of the program");
  } catch (const std::runtime_error& error) {
    expect_equal(error.what(), "of the program");
  }
  expect(!Python::try_with_gil([](Python) {}));
}

}  // namespace

int main() {
  in_child(runs_what_python_runs_at_its_end);
  in_child(survivors_do_no_harm);
  in_child(an_interpreter_of_somebody_elses_is_kept_apart);
  in_child(says_who_still_uses_it);
  in_child(called_by_python_code_past_adder);
  in_child(a_thread_that_comes_back_too_late_is_parked);
  in_child(destroyed_while_in_use_ends_the_process);
  in_child(the_environment_of_a_program);
  in_child(an_exception_ends_it_too);
  return failures;
}
