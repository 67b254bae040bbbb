// SPDX-License-Identifier: MIT
/// @file
/// @brief What C++ prints shown by Python, what Python prints shown by C++, and kept as text. Not part of adder.hpp.
///
/// | object                          | while it lives                                                               |
/// |---------------------------------|------------------------------------------------------------------------------|
/// | `StreamToPython(py, std::cout)` | what C++ writes to the stream goes to `sys.stdout`, as `print` does           |
/// | `PythonToStream(py, std::cout)` | what Python writes to `sys.stdout` goes to the stream                         |
/// | `CapturedOutput(py)`            | what Python writes to `sys.stdout` is kept, for take()                        |
///
/// For Python code that redirects what C++ prints there is `adder/module/ostream_redirect.hpp`.
/// All of them count for the whole process, may be nested, and may end in any order on any thread.
#pragma once
#include "adder/exception/exceptions.hpp"

#include <iosfwd>
#include <memory>
#include <optional>
#include <string>

namespace adder::inline ADDER_ABI {

/// @brief `sys.stdout` or `sys.stderr`.
enum class StandardStream : bool { output, error };

namespace detail {

struct Redirection;
class RedirectedBuffer;
struct StreamSink;

/// Another object in the place of sys.stdout, until put_back().
class SysStream {
 public:
  SysStream(StandardStream which, const Bound<PyAny>& replacement);
  SysStream(const SysStream&) = delete;
  SysStream& operator=(const SysStream&) = delete;
  ~SysStream() { put_back(); }
  /// Puts back what was there, unless somebody else has put something there meanwhile. Another one of these that has
  /// will put it back instead. Any thread; the second time does nothing.
  void put_back() noexcept;
  const Py<PyAny>& replacement() const noexcept { return replacement_; }

 private:
  /// Takes this out of the list of all, which is locked.
  void leave_list() noexcept;

  const char* name_;
  Py<PyAny> replacement_;
  std::optional<Py<PyAny>> before_;
  SysStream* next_ = nullptr;
};

}  // namespace detail

/// @brief While it lives, what C++ writes to a stream such as `std::cout` goes to Python: to `sys.stdout`, whatever
/// that is at the time, or to a given file.
/// @code
/// void report(adder::Python py) {
///   adder::StreamToPython out(py, std::cout);
///   std::cout << "seen by pytest's capsys and by notebooks\n";
///   out.flush();  // Throws what sys.stdout.write() raised.
/// }
/// @endcode
/// Text is handed over when the stream is flushed (`std::endl`, `std::cerr` always), when there are a few thousand
/// bytes of it, and at the end. Bytes that are no UTF-8 arrive as `\xff`. Threads that are not attached attach for
/// that, so none should flush while it holds a lock that attached threads wait for.
///
/// Where `write()` raises, its text and what follows goes to where the stream went before, until flush() or the end
/// tell of the error. What `write()` itself prints to the stream goes there too, and what is printed once Python is
/// shut down.
/// @threads  The text of several threads is not mixed within a `<<`. What one prints while another one's text is being
///           written is written by that one.
class [[nodiscard]] StreamToPython {
 public:
  /// @param py      The token.
  /// @param stream  `std::cout`, or another one that lives for long. Where it is the first of its stream, no other
  ///                thread may use that just now: it gets a buffer in front of its own, which stays there for good.
  /// @param which   Where the text goes.
  /// @throws PyErr  What `write()` raised for text that goes to an outer object of this kind.
  StreamToPython(Python py, std::ostream& stream, StandardStream which = StandardStream::output);
  /// @brief The same with a Python object that has `write(str)`, and perhaps `flush()`.
  StreamToPython(Python py, std::ostream& stream, const Bound<PyAny>& file);
  StreamToPython(const StreamToPython&) = delete;
  StreamToPython& operator=(const StreamToPython&) = delete;
  /// @brief Hands over what is left. An error has nowhere to go, and goes to `sys.unraisablehook`.
  ~StreamToPython();

  /// @brief Hands over what there is, and calls the file's `flush()`.
  /// @throws PyErr  The first error since the last flush().
  /// @gil           Held.
  void flush();

 private:
  void begin(std::ostream& stream);

  std::shared_ptr<detail::Redirection> redirection_;
  detail::RedirectedBuffer* buffer_ = nullptr;
};

/// @brief While it lives, what Python writes to `sys.stdout` or `sys.stderr` goes to a C++ stream, as UTF-8.
///
/// Python code that keeps `sys.stdout` for longer gets a ValueError then, as from a closed file. A stream that fails is
/// an OSError there. Lone surrogates arrive as `\udc80`.
/// @threads  Python code of any thread; one at a time uses the stream.
class [[nodiscard]] PythonToStream {
 public:
  /// @param py      The token.
  /// @param stream  Outlives this object.
  /// @param which   What is led to the stream.
  PythonToStream(Python py, std::ostream& stream, StandardStream which = StandardStream::output);
  PythonToStream(const PythonToStream&) = delete;
  PythonToStream& operator=(const PythonToStream&) = delete;
  /// @brief Puts back what was in `sys`, unless somebody else has put something there meanwhile.
  ~PythonToStream();

 private:
  std::shared_ptr<detail::StreamSink> sink_;
  detail::SysStream stream_;
};

/// @brief While it lives, what Python writes to `sys.stdout` or `sys.stderr` is kept as text.
/// @code
/// adder::CapturedOutput captured(py);
/// py.run("print('hello')");
/// std::string text = captured.take(py);  // "hello\n"
/// @endcode
class [[nodiscard]] CapturedOutput {
 public:
  /// @brief Puts an object of its own in the place of `sys.stdout`, or of the stream that is named.
  explicit CapturedOutput(Python py, StandardStream which = StandardStream::output);
  CapturedOutput(const CapturedOutput&) = delete;
  CapturedOutput& operator=(const CapturedOutput&) = delete;
  /// @brief What was written since the last call, as UTF-8 with U+FFFD in the place of lone surrogates.
  /// @throws PyErr  ValueError where Python code has closed `sys.stdout`.
  std::string take(Python py);

 private:
  detail::SysStream stream_;
};

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/module/detail/streams_inl.hpp"
#endif
