// SPDX-License-Identifier: MIT
// What test_class_buffers.py calls: classes that export their memory in every way that there is.
#include <adder/adder.hpp>
#include <adder/array/array.hpp>
#include <adder/array/buffer.hpp>
#include <adder/array/class_buffer.hpp>
#include <adder/class/locked.hpp>
#include <adder/class/part.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/tuple.hpp>
#include <adder/stl/vector.hpp>
#include <adder/types/fields.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

using namespace adder;

namespace {

/// A vector and an array of lengths; a base class.
struct Image {
  Image(std::size_t height, std::size_t width) : pixels(height * width), shape{height, width} {}
  void resize(std::size_t height, std::size_t width) {
    shape = {height, width};
    pixels.assign(height * width, 0.0F);
  }
  double sum() const {
    double total = 0;
    for (const float p : pixels) total += static_cast<double>(p);
    return total;
  }
  std::size_t address() const { return reinterpret_cast<std::uintptr_t>(pixels.data()); }
  void lie(std::size_t height) { shape[0] = height; }
  std::vector<float> pixels;
  std::array<std::size_t, 2> shape;
};
struct Titled : Image {
  Titled(std::size_t height, std::size_t width, std::string text) : Image(height, width), title(std::move(text)) {}
  std::string title;
};

/// Integers for lengths, memory by a function that is not const.
struct Grid {
  explicit Grid(int rows_, int columns_)
      : rows(rows_),
        columns(columns_),
        cells(std::make_unique<std::int16_t[]>(static_cast<std::size_t>(rows_ * columns_))) {}
  std::int16_t* data() { return cells.get(); }
  int row_count() const { return rows; }
  int rows;
  int columns;
  std::unique_ptr<std::int16_t[]> cells;
};
/// The same by a field that is a pointer to an array.
struct OwnedGrid : Grid {
  using Grid::Grid;
};

struct Fixed {
  std::uint8_t bytes[4] = {1, 2, 3, 4};
};
struct Constants {
  explicit Constants(std::vector<double> given) : values(std::move(given)) {}
  const std::vector<double>& get() const { return values; }
  std::vector<double> values;
};
/// A frozen class.
struct Table {
  explicit Table(std::vector<double> given) : values(std::move(given)) {}
  const std::vector<double> values;
};
struct Flags {
  std::array<bool, 3> bits{true, false, true};
};
/// Structs, of which one has a bool.
struct Point {
  double x;
  std::int32_t id;
};
struct Mark {
  float at;
  bool is_set;
};
struct Drawing {
  std::vector<Point> points{{1.5, 2}, {2.5, 3}};
  std::vector<Mark> marks{{0.5F, true}};
};
/// Memory with strides, described by hand; it lies, or fails, where it is told to.
struct Plot {
  Plot(std::size_t rows_, std::size_t used_, std::size_t pitch_)
      : rows(rows_), used(used_), pitch(pitch_), samples(rows_ * pitch_) {
    for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<double>(i);
  }
  BufferView<double> view() {
    if (mode == "fail") throw std::domain_error("no memory today");
    if (mode == "flip")
      return {.memory = samples,
              .shape = {rows, used},
              .strides = {-static_cast<std::ptrdiff_t>(pitch), 1},
              .offset = (rows - 1) * pitch};
    if (mode == "columns") return {.memory = samples, .shape = {used, rows}, .strides = {std::size_t{1}, pitch}};
    if (mode == "repeat") return {.memory = samples, .shape = {3, used}, .strides = {0, 1}};
    if (mode == "beyond") return {.memory = samples, .shape = {rows + 1, used}, .strides = {pitch, std::size_t{1}}};
    if (mode == "before") return {.memory = samples, .shape = {rows, used}, .strides = {-1, 1}};
    if (mode == "offset") return {.memory = samples, .offset = samples.size() + 1};
    if (mode == "tail") return {.memory = samples, .offset = 1};
    if (mode == "uneven") return {.memory = samples, .shape = {rows, used}, .strides = {1}};
    if (mode == "negative") return {.memory = samples, .shape = {-1, 2}};
    if (mode == "huge") return {.memory = samples, .shape = {std::size_t{1} << 62U, std::size_t{1} << 62U}};
    if (mode == "huge stride")
      return {.memory = samples, .shape = {2, 2}, .strides = {static_cast<std::size_t>(-1), std::size_t{1}}};
    if (mode == "furthest")
      return {.memory = samples, .shape = {3, 2}, .strides = {PY_SSIZE_T_MIN / 16, Py_ssize_t{1}}};
    if (mode == "nine") return {.memory = samples, .shape = {1, 1, 1, 1, 1, 1, 1, 1, 1}};
    if (mode == "empty") return {.memory = samples, .shape = {0, 5}, .strides = {1000, 1000}};
    if (mode == "nothing") return {.memory = {}, .shape = {0}};
    if (mode == "scalar") return {.memory = std::span(samples).first(1), .shape = std::vector<int>()};
    return {.memory = samples, .shape = {rows, used}, .strides = {pitch, std::size_t{1}}};
  }
  std::string mode;
  std::size_t rows, used, pitch;
  std::vector<double> samples;
};
/// Memory as Python describes it.
struct Told {
  Told(std::size_t count, std::vector<Py_ssize_t> shape_, std::vector<Py_ssize_t> strides_, std::size_t offset_)
      : items(count), shape(std::move(shape_)), strides(std::move(strides_)), offset(offset_) {
    for (std::size_t i = 0; i < count; ++i) items[i] = static_cast<std::int16_t>(i);
  }
  BufferView<const std::int16_t> view() const {
    return {.memory = items, .shape = shape, .strides = strides, .offset = offset};
  }
  std::vector<std::int16_t> items;
  std::vector<Py_ssize_t> shape, strides;
  std::size_t offset;
};
/// A pointer that may be null.
struct Nowhere {
  const double* where() const { return nullptr; }
  std::size_t size = 0;
};

/// Parts of an Album.
struct Photo {
  std::vector<std::uint8_t> bytes;
  void grow() { bytes.push_back(0); }
};
struct Album {
  Album() {
    cover.bytes = {1, 2, 3};
    back.bytes = {4, 5};
  }
  void grow() { cover.grow(); }
  const Photo& last() const { return back; }
  Photo cover;
  Photo back;
};
struct Vault {
  Vault() { inside.bytes = {7, 8}; }
  Photo inside;
};

struct Safe {
  Safe() { inside.bytes = {1}; }
  Photo inside;
};

struct Local {
  std::vector<int> values{1, 2, 3};
  void grow() { values.push_back(4); }
};

struct Node {
  std::vector<int> values{1, 2, 3};
};

/// Changes what Python sees while a method runs that has the object shared.
double sum_twice(const Image& image, const Bound<PyAny>& between) {
  const double before = image.sum();
  between.call();
  return image.sum() - before;
}
}  // namespace

template <>
struct adder::PyClass<Image> {
  static constexpr auto name = "Image";
  static constexpr bool subclass = true, weakref = true;
  static void define(ClassBuilder<Image>& cls) {
    cls.def_new<std::size_t, std::size_t>(arg("height"), arg("width"));
    cls.def<&Image::resize>("resize", arg("height"), arg("width"));
    cls.def<&Image::lie>("lie", arg("height"));
    cls.def<&Image::sum>("sum");
    cls.def<&sum_twice>("sum_twice", arg("between"));
    cls.getter<&Image::address>("address");
    cls.buffer<&Image::pixels, &Image::shape>();
    cls.array<&Image::pixels, &Image::shape>("pixels", "The pixels, in place.");
    cls.array<&Image::pixels>("flat", as_memoryview(), read_only());
    cls.array<&Image::pixels, &Image::shape>("numpy", as_numpy());
  }
};
template <>
struct adder::PyClass<Titled> {
  static constexpr auto name = "Titled";
  static constexpr bool subclass = true;
  using base = Image;
  static void define(ClassBuilder<Titled>& cls) {
    cls.def_new<std::size_t, std::size_t, std::string>(arg("height"), arg("width"), arg("title"));
    cls.field<&Titled::title>("title");
  }
};
template <>
struct adder::PyClass<Grid> {
  static constexpr auto name = "Grid";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Grid>& cls) {
    cls.def_new<int, int>();
    cls.field<&Grid::rows>("rows");
    cls.buffer<&Grid::data, &Grid::row_count, &Grid::columns>();
    cls.array<&Grid::cells, &Grid::rows, &Grid::columns>("cells");
  }
};
template <>
struct adder::PyClass<OwnedGrid> {
  static constexpr auto name = "OwnedGrid";
  using base = Grid;
  static void define(ClassBuilder<OwnedGrid>& cls) {
    cls.def_new<int, int>();
    cls.buffer<&OwnedGrid::cells, &OwnedGrid::rows, &OwnedGrid::columns>(read_only());
  }
};
template <>
struct adder::PyClass<Fixed> {
  static constexpr auto name = "Fixed";
  static void define(ClassBuilder<Fixed>& cls) {
    cls.def_new<>();
    cls.buffer<&Fixed::bytes>();
  }
};
template <>
struct adder::PyClass<Constants> {
  static constexpr auto name = "Constants";
  static void define(ClassBuilder<Constants>& cls) {
    cls.def_new<std::vector<double>>();
    cls.buffer<&Constants::get>();
  }
};
template <>
struct adder::PyClass<Table> {
  static constexpr auto name = "Table";
  static constexpr bool frozen = true, sync = true;
  static void define(ClassBuilder<Table>& cls) {
    cls.def_new<std::vector<double>>();
    cls.buffer<&Table::values>();
    cls.array<&Table::values>("values");
  }
};
template <>
struct adder::PyClass<Flags> {
  static constexpr auto name = "Flags";
  static void define(ClassBuilder<Flags>& cls) {
    cls.def_new<>();
    cls.buffer<&Flags::bits>();
  }
};
template <>
struct adder::PyClass<Plot> {
  static constexpr auto name = "Plot";
  static void define(ClassBuilder<Plot>& cls) {
    cls.def_new<std::size_t, std::size_t, std::size_t>();
    cls.field<&Plot::mode>("mode");
    cls.buffer<&Plot::view>();
    cls.array<&Plot::view>("view");
  }
};
template <>
struct adder::ArrayElement<Point> : adder::ElementFields<Point, Field<"x", &Point::x>, Field<"id", &Point::id>> {};
template <>
struct adder::ArrayElement<Mark> : adder::ElementFields<Mark, Field<"at", &Mark::at>, Field<"is_set", &Mark::is_set>> {
};
template <>
struct adder::PyClass<Drawing> {
  static constexpr auto name = "Drawing";
  static void define(ClassBuilder<Drawing>& cls) {
    cls.def_new<>();
    cls.buffer<&Drawing::points>();
    cls.array<&Drawing::marks>("marks");
  }
};
template <>
struct adder::PyClass<Told> {
  static constexpr auto name = "Told";
  static void define(ClassBuilder<Told>& cls) {
    cls.def_new<std::size_t, std::vector<Py_ssize_t>, std::vector<Py_ssize_t>, std::size_t>();
    cls.buffer<&Told::view>();
  }
};
template <>
struct adder::PyClass<Nowhere> {
  static constexpr auto name = "Nowhere";
  static void define(ClassBuilder<Nowhere>& cls) {
    cls.def_new<>();
    cls.field<&Nowhere::size>("size");
    cls.buffer<&Nowhere::where, &Nowhere::size>();
  }
};
template <>
struct adder::PyClass<Photo> {
  static constexpr auto name = "Photo";
  static constexpr bool part = true;
  static void define(ClassBuilder<Photo>& cls) {
    cls.def_new<>();
    cls.def<&Photo::grow>("grow");
    cls.buffer<&Photo::bytes>();
    cls.array<&Photo::bytes>("bytes");
  }
};
template <>
struct adder::PyClass<Album> {
  static constexpr auto name = "Album";
  static void define(ClassBuilder<Album>& cls) {
    cls.def_new<>();
    cls.def<&Album::grow>("grow");
    cls.part<&Album::cover>("cover");
    cls.part<&Album::last>("last");
  }
};
template <>
struct adder::PyClass<Vault> {
  static constexpr auto name = "Vault";
  static constexpr bool frozen = true, sync = true;
  static void define(ClassBuilder<Vault>& cls) {
    cls.def_new<>();
    cls.part<&Vault::inside>("inside");
  }
};
template <>
struct adder::PyClass<Safe> {
  static constexpr auto name = "Safe";
  static constexpr bool locked = true;
  static void define(ClassBuilder<Safe>& cls) {
    cls.def_new<>();
    cls.part<&Safe::inside>("inside");
  }
};
template <>
struct adder::PyClass<Local> {
  static constexpr auto name = "Local";
  static constexpr bool unsendable = true;
  static void define(ClassBuilder<Local>& cls) {
    cls.def_new<>();
    cls.def<&Local::grow>("grow");
    cls.buffer<&Local::values>();
    cls.array<&Local::values>("values");
  }
};
template <>
struct adder::PyClass<Node> {
  static constexpr auto name = "Node";
  static constexpr bool dict = true, weakref = true;
  static void define(ClassBuilder<Node>& cls) {
    cls.def_new<>();
    cls.buffer<&Node::values>();
  }
};

namespace {

/// Exclusively borrowed while it calls Python.
void busy(const Bound<Image>& image, const Bound<PyAny>& function) {
  const auto guard = image.borrow_mut();
  function.call();
}
void busy_reading(const Bound<Image>& image, const Bound<PyAny>& function) {
  const auto guard = image.borrow();
  function.call();
}
/// Lets go of buffers on a thread without Python.
void drop_on_a_thread(PyUntypedBuffer buffer) {
  std::thread([held = std::move(buffer)]() mutable { const PyUntypedBuffer taken = std::move(held); }).join();
}
/// Comes back from being detached, which gives back what was dropped meanwhile.
void come_back(Python py) {
  py.allow_threads([] {});
}
double total(const Array<const float, ndim<2>>& array) {
  double sum = 0;
  for (const float x : array) sum += static_cast<double>(x);
  return sum;
}

/// What a consumer gets that asks with @p flags.
using Answer =
    std::tuple<Py_ssize_t, Py_ssize_t, int, bool, std::string, std::vector<Py_ssize_t>, std::vector<Py_ssize_t>>;
Answer request(Python py, const Bound<PyAny>& object, int flags) {
  Py_buffer view;
  if (PyObject_GetBuffer(object.as_ptr(), &view, flags) != 0) throw PyErr::fetch(py);
  Answer answer{view.len, view.itemsize, view.ndim, view.readonly != 0, view.format == nullptr ? "" : view.format, {},
                {}};
  if (view.shape != nullptr) std::get<5>(answer).assign(view.shape, view.shape + view.ndim);
  if (view.strides != nullptr) std::get<6>(answer).assign(view.strides, view.strides + view.ndim);
  PyBuffer_Release(&view);
  PyBuffer_Release(&view);  // Does nothing.
  return answer;
}
bool obsolete_request(Python py, const Bound<PyAny>& object) {
  // As PyObject_GetBuffer would pass it on.
  if (Py_TYPE(object.as_ptr())->tp_as_buffer->bf_getbuffer(object.as_ptr(), nullptr, PyBUF_SIMPLE) != 0)
    throw PyErr::fetch(py);
  return true;
}
std::size_t address_of(const PyUntypedBuffer& buffer) { return reinterpret_cast<std::uintptr_t>(buffer.data()); }

}  // namespace

ADDER_MODULE(class_buffers_ext, m) {
  m.add_class<Image>();
  m.add_class<Titled>();
  m.add_class<Grid>();
  m.add_class<OwnedGrid>();
  m.add_class<Fixed>();
  m.add_class<Constants>();
  m.add_class<Table>();
  m.add_class<Flags>();
  m.add_class<Plot>();
  m.add_class<Drawing>();
  m.add_class<Told>();
  m.add_class<Nowhere>();
  m.add_class<Photo>();
  m.add_class<Album>();
  m.add_class<Vault>();
  m.add_class<Safe>();
  m.add_class<Local>();
  m.add_class<Node>();
  m.def<&busy>("busy");
  m.def<&busy_reading>("busy_reading");
  m.def<&drop_on_a_thread>("drop_on_a_thread");
  m.def<&come_back>("come_back");
  m.def<&total>("total");
  m.def<&request>("request");
  m.def<&obsolete_request>("obsolete_request");
  m.def<&address_of>("address_of");
}
