// SPDX-License-Identifier: MIT
/// @file
/// @brief `PyClass<T>`: declaring a C++ class to be a Python class, by hand.
///
/// @code
/// template <>
/// struct adder::PyClass<Counter> {
///   static constexpr auto name = "Counter";
///   static constexpr auto doc = "Counts things.";
///   static void define(adder::ClassBuilder<Counter>& cls) {
///     cls.def_new<std::int64_t>(adder::arg("start") = 0);
///     cls.def<&Counter::add>("add", adder::arg("by") = 1, "Add `by`; return the new total.");
///     cls.getter<&Counter::total>("total");
///     cls.def<"__len__", &Counter::size>();
///   }
/// };
/// @endcode
/// `define` runs once, when the type is made: at `add_class`, or when a handle first needs the type. (Where several
/// threads do so at once each may run it, and one's type is kept: nobody waits.) All but the name is optional:
///
/// | member                        | meaning                                                                         |
/// |-------------------------------|---------------------------------------------------------------------------------|
/// | `name`                        | `__name__`; "Outer.Inner" is the `__qualname__` of a class in a class           |
/// | `doc`, `module`               | `__doc__`; `__module__`, where it is not the module whose body makes the class  |
/// | `frozen = true`               | no borrow flag, only const methods; several threads use a value at once         |
/// | `sync = true`                 | the author's word that they can, where adder cannot see it: sync/sync.hpp       |
/// | `locked = true`               | calls that overlap wait for each other, where others raise: class/locked.hpp    |
/// | `unsendable = true`           | only the thread that made an object may use it                                  |
/// | `subclass = true`             | Python classes and other pyclasses may derive from it                           |
/// | `using base = ...`            | a pyclass that T derives from in C++ too, or a tag: PyDict, PyList, PyValueError |
/// | `python_base(py)`             | a class written in Python, an ABC perhaps, or a tuple of such, as further bases |
/// | `shared_from = "module"`      | other modules use the class of that module, too: class/shared_from.hpp         |
/// | `part = true`                 | objects may be parts of others, that they change: class/part.hpp                |
/// | `dict`, `weakref` `= true`    | instances have a `__dict__`, can be weakly referenced                           |
/// | `freelist = 64`               | so many dead objects are kept for the next ones                                 |
/// | `immutable = false`           | the class itself can be changed from Python                                     |
/// | `generic = true`              | `Counter[int]` is a `types.GenericAlias`                                        |
/// | `eq`, `order`, `hash` `= true` | `==`, `<` and the others, `hash()` as in C++: class/protocols.hpp            |
/// | `using fields = FieldList<...>` | where Python's collector finds handles; or `traverse` and `clear`: collect.hpp |
/// | `finalize(const Bound<T>&)`   | `__del__`: called once, before the object dies; may keep it alive               |
/// | `drop_detached = true`        | the C++ destructor runs without the GIL, for it may have to wait for others     |
/// | `base_takes_args = true`      | the built-in base is made from the constructor's arguments, as `date` needs     |
/// | `unsafe_send = true`          | T may hold what is tied to the GIL: the author has made sure                    |
///
/// With a built-in base the constructor's arguments are not the base's: it begins empty, or, of exceptions, with the
/// positional arguments; `base_takes_args` gives it all of them. Where the constructor takes Args, the base's
/// `__init__` gets the same arguments.
#pragma once
#include "adder/base/detail/text_builder.hpp"
#include "adder/class/class_builder.hpp"
#include "adder/class/detail/class_checks.hpp"
#include "adder/class/detail/class_claim.hpp"
#include "adder/class/detail/python_base.hpp"

#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {

template <class T>
constexpr ClassShape shape_of() {
  ClassShape shape;
  using Layout = Layout<T>;
  if constexpr (HasBase<T>) shape.base = &own_type_object<BaseTagOf<T>>;
  if constexpr (requires { PyClass<T>::module; }) shape.module = PyClass<T>::module;
  if constexpr (Layout::native) {
    shape.root = &PyTypeInfo<typename Layout::Root>::type_object;
    shape.native_size = &native_size<typename Layout::Root>;
  }
  shape.dealloc = deallocator<T>();
  if constexpr (may_be_part<T>()) {
    shape.is_collected = is_collected<T>() ? +[](::PyObject*) { return 1; } : &is_collected_object<T>;
    shape.plain_memory = !is_collected<T>();
  }
  if constexpr (is_collected<T>() || may_be_part<T>()) {
    shape.traverse = &traverse_object<T>;
    shape.clear = &clear_object<T>;
  }
  if constexpr (HasFinalize<T>) shape.finalize = &finalize_object<T>;
  if constexpr (has_dict<T>()) shape.dict_at = static_cast<Py_ssize_t>(Layout::dict_at);
  if constexpr (has_weakref<T>()) shape.weaklist_at = static_cast<Py_ssize_t>(Layout::weaklist_at);
  shape.subclass = is_subclassable<T>();
  shape.keeps_value = !std::is_empty_v<T>;
  shape.is_mutable = is_mutable_type<T>();
  if constexpr (requires { PyClass<T>::generic; }) shape.generic = PyClass<T>::generic;
  // A pointer is converted where it is used.
  if constexpr (has_pyclass_base<T> && !has_holder<T> && std::is_convertible_v<T*, BaseTagOf<T>*>) {
    shape.check = [] {
      // Made of nothing but an address: only where the base begins is of interest.
      alignas(T) static char place[1];
      if (static_cast<void*>(static_cast<BaseTagOf<T>*>(reinterpret_cast<T*>(place))) != place) {
        const TextBuilder text({PyClass<T>::name, ": the base class has to come first among the C++ bases"});
        throw PyErr::Access::lazy(PyExc_SystemError, text.view());
      }
    };
  }
  return shape;
}
template <class T>
ADDER_HIDDEN inline constexpr ClassShape class_shape = shape_of<T>();

/// What the options `eq`, `order` and `hash` add; derived.hpp.
template <class T>
struct Derived;

template <class T>
ADDER_HIDDEN void define_class(ClassParts& parts) {
  ClassBuilder<T> builder(parts);
  ADDER_NOTE(note_class<T>("class", parts.shape.generic));
  if constexpr (is_shared_class<T>()) SharedClassOf<T>::add_to(parts);
  static_assert(check_holder_of_derived<T>());
  if constexpr (has_holder<T>) HolderSlot<ClassRootOf<T>>::template add_class<T>();
  if constexpr (requires { typename PyClass<T>::data_parts; }) {  // data_class.hpp
    PyClass<T>::define(builder);
    PyClass<T>::data_parts::add_to(builder, parts);
    return;
  } else if constexpr (derives_eq<T>() || derives_order<T>() || derives_hash<T>()) {
    static_assert(
        requires { sizeof(Derived<T>); },
        "adder: eq, order and hash of a PyClass need their header: #include <adder/class/protocols.hpp>");
    if constexpr (requires { sizeof(Derived<T>); }) Derived<T>::add_to(parts);
  }
  PyClass<T>::define(builder);
}

/// Of such a class a shape that many share says all.
template <class T>
inline constexpr bool has_simple_shape =
    is_plain<T> && !may_be_part<T>() && !has_holder<T> && !HasBase<T> && is_trivially_destructible<T> &&
    !is_unsendable<T>() && !requires { PyClass<T>::module; } && !requires { PyClass<T>::immutable; } &&
    !requires { PyClass<T>::generic; };

template <class T>
constexpr const char* doc_of_class() noexcept {
  if constexpr (requires { PyClass<T>::doc; }) {
    return PyClass<T>::doc;
  } else {
    return "";
  }
}

/// The type of T, made at its first use.
template <class T>
ADDER_HIDDEN ADDER_COLD ::PyTypeObject* make_class_type() {
  if constexpr (!requires { sizeof(T); }) {
    (void)sizeof(ClassBuilder<T>);  // Says that the class is only declared.
    return nullptr;
  } else {
    static_assert(check_class<T>());
    if constexpr (is_shared_class<T>()) {
      static_assert(
          requires { sizeof(SharedClassOf<T>); },
          "adder: `shared_from` needs its header: #include <adder/class/shared_from.hpp>");
      if constexpr (!needs_define<T>()) {
        return SharedClassOf<T>::import();
      } else if (!is_under_construction(PyClass<T>::shared_from)) {
        return SharedClassOf<T>::import();
      }
    }
    if constexpr (needs_define<T>()) {
      return make_class(PyClass<T>::name, doc_of_class<T>(), &define_class<T>, static_cast<int>(Layout<T>::size),
                        class_type<T>, []() -> const ClassShape& {
                          if constexpr (has_simple_shape<T>) {
                            return is_subclassable<T>() ? open_class : plain_class;
                          } else {
                            return class_shape<T>;
                          }
                        }());
    }
  }
}

/// The class that C++ made: what users see, unless that has a base written in Python.
template <class T>
::PyTypeObject* own_type_object() {
  if constexpr (IsPyClass<T>) {
    ::PyTypeObject* type = class_type<T>.load(Order::acquire);
    return type != nullptr ? type : make_class_type<T>();
  } else {
    return PyTypeInfo<T>::type_object();
  }
}

}  // namespace detail

template <IsPyClass T>
struct PyTypeInfo<T> {
  static const char* name() noexcept { return PyClass<T>::name; }
  ADDER_INLINE static ::PyTypeObject* type_object() {
    if constexpr (detail::has_python_base<T>()) {
      ::PyTypeObject* joined = detail::joined_type<T>.load(detail::Order::acquire);
      return joined != nullptr ? joined : detail::make_joined_type<T>();
    }
    ::PyTypeObject* type = detail::class_type<T>.load(detail::Order::acquire);
    return type != nullptr ? type : detail::make_class_type<T>();
  }
  /// Whether it is seen at once that the object is of the class, as most are.
  ADDER_INLINE static bool is_clearly_type_of(::PyObject* object) noexcept {
    if constexpr (detail::has_python_base<T>()) {
      return Py_IS_TYPE(object, detail::joined_type<T>.load(detail::Order::acquire));
    } else {
      return Py_IS_TYPE(object, detail::class_type<T>.load(detail::Order::acquire));
    }
  }
  ADDER_INLINE static bool is_type_of(::PyObject* object) {
    if constexpr (detail::has_python_base<T>()) {
      if (Py_IS_TYPE(object, detail::joined_type<T>.load(detail::Order::acquire))) return true;
    }
    ::PyTypeObject* type = detail::class_type<T>.load(detail::Order::acquire);
    if (Py_IS_TYPE(object, type)) [[likely]]
      return true;
    if (type == nullptr) [[unlikely]] {  // Which no object's type is: it is asked only now.
      type = detail::make_class_type<T>();
      if (Py_IS_TYPE(object, type)) return true;
    }
    return detail::is_subclassable<T>() && PyType_IsSubtype(Py_TYPE(object), type) != 0;
  }
  static bool is_exact_type_of(::PyObject* object) { return Py_IS_TYPE(object, type_object()); }
};
/// PyO3's `downcast<PyCell<T>>`.
template <class T>
struct PyTypeInfo<PyCell<T>> : PyTypeInfo<T> {};

namespace detail {
/// What new_ makes: a new reference, or null with an exception pending. Throws what the constructor throws.
template <class T, class... A>
::PyObject* make_object(A&&... args) {
  static_assert(
      IsPyClass<T>,
      "adder: new_ makes objects of pyclasses; other types have constructors of their own. For a class of yours to "
      "be one, specialise adder::PyClass<T>, with a name, above the first use");
  static_assert(Constructs<T, A...>, "adder: new_: the C++ class has no constructor that takes these arguments");
  return construct_object<T>(PyTypeInfo<T>::type_object(),
                             [&](void* at) ADDER_INLINE_LAMBDA { construct_value<T>(at, std::forward<A>(args)...); });
}
}  // namespace detail

template <class T>
template <class... A>
Bound<T> Bound<T>::new_(Python, A&&... args) {
  return detail::steal<T>(detail::non_null(detail::make_object<T>(std::forward<A>(args)...)));
}

template <IsPyClass T>
struct IntoPyObject<T> {
  using PointerMaker = IntoPyObject;
  /// Not for users.
  template <class V>
  static ::PyObject* into_ptr(V&& value) noexcept {
    try {
      return detail::make_object<T>(std::forward<V>(value));
    } catch (...) {
      detail::translate_current_exception();
      return nullptr;
    }
  }
  template <class V>
  static PyResult<Bound<PyAny>> into_py(Python py, V&& value) {
    try {
      return Bound<T>::new_(py, std::forward<V>(value)).into_any();
    } catch (const PyErr& error) {
      return error;
    } catch (...) {
      detail::translate_current_exception();
      return PyErr::fetch(py);
    }
  }
};

}  // namespace adder::inline ADDER_ABI
