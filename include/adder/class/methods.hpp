// SPDX-License-Identifier: MIT
/// @file
/// @brief Member functions as methods and getters: the entry points that borrow, call, and give the borrow back.
#pragma once
#include "adder/class/object.hpp"
#include "adder/function.hpp"

namespace adder::inline ADDER_ABI::detail {

/// What a member function's receiver asks of the borrow flag.
template <class T, class Receiver>
class ReceiverBorrow {
  static constexpr bool shared = std::is_const_v<std::remove_reference_t<Receiver>>;
  static_assert(shared || !is_frozen<T>(),
                "adder: a non-const member function cannot be a method of a frozen class: make it const, or the class "
                "not frozen");
  static_assert(!std::is_rvalue_reference_v<Receiver>,
                "adder: a member function qualified with && would move the value out of an object that Python still "
                "has: bind one that is const or unqualified");

 public:
  ADDER_INLINE explicit ReceiverBorrow(::PyObject* self) noexcept : cell_(PyCell<T>::of(self)) {
    if constexpr (shared) {
      borrowed_ = cell_.flag().try_share();
    } else {
      borrowed_ = cell_.flag().try_exclude();
    }
  }
  ReceiverBorrow(const ReceiverBorrow&) = delete;
  ReceiverBorrow& operator=(const ReceiverBorrow&) = delete;
  ADDER_INLINE ~ReceiverBorrow() {
    if (!borrowed_) [[unlikely]]
      return;
    if constexpr (shared) {
      cell_.flag().end_share();
    } else {
      cell_.flag().end_exclude();
    }
  }
  /// Whether the value may be used; else a RuntimeError is pending.
  ADDER_INLINE bool granted() const noexcept {
    if (borrowed_) [[likely]]
      return true;
    refuse();
    return false;
  }
  ADDER_INLINE std::conditional_t<shared, const T&, T&> value() const noexcept { return cell_.value(); }

 private:
  ADDER_COLD static void refuse() noexcept {
    try {
      already_borrowed(PyClass<T>::name, shared).restore(token());
    } catch (const std::bad_alloc&) {
      PyErr_NoMemory();
    }
  }
  PyCell<T>& cell_;
  bool borrowed_;
};

/// A member function bound as a method of the pyclass T.
///
/// CPython has checked that `self` is a T before it calls.
template <class T, auto Target>
struct ADDER_HIDDEN MethodBinding : BindingStorage<Target, T> {
  using Storage = BindingStorage<Target, T>;
  using Storage::arity;
  using Storage::static_record;
  using Signature = CallableOf<decltype(Target)>;

  static ::PyObject* no_arguments(::PyObject* self, ::PyObject*) noexcept { return invoke(self, nullptr); }
  static ::PyObject* fastcall(::PyObject* self, ::PyObject* const* args, Py_ssize_t given) noexcept {
    if (given != static_cast<Py_ssize_t>(arity)) [[unlikely]]
      return refuse(args, given);
    return invoke(self, args);
  }
  static ::PyObject* fastcall_keywords(::PyObject* self, ::PyObject* const* args, Py_ssize_t given,
                                       ::PyObject* keywords) noexcept {
    if (given == static_cast<Py_ssize_t>(arity) && keywords == nullptr) [[likely]]
      return invoke(self, args);
    ::PyObject* bound[arity == 0 ? 1 : arity];
    if (!bind_arguments(static_record, args, given, keywords, bound)) return nullptr;
    return invoke(self, bound);
  }
  static ::PyObject* getter(::PyObject* self, void*) noexcept { return invoke(self, nullptr); }

  /// Loads the arguments before it borrows: converting them may run Python code that uses the same object.
  ADDER_INLINE static ::PyObject* invoke(::PyObject* self, ::PyObject* const* args) noexcept {
    try {
      typename LoadersFor<typename Signature::Parameters>::type loaders;
      if (!loaders.load(args, CallContext{nullptr, &static_record})) [[unlikely]]
        return nullptr;
      const ReceiverBorrow<T, typename Signature::Receiver> borrow(self);
      if (!borrow.granted()) [[unlikely]]
        return nullptr;
      return loaders.template call_on<Target>(borrow.value());
    } catch (...) {
      translate_current_exception();
      return nullptr;
    }
  }

 private:
  static ::PyObject* refuse(::PyObject* const* args, Py_ssize_t given) noexcept {
    ::PyObject* bound[arity == 0 ? 1 : arity];
    (void)bind_arguments(static_record, args, given, nullptr, bound);
    return nullptr;
  }
};

/// bind_arguments for a call that comes as a tuple and a dict, as tp_new gets it.
ADDER_NOINLINE inline bool bind_tuple_and_dict(const FunctionRecord& record, ::PyObject* args, ::PyObject* keywords,
                                               ::PyObject** out) noexcept {
  const Py_ssize_t given = PyTuple_GET_SIZE(args);
  const Py_ssize_t named = keywords == nullptr ? 0 : PyDict_GET_SIZE(keywords);
  if (named == 0) return bind_arguments(record, &PyTuple_GET_ITEM(args, 0), given, nullptr, out);
  // One array: the positional arguments, then the values in the order of their names.
  auto** all = static_cast<::PyObject**>(PyMem_Malloc(static_cast<std::size_t>(given + named) * sizeof(::PyObject*)));
  ::PyObject* names = PyTuple_New(named);
  bool bound = false;
  if (all == nullptr || names == nullptr) {
    PyErr_NoMemory();
  } else {
    for (Py_ssize_t i = 0; i < given; ++i) all[i] = PyTuple_GET_ITEM(args, i);
    Py_ssize_t at = 0, position = 0;
    ::PyObject *name = nullptr, *value = nullptr;
    while (at < named && PyDict_Next(keywords, &position, &name, &value) != 0) {
      PyTuple_SET_ITEM(names, at, Py_NewRef(name));
      all[given + at++] = value;
    }
    bound = bind_arguments(record, all, given, names, out);
  }
  Py_XDECREF(names);
  PyMem_Free(all);
  return bound;
}

/// `T(args...)`, or `T{args...}` for aggregates (clang 14 has no parentheses for them).
template <class T, class... Args>
concept Constructs = std::is_constructible_v<T, Args...> || requires { T{std::declval<Args>()...}; };
template <class T, class... Args>
void construct_value(void* at, Args&&... args) {
  if constexpr (std::is_aggregate_v<T>) {
    ::new (at) T{std::forward<Args>(args)...};
  } else {
    ::new (at) T(std::forward<Args>(args)...);
  }
}

/// A constructor of T bound as the class's call.
template <class T, class... Args>
struct ADDER_HIDDEN ConstructorBinding {
  static constexpr std::size_t arity = visible_count<TypeList<Args...>>;
  static inline constinit Parameter parameters[arity == 0 ? 1 : arity] = {};
  static inline constinit FunctionRecord static_record{};

  static ::PyObject* vectorcall(::PyObject* type, ::PyObject* const* args, std::size_t flags,
                                ::PyObject* keywords) noexcept {
    const Py_ssize_t given = PyVectorcall_NARGS(flags);
    auto* object_type = reinterpret_cast<::PyTypeObject*>(type);
    if (given == static_cast<Py_ssize_t>(arity) && keywords == nullptr) [[likely]]
      return construct(object_type, args);
    ::PyObject* bound[arity == 0 ? 1 : arity];
    if (!bind_arguments(static_record, args, given, keywords, bound)) return nullptr;
    return construct(object_type, bound);
  }
  static ::PyObject* tp_new(::PyTypeObject* type, ::PyObject* args, ::PyObject* keywords) noexcept {
    ::PyObject* bound[arity == 0 ? 1 : arity];
    if (!bind_tuple_and_dict(static_record, args, keywords, bound)) return nullptr;
    return construct(type, bound);
  }

 private:
  ADDER_INLINE static ::PyObject* construct(::PyTypeObject* type, ::PyObject* const* args) noexcept {
    try {
      typename LoadersFor<TypeList<Args...>>::type loaders;
      if (!loaders.load(args, CallContext{nullptr, &static_record})) [[unlikely]]
        return nullptr;
      return construct_object<T>(type, [&](void* at) {
        loaders.pass_to([at](auto&&... values) { construct_value<T>(at, std::forward<decltype(values)>(values)...); });
      });
    } catch (...) {
      translate_current_exception();
      return nullptr;
    }
  }
};

}  // namespace adder::inline ADDER_ABI::detail
