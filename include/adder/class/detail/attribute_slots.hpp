// SPDX-License-Identifier: MIT
/// @file
/// @brief Calls, attributes and descriptors as type slots; dunders that are found by name.
#pragma once
#include "adder/class/detail/container_slots.hpp"

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace adder::inline ADDER_ABI::detail {

// --- Calls -----------------------------------------------------------------------------------------------------------

struct CallSlot;
template <class T, auto Target, class... E>
struct ADDER_HIDDEN CallFunction {
  using Binding = MethodBinding<T, Target, typename OptionsOf<E...>::type, TypeList<CallSlot, CallFunction>>;
  /// Whether the arguments are loaded by the code that all functions share, each in its place.
  static constexpr bool in_slots =
      Binding::in_slots &&
      convention_of(ShapeOf<typename Binding::Signature::Parameters, E...>::shape) != Convention::general;

  static ::PyObject* entry(::PyObject* self, ::PyObject* args, ::PyObject* keywords) noexcept {
    if constexpr (in_slots) {
      const FlatArguments flat(args, keywords);
      if (flat.values() == nullptr) return nullptr;
      return Binding::keywords(self, flat.values(), flat.given(), flat.names());
    } else {
      return from_tuple(self, args, keywords);
    }
  }

 private:
  ADDER_INLINE static ::PyObject* from_tuple(::PyObject* self, ::PyObject* args, ::PyObject* keywords) noexcept {
    const Shape& shape = Binding::storage().record.shape;
    if (keywords == nullptr && PyTuple_GET_SIZE(args) == static_cast<Py_ssize_t>(Binding::count) && !shape.var_args &&
        !shape.var_keywords && shape.positional == Binding::count) [[likely]] {
      return Binding::invoke(self, reinterpret_cast<PyTupleObject*>(args)->ob_item);
    }
    return call_bound(self, args, keywords);
  }
  ADDER_NOINLINE static ::PyObject* call_bound(::PyObject* self, ::PyObject* args, ::PyObject* keywords) noexcept {
    const FunctionRecord& record = Binding::storage().record;
    const FlatArguments flat(args, keywords);
    if (flat.values() == nullptr) return nullptr;
    ::PyObject* bound[Binding::count + 2];
    const VariadicArguments further(record.shape, flat.values(), flat.given(), bound);
    if (!further.made() || !bind_arguments(record, flat.values(), flat.given(), flat.names(), bound)) return nullptr;
    return Binding::invoke(self, bound);
  }
};
struct CallSlot {
  template <class T, auto Target, class... E>
  static void bind(ClassBuilder<T>&, ClassParts& parts, const char* dunder, const E&... extra) {
    if constexpr (is_overload_set<Target>) {
      using Maker = SetMaker<std::remove_cv_t<decltype(Target)>>;
      using Function = DunderFunction<T, CallSlot, Target>;
      (void)Maker::template describe<Function::template Own>(dunder, parts.qualifier(), "$self", extra...);
      using Whole = typename Maker::template Whole<Function::template Own, E...>;
      parts.add_slot(Py_tp_call, reinterpret_cast<void*>(&SetInSlot<Whole>::call));
    } else {
      using Function = CallFunction<T, Target, E...>;
      constexpr Shape shape = ShapeOf<typename Function::Binding::Signature::Parameters, E...>::shape;
      static_assert(!shape.module && !shape.this_class, "adder: __call__ takes no ThisModule and no ThisClass");
      auto& storage = Function::Binding::storage();
      constexpr auto shape_bits = __builtin_bit_cast(std::uint64_t, shape);
      if constexpr (sizeof...(E) == 0) {
        parts.describe(dunder, &storage.record, storage.parameters, nullptr, shape_bits, 0, nullptr, 0);
      } else {
        Extras<sizeof...(E)> extras;
        describe_all(extras, extra...);
        parts.describe(dunder, &storage.record, storage.parameters, nullptr, shape_bits, 0, extras.all, sizeof...(E));
      }
      parts.add_slot(Py_tp_call, reinterpret_cast<void*>(&Function::entry));
    }
  }
};

// --- Attributes and descriptors --------------------------------------------------------------------------------------

/// `__getattribute__`, and `__getattr__` for what that does not find. In a Python subclass with another slot it is
/// CPython that asks `__getattr__`, which is a method therefore, too.
struct Asked {
  enum : int { always, if_missing };
};
template <int Which>
struct AttributeSlot : HalfSlot<AttributeSlot<Which>, binaryfunc, Py_tp_getattro, Which, 1> {
 private:
  template <class T>
  static ::PyObject* slot(::PyObject* self, ::PyObject* name) noexcept {
    ::PyObject* result = nullptr;
    if (binaryfunc function = find_half<T>(halves<T, binaryfunc, Py_tp_getattro>, Asked::always)) {
      result = function(self, name);
    } else {
      getattrofunc usual = usual_slot<T, getattrofunc>(Py_tp_getattro);
      result = (usual == nullptr ? &PyObject_GenericGetAttr : usual)(self, name);
    }
    if (result != nullptr) return result;
    binaryfunc function = find_half<T>(halves<T, binaryfunc, Py_tp_getattro>, Asked::if_missing);
    if (function == nullptr || Py_TYPE(self)->tp_getattro != &slot<T>) return nullptr;
    if (PyErr_ExceptionMatches(PyExc_AttributeError) == 0) return nullptr;
    PyErr_Clear();
    return function(self, name);
  }

 public:
  template <class T, class Function>
  static constexpr getattrofunc entry = &slot<T>;
  template <class T, class Function>
  static ::PyObject* call(::PyObject* self, ::PyObject* name) noexcept {
    return Function::call(self, &name, 1);
  }
  template <class T, auto Target, class... E>
  static void bind(ClassBuilder<T>& cls, ClassParts& parts, const char* dunder, const E&... extra) {
    AttributeSlot::DunderSlot::template bind<T, Target>(cls, parts, dunder, extra...);
    if constexpr (Which == Asked::if_missing) {
      using Function = DunderFunction<T, AttributeSlot, Target>;
      parts.methods.push_back({"__getattr__", &call<T, Function>, METH_O, nullptr});
    }
  }
};

/// `__get__(self, instance, owner)`: None stands for what there is not.
struct DescriptorGetSlot : WholeSlot<DescriptorGetSlot, Py_tp_descr_get, 2> {
  template <class T, class Function>
  static ::PyObject* entry(::PyObject* self, ::PyObject* instance, ::PyObject* owner) noexcept {
    ::PyObject* args[] = {instance == nullptr ? Py_None : instance, owner == nullptr ? Py_None : owner};
    return Function::call(self, args, 2);
  }
};

// --- Dunders that are found by name ----------------------------------------------------------------------------------

/// Dunders without a type slot: methods like others, whose arity and result are known.
template <std::size_t Least, std::size_t Most, class Tag = PyAny, bool OfClass = false>
struct NamedDunder {
  static constexpr bool binds_method = true;
  template <class T, auto Target, class... E>
  static void bind(ClassBuilder<T>& cls, ClassParts&, const char* dunder, const E&... extra) {
    if constexpr (OfClass) {
      cls.template def_classmethod<Target>(dunder, extra...);
    } else {
      if constexpr (!is_overload_set<Target>) {
        using Signature = MethodOf<decltype(Target)>;
        using Kinds = ParameterKinds<typename Signature::Parameters>;
        constexpr Shape shape = ShapeOf<typename Signature::Parameters, E...>::shape;
        static_assert((Kinds::count >= Least && Kinds::count <= Most) || shape.var_args,
                      "adder: the member function has the wrong number of parameters for this dunder");
        static_assert(std::is_same_v<Tag, PyAny> || may_become<typename Signature::Result, Tag>(),
                      "adder: the function returns what cannot be the result of this dunder: text for __format__, an "
                      "integer for __length_hint__ and __sizeof__, bytes for __bytes__");
      }
      cls.template def<Target>(dunder, extra...);
    }
  }
};

}  // namespace adder::inline ADDER_ABI::detail
