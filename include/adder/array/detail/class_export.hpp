// SPDX-License-Identifier: MIT
/// @file
/// @brief ClassExport: the memory of an object that Python looks at, and the borrow that keeps it where it is.
#pragma once
#include "adder/array/buffer_view.hpp"
#include "adder/array/owned_array.hpp"
#include "adder/class/detail/borrow.hpp"

#include <cstddef>
#include <optional>
#include <utility>

namespace adder::inline ADDER_ABI::detail {

/// What a class has said of its memory. Sizes are in items.
struct DescribedMemory {
  static constexpr auto unknown = static_cast<std::size_t>(-1);
  const ElementInfo* element;
  const void* data;
  std::size_t count;  ///< unknown: that of a pointer.
  std::size_t offset = 0;
  bool readonly;
  ArrayDims shape = {};
  ArrayDims strides = {};
};

/// One export of an object's memory: its borrow, and what the consumer reads of shape and strides.
struct ClassExport {
  HeldFlag flag;                   ///< The shared borrow that this has; of a part:
  std::optional<PartBorrow> part;  ///< Of an object that is none nothing is owned, but:
  ::PyObject* kept = nullptr;      ///< Owned, where no Py_buffer keeps the object.
  const ElementInfo* element = nullptr;
  char* data = nullptr;
  std::size_t count = 0;
  bool readonly = false;
  int ndim = 0;
  Py_ssize_t shape[ArrayDims::most];    // NOLINT(*-member-init): of the dimensions that there are
  Py_ssize_t strides[ArrayDims::most];  ///< In bytes.

  ClassExport() noexcept {}  // NOLINT(modernize-use-equals-default): which would clear the last two
  ClassExport(const ClassExport&) = delete;
  ClassExport& operator=(const ClassExport&) = delete;
  /// Ends the borrow. Attached, on any thread.
  ~ClassExport();
  /// @throws PyErr  BufferError where what is described does not lie in the memory.
  void settle(const DescribedMemory& memory, const char* class_name);
};

/// Fills @p view, or ends @p made with a BufferError pending. @return As bf_getbuffer does.
int fill_view(::PyObject* self, Py_buffer* view, int flags, ClassExport* made, const char* class_name) noexcept;
/// An array that keeps @p self and @p made; a new reference, or null with an exception pending.
::PyObject* array_of_class(::PyObject* self, ClassExport* made, ArrayResult as) noexcept;
/// bf_releasebuffer.
void release_class_buffer(::PyObject* self, Py_buffer* view) noexcept;
/// Why there is no export: @p why, as a BufferError with the name of the class.
ADDER_COLD_CALL void refuse_export(const PyErr& why, const char* class_name) noexcept;
ADDER_COLD_CALL void refuse_no_view() noexcept;
[[noreturn]] ADDER_COLD_CALL void refuse_locked(const char* class_name);
/// Whether a link, or one of those that lead to it, was given out as const.
ADDER_HIDDEN bool is_read_only(const PartLink* link) noexcept;

/// The borrow of an export that is being made.
template <class T, Access Wanted>
class ExportBorrow {
 public:
  ExportBorrow() = default;
  ExportBorrow(const ExportBorrow&) = delete;
  ExportBorrow& operator=(const ExportBorrow&) = delete;
  ~ExportBorrow() {
    if (object_ != nullptr) borrow_.release(object_);
  }
  // Not what is lent: the export may outlive the call that lends it.
  bool acquire(::PyObject* object) noexcept {
    if (!borrow_.try_acquire(object)) return false;
    object_ = object;
    return true;
  }
  PyErr error(::PyObject* object) const { return borrow_.error(object); }
  auto& value() const noexcept { return borrow_.value(object_); }
  /// Whether nobody may change the value, whoever asks.
  bool is_read_only() const noexcept {
    if constexpr (is_frozen<T>()) {
      return true;
    } else if constexpr (may_be_part<T>()) {
      return borrow_.part.is_held() &&
             (borrow_.part.root_flag().flag == nullptr || detail::is_read_only(link_of<T>(object_)));
    } else {
      return false;
    }
  }
  /// Whether others would wait for the end of the export: of an object that is part of a locked one.
  bool is_waited_for() const noexcept {
    if constexpr (may_be_part<T>()) {
      return borrow_.part.is_held() && borrow_.part.root_flag().ends != nullptr;
    } else {
      return false;
    }
  }
  /// As a shared one, to who keeps it.
  void hand_over(ClassExport& made) noexcept {
    ::PyObject* object = std::exchange(object_, nullptr);
    if constexpr (may_be_part<T>()) {
      if (borrow_.part.is_held()) {
        if constexpr (Wanted == Access::exclusive) borrow_.part.share_only();
        made.part.emplace(std::move(borrow_.part));
        return;
      }
    }
    made.flag = held_flag<T>(object);
    if constexpr (Wanted == Access::exclusive) made.flag.flag->share_only();
  }

 private:
  ::PyObject* object_ = nullptr;
  [[no_unique_address]] HeldBorrow<T, Wanted> borrow_;
};

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/array/detail/class_export_inl.hpp"
#endif
