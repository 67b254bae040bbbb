// SPDX-License-Identifier: MIT
/// @file
/// @brief Virtual functions that Python classes override. Not part of adder.hpp.
///
/// @code
/// struct PyShape : adder::Overridable<Shape> {
///   using Overridable::Overridable;
///   double area() const override { return pure<"area", double>(); }
///   std::string label(int n) const override { return overridden<"label">([&] { return Shape::label(n); }, n); }
/// };
/// template <>
/// struct adder::PyClass<Shape> {
///   static constexpr auto name = "Shape";
///   static constexpr bool subclass = true;
///   using holder = std::shared_ptr<Shape>;
///   using overridable = PyShape;
///   ...
/// };
/// @endcode
/// The value of an instance of a Python subclass is a PyShape. Objects of the class itself are not: they pay nothing.
/// Overrides are looked up in the type at each call, as Python does, not in the instance.
///
/// | who calls                                        | gets                                                         |
/// |--------------------------------------------------|--------------------------------------------------------------|
/// | C++, on any thread                               | the override; what it raises is thrown as PyErr               |
/// | C++, and there is no override                    | the C++ function; of a pure one a TypeError, as PyErr         |
/// | Python, by `super().label(n)`                    | the C++ function                                             |
/// | a constructor or destructor of the value         | the C++ function; of a pure one a RuntimeError, as PyErr      |
/// | C++ during and after finalization                | the C++ function; of a pure one InterpreterUnavailable        |
#pragma once
#include "adder/class/detail/direct_call.hpp"
#include "adder/class/detail/lent_borrow.hpp"
#include "adder/class/detail/weak_use.hpp"
#include "adder/class/holder.hpp"
#include "adder/function/detail/callback.hpp"

#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

template <class Base>
class Overridable;

namespace detail {

/// While the C++ function is called that a call from Python means.
class FunctionScope {
 public:
  explicit FunctionScope(DirectCall& call) noexcept : call_(call) { call_.is_in_function = true; }
  FunctionScope(const FunctionScope&) = delete;
  FunctionScope& operator=(const FunctionScope&) = delete;
  ~FunctionScope() { call_.is_in_function = false; }

 private:
  DirectCall& call_;
};

template <class A>
struct OverrideArgument {
  static_assert(!std::is_lvalue_reference_v<A> || std::is_const_v<std::remove_reference_t<A>> ||
                    !IsPyClass<std::remove_cvref_t<A>>,
                "adder: an override cannot take a T& of a pyclass: Python gets a copy, and C++ would not see what it "
                "changes. Hand on a pointer that is its holder, Bound<T> or Py<T>; or a const T&, to be copied");
  static_assert(ConvertsIntoPy<A>, "adder: an argument of this override does not convert into a Python object");
};

/// What a Python subclass has for a function of a class; owned, or null where it has what the class itself has.
/// @param type  Of the object. @param own  The class that was made in C++. @param name  Of the function.
ADDER_HIDDEN ::PyObject* find_override(::PyTypeObject* type, ::PyTypeObject* own, ::PyObject* name);
#if !defined(Py_GIL_DISABLED)
/// A number that stands for what a type and its bases have; zero where CPython has given none.
ADDER_INLINE unsigned version_of(const ::PyTypeObject* type) noexcept {
#if PY_VERSION_HEX < 0x030C0000
  return (type->tp_flags & Py_TPFLAGS_VALID_VERSION_TAG) != 0 ? type->tp_version_tag : 0;
#else
  return type->tp_version_tag;
#endif
}
#endif
/// What was found last for one function: most calls are of objects of one class, which nobody changes meanwhile.
struct OverrideCache {
  ::PyTypeObject* type = nullptr;  // Compared only.
  unsigned version = 0;            ///< Which CPython never gives twice. Zero for none.
  bool is_overridden = false;

#if !defined(Py_GIL_DISABLED)
  ADDER_INLINE bool knows(const ::PyTypeObject* of) const noexcept {
    return type == of && version == version_of(of) && version != 0;
  }
  ADDER_INLINE bool lacks(const ::PyTypeObject* of) const noexcept { return knows(of) && !is_overridden; }
#endif
};
template <class Base, FixedString Name>
ADDER_HIDDEN inline constinit OverrideCache override_cache;
/// Looks as find_override() does, and remembers.
ADDER_HIDDEN ::PyObject* find_override_anew(OverrideCache& cache, ::PyTypeObject* type, ::PyTypeObject* own,
                                            ::PyObject* name);
ADDER_INLINE ::PyObject* find_override_by(OverrideCache& cache, ::PyTypeObject* type, ::PyTypeObject* own,
                                          ::PyObject* name) {
#if !defined(Py_GIL_DISABLED)
  if (cache.knows(type)) [[likely]] {
    if (!cache.is_overridden) return nullptr;
    if (::PyObject* found = _PyType_Lookup(type, name)) return Py_NewRef(found);
  }
#endif
  return find_override_anew(cache, type, own, name);
}
/// What there is to call of an override: itself, or bound to the object.
ADDER_HIDDEN Bound<PyAny> bind_override(const Bound<PyAny>& override_found, const Bound<PyAny>& self);
/// @param type  Of the object. @param own  The class that was made in C++. @param name  Of the function.
[[noreturn]] ADDER_COLD_CALL void refuse_pure_call(::PyTypeObject* type, ::PyTypeObject* own, ::PyObject* name);
[[noreturn]] ADDER_COLD_CALL void refuse_orphan_call(const char* class_name, ::PyObject* name);

/// The object of a value, borrowed: it takes this back when it dies. A copy of the value has none.
struct AskedObject {
  AskedObject() = default;
  AskedObject(const AskedObject&) noexcept {}
  // NOLINTNEXTLINE(bugprone-unhandled-self-assignment): nothing is assigned.
  AskedObject& operator=(const AskedObject&) noexcept { return *this; }
  ~AskedObject() = default;
  ::PyObject* object = nullptr;
};
template <class V>
struct AskingAccess {
  template <class B>
  static ::PyObject*& object_of(Overridable<B>& value) noexcept {
    return value.asked_.object;
  }
};

}  // namespace detail

/// @brief Base of the class whose virtual functions ask Python; see the file's description.
/// @tparam Base  A pyclass with virtual functions, and a holder.
template <class Base>
class Overridable : public Base {
  static_assert(std::is_polymorphic_v<Base>, "adder: Overridable<Base>: Base has no virtual functions");

 public:
  using Base::Base;

 protected:
  /// @brief The override `Name` of the Python subclass, or what @p fallback does.
  /// @param fallback   Calls the C++ function: `[&] { return Shape::label(n); }`.
  /// @param arguments  Those of the override: values, `const T&`, handles; moved where they are rvalues.
  /// @throws PyErr     What the override raises; TypeError and the like where a result or argument does not convert.
  template <detail::FixedString Name, class Fallback, class... A>
  auto overridden(Fallback&& fallback, A&&... arguments) const -> decltype(fallback()) {
    return ask_or<Name, false>(fallback, std::forward<A>(arguments)...);
  }
  /// The same of a function that may change the value, as the override may then.
  template <detail::FixedString Name, class Fallback, class... A>
  auto overridden(Fallback&& fallback, A&&... arguments) -> decltype(fallback()) {
    return ask_or<Name, true>(fallback, std::forward<A>(arguments)...);
  }
  /// @brief The override `Name` of the Python subclass, of a function that is pure in C++.
  /// @tparam R      The result.
  /// @throws PyErr  TypeError where there is none; else as overridden().
  template <detail::FixedString Name, class R, class... A>
  R pure(A&&... arguments) const {
    return ask_always<Name, false, R>(std::forward<A>(arguments)...);
  }
  /// The same of a function that may change the value.
  template <detail::FixedString Name, class R, class... A>
  R pure(A&&... arguments) {
    return ask_always<Name, true, R>(std::forward<A>(arguments)...);
  }

 private:
  // PyClass<Base> may stand below the class that derives from this: nothing but function templates looks at it.
  template <class B>
  static const detail::ClassRootOf<B>* root_of(const Overridable<B>* value) noexcept {
    return value;
  }
  /// A new reference; null while the value is made and unmade.
  template <class Root>
  ::PyObject* own_object(const Root*) const noexcept {
    [[maybe_unused]] const detail::HeldLock lock(detail::HolderSlot<Root>::table(), &asked_.object);
    if (asked_.object == nullptr || !detail::take_if_alive(asked_.object)) return nullptr;
    detail::Layout<Root>::slot(asked_.object).note_found(true);
    return asked_.object;
  }
  template <class Root>
  static void lend(detail::OwnUnderWay<detail::LentBorrow>& lent, ::PyObject* object, bool may_change,
                   const Root*) noexcept {
    if constexpr (!detail::is_frozen<Root>()) lent.begin(detail::Layout<Root>::state(object).flag, may_change);
  }
  template <class R, class... A>
  static constexpr void check() {
    static_assert(detail::has_holder<Base>,
                  "adder: Overridable<Base>: give PyClass<Base> a holder, as "
                  "`using holder = std::shared_ptr<Base>`");
    (void)detail::CallbackResult<R>{};
    ((void)detail::OverrideArgument<A>{}, ...);
  }
  template <detail::FixedString Name, bool MayChange, class Fallback, class... A>
  auto ask_or(Fallback& fallback, A&&... arguments) const -> decltype(fallback()) {
    using R = decltype(fallback());
    check<R, A...>();
    const auto* value = root_of(this);
    if (!detail::may_use_python()) [[unlikely]] {
      return attach_and_ask<Name, MayChange, R>(value, fallback, std::forward<A>(arguments)...);
    }
    return ask<Name, MayChange, R>(value, fallback, std::forward<A>(arguments)...);
  }
  template <detail::FixedString Name, bool MayChange, class R, class Root, class Fallback, class... A>
  ADDER_NOINLINE R attach_and_ask(const Root* value, Fallback& fallback, A&&... arguments) const {
    const auto call = [&](Python) -> R {
      return ask<Name, MayChange, R>(value, fallback, std::forward<A>(arguments)...);
    };
    // Where there is no Python any more, nobody is left to ask.
    if constexpr (std::is_void_v<R>) {
      if (!Python::try_with_gil(call)) fallback();
    } else {
      auto result = Python::try_with_gil(call);
      return result.has_value() ? std::move(*result) : fallback();
    }
  }
  template <detail::FixedString Name, bool MayChange, class R, class... A>
  R ask_always(A&&... arguments) const {
    check<R, A...>();
    const auto* value = root_of(this);
    return detail::attached([&]() -> R {
      ::PyObject* method = Interned<Name>::get(detail::token());
      return ask<Name, MayChange, R>(
          value,
          [&]() -> R {
            ::PyObject* self = own_object(value);
            if (self == nullptr) detail::refuse_orphan_call(PyClass<Base>::name, method);
            const auto kept = detail::steal(self);
            detail::refuse_pure_call(
                Py_TYPE(self), detail::Layout<std::remove_cvref_t<decltype(*value)>>::slot(self).subclass_of, method);
          },
          std::forward<A>(arguments)...);
    });
  }
  /// Attached.
  template <detail::FixedString Name, bool MayChange, class R, class Root, class Fallback, class... A>
  R ask(const Root* value, Fallback&& fallback, A&&... arguments) const {
#if !defined(Py_GIL_DISABLED)
    if (asked_.object == nullptr || detail::override_cache<Base, Name>.lacks(Py_TYPE(asked_.object))) return fallback();
#endif
    ::PyObject* found_object = own_object(value);
    if (found_object == nullptr) return fallback();
    const auto self = detail::steal(found_object);
    ::PyTypeObject* const own = detail::Layout<Root>::slot(found_object).subclass_of;
    ::PyObject* method = Interned<Name>::get(detail::token());
    ::PyObject* found =
        detail::find_override_by(detail::override_cache<Base, Name>, Py_TYPE(found_object), own, method);
    if (found == nullptr) return fallback();
    if (detail::DirectCall* const call = detail::DirectCall::innermost();
        call != nullptr && call->is_of(value, Name.view().data())) {
      Py_DECREF(found);
      const detail::FunctionScope scope(*call);
      return fallback();
    }
    const auto target = detail::steal(found);
    detail::OwnUnderWay<detail::LentBorrow> lent;
    lend(lent, found_object, MayChange, value);
    if (PyType_HasFeature(Py_TYPE(found), Py_TPFLAGS_METHOD_DESCRIPTOR)) [[likely]] {
      return detail::call_python<R>(found, target, self, std::forward<A>(arguments)...);
    }
    return detail::call_python<R>(found, detail::bind_override(target, self), std::forward<A>(arguments)...);
  }

  template <class V>
  friend struct detail::AskingAccess;
  detail::AskedObject asked_;
};

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/class/detail/overridable_inl.hpp"
#endif
