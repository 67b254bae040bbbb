// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of generator.hpp.
#pragma once
#include "adder/class/detail/slots.hpp"
#include "adder/class/generator.hpp"
#include "adder/token/detail/pools.hpp"
#include "adder/token/detail/scope_stack.hpp"
#include "adder/token/error_scope.hpp"

#include <new>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {

/// PEP 479: a StopIteration that leaves a generator would end the caller's loop in silence. It is pending.
ADDER_COLD ADDER_FUNC void replace_stop_iteration() noexcept {
  try {
    const PyErr stop = PyErr::fetch(token());
    const PyErr error = PyErr::Access::lazy(PyExc_RuntimeError, "generator raised StopIteration");
    error.set_cause(token(), stop);
    PyException_SetContext(error.value(token()).as_ptr(), stop.value(token()).into_ptr());
    error.restore(token());
  } catch (const PyErr& failure) {
    failure.restore(token());
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  }
}
/// An exception is pending that has left a generator.
ADDER_FUNC ::PySendResult left_by_exception() noexcept {
  if (PyErr_ExceptionMatches(PyExc_StopIteration) != 0) replace_stop_iteration();
  return PYGEN_ERROR;
}

ADDER_FUNC void GeneratorPromise::unhandled_exception() noexcept {
  release_if_any(std::exchange(answer_, nullptr));  // Of a co_return, where a destructor has thrown since.
  translate_current_exception();
}

ADDER_COLD ADDER_FUNC void GeneratorPromise::throw_thrown() { throw PyErr(*std::exchange(thrown_, nullptr)); }

ADDER_FUNC void GeneratorFrame::drop() noexcept {
  GeneratorPromise* promise = std::exchange(promise_, nullptr);
  if (promise == nullptr) return;
  const ErrorScope pending(token());  // Where unhandled_exception() puts what destructors throw.
  promise->frame_.destroy();
}

ADDER_FUNC PyResult<Bound<PyAny>> generator_object(Python py, GeneratorFrame frame) {
  if (frame.promise() == nullptr) {
    return PyErr::Access::lazy(PyExc_RuntimeError, "a C++ generator was converted after it was moved from");
  }
  try {
    return Bound<GeneratorObject>::new_(py, std::move(frame)).into_any();
  } catch (const PyErr& error) {
    return error;
  }
}

ADDER_COLD ADDER_FUNC void refuse_sent(::PyObject* sent, const PyErr* error) noexcept {
  FunctionRecord record;
  record.name = "send() argument";
  record.is_setter = true;  // The name says it all.
  if (error != nullptr) return set_argument_error(record, 0, *error);
  PyErr_Format(PyExc_TypeError, "%s must be None, not %.200s", record.name, type_name_of(sent));
}
ADDER_COLD ADDER_FUNC void refuse_sent_by_exception() noexcept {
  FunctionRecord record;
  record.name = "send() argument";
  record.is_setter = true;
  set_thrown_error(record, 0);
}

/// @param ended  Takes the coroutine, where it has ended.
ADDER_FUNC ::PySendResult GeneratorObject::step(::PyObject* sent, const PyErr* thrown, ::PyObject** answer,
                                                GeneratorFrame& ended) {
  GeneratorPromise* promise = frame_.promise();
  if (promise == nullptr) {
    if (thrown != nullptr) {
      thrown->restore(token());
      return PYGEN_ERROR;
    }
    *answer = Py_NewRef(Py_None);
    return PYGEN_RETURN;
  }
  if (!begun_ && thrown != nullptr) {  // Nobody in there could catch it.
    ended = std::move(frame_);
    thrown->restore(token());
#if PY_VERSION_HEX < 0x030C0000
    return left_by_exception();  // Since 3.12 a StopIteration that was never inside stays one.
#else
    return PYGEN_ERROR;
#endif
  }
  if (sent != Py_None) {
    if (!begun_) {
      PyErr_SetString(PyExc_TypeError, "can't send non-None value to a just-started generator");
      return PYGEN_ERROR;
    }
    if (!promise->take_(*promise, sent)) return PYGEN_ERROR;
  }
  promise->thrown_ = thrown;
  begun_ = true;
#if ADDER_CHECKED
  // In other builds the destructors of these find out, where it matters by then.
  const GilScope* const scope = thread_scopes.innermost;
  const Pool* const pool = innermost_pool;
#endif
  promise->frame_.resume();
#if ADDER_CHECKED
  if (thread_scopes.innermost != scope || innermost_pool != pool) {
    fatal("a GILGuard or GILPool lives across a co_yield: they are scopes of a thread, and a generator is none", {});
  }
#endif
  *answer = std::exchange(promise->answer_, nullptr);
  if (!promise->frame_.done()) return PYGEN_NEXT;
  ended = std::move(frame_);
  if (*answer != nullptr) return PYGEN_RETURN;
  if (PyErr_Occurred() != nullptr) return left_by_exception();
  *answer = Py_NewRef(Py_None);
  return PYGEN_RETURN;
}

ADDER_FUNC ::PySendResult GeneratorObject::step(::PyObject* self, ::PyObject* sent, const PyErr* thrown,
                                                ::PyObject** answer) noexcept {
  *answer = nullptr;
  // Not only the caller's: `itertools.islice` drops its iterator when a call inside of this one raises.
  const KeptAlive alive(self);
  GeneratorFrame ended;  // Dropped last, after the borrow: that may run Python code.
  ::PySendResult result = PYGEN_ERROR;
  {
    auto& state = Layout<GeneratorObject>::state(self);
    if (!state.try_exclude()) {
      PyErr_SetString(PyExc_ValueError, "generator already executing");
      return PYGEN_ERROR;
    }
    const DepthScope<true> depth;
    if (!depth.refused()) [[likely]]
      result = Layout<GeneratorObject>::value(self).step(sent, thrown, answer, ended);
    state.flag.end_exclude();
  }
  ended.drop();
  return result;
}

/// Makes a StopIteration with a value the pending exception. Takes the reference.
ADDER_COLD ADDER_FUNC void set_stop_iteration(::PyObject* value) noexcept {
  // An instance: PyErr_SetObject takes a tuple for several arguments, and an exception for the one to raise.
  ::PyObject* stop = guard_unwind(PyObject_CallOneArg, PyExc_StopIteration, value);
  Py_DECREF(value);
  if (stop == nullptr) return;
  PyErr_SetObject(PyExc_StopIteration, stop);
  Py_DECREF(stop);
}

ADDER_FUNC ::PyObject* GeneratorObject::next(::PyObject* self) noexcept {
  ::PyObject* answer = nullptr;
  if (step(self, Py_None, nullptr, &answer) == PYGEN_RETURN) {
    if (answer != Py_None) {
      set_stop_iteration(answer);
    } else {
      Py_DECREF(answer);
    }
    return nullptr;  // Without an exception this is the end as well.
  }
  return answer;
}

ADDER_FUNC ::PySendResult GeneratorObject::am_send(::PyObject* self, ::PyObject* sent, ::PyObject** answer) noexcept {
  return step(self, sent, nullptr, answer);
}

/// What send() and throw() answer.
ADDER_FUNC PyResult<Bound<PyAny>> as_method_result(::PySendResult result, ::PyObject* answer) {
  if (result == PYGEN_NEXT) return steal(answer);
  if (result == PYGEN_RETURN) {
    if (answer == Py_None) {
      Py_DECREF(answer);
      PyErr_SetNone(PyExc_StopIteration);
    } else {
      set_stop_iteration(answer);
    }
  }
  return PyErr::fetch(token());
}

ADDER_FUNC PyResult<Bound<PyAny>> GeneratorObject::send(const Bound<GeneratorObject>& self, const Bound<PyAny>& value) {
  ::PyObject* answer = nullptr;
  const ::PySendResult result = step(self.as_ptr(), value.as_ptr(), nullptr, &answer);
  return as_method_result(result, answer);
}

/// The exception that a class makes of a value, as `raise` and the interpreter do; or the one raised meanwhile.
ADDER_FUNC PyErr exception_of(::PyObject* type, ::PyObject* value) {
  const int is_made = guard_unwind(PyObject_IsInstance, value, type);
  if (is_made > 0) return PyErr::from_value(borrow(value));
  if (is_made < 0) return PyErr::fetch(token());
  ::PyObject* made = guard_unwind([&] {
    if (value == Py_None) return PyObject_CallNoArgs(type);
    return PyTuple_Check(value) ? PyObject_Call(type, value, nullptr) : PyObject_CallOneArg(type, value);
  });
  if (made == nullptr) return PyErr::fetch(token());
  return PyErr::from_value(steal(made));
}

ADDER_FUNC PyResult<Bound<PyAny>> GeneratorObject::throw_(const Bound<GeneratorObject>& self, const Args& exception) {
  ::PyObject* const given = exception->as_ptr();
  const Py_ssize_t count = PyTuple_GET_SIZE(given);
  if (count < 1 || count > 3) {
    PyErr_Format(PyExc_TypeError, "throw() takes from 1 to 3 arguments (%zd given)", count);
    return PyErr::fetch(token());
  }
#if PY_VERSION_HEX >= 0x030C0000
  if (count > 1 && guard_unwind(PyErr_WarnEx, PyExc_DeprecationWarning,
                                "the (type, exc, tb) signature of throw() is deprecated, use the single-arg signature "
                                "instead.",
                                1) < 0) {
    return PyErr::fetch(token());
  }
#endif
  const auto refuse = [](const char* why) { return PyErr::Access::lazy(PyExc_TypeError, why); };
  ::PyObject* const type = PyTuple_GET_ITEM(given, 0);
  ::PyObject* const value = count > 1 ? PyTuple_GET_ITEM(given, 1) : Py_None;
  ::PyObject* const traceback = count > 2 ? PyTuple_GET_ITEM(given, 2) : Py_None;
  const bool is_instance = PyExceptionInstance_Check(type);
  if (traceback != Py_None && !PyTraceBack_Check(traceback)) {
    return refuse("throw() third argument must be a traceback object");
  }
  if (is_instance && value != Py_None) return refuse("instance exception may not have a separate value");
  if (!is_instance && !PyExceptionClass_Check(type)) {
    PyErr_Format(PyExc_TypeError, "exceptions must be classes or instances deriving from BaseException, not %.200s",
                 type_name_of(type));
    return PyErr::fetch(token());
  }
  const PyErr thrown = is_instance ? PyErr::from_value(borrow(type)) : exception_of(type, value);
  if (traceback != Py_None) PyException_SetTraceback(thrown.value(token()).as_ptr(), traceback);
  ::PyObject* answer = nullptr;
  const ::PySendResult result = step(self.as_ptr(), Py_None, &thrown, &answer);
  return as_method_result(result, answer);
}

ADDER_FUNC PyResult<Bound<PyAny>> GeneratorObject::close(const Bound<GeneratorObject>& self) {
  const PyErr thrown = PyErr::Access::bare(PyExc_GeneratorExit);
  ::PyObject* answer = nullptr;
  const ::PySendResult result = step(self.as_ptr(), Py_None, &thrown, &answer);
  const Bound<PyAny> answered = steal(answer);
  if (result == PYGEN_NEXT) {
    return PyErr::Access::lazy(PyExc_RuntimeError, "generator ignored GeneratorExit");
  }
  if (result == PYGEN_ERROR) {
    if (PyErr_ExceptionMatches(PyExc_GeneratorExit) == 0) return PyErr::fetch(token());
    PyErr_Clear();
    return borrow(Py_None);
  }
#if PY_VERSION_HEX >= 0x030D0000
  return borrow(answered.as_ptr());
#else
  return borrow(Py_None);  // What a generator returns is of interest to close() since 3.13.
#endif
}

}  // namespace detail

ADDER_FUNC void PyClass<detail::GeneratorObject>::define(ClassBuilder<detail::GeneratorObject>& cls) {
  using detail::GeneratorObject;
  cls.slot(Py_tp_iter, reinterpret_cast<void*>(&PyObject_SelfIter));
  cls.slot(Py_tp_iternext, reinterpret_cast<void*>(&GeneratorObject::next));
  cls.slot(Py_am_send, reinterpret_cast<void*>(&GeneratorObject::am_send));
  cls.def<&GeneratorObject::send>("send", arg("value"), pos_only, "Go on; yield gives the value.");
  cls.def<&GeneratorObject::throw_>("throw", "Raise the exception where the generator waits.");
  cls.def<&GeneratorObject::close>("close", "Raise GeneratorExit where the generator waits: it has to end.");
}

}  // namespace adder::inline ADDER_ABI
