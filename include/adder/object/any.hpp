// SPDX-License-Identifier: MIT
/// @file
/// @brief What every Python object can do: the methods of `Bound<PyAny>`, which all other handles have too.
#pragma once
#include "adder/object/operators.hpp"

#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

template <class T>
class ObjectIterator;
template <class Access, class Key>
class Accessor;
template <class T>
class TypedIterable;

namespace detail {
/// A new reference to an attribute, or null where there is none.
inline ::PyObject* getattr_or_null(::PyObject* object, ::PyObject* name) {
#if PY_VERSION_HEX >= 0x030D0000
  ::PyObject* value = nullptr;
  non_negative(guard_unwind(PyObject_GetOptionalAttr, object, name, &value));
  return value;
#else
  ::PyObject* value = guard_unwind(PyObject_GetAttr, object, name);
  if (value == nullptr) {
    if (PyErr_ExceptionMatches(PyExc_AttributeError) == 0) throw_fetched();
    PyErr_Clear();
  }
  return value;
#endif
}
template <class View, class Handle>
auto typed_view(Handle&& handle) {
  static_assert(
      requires { sizeof(View); }, "adder: as<T>() needs its header: #include <adder/types/typed.hpp>");
  return View(std::forward<Handle>(handle));
}
}  // namespace detail

/// @brief Where iteration ends; see ObjectIterator.
struct IterationEnd {};

/// @brief The methods that every handle has.
///
/// Unless said otherwise a method may run arbitrary Python code, throws the `PyErr` of what that raises, and returns a
/// handle that owns its reference. Where the code drops the handle that the method was called on, the object lives
/// until the method is done. Attribute names are a `Name`: `"x"_s` is fastest.
/// @tparam Self  The handle, `Bound<T>` or `Borrowed<T>`.
/// @pyo3{PyAnyMethods, PyAny}
template <class Self>
struct PyAnyMethods : PyOperatorMethods<Self> {
  using Where = detail::Location;
  // The types of results, which this header cannot complete yet; in the documentation, PyAny, PyType and so on.
  using Any = detail::LateAny<Self>;
  using Type = detail::Late<PyType, Self>;
  /// PyString, in the types of results.
  using String = detail::Late<PyString, Self>;
  using List = detail::Late<PyList, Self>;
  /// PyIterator, in the types of results.
  using Iterator = detail::Late<PyIterator, Self>;
  /// What a cast of a temporary to T gives: a Bound of a Bound, a Borrowed of a Borrowed.
  template <class T>
  using Retyped = std::conditional_t<detail::is_specialization<Self, Bound>, Bound<T>, Borrowed<T>>;

  /// @name Identity and type
  /// None of these runs Python code but is_instance() and is_instance_of() of a type with `__instancecheck__`.
  /// @{

  /// @brief `self is other`.
  bool is(const Bound<Any>& other, Where where = Where::current()) const {
    return use("is", where) == detail::HandleAccess::use(other, "is", where);
  }
  /// @brief `self is None`.
  bool is_none(Where where = Where::current()) const { return use("is_none", where) == Py_None; }
  /// @brief `callable(self)`.
  bool is_callable(Where where = Where::current()) const { return PyCallable_Check(use("is_callable", where)) != 0; }
  /// @brief `type(self)`.
  Bound<Type> get_type(Where where = Where::current()) const {
    return detail::borrow<Type>(reinterpret_cast<::PyObject*>(Py_TYPE(use("get_type", where))), where);
  }
  /// @brief `sys.getrefcount(self)` without the reference that the call would add. Of immortal objects: some large
  /// number.
  Py_ssize_t get_refcnt(Where where = Where::current()) const { return Py_REFCNT(use("get_refcnt", where)); }
  /// @brief `isinstance(self, type)`; @p type may also be a tuple of types.
  bool is_instance(const Bound<Any>& type, Where where = Where::current()) const {
    const auto self = use_alive("is_instance", where);
    const auto of = detail::HandleAccess::use_alive(type, "is_instance", where);
    return detail::non_negative(detail::guard_unwind(PyObject_IsInstance, self, of)) != 0;
  }
  /// @brief Whether it is of Python type T or a subtype.
  template <class T>
  bool is_instance_of(Where where = Where::current()) const {
    const detail::CheckedForType<T> self(use("is_instance_of", where));
    return PyTypeInfo<T>::is_type_of(self);
  }
  /// @brief Whether it is of Python type T and no subtype.
  template <class T>
  bool is_exact_instance_of(Where where = Where::current()) const {
    const detail::CheckedForExactType<T> self(use("is_exact_instance_of", where));
    return PyTypeInfo<T>::is_exact_type_of(self);
  }
  /// @}

  /// A `PyCell<U>` is a `U`.
  template <class T>
  using Cast = typename detail::CastTarget<typename detail::MayBePythonType<T>::type>::type;

  /// @name Casts
  /// From an lvalue the result borrows (no count changes); from a temporary it takes the reference over.
  /// @{

  /// @brief This object as one of Python type T.
  /// @throws PyErr  `TypeError: 'dict' object is not an instance of 'list'`.
  /// @pyo3{PyAny::downcast, until 0.28}
  template <class T>
  Borrowed<Cast<T>> downcast(Where where = Where::current()) const& ADDER_LIFETIMEBOUND {
    const detail::CheckedForType<T> self(use("downcast", where));
    if (!PyTypeInfo<T>::is_type_of(self)) [[unlikely]]
      detail::refuse_downcast(self, PyTypeInfo<T>::name(), detail::type_getter<T>());
    return reborrow<Cast<T>>(self, where);
  }
  template <class T>
  Retyped<Cast<T>> downcast(Where where = Where::current()) && {
    const detail::CheckedForType<T> self(use("downcast", where));
    if (!PyTypeInfo<T>::is_type_of(self)) [[unlikely]]
      detail::refuse_downcast(self, PyTypeInfo<T>::name(), detail::type_getter<T>());
    return retype<Cast<T>>(where);
  }
  /// @brief As downcast(), with nothing instead of an error. Makes no Python exception.
  template <class T>
  std::optional<Borrowed<Cast<T>>> try_downcast(Where where = Where::current()) const& ADDER_LIFETIMEBOUND {
    const detail::CheckedForType<T> self(use("try_downcast", where));
    if (!PyTypeInfo<T>::is_type_of(self)) return std::nullopt;
    return reborrow<Cast<T>>(self, where);
  }
  template <class T>
  auto try_downcast(Where where = Where::current()) && -> std::optional<Retyped<Cast<T>>> {
    const detail::CheckedForType<T> self(use("try_downcast", where));
    if (!PyTypeInfo<T>::is_type_of(self)) return std::nullopt;
    return retype<Cast<T>>(where);
  }
  /// @brief As downcast(), refusing subtypes too.
  /// @pyo3{PyAny::downcast_exact, until 0.28}
  template <class T>
  Borrowed<Cast<T>> downcast_exact(Where where = Where::current()) const& ADDER_LIFETIMEBOUND {
    const detail::CheckedForExactType<T> self(use("downcast_exact", where));
    if (!PyTypeInfo<T>::is_exact_type_of(self)) [[unlikely]] {
      detail::refuse_downcast(self, PyTypeInfo<T>::name(), detail::type_getter<T>());
    }
    return reborrow<Cast<T>>(self, where);
  }
  template <class T>
  Retyped<Cast<T>> downcast_exact(Where where = Where::current()) && {
    const detail::CheckedForExactType<T> self(use("downcast_exact", where));
    if (!PyTypeInfo<T>::is_exact_type_of(self)) [[unlikely]] {
      detail::refuse_downcast(self, PyTypeInfo<T>::name(), detail::type_getter<T>());
    }
    return retype<Cast<T>>(where);
  }
  /// @brief As downcast() on the caller's word. Checked builds verify it.
  /// @pyo3{PyAny::downcast_unchecked, until 0.28}
  template <class T>
  Borrowed<Cast<T>> downcast_unchecked(Where where = Where::current()) const& ADDER_LIFETIMEBOUND {
    return reborrow<Cast<T>>(vouched<T>(where), where);
  }
  template <class T>
  Retyped<Cast<T>> downcast_unchecked(Where where = Where::current()) && {
    (void)vouched<T>(where);
    return retype<Cast<T>>(where);
  }
  /// @brief PyO3's names since 0.27 for the casts above: downcast(), try_downcast(), downcast_exact() and
  /// downcast_unchecked(). Those in `_into` are for temporaries: `std::move(x).cast_into<PyList>()`; where the object
  /// is of another type, x keeps it.
  /// @pyo3{Bound::cast}
  template <class T>
  Borrowed<Cast<T>> cast(Where where = Where::current()) const& ADDER_LIFETIMEBOUND {
    return downcast<T>(where);
  }
  template <class T>
  Retyped<Cast<T>> cast(Where where = Where::current()) && {
    return static_cast<PyAnyMethods&&>(*this).template downcast<T>(where);
  }
  /// @brief try_downcast() by its newer name: nothing where the object is of another type.
  template <class T>
  std::optional<Borrowed<Cast<T>>> try_cast(Where where = Where::current()) const& ADDER_LIFETIMEBOUND {
    return try_downcast<T>(where);
  }
  template <class T>
  std::optional<Retyped<Cast<T>>> try_cast(Where where = Where::current()) && {
    return static_cast<PyAnyMethods&&>(*this).template try_downcast<T>(where);
  }
  /// @brief downcast_exact() by its newer name: no subtype is taken.
  template <class T>
  Borrowed<Cast<T>> cast_exact(Where where = Where::current()) const& ADDER_LIFETIMEBOUND {
    return downcast_exact<T>(where);
  }
  template <class T>
  Retyped<Cast<T>> cast_exact(Where where = Where::current()) && {
    return static_cast<PyAnyMethods&&>(*this).template downcast_exact<T>(where);
  }
  /// @brief downcast_unchecked() by its newer name: the caller vouches for the type, which checked builds verify.
  template <class T>
  Borrowed<Cast<T>> cast_unchecked(Where where = Where::current()) const& ADDER_LIFETIMEBOUND {
    return downcast_unchecked<T>(where);
  }
  template <class T>
  Retyped<Cast<T>> cast_unchecked(Where where = Where::current()) && {
    return static_cast<PyAnyMethods&&>(*this).template downcast_unchecked<T>(where);
  }
  /// @brief cast() of a temporary, which takes its reference over.
  template <class T>
  Retyped<Cast<T>> cast_into(Where where = Where::current()) && {
    return static_cast<PyAnyMethods&&>(*this).template downcast<T>(where);
  }
  /// @brief cast_exact() of a temporary, which takes its reference over.
  template <class T>
  Retyped<Cast<T>> cast_into_exact(Where where = Where::current()) && {
    return static_cast<PyAnyMethods&&>(*this).template downcast_exact<T>(where);
  }
  /// @brief cast_unchecked() of a temporary, which takes its reference over.
  template <class T>
  Retyped<Cast<T>> cast_into_unchecked(Where where = Where::current()) && {
    return static_cast<PyAnyMethods&&>(*this).template downcast_unchecked<T>(where);
  }
  /// @brief The object as a C++ value.
  /// @throws PyErr  When it cannot be converted.
  /// @pyo3{PyAny::extract}
  template <class T>
  T extract(Where where = Where::current()) const& {
    return extracted<T>("extract", where).value();
  }
  template <class T>
  T extract(Where where = Where::current()) && {
    static_assert(!detail::views_object<T> || !detail::is_specialization<Self, Bound>,
                  "adder: the view would die with the temporary that it points into: extract a value, such as "
                  "std::string, or keep the handle in a variable");
    return static_cast<const PyAnyMethods&>(*this).template extract<T>(where);
  }
  /// @brief As extract(), returning the error. Makes no Python exception unless Python code raised one.
  template <class T>
  PyResult<T> try_extract(Where where = Where::current()) const& {
    return extracted<T>("try_extract", where);
  }
  template <class T>
  PyResult<T> try_extract(Where where = Where::current()) && {
    static_assert(!detail::views_object<T> || !detail::is_specialization<Self, Bound>,
                  "adder: the view would die with the temporary that it points into: extract a value, such as "
                  "std::string, or keep the handle in a variable");
    return static_cast<const PyAnyMethods&>(*this).template try_extract<T>(where);
  }
  /// @}

  /// @name Attributes
  /// @{

  /// @brief `self.name`.
  Bound<Any> getattr(const Name& name, Where where = Where::current()) const {
    const auto self = use_alive("getattr", where);
    return own(detail::guard_unwind(PyObject_GetAttr, self, name.as_ptr()), where);
  }
  /// @brief `self.name`, or nothing where there is no such attribute. Other errors throw.
  std::optional<Bound<Any>> getattr_opt(const Name& name, Where where = Where::current()) const {
    const auto self = use_alive("getattr_opt", where);
    ::PyObject* value = detail::getattr_or_null(self, name.as_ptr());
    if (value == nullptr) return std::nullopt;
    return detail::steal<Any>(value, where);
  }
  /// @brief `hasattr(self, name)`; errors other than AttributeError throw.
  bool hasattr(const Name& name, Where where = Where::current()) const { return getattr_opt(name, where).has_value(); }
  /// @brief `self.name = value`.
  template <class V>
  void setattr(const Name& name, V&& value, Where where = Where::current()) const {
    const auto self = use_alive("setattr", where);
    const detail::AsArgument<V&&> object(std::forward<V>(value));
    detail::non_negative(detail::guard_unwind(PyObject_SetAttr, self, name.as_ptr(), object.as_ptr()));
  }
  /// @brief `del self.name`.
  void delattr(const Name& name, Where where = Where::current()) const {
    const auto self = use_alive("delattr", where);
    detail::non_negative(detail::guard_unwind([&] { return PyObject_DelAttr(self, name.as_ptr()); }));
  }
  /// @brief The attribute as something to read, call, assign to and go on from: `self.attr("x"_s) = 1`. See Accessor.
  template <class N>
  auto attr(N&& name, Where where = Where::current()) const;
  /// @brief `dir(self)`.
  Bound<List> dir(Where where = Where::current()) const {
    const auto self = use_alive("dir", where);
    return own<List>(detail::guard_unwind(PyObject_Dir, self), where);
  }
  /// @}

  /// @name Items
  /// @{

  /// @brief The item as something to read, call, assign to and go on from: `self["x"_s] = 1`. See Accessor.
  template <class K>
  auto operator[](K&& key) const;

  /// @brief `self[key]`.
  template <class K>
  Bound<Any> get_item(K&& key, Where where = Where::current()) const {
    const auto self = use_alive("get_item", where);
    const detail::AsArgument<K&&> index(std::forward<K>(key));
    return own(detail::guard_unwind(PyObject_GetItem, self, index.as_ptr()), where);
  }
  /// @brief `self[key] = value`.
  template <class K, class V>
  void set_item(K&& key, V&& value, Where where = Where::current()) const {
    const auto self = use_alive("set_item", where);
    [[maybe_unused]] const detail::KeptArguments kept(key, value);
    const detail::AsArgument<K&&> index(std::forward<K>(key));
    const detail::AsArgument<V&&> object(std::forward<V>(value));
    detail::non_negative(detail::guard_unwind(PyObject_SetItem, self, index.as_ptr(), object.as_ptr()));
  }
  /// @brief `del self[key]`.
  template <class K>
  void del_item(K&& key, Where where = Where::current()) const {
    const auto self = use_alive("del_item", where);
    const detail::AsArgument<K&&> index(std::forward<K>(key));
    detail::non_negative(detail::guard_unwind(PyObject_DelItem, self, index.as_ptr()));
  }
  /// @brief `value in self`.
  template <class V>
  bool contains(V&& value, Where where = Where::current()) const {
    const auto self = use_alive("contains", where);
    const detail::AsArgument<V&&> object(std::forward<V>(value));
    return detail::non_negative(detail::guard_unwind(PySequence_Contains, self, object.as_ptr())) != 0;
  }
  /// @}

  /// @name Text, truth, size, hash
  /// @{

  /// @brief `repr(self)`.
  Bound<String> repr(Where where = Where::current()) const {
    const auto self = use_alive("repr", where);
    return own<String>(detail::guard_unwind(PyObject_Repr, self), where);
  }
  /// @brief `str(self)`.
  Bound<String> str(Where where = Where::current()) const {
    const auto self = use_alive("str", where);
    return own<String>(detail::guard_unwind(PyObject_Str, self), where);
  }
  /// @brief `bool(self)`.
  bool is_truthy(Where where = Where::current()) const {
    const auto self = use_alive("is_truthy", where);
    return detail::non_negative(detail::guard_unwind(PyObject_IsTrue, self)) != 0;
  }
  /// @brief `len(self)`.
  std::size_t len(Where where = Where::current()) const {
    const auto self = use_alive("len", where);
    return static_cast<std::size_t>(detail::non_negative(detail::guard_unwind(PyObject_Size, self)));
  }
  /// @brief `len(self) == 0`.
  bool is_empty(Where where = Where::current()) const { return len(where) == 0; }
  /// @brief `hash(self)`.
  Py_hash_t hash(Where where = Where::current()) const {
    const auto self = use_alive("hash", where);
    const Py_hash_t value = detail::guard_unwind(PyObject_Hash, self);
    if (value == -1) [[unlikely]]
      detail::throw_fetched();
    return value;
  }
  /// @}

  /// @name Calls (call.hpp)
  /// Arguments are handles, kept alive for the duration (a temporary gives its reference), or anything that converts
  /// into Python.
  /// @{

  /// @brief `self(args...)`.
  /// @pyo3{PyAny::call, call0, call1}
  template <class... Args>
  ADDER_INLINE Bound<Any> call(Args&&... args) const;
  /// @brief `self(args...)`.
  template <class... Args>
  ADDER_INLINE Bound<Any> operator()(Args&&... args) const {
    return call(std::forward<Args>(args)...);
  }
  /// @brief `self.name(args...)`, without making the bound method.
  /// @pyo3{PyAny::call_method, call_method0, call_method1}
  template <class... Args>
  ADDER_INLINE Bound<Any> call_method(const Name& name, Args&&... args) const;
  /// @}

  /// @name Iteration
  /// `for (Bound<PyAny> item : any)` works on every iterable; an exception in `__next__` propagates.
  /// @{

  /// @brief `iter(self)`.
  Bound<Iterator> try_iter(Where where = Where::current()) const {
    const auto self = use_alive("try_iter", where);
    return own<Iterator>(detail::guard_unwind(PyObject_GetIter, self), where);
  }
  ADDER_INLINE ObjectIterator<Any> begin() const;
  IterationEnd end() const noexcept { return {}; }
  /// @brief The items as C++ values: an input range. Include `adder/types/typed.hpp`.
  /// @throws PyErr  From the range, at an item that is no T: `[3]: expected int, got str`.
  template <class T>
  auto as(Where where = Where::current()) const {
    return detail::typed_view<TypedIterable<T>>(detail::borrow<Any>(use("as", where), where));
  }
  /// @}

 protected:
  const Self& self() const noexcept { return static_cast<const Self&>(*this); }
  ADDER_INLINE ::PyObject* use(const char* operation, Where where) const {
    return detail::HandleAccess::use(self(), operation, where);
  }
  /// The same for an operation that may run Python code.
  ADDER_INLINE detail::KeptAlive use_alive(const char* operation, Where where) const {
    return detail::HandleAccess::use_alive(self(), operation, where);
  }
  template <class T = Any>
  ADDER_INLINE static Bound<T> own(::PyObject* result, Where where = {}) {
    return detail::steal<T>(detail::non_null(result), where);
  }

 private:
  template <class T>
  ADDER_INLINE PyResult<T> extracted(const char* operation, Where where) const {
    ::PyObject* self_object = use(operation, where);
    if constexpr (detail::extracts_quietly<T>) {
      return detail::extract_from<T>(self().as_any());
    } else {
      const Bound<Any> kept = detail::borrow<Any>(self_object, where);
      return detail::extract_from<T>(kept);
    }
  }

  template <class T>
  Borrowed<T> reborrow(::PyObject* object, Where where) const noexcept {
    return detail::HandleAccess::peek<T>(object, where, detail::HandleAccess::pool_of(self()));
  }
  /// The same reference under another type: moved out of a Bound, still borrowed by a Borrowed.
  template <class T>
  Retyped<T> retype(Where where) {
    auto& handle = static_cast<Self&>(*this);
    if constexpr (detail::is_specialization<Self, Bound>) {
      return detail::steal<T>(std::move(handle).into_ptr(), where);
    } else {
      return reborrow<T>(handle.as_ptr(), where);
    }
  }
  template <class T>
  ::PyObject* vouched(Where where) const {
    ::PyObject* object = use("downcast_unchecked", where);
#if ADDER_CHECKED
    const detail::CheckedForType<T> kept(object);
    if (!PyTypeInfo<T>::is_type_of(kept)) {
      detail::fatal("downcast_unchecked: the object is not of the type that the caller vouched for", where);
    }
#endif
    return object;
  }
};

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/object/downcast_error.hpp"
#endif
