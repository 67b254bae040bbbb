// SPDX-License-Identifier: MIT
// What C++ prints seen by Python, and the other way round.
#include "adder/adder.hpp"
#include "adder/module/ostream_redirect.hpp"
#include "adder/module/streams.hpp"
#include "adder/stl/pair.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/string_view.hpp"

#include <cstddef>
#include <fstream>
#include <ios>
#include <iostream>
#include <memory>
#include <optional>
#include <ostream>
#include <sstream>
#include <stdexcept>
#include <streambuf>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

using namespace adder;

namespace {

void print(std::string_view text) { std::cout << text; }
void print_and_flush(std::string_view text) { std::cout << text << std::flush; }
void print_byte(int byte) { std::cout << static_cast<char>(byte) << std::flush; }
void print_error(std::string_view text) { std::cerr << text; }

/// Prints while a function runs, and gives errors of the file's.
void with_stdout(Python py, const Bound<PyAny>& function) {
  StreamToPython out(py, std::cout);
  function();
  out.flush();
}
void with_stderr(Python py, const Bound<PyAny>& function) {
  StreamToPython out(py, std::cerr, StandardStream::error);
  function();
  out.flush();
}
void with_file(const Bound<PyAny>& file, const Bound<PyAny>& function) {
  StreamToPython out(file.py(), std::cout, file);
  function();
  out.flush();
}
/// The same without a flush(): errors are unraisable.
void with_file_quietly(const Bound<PyAny>& file, const Bound<PyAny>& function) {
  const StreamToPython out(file.py(), std::cout, file);
  function();
}

/// What Python prints meanwhile.
std::string to_stream(Python py, const Bound<PyAny>& function, bool errors = false) {
  std::ostringstream stream;
  {
    const PythonToStream out(py, stream, errors ? StandardStream::error : StandardStream::output);
    function();
  }
  return stream.str();
}
std::pair<std::string, std::string> captured(Python py, const Bound<PyAny>& function) {
  CapturedOutput out(py);
  function();
  std::string first = out.take(py);
  function();
  return {std::move(first), out.take(py)};
}
void with_broken_stream(Python py, const Bound<PyAny>& function) {
  std::ostringstream stream;
  stream.setstate(std::ios_base::badbit);
  const PythonToStream out(py, stream);
  function();
}
void with_throwing_stream(Python py, const Bound<PyAny>& function) {
  std::ofstream stream;  // Not open.
  stream.exceptions(std::ios_base::badbit | std::ios_base::failbit);
  const PythonToStream out(py, stream);
  function();
}
/// What is written to the stream ends the redirection to it.
std::string with_ending_stream(Python py, const Bound<PyAny>& function) {
  struct Ending : std::streambuf {
    std::optional<PythonToStream> out{};
    std::string text{};
    std::streamsize xsputn(const char* given, std::streamsize size) override {
      out.reset();
      text.append(given, static_cast<std::size_t>(size));
      return size;
    }
  } buffer;
  std::ostream stream(&buffer);
  buffer.out.emplace(py, stream);
  function();
  return buffer.text;
}
/// Round in a circle: std::cout is sys.stdout, which is std::cout.
std::string in_a_circle(Python py, const Bound<PyAny>& function) {
  std::ostringstream stream;
  std::streambuf* const old = std::cout.rdbuf(stream.rdbuf());
  {
    const PythonToStream back(py, std::cout);
    StreamToPython out(py, std::cout);
    function();
    std::cout << "from C++" << std::endl;
    out.flush();
  }
  std::cout.rdbuf(old);
  return stream.str();
}

/// Threads print lines, some of them attached; the redirection ends while late ones may still print.
void from_threads(Python py, int count, int lines) {
  StreamToPython out(py, std::cout);
  py.allow_threads_unchecked([&] {
    std::vector<std::thread> threads;
    for (int i = 0; i < count; ++i) {
      threads.emplace_back([i, lines] {
        for (int line = 0; line < lines; ++line) {
          const std::string text = "thread " + std::to_string(i) + " line " + std::to_string(line) + "\n";
          if (i % 2 == 0) {
            std::cout << text << std::flush;
          } else {
            std::cout << text;
          }
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  });
  out.flush();
}

/// Redirections come and go while other threads print.
void come_and_go(Python py, const Bound<PyAny>& file, int rounds) {
  const StreamToPython outermost(py, std::cout, file);
  std::optional<std::thread> printer;
  py.allow_threads_unchecked([&] {
    printer.emplace([] {
      for (int i = 0; i < 2000; ++i) {
        std::cout << "line\n";
        if (i % 7 == 0) std::cout << std::flush;
      }
    });
  });
  for (int i = 0; i < rounds; ++i) {
    StreamToPython inner(py, std::cout, file);
    std::cout << "inner\n";
    inner.flush();
  }
  py.allow_threads_unchecked([&] { printer->join(); });
}

/// Ends in the wrong order.
std::string in_any_order(Python py, const Bound<PyAny>& first, const Bound<PyAny>& second) {
  auto outer = std::make_unique<StreamToPython>(py, std::cout, first);
  std::cout << "1 ";
  auto inner = std::make_unique<StreamToPython>(py, std::cout, second);
  std::cout << "2 ";
  outer.reset();
  std::cout << "3 ";
  inner.reset();
  return "done";
}

/// A redirection that its own write() ends.
std::unique_ptr<StreamToPython> kept;
void begin_kept(const Bound<PyAny>& file) { kept = std::make_unique<StreamToPython>(file.py(), std::cout, file); }
void end_kept() { kept.reset(); }
void flush_kept() {
  if (kept) kept->flush();
}

/// An exception of C++ code comes through, and the text before it is there.
void prints_and_throws(Python py) {
  const StreamToPython out(py, std::cout);
  std::cout << "before";
  throw std::runtime_error("of C++");
}
/// Printing leaves a pending exception alone.
void prints_with_an_error_pending(Python py) {
  StreamToPython out(py, std::cout);
  PyKeyError::new_err("pending").restore(py);
  std::cout << "text" << std::flush;
  throw PyErr::fetch(py);
}

/// Three begin, in this order, and end in the given one. Calls @p function when one has ended, and at last.
void captures_end(const std::string& order, const Bound<PyAny>& function) {
  const Python py = function.py();
  std::ostringstream text;
  std::optional<CapturedOutput> first(py);
  std::optional<PythonToStream> second;
  second.emplace(py, text);
  std::optional<CapturedOutput> third;
  third.emplace(py);
  for (const char which : order) {
    if (which == '1') first.reset();
    if (which == '2') second.reset();
    if (which == '3') third.reset();
    function();
  }
}

/// A buffer that throws once.
class ThrowsOnce : public std::streambuf {
  std::streamsize xsputn(const char*, std::streamsize size) override {
    if (std::exchange(throws_, false)) throw std::runtime_error("full");
    return size;
  }
  bool throws_ = true;
};
/// The same where the redirection ends meanwhile.
void with_a_buffer_that_throws(Python py, const Bound<PyAny>& file) {
  auto* stream = new std::ostream(new ThrowsOnce);
  const StreamToPython out(py, *stream, file);
  *stream << "one";
}
/// The error of the first file's has the text go on to a buffer that throws.
void after_a_buffer_that_throws(Python py, const Bound<PyAny>& first, const Bound<PyAny>& second) {
  auto* stream = new std::ostream(new ThrowsOnce);  // For good, as what stands in front of the buffer.
  {
    StreamToPython out(py, *stream, first);
    *stream << "one" << std::flush;
    try {
      out.flush();
    } catch (const PyErr&) {  // That of write().
    }
  }
  stream->clear();
  StreamToPython out(py, *stream, second);
  *stream << "two" << std::flush;
  out.flush();
}

}  // namespace

ADDER_MODULE(streams_ext, m) {
  m.add_class<OstreamRedirect>();
  m.def<&print>("print", arg("text"));
  m.def<&print_and_flush>("print_and_flush", arg("text"));
  m.def<&print_byte>("print_byte", arg("byte"));
  m.def<&print_error>("print_error", arg("text"));
  m.def<&with_stdout>("with_stdout", arg("function"));
  m.def<&with_stderr>("with_stderr", arg("function"));
  m.def<&with_file>("with_file", arg("file"), arg("function"));
  m.def<&with_file_quietly>("with_file_quietly", arg("file"), arg("function"));
  m.def<&to_stream>("to_stream", arg("function"), arg("errors") = false);
  m.def<&captured>("captured", arg("function"));
  m.def<&with_broken_stream>("with_broken_stream", arg("function"));
  m.def<&with_throwing_stream>("with_throwing_stream", arg("function"));
  m.def<&with_ending_stream>("with_ending_stream", arg("function"));
  m.def<&after_a_buffer_that_throws>("after_a_buffer_that_throws", arg("first"), arg("second"));
  m.def<&with_a_buffer_that_throws>("with_a_buffer_that_throws", arg("file"));
  m.def<&in_a_circle>("in_a_circle", arg("function"));
  m.def<&from_threads>("from_threads", arg("count"), arg("lines"));
  m.def<&come_and_go>("come_and_go", arg("file"), arg("rounds"));
  m.def<&in_any_order>("in_any_order", arg("first"), arg("second"));
  m.def<&captures_end>("captures_end", arg("order"), arg("function"));
  m.def<&begin_kept>("begin_kept", arg("file"));
  m.def<&end_kept>("end_kept");
  m.def<&flush_kept>("flush_kept");
  m.def<&prints_and_throws>("prints_and_throws");
  m.def<&prints_with_an_error_pending>("prints_with_an_error_pending");
}
