// SPDX-License-Identifier: MIT
/// @file
/// @brief Constructors, factory functions and lists of fields as the call of a class.
///
/// Arguments are loaded first, then the object is allocated, then the value is built in it. A class constructs through
/// `tp_vectorcall`; `tp_new` serves its Python subclasses and direct calls of `__new__`.
#pragma once
#include "adder/class/detail/methods.hpp"

#include <cstddef>
#include <cstdint>
#include <new>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI::detail {

/// Keyword arguments that come as a dict, as a vectorcall has them. Positional ones stand in front.
class FlatArguments {
 public:
  FlatArguments(::PyObject* args, ::PyObject* keywords) noexcept;
  FlatArguments(const FlatArguments&) = delete;
  FlatArguments& operator=(const FlatArguments&) = delete;
  ~FlatArguments();
  /// Null where there is an exception pending.
  ::PyObject* const* values() const noexcept { return values_; }
  Py_ssize_t given() const noexcept { return given_; }
  ::PyObject* names() const noexcept { return names_; }

 private:
  /// No Python code runs meanwhile; without a GIL, nobody else changes the dict.
  bool copy(::PyObject* keywords, Py_ssize_t named) noexcept;

  static constexpr char changed[] = "the keyword arguments were changed during the call";
  Py_ssize_t given_;
  ::PyObject* const* values_ = nullptr;
  ::PyObject** own_ = nullptr;
  ::PyObject* names_ = nullptr;
  Py_ssize_t named_ = 0;
};

/// `T(args...)`, or `T{args...}` for aggregates (clang 14 has no parentheses for them).
template <class T, class... Args>
concept Constructs = is_constructible<T, Args...> || requires { T{std::declval<Args>()...}; };
template <class T, class... Args>
ADDER_INLINE void construct_value(void* at, Args&&... args) {
  if constexpr (std::is_aggregate_v<T>) {
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"  // The others are value-initialised.
#endif
    ::new (at) T{std::forward<Args>(args)...};
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif
  } else {
    ::new (at) T(std::forward<Args>(args)...);
  }
}

/// Sets a TypeError. @return Null.
ADDER_COLD_CALL ::PyObject* refuse_abstract(const char* class_name) noexcept;

/// What is asked of PyClass<T>::overridable.
template <class T>
constexpr bool check_overridable() {
  using Asking = typename OverridableOf<T>::type;
  static_assert(std::is_base_of_v<T, Asking>,
                "adder: PyClass<T>::overridable is a class that derives from Overridable<T>");
  static_assert(
      !std::is_abstract_v<Asking>,
      "adder: PyClass<T>::overridable is abstract: override its pure functions, `return pure<\"name\", R>()`");
  static_assert(has_holder<T>,
                "adder: a class with `overridable` has a holder, as `using holder = std::shared_ptr<T>`");
  if constexpr (has_holder<T>) {
    static_assert(
        !is_copy_constructible<typename HolderOf<T>::type> || requires { typename HolderOf<T>::type::weak_type; },
        "adder: a class with `overridable` has a std::shared_ptr or std::unique_ptr as its holder: other pointers "
        "keep the value without the object that has the overrides");
  }
  static_assert(is_subclassable<T>(),
                "adder: a class with `overridable` is for Python classes that derive from it: `static constexpr bool "
                "subclass = true`");
  return true;
}

/// Where an object comes from: the class that was called, and what Python passed, where the built-in type at the root
/// of the class has to know it.
struct Origin {
  ::PyTypeObject* type;
  ::PyObject* args;
};

/// `def_new<P...>`: a constructor of T.
template <class T, class... P>
struct ConstructorMaker {
  using Parameters = TypeList<P...>;
  template <class... V>
  ADDER_INLINE static ::PyObject* make(Origin origin, V&&... value) {
    if constexpr (has_overridable<T>) {
      using Asking = typename OverridableOf<T>::type;
      static_assert(check_overridable<T>());
      static_assert(Constructs<Asking, P...>,
                    "adder: PyClass<T>::overridable has no such constructor: inherit those of its base, `using "
                    "Overridable::Overridable`");
      if (!is_class_itself<T>(origin.type)) {
        return construct_object<T, Asking>(
            origin.type, [&](void* at) { construct_value<Asking>(at, std::forward<V>(value)...); }, origin.args);
      }
    }
    if constexpr (std::is_abstract_v<T>) {
      return refuse_abstract(PyClass<T>::name);
    } else {
      return construct_object<T>(
          origin.type, [&](void* at) ADDER_INLINE_LAMBDA { construct_value<T>(at, std::forward<V>(value)...); },
          origin.args);
    }
  }
};

/// Loads the arguments of a constructor into slots and allocates an object of a plain class.
::PyObject* begin_plain(::PyObject* type, ::PyObject* const* args, std::size_t flags, ::PyObject* keywords,
                        const FunctionRecord* record, ScalarSlot* slots, std::uint64_t codes) noexcept;

/// The same for an open class.
/// @param own  Where its type is kept.
::PyObject* begin_open(::PyObject* type, ::PyObject* const* args, std::size_t flags, ::PyObject* keywords,
                       const FunctionRecord* record, ScalarSlot* slots, std::uint64_t codes,
                       const ClassPlace& own) noexcept;

/// Has a TypeError about the number or the names of a constructor's arguments, if one is pending, say more where a
/// Python subclass has an `__init__` that takes others: they go to `__new__` first.
/// @return Null.
ADDER_COLD_CALL ::PyObject* refuse_new(::PyTypeObject* called) noexcept;

/// What a factory returned for the class that was called, which may be a Python subclass of the one it makes objects
/// of.
/// @param object  Taken over; or null, with an exception pending.
ADDER_COLD_CALL ::PyObject* of_called_class(::PyTypeObject* called, ::PyObject* object) noexcept;

/// `def_new<&factory>`: a function that returns a T, a handle to one, or a PyResult of either.
template <class T, auto Factory>
struct FactoryMaker {
  using Signature = CallableOf<decltype(Factory)>;
  static_assert(std::is_void_v<typename Signature::Receiver>,
                "adder: def_new<&factory> takes a function, a static member function or a captureless lambda");
  using Parameters = typename Signature::Parameters;
  using Result = typename Signature::Result;

  template <class... V>
  ADDER_INLINE static ::PyObject* make(Origin origin, V&&... value) {
    static_assert(!has_overridable<T>,
                  "adder: a class with `overridable` is made by its constructors, def_new<Args...>(): what a function "
                  "returns does not ask Python for overrides");
    if constexpr (std::is_same_v<Result, T>) {
      return construct_object<T>(
          origin.type, [&](void* at) ADDER_INLINE_LAMBDA { ::new (at) T(Factory(std::forward<V>(value)...)); },
          origin.args);
    } else {
      return finish(origin, Factory(std::forward<V>(value)...));
    }
  }

 private:
  template <class R>
  static ::PyObject* finish(Origin origin, R&& result) {
    using Made = std::remove_cvref_t<R>;
    if constexpr (is_specialization<Made, PyResult>) {
      if (result.is_err()) {
        result.error().restore(token());
        return nullptr;
      }
      return finish(origin, std::forward<R>(result).value());
    } else if constexpr (std::is_same_v<Made, T>) {
      return construct_object<T>(
          origin.type, [&](void* at) { ::new (at) T(std::forward<R>(result)); }, origin.args);
    } else {
      static_assert(
          std::is_same_v<Made, Py<T>> || std::is_same_v<Made, Bound<T>> || (has_holder<T> && ConvertsIntoPy<R>),
          "adder: a factory of a pyclass T returns T, Py<T>, Bound<T>, or a PyResult of one of them; where the "
          "class has a holder, also such a pointer");
      return of_called_class(origin.type, into_ptr_or_pending(std::forward<R>(result)));
    }
  }
};

/// The type of a field; of anything else int, which a message in words follows.
struct NoField;
template <auto Field>
using FieldType = typename MemberTypeOf<
    std::conditional_t<std::is_member_object_pointer_v<decltype(Field)>, decltype(Field), int NoField::*>>::type;
/// `def_new<&T::x, &T::y>`: a value-initialised T whose fields are set.
template <class T, auto... Fields>
struct FieldMaker {
  static_assert((std::is_member_object_pointer_v<decltype(Fields)> && ...),
                "adder: def_new<...> takes one function, or fields of the class");
  static_assert(
      requires { T{}; },
      "adder: def_new<&T::x, ...> sets the fields of a value-initialised T: the class has no default "
      "constructor");
  using Parameters = TypeList<FieldType<Fields>...>;
  static_assert(!has_overridable<T>,
                "adder: a class with `overridable` is made by its constructors, def_new<Args...>()");
  static_assert(((void)MustOwn<FieldType<Fields>>{}, ..., true));
  template <class... V>
  ADDER_INLINE static ::PyObject* make(Origin origin, V&&... value) {
    return construct_object<T>(
        origin.type,
        [&](void* at) ADDER_INLINE_LAMBDA {
          T* made = ::new (at) T{};
          try {
            ((made->*Fields = std::forward<V>(value)), ...);
          } catch (...) {
            made->~T();
            throw;
          }
        },
        origin.args);
  }
};

template <class... P>
struct ConstructorOf;  // In overload.hpp.

template <class T, auto... Targets>
struct MakerFrom : FieldMaker<T, Targets...> {};
template <class T, auto Target>
  requires(!std::is_member_object_pointer_v<decltype(Target)> &&
           !is_specialization<std::remove_cv_t<decltype(Target)>, ConstructorOf>)
struct MakerFrom<T, Target> : FactoryMaker<T, Target> {};
template <class T, class Constructor>
struct MakerOf;
template <class T, class... P>
struct MakerOf<T, ConstructorOf<P...>> : ConstructorMaker<T, P...> {
  static_assert(Constructs<typename OverridableOf<T>::type, P...>,
                "adder: constructor<Args...>: the class has no such constructor");
};
template <class T, auto Target>
  requires is_specialization<std::remove_cv_t<decltype(Target)>, ConstructorOf>
struct MakerFrom<T, Target> : MakerOf<T, std::remove_cv_t<decltype(Target)>> {};

/// One of several constructors that share the call of a class.
template <class T, auto Target, class Options_, class Set>
struct ADDER_HIDDEN ConstructorInSet {
  using Options = Options_;
  using Signature = MakerFrom<T, Target>;
  using Call = Arguments<LentParameters<typename Signature::Parameters>, Options>;
  static_assert(!Options::release_gil, "adder: a constructor is not run without the GIL: release it inside");
  static constexpr std::size_t count = ParameterKinds<typename Signature::Parameters>::count;
  static inline constinit RecordStorage<count> static_storage{};
  static RecordStorage<count>& storage() noexcept { return static_storage; }

  static ::PyObject* invoke(::PyObject* type, ::PyObject* const* args) noexcept {
    try {
      const Origin origin{reinterpret_cast<::PyTypeObject*>(type), nullptr};
      return Call::pass_to(
          [origin](auto&&... values) -> ::PyObject* {
            return Signature::make(origin, std::forward<decltype(values)>(values)...);
          },
          args, CallContext{type, &static_storage.record});
    } catch (...) {
      translate_current_exception();
      return nullptr;
    }
  }
};

/// The entry point of an overload set as the slots of a type want it.
template <class Set>
struct ADDER_HIDDEN SetInSlot {
  static ::PyObject* vectorcall(::PyObject* type, ::PyObject* const* args, std::size_t flags,
                                ::PyObject* names) noexcept {
    return Set::entry(type, args, PyVectorcall_NARGS(flags), names);
  }
  static int init(::PyObject* self, ::PyObject* args, ::PyObject* keywords) noexcept {
    const FlatArguments flat(args, keywords);
    return flat.values() == nullptr ? -1 : status_of(Set::entry(self, flat.values(), flat.given(), flat.names()));
  }
  static ::PyObject* call(::PyObject* self, ::PyObject* args, ::PyObject* keywords) noexcept {
    const FlatArguments flat(args, keywords);
    return flat.values() == nullptr ? nullptr : Set::entry(self, flat.values(), flat.given(), flat.names());
  }
  static int set(::PyObject* self, ::PyObject* value, void*) noexcept {
    return value == nullptr ? refuse_deletion(Set::record) : status_of(Set::entry(self, &value, 1, nullptr));
  }

 private:
  static int status_of(::PyObject* result) noexcept {
    release_if_any(result);
    return result == nullptr ? -1 : 0;
  }
};

/// A Maker bound as the class's call.
template <class T, class Options, class Maker>
struct ADDER_HIDDEN ConstructorBinding {
  using Parameters = typename Maker::Parameters;
  using Call = Arguments<LentParameters<Parameters>, Options>;
  static constexpr std::size_t count = ParameterKinds<Parameters>::count;
  static inline constinit RecordStorage<count> static_storage{};

  template <bool ExactIsPositional>
  static ::PyObject* vectorcall(::PyObject* type, ::PyObject* const* args, std::size_t flags,
                                ::PyObject* keywords) noexcept {
    if constexpr (ExactIsPositional) {
      const Py_ssize_t given = PyVectorcall_NARGS(flags);
      ::PyObject* bound[count == 0 ? 1 : count];
      if (given != static_cast<Py_ssize_t>(count) || keywords != nullptr) [[unlikely]] {
        if (!bind_named<count>(static_storage.record, args, given, keywords, bound)) return nullptr;
        args = bound;
      }
      return construct(type, args);
    } else {
      const Py_ssize_t given = PyVectorcall_NARGS(flags);
      ::PyObject* bound[count + 2];
      const VariadicArguments further(static_storage.record.shape, args, given, bound);
      if (!further.made() || !bind_arguments(static_storage.record, args, given, keywords, bound)) return nullptr;
      return construct(type, bound);
    }
  }
  /// As a tp_new of its own: for classes with a built-in root.
  static ::PyObject* tp_new(::PyTypeObject* type, ::PyObject* args, ::PyObject* keywords) noexcept {
    const FunctionRecord& record = static_storage.record;
    const FlatArguments flat(args, keywords);
    if (flat.values() == nullptr) return nullptr;
    ::PyObject* bound[count + 2];
    const VariadicArguments further(record.shape, flat.values(), flat.given(), bound);
    if (!further.made() || !bind_arguments(record, flat.values(), flat.given(), flat.names(), bound)) {
      return refuse_new(type);
    }
    if constexpr (passes_args_to_base<T>()) {  // With keywords and defaults in their places.
      ::PyObject* all = guard_rare_unwind(PyTuple_New, static_cast<Py_ssize_t>(count));
      if (all == nullptr) return nullptr;
      for (std::size_t i = 0; i < count; ++i) PyTuple_SET_ITEM(all, static_cast<Py_ssize_t>(i), Py_NewRef(bound[i]));
      ::PyObject* made = construct(reinterpret_cast<::PyObject*>(type), bound, all);
      Py_DECREF(all);
      return made;
    } else {
      return construct(reinterpret_cast<::PyObject*>(type), bound, args);
    }
  }

 private:
  ADDER_INLINE static ::PyObject* construct(::PyObject* type, ::PyObject* const* args,
                                            ::PyObject* native_args = nullptr) noexcept {
    try {
      const Origin origin{reinterpret_cast<::PyTypeObject*>(type), native_args};
      return Call::pass_to(
          [origin](auto&&... values) ADDER_INLINE_LAMBDA -> ::PyObject* {
            return Maker::make(origin, std::forward<decltype(values)>(values)...);
          },
          args, CallContext{type, &static_storage.record});
    } catch (...) {
      translate_current_exception();
      return nullptr;
    }
  }
};

/// The same for constructors of plain classes whose arguments are loaded by shared code, for those who ask for small
/// code: one function, written out.
template <class T, class Options, class Parameters, class Indices>
struct SlotConstructor;
template <class T, class Options, class... P, std::size_t... I>
struct ADDER_HIDDEN SlotConstructor<T, Options, TypeList<P...>, std::index_sequence<I...>> {
  static inline constinit RecordStorage<sizeof...(P)> static_storage{};

  static ::PyObject* vectorcall(::PyObject* type, ::PyObject* const* args, std::size_t flags,
                                ::PyObject* keywords) noexcept {
    using State = typename Layout<T>::State;
    ScalarSlot slots[sizeof...(P)];
    ::PyObject* object = nullptr;
    if constexpr (is_subclassable<T>()) {
      object = begin_open(type, args, flags, keywords, &static_storage.record, slots,
                          Arguments<TypeList<P...>, Options>::codes, class_type<T>);
    } else {
      object = begin_plain(type, args, flags, keywords, &static_storage.record, slots,
                           Arguments<TypeList<P...>, Options>::codes);
    }
    if (object == nullptr) return nullptr;
    if constexpr (!std::is_empty_v<State>) ::new (placed<void, sizeof(::PyObject), false>(object, 0)) State();
    void* address = nullptr;
    if constexpr (Layout<T>::over_aligned) {
      address = Layout<T>::address(object);
    } else {
      address = placed<void, Layout<T>::value_at, false>(object, 0);
    }
    try {
      if constexpr (std::is_aggregate_v<T>) {
        construct_value<T>(address, *__builtin_launder(reinterpret_cast<std::remove_cvref_t<P>*>(slots + I))...);
      } else {
        ::new (address) T(*__builtin_launder(reinterpret_cast<std::remove_cvref_t<P>*>(slots + I))...);
      }
    } catch (...) {
      abandon_object<T>(object);
      translate_current_exception();
      return nullptr;
    }
    instance_made<T>(object);
    return object;
  }
};

template <class T, class Options, class Parameters, class... E>
inline constexpr bool constructs_from_slots =
    prefers_small_code && is_plain<T> && !has_holder<T> && Arguments<Parameters, Options>::in_slots &&
    convention_of(ShapeOf<Parameters, E...>::shape) != Convention::general;

// --- tp_new ----------------------------------------------------------------------------------------------------------

/// A class whose call goes through type.__call__: it has an __init__ or may get one.
struct CalledClass {
  ::PyTypeObject* type;  // Owned: another type at its address would be taken for it.
  vectorcallfunc construct;
  CalledClass* next;
};
ADDER_HIDDEN inline constinit Atomic<CalledClass*> called_classes{nullptr};

/// tp_new of classes without a built-in root. Called for Python subclasses, mostly.
::PyObject* construct_by_vectorcall(::PyTypeObject* type, ::PyObject* args, ::PyObject* keywords) noexcept;
/// The same of a class whose constructor takes no arguments. Those of a Python subclass that has an `__init__` are for
/// that, as where `object` is the base.
::PyObject* construct_from_nothing(::PyTypeObject* type, ::PyObject* args, ::PyObject* keywords) noexcept;

/// A function bound as `__init__`.
template <class T, auto Target, class Options>
struct ADDER_HIDDEN InitBinding {
  using Method = MethodBinding<T, Target, Options, InitBinding<T, Target, Options>>;
  using Signature = typename Method::Signature;
  static_assert(std::is_void_v<typename Signature::Result> ||
                    std::is_same_v<typename Signature::Result, PyResult<void>>,
                "adder: __init__ returns void or PyResult<void>");
  static auto& storage() noexcept { return Method::storage(); }

  static int init(::PyObject* self, ::PyObject* args, ::PyObject* keywords) noexcept {
    const FunctionRecord& record = storage().record;
    const FlatArguments flat(args, keywords);
    if (flat.values() == nullptr) return -1;
    ::PyObject* bound[Method::count + 2];
    const VariadicArguments further(record.shape, flat.values(), flat.given(), bound);
    if (!further.made() || !bind_arguments(record, flat.values(), flat.given(), flat.names(), bound)) return -1;
    ::PyObject* result = Method::invoke(self, bound);
    if (result == nullptr) return -1;
    Py_DECREF(result);
    return 0;
  }
};

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/class/detail/constructor_inl.hpp"
#endif
