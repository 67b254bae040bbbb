// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of element.hpp: formats of PEP 3118.
#pragma once
#include "adder/array/element.hpp"

#include <bit>
#include <cstddef>
#include <string>
#include <string_view>

namespace adder::inline ADDER_ABI::detail {

struct FormatCode {
  ElementKind kind = ElementKind::unknown;
  std::size_t size = 0;
  std::size_t alignment = 1;
};

/// @param native  Whether sizes are those of this machine's C, not the standard's.
ADDER_FUNC FormatCode format_code(char code, bool native) noexcept {
  const auto number = [native](ElementKind kind, std::size_t standard, std::size_t own, std::size_t alignment) {
    return FormatCode{kind, native ? own : standard, native ? alignment : 1};
  };
  constexpr ElementKind integer = ElementKind::integer, unsigned_integer = ElementKind::unsigned_integer;
  switch (code) {
    case '?':
      return {ElementKind::boolean, 1, 1};
    case 'c':
      return {ElementKind::byte, 1, 1};
    case 'b':
      return {integer, 1, 1};
    case 'B':
      return {unsigned_integer, 1, 1};
    case 'h':
      return number(integer, 2, sizeof(short), alignof(short));  // NOLINT(google-runtime-int): of the format
    case 'H':
      return number(unsigned_integer, 2, sizeof(short), alignof(short));  // NOLINT(google-runtime-int)
    case 'i':
      return number(integer, 4, sizeof(int), alignof(int));
    case 'I':
      return number(unsigned_integer, 4, sizeof(int), alignof(int));
    case 'l':
      return number(integer, 4, sizeof(long), alignof(long));  // NOLINT(google-runtime-int)
    case 'L':
      return number(unsigned_integer, 4, sizeof(long), alignof(long));  // NOLINT(google-runtime-int)
    case 'q':
      return number(integer, 8, sizeof(long long), alignof(long long));  // NOLINT(google-runtime-int)
    case 'Q':
      return number(unsigned_integer, 8, sizeof(long long), alignof(long long));  // NOLINT(google-runtime-int)
    case 'n':
      return native ? FormatCode{integer, sizeof(Py_ssize_t), alignof(Py_ssize_t)} : FormatCode{};
    case 'N':
      return native ? FormatCode{unsigned_integer, sizeof(std::size_t), alignof(std::size_t)} : FormatCode{};
    case 'e':
      return number(ElementKind::real, 2, 2, 2);
    case 'f':
      return number(ElementKind::real, 4, sizeof(float), alignof(float));
    case 'd':
      return number(ElementKind::real, 8, sizeof(double), alignof(double));
    case 'g':
      return native ? FormatCode{ElementKind::real, sizeof(long double), alignof(long double)} : FormatCode{};
    case 'F':  // As the struct module has it, since 3.14.
      return number(ElementKind::complex, 8, 2 * sizeof(float), alignof(float));
    case 'D':
      return number(ElementKind::complex, 16, 2 * sizeof(double), alignof(double));
    default:
      return {};
  }
}

/// One member of a format.
struct FormatMember {
  std::size_t count = 1;
  FormatCode type;
  bool foreign = false;   ///< Its bytes are in the order of other machines.
  bool aligned = false;   ///< It begins at a multiple of its alignment.
  bool padding = false;   ///< `count` bytes of nothing.
  std::string_view body;  ///< Of a struct, what is in the braces.
  std::string_view name;
};

/// Reads a format from left to right.
class FormatReader {
 public:
  FormatReader(std::string_view text, char order) noexcept : text_(text), order_(order) {}

  bool at_end() noexcept {
    while (peek() == ' ' || is_order(peek())) order_or_space();
    return at_ == text_.size();
  }
  bool failed() const noexcept { return failed_; }
  /// Which byte order, sizes and alignment hold from here on.
  char order() const noexcept { return order_; }

  /// False where there is none, or none that could be read.
  bool next(FormatMember& member) noexcept {
    if (at_end()) return false;
    member = FormatMember();
    std::size_t shape = 1;
    if (peek() == '(') {
      ++at_;
      do {
        std::size_t extent = 0;
        if (!number(extent) || !multiply(shape, extent)) return fail();
      } while (take(','));
      if (!take(')')) return fail();
    }
    while (peek() == ' ' || is_order(peek())) order_or_space();
    const bool counted = peek() >= '0' && peek() <= '9';
    if (counted && !number(member.count)) return fail();
    if (!multiply(member.count, shape)) return fail();
    if (!type(member)) return fail();
    if (take(':')) {
      const std::size_t end = text_.find(':', at_);
      if (end == std::string_view::npos) return fail();
      member.name = first_of(text_, end);
      member.name.remove_prefix(at_);
      at_ = end + 1;
    }
    return true;
  }

 private:
  static bool is_order(char c) noexcept { return c == '@' || c == '=' || c == '<' || c == '>' || c == '!' || c == '^'; }
  char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) noexcept {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void order_or_space() noexcept {
    if (peek() != ' ') order_ = peek();
    ++at_;
  }
  bool fail() noexcept {
    failed_ = true;
    return false;
  }
  static bool multiply(std::size_t& product, std::size_t by) noexcept {
    constexpr std::size_t most = std::size_t{1} << 30;  // Nobody has larger items.
    if (by > most || (by != 0 && product > most / by)) return false;
    product *= by;
    return true;
  }
  bool number(std::size_t& value) noexcept {
    if (peek() < '0' || peek() > '9') return false;
    value = 0;
    while (peek() >= '0' && peek() <= '9') {
      if (!multiply(value, 10)) return false;
      value += static_cast<std::size_t>(text_[at_++] - '0');
    }
    return true;
  }
  bool type(FormatMember& member) noexcept {
    const bool native = order_ == '@' || order_ == '^';
    member.aligned = order_ == '@';
    if (peek() == 'T' && at_ + 1 < text_.size() && text_[at_ + 1] == '{') return structure(member);
    if (take('x')) {
      member.padding = true;
      return true;
    }
    const bool is_complex = take('Z');
    member.type = format_code(peek(), native);
    if (member.type.kind == ElementKind::unknown) return false;
    if (is_complex) {
      if (member.type.kind != ElementKind::real) return false;
      member.type.kind = ElementKind::complex;
      member.type.size *= 2;
    }
    ++at_;
    constexpr bool is_big = std::endian::native == std::endian::big;
    const bool big = order_ == '>' || order_ == '!';
    member.foreign = member.type.size > 1 && (is_big ? order_ == '<' : big);
    return true;
  }
  bool structure(FormatMember& member) noexcept {
    at_ += 2;
    const std::size_t begin = at_;
    std::size_t depth = 1;
    bool in_name = false;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == ':') in_name = !in_name;
      if (in_name) continue;
      if (c == '{' && ++depth > 16) return false;
      if (c == '}' && --depth == 0) break;
    }
    if (depth != 0) return false;
    member.body = first_of(text_, at_);
    member.body.remove_prefix(begin);
    ++at_;
    return measure(member);
  }
  /// The size of a struct. Its last byte order stays, as numpy has it.
  bool measure(FormatMember& outer) noexcept {
    FormatReader inner(outer.body, order_);
    outer.type = {ElementKind::structure, 0, 1};
    FormatMember member;
    while (inner.next(member)) {
      if (!add(outer.type.size, member)) return false;
      if (member.aligned && member.type.alignment > outer.type.alignment) outer.type.alignment = member.type.alignment;
      outer.foreign = outer.foreign || member.foreign;
    }
    order_ = inner.order();
    return !inner.failed();
  }

 public:
  /// Moves @p offset behind @p member, which begins there or at the next multiple of its alignment.
  static bool add(std::size_t& offset, const FormatMember& member) noexcept {
    std::size_t size = member.count;
    if (!multiply(size, member.padding ? 1 : member.type.size)) return false;
    align(offset, member);
    offset += size;
    return offset <= std::size_t{1} << 30;
  }
  static void align(std::size_t& offset, const FormatMember& member) noexcept {
    if (!member.aligned || member.padding) return;
    offset = (offset + member.type.alignment - 1) / member.type.alignment * member.type.alignment;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  char order_;
  bool failed_ = false;
};

ADDER_FUNC bool same_scalar(const ElementInfo& wanted, const FormatMember& member) noexcept {
  const ElementKind kind = member.type.kind;
  if (member.foreign || member.type.size != wanted.size) return false;
  if (kind == wanted.kind) return kind != ElementKind::unknown && kind != ElementKind::structure;
  const bool is_byte = kind == ElementKind::integer || kind == ElementKind::unsigned_integer;
  if (wanted.kind == ElementKind::byte) return is_byte;
  return wanted.kind == ElementKind::unsigned_integer && kind == ElementKind::byte;
}

ADDER_FUNC const ElementField* find_field(const ElementInfo& info, std::string_view name) noexcept {
  for (std::size_t i = 0; i < info.field_count; ++i) {
    if (info.fields[i].name == name) return &info.fields[i];
  }
  return nullptr;
}

ADDER_FUNC bool same_struct(const ElementInfo& wanted, std::string_view body, char order) noexcept;

/// Whether a member that begins at @p offset is what the field of its name is.
ADDER_FUNC bool same_field(const ElementField* field, const FormatMember& member, std::size_t offset,
                           char order) noexcept {
  if (field == nullptr || field->offset != offset || field->count != member.count) return false;
  if (field->type->kind != ElementKind::structure) return same_scalar(*field->type, member);
  return member.type.kind == ElementKind::structure && same_struct(*field->type, member.body, order);
}

ADDER_FUNC bool same_struct(const ElementInfo& wanted, std::string_view body, char order) noexcept {
  FormatReader reader(body, order);
  FormatMember member;
  std::size_t offset = 0, found = 0;
  char before = order;
  // No two members begin at the same place, so none is found twice.
  while (!reader.at_end()) {
    before = reader.order();
    if (!reader.next(member)) break;
    FormatReader::align(offset, member);
    if (!member.padding) {
      if (!same_field(find_field(wanted, member.name), member, offset, before)) return false;
      ++found;
    }
    if (!FormatReader::add(offset, member)) return false;
  }
  return !reader.failed() && found == wanted.field_count && offset <= wanted.size;
}

ADDER_FUNC bool format_matches(const ElementInfo& wanted, const char* format, std::size_t size) noexcept {
  if (size != wanted.size) return false;
  const std::string_view text = format == nullptr ? "B" : format;
  FormatReader reader(text, '@');
  FormatMember member;
  if (reader.at_end()) return false;
  const char order = reader.order();
  if (!reader.next(member) || !reader.at_end() || reader.failed()) return false;
  if (member.count != 1 || member.padding) return false;
  if (wanted.kind != ElementKind::structure) return same_scalar(wanted, member);
  return member.type.kind == ElementKind::structure && same_struct(wanted, member.body, order);
}

ADDER_FUNC bool has_bools(const ElementInfo& element) noexcept {
  if (element.kind == ElementKind::boolean) return true;
  for (std::size_t i = 0; i < element.field_count; ++i) {
    if (has_bools(*element.fields[i].type)) return true;
  }
  return false;
}

// --- In words --------------------------------------------------------------------------------------------------------

ADDER_COLD ADDER_FUNC std::string members_in_words(std::string_view body, char order) {
  std::string words = "{";
  FormatReader reader(body, order);
  FormatMember member;
  while (!reader.at_end()) {
    const char before = reader.order();
    if (!reader.next(member)) return "a format of another kind";
    if (member.padding) continue;
    if (words.size() > 1) words += ", ";
    if (words.size() > 300) return words + "...}";
    if (!member.name.empty()) words.append(member.name).append(": ");
    if (member.count != 1) words.append(std::to_string(member.count)).append(" x ");
    if (member.type.kind == ElementKind::structure) {
      words += members_in_words(member.body, before);
    } else {
      if (member.foreign) words += std::endian::native == std::endian::big ? "little-endian " : "big-endian ";
      words += describe_scalar(member.type.kind, member.type.size, 1).name;
    }
  }
  return words + "}";
}

ADDER_COLD ADDER_FUNC std::string format_in_words(const char* format, std::size_t size) {
  const std::string_view text = format == nullptr ? "B" : format;
  const char last = text.empty() ? '\0' : text.back();
  if (last == 'O') return "Python objects";
  if (last == 'w' || last == 'u') return "text";
  if (last == 's' || last == 'p') return "strings of " + std::to_string(size) + " bytes";
  FormatReader reader(text, '@');
  FormatMember member;
  if (!reader.at_end()) {
    const char order = reader.order();
    if (reader.next(member) && !member.padding && reader.at_end() && !reader.failed()) {
      std::string words = member.count == 1 ? "" : std::to_string(member.count) + " x ";
      if (member.type.kind == ElementKind::structure) return words + members_in_words(member.body, order);
      if (member.foreign) words += std::endian::native == std::endian::big ? "little-endian " : "big-endian ";
      return words + describe_scalar(member.type.kind, member.type.size, 1).name;
    }
  }
  return "items of format '" + std::string(first_of(text, 100)) + "'";
}

ADDER_COLD ADDER_FUNC std::string dlpack_type_in_words(unsigned code, unsigned bits, unsigned lanes) {
  static constexpr const char* names[] = {"int", "uint", "float", "handle", "bfloat", "complex", "bool"};
  std::string words = code < 7 ? names[code] : "type " + std::to_string(code) + " of DLPack with bits ";
  if (code != 6 || bits != 8) words += std::to_string(bits);
  if (lanes != 1) words += " in vectors of " + std::to_string(lanes);
  return words;
}

ADDER_COLD ADDER_FUNC StructText describe_struct(const ElementField* fields, std::size_t count, std::size_t size) {
  StructText text{"{", "T{"};
  std::size_t offset = 0;
  const auto pad_to = [&](std::size_t place) {
    if (place > offset) text.format.append(std::to_string(place - offset)).append("x");
    offset = place;
  };
  while (true) {
    const ElementField* next = nullptr;  // In the order of their places.
    for (std::size_t i = 0; i < count; ++i) {
      if (fields[i].offset >= offset && (next == nullptr || fields[i].offset < next->offset)) next = &fields[i];
    }
    if (next == nullptr) break;
    pad_to(next->offset);
    const ElementInfo& type = *next->type;
    if (text.name.size() > 1) text.name += ", ";
    text.name.append(next->name).append(": ");
    if (next->count != 1) {
      text.name.append(std::to_string(next->count)).append(" x ");
      text.format.append("(").append(std::to_string(next->count)).append(")");
    }
    text.name += type.name;
    // Sizes of this machine, without alignment.
    if (type.kind != ElementKind::structure) text.format += "^";
    text.format.append(type.format == nullptr ? "H" : type.format).append(":").append(next->name).append(":");
    offset += next->count * type.size;
  }
  pad_to(size);
  text.name += "}";
  text.format += "}";
  return text;
}

}  // namespace adder::inline ADDER_ABI::detail
