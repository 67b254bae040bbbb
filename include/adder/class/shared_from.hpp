// SPDX-License-Identifier: MIT
/// @file
/// @brief Classes that several extension modules use: bound in one, parameters, results and bases in others. Not part
/// of adder.hpp.
///
/// @code
/// // mesh_class.hpp, which all of them include:
/// struct MeshClass {
///   static constexpr auto name = "Mesh";
///   static constexpr auto shared_from = "geometry";  // the module that makes the class
/// };
///
/// // geometry.cpp, the module that makes it:
/// template <>
/// struct adder::PyClass<Mesh> : MeshClass {
///   static void define(adder::ClassBuilder<Mesh>& cls) { ... }
/// };
///
/// // physics.cpp, one that uses it:
/// template <>
/// struct adder::PyClass<Mesh> : MeshClass {};
/// @endcode
/// There is one Python class. A module that uses it imports `shared_from` at the first use, takes the class from there
/// under its name, and compares what both were compiled with: the version of adder, checked or not, the compiler, the
/// standard library, the version of Python; the class in C++, its size and its options. Where anything differs, that is
/// a TypeError which says what. Values, borrow flags and holders are then the same for all modules.
///
/// The other modules make objects of the class, and derive from it in C++ and Python if MeshClass says `subclass =
/// true`. They may have it in their own namespace, too: `add_class<Mesh>()` enters the class of `geometry` there. Not
/// shared are live parts, locked and unsendable classes: each module has tables and numbers of its own for them.
#pragma once
#include "adder/class/detail/held_table.hpp"
#include "adder/class/detail/under_way.hpp"
#include "adder/class/pyclass.hpp"

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <typeinfo>

namespace adder::inline ADDER_ABI::detail {

/// What two modules have to agree about, besides the type's name.
struct SharedFacts {
  std::size_t sizes[5];
  bool options[10];
};

/// What the module that makes a class tells others; in a capsule in the class.
struct SharedClass {
  unsigned format;    ///< 2. This and the next are read by all versions of adder: they stay as they are.
  const char* build;  ///< What the module was compiled with, for people to read as well.
  const char* type;
  const char* holder;
  SharedFacts facts;
  const Atomic<::PyTypeObject*>* made;   ///< The class that C++ made.
  const Atomic<::PyTypeObject*>* shown;  ///< What users see.
  void (*abandon)(::PyObject* object);
  void (*note)(::PyObject* object) noexcept;  ///< For the leak report.
  SharedHolder held;
};
inline constexpr const char* shared_class_attribute = "__adder_class__";

#define ADDER_QUOTE_(number) #number
#define ADDER_QUOTE(number) ADDER_QUOTE_(number)
/// What modules that share objects are compiled alike with. Whether the plain functions are compiled once is no matter.
inline constexpr const char* this_build = "adder " ADDER_QUOTE(ADDER_VERSION_MAJOR) "." ADDER_QUOTE(ADDER_VERSION_MINOR)
#if ADDER_CHECKED
    " checked"
#else
    " unchecked"
#endif
    ", CPython " ADDER_QUOTE(PY_MAJOR_VERSION) "." ADDER_QUOTE(PY_MINOR_VERSION)
#if defined(Py_GIL_DISABLED)
        " free-threaded"
#endif
#if defined(Py_DEBUG)
        " debug"
#endif
#if defined(__clang__)
        ", clang"
#elif defined(__GNUC__)
        ", gcc"
#elif defined(_MSC_VER)
        ", msvc"
#endif
#if defined(_LIBCPP_VERSION)
        ", libc++ " ADDER_QUOTE(_LIBCPP_ABI_VERSION)
#elif defined(__GLIBCXX__)
        ", libstdc++ " ADDER_QUOTE(_GLIBCXX_USE_CXX11_ABI)
#endif
#if defined(_GLIBCXX_DEBUG)
            " with debug containers"
#endif
    ;
#undef ADDER_QUOTE
#undef ADDER_QUOTE_

/// A capsule that tells others of a class. @return A new reference.
ADDER_COLD_CALL ::PyObject* make_class_capsule(const SharedClass& shared);
/// The class of another module, there for good.
/// @throws PyErr  What importing and looking up raise; TypeError where it is not the class that @p wanted says.
ADDER_COLD_CALL const SharedClass& import_class(const char* module, const char* name, const SharedClass& wanted);
/// From now on this module and another one have the same lists of what is under way.
ADDER_COLD_CALL void join_under_way(UnderWayLists& others) noexcept;

/// Whether a name says that what it names is in an unnamed namespace, which compilers spell in different ways.
constexpr bool is_anonymous(std::string_view name) noexcept {
  return name.find("{anonymous}") != name.npos || name.find("(anonymous namespace)") != name.npos ||
         name.find("<unnamed>") != name.npos;
}

template <class T>
struct ADDER_HIDDEN SharedClassOf {
  static_assert(
      !may_be_part<T>(),
      "adder: a class that modules share has no parts, which are known to one module alone: leave `part` out");
  static_assert(!is_locked<T>(),
                "adder: a class that modules share is not locked, as who waits is known to one module alone: leave "
                "`locked` out");
  static_assert(!is_unsendable<T>(),
                "adder: a class that modules share is not unsendable, as each module knows threads by numbers of its "
                "own: leave `unsendable` out");
  static_assert(!is_anonymous(type_name<T>()),
                "adder: a class that modules share is not in an unnamed namespace: there it is another class in each "
                "of them, and the same name says nothing");
  using Holder = typename HolderOf<T>::type;

  static const SharedClass& own() {
    static const SharedClass shared{
        2,
        this_build,
        typeid(T).name(),
        typeid(Holder).name(),
        {{sizeof(T), alignof(T), Layout<T>::value_at, Layout<T>::size, sizeof(typename Layout<T>::State)},
         {is_frozen<T>(), is_unsendable<T>(), is_subclassable<T>(), has_dict<T>(), has_weakref<T>(),
          has_python_base<T>(), is_collected<T>(), has_native_root<T>, has_finalizer<T>(), class_holds_handles<T>()}},
        &class_type<T>,
        shown_place(),
        &abandon_object<T>,
        &own_instance_made<T>,
        held()};
    return shared;
  }
  static void add_to(ClassParts& parts) {
    parts.attributes.push_back({shared_class_attribute, make_class_capsule(own()), nullptr});
  }
  static ::PyTypeObject* import() {
    if constexpr (has_pyclass_base<T>) {
      static_assert(is_shared_class<BaseTagOf<T>>(),
                    "adder: the base of a class that modules share is shared as well: give its PyClass `shared_from`");
      (void)own_type_object<BaseTagOf<T>>();
    }
    const SharedClass& home = import_class(PyClass<T>::shared_from, PyClass<T>::name, own());
    if constexpr (has_python_base<T>()) joined_type<T>.store(home.shown->load(Order::acquire), Order::release);
    if constexpr (has_native_root<T>) {
      native_size<typename NativeRoot<T>::type>.store(
          size_of_native_part(PyTypeInfo<typename NativeRoot<T>::type>::type_object()), Order::relaxed);
    }
    if (home.held.under_way != nullptr) join_under_way(*home.held.under_way);
    class_from_elsewhere<T>.store(&home, Order::release);
    ::PyTypeObject* type = home.made->load(Order::acquire);
    class_type<T>.store(type, Order::release);
    return type;
  }

 private:
  static const Atomic<::PyTypeObject*>* shown_place() {
    if constexpr (has_python_base<T>()) {
      return &joined_type<T>;
    } else {
      return &class_type<T>;
    }
  }
  static SharedHolder held() {
    if constexpr (has_holder<T> && std::is_same_v<T, ClassRootOf<T>>) return HolderSlot<T>::own_of_holder();
    return {nullptr, nullptr, nullptr};
  }
};

template <class T>
bool is_of_imported_class(::PyObject* object) noexcept {
  if (is_of_early_type(class_type<T>, object)) return true;
  try {
    return PyType_IsSubtype(Py_TYPE(object), own_type_object<T>()) != 0;
  } catch (const PyErr&) {
    return false;  // There is no such class, so it is not the object's; who asks for it is told why.
  }
}

template <class Root>
const SharedHolder* shared_holder() noexcept {
  const SharedClass* home = class_from_elsewhere<Root>.load(Order::acquire);
  return home == nullptr ? nullptr : &home->held;
}

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/class/detail/shared_from_inl.hpp"
#endif
