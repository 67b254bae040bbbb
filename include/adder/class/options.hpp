// SPDX-License-Identifier: MIT
/// @file
/// @brief What a `PyClass<T>` says about its class.
#pragma once
#include "adder/class/detail/option_names.hpp"

#include <cstddef>
#include <type_traits>

namespace adder::inline ADDER_ABI {

namespace detail {

template <class T>
concept HasBase = requires { typename PyClass<T>::base; };

/// Must be checked first: the compiler would keep an answer given before PyClass<T> is specialised.
template <class T>
constexpr bool check_declared() {
  static_assert(
      requires { sizeof(PyClass<T>); },
      "adder: PyClass<T> has to be specialised above the first use of what handles to a T offer");
  if constexpr (requires { sizeof(PyClass<T>); }) static_assert(check_option_names<T>());
  return true;
}

/// No borrow flag: the values never change, or synchronise their changes themselves.
template <class T>
constexpr bool is_frozen() {
  static_assert(check_declared<T>());
  if constexpr (requires { PyClass<T>::frozen; }) {
    return PyClass<T>::frozen;
  } else {
    return false;
  }
}
/// For the thread that made the object alone.
template <class T>
constexpr bool is_unsendable() {
  if constexpr (requires { PyClass<T>::unsendable; }) {
    return PyClass<T>::unsendable;
  } else {
    return false;
  }
}
/// Python classes and other pyclasses may derive from it.
template <class T>
constexpr bool is_subclassable() {
  if constexpr (requires { PyClass<T>::subclass; }) {
    return PyClass<T>::subclass;
  } else {
    return false;
  }
}
template <class T>
constexpr std::size_t freelist_size() {
  if constexpr (requires { PyClass<T>::freelist; }) {
    return static_cast<std::size_t>(PyClass<T>::freelist);
  } else {
    return 0;
  }
}
/// The C++ value may be handed from thread to thread whatever it holds: the author's word.
template <class T>
constexpr bool is_unsafe_send() {
  if constexpr (requires { PyClass<T>::unsafe_send; }) {
    return PyClass<T>::unsafe_send;
  } else {
    return false;
  }
}

/// The built-in base is made from the positional arguments of the call.
template <class T>
constexpr bool passes_args_to_base() {
  if constexpr (requires { PyClass<T>::base_takes_args; }) {
    return PyClass<T>::base_takes_args;
  } else {
    return false;
  }
}

template <class T>
struct BaseTag {
  using type = void;
};
template <HasBase T>
struct BaseTag<T> {
  using type = typename PyClass<T>::base;
};
/// What `base` names: a pyclass, or a type tag such as PyDict; void for none.
template <class T>
using BaseTagOf = typename BaseTag<T>::type;
template <class T>
inline constexpr bool has_pyclass_base = false;
template <HasBase T>
inline constexpr bool has_pyclass_base<T> = IsPyClass<BaseTagOf<T>>;

/// The type tag at the root of a chain of pyclasses that begins with a built-in type, such as PyDict; else void.
template <class T>
struct NativeRoot {
  using type = void;
};
template <HasBase T>
struct NativeRoot<T> {
  using type = BaseTagOf<T>;
};
template <HasBase T>
  requires has_pyclass_base<T>
struct NativeRoot<T> : NativeRoot<BaseTagOf<T>> {};
template <class T>
inline constexpr bool has_native_root = !std::is_void_v<typename NativeRoot<T>::type>;

/// The class of another module, or one that other modules may use: PyClass<T>::shared_from names the module.
template <class T>
constexpr bool is_shared_class() {
  static_assert(check_declared<T>());
  return requires { PyClass<T>::shared_from; };
}

/// Classes written in Python stand behind the C++ class: PyClass<T>::python_base names them, or that of a base.
template <class T>
constexpr bool has_python_base() {
  static_assert(check_declared<T>());
  if constexpr (requires { PyClass<T>::python_base; }) return true;
  if constexpr (has_pyclass_base<T>) return has_python_base<BaseTagOf<T>>();
  return false;
}

template <class T>
constexpr bool has_dict() {
  if constexpr (requires { PyClass<T>::dict; }) {
    if (PyClass<T>::dict) return true;
  }
  if constexpr (has_pyclass_base<T>) return has_dict<BaseTagOf<T>>();
  return false;
}
template <class T>
constexpr bool has_weakref() {
  if constexpr (requires { PyClass<T>::weakref; }) {
    if (PyClass<T>::weakref) return true;
  }
  if constexpr (has_pyclass_base<T>) return has_weakref<BaseTagOf<T>>();
  return false;
}

/// The class itself can be changed from Python.
template <class T>
constexpr bool is_mutable_type() {
  if constexpr (requires { PyClass<T>::immutable; }) {
    return !PyClass<T>::immutable;
  } else {
    return false;
  }
}
/// What the objects of a class, and of those that derive from it, hold their values by: void where the value is in the
/// object, else a smart pointer.
template <class T>
struct HolderOf {
  using type = void;
};
template <class T>
  requires requires { typename PyClass<T>::holder; } && (!has_pyclass_base<T>)
struct HolderOf<T> {
  using type = typename PyClass<T>::holder;
};
template <class T>
  requires has_pyclass_base<T>
struct HolderOf<T> : HolderOf<BaseTagOf<T>> {};
template <class T>
inline constexpr bool has_holder = !std::is_void_v<typename HolderOf<T>::type>;

template <class A, class B>
inline constexpr bool are_of_one_template = std::is_same_v<A, B>;
template <template <class...> class P, class... A, class... B>
inline constexpr bool are_of_one_template<P<A...>, P<B...>> = true;
/// A derived class may repeat the holder of the root, as a pointer to itself. Another one would be ignored.
template <class T>
constexpr bool check_holder_of_derived() {
  if constexpr (requires { typename PyClass<T>::holder; } && has_pyclass_base<T>) {
    static_assert(are_of_one_template<typename PyClass<T>::holder, typename HolderOf<T>::type>,
                  "adder: a class has the holder of the pyclass that it derives from: write `using holder` in that "
                  "one, and leave it out here");
  }
  return true;
}

/// The class of the values of instances of Python subclasses, which asks them for overrides; else the class itself.
template <class T>
struct OverridableOf {
  using type = T;
};
template <class T>
  requires requires { typename PyClass<T>::overridable; }
struct OverridableOf<T> {
  using type = typename PyClass<T>::overridable;
};
template <class T>
inline constexpr bool has_overridable = !std::is_same_v<typename OverridableOf<T>::type, T>;

/// Whether others on a thread may use what it has borrowed of an object: C++ has pointers to the values.
template <class T>
constexpr bool may_be_lent() {
  if constexpr (has_holder<T>) {
    return !is_frozen<T>();
  } else {
    return false;
  }
}

/// The pyclass at the root of a chain.
template <class T>
struct ClassRoot {
  using type = T;
};
template <class T>
  requires has_pyclass_base<T>
struct ClassRoot<T> : ClassRoot<BaseTagOf<T>> {};
template <class T>
using ClassRootOf = typename ClassRoot<T>::type;

/// Whether CPython can make objects of the class past its `__new__`, without a C++ value: the methods of some built-in
/// types do (`date.replace` up to 3.12, `set.union`), and so does Python code that assigns `__new__` of a class. Where
/// the class at the root of a chain is neither, CPython itself refuses (`object.__new__(X) is not safe`).
template <class T>
constexpr bool may_lack_value() {
  if constexpr (has_pyclass_base<T>) {
    return may_lack_value<BaseTagOf<T>>();
  } else if constexpr (has_holder<T>) {
    // Of a class with a holder that is not shared, C++ may take the value.
    return has_native_root<T> || is_mutable_type<T>() || !is_copy_constructible<typename HolderOf<T>::type>;
  } else {
    return has_native_root<T> || is_mutable_type<T>();
  }
}

/// `__eq__` and `__ne__`, the other comparisons, `__hash__` are those of C++.
template <class T>
constexpr bool derives_eq() {
  if constexpr (requires { PyClass<T>::eq; }) {
    return PyClass<T>::eq;
  } else {
    return false;
  }
}
template <class T>
constexpr bool derives_order() {
  if constexpr (requires { PyClass<T>::order; }) {
    return PyClass<T>::order;
  } else {
    return false;
  }
}
template <class T>
constexpr bool derives_hash() {
  if constexpr (requires { PyClass<T>::hash; }) {
    return PyClass<T>::hash;
  } else {
    return false;
  }
}

/// Objects of the class may be parts of others: their value is in another object.
template <class T>
constexpr bool may_be_part() {
  static_assert(check_declared<T>());
  if constexpr (has_pyclass_base<T>) {
    return may_be_part<BaseTagOf<T>>();
  } else if constexpr (requires { PyClass<T>::part; }) {
    return PyClass<T>::part;
  } else {
    return false;
  }
}

/// The C++ destructor runs without the GIL.
template <class T>
constexpr bool drops_detached() {
  if constexpr (requires { PyClass<T>::drop_detached; }) {
    if (PyClass<T>::drop_detached) return true;
  }
  if constexpr (has_pyclass_base<T>) return drops_detached<BaseTagOf<T>>();
  return false;
}

/// Calls that overlap wait for each other.
template <class T>
constexpr bool is_locked() {
  static_assert(check_declared<T>());
  if constexpr (requires { PyClass<T>::locked; }) {
    return PyClass<T>::locked;
  } else {
    return false;
  }
}

/// What the values of a class are in C++: the class itself, unless its objects stand for something that has no class.
template <class T>
struct ValueType {
  using type = T;
};
template <class T>
using ValueOf = typename ValueType<T>::type;

}  // namespace detail
}  // namespace adder::inline ADDER_ABI
