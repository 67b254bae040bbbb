// SPDX-License-Identifier: MIT
/// @file
/// @brief C++ containers as live lists, dicts and sets: as parts of objects, and as classes. Not part of adder.hpp.
///
/// A container that is a field is a part of its object, and needs nothing but this header and a line:
/// @code
/// cls.part<&Polygon::points>("points");  // poly.points.append(p) changes the polygon
/// @endcode
/// To make a container a class of its own, specialise its PyClass above the first use of the type in each file:
/// @code
/// template <>
/// struct adder::PyClass<std::vector<double>> : adder::ListClass<std::vector<double>> {
///   static constexpr auto name = "Doubles";
/// };
/// m.add_class<std::vector<double>>();
/// @endcode
/// C++ and Python share such an object: a function that takes `std::vector<double>&` changes what Python sees, and
/// nothing is converted on the way. It is made of any iterable, `Doubles([1, 2])`; functions take it, and no list in
/// its place.
///
/// | containers                                                | methods                      | base of the PyClass |
/// |-----------------------------------------------------------|------------------------------|---------------------|
/// | `std::vector`, `std::deque`, what has their members       | all of `list`                | `ListClass<C>`      |
/// | `std::array`                                              | those that keep the length   | `ListClass<C>`      |
/// | `std::map`, `std::unordered_map`, what has their members  | all of `dict` but `fromkeys` | `DictClass<M>`      |
/// | `std::set`, `std::unordered_set`, what has their members  | all of `set`                 | `SetClass<C>`       |
///
/// All are registered with `collections.abc`, compare, pickle and copy. Where a part has no class of its own, it
/// compares with lists, dicts and sets, and what is new, such as a slice, a sum or a copy, is one of those.
///
/// Elements that are pyclasses with `part = true`, or containers, are live parts of the container again: `c[0].x = 1`
/// changes the element. Other elements go in and out by value. A part stands for its place, an index or a key: see
/// part.hpp.
///
/// Iterating over a list that changes goes on as Python's does. Over a dict or set whose size changes it is a
/// RuntimeError.
///
/// `define` of the base binds the methods. To add others, call it first:
/// @code
/// static void define(ClassBuilder<std::vector<double>>& cls) {
///   ListClass::define(cls);
///   cls.def<&total>("total");
/// }
/// @endcode
#pragma once
#include "adder/class/detail/dict_methods.hpp"
#include "adder/class/detail/list_methods.hpp"
#include "adder/class/detail/set_methods.hpp"
#include "adder/class/pickle.hpp"

namespace adder::inline ADDER_ABI {

/// @brief Base of the PyClass of a C++ sequence that is to have the methods of `list`.
/// @tparam C  `std::vector`, `std::deque`, `std::array`, or what has their members.
template <class C>
struct ListClass {
  /// @brief Objects may be live parts of others.
  static constexpr bool part = true;
  static void define(ClassBuilder<C>& cls) { detail::ListMethods<C>::add_to(cls); }
};
/// @brief Base of the PyClass of a C++ map that is to have the methods of `dict`.
/// @tparam M  `std::map`, `std::unordered_map`, or what has their members.
template <class M>
struct DictClass {
  /// @brief Objects may be live parts of others.
  static constexpr bool part = true;
  static void define(ClassBuilder<M>& cls) { detail::DictMethods<M>::add_to(cls); }
};
/// @brief Base of the PyClass of a C++ set that is to have the methods of `set`.
/// @tparam C  `std::set`, `std::unordered_set`, or what has their members.
template <class C>
struct SetClass {
  /// @brief Objects may be live parts of others.
  static constexpr bool part = true;
  static void define(ClassBuilder<C>& cls) { detail::SetMethods<C>::add_to(cls); }
};

/// The type of parts that are containers without a class of their own.
template <class C>
struct PyClass<detail::Viewed<C>> {
  static constexpr auto name = detail::ListLike<C> ? "ListPart" : detail::MapLike<C> ? "DictPart" : "SetPart";
  static constexpr auto module = "adder";
  /// @brief Objects may be live parts of others.
  static constexpr bool part = true;
  static constexpr bool weakref = true;
  static constexpr bool unsafe_send = true;
  static void define(ClassBuilder<detail::Viewed<C>>& cls) {
    detail::ContainerMethods<detail::Viewed<C>>::type::add_to(cls);
  }
};
/// The type of iterators over the keys of a container.
template <>
struct PyClass<detail::KeyIterator> {
  static constexpr auto name = "key_iterator";
  static constexpr auto module = "adder";
  static void define(ClassBuilder<detail::KeyIterator>& cls);
};
/// The type of iterators over the elements of a list that are parts of it.
template <>
struct PyClass<detail::ElementIterator> {
  static constexpr auto name = "element_iterator";
  static constexpr auto module = "adder";
  using fields = PartialFieldList<&detail::ElementIterator::owner>;
  static void define(ClassBuilder<detail::ElementIterator>& cls);
};

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/class/detail/containers_inl.hpp"
#endif
