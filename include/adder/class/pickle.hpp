// SPDX-License-Identifier: MIT
/// @file
/// @brief Pickling and copying: `cls.def_pickle<&to_state, &from_state>()`. Not part of adder.hpp.
///
/// @code
/// cls.def_pickle<&Counter::total, [](std::int64_t total) { return Counter(total); }>();
/// @endcode
/// `to_state` is a method without parameters: a member function, or a function that takes `const T&` (or what else a
/// method takes). What it returns is converted, pickled, and handed to `from_state`, which makes a T of it: the class
/// needs no default constructor, and may be frozen. A state of another type is a TypeError that names the class.
/// `pickle` (all protocols), `copy` and `deepcopy` use it: a deep copy copies what the state holds, a copy shares it.
///
/// A Python subclass keeps its class, its `__dict__` and what its `__slots__` hold. Neither its `__new__` nor its
/// `__init__` is called, as for Python's own classes; its `__getstate__`, `__setstate__`, `__reduce__` and
/// `__reduce_ex__` are used where it has them. A pyclass that derives from T has to say `def_pickle` itself: the state
/// of its base is not all of it.
///
/// The state is made before the object is, so an object that can be reached through its own state does not come back as
/// one object, or not at all (RecursionError). Where that is needed bind `__getstate__` and `__setstate__` instead,
/// with `adder/class/protocols.hpp`; they work as in Python.
#pragma once
#include "adder/class/pyclass.hpp"

#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI::detail {

/// `__reduce__` of an object whose C++ value has become @p state.
/// @param self   The object.
/// @param own    The class that said def_pickle.
/// @param state  Makes it: a new reference, or null with an exception pending.
/// @param plain  The class has no `__dict__`: only a Python subclass can have more than the state.
::PyObject* reduce_object(::PyObject* self, ::PyTypeObject* own, ::PyObject* (*state)(::PyObject*),
                          bool plain) noexcept;
/// Whether @p called is the class @p own, or a Python class that derives from it; else a TypeError is pending.
bool can_be_reconstructed(::PyObject* called, ::PyTypeObject* own) noexcept;
/// What construct_by_vectorcall() does for objects of Python subclasses.
::PyObject* track_reconstructed(::PyObject* object) noexcept;
/// Enters `__reduce__` and `_reconstruct`, by which pickles name what makes objects of the class.
void add_pickling(ClassParts& parts, FunctionRecord& record, Parameter* parameters, PyCFunction reduce,
                  PyCFunction reconstruct);

template <class Parameters>
struct ReconstructParameters;
template <class... P>
struct ReconstructParameters<TypeList<P...>> {
  using type = TypeList<const Bound<PyAny>&, P...>;
};

template <class T>
struct HasPickleHeader {};

template <class T, auto ToState, auto FromState>
struct ADDER_HIDDEN Pickled {
  using Save = MethodBinding<T, ToState, CallOptions<>, Pickled>;
  using Maker = FactoryMaker<T, FromState>;
  static_assert(
      Save::count == 0 && only_plain<typename Save::Signature::Parameters> && !std::is_void_v<typename Save::Result>,
      "adder: def_pickle<&to_state, &from_state>: to_state takes the object and nothing else, and returns its "
      "state");
  static_assert(ParameterKinds<typename Maker::Parameters>::count == 1 && only_plain<typename Maker::Parameters>,
                "adder: def_pickle<&to_state, &from_state>: from_state takes the state and nothing else");
  static_assert(
      !has_native_root<T>,
      "adder: def_pickle: the class derives from a built-in type, whose part of an object would be lost. Bind "
      "__reduce__, with adder/class/protocols.hpp");
  using Load = Arguments<LentParameters<typename ReconstructParameters<typename Maker::Parameters>::type>>;
  static inline constinit RecordStorage<2> storage{};

  static ::PyObject* reduce(::PyObject* self, ::PyObject*) noexcept {
    try {
      return reduce_object(
          self, PyTypeInfo<T>::type_object(), [](::PyObject* object) { return Save::invoke(object, nullptr); },
          !has_dict<T>());
    } catch (...) {
      translate_current_exception();
      return nullptr;
    }
  }
  static ::PyObject* reconstruct(::PyObject*, ::PyObject* const* args, Py_ssize_t given, ::PyObject* names) noexcept {
    ::PyObject* bound[2];
    if (!bind_arguments(storage.record, args, given, names, bound)) return nullptr;
    const Origin origin{reinterpret_cast<::PyTypeObject*>(bound[0]), nullptr};
    try {
      if (!can_be_reconstructed(bound[0], PyTypeInfo<T>::type_object())) return nullptr;
      return track_reconstructed(Load::pass_to(
          [origin](const Bound<PyAny>&, auto&&... state) -> ::PyObject* {
            return Maker::make(origin, std::forward<decltype(state)>(state)...);
          },
          bound, CallContext{bound[0], &storage.record}));
    } catch (...) {
      translate_current_exception();
      return nullptr;
    }
  }
  static void add_to(ClassParts& parts) {
    ADDER_NOTE(note_text<T>("__reduce__", "(self) -> tuple[typing.Any, ...]"));
    add_pickling(parts, storage.record, storage.parameters, &reduce, as_cfunction(&reconstruct));
  }
};

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/class/detail/pickle_inl.hpp"
#endif
