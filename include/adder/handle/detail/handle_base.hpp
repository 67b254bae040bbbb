// SPDX-License-Identifier: MIT
/// @file
/// @brief What the three handles share: the owned pointer, the choice of a method set, the checks.
#pragma once
#include "adder/token/gil.hpp"

#include <cstdint>
#include <string_view>
#include <type_traits>

namespace adder::inline ADDER_ABI {

/// The methods of handles to a pyclass; defined in cell.hpp.
template <class Self, class T>
struct PyClassMethods;

/// @brief What the author of a class says about it; see pyclass.hpp.
template <class T>
struct PyClass;

namespace detail {

/// Throws the RuntimeError for a moved-from handle (err.hpp).
[[noreturn]] ADDER_COLD_CALL void throw_moved_from(std::string_view type, const char* operation);

/// The same, with the work of naming the type out of the way.
template <class T>
[[noreturn]] ADDER_COLD void throw_moved_from(const char* operation);

template <class DependsOn>
using LateAny = Late<PyAny, DependsOn>;

/// Target of the in-place upcast. PyAny has none, so it gets a type that is never defined.
struct NoAncestor;
template <class T>
using UpcastTarget = std::conditional_t<std::is_same_v<T, PyAny>, NoAncestor, Bound<LateAny<T>>>;

/// Maps the cast target PyCell<T> to T.
template <class T>
struct CastTarget {
  using type = T;
};
template <class T>
struct CastTarget<PyCell<T>> {
  using type = T;
};

/// A type tag such as PyList brings its methods as a template over the handle; any other T is a pyclass.
template <class T, class Self>
struct MethodSet {
  using type = PyClassMethods<Self, T>;
};
template <class T, class Self>
  requires requires { typename T::template Methods<Self>; }
struct MethodSet<T, Self> {
  using type = typename T::template Methods<Self>;
};

/// The type that T's Python type derives from, as far as C++ knows.
template <class T>
struct BaseOf {
  using type = PyAny;
};
template <class T>
  requires requires {
    typename T::Base;
    typename T::template Methods<T>;
  }
struct BaseOf<T> {
  using type = typename T::Base;
};
template <class T>
  requires requires { typename PyClass<T>::base; }
struct BaseOf<T> {
  using type = typename PyClass<T>::base;
};
template <>
struct BaseOf<PyAny> {
  using type = void;
};

template <class From, class To>
constexpr bool derives_from() {
  if constexpr (std::is_same_v<To, PyAny>) {
    return true;  // Without looking into From, which may be incomplete.
  } else if constexpr (std::is_void_v<typename BaseOf<From>::type>) {
    return false;
  } else if constexpr (std::is_same_v<typename BaseOf<From>::type, To>) {
    return true;
  } else {
    return derives_from<typename BaseOf<From>::type, To>();
  }
}

/// Every From is a To by its type alone; true for a strict ancestor only.
template <class From, class To>
concept StrictlyUpcasts = !std::is_same_v<From, To> && derives_from<From, To>();
template <class From, class To>
concept Upcasts = std::is_same_v<From, To> || derives_from<From, To>();

/// "PyList" of "adder::v0::PyList".
template <class T>
constexpr std::string_view short_name() {
  const std::string_view name = type_name<T>();
  return unqualified(name, name.find('<'));
}

#if ADDER_CHECKED
[[noreturn]] ADDER_COLD_CALL void misused_handle(const char* kind, std::string_view type, const char* operation,
                                                 const char* problem, Location where, Location made) noexcept;
inline constexpr const char* was_moved_from = "the handle was moved from";
#endif

/// Extracted values that point into the Python object: they may not outlive it.
template <class T>
inline constexpr bool views_object = std::is_same_v<T, std::string_view> || is_specialization<T, Borrowed>;
template <template <class...> class C, class... A>
  requires(!is_specialization<C<A...>, Borrowed> && !std::is_same_v<C<A...>, std::string_view>)
inline constexpr bool views_object<C<A...>> = (views_object<A> || ...);

template <class T>
[[noreturn]] ADDER_COLD void throw_moved_from(const char* operation) {
  throw_moved_from(short_name<T>(), operation);
}

struct Steal {};  // Takes over the caller's reference.

/// Owns one reference, or none once it was moved from. Attached while it is copied or dropped.
class OwnedPtr {
 public:
  ADDER_INLINE OwnedPtr(Steal, ::PyObject* ptr, [[maybe_unused]] Location where) noexcept : ptr_(ptr) {
    note_python_use();
#if ADDER_CHECKED
    made_ = where;
#endif
  }
  ADDER_INLINE OwnedPtr(const OwnedPtr& other, [[maybe_unused]] Location where) noexcept : ptr_(other.ptr_) {
#if ADDER_CHECKED
    made_ = where;
#endif
    Py_XINCREF(ptr_);
  }
  ADDER_INLINE OwnedPtr(OwnedPtr&& other) noexcept : ptr_(detail::exchange(other.ptr_, nullptr)) {
#if ADDER_CHECKED
    made_ = other.made_;
#endif
  }
  OwnedPtr(const OwnedPtr&) = delete;
  OwnedPtr& operator=(const OwnedPtr&) = delete;
  ADDER_INLINE ~OwnedPtr() { release_if_any(ptr_); }

  ADDER_INLINE void swap_(OwnedPtr& other) noexcept {
    ptr_ = detail::exchange(other.ptr_, ptr_);
#if ADDER_CHECKED
    made_ = detail::exchange(other.made_, made_);
#endif
  }
  ADDER_INLINE ::PyObject* as_ptr() const noexcept { return ptr_; }
  ADDER_INLINE ::PyObject* into_ptr_() noexcept { return detail::exchange(ptr_, nullptr); }

#if ADDER_CHECKED
  Location made_at() const noexcept { return made_; }

 private:
  ::PyObject* ptr_;
  Location made_{};
#else
  static constexpr Location made_at() noexcept { return {}; }

 private:
  ::PyObject* ptr_;
#endif
};

/// Keeps an object alive for the length of an operation that may run Python code, as that may drop the handle which the
/// operation was called on, or was given. Costs one reference; what the operation reads from the object afterwards is
/// still there. The handle may be gone by then: operations of several steps go on with an owned one.
class KeptAlive {
 public:
  ADDER_INLINE explicit KeptAlive(::PyObject* object) noexcept : object_(Py_NewRef(object)) {}
  KeptAlive(const KeptAlive&) = delete;
  KeptAlive& operator=(const KeptAlive&) = delete;
  ADDER_INLINE ~KeptAlive() { release(object_); }
  ADDER_INLINE ::PyObject* as_ptr() const noexcept { return object_; }
  ADDER_INLINE operator ::PyObject*() const noexcept { return object_; }  // NOLINT(google-explicit-constructor)

 private:
  ::PyObject* object_;
};

/// How adder itself makes handles and looks into them.
struct HandleAccess {
  template <class T>
  ADDER_INLINE static Bound<T> steal(::PyObject* ptr, Location where = {}) noexcept {
    return Bound<T>(Steal{}, ptr, where);
  }
  template <class T>
  ADDER_INLINE static Bound<T> borrow(::PyObject* ptr, Location where = {}) noexcept {
    Py_INCREF(ptr);
    return Bound<T>(Steal{}, ptr, where);
  }
  template <class T>
  ADDER_INLINE static Borrowed<T> peek(::PyObject* ptr, Location where = {}, std::uint64_t pool = 0) noexcept {
    return Borrowed<T>(ptr, where, pool);
  }
  /// The pool that a checked Borrowed relies on; 0 for none.
  template <class Handle>
  ADDER_INLINE static std::uint64_t pool_of([[maybe_unused]] const Handle& handle) noexcept {
#if ADDER_CHECKED
    if constexpr (is_specialization<Handle, Borrowed>) return handle.pool_;
#endif
    return 0;
  }
  template <class Handle>
  ADDER_INLINE static ::PyObject* use(const Handle& handle, const char* operation, Location where) {
    return handle.use(operation, where);
  }
  /// The same for an operation that may run Python code.
  template <class Handle>
  ADDER_INLINE static KeptAlive use_alive(const Handle& handle, const char* operation, Location where) {
    return KeptAlive(handle.use(operation, where));
  }
};

/// Takes over a reference that is known not to be null.
template <class T = PyAny>
ADDER_INLINE Bound<T> steal(::PyObject* ptr, Location where = {}) noexcept {
  return HandleAccess::steal<T>(ptr, where);
}
/// Adds a reference to one that is known not to be null.
template <class T = PyAny>
ADDER_INLINE Bound<T> borrow(::PyObject* ptr, Location where = {}) noexcept {
  return HandleAccess::borrow<T>(ptr, where);
}
template <class T = PyAny>
ADDER_INLINE Borrowed<T> peek(::PyObject* ptr, Location where = {}) noexcept {
  return HandleAccess::peek<T>(ptr, where);
}

}  // namespace detail
}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/handle/detail/handle_base_inl.hpp"
#endif
