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
/// @tparam Owner  The class, or the overload set in it.
template <class T, auto Target, class Options_ = CallOptions<>, class Owner = T>
struct ADDER_HIDDEN MethodBinding {
  using Options = Options_;
  using Signature = CallableOf<decltype(Target)>;
  using Result = typename Signature::Result;
  static constexpr std::size_t count = ParameterKinds<typename Signature::Parameters>::count;
  static RecordStorage<count>& storage() noexcept { return record_storage<Target, Options, std::pair<T, Owner>>; }

  static ::PyObject* no_arguments(::PyObject* self, ::PyObject*) noexcept { return invoke(self, nullptr); }
  static ::PyObject* positional(::PyObject* self, ::PyObject* const* args, Py_ssize_t given) noexcept {
    if (given != static_cast<Py_ssize_t>(count)) [[unlikely]]
      return refuse_count(storage().record, args, given);
    return invoke(self, args);
  }
  static ::PyObject* keywords(::PyObject* self, ::PyObject* const* args, Py_ssize_t given, ::PyObject* names) noexcept {
    ::PyObject* bound[count == 0 ? 1 : count];
    if (given != static_cast<Py_ssize_t>(count) || names != nullptr) [[unlikely]] {
      if (!bind_arguments(storage().record, args, given, names, bound)) return nullptr;
      args = bound;
    }
    return invoke(self, args);
  }
  static ::PyObject* general(::PyObject* self, ::PyObject* const* args, Py_ssize_t given, ::PyObject* names) noexcept {
    const FunctionRecord& record = storage().record;
    ::PyObject* bound[count + 2];
    const VariadicArguments further(record.shape, args, given, bound);
    if (!further.made() || !bind_arguments(record, args, given, names, bound)) return nullptr;
    return invoke(self, bound);
  }
  static ::PyObject* getter(::PyObject* self, void*) noexcept { return invoke(self, nullptr); }

  /// Loads the arguments before it borrows: converting them may run Python code that uses the same object.
  ADDER_INLINE static ::PyObject* invoke(::PyObject* self, ::PyObject* const* args) noexcept {
    try {
      return Arguments<typename Signature::Parameters, Options>::pass_to(
          [self](auto&&... values) ADDER_INLINE_LAMBDA -> ::PyObject* {
            const ReceiverBorrow<T, typename Signature::Receiver> borrow(self);
            if (!borrow.granted()) [[unlikely]]
              return nullptr;
            if constexpr (Options::release_gil) {
              (void)MustBeUngil<T>{};
              return Arguments<typename Signature::Parameters, Options>::template call_detached<Result>(
                  [&]() -> Result { return (borrow.value().*Target)(std::forward<decltype(values)>(values)...); });
            } else if constexpr (std::is_void_v<Result>) {
              (borrow.value().*Target)(std::forward<decltype(values)>(values)...);
              Py_RETURN_NONE;
            } else {
              return return_to_python<Result>((borrow.value().*Target)(std::forward<decltype(values)>(values)...));
            }
          },
          args, CallContext{nullptr, &storage().record});
    } catch (...) {
      translate_current_exception();
      return nullptr;
    }
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
template <class T, class Options, class... P>
struct ADDER_HIDDEN ConstructorBinding {
  using Kinds = ParameterKinds<TypeList<P...>>;
  static constexpr std::size_t count = Kinds::count;
  static inline constinit RecordStorage<count> static_storage{};
  static RecordStorage<count>& storage() noexcept { return static_storage; }

  template <bool ExactIsPositional>
  static ::PyObject* vectorcall(::PyObject* type, ::PyObject* const* args, std::size_t flags,
                                ::PyObject* keywords) noexcept {
    const Py_ssize_t given = PyVectorcall_NARGS(flags);
    auto* object_type = reinterpret_cast<::PyTypeObject*>(type);
    ::PyObject* bound[ExactIsPositional ? (count == 0 ? 1 : count) : count + 2];
    if constexpr (ExactIsPositional) {
      if (given != static_cast<Py_ssize_t>(count) || keywords != nullptr) [[unlikely]] {
        if (!bind_arguments(storage().record, args, given, keywords, bound)) return nullptr;
        args = bound;
      }
      return construct(object_type, args);
    } else {
      const VariadicArguments further(storage().record.shape, args, given, bound);
      if (!further.made() || !bind_arguments(storage().record, args, given, keywords, bound)) return nullptr;
      return construct(object_type, bound);
    }
  }
  static ::PyObject* tp_new(::PyTypeObject* type, ::PyObject* args, ::PyObject* keywords) noexcept {
    ::PyObject* bound[count + 2];
    const VariadicArguments further(storage().record.shape, &PyTuple_GET_ITEM(args, 0), PyTuple_GET_SIZE(args), bound);
    if (!further.made() || !bind_tuple_and_dict(storage().record, args, keywords, bound)) return nullptr;
    return construct(type, bound);
  }

 private:
  ADDER_INLINE static ::PyObject* construct(::PyTypeObject* type, ::PyObject* const* args) noexcept {
    try {
      return Arguments<TypeList<P...>, Options>::pass_to(
          [type](auto&&... values) ADDER_INLINE_LAMBDA -> ::PyObject* {
            return construct_object<T>(
                type, [&](void* at) { construct_value<T>(at, std::forward<decltype(values)>(values)...); });
          },
          args, CallContext{nullptr, &storage().record});
    } catch (...) {
      translate_current_exception();
      return nullptr;
    }
  }
};

}  // namespace adder::inline ADDER_ABI::detail
