// SPDX-License-Identifier: MIT
// What test_dlpack.py calls: arrays in and out by DLPack, and capsules that say what they are told to.
#include <adder/adder.hpp>
#include <adder/array/array.hpp>
#include <adder/array/owned_array.hpp>
#include <adder/stl/optional.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/tuple.hpp>
#include <adder/stl/vector.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

using namespace adder;
namespace dlpack = adder::detail::dlpack;

namespace {

double sum(const Array<const double>& a) {
  double total = 0;
  for (const double x : a) total += x;
  return total;
}
double sum_c(const Array<const double, ndim<2>, c_order>& a) {
  double total = 0;
  for (const double x : a.as_span()) total += x;
  return total;
}
void fill(const Array<double>& a, double value) {
  for (double& x : a) x = value;
}
std::vector<std::ptrdiff_t> strides(const Array<const double>& a) {
  std::vector<std::ptrdiff_t> result;
  for (std::size_t i = 0; i < a.ndim(); ++i) result.push_back(a.stride(i));
  return result;
}
double brain_sum(const Array<const BFloat16>& a) {
  double total = 0;
  for (const BFloat16 x : a) total += static_cast<double>(static_cast<float>(x));
  return total;
}
template <class T>
std::size_t count(const Array<const T>& a) {
  return a.size();
}
using OnCuda = Array<float, ndim<2>, device<DeviceType::cuda>>;
std::tuple<std::size_t, std::size_t, int> on_cuda(const OnCuda& a) {
  return {reinterpret_cast<std::size_t>(a.data()), a.shape(0), a.device_id()};
}
std::tuple<std::size_t, int> anywhere(const Array<const float, device<DeviceType::any>>& a) {
  return {reinterpret_cast<std::size_t>(a.data()), static_cast<int>(a.device_type())};
}
void drop_elsewhere(Python py, Array<const double> a) {
  py.allow_threads([](Array<const double> inside) { std::thread([moved = std::move(inside)] {}).join(); },
                   std::move(a));
}
std::optional<Array<const double>>& kept() {
  static std::optional<Array<const double>> all;
  return all;
}
void keep(Array<const double> a) { kept() = std::move(a); }
void drop_kept() { kept().reset(); }

// --- Capsules that say what they are told to
// -----------------------------------------------------------------------------

std::atomic<int> made{0}, deleted{0};

struct Told {
  dlpack::Managed old;
  dlpack::ManagedVersioned versioned;
  std::int64_t shape[70];
  std::int64_t strides[70];
  double memory[32];

  static void forget(Told* told) {
    ++deleted;
    std::free(told);
  }
  static void delete_old(dlpack::Managed* managed) { forget(static_cast<Told*>(managed->context)); }
  static void delete_versioned(dlpack::ManagedVersioned* managed) { forget(static_cast<Told*>(managed->context)); }
};
void end_capsule(::PyObject* capsule) {
  if (PyCapsule_IsValid(capsule, "dltensor") != 0) {
    auto* managed = static_cast<dlpack::Managed*>(PyCapsule_GetPointer(capsule, "dltensor"));
    if (managed->deleter != nullptr) managed->deleter(managed);
  } else if (PyCapsule_IsValid(capsule, "dltensor_versioned") != 0) {
    auto* managed = static_cast<dlpack::ManagedVersioned*>(PyCapsule_GetPointer(capsule, "dltensor_versioned"));
    if (managed->deleter != nullptr) managed->deleter(managed);
  }
}
/// @param version  The major one; 0 for the struct without.
Bound<PyAny> capsule(Python py, std::uint32_t version, std::uint64_t flags, const std::vector<std::int64_t>& shape,
                     const std::optional<std::vector<std::int64_t>>& strides, int ndim, int code, int bits, int lanes,
                     int device, std::uint64_t offset, const std::string& lie) {
  auto* told = static_cast<Told*>(std::calloc(1, sizeof(Told)));
  ++made;
  for (int i = 0; i < 32; ++i) told->memory[i] = i;
  for (std::size_t i = 0; i < shape.size() && i < 70; ++i) told->shape[i] = shape[i];
  for (std::size_t i = 0; strides && i < strides->size() && i < 70; ++i) told->strides[i] = (*strides)[i];
  const dlpack::Tensor tensor{
      lie == "no data" ? nullptr
      : device == 1    ? static_cast<void*>(told->memory)
                       : reinterpret_cast<void*>(0xdead0000),
      {device, 3},
      ndim,
      {static_cast<std::uint8_t>(code), static_cast<std::uint8_t>(bits), static_cast<std::uint16_t>(lanes)},
      lie == "no shape" ? nullptr : told->shape,
      strides ? told->strides : nullptr,
      offset};
  told->old = {tensor, told, lie == "no deleter" ? nullptr : &Told::delete_old};
  told->versioned = {{version, 7}, told, lie == "no deleter" ? nullptr : &Told::delete_versioned, flags, tensor};
  if (version != 0) {
    return Bound<PyAny>::from_owned_ptr(py, PyCapsule_New(&told->versioned, "dltensor_versioned", &end_capsule));
  }
  return Bound<PyAny>::from_owned_ptr(py, PyCapsule_New(&told->old, "dltensor", &end_capsule));
}
Bound<PyAny> other_capsule(Python py) {
  static int nothing = 0;
  return Bound<PyAny>::from_owned_ptr(py, PyCapsule_New(&nothing, "other", nullptr));
}
/// The tensor of a capsule, which is used up.
dlpack::ManagedVersioned* out_of(::PyObject* c) {
  auto* managed = static_cast<dlpack::ManagedVersioned*>(PyCapsule_GetPointer(c, "dltensor_versioned"));
  if (managed != nullptr) PyCapsule_SetName(c, "used_dltensor_versioned");
  return managed;
}

// --- Types with DLPack's C exchange, honest and other
// --------------------------------------------------------------------------

/// Asks the object's exchange() for a capsule.
int from_object(void* object, dlpack::ManagedVersioned** out) {
  ::PyObject* c = PyObject_CallMethod(static_cast<::PyObject*>(object), "exchange", nullptr);
  if (c == nullptr) return -1;
  *out = out_of(c);
  Py_DECREF(c);
  return *out == nullptr ? -1 : 0;
}
int silent(void*, dlpack::ManagedVersioned**) { return -1; }
int nothing(void*, dlpack::ManagedVersioned** out) {
  *out = nullptr;
  return 0;
}
int both(void* object, dlpack::ManagedVersioned** out) {
  const int result = from_object(object, out);
  PyErr_SetString(PyExc_KeyError, "and a tensor");
  return result;
}
/// One tensor for all, which nobody deletes: what taking it costs.
int fast(void*, dlpack::ManagedVersioned** out) {
  static double memory[3] = {0, 1, 2};
  static std::int64_t shape[] = {3}, strides[] = {1};
  static dlpack::ManagedVersioned tensor{
      {1, 3}, nullptr, nullptr, 0, {memory, {1, 0}, 1, {2, 64, 1}, shape, strides, 0}};
  *out = &tensor;
  return 0;
}
Bound<PyAny> exchange_api(Python py, const std::string& lie) {
  using Api = dlpack::ExchangeApi;
  static Api good{{{1, 9}, nullptr}, nullptr, &from_object, nullptr, nullptr, nullptr};
  static Api ancient{{{0, 8}, nullptr}, nullptr, &silent, nullptr, nullptr, nullptr};
  static Api newer{{{2, 0}, nullptr}, nullptr, &silent, nullptr, nullptr, nullptr};
  static Api newest{{{3, 0}, &newer.header}, nullptr, &silent, nullptr, nullptr, nullptr};
  static Api chain{{{2, 0}, &good.header}, nullptr, &silent, nullptr, nullptr, nullptr};
  static Api longer{{{3, 0}, &chain.header}, nullptr, &silent, nullptr, nullptr, nullptr};
  static Api circle{{{3, 0}, &circle.header}, nullptr, &silent, nullptr, nullptr, nullptr};
  static Api null{{{1, 3}, nullptr}, nullptr, nullptr, nullptr, nullptr, nullptr};
  static Api is_silent{{{1, 3}, nullptr}, nullptr, &silent, nullptr, nullptr, nullptr};
  static Api has_nothing{{{1, 3}, nullptr}, nullptr, &nothing, nullptr, nullptr, nullptr};
  static Api has_both{{{1, 3}, nullptr}, nullptr, &both, nullptr, nullptr, nullptr};
  static Api is_fast{{{1, 3}, nullptr}, nullptr, &fast, nullptr, nullptr, nullptr};
  static const std::tuple<const char*, Api*> all[] = {
      {"ancient", &ancient},  {"newer", &newest},        {"chain", &longer},  {"circle", &circle}, {"null", &null},
      {"silent", &is_silent}, {"nothing", &has_nothing}, {"both", &has_both}, {"fast", &is_fast}};
  Api* api = &good;
  for (const auto& [name, table] : all) {
    if (lie == name) api = table;
  }
  const char* name = lie == "name" ? "dlpack_exchange_app" : lie == "no name" ? nullptr : "dlpack_exchange_api";
  return Bound<PyAny>::from_owned_ptr(py, PyCapsule_New(api, name, nullptr));
}

// --- What another library does with the C exchange of adder's own type
// ---------------------------------------------------------

const dlpack::ExchangeApi& api_of(const Bound<PyAny>& object) {
  const Bound<PyAny> c = Bound<PyAny>(object.get_type()).getattr("__dlpack_c_exchange_api__");
  auto* api = static_cast<dlpack::ExchangeApi*>(PyCapsule_GetPointer(c.as_ptr(), "dlpack_exchange_api"));
  if (api == nullptr || api->header.version.major != 1 || api->header.older != nullptr) {
    throw PyValueError::new_err("no table");
  }
  return *api;
}
Bound<PyAny> capsule_of(Python py, dlpack::ManagedVersioned* managed) {
  return Bound<PyAny>::from_owned_ptr(py, PyCapsule_New(managed, "dltensor_versioned", &end_capsule));
}
/// @param other  The object that is asked for.
Bound<PyAny> exchanged(Python py, const Bound<PyAny>& object, const Bound<PyAny>& other) {
  dlpack::ManagedVersioned* managed = nullptr;
  if (api_of(object).from_object(other.as_ptr(), &managed) != 0) throw PyErr::fetch(py);
  return capsule_of(py, managed);
}
Bound<PyAny> imported(Python py, const Bound<PyAny>& object, const Bound<PyAny>& c) {
  void* result = nullptr;
  if (api_of(object).to_object(out_of(c.as_ptr()), &result) != 0) throw PyErr::fetch(py);
  return Bound<PyAny>::from_owned_ptr(py, static_cast<::PyObject*>(result));
}
/// On a thread that never saw Python.
/// @param device  0: the prototype leaves its shape out.
Bound<PyAny> allocated(Python py, const Bound<PyAny>& object, std::vector<std::int64_t> shape, int code, int bits,
                       int device) {
  const dlpack::ExchangeApi& api = api_of(object);
  const dlpack::DataType type{static_cast<std::uint8_t>(code), static_cast<std::uint8_t>(bits), 1};
  dlpack::Tensor prototype{nullptr, {device, 0}, static_cast<std::int32_t>(shape.size()), type, shape.data(), nullptr,
                           0};
  if (device == 0) {
    prototype.shape = nullptr;
    prototype.device.type = dlpack::cpu;
  }
  dlpack::ManagedVersioned* managed = nullptr;
  std::string why;
  int result = 0;
  std::thread([&] {
    result = api.allocate(&prototype, &managed, &why, [](void* context, const char* kind, const char* message) {
      *static_cast<std::string*>(context) = std::string(kind) + ": " + message;
    });
  }).join();
  if ((result != 0) == why.empty()) throw PyValueError::new_err("an error without a message, or the other way round");
  if (result != 0) throw PyBufferError::new_err(why);
  return capsule_of(py, managed);
}
bool has_no_stream(const Bound<PyAny>& object) {
  void* stream = &made;
  return api_of(object).current_stream(1, 0, &stream) == 0 && stream == nullptr &&
         api_of(object).borrow_from_object == nullptr;
}

std::tuple<int, int> counts() { return {made, deleted}; }

// --- Giving
// --------------------------------------------------------------------------------------------------------------

std::atomic<int> destroyed{0};
struct Counted {
  std::vector<double> values;
  bool real = true;
  explicit Counted(std::vector<double> v) : values(std::move(v)) {}
  Counted(Counted&& other) noexcept : values(std::move(other.values)), real(std::exchange(other.real, false)) {}
  ~Counted() {
    if (real) ++destroyed;
  }
};
OwnedArray<double, ndim<2>> grid(std::size_t rows, std::size_t columns) {
  Counted owner(std::vector<double>(rows * columns, 1.5));
  const std::span<double> memory = owner.values;
  return {memory, std::move(owner), rows, columns};
}
OwnedArray<const double, f_order> fixed() {
  return {std::vector<double>{1, 2, 3, 4}, std::span<const Py_ssize_t>(std::vector<Py_ssize_t>{2, 2})};
}
OwnedArray<BFloat16> brain_floats() { return OwnedArray<BFloat16>({BFloat16(0.5F), BFloat16(2.0F)}); }
OwnedArray<long double> long_doubles() { return OwnedArray<long double>({1.5L}); }
int destroyed_count() { return destroyed; }
/// Takes the tensor out of a capsule, as another library does: name, version, flags, shape, strides.
using Seen =
    std::tuple<std::string, int, std::uint64_t, std::vector<std::int64_t>, std::vector<std::int64_t>, int, int>;
dlpack::ManagedVersioned* taken_versioned = nullptr;
dlpack::Managed* taken_old = nullptr;
Seen take(const Bound<PyAny>& object) {
  ::PyObject* c = object.as_ptr();
  const std::string name = PyCapsule_GetName(c);
  const auto see = [&](const dlpack::Tensor& t, int version, std::uint64_t flags) -> Seen {
    return {name,        version,    flags, {t.shape, t.shape + t.ndim}, {t.strides, t.strides + t.ndim},
            t.type.code, t.type.bits};
  };
  if (name == "dltensor") {
    taken_old = static_cast<dlpack::Managed*>(PyCapsule_GetPointer(c, "dltensor"));
    PyCapsule_SetName(c, "used_dltensor");
    return see(taken_old->tensor, 0, 0);
  }
  taken_versioned = static_cast<dlpack::ManagedVersioned*>(PyCapsule_GetPointer(c, "dltensor_versioned"));
  PyCapsule_SetName(c, "used_dltensor_versioned");
  return see(taken_versioned->tensor, static_cast<int>(taken_versioned->version.major), taken_versioned->flags);
}
double peek_taken(double value) {
  auto* data = static_cast<double*>(taken_versioned->tensor.data);
  return std::exchange(data[0], value);
}
/// On a thread that never saw Python.
void end_taken() {
  std::thread([] {
    if (taken_old != nullptr) taken_old->deleter(taken_old);
    if (taken_versioned != nullptr) taken_versioned->deleter(taken_versioned);
  }).join();
  taken_old = nullptr;
  taken_versioned = nullptr;
}
/// When there is no interpreter any more.
void end_taken_at_exit() {
  Py_AtExit([] { end_taken(); });
}

}  // namespace

ADDER_MODULE(dlpack_ext, m) {
  m.def<&sum>("sum", arg("a"));
  m.def<&sum>("sum_detached", arg("a"), release_gil);
  m.def<&sum>("sum_converted", arg("a").convert());
  m.def<&sum_c>("sum_c", arg("a"));
  m.def<&sum_c>("sum_c_converted", arg("a").convert());
  m.def<&fill>("fill", arg("a"), arg("value"));
  m.def<&strides>("strides", arg("a"));
  m.def<&brain_sum>("brain_sum", arg("a"));
  m.def<&count<std::int8_t>>("int8", arg("a"));
  m.def<&count<std::uint16_t>>("uint16", arg("a"));
  m.def<&count<std::int64_t>>("int64", arg("a"));
  m.def<&count<Half>>("float16", arg("a"));
  m.def<&count<float>>("float32", arg("a"));
  m.def<&count<bool>>("bool", arg("a"));
  m.def<&on_cuda>("on_cuda", arg("a"));
  m.def<&anywhere>("anywhere", arg("a"));
  m.def<&drop_elsewhere>("drop_elsewhere");
  m.def<&keep>("keep");
  m.def<&drop_kept>("drop_kept");
  m.def<&capsule>("capsule");
  m.def<&other_capsule>("other_capsule");
  m.def<&exchange_api>("exchange_api");
  m.def<&exchanged>("exchanged");
  m.def<&imported>("imported");
  m.def<&allocated>("allocated");
  m.def<&has_no_stream>("has_no_stream");
  m.def<&counts>("counts");
  m.def<&grid>("grid");
  m.def<&fixed>("fixed");
  m.def<&brain_floats>("brain_floats");
  m.def<&long_doubles>("long_doubles");
  m.def<&destroyed_count>("destroyed_count");
  m.def<&take>("take");
  m.def<&peek_taken>("peek_taken");
  m.def<&end_taken>("end_taken");
  m.def<&end_taken_at_exit>("end_taken_at_exit");
}
