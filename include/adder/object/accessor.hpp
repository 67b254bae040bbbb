// SPDX-License-Identifier: MIT
/// @file
/// @brief `object.attr("x"_s)` and `object["k"_s]`: an attribute or item as something to read, call and assign to.
///
/// Shorthand for getattr(), setattr(), get_item() and set_item(), which stay the way to say it exactly.
#pragma once
#include "adder/object/iterator.hpp"

#include <optional>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {

/// An interned name, which is a type of its own, is stored as itself; another key as the object it makes.
template <class K>
struct AccessorKey {
  using type = Bound<PyAny>;
  static type make(K key) {
    const AsArgument<K> object(std::forward<K>(key));
    return borrow(object.as_ptr());
  }
};
template <class K>
  requires is_interned<std::remove_cvref_t<K>>
struct AccessorKey<K> {
  using type = std::remove_cvref_t<K>;
  static type make(K) { return {}; }
};

struct AttributeAccess {
  static ::PyObject* get(::PyObject* object, ::PyObject* name) { return PyObject_GetAttr(object, name); }
  static int set(::PyObject* object, ::PyObject* name, ::PyObject* value) {
    return PyObject_SetAttr(object, name, value);
  }
  static int del(::PyObject* object, ::PyObject* name) { return PyObject_DelAttr(object, name); }
};
struct ItemAccess {
  static ::PyObject* get(::PyObject* object, ::PyObject* key) { return PyObject_GetItem(object, key); }
  static int set(::PyObject* object, ::PyObject* key, ::PyObject* value) {
    return PyObject_SetItem(object, key, value);
  }
  static int del(::PyObject* object, ::PyObject* key) { return PyObject_DelItem(object, key); }
};

}  // namespace detail

/// @brief An attribute or item of an object, looked up afresh at each use.
///
/// Converts to `Bound<PyAny>`, is called and assigned to like the thing itself, and lends the methods of what it finds
/// through `->`: `os.attr("environ"_s)["HOME"_s]->len()`. Owns the object that it looks into. Every use may run
/// arbitrary Python code and throws the `PyErr` of what that raises.
/// @gil  Held.
template <class Access, class Key>
class Accessor {
  /// The value for one expression: what would point into it owns instead.
  struct Value : Bound<PyAny> {
    explicit Value(Bound<PyAny> value) : Bound<PyAny>(std::move(value)) {}
    template <class T>
    Bound<T> downcast(detail::Location where = detail::Location::current()) const {
      return Bound<PyAny>(*this).template downcast<T>(where);
    }
    template <class T>
    std::optional<Bound<T>> try_downcast(detail::Location where = detail::Location::current()) const {
      return Bound<PyAny>(*this).template try_downcast<T>(where);
    }
    template <class T>
    Bound<T> downcast_exact(detail::Location where = detail::Location::current()) const {
      return Bound<PyAny>(*this).template downcast_exact<T>(where);
    }
    template <class T>
    Bound<T> downcast_unchecked(detail::Location where = detail::Location::current()) const {
      return Bound<PyAny>(*this).template downcast_unchecked<T>(where);
    }
    template <class T>
    T extract(detail::Location where = detail::Location::current()) const {
      return Bound<PyAny>(*this).template extract<T>(where);
    }
    template <class T>
    PyResult<T> try_extract(detail::Location where = detail::Location::current()) const {
      return Bound<PyAny>(*this).template try_extract<T>(where);
    }
  };
  struct Arrow {
    Value value;
    const Value* operator->() const { return &value; }
  };

 public:
  /// @brief For `object.attr(key)` and `object[key]`, which make it.
  Accessor(Bound<PyAny> object, Key key) : object_(std::move(object)), key_(std::move(key)) {}
  Accessor(const Accessor&) = default;  // And no move: there is no empty accessor.
  ADDER_INLINE ~Accessor() = default;

  /// @brief The value.
  ADDER_INLINE Bound<PyAny> get() const {
    const detail::KeptAlive object(object_.as_ptr());
    const KeptKey name(key());
    return detail::steal(detail::non_null(detail::guard_unwind([&] { return Access::get(object, name); })));
  }
  /// @brief get(), where a handle is wanted.
  operator Bound<PyAny>() const { return get(); }  // NOLINT(google-explicit-constructor)
  /// @brief For the value's methods.
  Arrow operator->() const { return {Value(get())}; }
  /// @brief The value as a C++ value.
  template <class T>
  T extract(detail::Location where = detail::Location::current()) const {
    return get().template extract<T>(where);
  }

  /// @brief Assigns to the attribute or item.
  template <class V>
  const Accessor& operator=(V&& value) const {  // NOLINT(misc-unconventional-assign-operator)
    const detail::KeptAlive object(object_.as_ptr());
    const KeptKey name(key());
    const detail::AsArgument<V&&> assigned(std::forward<V>(value));
    detail::non_negative(detail::guard_unwind([&] { return Access::set(object, name, assigned.as_ptr()); }));
    return *this;
  }
  /// @brief Assigns the other's value: `a.attr("x"_s) = b.attr("x"_s)`.
  const Accessor& operator=(const Accessor& other) const {  // NOLINT: Python's assignment
    return *this = other.get();
  }
  /// @brief Deletes the attribute or item.
  void del() const {
    const detail::KeptAlive object(object_.as_ptr());
    const KeptKey name(key());
    detail::non_negative(detail::guard_unwind([&] { return Access::del(object, name); }));
  }

  /// @brief Calls the value. An attribute is called as a method, which saves the bound method.
  template <class... Args>
  Bound<PyAny> operator()(Args&&... args) const {
    if constexpr (std::is_same_v<Access, detail::AttributeAccess> && detail::is_interned<Key>) {
      return object_.call_method(key_, std::forward<Args>(args)...);
    } else {
      return get().call(std::forward<Args>(args)...);
    }
  }
  /// @brief An attribute of the value.
  template <class N>
  auto attr(N&& name) const {
    return get().attr(std::forward<N>(name));
  }
  /// @brief An item of the value.
  template <class K>
  auto operator[](K&& index) const {
    return get()[std::forward<K>(index)];
  }

  /// @name In-place operators
  /// Read, operate and assign, as Python does.
  /// @{
  template <class V>
  const Accessor& operator+=(V&& value) const {
    return *this = get().iadd(std::forward<V>(value));
  }
  template <class V>
  const Accessor& operator-=(V&& value) const {
    return *this = get().isub(std::forward<V>(value));
  }
  template <class V>
  const Accessor& operator*=(V&& value) const {
    return *this = get().imul(std::forward<V>(value));
  }
  template <class V>
  const Accessor& operator/=(V&& value) const {
    return *this = get().itruediv(std::forward<V>(value));
  }
  template <class V>
  const Accessor& operator%=(V&& value) const {
    return *this = get().imod(std::forward<V>(value));
  }
  template <class V>
  const Accessor& operator<<=(V&& value) const {
    return *this = get().ilshift(std::forward<V>(value));
  }
  template <class V>
  const Accessor& operator>>=(V&& value) const {
    return *this = get().irshift(std::forward<V>(value));
  }
  template <class V>
  const Accessor& operator&=(V&& value) const {
    return *this = get().iand(std::forward<V>(value));
  }
  template <class V>
  const Accessor& operator|=(V&& value) const {
    return *this = get().ior(std::forward<V>(value));
  }
  template <class V>
  const Accessor& operator^=(V&& value) const {
    return *this = get().ixor(std::forward<V>(value));
  }
  /// @}

 private:
  /// A literal's name is there for good.
  using KeptKey = std::conditional_t<detail::is_interned<Key>, ::PyObject*, detail::KeptAlive>;
  ADDER_INLINE ::PyObject* key() const {
    if constexpr (detail::is_interned<Key>) {
      return Key::get(detail::token());
    } else {
      return key_.as_ptr();
    }
  }

  Bound<PyAny> object_;
  [[no_unique_address]] Key key_;
};

template <class Access, class Key>
struct UngilTraits<Accessor<Access, Key>> : std::false_type {};

template <class Access, class Key>
struct IntoPyObject<Accessor<Access, Key>> {
  static constexpr const char* output_type = "typing.Any";
  static PyResult<Bound<PyAny>> into_py(Python, const Accessor<Access, Key>& accessor) {
    try {
      return accessor.get();
    } catch (const PyErr& error) {
      return error;
    }
  }
};

template <class Self>
template <class N>
auto PyAnyMethods<Self>::attr(N&& name, Where where) const {
  static_assert(detail::is_constructible<Name, const std::remove_cvref_t<N>&>, "adder: an attribute's name is text");
  using Key = detail::AccessorKey<N&&>;
  auto self = detail::borrow(use("attr", where), where);  // First: making the key may drop this handle.
  return Accessor<detail::AttributeAccess, typename Key::type>(std::move(self), Key::make(std::forward<N>(name)));
}
template <class Self>
template <class K>
auto PyAnyMethods<Self>::operator[](K&& key) const {
  using Key = detail::AccessorKey<K&&>;
  auto self = detail::borrow(use("operator[]", Where{}));  // First: making the key may drop this handle.
  return Accessor<detail::ItemAccess, typename Key::type>(std::move(self), Key::make(std::forward<K>(key)));
}

}  // namespace adder::inline ADDER_ABI
