// SPDX-License-Identifier: MIT
/// @file
/// @brief HolderTraits: what adder has to know of a smart pointer that holds the values of a pyclass.
#pragma once
#include "adder/base/config.hpp"

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief What adder has to know of a smart pointer that holds the values of a pyclass. Specialise it for those of your
/// own that count references inside the value:
/// @code
/// template <class T>
/// struct adder::HolderTraits<Ref<T>> : adder::IntrusiveHolder<Ref, T> {
///   static bool is_sole_owner(const Ref<T>& held) { return held->use_count() == 1; }
/// };
/// @endcode
template <class P>
struct HolderTraits;

namespace detail {

/// What allocates the value of a new object together with its count of owners: `build(address)` constructs it.
template <class T, class Build>
struct BuildingAllocator {
  using value_type = T;
  template <class U>
  struct rebind {
    using other = BuildingAllocator<U, Build>;
  };
  explicit BuildingAllocator(Build& with) noexcept : build(&with) {}
  template <class U>
  BuildingAllocator(const BuildingAllocator<U, Build>& other) noexcept  // NOLINT(google-explicit-constructor)
      : build(other.build) {}
  T* allocate(std::size_t count) { return std::allocator<T>().allocate(count); }
  void deallocate(T* at, std::size_t count) noexcept { std::allocator<T>().deallocate(at, count); }
  template <class U>
  void construct(U* at) {
    (*build)(static_cast<void*>(at));
  }
  template <class U>
  bool operator==(const BuildingAllocator<U, Build>&) const noexcept {
    return true;
  }
  Build* build;  // Of no use once the value is there.
};

/// A value that `delete` destroys, made by `build(address)`.
template <class D, class Build>
D* new_value(Build&& build) {
  void* memory = nullptr;
  if constexpr (requires { D::operator new(sizeof(D)); }) {
    memory = D::operator new(sizeof(D));
  } else if constexpr (alignof(D) > __STDCPP_DEFAULT_NEW_ALIGNMENT__) {
    memory = ::operator new(sizeof(D), std::align_val_t(alignof(D)));
  } else {
    memory = ::operator new(sizeof(D));
  }
  try {
    build(memory);
  } catch (...) {
    if constexpr (requires { D::operator delete(memory); }) {
      D::operator delete(memory);
    } else if constexpr (alignof(D) > __STDCPP_DEFAULT_NEW_ALIGNMENT__) {
      ::operator delete(memory, std::align_val_t(alignof(D)));
    } else {
      ::operator delete(memory);
    }
    throw;
  }
  return std::launder(static_cast<D*>(memory));
}

}  // namespace detail

template <class T>
struct HolderTraits<std::shared_ptr<T>> {
  using element_type = T;
  template <class U>
  using rebind = std::shared_ptr<U>;
  static constexpr bool is_shared = true;
  /// Whether a pointer can be had from the value alone.
  template <class U>
  static constexpr bool is_found_in_value = requires(U& value) { value.weak_from_this(); };

  template <class D, class Build>
  static std::shared_ptr<T> make(Build&& build) {
    using Allocator = detail::BuildingAllocator<D, std::remove_reference_t<Build>>;
    return std::allocate_shared<D>(Allocator(build));
  }
  static T* get(const std::shared_ptr<T>& held) noexcept { return held.get(); }
  static bool is_sole_owner(const std::shared_ptr<T>& held) noexcept { return held.use_count() <= 1; }
  template <class D>
  static std::shared_ptr<D> share(const std::shared_ptr<T>& held, D* value) noexcept {
    return std::shared_ptr<D>(held, value);
  }
};
template <class T, class Deleter>
struct HolderTraits<std::unique_ptr<T, Deleter>> {
  using element_type = T;
  template <class U>
  using rebind = std::unique_ptr<
      U, std::conditional_t<std::is_same_v<Deleter, std::default_delete<T>>, std::default_delete<U>, Deleter>>;
  static constexpr bool is_shared = false;
  template <class U>
  static constexpr bool is_found_in_value = false;

  template <class D, class Build>
  static std::unique_ptr<T, Deleter> make(Build&& build) {
    static_assert(std::is_same_v<Deleter, std::default_delete<T>>,
                  "adder: a class whose holder has a deleter of its own has no constructor: only C++ makes its values, "
                  "and returns them");
    static_assert(
        std::is_same_v<D, T> || std::has_virtual_destructor_v<T>,
        "adder: a class that derives from one whose holder is a unique_ptr is deleted through it: give the base "
        "a virtual destructor");
    return std::unique_ptr<T, Deleter>(detail::new_value<D>(std::forward<Build>(build)));
  }
  static T* get(const std::unique_ptr<T, Deleter>& held) noexcept { return held.get(); }
  static constexpr bool is_sole_owner(const std::unique_ptr<T, Deleter>&) noexcept { return true; }
};

/// @brief Base of a `HolderTraits` of a pointer that counts references inside the value. It has `get()`, and a
/// constructor that takes a pointer and counts one more owner.
template <template <class> class P, class T>
struct IntrusiveHolder {
  using element_type = T;
  template <class U>
  using rebind = P<U>;
  static constexpr bool is_shared = true;
  template <class U>
  static constexpr bool is_found_in_value = true;

  template <class D, class Build>
  static P<T> make(Build&& build) {
    return P<T>(static_cast<T*>(detail::new_value<D>(std::forward<Build>(build))));
  }
  static T* get(const P<T>& held) noexcept { return held.get(); }
  template <class D>
  static P<D> share(const P<T>&, D* value) {
    return P<D>(value);
  }
};

}  // namespace adder::inline ADDER_ABI
