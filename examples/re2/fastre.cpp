// SPDX-License-Identifier: MIT
// Google's RE2 behind the common part of Python's `re`: see README.md for what is the same and what is not.
#include <re2/re2.h>
#include <adder/adder.hpp>
#include <adder/class/enum.hpp>
#include <adder/class/protocols.hpp>
#include <adder/stl/optional.hpp>
#include <adder/stl/pair.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/variant.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

using namespace adder;

enum class Flag : int { ignore_case = 2, multi_line = 8, dot_all = 16, ascii = 256 };

struct Error : NewException<"fastre.error", PyValueError, "A pattern or a template that is not right."> {};

namespace {

using Piece = re2::StringPiece;
/// Without the GIL from here on: to let go of it costs about as much as to search so many bytes.
constexpr std::size_t long_text = 4096;

/// What is searched, kept as it is: str and bytes do not change, of anything else there is a copy.
class Subject {
 public:
  explicit Subject(const Bound<PyAny>& object) : content_(PyBackedBytes(PyBytes::new_(object.py(), ""))) {
    if (const auto text = object.try_downcast<PyString>()) {
      content_.emplace<PyBackedStr>(*text);
      is_ascii_ = text->len() == bytes().size();
    } else if (const auto raw = object.try_downcast<PyBytes>()) {
      content_.emplace<PyBackedBytes>(*raw);
    } else if (PyObject_CheckBuffer(object.as_ptr()) != 0) {
      content_.emplace<PyBackedBytes>(object.py().get_type<PyBytes>().call(object).downcast<PyBytes>());
    } else {
      throw PyTypeError::new_err("expected string or bytes-like object, got '" + object.get_type().name() + "'");
    }
  }
  bool is_text() const { return std::holds_alternative<PyBackedStr>(content_); }
  Piece bytes() const {
    if (const auto* text = std::get_if<PyBackedStr>(&content_)) return {text->view().data(), text->size()};
    const auto view = std::get<PyBackedBytes>(content_).view();
    return {reinterpret_cast<const char*>(view.data()), view.size()};
  }
  /// A str or bytes, as the whole is.
  Bound<PyAny> piece(Python py, Piece part) const { return make(py, is_text(), {part.data(), part.size()}); }
  static Bound<PyAny> make(Python py, bool text, std::string_view part) {
    if (text) return PyString::new_(py, part);
    return PyBytes::new_(py, part);
  }
  /// Characters of a str, bytes of others.
  std::ptrdiff_t index_of(std::size_t byte) const {
    if (!is_text() || is_ascii_) return static_cast<std::ptrdiff_t>(byte);
    const Piece all = bytes();
    return std::count_if(all.data(), all.data() + byte, begins_character);
  }
  std::size_t byte_of(std::ptrdiff_t index) const {
    const Piece all = bytes();
    const auto wanted = static_cast<std::size_t>(std::max<std::ptrdiff_t>(index, 0));
    if (!is_text() || is_ascii_) return std::min(wanted, all.size());
    std::size_t byte = 0;
    for (std::size_t seen = 0; byte < all.size() && (seen += begins_character(all[byte]) ? 1 : 0) <= wanted; ++byte) {
    }
    return byte;
  }
  /// The place one character further on.
  std::size_t after(std::size_t byte) const {
    const Piece all = bytes();
    for (++byte; is_text() && byte < all.size() && !begins_character(all[byte]); ++byte) {
    }
    return byte;
  }

 private:
  static bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

  std::variant<PyBackedStr, PyBackedBytes> content_;
  bool is_ascii_ = false;
};

struct Compiled {
  Compiled(const std::string& text, bool for_text, Flag with, const re2::RE2::Options& options)
      : pattern(text), is_text(for_text), flags(with), regex(prefix(with) + text, options) {
    if (!regex.ok()) throw Error::new_err(regex.error() + (regex.error_arg().empty() ? "" : ": " + regex.error_arg()));
    groups = regex.NumberOfCapturingGroups();
  }
  static std::string prefix(Flag flags) {
    std::string letters;
    const auto has = [&](Flag one) { return (static_cast<int>(flags) & static_cast<int>(one)) != 0; };
    if (has(Flag::ignore_case)) letters += 'i';
    if (has(Flag::multi_line)) letters += 'm';
    if (has(Flag::dot_all)) letters += 's';
    return letters.empty() ? "" : "(?" + letters + ")";
  }
  const std::string pattern;
  const bool is_text;
  const Flag flags;
  const re2::RE2 regex;  // Searching does not change it, so threads share it.
  int groups;
};

class Pattern;

class Match {
 public:
  Match(std::shared_ptr<const Compiled> with, std::shared_ptr<const Subject> in, const std::vector<Piece>& found)
      : compiled_(std::move(with)), subject_(std::move(in)) {
    const char* const begin = subject_->bytes().data();
    for (const Piece& part : found) {
      if (part.data() == nullptr) {
        spans_.emplace_back(-1, -1);
      } else {
        spans_.emplace_back(part.data() - begin, part.data() - begin + static_cast<std::ptrdiff_t>(part.size()));
      }
    }
  }
  bool has(std::size_t group) const { return spans_[group].first >= 0; }
  Piece piece(std::size_t group) const {
    const auto [begin, end] = spans_[group];
    const Piece all = subject_->bytes();
    return has(group) ? all.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)) : Piece();
  }
  std::size_t begin_byte() const { return static_cast<std::size_t>(spans_[0].first); }
  Bound<PyAny> value(Python py, std::size_t group, const Bound<PyAny>& otherwise) const {
    return has(group) ? subject_->piece(py, piece(group)) : otherwise;
  }
  std::size_t index(const Bound<PyAny>& group) const {
    if (const auto name = group.try_downcast<PyString>()) {
      const auto& names = compiled_->regex.NamedCapturingGroups();
      const auto found = names.find(std::string(name->to_str()));
      if (found == names.end()) throw PyIndexError::new_err("no such group");
      return static_cast<std::size_t>(found->second);
    }
    const auto number = group.try_extract<Index>();
    if (number.is_err()) throw PyIndexError::new_err("no such group");
    const auto wanted = group.extract<std::int64_t>();
    if (wanted < 0 || static_cast<std::size_t>(wanted) >= spans_.size()) throw PyIndexError::new_err("no such group");
    return static_cast<std::size_t>(wanted);
  }

  Bound<PyAny> group(Python py, const Args& groups) const {
    if (groups->len() == 0) return value(py, 0, py.None());
    if (groups->len() == 1) return value(py, index(groups->get_item(0)), py.None());
    const auto all = PyList::empty(py);
    for (const auto& one : *groups) all.append(value(py, index(one), py.None()));
    return all.to_tuple();
  }
  Bound<PyAny> get_item(const Bound<PyAny>& group) const { return value(group.py(), index(group), group.py().None()); }
  Bound<PyTuple> all_groups(Python py, const Bound<PyAny>& otherwise) const {
    const auto all = PyList::empty(py);
    for (std::size_t i = 1; i < spans_.size(); ++i) all.append(value(py, i, otherwise));
    return all.to_tuple();
  }
  Bound<PyDict> group_dict(Python py, const Bound<PyAny>& otherwise) const {
    auto all = PyDict::new_(py);
    for (const auto& [number, name] : compiled_->regex.CapturingGroupNames()) {
      all.set_item(name, value(py, static_cast<std::size_t>(number), otherwise));
    }
    return all;
  }
  Bound<PyTuple> groups(Python py, const std::optional<Bound<PyAny>>& otherwise) const {
    return all_groups(py, otherwise ? *otherwise : py.None().into_any());
  }
  Bound<PyDict> groupdict(Python py, const std::optional<Bound<PyAny>>& otherwise) const {
    return group_dict(py, otherwise ? *otherwise : py.None().into_any());
  }
  std::pair<std::ptrdiff_t, std::ptrdiff_t> span(const Bound<PyAny>& group) const {
    const std::size_t which = index(group);
    if (!has(which)) return {-1, -1};
    return {subject_->index_of(static_cast<std::size_t>(spans_[which].first)),
            subject_->index_of(static_cast<std::size_t>(spans_[which].second))};
  }
  std::ptrdiff_t start(const Bound<PyAny>& group) const { return span(group).first; }
  std::ptrdiff_t end(const Bound<PyAny>& group) const { return span(group).second; }
  Bound<PyAny> string(Python py) const { return subject_->piece(py, subject_->bytes()); }
  std::string repr(Python py) const {
    const auto [begin, end] = span(PyInt::new_(py, 0));
    return "<fastre.Match object; span=(" + std::to_string(begin) + ", " + std::to_string(end) +
           "), match=" + value(py, 0, py.None()).repr().to_string() + ">";
  }
  std::string expand(std::string_view text) const;
  Pattern re() const;

 private:
  std::shared_ptr<const Compiled> compiled_;
  std::shared_ptr<const Subject> subject_;
  std::vector<std::pair<std::ptrdiff_t, std::ptrdiff_t>> spans_;
};

/// The replacement of sub(), in which \1, \g<1> and \g<name> stand for groups.
std::string Match::expand(std::string_view text) const {
  std::string result;
  const auto put = [&](std::size_t number) {
    if (number >= spans_.size()) throw Error::new_err("invalid group reference " + std::to_string(number));
    const Piece part = piece(number);
    result.append(part.data() == nullptr ? "" : part.data(), part.size());
  };
  const auto number_in = [](std::string_view digits, std::size_t& number) {
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return problem == std::errc() && end == digits.data() + digits.size();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      result += text[i];
      continue;
    }
    if (++i == text.size()) throw Error::new_err("bad escape (end of pattern)");
    const char c = text[i];
    std::size_t number = 0;
    if (c == 'g') {
      const std::size_t close = text.find('>', i);
      if (i + 1 >= text.size() || text[i + 1] != '<') throw Error::new_err("missing <");
      if (close == std::string_view::npos) throw Error::new_err("missing >, unterminated name");
      const std::string name(text.substr(i + 2, close - i - 2));
      const auto& names = compiled_->regex.NamedCapturingGroups();
      if (const auto found = names.find(name); found != names.end()) {
        put(static_cast<std::size_t>(found->second));
      } else if (number_in(name, number)) {
        put(number);
      } else {
        throw PyIndexError::new_err("unknown group name '" + name + "'");
      }
      i = close;
    } else if (c >= '1' && c <= '9') {
      std::size_t size = 1;
      if (i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9') size = 2;
      (void)number_in(text.substr(i, size), number);
      put(number);
      i += size - 1;
    } else if (const std::size_t which = std::string_view("abfnrtv\\").find(c); which != std::string_view::npos) {
      result += "\a\b\f\n\r\t\v\\"[which];
    } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '0') {
      throw Error::new_err(std::string("bad escape \\") + c);
    } else {
      (result += '\\') += c;
    }
  }
  return result;
}

class Pattern {
 public:
  static constexpr int unicode = 32;  // What re says of each str, where it is not ASCII.
  static constexpr int supported = 2 | 8 | 16 | 256 | unicode;

  explicit Pattern(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}
  static Pattern compile(const Bound<PyAny>& pattern, std::variant<Flag, int> flags, bool longest,
                         std::int64_t max_mem) {
    const Subject text(pattern);
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_longest_match(longest);
    const int bits = std::visit([](auto value) { return static_cast<int>(value); }, flags);
    if ((bits & ~supported) != 0)
      throw PyValueError::new_err("compile() argument 'flags': only I, M, S, A and U are supported");
    if (max_mem <= 0) throw PyValueError::new_err("compile() argument 'max_mem' must be positive");
    options.set_max_mem(max_mem);
    if (!text.is_text()) options.set_encoding(re2::RE2::Options::EncodingLatin1);
    return Pattern(std::make_shared<const Compiled>(std::string(text.bytes().data(), text.bytes().size()),
                                                    text.is_text(), static_cast<Flag>(bits & ~unicode), options));
  }

  std::optional<Match> search(const Bound<PyAny>& string, std::ptrdiff_t pos, std::ptrdiff_t endpos) const {
    return one(string, pos, endpos, re2::RE2::UNANCHORED);
  }
  std::optional<Match> match(const Bound<PyAny>& string, std::ptrdiff_t pos, std::ptrdiff_t endpos) const {
    return one(string, pos, endpos, re2::RE2::ANCHOR_START);
  }
  std::optional<Match> full_match(const Bound<PyAny>& string, std::ptrdiff_t pos, std::ptrdiff_t endpos) const {
    return one(string, pos, endpos, re2::RE2::ANCHOR_BOTH);
  }

  Bound<PyList> find_all(const Bound<PyAny>& string, std::ptrdiff_t pos, std::ptrdiff_t endpos) const {
    const Python py = string.py();
    auto result = PyList::empty(py);
    const auto nothing = Subject::make(py, compiled_->is_text, "");
    each(py, subject_of(string), pos, endpos, [&](const Match& found) {
      if (compiled_->groups <= 1) {
        result.append(found.value(py, static_cast<std::size_t>(compiled_->groups), nothing));
      } else {
        result.append(found.all_groups(py, nothing));
      }
      return true;
    });
    return result;
  }
  Bound<PyAny> find_iter(const Bound<PyAny>& string, std::ptrdiff_t pos, std::ptrdiff_t endpos) const {
    const auto result = PyList::empty(string.py());
    each(string.py(), subject_of(string), pos, endpos, [&](const Match& found) {
      result.append(Match(found));
      return true;
    });
    return string.py().import("builtins").call_method("iter"_s, result);
  }
  Bound<PyList> split(const Bound<PyAny>& string, std::int64_t maxsplit) const {
    const Python py = string.py();
    const auto subject = subject_of(string);
    const Piece all = subject->bytes();
    auto result = PyList::empty(py);
    std::size_t done = 0;
    std::int64_t count = 0;
    if (maxsplit >= 0) {
      each(py, subject, 0, PY_SSIZE_T_MAX, [&](const Match& found) {
        const std::size_t begin = found.begin_byte();
        result.append(subject->piece(py, all.substr(done, begin - done)));
        for (const auto& group : found.all_groups(py, py.None())) result.append(group);
        done = begin + found.piece(0).size();
        return ++count != maxsplit;
      });
    }
    result.append(subject->piece(py, all.substr(done)));
    return result;
  }
  std::pair<Py<PyAny>, std::int64_t> sub_n(const Bound<PyAny>& replacement, const Bound<PyAny>& string,
                                           std::int64_t limit) const {
    const Python py = string.py();
    const auto subject = subject_of(string);
    const Piece all = subject->bytes();
    std::string result;
    std::size_t done = 0;
    std::int64_t count = 0;
    const bool calls = PyCallable_Check(replacement.as_ptr()) != 0;
    std::optional<Subject> text;
    if (!calls) text.emplace(replacement);
    if (text && text->is_text() != compiled_->is_text)
      throw PyTypeError::new_err("replacement and pattern differ in type");
    if (limit >= 0) {
      each(py, subject, 0, PY_SSIZE_T_MAX, [&](const Match& found) {
        const std::size_t begin = found.begin_byte();
        result.append(all.data() + done, begin - done);
        if (calls) {
          const Subject made(replacement.call(Match(found)));
          if (made.is_text() != compiled_->is_text)
            throw PyTypeError::new_err("replacement and pattern differ in type");
          result.append(made.bytes().data(), made.bytes().size());
        } else {
          result += found.expand({text->bytes().data(), text->bytes().size()});
        }
        done = begin + found.piece(0).size();
        return ++count != limit;
      });
    }
    result.append(all.data() + done, all.size() - done);
    return {Subject::make(py, compiled_->is_text, result), count};
  }
  Py<PyAny> sub(const Bound<PyAny>& replacement, const Bound<PyAny>& string, std::int64_t limit) const {
    return sub_n(replacement, string, limit).first;
  }

  bool operator==(const Pattern& other) const {
    return compiled_ == other.compiled_ ||
           (compiled_->pattern == other.compiled_->pattern && compiled_->is_text == other.compiled_->is_text &&
            compiled_->flags == other.compiled_->flags);
  }
  std::size_t hash() const { return std::hash<std::string>()(compiled_->pattern); }
  Bound<PyAny> pattern(Python py) const { return Subject::make(py, compiled_->is_text, compiled_->pattern); }
  Flag flags() const { return compiled_->flags; }
  int groups() const { return compiled_->groups; }
  Bound<PyDict> group_index(Python py) const {
    auto result = PyDict::new_(py);
    for (const auto& [name, number] : compiled_->regex.NamedCapturingGroups()) result.set_item(name, number);
    return result;
  }
  std::string repr(Python py) const { return "fastre.compile(" + pattern(py).repr().to_string() + ")"; }

 private:
  std::shared_ptr<const Subject> subject_of(const Bound<PyAny>& string) const {
    auto subject = std::make_shared<const Subject>(string);
    if (compiled_->is_text && !subject->is_text()) {
      throw PyTypeError::new_err("cannot use a string pattern on a bytes-like object");
    }
    if (!compiled_->is_text && subject->is_text()) {
      throw PyTypeError::new_err("cannot use a bytes pattern on a string-like object");
    }
    return subject;
  }
  /// The groups of the next match, none where there is no further one.
  std::vector<Piece> find(Python py, const Subject& subject, std::size_t begin, std::size_t end,
                          re2::RE2::Anchor anchor) const {
    std::vector<Piece> groups(static_cast<std::size_t>(compiled_->groups) + 1);
    const Piece text = subject.bytes();
    const auto look = [&] {
      return compiled_->regex.Match(text, begin, end, anchor, groups.data(), static_cast<int>(groups.size()));
    };
    // What it reads does not change, and belongs to the subject: it needs no GIL.
    const bool found = end - begin < long_text ? look() : py.allow_threads_unchecked(look);
    if (!found) groups.clear();
    return groups;
  }
  std::optional<Match> one(const Bound<PyAny>& string, std::ptrdiff_t pos, std::ptrdiff_t endpos,
                           re2::RE2::Anchor anchor) const {
    const auto subject = subject_of(string);
    const std::size_t begin = subject->byte_of(pos);
    const std::size_t end = subject->byte_of(endpos);
    if (begin > end) return std::nullopt;
    const auto groups = find(string.py(), *subject, begin, end, anchor);
    if (groups.empty()) return std::nullopt;
    return Match(compiled_, subject, groups);
  }
  /// Calls @p use with each match, as long as it says so.
  template <class Use>
  void each(Python py, const std::shared_ptr<const Subject>& subject, std::ptrdiff_t pos, std::ptrdiff_t endpos,
            Use&& use) const {
    std::size_t begin = subject->byte_of(pos);
    const std::size_t end = subject->byte_of(endpos);
    while (begin <= end) {
      const auto groups = find(py, *subject, begin, end, re2::RE2::UNANCHORED);
      if (groups.empty()) return;
      const Match found(compiled_, subject, groups);
      if (!use(found)) return;
      const std::size_t after = found.begin_byte() + groups[0].size();
      begin = groups[0].empty() ? subject->after(after) : after;
      py.check_signals().value();  // Many matches take long.
    }
  }

  std::shared_ptr<const Compiled> compiled_;
};

Pattern Match::re() const { return Pattern(compiled_); }

/// A Pattern, or what one is compiled of: once, as long as it is among the last 512.
Bound<Pattern> pattern_of(const ThisModule& module, const Bound<PyAny>& pattern, std::variant<Flag, int> flags) {
  static GILOnceCell<Py<PyAny>> cache;
  const Python py = pattern.py();
  const int bits = std::visit([](auto value) { return static_cast<int>(value); }, flags);
  if (const auto compiled = pattern.try_downcast<Pattern>()) {
    if (bits != 0) throw PyValueError::new_err("cannot process flags argument with a compiled pattern");
    return compiled->as_bound();
  }
  const auto& compile = cache.get_or_init(py, [&] {
    const auto decorator = py.import("functools").call_method("lru_cache"_s, 512);
    return decorator.call(module->getattr("compile"_s)).unbind();
  });
  return compile.bind(py).call(pattern, bits).downcast<Pattern>();
}
/// Calls a method of it.
template <auto Method, class... Arguments>
auto by_pattern(const ThisModule& module, const Bound<PyAny>& pattern, std::variant<Flag, int> flags,
                const Arguments&... arguments) {
  const Bound<Pattern> compiled = pattern_of(module, pattern, flags);
  return (compiled.get().*Method)(arguments...);
}
template <auto Method>
auto find_by_pattern(const ThisModule& module, const Bound<PyAny>& pattern, const Bound<PyAny>& string,
                     std::variant<Flag, int> flags) {
  return by_pattern<Method>(module, pattern, flags, string, 0, PY_SSIZE_T_MAX);
}
template <auto Method>
auto replace_by_pattern(const ThisModule& module, const Bound<PyAny>& pattern, const Bound<PyAny>& repl,
                        const Bound<PyAny>& string, std::int64_t count, std::variant<Flag, int> flags) {
  return by_pattern<Method>(module, pattern, flags, repl, string, count);
}
Bound<PyList> split_by_pattern(const ThisModule& module, const Bound<PyAny>& pattern, const Bound<PyAny>& string,
                               std::int64_t maxsplit, std::variant<Flag, int> flags) {
  return by_pattern<&Pattern::split>(module, pattern, flags, string, maxsplit);
}

Bound<PyAny> escape(const Bound<PyAny>& pattern) {
  const Subject text(pattern);
  return Subject::make(pattern.py(), text.is_text(), re2::RE2::QuoteMeta(text.bytes()));
}

}  // namespace

template <>
struct adder::PyEnum<Flag> {
  static constexpr auto name = "Flag";
  static constexpr auto kind = EnumKind::int_flag;
  // The values are those of `re`.
  static constexpr EnumMember<Flag> members[] = {{"IGNORECASE", Flag::ignore_case, "Letters match in both cases."},
                                                 {"MULTILINE", Flag::multi_line, "^ and $ match at each line."},
                                                 {"DOTALL", Flag::dot_all, "A dot matches a newline as well."},
                                                 {"ASCII", Flag::ascii, "As always: \\w, \\d, \\s and \\b are ASCII."}};
};

template <>
struct adder::PyClass<Match> {
  static constexpr auto name = "Match";
  static constexpr bool frozen = true, sync = true;  // Never changes.
  static void define(ClassBuilder<Match>& cls) {
    cls.def<&Match::group>("group");
    cls.def<"__getitem__", &Match::get_item>();
    cls.def<&Match::groups>("groups", arg("default") = std::nullopt);
    cls.def<&Match::groupdict>("groupdict", arg("default") = std::nullopt);
    cls.def<&Match::start>("start", pos_only, arg("group") = 0);
    cls.def<&Match::end>("end", pos_only, arg("group") = 0);
    cls.def<&Match::span>("span", pos_only, arg("group") = 0);
    cls.getter<&Match::string>("string");
    cls.getter<&Match::re>("re");
    cls.def<"__repr__", &Match::repr>();
  }
};

template <>
struct adder::PyClass<Pattern> {
  static constexpr auto name = "Pattern";
  static constexpr bool frozen = true, sync = true;  // Never changes.
  static constexpr bool eq = true;
  static void define(ClassBuilder<Pattern>& cls) {
    const auto pos = arg("pos") = 0;
    const auto endpos = arg("endpos") = PY_SSIZE_T_MAX;
    cls.def<&Pattern::search>("search", arg("string"), pos, endpos, "The first match, or None.");
    cls.def<&Pattern::match>("match", arg("string"), pos, endpos, "A match at the beginning, or None.");
    cls.def<&Pattern::full_match>("fullmatch", arg("string"), pos, endpos, "A match of all of it, or None.");
    cls.def<&Pattern::find_all>("findall", arg("string"), pos, endpos);
    cls.def<&Pattern::find_iter>("finditer", arg("string"), pos, endpos);
    cls.def<&Pattern::split>("split", arg("string"), arg("maxsplit") = 0);
    cls.def<&Pattern::sub>("sub", arg("repl"), arg("string"), arg("count") = 0);
    cls.def<&Pattern::sub_n>("subn", arg("repl"), arg("string"), arg("count") = 0);
    cls.getter<&Pattern::pattern>("pattern");
    cls.getter<&Pattern::flags>("flags");
    cls.getter<&Pattern::groups>("groups");
    cls.getter<&Pattern::group_index>("groupindex");
    cls.def<"__hash__", &Pattern::hash>();
    cls.def<"__repr__", &Pattern::repr>();
  }
};

ADDER_MODULE(fastre, m) {
  m.doc("The common part of `re`, in time that grows with the text alone.");
  m.add_enum<Flag>();
  m.add_class<Match>();
  m.add_class<Pattern>();
  m.add("error", m.py().get_type<Error>());
  m.def<&Pattern::compile>("compile", arg("pattern"), arg("flags") = 0, kw_only, arg("longest") = false,
                           arg("max_mem") = 8 << 20,
                           "A pattern. `longest` finds the longest match instead of the first alternative that fits.");
  const auto pattern = arg("pattern"), string = arg("string");
  const auto flags = arg("flags") = 0;
  m.def<&find_by_pattern<&Pattern::search>>("search", pattern, string, flags, "The first match, or None.");
  m.def<&find_by_pattern<&Pattern::match>>("match", pattern, string, flags, "A match at the beginning, or None.");
  m.def<&find_by_pattern<&Pattern::full_match>>("fullmatch", pattern, string, flags, "A match of all of it, or None.");
  m.def<&find_by_pattern<&Pattern::find_all>>("findall", pattern, string, flags);
  m.def<&find_by_pattern<&Pattern::find_iter>>("finditer", pattern, string, flags);
  m.def<&split_by_pattern>("split", pattern, string, arg("maxsplit") = 0, flags);
  m.def<&replace_by_pattern<&Pattern::sub>>("sub", pattern, arg("repl"), string, arg("count") = 0, flags);
  m.def<&replace_by_pattern<&Pattern::sub_n>>("subn", pattern, arg("repl"), string, arg("count") = 0, flags);
  m.def<&escape>("escape", arg("pattern"), "The pattern that matches this text alone.");
}
