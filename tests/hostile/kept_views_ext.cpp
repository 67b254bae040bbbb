// SPDX-License-Identifier: MIT
// Classes that keep what a call lent them, and one that does not.
#include "adder/adder.hpp"
#include "adder/stl/span.hpp"
#include "adder/stl/string.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace {

using namespace adder;

/// Keeps views where adder cannot see them.
class Keeper {
 public:
  Keeper(std::string_view text, std::span<const std::byte> bytes) : text_(text), bytes_(bytes) {}
  /// What both begin to show is read; a sanitizer would say so.
  bool shows(std::string_view text) const { return text_ == text; }
  std::size_t size() const { return text_.size() + bytes_.size(); }
  void set_text(std::string_view text) { text_ = text; }

 private:
  std::string_view text_;
  std::span<const std::byte> bytes_;
};

/// Uses views during the call alone, which is what they are for.
class Copier {
 public:
  Copier(std::string_view text, std::span<const std::byte> bytes)
      : text_(text), bytes_(reinterpret_cast<const char*>(bytes.data()), bytes.size()) {}
  static Copier twice(std::string_view text) {
    Copier made(text, {});
    made.text_ += text;
    return made;
  }
  const std::string& text() const { return text_; }
  void set_text(std::string_view text) { text_ = text; }
  std::size_t bytes() const { return bytes_.size(); }

 private:
  std::string text_, bytes_;
};

/// A view of what lives for good, which its author vouches for.
struct Literal {
  std::string_view text;
};
struct Unit {
  Literal name{"metre"};
};

}  // namespace

template <>
struct adder::ViewTraits<Literal> : std::false_type {};
template <>
struct adder::PyClass<Keeper> {
  static constexpr auto name = "Keeper";
  static void define(ClassBuilder<Keeper>& cls) {
    cls.def_new<std::string_view, std::span<const std::byte>>(arg("text"), arg("bytes"));
    cls.def<&Keeper::shows>("shows");
    cls.def<&Keeper::size>("size");
    cls.setter<&Keeper::set_text>("text");
  }
};
template <>
struct adder::PyClass<Copier> {
  static constexpr auto name = "Copier";
  static void define(ClassBuilder<Copier>& cls) {
    cls.def_new<const std::string_view&, std::span<const std::byte>>(arg("text"), arg("bytes"));
    cls.def_staticmethod<&Copier::twice>("twice");
    cls.getter<&Copier::text>("text");
    cls.setter<&Copier::set_text>("text");
    cls.getter<&Copier::bytes>("bytes");
  }
};
template <>
struct adder::PyClass<Unit> {
  static constexpr auto name = "Unit";
  static void define(ClassBuilder<Unit>& cls) {
    cls.def_new<>();
    cls.getter<[](const Unit& unit) { return unit.name.text; }>("name");
  }
};

ADDER_MODULE(kept_views_ext, m) {
  m.add_class<Keeper>();
  m.add_class<Copier>();
  m.add_class<Unit>();
  m.add("checked", ADDER_CHECKED != 0);
}
