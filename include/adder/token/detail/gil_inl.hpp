// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of gil.hpp.
#pragma once
#include "adder/token/error_scope.hpp"
#include "adder/token/gil.hpp"

#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>
#endif

namespace adder::inline ADDER_ABI {

namespace detail {

/// The `atexit` callback: see attach_gate.hpp.
ADDER_FUNC ::PyObject* close_attach_gate(::PyObject*, ::PyObject*) {
  // What is queued by now is released while Python code can still run; what comes later is leaked.
  drain_deferred();
  attach_gate.close();
  drain_deferred();
  Py_RETURN_NONE;
}

/// Python has dropped the callback: it has run, or it never will.
ADDER_FUNC void lose_gate_callback(::PyObject*) noexcept {
  gate_will_close.store(false, Order::release);
  hooks_begun.store(false, Order::release);  // The next thread that attaches registers another one.
}

/// Registers close_attach_gate. The caller is attached. @return Whether that worked; an exception is pending else.
ADDER_COLD ADDER_FUNC bool register_gate_callback() noexcept {
  // Local: a variable in the namespace would have every file that includes adder compile what it points to.
  static constinit PyMethodDef close_def{"adder_close_attach_gate", close_attach_gate, METH_NOARGS, nullptr};
  ::PyObject* atexit = guard_unwind(PyImport_ImportModule, "atexit");
  if (atexit == nullptr) return false;
  // What is bound to the callback tells that it is gone.
  ::PyObject* witness = PyCapsule_New(&attach_gate, nullptr, nullptr);
  ::PyObject* callback = witness == nullptr ? nullptr : PyCFunction_New(&close_def, witness);
  ::PyObject* result = callback == nullptr
                           ? nullptr
                           : guard_unwind([&] { return PyObject_CallMethod(atexit, "register", "O", callback); });
  const bool registered = result != nullptr;
  // Too late, nobody will call it: at the first use of adder in a destructor, for example.
  const bool will_run = registered && !is_finalizing();
  if (will_run && PyCapsule_SetDestructor(witness, lose_gate_callback) == 0) {
    gate_will_close.store(true, Order::release);
  }
  Py_XDECREF(result);
  Py_XDECREF(callback);
  Py_XDECREF(witness);
  Py_DECREF(atexit);
  return registered;
}

ADDER_COLD ADDER_FUNC void adopt_runtime() noexcept {
  // Not in a sub-interpreter: ending that must not close the gate of the main one.
  if (PyInterpreterState_Get() != PyInterpreterState_Main()) return;
  PyInterpreterState* none = nullptr;
  home_interpreter.compare_exchange(none, PyInterpreterState_Main(), Order::acq_rel);
  if (hooks_begun.exchange(true, Order::acq_rel)) return;
  if (!runtime_ready.load(Order::acquire)) {
#if defined(__unix__) || defined(__APPLE__)
    pthread_atfork(nullptr, nullptr, [] { attach_gate.only_this_thread(); });
#endif
    // At the very end. The next interpreter has the address of this one.
    Py_AtExit([] { home_interpreter.store(no_interpreter(), Order::release); });
  }
  const ErrorScope pending(token());
  // Where this fails the interpreter is shutting down already, or has no `atexit`: it is then asked at each attach.
  if (!register_gate_callback()) PyErr_Clear();
  runtime_ready.store(true, Order::release);
}

ADDER_COLD ADDER_FUNC void throw_unavailable() {
  const PyThreadState* state = current_state();
  const PyInterpreterState* home = home_interpreter.load(Order::relaxed);
  if (state == nullptr && home != nullptr && !attach_gate.closed()) {
    const PyThreadState* own = PyGILState_GetThisThreadState();
    if (own != nullptr && own->interp != home) {
      throw InterpreterUnavailable(
          "this thread belongs to another interpreter than the one that adder works with: the thread state that it "
          "used last is one of a sub-interpreter");
    }
  }
  if (state == nullptr || may_use(state) || attach_gate.closed()) {
    throw InterpreterUnavailable(
        "the Python interpreter is shutting down or was shut down: this thread can no longer attach to it");
  }
  if (state->interp == home) {
    throw InterpreterUnavailable("the garbage collector is traversing objects: Python cannot be used meanwhile");
  }
  throw InterpreterUnavailable(
      "this thread is attached to another interpreter than the one that adder works with: objects cannot be shared "
      "between interpreters");
}

ADDER_FUNC bool start_runtime() {
  if (Py_IsInitialized() == 0) {
    Py_InitializeEx(0);
    adopt_runtime();
    PyEval_SaveThread();
  }
  return true;
}

ADDER_FUNC void start_runtime_once() {
  static const bool started = start_runtime();
  (void)started;
}

ADDER_COLD ADDER_FUNC bool AttachScope::may_use_after_all(const PyThreadState* state,
                                                          const GilScope* innermost) noexcept {
  if (runtime_ready.load(Order::acquire)) return false;
  adopt_runtime();
  return may_use(state, innermost);
}

/// Attaches a thread that has passed the gate. False: it belongs to a sub-interpreter, and is detached as before.
ADDER_INLINE bool AttachScope::get_gil(ThreadScopes& scopes) {
  // With the thread state that this thread used last, whosever that is: one of its own is made where there is none.
  state_ = guard_unwind(PyGILState_Ensure);
  PyThreadState* const state = unchecked_state();
  const PyInterpreterState* const home = home_interpreter.load(Order::relaxed);
  if (state->interp != home && (home != nullptr || state->interp != PyInterpreterState_Main())) [[unlikely]] {
    guard_unwind_of_c([this] { PyGILState_Release(state_); });
    attach_gate.turn_back(scopes);
    return false;
  }
  attach_gate.arrive(scopes);
  kind_ = Kind::outermost;
  push_scope(scopes, scope_, state);
  return true;
}

ADDER_COLD ADDER_FUNC void AttachScope::enter_after_all(PyThreadState* state) noexcept {
  const GilScope* const innermost = thread_scopes.innermost;
  if (!may_use(state, innermost) && !may_use_after_all(state, innermost)) return;
  kind_ = Kind::nested;
  note_python_use();
  drain_deferred();
}

ADDER_NOINLINE ADDER_FUNC void AttachScope::attach(IfNone if_none, ThreadScopes& scopes) {
  if (!gate_will_close.load(Order::acquire)) [[unlikely]]
    return attach_unannounced(if_none, scopes);
  if (attach_gate.enter(scopes) && get_gil(scopes)) drain_deferred();
}

ADDER_COLD ADDER_FUNC void AttachScope::attach_unannounced(IfNone if_none, ThreadScopes& scopes) {
  if (attach_gate.closed() || home_interpreter.load(Order::acquire) == no_interpreter()) return;
  if (!runtime_ready.load(Order::acquire)) {
    // Py_IsInitialized() is false while another thread finalises the interpreter; a second one must not be started.
    if (is_finalizing()) return;
    if (if_none == IfNone::start) {
      Python::prepare_freethreaded_python();
    } else if (Py_IsInitialized() == 0) {
      return;
    }
  }
  if (attach_gate.closed() || !attach_gate.enter(scopes)) return;
  // Until the callback is registered, or finalization might begin between the two.
  const FinalizationGuard guard;
  if (!guard.granted()) return attach_gate.turn_back(scopes);
  if (!get_gil(scopes)) return;
  adopt_runtime();
  drain_deferred();
}

ADDER_NOINLINE ADDER_FUNC void AttachScope::detach() noexcept {
  ThreadScopes& scopes = look_up_scopes();
  pop_scope(scopes, scope_);
  // There is nothing to detach from any more where Py_FinalizeEx() was called within the scope.
  if (home_interpreter.load(Order::acquire) != no_interpreter()) {
#if PY_VERSION_HEX < 0x030D0000
    // What the thread keeps in Python may attach again when it dies. CPython does not expect that of a thread state
    // that it is deleting (gh-119585): it goes before.
    PyThreadState* const state = scope_.state;
    if (state->gilstate_counter == 1 && state->dict != nullptr) {
      guard_unwind_of_c([state] { PyDict_Clear(state->dict); });
    }
#endif
    attach_gate.depart(scopes);
    guard_unwind_of_c([this] { PyGILState_Release(state_); });
  }
  attach_gate.leave(scopes);
}

}  // namespace detail

ADDER_FUNC Python Python::assume_gil_acquired([[maybe_unused]] detail::Location where) noexcept {
#if ADDER_CHECKED
  if (!detail::is_attached()) detail::fatal("assume_gil_acquired: this thread does not hold the GIL", where);
#endif
  return detail::token();
}

ADDER_FUNC void Python::prepare_freethreaded_python() {
  if (detail::attach_gate.closed() || detail::is_finalizing()) detail::throw_unavailable();
  if (detail::runtime_ready.load(detail::Order::acquire) || detail::is_attached()) return;
  // Racing threads wait here for the first, and hold no GIL while they do: this static cannot deadlock. Whether the
  // interpreter "is initialized" is no substitute: it says so before `site` is done.
  detail::start_runtime_once();
}

}  // namespace adder::inline ADDER_ABI
