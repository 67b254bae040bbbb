// SPDX-License-Identifier: MIT
/// @file
/// @brief Structs as Python data classes: fields are listed once, all else is derived. Not part of adder.hpp.
///
/// @code
/// struct Point { double x = 0, y = 0; std::string label = "none"; };
///
/// template <>
/// struct adder::PyClass<Point>
///     : adder::DataClass<Point, Field<"x", &Point::x>, Field<"y", &Point::y>, OptionalField<"label", &Point::label>> {
///   static constexpr auto name = "Point";
/// };
/// @endcode
/// This is what `@dataclass` makes of the same fields: the constructor with names and defaults, attributes, `repr`,
/// `==`, `match`, pickles and copies; `dataclasses.fields`, `replace`, `asdict` and `copy.replace` know it.
///
/// The fields are set one by one after `T{}`; those of an aggregate without one, or with const fields, make it up. No
/// other constructor is called.
///
/// A `Field` has to be given. An `OptionalField` has the value that a new C++ object has: the initialiser is evaluated
/// anew for each object, as a `default_factory` is. Fields behind `KwOnly` are given by keyword only. All fields are
/// listed, in the order of their declaration.
///
/// | option of PyClass<T>   | default | meaning                                                                        |
/// |------------------------|---------|--------------------------------------------------------------------------------|
/// | `init`                 | true    | the constructor                                                                |
/// | `repr`                 | true    | `Point(x=1.0, y=2.0, label='none')`                                            |
/// | `eq`                   | true    | equal where the class is the same and all fields are                           |
/// | `order`                | false   | `<` and its kin compare the fields one after the other                         |
/// | `unsafe_hash`          | false   | the hash of all fields, as for a frozen class, though they may change          |
/// | `match_args`           | true    | `case Point(x, y):`                                                            |
/// | `pickle`               | true    | pickles and copies                                                             |
/// | `partial`              | false   | the struct has fields that are not listed: they are those of a new object      |
/// | `frozen`               | false   | as for all classes: attributes can only be read. With `eq` there is a hash     |
/// | `post_init(T&)`        | -       | checks or completes a new value: what it throws, the constructor raises        |
///
/// What `define` binds itself is not derived. Numbers, text and enums are compared in C++, all else as the Python
/// objects that the attributes give. Pickles are read without `__init__`, and with `post_init`, as their bytes come
/// from outside.
///
/// Python subclasses (`subclass = true`) can be data classes, too, with fields of their own: where the fields can be
/// assigned to, `__init__` sets them, and `__new__` takes whatever arguments there are. A data class in Python cannot
/// derive from a frozen one in C++.
#pragma once
#include "adder/class/detail/data_fields.hpp"
#include "adder/class/detail/operator_slots.hpp"
#include "adder/class/pickle.hpp"
#include "adder/types/fields.hpp"

#include <cstddef>
#include <cstdint>
#include <new>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief Among the fields of a DataClass: those that follow are given by keyword only. `dataclasses.KW_ONLY`.
struct KwOnly {};

namespace detail {

// --- What does not depend on the class -------------------------------------------------------------------------------

/// What `dataclasses` is told of a field.
struct FieldText {
  const char* name;
  const char* annotation;
  bool optional_type;  ///< "annotation | None"
  bool takes_default;
};
/// What is known of a data class.
struct DataClassText {
  const char* name;
  const FieldText* fields;
  std::size_t count;
  std::size_t positional;
  bool init, repr, eq, order, unsafe_hash, frozen, match_args;
};
/// The twin that `dataclasses.make_dataclass` makes of the same fields, at the first use of `__dataclass_fields__`: the
/// module is not imported for a class that nobody asks.
struct DataClassTwin {
  const DataClassText* text;
  const FunctionRecord* constructor;  ///< Where the defaults are; null where there is none.
  Atomic<::PyObject*> made{nullptr};
};
/// `__dataclass_fields__` or `__dataclass_params__`, as an attribute that the class itself has.
struct DataClassAttribute {
  DataClassTwin* twin;
  const char* name;
};

/// A default as Python sees it. @return A new reference.
ADDER_COLD_CALL ::PyObject* make_field_default(::PyObject* value, PyMethodDef* factory);
/// Enters what Python's `dataclasses` looks for.
void add_data_class(ClassParts& parts, DataClassTwin& twin);
/// `Point(x=1.0)`. @return A new reference.
::PyObject* show_fields(::PyObject* self, const FieldText* fields, std::size_t count) noexcept;
/// Whether nothing is in a type slot yet.
bool is_free(const ClassParts& parts, int id) noexcept;
[[noreturn]] ADDER_COLD_CALL void refuse_field_order(const char* class_name);
/// The error of pickled fields that are no tuple of the right size.
PyErr wrong_state(::PyObject* state, std::size_t count);

// --- The value -------------------------------------------------------------------------------------------------------

template <class T, class Fields>
struct DataValue;
template <class T, class... F>
struct DataValue<T, TypeList<F...>> {
  using Parameters = TypeList<typename FieldParameter<F>::type...>;
  static constexpr bool has_defaults = (!F::required || ...);
  /// A new object is made, and its fields assigned to; else it is made of its fields, as they are declared.
  static constexpr bool assigns = requires { T{}; } && (std::is_move_assignable_v<typename F::type> && ...) &&
                                  (!std::is_const_v<typename F::type> && ...);
  static_assert(
      !has_defaults || requires { T{}; },
      "adder: DataClass<T, ...>: an OptionalField has the value that T{} has: the class has no default constructor");
  /// A constructor of the author's own may do anything with what it is given: none is called with the fields.
  static constexpr bool can_be_made = assigns || (std::is_aggregate_v<T> && visible_fields<T>() == sizeof...(F));

  template <class... V>
  ADDER_INLINE static void assign(T& value, V&&... given) {
    (assign_one<F>(value, std::forward<V>(given)), ...);
  }
  /// Not completed yet.
  template <class... V>
  static T made_of(V&&... given) {
    static_assert(
        can_be_made,
        "adder: DataClass<T, ...>: the fields of this class cannot be set: T{} does not compile, or a field is "
        "const, and it is no aggregate that is made of its fields. Give it a default constructor; or say "
        "`init = false` and `pickle = false`, and bind def_new and def_pickle");
    if constexpr (!can_be_made) {
      return std::declval<T>();
    } else if constexpr (assigns) {
      T value{};
      assign(value, std::forward<V>(given)...);
      return value;
    } else if constexpr (has_defaults) {
      T usual{};
      return of_fields(field_or<F>(usual, std::forward<V>(given))...);
    } else {
      return of_fields(std::forward<V>(given)...);
    }
  }
  /// In the place of a new object.
  template <class... V>
  ADDER_INLINE static void build(void* at, V&&... given) {
    if constexpr (assigns) {
      T* made = ::new (at) T{};
      try {
        assign(*made, std::forward<V>(given)...);
        complete(*made);
      } catch (...) {
        made->~T();
        throw;
      }
    } else {
      T* made = ::new (at) T(made_of(std::forward<V>(given)...));
      try {
        complete(*made);
      } catch (...) {
        made->~T();
        throw;
      }
    }
  }
  /// `post_init`.
  static void complete(T& value) {
    if constexpr (requires { PyClass<T>::post_init(value); }) {
      using Result = decltype(PyClass<T>::post_init(value));
      static_assert(
          requires { static_cast<Result (*)(T&)>(&PyClass<T>::post_init); } ||
              requires { static_cast<Result (*)(const T&)>(&PyClass<T>::post_init); },
          "adder: post_init takes the value by reference: `static void post_init(T& value)`");
      if constexpr (std::is_void_v<Result>) {
        PyClass<T>::post_init(value);
      } else {
        static_assert(std::is_same_v<Result, PyResult<void>>, "adder: post_init returns void or PyResult<void>");
        if (Result result = PyClass<T>::post_init(value); result.is_err()) throw std::move(result).error();
      }
    }
  }
  /// Where fields make up a T in the order that they were listed in, they have to be declared in it.
  static void check_order() {
    if constexpr (!assigns && can_be_made) {
      alignas(T) static char place[sizeof(T)];
      auto* value = reinterpret_cast<T*>(place);
      const void* last = nullptr;
      bool ascending = true;
      ((ascending = ascending && last < static_cast<const void*>(&(value->*F::member)), last = &(value->*F::member)),
       ...);
      if (!ascending) refuse_field_order(PyClass<T>::name);
    }
  }

 private:
  template <class One, class V>
  ADDER_INLINE static void assign_one(T& value, V&& given) {
    if constexpr (One::required) {
      value.*One::member = std::forward<V>(given);
    } else {
      if (given.given != nullptr) value.*One::member = std::move(*given.given);
    }
  }
  template <class One, class V>
  static decltype(auto) field_or(T& usual, V&& given) {
    if constexpr (One::required) {
      return std::forward<V>(given);
    } else {
      using Value = std::remove_cv_t<typename One::type>;
      return given.given != nullptr ? Value(std::move(*given.given)) : Value(usual.*One::member);
    }
  }
  template <class... V>
  static T of_fields(V&&... given) {
    return T{std::forward<V>(given)...};
  }
};

/// The constructor.
template <class T, class Fields>
struct DataMaker {
  using Value = DataValue<T, Fields>;
  using Parameters = typename Value::Parameters;
  template <class... V>
  ADDER_INLINE static ::PyObject* make(Origin origin, V&&... given) {
    return construct_object<T>(
        origin.type, [&](void* at) ADDER_INLINE_LAMBDA { Value::build(at, std::forward<V>(given)...); }, origin.args);
  }
};

// --- Slots -----------------------------------------------------------------------------------------------------------

/// What a class derives from its fields.
template <class T, std::size_t Positional, class Fields>
struct ADDER_HIDDEN DataParts;
template <class T, std::size_t Positional, class... F>
struct ADDER_HIDDEN DataParts<T, Positional, TypeList<F...>> {
  using Fields = TypeList<F...>;
  using Value = DataValue<T, Fields>;
  using Options = PyClass<T>;
  using Binding = ConstructorBinding<T, CallOptions<>, DataMaker<T, Fields>>;
  static constexpr std::size_t count = sizeof...(F);
  static constexpr bool in_cpp = (compares_in_cpp<std::remove_cv_t<typename F::type>> && ...);
  /// `__init__` sets the fields, so that data classes in Python can derive.
  static constexpr bool has_init = is_subclassable<T>() && !is_frozen<T>() && Value::assigns && Options::init &&
                                   !is_mutable_type<T>() && std::is_move_assignable_v<T> &&
                                   std::is_move_constructible_v<T> && !has_native_root<T>;

  static const DataClassText& text() {
    static const FieldText fields[] = {
        {F::name().data(), annotation_of<std::remove_cv_t<typename F::type>>(),
         is_specialization<std::remove_cv_t<typename F::type>, std::optional>, !F::required}...,
        {}};
    static const DataClassText result{
        PyClass<T>::name,   fields,      count,          Positional,           Options::init,
        Options::repr,      Options::eq, Options::order, Options::unsafe_hash, is_frozen<T>(),
        Options::match_args};
    return result;
  }

  /// The fields as a tuple of Python objects; null with an exception pending.
  static ::PyObject* values_of(::PyObject* self) noexcept {
    try {
      Receiver<T, const T&> receiver(self);
      if (!receiver.granted()) return nullptr;
      return tuple_of(receiver.get()).into_ptr();
    } catch (...) {
      translate_current_exception();
      return nullptr;
    }
  }
  static Bound<PyTuple> tuple_of(const T& value) { return PyTuple::new_(token(), (value.*F::member)...); }

  template <int Op>
  static ::PyObject* compare(::PyObject* self, ::PyObject* other) noexcept {
    if (!Py_IS_TYPE(other, Py_TYPE(self))) return Py_NewRef(Py_NotImplemented);
    if constexpr (in_cpp) {
      try {
        Receiver<T, const T&> left(self), right(other);
        if (!grant_both<T>(left, right, self, other)) return nullptr;
        return Py_NewRef(compare_fields<Op>(left.get(), right.get()) ? Py_True : Py_False);
      } catch (...) {
        translate_current_exception();
        return nullptr;
      }
    } else {
      ::PyObject* mine = values_of(self);
      ::PyObject* others = mine == nullptr ? nullptr : values_of(other);
      ::PyObject* result = others == nullptr ? nullptr : guard_unwind(PyObject_RichCompare, mine, others, Op);
      release_if_any(others);
      release_if_any(mine);
      return result;
    }
  }
  template <int Op>
  ADDER_INLINE static bool compare_fields(const T& a, const T& b) {
    if constexpr (Op == Py_EQ) {
      return ((a.*F::member == b.*F::member) && ...);
    } else {
      // The first fields that differ decide.
      bool result = Op == Py_LE || Op == Py_GE;
      (void)(decides<Op>(a.*F::member, b.*F::member, result) || ...);
      return result;
    }
  }
  template <int Op, class V>
  ADDER_INLINE static bool decides(const V& a, const V& b, bool& result) {
    if (a == b) return false;
    result = Op == Py_LT || Op == Py_LE ? a < b : a > b;
    return true;
  }
  template <int Op>
  static void add_comparison(ClassParts& parts) {
    if ((parts.halves[Py_tp_richcompare] & (1U << static_cast<unsigned>(Op))) != 0) return;
    ADDER_NOTE(note_comparison<T>(Op));
    add_derived_comparison<T, Op, &compare<Op>>(parts);
  }
  static Py_hash_t hash(::PyObject* self) noexcept {
    const DepthScope<true> depth;
    if (depth.refused()) return -1;
    ::PyObject* values = values_of(self);
    const Py_hash_t result = values == nullptr ? -1 : guard_unwind(PyObject_Hash, values);
    release_if_any(values);
    return result;
  }
  static ::PyObject* repr(::PyObject* self) noexcept { return show_fields(self, text().fields, count); }

  // --- Construction

  template <class One>
  static ::PyObject* make_default(::PyObject*, ::PyObject*) noexcept {
    try {
      const T usual{};
      return into_ptr_or_pending(usual.*One::member);
    } catch (...) {
      translate_current_exception();
      return nullptr;
    }
  }
  template <class One>
  static inline PyMethodDef factory{One::name().data(), &make_default<One>, METH_NOARGS, nullptr};

  template <class One>
  static void enter_field(Extra*& at, std::size_t index) {
    if (index == Positional) (at++)->kind = Extra::Kind::keyword_only;
    at->kind = Extra::Kind::parameter;
    at->text = One::name().data();
    if constexpr (!One::required) {
      const Bound<PyAny> value = steal(non_null(make_default<One>(nullptr, nullptr)));
      at->default_value = make_field_default(value.as_ptr(), &factory<One>);
    }
    ++at;
  }
  static void add_constructor(ClassParts& parts) {
    static_assert(defaults_come_last<Positional>(Fields()),
                  "adder: DataClass<T, ...>: a Field follows an OptionalField: what has to be given comes first, or "
                  "behind KwOnly");
    constexpr Shape shape = FieldExtras<TypeList<>, Fields, Positional>::template shape<typename Value::Parameters>;
    Extras<count + 1> extras;
    Extra* at = extras.all;
    [[maybe_unused]] std::size_t index = 0;
    (enter_field<F>(at, index++), ...);
    auto& storage = Binding::static_storage;
    ADDER_NOTE(note_fields<T, typename Value::Parameters>(shape, extras.all, count + 1, has_init));
    parts.set_constructor(
        &storage.record, storage.parameters, &Binding::template vectorcall<convention_of(shape) != Convention::general>,
        __builtin_bit_cast(std::uint64_t, shape), extras.all, static_cast<std::size_t>(at - extras.all));
    if constexpr (has_init) {
      if (parts.has_init) return;
      parts.add_slot(Py_tp_init, reinterpret_cast<void*>(&init));
      parts.subclass_new = &make_for_init;
    }
  }
  /// `__new__`; for Python subclasses a new value, which `__init__` fills.
  static ::PyObject* make_for_init(::PyTypeObject* type, ::PyObject* args, ::PyObject* keywords) noexcept {
    if (type->tp_vectorcall != nullptr) return construct_by_vectorcall(type, args, keywords);
    try {
      return track_reconstructed(construct_object<T>(type, [](void* at) { ::new (at) T{}; }));
    } catch (...) {
      translate_current_exception();
      return nullptr;
    }
  }
  static int init(::PyObject* self, ::PyObject* args, ::PyObject* keywords) noexcept {
    const FunctionRecord& record = Binding::static_storage.record;
    const FlatArguments flat(args, keywords);
    if (flat.values() == nullptr) return -1;
    ::PyObject* bound[count + 2];
    if (!bind_arguments(record, flat.values(), flat.given(), flat.names(), bound)) return -1;
    try {
      ::PyObject* done = Binding::Call::pass_to(
          [self](auto&&... given) -> ::PyObject* {
            T value = Value::made_of(std::forward<decltype(given)>(given)...);  // What it was dies after the borrow.
            Value::complete(value);
            Receiver<T, T&> receiver(self);
            if (!receiver.granted()) return nullptr;
            std::swap(static_cast<T&>(receiver.get()), value);
            return Py_None;
          },
          bound, CallContext{self, &record});
      return done == nullptr ? -1 : 0;
    } catch (...) {
      translate_current_exception();
      return -1;
    }
  }

  // --- Pickles

  static T from_state(const Bound<PyAny>& state) {
    ::PyObject* tuple = state.as_ptr();
    if (!PyTuple_Check(tuple) || PyTuple_GET_SIZE(tuple) != static_cast<Py_ssize_t>(count)) {
      throw wrong_state(tuple, count);
    }
    return from_items(tuple, std::make_index_sequence<count>());
  }
  template <std::size_t... I>
  static T from_items([[maybe_unused]] ::PyObject* tuple, std::index_sequence<I...>) {
    std::tuple<std::remove_cv_t<typename F::type>...> items{
        item<F>(PyTuple_GET_ITEM(tuple, static_cast<Py_ssize_t>(I)))...};
    T value = DataValue<T, TypeList<GivenField<F>...>>::made_of(std::move(std::get<I>(items))...);
    Value::complete(value);
    return value;
  }
  template <class One>
  static std::remove_cv_t<typename One::type> item(::PyObject* object) {
    auto converted = extract_from<std::remove_cv_t<typename One::type>>(borrow(object));
    if (converted.is_err()) throw at_step(std::move(converted).error(), AttributeStep::path(One::name()));
    return std::move(converted).value();
  }
  static Bound<PyAny> to_state(const T& value) { return tuple_of(value).into_any(); }

  // --- All of it

  template <class One>
  static void add_property(ClassBuilder<T>& cls, ClassParts& parts) {
    const char* name = One::name().data();
    if (parts.find_name(name) != ClassParts::not_found) return;
    cls.template getter<One::member>(name, One::doc);
    if constexpr (!is_frozen<T>() && !std::is_const_v<typename One::type>) cls.template setter<One::member>(name);
  }
  static void add_to(ClassBuilder<T>& cls, ClassParts& parts) {
    static_assert(
        !std::is_aggregate_v<T> || visible_fields<T>() == 0 || visible_fields<T>() == count || Options::partial,
        "adder: DataClass<T, ...> leaves a field of the struct out, which pickles and copies would lose: list "
        "all of them, or say `static constexpr bool partial = true`");
    Value::check_order();
    (add_property<F>(cls, parts), ...);
    static DataClassTwin twin{&text(), Options::init ? &Binding::static_storage.record : nullptr};
    if constexpr (Options::init) {
      if (parts.construct == nullptr) add_constructor(parts);
    }
    if constexpr (Options::repr) {
      if (is_free(parts, Py_tp_repr)) parts.add_slot(Py_tp_repr, reinterpret_cast<void*>(&repr));
    }
    if constexpr (Options::eq) add_comparison<Py_EQ>(parts);
    if constexpr (Options::order) {
      static_assert(Options::eq, "adder: DataClass: order needs eq as well");
      add_comparison<Py_LT>(parts);
      add_comparison<Py_LE>(parts);
      add_comparison<Py_GT>(parts);
      add_comparison<Py_GE>(parts);
    }
    if constexpr ((Options::eq && is_frozen<T>()) || Options::unsafe_hash) {
      ADDER_NOTE(note_text<T>("__hash__", "(self) -> int"));
      if (is_free(parts, Py_tp_hash)) parts.add_slot(Py_tp_hash, reinterpret_cast<void*>(&hash));
    }
    if constexpr (Options::pickle && std::is_move_constructible_v<T> && !has_native_root<T>) {
      if (parts.find_name("__reduce__") == ClassParts::not_found &&
          parts.find_name("__getstate__") == ClassParts::not_found) {
        cls.template def_pickle<&DataParts::to_state, &DataParts::from_state>();
      }
    }
    add_data_class(parts, twin);
  }
};

}  // namespace detail

/// @brief Base of the PyClass of a struct that is a data class in Python.
/// @tparam T      The struct.
/// @tparam Parts  `Field<"name", &T::member>`, `OptionalField<...>`, `KwOnly`.
template <class T, class... Parts>
struct DataClass : detail::DataClassFields<T, typename detail::SplitFields<detail::TypeList<>, Parts...>::Members> {
  using data_parts = detail::DataParts<T, detail::SplitFields<detail::TypeList<>, Parts...>::positional,
                                       typename detail::SplitFields<detail::TypeList<>, Parts...>::Fields>;
  /// @brief As of `@dataclass`, and so are those that follow: whether the class has a constructor of its fields. A
  /// class says otherwise by a member of this name.
  static constexpr bool init = true;
  /// @brief Whether there is a `__repr__` of the fields.
  static constexpr bool repr = true;
  /// @brief Whether there is an `__eq__` of the fields.
  static constexpr bool eq = true;
  /// @brief Whether there are `__lt__` and its kin of the fields; needs eq.
  static constexpr bool order = false;
  /// @brief Whether there is a `__hash__` of the fields, though they may change.
  static constexpr bool unsafe_hash = false;
  /// @brief Whether positional patterns of `match` take the fields apart.
  static constexpr bool match_args = true;
  /// @brief Whether objects can be pickled and copied, field by field.
  static constexpr bool pickle = true;
  /// @brief Whether the list may leave fields of the struct out: pickles and copies lose those.
  static constexpr bool partial = false;
  static void define(ClassBuilder<T>&) {}
};

/// The types of what stands for a default, and of the attributes that `dataclasses` looks for.
template <>
struct PyClass<detail::FieldDefault> {
  static constexpr auto name = "default";
  static constexpr auto module = "adder";
  static void define(ClassBuilder<detail::FieldDefault>&) {}
};
template <>
struct PyClass<detail::DataClassAttribute> {
  static constexpr auto name = "dataclass_attribute";
  static constexpr auto module = "adder";
  static constexpr bool unsafe_send = true;
  static void define(ClassBuilder<detail::DataClassAttribute>& cls);
};

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/class/detail/data_class_inl.hpp"
#endif
