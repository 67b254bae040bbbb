// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of notes.hpp.
#pragma once
#include "adder/typing/notes.hpp"

#include <cstddef>
#include <cstdio>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace adder::inline ADDER_ABI::detail {

ADDER_FUNC std::vector<Note>& type_notes() {
  static std::vector<Note> all;
  return all;
}

ADDER_FUNC std::string& noted_module() {
  static std::string name;
  return name;
}

ADDER_FUNC std::string name_in_module(const char* name) {
  return noted_module().empty() ? std::string(name) : noted_module() + "." + name;
}

ADDER_FUNC std::string module_name_of(::PyObject* module) {
  const char* name = PyModule_GetName(module);
  if (name == nullptr) throw_fetched();
  return name;
}

ADDER_FUNC std::string failure_text() {
  translate_current_exception();
  return std::string(PyErr::fetch(token()).what());
}

// --- Defaults --------------------------------------------------------------------------------------------------------

/// Appends what means the value of a default in Python source. @return Whether something does.
ADDER_FUNC bool append_source(std::string& text, ::PyObject* value, int depth);

/// "demo.Color.RED", of the member of an enum.
ADDER_FUNC bool append_member_source(std::string& text, ::PyObject* value) {
  const Bound<PyAny> module = steal(non_null(guard_unwind(PyImport_ImportModule, "enum")));
  const Bound<PyAny> base = steal(non_null(guard_unwind(PyObject_GetAttrString, module.as_ptr(), "Enum")));
  ::PyObject* cls = reinterpret_cast<::PyObject*>(Py_TYPE(value));
  if (non_negative(guard_unwind(PyObject_IsInstance, value, base.as_ptr())) == 0) return false;
  const Bound<PyAny> name = steal(non_null(guard_unwind(PyObject_GetAttrString, value, "name")));
  if (!PyUnicode_Check(name.as_ptr()) || PyUnicode_IsIdentifier(name.as_ptr()) != 1) return false;
  const Bound<PyAny> found = steal(non_null(guard_unwind(PyObject_GetAttr, cls, name.as_ptr())));
  if (found.as_ptr() != value) return false;
  const char* member = PyUnicode_AsUTF8(name.as_ptr());
  if (member == nullptr) throw_fetched();
  text.append(name_of_type(Py_TYPE(value))).append(".").append(member);
  return true;
}

ADDER_FUNC bool append_repr(std::string& text, ::PyObject* value) {
  const Bound<PyAny> shown = steal(non_null(guard_unwind(PyObject_Repr, value)));
  const char* source = PyUnicode_AsUTF8(shown.as_ptr());
  if (source == nullptr) throw_fetched();
  text += source;
  return true;
}

/// Those of a list, tuple or set, between brackets.
ADDER_FUNC bool append_items(std::string& text, ::PyObject* items, const char* open, const char* close, int depth) {
  text += open;
  const Bound<PyAny> list = steal(non_null(guard_unwind(PySequence_Tuple, items)));
  const Py_ssize_t size = PyTuple_GET_SIZE(list.as_ptr());
  for (Py_ssize_t i = 0; i < size; ++i) {
    if (i != 0) text += ", ";
    if (!append_source(text, PyTuple_GET_ITEM(list.as_ptr(), i), depth + 1)) return false;
  }
  if (size == 1 && PyTuple_CheckExact(items)) text += ",";
  text += close;
  return true;
}

ADDER_FUNC bool append_source(std::string& text, ::PyObject* value, int depth) {
  if (depth > 8) return false;
  if (const ShownDefault shown = shown_default.load(Order::acquire)) value = shown(value);
  if (value == Py_None || PyBool_Check(value) || PyLong_CheckExact(value) || PyUnicode_CheckExact(value) ||
      PyBytes_CheckExact(value)) {
    return append_repr(text, value);
  }
  if (PyFloat_CheckExact(value)) {
    const double number = PyFloat_AS_DOUBLE(value);
    return number - number == 0 && append_repr(text, value);  // No name stands for an infinity.
  }
  if (PyTuple_CheckExact(value)) return append_items(text, value, "(", ")", depth);
  if (PyList_CheckExact(value)) return append_items(text, value, "[", "]", depth);
  if (PySet_CheckExact(value) && PySet_GET_SIZE(value) != 0) return append_items(text, value, "{", "}", depth);
  if (PyDict_CheckExact(value)) {
    text += "{";
    ::PyObject *key = nullptr, *item = nullptr;
    Py_ssize_t position = 0;
    bool first = true;
    while (PyDict_Next(value, &position, &key, &item) != 0) {
      if (!first) text += ", ";
      first = false;
      if (!append_source(text, key, depth + 1)) return false;
      text += ": ";
      if (!append_source(text, item, depth + 1)) return false;
    }
    text += "}";
    return true;
  }
  return append_member_source(text, value);
}

ADDER_FUNC std::string default_source(::PyObject* value) {
  std::string text;
  try {
    if (append_source(text, value, 0)) return text;
  } catch (const PyErr&) {  // A __repr__ or the like that raises.
  }
  return "...";
}

// --- Signatures ------------------------------------------------------------------------------------------------------

/// What sig(...) says, where Python can read it.
ADDER_FUNC std::string checked_signature(const char* text) {
  const std::string source = std::string("def f") + (text == nullptr ? "" : text) + ": ...";
  const OwnedPtr code(Steal(), guard_unwind([&] { return Py_CompileString(source.c_str(), "<sig>", Py_file_input); }),
                      {});
  if (code.as_ptr() == nullptr) {
    PyErr_Clear();
    throw PySystemError::new_err("sig(\"" + std::string(text == nullptr ? "" : text) +
                                 "\"): this is not what may stand between `def name` and the colon in Python");
  }
  return text;
}

ADDER_FUNC NotedSignature noted_signature(Shape shape, const Extra* extras, std::size_t extra_count,
                                          const TypeTeller* types) {
  NotedSignature signature;
  const auto place_of_args = static_cast<std::size_t>(shape.positional);
  std::size_t at = 0;
  const auto add = [&](std::string name, ::PyObject* default_value) {
    NotedParameter parameter;
    parameter.name = std::move(name);
    parameter.type = types[at];
    parameter.kind = at < shape.positional_only ? "positional_only"
                     : at < shape.positional    ? "positional_or_keyword"
                                                : "keyword_only";
    if (default_value != nullptr) parameter.default_text = default_source(default_value);
    signature.parameters.push_back(std::move(parameter));
    ++at;
  };
  const auto add_args = [&] {
    if (shape.var_args)
      signature.parameters.push_back({"var_positional", "args", +[] { return std::string("typing.Any"); }, {}});
  };
  for (std::size_t i = 0; i < extra_count; ++i) {
    if (extras[i].kind == Extra::Kind::signature) signature.text = checked_signature(extras[i].text);
    if (extras[i].kind != Extra::Kind::parameter) continue;
    if (at == place_of_args) add_args();
    add(extras[i].text, extras[i].default_value);
  }
  while (at < shape.count) {
    if (at == place_of_args) add_args();
    add("arg" + std::to_string(at), nullptr);
  }
  if (place_of_args == shape.count) add_args();
  if (shape.var_keywords) {
    signature.parameters.push_back({"var_keyword", "kwargs", +[] { return std::string("typing.Any"); }, {}});
  }
  return signature;
}

// --- As JSON ---------------------------------------------------------------------------------------------------------

ADDER_FUNC void append_string(std::string& json, std::string_view text) {
  json += '"';
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') {
      json.append(1, '\\').append(1, letter);
    } else if (static_cast<unsigned char>(letter) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(letter));
      json += escape;
    } else {
      json += letter;
    }
  }
  json += '"';
}
ADDER_FUNC void append_field(std::string& json, const char* name, std::string_view text) {
  if (json.back() != '{') json += ", ";
  append_string(json, name);
  json += ": ";
  append_string(json, text);
}

/// Asks for types, and notes those that nothing is known about.
class NotesWriter {
 public:
  explicit NotesWriter(std::string& json) : json_(json) {}

  void write(const Note& note) {
    owner_ = note.owner.class_name == nullptr ? note.owner.module : note.owner.class_name();
    if (starts_with(owner_, "adder.") || owner_.find('[') != std::string::npos) return;  // A class of adder's own.
    name_ = note.name;
    if (name_.empty()) {  // It is the class itself.
      const std::size_t dot = owner_.rfind('.');
      name_ = owner_.substr(dot + 1);
      owner_.erase(dot == std::string::npos ? 0 : dot);
    }
    // A class whose `define` failed is made once more where its type is asked for. Two classes of one name stay two.
    const std::string key = owner_ + "\n" + name_ + "\n" + note.kind;
    if (note.owner.class_name != nullptr && !seen_.emplace(note.owner.class_name, key).second) return;
    begin(note.kind);
    if (!note.signatures.empty()) {
      json_ += ", \"signatures\": [";
      std::set<std::string> written;
      for (const NotedSignature& signature : note.signatures) {
        std::string text;
        std::swap(json_, text);
        write(signature);
        std::swap(json_, text);
        // Numbers that differ in C++ alone are one to Python.
        if (!written.insert(text.substr(0, text.find("], \"result\"")) + signature.text).second) continue;
        json_.append(written.size() == 1 ? "" : ", ").append(text);
      }
      json_ += "]";
    }
    if (note.type != nullptr) append_field(json_, "type", told(note.type));
    if (!note.doc.empty()) append_field(json_, "doc", note.doc);
    if (note.is_generic) json_ += ", \"generic\": true";
    json_ += "}";
    for (const std::string& type : std::exchange(unknown_, {})) {
      begin("unknown");
      append_field(json_, "type", type);
      json_ += "}";
    }
  }

 private:
  void begin(const char* kind) {
    json_ += first_ ? "\n{" : ",\n{";
    first_ = false;
    append_field(json_, "owner", owner_);
    append_field(json_, "name", name_);
    append_field(json_, "kind", kind);
  }
  std::string told(TypeTeller type) {
    unknown_types().clear();
    std::string text = type();
    for (std::string& unknown : unknown_types()) unknown_.push_back(std::move(unknown));
    unknown_types().clear();
    return text;
  }
  void write(const NotedSignature& signature) {
    if (!signature.text.empty()) {  // Whatever its types are: nobody has to know them.
      json_ += R"({"parameters": [], "result": "typing.Any")";
      append_field(json_, "text", signature.text);
      json_ += "}";
      return;
    }
    json_ += "{\"parameters\": [";
    for (const NotedParameter& parameter : signature.parameters) {
      json_ += &parameter == signature.parameters.data() ? "{" : ", {";
      append_field(json_, "name", parameter.name);
      append_field(json_, "kind", parameter.kind);
      append_field(json_, "type", told(parameter.type));
      if (!parameter.default_text.empty()) append_field(json_, "default", parameter.default_text);
      json_ += "}";
    }
    json_ += "]";
    append_field(json_, "result", signature.result == nullptr ? "typing.Any" : told(signature.result));
    json_ += "}";
  }

  std::string& json_;
  std::string owner_, name_;
  std::vector<std::string> unknown_;
  std::set<std::pair<TypeTeller, std::string>> seen_;
  bool first_ = true;
};

ADDER_FUNC void publish_type_notes(::PyObject* module, std::string_view failure) {
  std::string json("{\"version\": 1, \"records\": [");
  NotesWriter writer(json);
  // Classes that are made only now note what they have, too.
  for (std::size_t i = 0; i < type_notes().size(); ++i) {
    const Note note = type_notes()[i];
    writer.write(note);
  }
  type_notes().clear();
  json += "]";
  if (!failure.empty()) append_field(json, "error", failure);
  json += "}";
  const Bound<PyAny> text =
      steal(non_null(PyUnicode_DecodeUTF8(json.data(), static_cast<Py_ssize_t>(json.size()), "backslashreplace")));
  non_negative(guard_unwind(PyObject_SetAttrString, module, "__adder_types__", text.as_ptr()));
}

}  // namespace adder::inline ADDER_ABI::detail
