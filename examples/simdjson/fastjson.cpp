// SPDX-License-Identifier: MIT
// JSON into Python objects by simdjson: all of a document, or the part of it that is wanted. See README.md.
#include <simdjson.h>
#include <adder/adder.hpp>
#include <adder/function/new_function.hpp>
#include <adder/stl/string.hpp>  // IWYU pragma: keep (converts the name of the implementation)
#include <adder/stl/variant.hpp>
#include <adder/types/bytes_view.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

using namespace adder;

struct DecodeError : NewException<"fastjson.DecodeError", PyValueError, "Text that is no JSON, or has no such part."> {
};

namespace {

namespace dom = simdjson::dom;

/// Letting go of the GIL costs about as much as to parse so many bytes.
constexpr std::size_t long_document = 4096;
/// As deep as json goes before it is a RecursionError.
constexpr std::size_t most_nested = 990;

using Input = std::variant<std::string_view, BytesView>;

/// Makes Python objects of the parts of a document.
class Converter {
 public:
  explicit Converter(Python py) : py_(py) {}

  // It calls itself for what is inside; the parser has seen to it that this is not too deep.
  Bound<PyAny> convert(const dom::element& element) {
    switch (element.type()) {
      case dom::element_type::ARRAY: {
        PyListBuilder list(py_, dom::array(element).size());
        for (const dom::element item : dom::array(element)) list.push_back(convert(item));
        return std::move(list).finish();
      }
      case dom::element_type::OBJECT: {
        const auto dict = PyDict::new_(py_);
        for (const auto& [name, value] : dom::object(element)) dict.set_item(key(name), convert(value));
        return dict;
      }
      case dom::element_type::STRING:
        return PyString::new_(py_, std::string_view(element));
      case dom::element_type::INT64:
        return PyInt::new_(py_, std::int64_t(element));
      case dom::element_type::UINT64:
        return PyInt::new_(py_, std::uint64_t(element));
      case dom::element_type::DOUBLE:
        return PyFloat::new_(py_, double(element));
      case dom::element_type::BOOL:
        return PyBool::new_(py_, bool(element));
      case dom::element_type::NULL_VALUE:
        break;
    }
    return py_.None();
  }

 private:
  /// The objects of a list have the same names again and again: each is made once.
  /// By value, as what is inside may put another name in the place.
  Bound<PyString> key(std::string_view name) {
    auto& known = keys_[std::hash<std::string_view>()(name) % keys_.size()];
    if (!known || known->first != name) known.emplace(name, PyString::new_(py_, name));
    return known->second;
  }

  Python py_;
  /// The names are those of the document, which lives for longer.
  std::array<std::optional<std::pair<std::string_view, Bound<PyString>>>, 256> keys_;
};

[[noreturn]] void refuse(simdjson::error_code code) {
  if (code == simdjson::MEMALLOC) throw PyErr(PyMemoryError::new_err());
  if (code == simdjson::DEPTH_ERROR) throw PyRecursionError::new_err("the document is nested too deeply");
  throw DecodeError::new_err(simdjson::error_message(code));
}

std::string_view bytes_of(const Input& data) {
  if (const auto* text = std::get_if<std::string_view>(&data)) return *text;
  const auto bytes = std::get<BytesView>(data).as_bytes();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// A document, parsed without the GIL. What it was made of may change by then: this has a copy, which the parser needs
/// anyway, as it reads a little further than to the end.
class Document {
 public:
  Document(Python py, const Input& data) : text_(bytes_of(data)) {
    const auto parse = [this] {
      const auto code = parser_.allocate(text_.size(), most_nested);
      return code == simdjson::SUCCESS ? parser_.parse(text_).get(root_) : code;
    };
    code_ = text_.size() < long_document ? parse() : py.allow_threads_unchecked(parse);
  }
  simdjson::error_code code() const { return code_; }
  const dom::element& root() const { return root_; }

 private:
  simdjson::padded_string text_;
  dom::parser parser_;
  dom::element root_;
  simdjson::error_code code_ = simdjson::UNINITIALIZED;
};

/// NaN and Infinity are no JSON, though json takes them.
void refuse_constant(std::string_view) { refuse(simdjson::NUMBER_ERROR); }

/// What Python's own module makes of it: integers of any size, and what is infinite as a double.
Bound<PyAny> by_json(Python py, const Input& data) {
  const auto text = PyBytes::new_(py, bytes_of(data));
  try {
    return py.import("json"_s).call_method("loads"_s, text,
                                           kw("parse_constant"_s) = new_function<&refuse_constant>(py, "refuse"));
  } catch (const PyErr& error) {
    if (!error.is_instance_of<PyValueError>(py)) throw;
    refuse(simdjson::NUMBER_ERROR);
  }
}

Bound<PyAny> loads(Python py, const Input& data) {
  const Document document(py, data);
  if (document.code() == simdjson::NUMBER_ERROR) return by_json(py, data);
  if (document.code() != simdjson::SUCCESS) refuse(document.code());
  return Converter(py).convert(document.root());
}

/// Makes objects of a part only.
Bound<PyAny> at(Python py, const Input& data, std::string_view pointer) {
  const Document document(py, data);
  if (document.code() != simdjson::SUCCESS) refuse(document.code());
  dom::element part;
  const auto code = document.root().at_pointer(pointer).get(part);
  if (code == simdjson::NO_SUCH_FIELD || code == simdjson::INDEX_OUT_OF_BOUNDS) {
    throw PyKeyError::new_err(pointer);
  }
  if (code != simdjson::SUCCESS) refuse(code);
  return Converter(py).convert(part);
}

}  // namespace

ADDER_MODULE(fastjson, m) {
  m.doc("JSON by simdjson.");
  m.add("DecodeError", m.py().get_type<DecodeError>());
  m.add("implementation", simdjson::get_active_implementation()->name());
  m.def<&loads>("loads", arg("data"), pos_only, "What json.loads makes of a str, or of UTF-8 in anything bytes-like.");
  m.def<&at>("at", arg("data"), arg("pointer"), pos_only, "The part that a JSON pointer leads to: '/users/0/name'.");
}
