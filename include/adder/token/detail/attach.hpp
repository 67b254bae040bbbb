// SPDX-License-Identifier: MIT
/// @file
/// @brief Whether this thread may touch Python, and the gate that closes when the interpreter shuts down.
///
/// One copy of this state exists per shared object that includes adder.
///
/// Why a gate. Up to 3.13 a thread that asks for the GIL of a finalizing interpreter is ended with pthread_exit, which
/// unwinds through C++ frames without the GIL; from 3.14 on it hangs. So adder threads never ask too late: an `atexit`
/// callback closes the gate, lets the threads that already passed it have the GIL, and only then lets finalization go
/// on. Threads that come later are told no.
#pragma once
#include "adder/token/detail/lock_order.hpp"

#include <exception>

#if defined(__GLIBCXX__)
#include <bits/cxxabi_forced.h>
#endif

namespace adder::inline ADDER_ABI::detail {

/// Ends the process with one line that names the broken promise and, where known, the user's place.
[[noreturn]] ADDER_COLD_CALL void fatal(std::string_view promise, Location where) noexcept;

/// One entry of the stack of attach and detach scopes of a thread. Lives on the C++ stack.
struct GilScope {
  GilScope* outer;
  /// The thread state that the scope is attached with, which lives as long as the scope; null in a detached section.
  PyThreadState* state;
};

ADDER_HIDDEN inline constinit thread_local GilScope* innermost_scope = nullptr;

inline void push_scope(GilScope& scope, PyThreadState* state) noexcept {
  scope.outer = innermost_scope;
  scope.state = state;
  innermost_scope = &scope;
}

/// The thread state that this thread is attached with, however it got there; null when it is not attached.
///
/// Asks the interpreter, because a count of our own would be wrong after a raw PyEval_SaveThread and in code that was
/// called by Python; PyGILState_Check would be wrong once a sub-interpreter has existed.
inline PyThreadState* current_state() noexcept {
#if PY_VERSION_HEX >= 0x030D0000
  return PyThreadState_GetUnchecked();
#elif PY_VERSION_HEX >= 0x030C0000
  return _PyThreadState_UncheckedGet();
#else
  // Up to 3.11 the unchecked current state belongs to whoever holds the GIL, so it has to be this thread's own: that of
  // a scope of ours, which is quickly found, or the one that CPython keeps for the thread.
  PyThreadState* current = _PyThreadState_UncheckedGet();
  if (current == nullptr) return nullptr;
  if (innermost_scope != nullptr && innermost_scope->state == current) return current;
  if (current == PyGILState_GetThisThreadState()) return current;
  // Or one that the program has made for a sub-interpreter. Its owner may be another thread, which may end just now: so
  // it is looked at only where there are sub-interpreters.
  const bool is_alone = PyInterpreterState_Head() == PyInterpreterState_Main();
  return !is_alone && current->thread_id == PyThread_get_thread_ident() ? current : nullptr;
#endif
}

inline bool is_attached() noexcept { return current_state() != nullptr; }

inline bool is_finalizing() noexcept {
#if PY_VERSION_HEX >= 0x030D0000
  return Py_IsFinalizing() != 0;
#else
  return _Py_IsFinalizing() != 0;
#endif
}

/// Blocks this thread for good. For threads that CPython is about to end: their stack must not be unwound, because
/// destructors on it would touch Python. The process ends without them, as it does for daemon threads.
[[noreturn]] ADDER_COLD_CALL void park_thread() noexcept;

#if defined(__GLIBCXX__) && PY_VERSION_HEX < 0x030E0000
/// Parks a thread that is being ended while it handles a C++ exception. libstdc++ cannot catch the unwinding then: its
/// __cxa_begin_catch ends the process. A forced unwinding does not count as an uncaught exception.
struct ParkOnForcedUnwind {
  bool done = false;
  ParkOnForcedUnwind() = default;
  ParkOnForcedUnwind(const ParkOnForcedUnwind&) = delete;
  ParkOnForcedUnwind& operator=(const ParkOnForcedUnwind&) = delete;
  ADDER_INLINE ~ParkOnForcedUnwind() {
    if (!done) [[unlikely]]
      park_if_forced();
  }

 private:
  ADDER_COLD static void park_if_forced() noexcept {
    if (std::uncaught_exceptions() == 0) park_thread();
  }
};
#endif

/// Calls @p call, which may let go of the GIL and so may be ended by a finalizing CPython (see the file comment). Costs
/// nothing until that happens.
template <class Call>
ADDER_INLINE decltype(auto) park_if_unwound(Call&& call) {
#if defined(__GLIBCXX__) && PY_VERSION_HEX < 0x030E0000
  try {
    ParkOnForcedUnwind guard;
    if constexpr (std::is_void_v<decltype(call())>) {
      call();
      guard.done = true;
    } else {
      decltype(auto) result = call();
      guard.done = true;
      return result;
    }
  } catch (__cxxabiv1::__forced_unwind&) {
    park_thread();
  }
#else
  return call();
#endif
}
template <class Call>
ADDER_INLINE decltype(auto) guard_unwind(Call&& call) {
  note_gil_wait();
  return park_if_unwound(std::forward<Call>(call));
}
/// The same for what lets go of the GIL in some versions only. Up to 3.11 that is what makes an object that the garbage
/// collector knows, as it may run the collector, with the finalizers of whatever is garbage. Without a GIL it is what
/// waits for another thread to be done with an object.
template <class Call>
ADDER_INLINE decltype(auto) guard_rare_unwind(Call&& call) {
#if PY_VERSION_HEX < 0x030C0000 || defined(Py_GIL_DISABLED)
  return park_if_unwound(std::forward<Call>(call));
#else
  return call();
#endif
}

#if defined(__GLIBCXX__) && PY_VERSION_HEX < 0x030E0000
struct ParkUnlessDone {
  bool done = false;
  ADDER_INLINE ~ParkUnlessDone() {
    if (!done) [[unlikely]]
      park_thread();
  }
};
#endif

/// The same for a call from which no C++ exception comes. In destructors, as it works also while one is on its way.
template <class Call>
ADDER_INLINE void guard_unwind_of_c(Call&& call) noexcept {
  note_gil_wait();
#if defined(__GLIBCXX__) && PY_VERSION_HEX < 0x030E0000
  try {
    ParkUnlessDone guard;
    call();
    guard.done = true;
  } catch (...) {
    park_thread();
  }
#else
  call();
#endif
}

/// What ends an object whose last reference is gone, for functions that must not be unwound: the object's own
/// destructor may let go of the GIL.
ADDER_NOINLINE inline void dealloc_guarded(::PyObject* object) noexcept {
  guard_unwind_of_c([&] { _Py_Dealloc(object); });
}
/// Py_DECREF for destructors. The same instructions as CPython's, with another function for the last reference.
ADDER_INLINE void release(::PyObject* object) noexcept {
#if PY_VERSION_HEX >= 0x030E0000
  Py_DECREF(object);  // From 3.14 on threads are not unwound.
#elif defined(Py_REF_DEBUG) || defined(Py_GIL_DISABLED)
  guard_unwind_of_c([&] { Py_DECREF(object); });
#else
#if PY_VERSION_HEX >= 0x030C0000
  if (_Py_IsImmortal(object)) return;
#endif
  if (--object->ob_refcnt == 0) dealloc_guarded(object);
#endif
}
ADDER_INLINE void release_if_any(::PyObject* object) noexcept {
  if (object != nullptr) release(object);
}

/// Has an object live for good, which threads use in turns: without a GIL they would contend for its count of
/// references. Nothing where there is a GIL.
inline void make_immortal([[maybe_unused]] ::PyObject* object) noexcept {
#if defined(Py_GIL_DISABLED)
  // As CPython's own does, whose collector then passes it over. Atomic, as others may be counting.
  __atomic_store_n(&object->ob_tid, _Py_UNOWNED_TID, __ATOMIC_RELAXED);
  __atomic_store_n(&object->ob_ref_local, _Py_IMMORTAL_REFCNT_LOCAL, __ATOMIC_RELAXED);
  __atomic_store_n(&object->ob_ref_shared, 0, __ATOMIC_RELAXED);
#endif
}

/// Admits threads that want to attach, until the interpreter begins to shut down.
class AttachGate {
 public:
  /// False: the gate is closed and the caller has no business with the interpreter.
  bool enter() noexcept {
    // Once the gate is closed nobody is counted any more, not even for a moment: see others_stay_inside().
    if (closed_.load(Order::acquire)) return false;
    // ORDER: sequentially consistent against close(): either we see `closed_`, or close() sees our count.
    inside_.fetch_add(1, Order::seq_cst);
    if (closed_.load(Order::seq_cst)) {
      inside_.fetch_sub(1, Order::seq_cst);
      return false;
    }
    ++own_entries();
    return true;
  }
  void leave() noexcept {
    --own_entries();
    inside_.fetch_sub(1, Order::seq_cst);
  }
  /// For the child of a fork, in which the other threads are gone.
  void only_this_thread() noexcept { inside_.store(own_entries(), Order::seq_cst); }
  bool closed() const noexcept { return closed_.load(Order::acquire); }
  /// The gate is closed, and another thread that had passed it did not come back: it may never do.
  bool others_stay_inside() const noexcept { return closed() && inside_.load(Order::seq_cst) > own_entries(); }

  /// Refuses newcomers and waits for those inside. The caller is attached; it detaches while it waits, or they
  /// could not leave. A thread that stays inside for longer than about a second is not waited for: it
  /// may be waiting for something that only the end of the process brings.
  void close() noexcept;

 private:
  ADDER_HIDDEN static std::uint32_t& own_entries() noexcept {
    static constinit thread_local std::uint32_t entries = 0;
    return entries;
  }

  Atomic<std::uint32_t> inside_{0};
  Atomic<bool> closed_{false};
};

ADDER_HIDDEN inline constinit AttachGate attach_gate;

/// True once adder knows that the interpreter is started and its own hooks are in place.
ADDER_HIDDEN inline constinit Atomic<bool> runtime_ready{false};

/// The interpreter this shared object works with; null until adder knows of it, and no interpreter's address once it is
/// gone.
ADDER_HIDDEN inline constinit Atomic<PyInterpreterState*> home_interpreter{nullptr};

/// What home_interpreter points to once the interpreter is gone.
inline PyInterpreterState* no_interpreter() noexcept { return reinterpret_cast<PyInterpreterState*>(&runtime_ready); }

/// The state of a scope of the garbage collector: the thread may not touch Python, though it is attached. No thread's.
inline PyThreadState* traversing() noexcept { return reinterpret_cast<PyThreadState*>(&home_interpreter); }

/// Whether this thread, which is attached with @p state, may use Python. The objects of one interpreter must not get to
/// another, which may have a GIL of its own; and the collector counts references while it traverses.
inline bool may_use(const PyThreadState* state) noexcept {
  return state->interp == home_interpreter.load(Order::relaxed) &&
         (innermost_scope == nullptr || innermost_scope->state != traversing());
}

#if ADDER_CHECKED
/// What forbids this thread to use a handle; null for nothing.
const char* attachment_problem() noexcept;
[[noreturn]] ADDER_COLD_CALL void refuse_token(const char* use, const char* problem, Location where) noexcept;
#endif

/// Ends the process where a token is used that does not hold, in checked builds.
ADDER_INLINE void check_token([[maybe_unused]] const char* use, [[maybe_unused]] Location where = {}) noexcept {
#if ADDER_CHECKED
  if (const char* problem = attachment_problem()) [[unlikely]]
    refuse_token(use, problem, where);
#endif
}

inline void pop_scope(GilScope& scope) noexcept {
  if (innermost_scope != &scope) [[unlikely]] {
    fatal("GIL guards must be dropped in the reverse order of their creation, on the thread that created them", {});
  }
  innermost_scope = scope.outer;
}

/// While code of users shows handles to the garbage collector.
class TraverseScope {
 public:
  TraverseScope() noexcept { push_scope(scope_, traversing()); }
  ~TraverseScope() { pop_scope(scope_); }
  TraverseScope(const TraverseScope&) = delete;
  TraverseScope& operator=(const TraverseScope&) = delete;

 private:
  GilScope scope_{};
};

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/token/detail/attach_inl.hpp"
#endif
