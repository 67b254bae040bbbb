// SPDX-License-Identifier: MIT
/// @file
/// @brief PyCapsule: a C++ value, or a pointer for C code, inside a Python object.
#pragma once
#include "adder/types/any.hpp"

#include <cstring>

namespace adder::inline ADDER_ABI {

namespace detail {

/// A value that lives in a capsule, which points to it. Standard layout, so that both have the same address.
template <class T>
struct CapsuleHolder {
  alignas(T) unsigned char storage[sizeof(T)];
  char* name;  // Owned; null for none.
  void (*end)(CapsuleHolder*, ::PyObject* capsule);

  T& value() noexcept { return *std::launder(reinterpret_cast<T*>(storage)); }

  /// The destructor of every capsule that this shared object makes with a T, and of no other: what it is known by.
  ADDER_HIDDEN static void destroy(::PyObject* capsule) {
    auto* self = static_cast<CapsuleHolder*>(PyCapsule_GetPointer(capsule, PyCapsule_GetName(capsule)));
    const ErrorScope pending(token());
    try {
      self->end(self, capsule);
    } catch (const PyErr& error) {
      error.restore(token());
    } catch (const std::exception& error) {
      PyErr_SetString(PyExc_RuntimeError, error.what());
#if defined(__GLIBCXX__)
    } catch (__cxxabiv1::__forced_unwind&) {
      park_thread();  // See attach.hpp.
#endif
    } catch (...) {
      PyErr_SetString(PyExc_RuntimeError, "a C++ exception that is no std::exception left a capsule's destructor");
    }
    // What is pending now goes to sys.unraisablehook.
  }
};

template <class T, class Destructor>
struct CapsuleHolderWith : CapsuleHolder<T> {
  Destructor destructor;
  explicit CapsuleHolderWith(Destructor f) : CapsuleHolder<T>{}, destructor(std::move(f)) {}
  static void end_all(CapsuleHolder<T>* base, ::PyObject* capsule) {
    auto* self = static_cast<CapsuleHolderWith*>(base);
    struct Free {  // Also when the destructor throws.
      CapsuleHolderWith* holder;
      ~Free() {
        holder->value().~T();
        std::free(holder->name);
        delete holder;
      }
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

  /// @brief The capsule's name; empty for none.
  std::string name(Where where = Where::current()) const {
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
    if (PyCapsule_GetDestructor(self) != &detail::CapsuleHolder<T>::destroy) throw no_value(name);
    return static_cast<detail::CapsuleHolder<T>*>(PyCapsule_GetPointer(self, PyCapsule_GetName(self)))->value();
  }
  template <class T>
  T& reference(std::string_view, Where = {}) const&&
    requires detail::is_specialization<Self, Bound>
  = delete;  // As pointer.
  /// @brief A pointer that the capsule carries along; null at first.
  void* context(Where where = Where::current()) const { return PyCapsule_GetContext(this->use("context", where)); }
  void set_context(void* context, Where where = Where::current()) const {
    detail::non_negative(PyCapsule_SetContext(this->use("set_context", where), context));
  }

 private:
  static void check_name(::PyObject* self, std::string_view wanted) {
    const char* text = PyCapsule_GetName(self);
    const std::string_view name = text == nullptr ? "" : text;
    if (name == wanted) [[likely]]
      return;
    std::string message = "the capsule is named '";
    message.append(name).append("', not '").append(wanted).append("'");
    throw PyErr::Access::lazy(PyExc_ValueError, std::move(message));
  }
  static PyErr no_value(std::string_view name) {
    std::string message = "the capsule '";
    message.append(name).append("' does not hold a C++ value of this type and module");
    return PyErr::Access::lazy(PyExc_TypeError, std::move(message));
  }
};

/// @brief The tag of capsules.
struct PyCapsule : detail::StaticType<"PyCapsule", &PyCapsule_Type> {
  template <class Self>
  using Methods = PyCapsuleMethods<Self>;

  /// @brief A capsule that owns @p value, which dies with it.
  /// @param py     The token.
  /// @param value  Moved in. Its type may contain no token and no GIL-bound handle.
  /// @param name   Usually "module.attribute"; empty for none.
  /// @pyo3{PyCapsule::new}
  template <class T>
  static Bound<PyCapsule> new_(Python py, T value, std::string_view name) {
    return new_with_destructor(py, std::move(value), name, [](T&, void*) {});
  }
  /// @brief The same; when the capsule dies, `destructor(value, context)` is called first.
  /// @param py          The token.
  /// @param value       Moved in.
  /// @param name        Usually "module.attribute"; empty for none.
  /// @param destructor  `void(T&, void* context)`, called attached. What it throws goes to `sys.unraisablehook`.
  /// @pyo3{PyCapsule::new_with_destructor}
  template <class T, std::invocable<T&, void*> F>
  static Bound<PyCapsule> new_with_destructor(Python, T value, std::string_view name, F destructor) {
    static_assert(detail::verdict<T>() != detail::Verdict::gil_bound,
                  "adder: a capsule may not hold a token or a GIL-bound handle: it would outlive the GIL. Hold Py<T>");
    if (name.find('\0') != std::string_view::npos) {
      throw PyErr::Access::lazy(PyExc_ValueError, "a capsule's name cannot contain null bytes");
    }
    using Holder = detail::CapsuleHolderWith<T, F>;
    struct Unfinished {  // Until the capsule owns it.
      Holder* holder;
      bool has_value = false;
      ~Unfinished() {
        if (holder == nullptr) return;
        if (has_value) holder->value().~T();
        std::free(holder->name);
        delete holder;
      }
    } made{new Holder(std::move(destructor))};
    made.holder->end = &Holder::end_all;
    if (!name.empty()) {
      made.holder->name = static_cast<char*>(std::calloc(name.size() + 1, 1));
      if (made.holder->name == nullptr) throw std::bad_alloc();
      std::memcpy(made.holder->name, name.data(), name.size());
    }
    ::new (static_cast<void*>(made.holder->storage)) T(std::move(value));
    made.has_value = true;
    ::PyObject* capsule = PyCapsule_New(static_cast<detail::CapsuleHolder<T>*>(made.holder), made.holder->name,
                                        &detail::CapsuleHolder<T>::destroy);
    detail::non_null(capsule);
    made.holder = nullptr;
    return detail::steal<PyCapsule>(capsule);
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
    void* pointer = detail::guard_unwind([&] { return PyCapsule_Import(name, 0); });
    if (pointer == nullptr) detail::throw_fetched();
    return static_cast<T*>(pointer);
  }
};

}  // namespace adder::inline ADDER_ABI
