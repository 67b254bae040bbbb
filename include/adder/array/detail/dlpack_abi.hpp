// SPDX-License-Identifier: MIT
/// @file
/// @brief The structs by which libraries hand arrays to each other, as DLPack 1.x lays them out in memory.
#pragma once
#include "adder/base/config.hpp"

#include <cstddef>
#include <cstdint>

namespace adder::inline ADDER_ABI::detail::dlpack {

struct Version {
  std::uint32_t major;
  std::uint32_t minor;
};
/// What adder asks for and makes.
inline constexpr Version version{1, 0};

struct Device {
  std::int32_t type;
  std::int32_t id;
};
inline constexpr std::int32_t cpu = 1;

struct DataType {
  std::uint8_t code;  ///< 0 int, 1 uint, 2 float, 3 a handle, 4 bfloat, 5 complex, 6 bool.
  std::uint8_t bits;
  std::uint16_t lanes;
};

struct Tensor {
  void* data;  ///< Null where there are no items.
  Device device;
  std::int32_t ndim;
  DataType type;
  std::int64_t* shape;
  std::int64_t* strides;  ///< In items. Null: in C order, without gaps.
  std::uint64_t byte_offset;
};

/// Of a capsule named "dltensor". The deleter, which may be null, ends the struct, too.
struct Managed {
  Tensor tensor;
  void* context;
  void (*deleter)(Managed*);
};

/// Of a capsule named "dltensor_versioned". Of another major version, nothing behind the flags is where it is here.
struct ManagedVersioned {
  Version version;
  void* context;
  void (*deleter)(ManagedVersioned*);
  std::uint64_t flags;
  Tensor tensor;
};
inline constexpr std::uint64_t read_only = 1;
inline constexpr std::uint64_t copied = 2;

static_assert(sizeof(void*) != 8 || (sizeof(Tensor) == 48 && offsetof(Tensor, shape) == 24 && sizeof(Managed) == 64 &&
                                     offsetof(ManagedVersioned, tensor) == 32 && sizeof(ManagedVersioned) == 80));

/// What an older and a newer table of a type's C exchange have in common.
struct ExchangeHeader {
  Version version;
  const ExchangeHeader* older;  ///< The table of a version before; null where there is none.
};
/// Says what kind of exception, and why.
using SetError = void (*)(void* context, const char* kind, const char* message);

/// The table that a type's `__dlpack_c_exchange_api__` points to, since DLPack 1.2: functions that return 0, or -1 with
/// an exception pending, and are called attached. None of them waits for what a device still computes.
struct ExchangeApi {
  ExchangeHeader header;
  /// A new tensor, of the type, shape and device of a prototype. Needs no Python, and reports by SetError.
  int (*allocate)(Tensor* prototype, ManagedVersioned** out, void* context, SetError);
  /// A new tensor of an object of the type that has the table.
  int (*from_object)(void* object, ManagedVersioned** out);
  /// An object of that type. Takes over the tensor.
  int (*to_object)(ManagedVersioned* tensor, void** out);
  /// A tensor for as long as nothing else happens. May be null.
  int (*borrow_from_object)(void* object, Tensor* out);
  int (*current_stream)(std::int32_t device_type, std::int32_t device_id, void** out);
};
static_assert(sizeof(void*) != 8 || (sizeof(ExchangeHeader) == 16 && offsetof(ExchangeApi, allocate) == 16 &&
                                     offsetof(ExchangeApi, from_object) == 24 && sizeof(ExchangeApi) == 56));
/// Of the table that adder's own type has.
inline constexpr Version exchange_version{1, 3};
inline constexpr const char* exchange_name = "dlpack_exchange_api";

inline constexpr const char* name = "dltensor";
inline constexpr const char* used_name = "used_dltensor";
inline constexpr const char* versioned_name = "dltensor_versioned";
inline constexpr const char* used_versioned_name = "used_dltensor_versioned";

}  // namespace adder::inline ADDER_ABI::detail::dlpack
