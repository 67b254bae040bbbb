// SPDX-License-Identifier: MIT
/// @file
/// @brief HeldMemory: the memory of a Python object, or of another library, for as long as it is held.
///
/// It does not move, as some exporters point into their Py_buffer. Whoever lets go of it on a thread that is not
/// attached leaves that to the next one that is, as with references; once the interpreter shuts down, it stays.
#pragma once
#include "adder/array/detail/dlpack_abi.hpp"
#include "adder/array/element.hpp"
#include "adder/token/detail/reference_pool.hpp"

#include <cstddef>
#include <string>

namespace adder::inline ADDER_ABI::detail {

/// False where the product, or sum, does not fit.
inline bool multiply_into(Py_ssize_t& product, Py_ssize_t by) noexcept {
  return !__builtin_mul_overflow(product, by, &product);
}
inline bool add_to(Py_ssize_t& sum, Py_ssize_t more) noexcept { return !__builtin_add_overflow(sum, more, &sum); }

enum class MemoryOrder : unsigned char { any, c, f };

/// Which memory, and of which form. What the exporter said was looked at, and is copied: the shape that was judged is
/// the shape that is used.
struct HeldMemory {
  DeferredRelease later;              ///< First: letting go later leads here.
  void (*end)(HeldMemory*) noexcept;  ///< Gives the memory back, attached; leaves *this. Null: none is held.
  char* data;
  std::size_t count;  ///< Of items.
  std::size_t item_size;
  int ndim;
  bool readonly;
  bool is_dlpack;     ///< `type` says what the items are, else the format of `view`.
  bool is_c_ordered;  ///< C-contiguous, with items; what is false may still be.
  bool on_heap;
  dlpack::Device device;
  dlpack::DataType type;
  Py_ssize_t* shape;
  Py_ssize_t* strides;           ///< In bytes.
  const Py_ssize_t* suboffsets;  ///< Null where there are none to follow.
  void* tensor;                  ///< Of DLPack; or what is freed in the end.
  static constexpr int room_dims = 4;
  Py_ssize_t room[2 * std::size_t{room_dims}];
  Py_buffer view;

  /// Before anything else: no memory is held.
  ADDER_INLINE void clear(bool is_on_heap) noexcept {
    end = nullptr;
    shape = room;
    on_heap = is_on_heap;
  }
  /// Of an object that has the buffer protocol. False with an exception pending: nothing is held.
  bool take_buffer(::PyObject* object) noexcept;
  /// Of an array of numpy's, see is_numpy_array. False without an exception where its items are no such, or there is
  /// anything unusual about it: the buffer protocol then says what.
  bool take_numpy(::PyObject* object, const ElementInfo& wanted) noexcept;
  /// Of what `__dlpack__` gives. As take_buffer. A copy that the other side has made is not @p writable.
  bool take_dlpack(::PyObject* object, bool writable) noexcept;
  /// Of a tensor that is taken over, whatever comes of it. The same.
  bool take_versioned(dlpack::ManagedVersioned* managed, bool writable) noexcept;
  /// A copy of @p other in memory of its own, in C or F order, at a multiple of @p alignment. False where there is
  /// none.
  bool take_copy(const HeldMemory& other, MemoryOrder order, std::size_t alignment) noexcept;
  /// Gives back what is held, if any. Attached.
  ADDER_INLINE void give_back() noexcept {
    if (end != nullptr) {
      void (*const f)(HeldMemory*) noexcept = end;
      end = nullptr;
      f(this);
    }
    if (shape != room) [[unlikely]]
      free_dims();
  }
  ADDER_COLD_CALL void free_dims() noexcept;

  bool is_contiguous(MemoryOrder order) const noexcept;
  /// Whether all items lie at multiples of @p alignment.
  bool is_aligned(std::size_t alignment) const noexcept;
  /// Whether two indices lead to the same item because a stride is zero.
  bool repeats_items() const noexcept;
  /// Whether the items are what @p wanted describes.
  ADDER_INLINE bool has_type(const ElementInfo& wanted) const noexcept {
    if (is_dlpack) [[unlikely]]
      return has_dlpack_type(wanted);
    return has_format(wanted, view.format, item_size);
  }
  bool has_dlpack_type(const ElementInfo& wanted) const noexcept;
  /// Whether the bytes of all items, or fields, that are a bool in C++ are 0 or 1, as they have to be there.
  ADDER_INLINE bool has_valid_bools(const ElementInfo& element) const noexcept {
    if (element.kind != ElementKind::boolean && element.kind != ElementKind::structure) [[likely]]
      return true;
    return look_at_bools(element);
  }
  bool look_at_bools(const ElementInfo& element) const noexcept;
  bool are_bools() const noexcept;
  /// The items in C order, to or from @p other, which has room for all.
  void copy_to(char* other) const noexcept;
  void copy_from(const char* other) const noexcept;

  /// "(4, 2) array of int32"; of a struct with the fields of @p wanted, in which way it is another one.
  std::string in_words(const ElementInfo& wanted) const;
  std::string type_in_words() const;
  std::string type_in_words(const ElementInfo& wanted) const;

  bool has_room(int dims) noexcept;
  bool measure_buffer(::PyObject* object) noexcept;
  bool measure_buffer_slowly(::PyObject* object) noexcept;
  bool measure_tensor(const dlpack::Tensor& given) noexcept;
  bool check_reach() noexcept;
};

/// New, holding nothing, not to be moved; null with a MemoryError pending.
HeldMemory* new_held() noexcept;
void end_held(HeldMemory* held) noexcept;
ADDER_COLD_CALL void end_held_later(HeldMemory* held) noexcept;

/// Ends a HeldMemory of new_held(), and with it what it holds. Any thread.
inline void let_go(HeldMemory* held) noexcept {
  if (may_release()) [[likely]] {
    end_held(held);
  } else {
    end_held_later(held);
  }
}

/// Owns a HeldMemory.
class HeldPtr {
 public:
  HeldPtr() noexcept = default;
  explicit HeldPtr(HeldMemory* held) noexcept : held_(held) {}
  HeldPtr(HeldPtr&& other) noexcept : held_(other.held_) { other.held_ = nullptr; }
  HeldPtr& operator=(HeldPtr&& other) noexcept {
    HeldMemory* old = held_;
    held_ = other.held_;
    other.held_ = nullptr;
    if (old != nullptr && old != held_) let_go(old);
    return *this;
  }
  HeldPtr(const HeldPtr&) = delete;
  HeldPtr& operator=(const HeldPtr&) = delete;
  ~HeldPtr() {
    if (held_ != nullptr) let_go(held_);
  }
  HeldMemory* get() const noexcept { return held_; }
  HeldMemory* operator->() const noexcept { return held_; }

 private:
  HeldMemory* held_ = nullptr;
};

/// The table of DLPack's C exchange that the type of @p object has; null where it has none that adder can use.
const dlpack::ExchangeApi* exchange_api_of(::PyObject* object) noexcept;
/// A tensor by that table, to be taken over; null with an exception pending.
dlpack::ManagedVersioned* exchanged_tensor(::PyObject* object, const dlpack::ExchangeApi& api) noexcept;

/// Of what take_buffer() has refused: "a numpy.ndarray of datetime64[s], which has no buffer", in place of the
/// ValueError that is pending, where numpy has no format for the items of its array. Empty: that error stays.
ADDER_COLD_CALL std::string numpy_without_buffer(::PyObject* object);

/// False, with the BufferError for a tensor that is not used, as @p what.
ADDER_COLD_CALL bool refuse_tensor(const char* what) noexcept;

/// What `__dlpack_device__()` has returned. False with an exception pending.
bool read_device(::PyObject* tuple, dlpack::Device& device) noexcept;

/// "a", or "an" in front of a vowel.
std::string with_article(const std::string& text);
/// "(4, 2)".
std::string shape_in_words(const Py_ssize_t* shape, int ndim);

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/array/detail/held_dlpack_inl.hpp"
#include "adder/array/detail/held_memory_inl.hpp"
#endif
