// SPDX-License-Identifier: MIT
/// @file
/// @brief Classes whose values C++ holds by smart pointers, too. Not part of adder.hpp.
///
/// @code
/// template <>
/// struct adder::PyClass<Node> {
///   static constexpr auto name = "Node";
///   using holder = std::shared_ptr<Node>;
///   ...
/// };
/// @endcode
/// The object holds such a pointer, and functions take and return them. The same pointer is the same object, as long as
/// one lives. Classes that derive from it have the holder of the root of their chain.
///
/// | holder                     | a parameter                                    | a result                                |
/// |----------------------------|------------------------------------------------|-----------------------------------------|
/// | `std::shared_ptr<T>`       | shares the value; borrows it for the call      | the object that there is, or a new one  |
/// | `std::unique_ptr<T>`       | takes the value: the object refuses from then on | a new object                          |
/// | by `HolderTraits<P>`       | as `shared_ptr`                                | as `shared_ptr`                         |
///
/// A result is of the most derived class that Python knows, where T is polymorphic. Null is None; a parameter takes
/// None as `std::optional` of the pointer. A `shared_ptr` to an instance of a Python subclass keeps that instance.
///
/// Such a parameter borrows the object for the call, `shared_ptr<T>` as T& and `shared_ptr<const T>` as const T&. But
/// as others may have the pointer, too, what the call leads to on the same thread may use the object meanwhile. What
/// C++ does through pointers of its own, and when, is up to C++.
#pragma once
#include "adder/class/detail/holder_arguments.hpp"
#include "adder/class/holder_traits.hpp"  // IWYU pragma: export (what users specialise)

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

/// As an item of a container, an optional, a field, a result of Python.
template <class P>
  requires(detail::HolderPointer<P> && HolderTraits<P>::is_shared)
struct FromPyObject<P> {
  static const char* expected() noexcept { return PyClass<detail::HeldClassOf<P>>::name; }
  static PyResult<P> extract(const Bound<PyAny>& object) {
    using T = detail::HeldClassOf<P>;
    static_assert(detail::check_parameter<P>());
    if (!PyTypeInfo<T>::is_type_of(object.as_ptr())) {
      return PyErr::Access::mismatch(PyTypeInfo<T>::name(), object.as_ptr());
    }
    // No borrow, which would end here: who goes on with the pointer has it by C++'s own rules.
    if (!detail::Layout<T>::state(object.as_ptr()).is_usable()) {
      return detail::Borrowing<T>::template error<detail::pointer_access<P>>(object.as_ptr());
    }
    return detail::share_value<P>(object.as_ptr());
  }
};

namespace detail {

#if ADDER_STUBS
/// A null pointer becomes None. Of those in containers that is left out: hardly any are null, and all users would ask.
template <HolderPointer P>
struct PythonType<P> {
  static TypeText input() { return TagType<HeldClassOf<P>>::input(); }
  static TypeText output() {
    const TypeText held = TagType<HeldClassOf<P>>::output();
    return TypeDepth::is_outermost() ? held + " | None" : held;
  }
};
#endif

template <class P>
  requires(HolderPointer<P> && !HolderTraits<P>::is_shared && has_holder<HeldClassOf<P>>)
struct NoConversionFromPy<P> {
  static_assert(
      always_false<P>,
      "adder: a std::unique_ptr to a pyclass is a parameter or a result of a bound function. It is no item of "
      "a container, no optional, and no result of a callback or an override: others may have the Python "
      "object. Where Python hands objects over in these ways, the holder is a std::shared_ptr");
};
template <class T>
  requires has_holder<T>
struct NoConversionFromPy<std::weak_ptr<T>> {
  static_assert(always_false<T>,
                "adder: no conversion from a Python object to a std::weak_ptr: take a std::shared_ptr, and keep a "
                "weak_ptr of that");
};
template <class T>
  requires has_holder<T>
struct NoConversionIntoPy<std::weak_ptr<T>> {
  static_assert(always_false<T>, "adder: no conversion from a std::weak_ptr to a Python object: return its lock()");
};

}  // namespace detail

template <class P>
  requires detail::HolderPointer<P>
struct IntoPyObject<P> {
  template <class Given>
  static PyResult<Bound<PyAny>> into_py(Python py, Given&& pointer) {
    using T = detail::HeldClassOf<P>;
    static_assert(detail::check_pointer<P>());
    static_assert(!std::is_const_v<typename HolderTraits<P>::element_type> || is_frozen_class<T>,
                  "adder: a pointer to const would become an object that Python may change: make the class frozen, or "
                  "return a pointer to T, or a copy");
    if (HolderTraits<P>::get(pointer) == nullptr) return detail::borrow(Py_None);
    if constexpr (detail::has_holder<T>) {
      using Root = detail::ClassRootOf<T>;
      using Slot = detail::HolderSlot<Root>;
      Root* root = const_cast<T*>(HolderTraits<P>::get(pointer));
      try {
        if constexpr (detail::is_shared_class<Root>()) (void)detail::own_type_object<Root>();  // With its table.
        if constexpr (HolderTraits<P>::is_shared) {
          if (::PyObject* found = Slot::table().find(root)) return known<T, Root>(detail::steal(found));
        }
        auto holder = converted<typename Slot::Holder, Root>(std::forward<Given>(pointer), root);
        ::PyObject* made = nullptr;
        if constexpr (std::is_polymorphic_v<Root>) {
          made = detail::HeldClasses<Root>::find(root)(std::move(holder));
        } else {
          made = detail::HolderWrapper<T>::wrap(std::move(holder));
        }
        if (made == nullptr) return PyErr::fetch(py);
        return detail::steal(made);
      } catch (...) {
        detail::translate_current_exception();
        return PyErr::fetch(py);
      }
    }
  }

 private:
  /// The object that there is. Without virtual functions it may be of a base class of T, as which C++ has handed out
  /// the value before; and there cannot be two.
  template <class T, class Root>
  static PyResult<Bound<PyAny>> known(Bound<PyAny> found) {
    if constexpr (!std::is_polymorphic_v<Root> && !std::is_same_v<T, Root>) {
      if (!PyTypeInfo<T>::is_type_of(found.as_ptr())) {
        return PyTypeError::new_err(std::string("this '") + PyClass<T>::name + "' result has a '" +
                                    detail::type_name_of(found.as_ptr()) +
                                    "' object already, made when C++ returned it as that class: without virtual "
                                    "functions nobody can see what it is");
      }
    }
    return found;
  }
  template <class T>
  static constexpr bool is_frozen_class = detail::is_frozen<T>();
  template <class Holder, class Root, class Given>
  static Holder converted(Given&& pointer, Root* root) {
    if constexpr (HolderTraits<P>::is_shared && HolderTraits<Holder>::is_shared) {
      return HolderTraits<P>::template share<Root>(pointer, root);
    } else {
      static_assert(!HolderTraits<P>::is_shared,
                    "adder: a result cannot be a shared_ptr to a class whose holder is a "
                    "unique_ptr: it would have two owners");
      static_assert(!std::is_lvalue_reference_v<Given>, "adder: a unique_ptr is given to Python by moving it");
      static_assert(std::is_same_v<detail::HeldClassOf<P>, Root> || std::has_virtual_destructor_v<Root>,
                    "adder: a class that derives from one whose holder is a unique_ptr is deleted through it: give the "
                    "base a virtual destructor");
      return Holder(std::forward<Given>(pointer));
    }
  }
};

}  // namespace adder::inline ADDER_ABI
