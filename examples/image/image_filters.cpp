// SPDX-License-Identifier: MIT
// Blurs images and finds their edges, on several threads with the GIL released.
//
// Whatever exports bytes in rows is an image: an array of numpy's, a memoryview, an Image of this module. Nothing is
// copied on the way in; an Image shows its pixels to numpy where they are.
#include <adder/adder.hpp>
#include <adder/array/array.hpp>
#include <adder/array/class_buffer.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <span>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

using namespace adder;

namespace {

using Byte = std::uint8_t;
/// Grey is (height, width), colour is (height, width, 3).
using Pixels = Array<const Byte>;

/// An image of its own.
struct Image {
  Image(std::size_t rows, std::size_t columns, std::size_t depth)
      : height(rows), width(columns), channels(depth), pixels(rows * columns * depth) {}

  /// Grey has two dimensions.
  BufferView<Byte> view() {
    if (channels == 1) return {.memory = pixels, .shape = {height, width}};
    return {.memory = pixels, .shape = {height, width, channels}};
  }
  std::span<Byte> row(std::size_t y) { return std::span(pixels).subspan(y * width * channels, width * channels); }
  /// Moves the pixels: refused while numpy looks at them.
  void crop(std::size_t top, std::size_t left, std::size_t rows, std::size_t columns) {
    if (top > height || rows > height - top || left > width || columns > width - left) {
      throw PyValueError::new_err("crop(): the part lies outside of the image");
    }
    Image part(rows, columns, channels);
    for (std::size_t y = 0; y < rows; ++y) {
      const std::span<Byte> kept = row(top + y).subspan(left * channels, columns * channels);
      std::copy(kept.begin(), kept.end(), part.row(y).begin());
    }
    *this = std::move(part);
  }

  std::size_t height, width, channels;
  std::vector<Byte> pixels;
};

/// The pixels of an argument, by coordinates that are cut to the image.
class Source {
 public:
  explicit Source(const Pixels& pixels)
      : data_(pixels.data()),
        height(pixels.shape(0)),
        width(pixels.shape(1)),
        channels(pixels.ndim() == 3 ? pixels.shape(2) : 1),
        step_{pixels.stride(0), pixels.stride(1), pixels.ndim() == 3 ? pixels.stride(2) : 0} {}
  int at(std::ptrdiff_t y, std::ptrdiff_t x, std::size_t channel) const {
    const auto cut = [](std::ptrdiff_t i, std::size_t n) {
      return std::clamp<std::ptrdiff_t>(i, 0, static_cast<std::ptrdiff_t>(n) - 1);
    };
    return data_[cut(y, height) * step_[0] + cut(x, width) * step_[1] +
                 static_cast<std::ptrdiff_t>(channel) * step_[2]];
  }
  int grey(std::ptrdiff_t y, std::ptrdiff_t x) const {
    if (channels == 1) return at(y, x, 0);
    return (77 * at(y, x, 0) + 150 * at(y, x, 1) + 29 * at(y, x, 2)) >> 8;
  }

 private:
  const Byte* data_;

 public:
  std::size_t height, width, channels;

 private:
  std::array<std::ptrdiff_t, 3> step_;  // In items, which are bytes.
};

/// Checked while there are no threads yet.
Source open(const Pixels& pixels, int threads) {
  const bool grey = pixels.ndim() == 2, colour = pixels.ndim() == 3 && pixels.shape(2) == 3;
  if (!grey && !colour) throw PyValueError::new_err("an image is of shape (height, width) or (height, width, 3)");
  if (pixels.empty()) throw PyValueError::new_err("the image has no pixels");
  if (threads < 1 || threads > 64) throw PyValueError::new_err("threads must be 1 to 64");
  return Source(pixels);
}

/// Calls `work(from, to)` for bands of rows, each on a thread. What one of them throws is thrown here, once all have
/// ended.
template <class Work>
void in_bands(std::size_t height, int threads, const Work& work) {
  const auto bands = static_cast<std::size_t>(threads);
  std::vector<std::exception_ptr> failures(bands);
  const auto run = [&](std::size_t band) {
    try {
      work(height * band / bands, height * (band + 1) / bands);
    } catch (...) {
      failures[band] = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> others;  // Joined at the end of the block, also where one cannot be started.
    for (std::size_t band = 1; band < bands; ++band) others.emplace_back(run, band);
    run(0);
  }
  for (const std::exception_ptr& failure : failures) {
    if (failure != nullptr) std::rethrow_exception(failure);
  }
}

/// The mean of the square of 2 * radius + 1 pixels around each pixel; what lies outside is like the pixel at the edge.
Image blur(const Pixels& pixels, int radius, int threads) {
  const Source source = open(pixels, threads);
  if (radius < 0 || radius > 500) throw PyValueError::new_err("radius must be 0 to 500");
  Image result(source.height, source.width, source.channels);
  in_bands(source.height, threads, [&](std::size_t from, std::size_t to) {
    const std::size_t length = source.width * source.channels;
    const int size = 2 * radius + 1;
    const auto kept = static_cast<std::size_t>(size);
    const auto area = static_cast<std::uint32_t>(size * size);
    // Sums of 2 * radius + 1 pixels side by side, of the rows around the one that is under way; and the sums of those.
    std::vector<std::uint32_t> rows(kept * length), sums(length);
    const auto slide = [&](std::ptrdiff_t y) {  // Row y comes, and that of 2 * radius + 1 rows before goes.
      const auto place = static_cast<std::size_t>(y + size) % kept;
      std::uint32_t* row = rows.data() + place * length;
      for (std::size_t i = 0; i < length; ++i) sums[i] -= row[i];
      for (std::size_t c = 0; c < source.channels; ++c) {
        int sum = 0;
        for (int x = -radius; x <= radius; ++x) sum += source.at(y, x, c);
        for (std::size_t x = 0; x < source.width; ++x) {
          row[x * source.channels + c] = static_cast<std::uint32_t>(sum);
          const auto here = static_cast<std::ptrdiff_t>(x);
          sum += source.at(y, here + radius + 1, c) - source.at(y, here - radius, c);
        }
      }
      for (std::size_t i = 0; i < length; ++i) sums[i] += row[i];
    };
    const auto first = static_cast<std::ptrdiff_t>(from), last = static_cast<std::ptrdiff_t>(to);
    for (std::ptrdiff_t y = first - radius; y < first + radius; ++y) slide(y);
    for (std::ptrdiff_t y = first; y < last; ++y) {
      slide(y + radius);
      Byte* out = result.row(static_cast<std::size_t>(y)).data();
      for (std::size_t i = 0; i < length; ++i) out[i] = static_cast<Byte>((sums[i] + area / 2) / area);
    }
  });
  return result;
}

/// How much the brightness changes at each pixel, by Sobel's kernels: 0 to 255.
Image edges(const Pixels& pixels, int threads) {
  const Source source = open(pixels, threads);
  Image result(source.height, source.width, 1);
  in_bands(source.height, threads, [&](std::size_t from, std::size_t to) {
    // Three rows of brightness, each with one pixel more at both ends.
    const std::size_t length = source.width + 2;
    std::vector<int> rows(3 * length);
    const auto row = [&](std::ptrdiff_t y) { return rows.data() + static_cast<std::size_t>(y + 3) % 3 * length; };
    const auto load = [&](std::ptrdiff_t y) {
      int* to_row = row(y);
      for (std::size_t x = 0; x < length; ++x) to_row[x] = source.grey(y, static_cast<std::ptrdiff_t>(x) - 1);
    };
    const auto first = static_cast<std::ptrdiff_t>(from), last = static_cast<std::ptrdiff_t>(to);
    load(first - 1);
    load(first);
    for (std::ptrdiff_t y = first; y < last; ++y) {
      load(y + 1);
      const int *a = row(y - 1), *b = row(y), *c = row(y + 1);
      Byte* out = result.row(static_cast<std::size_t>(y)).data();
      for (std::size_t x = 0; x < source.width; ++x) {
        const int dx = a[x + 2] + 2 * b[x + 2] + c[x + 2] - a[x] - 2 * b[x] - c[x];
        const int dy = c[x] + 2 * c[x + 1] + c[x + 2] - a[x] - 2 * a[x + 1] - a[x + 2];
        out[x] = static_cast<Byte>(std::min(255.0F, std::sqrt(static_cast<float>(dx * dx + dy * dy))));
      }
    }
  });
  return result;
}

}  // namespace

/// It holds numbers: functions without the GIL may return one.
template <>
struct adder::UngilTraits<Image> : std::true_type {};

template <>
struct adder::PyClass<Image> {
  static constexpr auto name = "Image";
  static constexpr auto doc = "An image: numpy.asarray(image) and memoryview(image) show its pixels, in place.";
  static void define(ClassBuilder<Image>& cls) {
    cls.def_new<std::size_t, std::size_t, std::size_t>(arg("height"), arg("width"), arg("channels") = 1);
    cls.buffer<&Image::view>();
    cls.getter<&Image::height>("height");
    cls.getter<&Image::width>("width");
    cls.getter<&Image::channels>("channels");
    cls.def<&Image::crop>("crop", arg("top"), arg("left"), arg("height"), arg("width"),
                          "Keep a part. RuntimeError while an array or a memoryview of the image is there.");
  }
};

ADDER_MODULE(image_filters, m) {
  m.doc("Filters for images: arrays of bytes, (height, width) or (height, width, 3).");
  m.add_class<Image>();
  m.def<&blur>("blur", arg("image"), arg("radius") = 3, arg("threads") = 2, release_gil,
               "The mean of the (2 * radius + 1)**2 pixels around each pixel.");
  m.def<&edges>("edges", arg("image"), arg("threads") = 2, release_gil,
                "How much the brightness changes at each pixel, as a grey image.");
}
