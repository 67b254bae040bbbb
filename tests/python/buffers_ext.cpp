// SPDX-License-Identifier: MIT
// What test_buffers.py calls: functions that hold buffers, and a type whose objects export whatever they are told to.
#include <adder/adder.hpp>
#include <adder/array/buffer.hpp>
#include <adder/stl/complex.hpp>
#include <adder/stl/optional.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/tuple.hpp>
#include <adder/stl/vector.hpp>

#include <complex>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

using namespace adder;

namespace {

struct Particle {
  double x;
  std::int32_t id;
};
struct [[gnu::packed]] Packed {
  std::int8_t tag;
  double x;
};

using Facts = std::tuple<std::string, std::size_t, std::size_t, std::vector<Py_ssize_t>, std::vector<Py_ssize_t>,
                         std::size_t, bool, bool, bool>;
Facts facts(const PyUntypedBuffer& b) {
  const auto shape = b.shape(), strides = b.strides();
  return {std::string(b.format()),
          b.item_size(),
          b.ndim(),
          {shape.begin(), shape.end()},
          {strides.begin(), strides.end()},
          b.len_bytes(),
          b.is_readonly(),
          b.is_c_contiguous(),
          b.is_f_contiguous()};
}

template <class T>
std::vector<T> items(const PyBuffer<T>& b) {
  return b.to_vec();
}
template <class T>
T span_sum(const PyBuffer<T>& b) {
  T sum{};
  for (const T& x : b.as_span()) sum = static_cast<T>(sum + x);
  return sum;
}
std::vector<bool> bools(const PyBuffer<bool>& b) {
  const auto room = std::make_unique<bool[]>(b.item_count());
  const std::span<bool> all(room.get(), b.item_count());
  b.copy_to(all);
  return {all.begin(), all.end()};
}
std::size_t bool_span(const PyBuffer<bool>& b) { return b.as_span().size(); }
std::vector<double> halves(const PyBuffer<Half>& b) {
  std::vector<double> result;
  for (const Half x : b.to_vec()) result.push_back(static_cast<double>(static_cast<float>(x)));
  return result;
}
std::vector<std::tuple<double, std::int32_t>> particles(const PyBuffer<Particle>& b) {
  std::vector<std::tuple<double, std::int32_t>> result;
  for (const Particle& p : b.to_vec()) result.emplace_back(p.x, p.id);
  return result;
}
struct Flagged {
  std::int32_t id;
  bool on;
};

}  // namespace

template <>
struct adder::ArrayElement<Flagged>
    : adder::ElementFields<Flagged, Field<"id", &Flagged::id>, Field<"on", &Flagged::on>> {};

namespace {

template <int How>
int count_on(const PyBuffer<Flagged>& b) {
  std::vector<Flagged> copied(b.item_count());
  if (How == 1) b.copy_to(copied);
  if (How == 2) copied = b.to_vec();
  int on = 0;
  for (const Flagged& one : How == 0 ? b.as_span() : copied) on += one.on ? 1 : 0;
  return on;
}
double packed_sum(const PyBuffer<Packed>& b) {
  double sum = 0;
  for (const Packed& p : b.as_span()) sum += p.x * p.tag;
  return sum;
}
std::size_t address(const PyBuffer<std::byte>& b) { return reinterpret_cast<std::size_t>(b.as_span().data()); }
void fill(const PyBuffer<double>& b, double value) {
  for (double& x : b.as_mut_span()) x = value;
}
void overwrite(const PyBuffer<double>& b, const std::vector<double>& values) { b.copy_from(values); }
void read_into(const PyBuffer<double>& b, std::size_t count) {
  std::vector<double> room(count);
  b.copy_to(room);
}
/// Calls back while the buffer is held.
Bound<PyAny> meanwhile(const PyUntypedBuffer&, const Bound<PyAny>& function) { return function(); }
/// Dropped on a thread that has never seen Python, and one that was detached.
void drop_elsewhere(Python py, PyUntypedBuffer b) {
  py.allow_threads([](PyUntypedBuffer inside) { std::thread([moved = std::move(inside)] {}).join(); }, std::move(b));
}
void drop_detached(Python py, PyBuffer<std::byte> b) {
  py.allow_threads([](PyBuffer<std::byte> inside) { (void)inside.as_span(); }, std::move(b));
}
std::string moved_from(PyBuffer<std::byte> b) {
  const PyBuffer<std::byte> other = std::move(b);
  return std::to_string(b.item_count() + other.item_count());  // NOLINT(bugprone-use-after-move): refused
}
/// One after another, in place of the first.
std::size_t assigned(PyBuffer<std::byte> a, PyBuffer<std::byte> b) {
  a = std::move(b);
  return a.item_count();
}
/// Kept for good: dropped when the process ends, without an interpreter.
std::vector<PyUntypedBuffer>& kept() {
  static std::vector<PyUntypedBuffer> all;
  return all;
}
void keep(PyUntypedBuffer b) { kept().push_back(std::move(b)); }
void drop_kept() { kept().clear(); }
struct Holder {
  PyBuffer<double> buffer;
  double first() const { return buffer.as_span()[0]; }
};
Holder make_holder(PyBuffer<double> buffer) { return {std::move(buffer)}; }

// --- An exporter that says what it is told to
// --------------------------------------------------------------------------

struct Exporter {
  PyObject_HEAD char memory[256];
  Py_ssize_t len, itemsize, shape[70], strides[70], suboffsets[70];
  int ndim;
  int readonly;
  bool no_shape, no_strides, no_buf, no_obj, with_suboffsets;
  char format[64];
  bool no_format;
  ::PyObject* keeper;  // What keeps the memory in its place.
  long gets, releases;
};
Exporter* exporter(::PyObject* self) { return reinterpret_cast<Exporter*>(self); }
int get_buffer(::PyObject* self, Py_buffer* view, int) {
  Exporter* e = exporter(self);
  *view = Py_buffer{};
  view->buf = e->no_buf ? nullptr : e->memory + 64;
  view->obj = e->no_obj ? nullptr : e->keeper != nullptr ? Py_NewRef(e->keeper) : Py_NewRef(self);
  view->len = e->len;
  view->itemsize = e->itemsize;
  view->readonly = e->readonly;
  view->ndim = e->ndim;
  view->format = e->no_format ? nullptr : e->format;
  view->shape = e->no_shape ? nullptr : e->shape;
  view->strides = e->no_strides ? nullptr : e->strides;
  view->suboffsets = e->with_suboffsets ? e->suboffsets : nullptr;
  ++e->gets;
  return 0;
}
void release_buffer(::PyObject* self, Py_buffer*) { ++exporter(self)->releases; }
void dealloc_exporter(::PyObject* self) {
  ::PyTypeObject* type = Py_TYPE(self);
  Py_CLEAR(exporter(self)->keeper);
  type->tp_free(self);
  Py_DECREF(type);
}
Bound<PyAny> make_exporter(Python py, const std::string& format, Py_ssize_t itemsize, Py_ssize_t len,
                           const std::optional<std::vector<Py_ssize_t>>& shape,
                           const std::optional<std::vector<Py_ssize_t>>& strides, int ndim, bool readonly,
                           const std::string& lie) {
  static ::PyObject* type = [] {
    PyType_Slot slots[] = {{Py_tp_dealloc, reinterpret_cast<void*>(&dealloc_exporter)},
                           {Py_bf_getbuffer, reinterpret_cast<void*>(&get_buffer)},
                           {Py_bf_releasebuffer, reinterpret_cast<void*>(&release_buffer)},
                           {0, nullptr}};
    PyType_Spec spec{"buffers_ext.Exporter", sizeof(Exporter), 0, Py_TPFLAGS_DEFAULT, slots};
    return PyType_FromSpec(&spec);
  }();
  Exporter* e = PyObject_New(Exporter, reinterpret_cast<::PyTypeObject*>(type));
  ::PyObject* self = reinterpret_cast<::PyObject*>(e);
  for (int i = 0; i < 256; ++i) e->memory[i] = static_cast<char>(i);
  std::memset(&e->len, 0, sizeof(Exporter) - offsetof(Exporter, len));
  e->len = len;
  e->itemsize = itemsize;
  e->ndim = ndim;
  e->readonly = readonly ? 1 : 0;
  format.copy(e->format, 63);
  e->no_format = lie == "no format";
  e->no_buf = lie == "no buf";
  e->no_obj = lie == "no obj";
  if (lie == "kept by a capsule") e->keeper = PyCapsule_New(e, nullptr, nullptr);
  if (shape) std::memcpy(e->shape, shape->data(), shape->size() * sizeof(Py_ssize_t));
  if (strides) std::memcpy(e->strides, strides->data(), strides->size() * sizeof(Py_ssize_t));
  e->no_shape = !shape;
  e->no_strides = !strides;
  return Bound<PyAny>::from_owned_ptr(py, self);
}
std::tuple<long, long> counts(const Bound<PyAny>& object) {
  return {exporter(object.as_ptr())->gets, exporter(object.as_ptr())->releases};
}
/// A table of pointers to rows, as PIL has them: items are behind those.
Bound<PyAny> make_indirect(Python py) {
  const Bound<PyAny> object = make_exporter(py, "B", 1, 6, std::vector<Py_ssize_t>{2, 3},
                                            std::vector<Py_ssize_t>{sizeof(void*), 1}, 2, false, "");
  Exporter* e = exporter(object.as_ptr());
  e->with_suboffsets = true;
  e->suboffsets[0] = 1;
  e->suboffsets[1] = -1;
  char* rows[] = {e->memory, e->memory + 10};
  std::memcpy(e->memory + 64, rows, sizeof rows);
  return object;
}

}  // namespace

template <>
struct adder::ArrayElement<Particle>
    : adder::ElementFields<Particle, Field<"x", &Particle::x>, Field<"id", &Particle::id>> {};
template <>
struct adder::ArrayElement<Packed> : adder::ElementFields<Packed, Field<"tag", &Packed::tag>, Field<"x", &Packed::x>> {
};
template <>
struct adder::PyClass<Holder> {
  static constexpr auto name = "Holder";
  static void define(ClassBuilder<Holder>& cls) { cls.def<&Holder::first>("first"); }
};

ADDER_MODULE(buffers_ext, m) {
  m.def<&facts>("facts", arg("b"));
  m.def<&items<std::int8_t>>("int8");
  m.def<&items<std::uint8_t>>("uint8");
  m.def<&items<std::int16_t>>("int16");
  m.def<&items<std::uint16_t>>("uint16");
  m.def<&items<std::int32_t>>("int32");
  m.def<&items<std::uint32_t>>("uint32");
  m.def<&items<std::int64_t>>("int64");
  m.def<&items<std::uint64_t>>("uint64");
  m.def<&items<float>>("float32");
  m.def<&items<double>>("float64");
  m.def<&items<std::complex<float>>>("complex64");
  m.def<&items<std::complex<double>>>("complex128");
  m.def<&halves>("float16");
  m.def<&bools>("bools");
  m.def<&bool_span>("bool_span");
  m.def<&count_on<0>>("on_in_span");
  m.def<&count_on<1>>("on_in_copy");
  m.def<&count_on<2>>("on_in_vec");
  m.def<&span_sum<double>>("span_sum", arg("values"));
  m.def<&span_sum<double>>("span_sum_detached", arg("values"), release_gil);
  m.def<&span_sum<std::int32_t>>("span_sum_int32", arg("values"));
  m.def<&particles>("particles");
  m.def<&packed_sum>("packed_sum");
  m.def<&address>("address");
  m.def<&fill>("fill");
  m.def<&overwrite>("write");
  m.def<&read_into>("read_into");
  m.def<&meanwhile>("meanwhile");
  m.def<&drop_elsewhere>("drop_elsewhere");
  m.def<&drop_detached>("drop_detached");
  m.def<&moved_from>("moved_from");
  m.def<&assigned>("assigned");
  m.def<&keep>("keep");
  m.def<&drop_kept>("drop_kept");
  m.def<&make_holder>("make_holder");
  m.add_class<Holder>();
  m.def<&make_exporter>("make_exporter");
  m.def<&make_indirect>("make_indirect");
  m.def<&counts>("counts");
}
