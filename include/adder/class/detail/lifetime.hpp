// SPDX-License-Identifier: MIT
/// @file
/// @brief Making and unmaking the objects of a pyclass.
///
/// The C++ value is built before anybody can see the object: Python never meets an unconstructed value, and an
/// exception in the constructor leaves nothing behind. Until then the collector does not know the object either.
///
/// | class                                            | allocated by      | freed by                                   |
/// |--------------------------------------------------|-------------------|--------------------------------------------|
/// | plain: no dict, weakref, freelist, handles       | PyObject_New      | tp_free                                    |
/// | collected                                        | PyObject_GC_New   | tp_free                                    |
/// | Python subclass of either                        | its tp_alloc      | subtype_dealloc, which calls ours          |
/// | with a built-in type at the root                 | the root's tp_new | the root's tp_dealloc                      |
///
/// A plain class that others may derive from (an open one) does for its own objects what a final one does, and no more.
/// What only the objects of Python subclasses need is in plain functions: they are told apart where they are allocated,
/// become known to the collector in construct_by_vectorcall(), and where a value could not be built in
/// destroy_within_limits().
#pragma once
#include "adder/class/cell.hpp"
#include "adder/class/collect.hpp"
#include "adder/class/detail/live_instances.hpp"
#include "adder/gc/detail/dying.hpp"

#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI::detail {

struct EarlyType;
/// Where the type of a class is kept once it is complete, and until then what is there of it; see class_claim.hpp.
struct ClassPlace : Atomic<::PyTypeObject*> {
  Atomic<const EarlyType*> early{nullptr};
};
template <class T>
ADDER_HIDDEN inline constinit ClassPlace class_type{};
/// What users see of a class with a base written in Python: a Python class that derives from class_type and that base.
template <class T>
ADDER_HIDDEN inline constinit Atomic<::PyTypeObject*> joined_type{nullptr};
/// Whether objects of a type are of the class T itself, not of one that derives from it.
template <class T>
ADDER_INLINE bool is_class_itself(const ::PyTypeObject* type) noexcept {
  if constexpr (has_python_base<T>()) {
    if (type == joined_type<T>.load(Order::relaxed)) return true;
  }
  return type == class_type<T>.load(Order::relaxed);
}

/// Classes whose objects need nothing but their value destroyed and their memory freed.
template <class T>
inline constexpr bool is_plain =
    !is_collected<T>() && !has_weakref<T>() && freelist_size<T>() == 0 && !may_lack_value<T>();

// --- Allocation ------------------------------------------------------------------------------------------------------

/// Objects that wait to be used again. There is none without a GIL to protect it.
template <class T>
struct Freelist {
#if defined(Py_GIL_DISABLED)
  static constexpr std::size_t capacity = 0;
#else
  static constexpr std::size_t capacity = freelist_size<T>();
#endif
  ADDER_HIDDEN static inline constinit ::PyObject* objects[capacity == 0 ? 1 : capacity] = {};
  ADDER_HIDDEN static inline constinit std::size_t count = 0;
};

/// An object of a plain class. Not by tp_alloc, which clears the memory first.
ADDER_INLINE ::PyObject* allocate_plain(::PyTypeObject* type) noexcept { return PyObject_New(::PyObject, type); }

/// An object of a Python subclass, or of a class that is made as Python's own are. Not tracked by the collector, which
/// construct_by_vectorcall() sees to.
/// @return Null with a TypeError pending where the class lacks abstract methods, as of `object`.
::PyObject* allocate_subclass(::PyTypeObject* type) noexcept;
/// Lets the collector know of an object of a Python subclass whose class is not collected.
ADDER_COLD_CALL void track_subclass(::PyObject* object) noexcept;

/// Frees an object whose value was never built, without running the type's deallocator.
ADDER_COLD_CALL void abandon_plain(::PyObject* object) noexcept;
/// The same for objects of classes that are not plain, and of their subclasses.
/// @param asked  Whether our deallocator asks if the object is abandoned.
ADDER_COLD_CALL void abandon_shaped(::PyObject* object, bool asked = true) noexcept;

/// The same for objects of an open class.
ADDER_COLD_CALL void abandon_open(::PyObject* object) noexcept;

/// An object whose root is a built-in type, with that part of it initialised: that of exceptions by @p args, others
/// empty unless they are to have @p args as well. Not tracked by the collector.
/// @param args  A tuple, or null for none.
ADDER_COLD_CALL ::PyObject* allocate_native(::PyTypeObject* root, ::PyTypeObject* type, ::PyObject* args,
                                            bool takes_args) noexcept;

/// A new object whose value is not built yet; null with an exception pending.
template <class T>
ADDER_INLINE ::PyObject* allocate_object(::PyTypeObject* type, [[maybe_unused]] ::PyObject* args) {
  if constexpr (has_native_root<T>) {
    return allocate_native(PyTypeInfo<typename NativeRoot<T>::type>::type_object(), type, args,
                           passes_args_to_base<T>());
  } else {
    if constexpr (is_subclassable<T>()) {
      if (type != class_type<T>.load(Order::relaxed)) [[unlikely]]
        return allocate_subclass(type);
    }
    if constexpr (is_plain<T>) return allocate_plain(type);
    ::PyObject* object = nullptr;
    if (Freelist<T>::capacity != 0 && Freelist<T>::count != 0) {
      object = PyObject_Init(Freelist<T>::objects[--Freelist<T>::count], type);
    } else {
      object = is_collected<T>() ? guard_rare_unwind([&] { return PyObject_GC_New(::PyObject, type); })
                                 : PyObject_New(::PyObject, type);
      if (object == nullptr) [[unlikely]]
        return nullptr;
    }
    if constexpr (has_dict<T>()) Layout<T>::dict(object) = nullptr;
    if constexpr (has_weakref<T>()) Layout<T>::weaklist(object) = nullptr;
    return object;
  }
}

struct SharedClass;
/// In a module that uses a class of another one: what that says of it. Else null.
template <class T>
ADDER_HIDDEN inline constinit Atomic<const SharedClass*> class_from_elsewhere{nullptr};
/// Leaves to the module whose class it is what it alone can do.
ADDER_COLD_CALL void abandon_elsewhere(const SharedClass& home, ::PyObject* object) noexcept;
#if ADDER_CHECKED
ADDER_COLD_CALL void note_elsewhere(const SharedClass& home, ::PyObject* object) noexcept;
#endif

/// The value of a new object has been built. It is noted where its end will be.
template <class T>
ADDER_INLINE void instance_made(::PyObject* object) noexcept {
#if ADDER_CHECKED
  if constexpr (is_shared_class<T>()) {
    if (const SharedClass* home = class_from_elsewhere<T>.load(Order::acquire)) return note_elsewhere(*home, object);
  }
#endif
  own_instance_made<T>(object);
}

/// Frees an object whose value could not be built.
template <class T>
ADDER_INLINE void abandon_object(::PyObject* object) noexcept {
  if constexpr (is_shared_class<T>()) {
    if (const SharedClass* home = class_from_elsewhere<T>.load(Order::acquire)) {
      return abandon_elsewhere(*home, object);
    }
  }
  if constexpr (!is_plain<T>) {
    abandon_shaped(object);
  } else if constexpr (is_subclassable<T>()) {
    abandon_open(object);
  } else {
    abandon_plain(object);
  }
}

/// Builds the value of a new object with `build(address)`, and lets the collector know of the object where it knows the
/// class.
/// @param object  Freed if that throws.
/// @tparam V      The class of the value, where the object has a holder: one that derives from T.
template <class T, class V = T, class Build>
ADDER_INLINE ::PyObject* build_value(::PyObject* object, Build&& build) {
  using Layout = Layout<T>;
  if constexpr (Layout::state_size != 0) {
    ::new (static_cast<void*>(&Layout::state(object))) typename Layout::State();
  }
  try {
    if constexpr (has_holder<T>) {
      auto* slot = ::new (Layout::address(object)) typename Layout::Stored();
      slot->template build<T, V>(object, std::forward<Build>(build));
    } else {
      build(Layout::address(object));
    }
  } catch (...) {
    abandon_object<T>(object);
    throw;
  }
  Layout::state(object).built.set(true);
  if constexpr (is_collected<T>()) {
    PyObject_GC_Track(object);
  } else if constexpr (has_python_base<T>()) {
    track_subclass(object);
  }
  instance_made<T>(object);
  return object;
}
/// A new object of @p type with the value that `build(address)` makes. Null with a Python exception pending; throws
/// what @p build throws.
/// @param args  What Python passed, for the built-in type at the root of the class.
template <class T, class V = T, class Build>
ADDER_INLINE ::PyObject* construct_object(::PyTypeObject* type, Build&& build, ::PyObject* args = nullptr) {
  ::PyObject* object = allocate_object<T>(type, args);
  if (object == nullptr) [[unlikely]]
    return nullptr;
  return build_value<T, V>(object, std::forward<Build>(build));
}

// --- Deallocation ----------------------------------------------------------------------------------------------------

/// The value of an unsendable class that dies on another thread is leaked: its destructor is for its own thread.
ADDER_COLD_CALL void report_foreign_drop(::PyTypeObject* type) noexcept;
template <class Slot>
void destroy_slot(Slot& slot) noexcept {
  slot.~Slot();
}
template <class T>
ADDER_INLINE void destroy_value(::PyObject* object) {
  if constexpr (is_unsendable<T>()) {
    if (!Layout<T>::state(object).owner.is_here()) [[unlikely]]
      return report_foreign_drop(Py_TYPE(object));
  }
  if constexpr (!std::is_same_v<T, ValueOf<T>>) {
    return;  // All objects are parts.
  } else if constexpr (has_holder<T> && drops_detached<T>()) {
    (void)MustBeUngil<T>{};
    token().allow_threads_unchecked([object] { destroy_slot(Layout<T>::slot(object)); });
  } else if constexpr (has_holder<T>) {
    destroy_slot(Layout<T>::slot(object));
  } else if constexpr (drops_detached<T>()) {
    (void)MustBeUngil<T>{};
    token().allow_threads_unchecked([object] { Layout<T>::value(object).~T(); });
  } else {
    Layout<T>::value(object).~T();
  }
}

/// The destructor of a drop_detached class waits for threads. Of those that are still inside Python when the gate is
/// closed, some never come back: the value is leaked then, with its object, as such a thread may use it.
ADDER_COLD_CALL void report_waiting_drop(::PyTypeObject* type) noexcept;
template <class T>
ADDER_INLINE bool must_be_leaked([[maybe_unused]] ::PyObject* object) noexcept {
  if constexpr (drops_detached<T>()) {
    if (attach_gate.others_stay_inside()) [[unlikely]] {
      report_waiting_drop(Py_TYPE(object));
      return true;
    }
  }
  return false;
}

/// Destroys the value of a plain class and frees the object.
template <class T>
void destroy_plain(::PyObject* object) {
  if (must_be_leaked<T>(object)) return;
  destroy_value<T>(object);
  free_object(object);
}

/// Frees an object that has no value, dict or weak references any more.
template <class T>
void free_shaped(::PyObject* object) {
  ::PyTypeObject* type = Py_TYPE(object);
  if constexpr (has_native_root<T>) {
    ::PyTypeObject* root = PyTypeInfo<typename NativeRoot<T>::type>::type_object();
    Layout<T>::state(object).built.set(false);
    if (PyType_IS_GC(root)) PyObject_GC_Track(object);  // As subtype_dealloc leaves it to a base.
    root->tp_dealloc(object);
    Py_DECREF(type);  // Which the deallocator of a type that is no heap type leaves alone.
  } else {
    if constexpr (Freelist<T>::capacity != 0) {
      bool reusable = type == class_type<T>.load(Order::relaxed) && Freelist<T>::count < Freelist<T>::capacity;
      if constexpr (is_collected<T>()) reusable = reusable && PyObject_GC_IsFinalized(object) == 0;
      if (reusable) {
        Freelist<T>::objects[Freelist<T>::count++] = object;
        Py_DECREF(type);
        return;
      }
    }
    free_object(object);
  }
}
/// Another thread may be dropping a weak reference at this moment.
ADDER_INLINE ::PyObject* load_weaklist(::PyObject* const& place) noexcept {
#if defined(Py_GIL_DISABLED)
  return __atomic_load_n(&place, __ATOMIC_ACQUIRE);
#else
  return place;
#endif
}
template <class T>
void destroy_shaped(::PyObject* object) {
  if constexpr (has_weakref<T>()) {
    if (load_weaklist(Layout<T>::weaklist(object)) != nullptr) PyObject_ClearWeakRefs(object);
  }
  if (Layout<T>::state(object).built.is_set()) {
    if (must_be_leaked<T>(object)) return;
    destroy_value<T>(object);
  }
  if constexpr (has_dict<T>()) Py_CLEAR(Layout<T>::dict(object));
  free_shaped<T>(object);
}

template <class T>
constexpr bool has_finalizer() {
  if constexpr (HasFinalize<T>) {
    return true;
  } else if constexpr (has_pyclass_base<T>) {
    return has_finalizer<BaseTagOf<T>>();
  } else {
    return false;
  }
}

/// Frees a part: its value is another object's.
template <class T>
void destroy_part(::PyObject* object) {
  if constexpr (has_weakref<T>()) {
    if (load_weaklist(Layout<T>::weaklist(object)) != nullptr) PyObject_ClearWeakRefs(object);
  }
  if constexpr (has_dict<T>()) Py_CLEAR(Layout<T>::dict(object));
  free_part(object, Layout<T>::link(object));
}
/// What stands in a new part.
template <class T>
void set_up_part(::PyObject* part, PartLink* link) noexcept {
  using Layout = Layout<T>;
  ::new (static_cast<void*>(&Layout::state(part))) typename Layout::State();
  Layout::state(part).flag.make_part();
  Layout::state(part).built.set(true);
  Layout::link(part) = link;
  if constexpr (has_dict<T>()) Layout::dict(part) = nullptr;
  if constexpr (has_weakref<T>()) Layout::weaklist(part) = nullptr;
}
/// tp_is_gc of a class of which only the parts are collected. Objects of others that derive from it are collected, or
/// answer for themselves.
template <class T>
int is_collected_object(::PyObject* object) noexcept {
  return !Py_IS_TYPE(object, class_type<T>.load(Order::relaxed)) || Layout<T>::state(object).flag.is_part() ? 1 : 0;
}

/// tp_dealloc.
template <class T>
void deallocate_object(::PyObject* object) noexcept {
  if constexpr (may_be_part<T>()) {
    if (Layout<T>::state(object).flag.is_part()) [[unlikely]] {
      bool is_bare = true;
      if constexpr (has_dict<T>()) is_bare = Layout<T>::dict(object) == nullptr;
      if constexpr (has_weakref<T>()) is_bare = is_bare && load_weaklist(Layout<T>::weaklist(object)) == nullptr;
      return drop_part(object, Layout<T>::link(object), is_bare, &destroy_part<T>);
    }
  }
  constexpr bool nothing_to_run = is_trivially_destructible<T> && !is_unsendable<T>() && !has_holder<T>;
  if constexpr (collects_only_parts<T>() && is_subclassable<T>()) {
    // Python's subtype_dealloc leaves an object of its own tracked, as it takes the base for one that collects.
    if (!Py_IS_TYPE(object, class_type<T>.load(Order::relaxed))) PyObject_GC_UnTrack(object);
  }
  if constexpr (is_plain<T> && nothing_to_run) {
    instance_dies(object);
    if (abandoned_objects != nullptr) (void)take_abandoned(object);
    free_object(object);
  } else if constexpr (is_plain<T>) {
    instance_dies(object);
    destroy_within_limits({object, &destroy_plain<T>});  // Others have free_object.
  } else {
    const bool built = abandoned_objects == nullptr || !take_abandoned(object);
    if constexpr (has_finalizer<T>()) {
      // A finalizer that keeps the object alive.
      if (built && guard_unwind(PyObject_CallFinalizerFromDealloc, object) < 0) return;
    }
    instance_dies(object);
    if (PyObject_IS_GC(object)) PyObject_GC_UnTrack(object);
    if (!built) {
      free_shaped<T>(object);
    } else if constexpr (nothing_to_run && !has_dict<T>() && !has_weakref<T>() && !has_native_root<T>) {
      free_shaped<T>(object);
    } else {
      destroy_within_limits({object, &destroy_shaped<T>});
    }
  }
}
template <class T>
constexpr destructor deallocator() noexcept {
  if constexpr (is_plain<T> && is_trivially_destructible<T> && !is_unsendable<T>() && !may_be_part<T>() &&
                !has_holder<T>) {
    return free_trivial;
  } else {
    return &deallocate_object<T>;
  }
}

// --- Garbage collection ----------------------------------------------------------------------------------------------

/// tp_traverse.
template <class T>
int traverse_object(::PyObject* object, visitproc visit, void* arg) noexcept {
  using Layout = Layout<T>;
  Py_VISIT(reinterpret_cast<::PyObject*>(Py_TYPE(object)));
  if constexpr (may_be_part<T>()) {
    if (PartLink* link = link_of<T>(object)) {
      if (const int result = traverse_part(link, visit, arg)) return result;
    }
  }
  if constexpr (has_holder<T>) {
    if (Layout::state(object).built.is_set()) Layout::slot(object).note_found(false);
  }
  if constexpr (has_native_root<T>) {
    ::PyTypeObject* root = PyTypeInfo<typename NativeRoot<T>::type>::type_object();
    if (root->tp_traverse != nullptr) {
      if (const int result = root->tp_traverse(object, visit, arg)) return result;
    }
  }
  if constexpr (has_dict<T>()) Py_VISIT(Layout::dict(object));
  if constexpr (class_holds_handles<T>()) {
    if (link_of<T>(object) != nullptr) return 0;
    // Skip a borrowed value: a writer may have left it half-updated, and a detached reader may be modifying mutable
    // members. Skipping only keeps it alive. The value of an unsendable class is for its own thread.
    if (Layout::state(object).is_usable() && !Layout::state(object).flag.is_borrowed()) {
      if constexpr (has_holder<T>) {
        if (!Layout::slot(object).is_sole_owner()) return 0;  // What C++ owns too is no garbage.
      }
      return VisitAccess::visit<T>(Layout::value(object), visit, arg);
    }
  }
  return 0;
}

/// tp_clear.
template <class T>
int clear_object(::PyObject* object) noexcept {
  using Layout = Layout<T>;
  if constexpr (may_be_part<T>()) {
    if (PartLink* link = link_of<T>(object)) {
      if (!clear_part(link)) return 0;
      if constexpr (has_dict<T>()) guard_unwind([&] { Py_CLEAR(Layout::dict(object)); });
      return 0;
    }
  }
#if defined(Py_GIL_DISABLED)
  if constexpr (has_holder<T>) {
    if (Layout::state(object).built.is_set() && !Layout::slot(object).give_up(object)) return 0;
  }
#endif
  if constexpr (has_native_root<T>) {
    ::PyTypeObject* root = PyTypeInfo<typename NativeRoot<T>::type>::type_object();
    if (root->tp_clear != nullptr) guard_unwind(root->tp_clear, object);
  }
  if constexpr (has_dict<T>()) guard_unwind([&] { Py_CLEAR(Layout::dict(object)); });
  if constexpr (class_holds_handles<T>()) {
    auto& state = Layout::state(object);
    if (!state.is_usable()) return 0;  // The collector runs on any thread.
    if constexpr (has_holder<T>) {
      if (!Layout::slot(object).is_sole_owner()) return 0;
    }
    if constexpr (!is_frozen<T>()) {
      if (!state.flag.try_clear()) return 0;
    }
    try {
      clear_class<is_frozen<T>()>(Layout::value(object));
    } catch (...) {
      translate_current_exception();
      guard_unwind(PyErr_WriteUnraisable, object);
    }
  }
  return 0;
}

/// tp_finalize.
template <class T>
void finalize_object(::PyObject* object) noexcept {
  static_assert(std::is_invocable_v<decltype(&PyClass<T>::finalize), const Bound<T>&>,
                "adder: PyClass<T>::finalize takes const Bound<T>&");
  if (!Layout<T>::state(object).built.is_set() || link_of<T>(object) != nullptr) return;
  const ErrorScope pending(token());
  try {
    const auto self = peek<T>(object);
    PyClass<T>::finalize(self.as_bound());
  } catch (...) {
    translate_current_exception();
    guard_unwind(PyErr_WriteUnraisable, object);
  }
}

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/class/detail/lifetime_inl.hpp"
#endif
