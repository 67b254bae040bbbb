// SPDX-License-Identifier: MIT
/// @file
/// @brief PyCapsule: a C++ value, or a pointer for C code, inside a Python object.
#pragma once
#include "adder/base/detail/string_fwd.hpp"
#include "adder/base/detail/text_builder.hpp"
#include "adder/call/call.hpp"
#include "adder/token/stored.hpp"

#include <concepts>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {

/// What is known of a value that lives in a capsule. The value follows it; the capsule points there.
struct alignas(std::max_align_t) CapsuleHeader {
  const void* type;  // capsule_type<T>
  char* name;        // Owned; null for none.
  void (*end)(CapsuleHeader*, ::PyObject* capsule);

  void* value() noexcept { return this + 1; }
  static CapsuleHeader* of(void* value) noexcept { return static_cast<CapsuleHeader*>(value) - 1; }

  /// The destructor of every capsule that this shared object makes with a C++ value, and of no other.
  ADDER_HIDDEN static void destroy(::PyObject* capsule);
};

/// One address per type and shared object. Not const: a linker may fold constants.
template <class T>
ADDER_HIDDEN inline char capsule_type = 0;

template <class T, class Destructor>
struct CapsuleContent {
  CapsuleHeader header;
  alignas(T) unsigned char storage[sizeof(T)];
  [[no_unique_address]] Destructor destructor;
  bool has_value = false;

  explicit CapsuleContent(Destructor f) : header{&capsule_type<T>, nullptr, &end_all}, destructor(std::move(f)) {
    static_assert(alignof(T) <= alignof(std::max_align_t), "adder: a capsule cannot hold an over-aligned type");
  }
  CapsuleContent(const CapsuleContent&) = delete;
  CapsuleContent& operator=(const CapsuleContent&) = delete;
  ~CapsuleContent() {
    if (has_value) value().~T();
    std::free(header.name);
  }
  T& value() noexcept { return *std::launder(reinterpret_cast<T*>(storage)); }

  static void end_all(CapsuleHeader* base, ::PyObject* capsule) {
    auto* self = reinterpret_cast<CapsuleContent*>(base);
    struct Free {  // Also when the destructor throws.
      CapsuleContent* content;
      ~Free() { delete content; }
    } const free_all{self};
    self->destructor(self->value(), PyCapsule_GetContext(capsule));
  }
};

}  // namespace detail

/// @brief The methods of a handle to a capsule.
/// @pyo3{PyCapsule}
template <class Self>
struct PyCapsuleMethods : PyAnyMethods<Self> {
  using Where = detail::Location;

  /// @brief The capsule's name; empty for none. Callers include `<string>`.
  detail::Late<std::string, Self> name(Where where = Where::current()) const {
    const char* text = PyCapsule_GetName(this->use("name", where));
    return text == nullptr ? "" : text;
  }
  /// @brief Whether it has this name; empty for none.
  bool is_valid(std::string_view name, Where where = Where::current()) const {
    const char* text = PyCapsule_GetName(this->use("is_valid", where));
    return name == std::string_view(text == nullptr ? "" : text);
  }
  /// @brief The pointer. Lives as long as the capsule; what it points to is the caller's knowledge.
  /// @param name   The name that the capsule has to have; empty for none.
  /// @param where  Left out.
  /// @throws PyErr  ValueError for another name.
  /// @pyo3{PyCapsule::pointer_checked}
  void* pointer(std::string_view name, Where where = Where::current()) const& ADDER_LIFETIMEBOUND {
    ::PyObject* self = this->use("pointer", where);
    check_name(self, name);
    return PyCapsule_GetPointer(self, PyCapsule_GetName(self));
  }
  void* pointer(std::string_view, Where = {}) const&&
    requires detail::is_specialization<Self, Bound>
  = delete;  // The capsule may die at the end of the expression: keep the handle in a variable.
  /// @brief The C++ value of a capsule that this module made with PyCapsule::new_(). Lives as long as the capsule;
  /// whoever can reach the capsule shares the value.
  /// @param name   The name that the capsule has to have; empty for none.
  /// @param where  Left out.
  /// @throws PyErr  ValueError for another name; TypeError when it holds no T of this module.
  /// @pyo3{PyCapsule::reference}
  template <class T>
  T& reference(std::string_view name, Where where = Where::current()) const& ADDER_LIFETIMEBOUND {
    ::PyObject* self = this->use("reference", where);
    check_name(self, name);
    void* value = PyCapsule_GetPointer(self, PyCapsule_GetName(self));
    if (PyCapsule_GetDestructor(self) != &detail::CapsuleHeader::destroy ||
        detail::CapsuleHeader::of(value)->type != &detail::capsule_type<T>) {
      throw no_value(name);
    }
    return *std::launder(static_cast<T*>(value));
  }
  template <class T>
  T& reference(std::string_view, Where = {}) const&&
    requires detail::is_specialization<Self, Bound>
  = delete;  // As pointer.
  /// @brief A pointer that the capsule carries along; null at first.
  void* context(Where where = Where::current()) const { return PyCapsule_GetContext(this->use("context", where)); }
  /// @brief Sets that pointer. The capsule does not own what it points to.
  void set_context(void* context, Where where = Where::current()) const {
    detail::non_negative(PyCapsule_SetContext(this->use("set_context", where), context));
  }

 private:
  static void check_name(::PyObject* self, std::string_view wanted) {
    const char* text = PyCapsule_GetName(self);
    const std::string_view name = text == nullptr ? "" : text;
    if (name == wanted) [[likely]]
      return;
    const detail::TextBuilder message({"the capsule is named '", name, "', not '", wanted, "'"});
    throw PyErr::Access::lazy(PyExc_ValueError, message.view());
  }
  static PyErr no_value(std::string_view name) {
    const detail::TextBuilder message({"the capsule '", name, "' does not hold a C++ value of this type and module"});
    return PyErr::Access::lazy(PyExc_TypeError, message.view());
  }
};

/// @brief The tag of capsules.
struct PyCapsule : detail::StaticType<"PyCapsule", &PyCapsule_Type> {
  template <class Self>
  using Methods = PyCapsuleMethods<Self>;

  /// @brief A capsule that owns @p value, which dies with it.
  /// @param py     The token.
  /// @param value  Moved in. Its type may contain no token, no GIL-bound handle, no pointer and no view.
  /// @param name   Usually "module.attribute"; empty for none.
  /// @pyo3{PyCapsule::new}
  template <class T>
  static Bound<detail::Late<PyCapsule, T>> new_(Python py, T value, std::string_view name) {
    return new_with_destructor(py, std::move(value), name, [](T&, void*) {});
  }
  /// @brief The same; when the capsule dies, `destructor(value, context)` is called first.
  /// @param value       Moved in.
  /// @param name        Usually "module.attribute"; empty for none.
  /// @param destructor  `void(T&, void* context)`, called attached. What it throws goes to `sys.unraisablehook`.
  /// @pyo3{PyCapsule::new_with_destructor}
  template <class T, std::invocable<T&, void*> F>
  static Bound<detail::Late<PyCapsule, T>> new_with_destructor(Python, T value, std::string_view name, F destructor) {
    static_assert(detail::verdict<T>() != detail::Verdict::gil_bound,
                  "adder: a capsule may not hold a token or a GIL-bound handle: it would outlive the GIL. Hold Py<T>");
    static_assert(std::is_nothrow_destructible_v<T> && std::is_nothrow_destructible_v<F>,
                  "adder: the destructor of a capsule's value may not throw, and is public: it runs where nobody can "
                  "catch. Declare it noexcept; new_with_destructor takes a function that may throw");
    static_assert(Owning<T>,
                  "adder: a capsule keeps its value: a pointer, reference or view in it may lead to what is gone. Hold "
                  "std::string, std::vector, PyBackedStr or Py<X>; vouch for it with adder::ViewTraits; or, for a "
                  "pointer that somebody else owns, write new_with_pointer");
    if (name.find('\0') != std::string_view::npos) {
      throw PyErr::Access::lazy(PyExc_ValueError, "a capsule's name cannot contain null bytes");
    }
    using Content = detail::CapsuleContent<T, F>;
    struct Unfinished {  // Until the capsule owns it.
      Content* content;
      ~Unfinished() { delete content; }
    } made{new Content(std::move(destructor))};
    detail::CapsuleHeader& header = made.content->header;
    if (!name.empty()) {
      header.name = static_cast<char*>(std::calloc(name.size() + 1, 1));
      if (header.name == nullptr) throw std::bad_alloc();
      std::memcpy(header.name, name.data(), name.size());
    }
    ::new (static_cast<void*>(made.content->storage)) T(std::move(value));
    made.content->has_value = true;
    ::PyObject* capsule = detail::non_null(PyCapsule_New(header.value(), header.name, &detail::CapsuleHeader::destroy));
    made.content = nullptr;
    return detail::steal<detail::Late<PyCapsule, T>>(capsule);
  }
  /// @brief A capsule around a pointer that somebody else owns.
  /// @param py          The token.
  /// @param pointer     Not null.
  /// @param name        Lives as long as the capsule; null for none.
  /// @param destructor  The C API's; may be null.
  /// @throws PyErr  ValueError for a null pointer.
  template <std::same_as<PyCapsule> Tag = PyCapsule>
  static Bound<Tag> new_with_pointer(Python py, void* pointer, const char* name,
                                     PyCapsule_Destructor destructor = nullptr) {
    (void)py;
    return detail::steal<Tag>(detail::non_null(PyCapsule_New(pointer, name, destructor)));
  }
  /// @brief The pointer in the capsule "module.attribute", which is imported: how C extensions share an interface.
  /// @tparam T  What the pointer points to, on the caller's word.
  /// @param py    The token.
  /// @param name  The capsule's name and where it is found.
  /// @throws PyErr  ImportError, AttributeError.
  /// @pyo3{PyCapsule::import}
  template <class T>
  static T* import(Python py, const char* name) {
    (void)py;
    void* pointer = detail::guard_unwind(PyCapsule_Import, name, 0);
    if (pointer == nullptr) detail::throw_fetched();
    return static_cast<T*>(pointer);
  }
};

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/types/detail/capsule_inl.hpp"
#endif
