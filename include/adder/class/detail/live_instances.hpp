// SPDX-License-Identifier: MIT
/// @file
/// @brief Which objects of pyclasses are alive, for the leak report: checked builds, and only where somebody asks.
///
/// An object is noted when its value is built, with the line of Python that runs, and forgotten when its value is
/// destroyed. What a module's body makes, and what belongs to a class, stays for good and is not noted; nor are parts,
/// which keep their owners.
#pragma once
#include "adder/base/detail/string_fwd.hpp"
#include "adder/class/collect.hpp"
#include "adder/gc/detail/dying.hpp"

#include <type_traits>

namespace adder::inline ADDER_ABI {

struct LiveInstances;

namespace detail {

class InstanceList;

#if ADDER_CHECKED
ADDER_HIDDEN inline constinit Atomic<bool> tracks_instances{false};
ADDER_COLD_CALL void note_instance(::PyObject* object, bool hides_fields) noexcept;
ADDER_COLD_CALL void forget_instance(::PyObject* object) noexcept;
#endif
/// From now on, or no more; what is noted is forgotten.
ADDER_COLD_CALL void track_instances(bool on);
bool is_tracking_instances() noexcept;
/// Those that were made since, and are alive: by class, those with most objects first, then by place.
ADDER_COLD_CALL InstanceList live_instances();
/// For people to read: a line for each entry, and what is to be done about classes that hide their fields.
ADDER_COLD_CALL std::string describe_instances(const LiveInstances* first, const LiveInstances* end);
/// Where the environment has ADDER_LEAKS, from the first module on: what is alive after the interpreter ended is
/// written to stderr.
ADDER_COLD_CALL void track_if_asked();

template <class T>
constexpr bool hides_fields() {
  if constexpr (HasTraverseByHand<T> || DeclaresFields<T> || is_trivially_destructible<T>) {
    return false;
  } else if constexpr (std::is_aggregate_v<T>) {
    return !std::is_empty_v<T> && visible_fields<T>() == 0;
  } else {
    return true;
  }
}

/// The value of a new object has been built, in the module whose class it is: see instance_made().
template <class T>
ADDER_INLINE void own_instance_made([[maybe_unused]] ::PyObject* object) noexcept {
#if ADDER_CHECKED
  if (tracks_instances.load(Order::relaxed)) [[unlikely]]
    note_instance(object, hides_fields<T>());
#endif
}
/// The value is about to be destroyed.
ADDER_INLINE void instance_dies([[maybe_unused]] ::PyObject* object) noexcept {
#if ADDER_CHECKED
  if (tracks_instances.load(Order::relaxed)) [[unlikely]]
    forget_instance(object);
#endif
}

#if ADDER_CHECKED
inline void free_and_forget(::PyObject* object) noexcept {
  instance_dies(object);
  free_object(object);
}
#endif
/// tp_dealloc of objects that need nothing but their memory freed.
inline constexpr destructor free_trivial =
#if ADDER_CHECKED
    &free_and_forget;
#else
    &free_object;
#endif

}  // namespace detail
}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/class/detail/live_instances_inl.hpp"
#endif
