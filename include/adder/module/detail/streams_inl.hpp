// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of streams.hpp.
#pragma once
#include "adder/exception/translate.hpp"
#include "adder/function/closure.hpp"
#include "adder/module/streams.hpp"
#include "adder/sync/lock.hpp"
#include "adder/types/types.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <ios>
#include <mutex>
#include <new>
#include <ostream>
#include <streambuf>
#include <string_view>
#include <utility>
#include <vector>

#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>
#endif

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_FUNC const char* name_of(StandardStream which) noexcept {
  return which == StandardStream::error ? "stderr" : "stdout";
}

/// What `sys` has under a name.
ADDER_FUNC std::optional<Bound<PyAny>> sys_object(const char* name) {
  ::PyObject* found = nullptr;
#if defined(Py_GIL_DISABLED)
  // Another thread may be replacing it at this moment, and drop the last reference.
  const Bound<PyAny> sys = steal(non_null(guard_unwind(PyImport_ImportModule, "sys")));
  non_negative(guard_unwind(PyObject_GetOptionalAttrString, sys.as_ptr(), name, &found));
#else
  found = Py_XNewRef(PySys_GetObject(name));
#endif
  if (found == nullptr) return std::nullopt;
  return steal(found);
}

// --- from C++ to Python ----------------------------------------------------------------------------------------------

/// What one StreamToPython asks for. Shared with a thread that writes to it just now.
struct Redirection {
  StandardStream which = StandardStream::output;
  std::optional<Py<PyAny>> file;  ///< Instead of the one in `sys`.
  /// What write() raised, until somebody is told. Guarded by the mutex of the buffer.
  std::optional<PyErr> error;

  /// Null for none, where print() prints nothing either.
  std::optional<Bound<PyAny>> target(Python py) const {
    if (file) return file->bind(py);
    std::optional<Bound<PyAny>> current = sys_object(name_of(which));
    if (!current) throw PyRuntimeError::new_err(std::string("lost sys.") + name_of(which));
    if (current->is_none()) return std::nullopt;
    return current;
  }
};

/// Stands in front of a stream's own buffer, for good: other threads may be in it at any time, and to take it away from
/// a stream that they use is a race. Without a redirection all goes through to the buffer behind.
///
/// The mutex is never held while Python is called or waited for, nor while the buffer behind is used: that may be
/// another module's of this kind. One thread at a time is the writer; others only leave
/// their text with it.
class ADDER_HIDDEN RedirectedBuffer final : public std::streambuf {
 public:
  explicit RedirectedBuffer(std::streambuf* behind) : behind_(behind) {}

  /// The one of @p stream, which is made where there is none. Kept for good.
  static RedirectedBuffer& of(std::ostream& stream);

  void begin(Python py, std::shared_ptr<Redirection> redirection) {
    hand_over(py, true);
    const std::lock_guard<std::mutex> lock(mutex_);
    redirections_.push_back(std::move(redirection));
  }

  /// Hands over what is there for @p ending and takes that away. Attached.
  void end(Python py, const std::shared_ptr<Redirection>& ending) {
    if (become_writer(py)) {
      try {
        if (innermost() == ending && is_unfinished()) write_all(py, true, Rest::no);
      } catch (...) {
        remove(ending);
        resign();
        throw;
      }
      remove(ending);
      resign();
    } else {
      remove(ending);
      settle();
    }
  }
  /// The same where there is no Python any more.
  void end_without_python(const std::shared_ptr<Redirection>& ending) {
    remove(ending);
    give_up();
  }

  /// Writes what there is, unless another thread is about to do it.
  void hand_over(Python py, bool flush) {
    if (!try_become_writer(flush)) return;
    try {
      write_all(py, flush, Rest::may_follow);
    } catch (...) {  // Of the buffer behind.
      resign();
      throw;
    }
    resign();
  }

  std::optional<PyErr> take_error(Redirection& redirection) {
    const std::lock_guard<std::mutex> lock(mutex_);
    return std::exchange(redirection.error, std::nullopt);
  }

 protected:
  int_type overflow(int_type c) override {
    if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
    const char one = traits_type::to_char_type(c);
    return xsputn(&one, 1) == 1 ? c : traits_type::eof();
  }
  std::streamsize xsputn(const char* text, std::streamsize size) override {
    std::unique_lock<std::mutex> lock(mutex_);
    if (goes_through()) {
      lock.unlock();
      return behind_ == nullptr ? 0 : behind_->sputn(text, size);
    }
    pending_.append(text, static_cast<std::size_t>(size));
    const bool is_enough = pending_.size() >= enough;
    lock.unlock();
    if (is_enough) hand_over_from_anywhere(false);
    return size;
  }
  int sync() override {
    std::unique_lock<std::mutex> lock(mutex_);
    const bool through = goes_through();
    lock.unlock();
    if (through) return behind_ == nullptr ? -1 : behind_->pubsync();
    hand_over_from_anywhere(true);
    return 0;
  }

 private:
  static constexpr std::size_t enough = 4096;
  /// Whether the last bytes may be the beginning of a character.
  enum class Rest : bool { no, may_follow };

  /// In the child of a fork, with the mutex: a thread that was writing is gone.
  void only_this_thread() noexcept {
    is_writing_ = writes_here();
    // Not destroyed: that would wait for who waited here.
    ::new (static_cast<void*>(&written_)) std::condition_variable;
  }
  bool writes_here() const { return is_writing_ && writer_ == PyThread_get_thread_ident(); }
  /// Locked. What write() itself prints would come back here for ever.
  bool goes_through() const {
    return redirections_.empty() || redirections_.back()->error.has_value() || writes_here();
  }
  std::shared_ptr<Redirection> innermost() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return redirections_.empty() ? nullptr : redirections_.back();
  }
  /// Whether there is text that write() or flush() has not had.
  bool is_unfinished() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return is_unflushed_ || !pending_.empty();
  }
  void remove(const std::shared_ptr<Redirection>& ending) {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::erase(redirections_, ending);
  }

  bool try_become_writer(bool flush) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (is_writing_) {
      flush_wanted_ = flush_wanted_ || (flush && !writes_here());
      return false;
    }
    writer_ = PyThread_get_thread_ident();
    return is_writing_ = true;
  }
  /// The same after waiting for another one, which may be stuck in its write(): then not for ever. False as well within
  /// this thread's own write().
  bool become_writer(Python py) {
    if (try_become_writer(true)) return true;
    bool may_wait = false;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      may_wait = !writes_here();
    }
    for (int tries = 0; may_wait && tries < 100; ++tries) {
      py.allow_threads_unchecked([this] {
        std::unique_lock<std::mutex> lock(mutex_);
        written_.wait_for(lock, std::chrono::milliseconds(10), [this] { return !is_writing_; });
      });
      if (try_become_writer(true)) return true;
    }
    return false;
  }
  void resign() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      is_writing_ = false;
      written_.notify_all();
    }
    settle();
  }
  /// Text that nobody wants any more goes on.
  void settle() {
    std::unique_lock<std::mutex> lock(mutex_);
    const bool is_wanted = !redirections_.empty();
    lock.unlock();
    if (!is_wanted) give_up();
  }

  void hand_over_from_anywhere(bool flush) {
    const bool there_is_python = Python::try_with_gil([&](Python py) {
      const ErrorScope pending(py);  // Printing is no reason to lose it.
      hand_over(py, flush);
    });
    if (!there_is_python) give_up();
  }
  void give_up() {
    std::string text;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      text.swap(pending_);
    }
    pass_on(text);
  }
  void pass_on(std::string_view text) {
    if (text.empty() || behind_ == nullptr) return;
    behind_->sputn(text.data(), static_cast<std::streamsize>(text.size()));
    behind_->pubsync();
  }

  /// The writer's work. Errors are kept for who asked for the redirection.
  void write_all(Python py, bool flush, Rest rest) {
    for (bool again = true; again;) {
      std::string text;
      std::shared_ptr<Redirection> redirection;
      bool has_failed = false;
      {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (redirections_.empty()) return;
        redirection = redirections_.back();
        has_failed = redirection->error.has_value();
        text.swap(pending_);
        flush = std::exchange(flush_wanted_, false) || flush;
        is_unflushed_ = !flush;
      }
      if (has_failed) return pass_on(text);  // The first error is the one to be told.
      std::size_t done = 0;
      std::optional<PyErr> error;
      try {
        done = write(py, *redirection, text, flush, rest);
      } catch (const PyErr& raised) {
        error = raised;
      } catch (const std::exception& failure) {  // Such as bad_alloc.
        error = PyRuntimeError::new_err(failure.what());
      }
      flush = false;
      std::unique_lock<std::mutex> lock(mutex_);
      if (error) {
        redirection->error = std::move(error);
        text += std::exchange(pending_, {});
        lock.unlock();
        pass_on(text);
        return;
      }
      pending_.insert(0, text, done);
      again = flush_wanted_ || pending_.size() >= enough;
    }
  }
  /// @return  How much of @p text was written: all but the beginning of a character.
  static std::size_t write(Python py, const Redirection& redirection, std::string_view text, bool flush, Rest rest) {
    const auto target = redirection.target(py);
    auto done = static_cast<Py_ssize_t>(text.size());
    if (!target) return text.size();
    if (!text.empty()) {
      const auto decoded =
          steal(non_null(PyUnicode_DecodeUTF8Stateful(text.data(), static_cast<Py_ssize_t>(text.size()),
                                                      "backslashreplace", rest == Rest::may_follow ? &done : nullptr)));
      if (done != 0) (void)target->call_method("write"_s, decoded);
    }
    if (flush) {
      if (const auto method = target->getattr_opt("flush"_s)) (void)method->call();
    }
    return static_cast<std::size_t>(done);
  }

  std::streambuf* const behind_;
  RedirectedBuffer* next_ = nullptr;
  std::mutex mutex_;
  std::condition_variable written_;
  std::string pending_;
  std::vector<std::shared_ptr<Redirection>> redirections_;  ///< The innermost one is the last.
  unsigned long writer_ = 0;
  bool is_writing_ = false;
  bool flush_wanted_ = false;
  bool is_unflushed_ = false;
};

ADDER_FUNC RedirectedBuffer& RedirectedBuffer::of(std::ostream& stream) {
  static constinit std::mutex mutex;  // Not held while Python is called.
  static constinit RedirectedBuffer* all = nullptr;
  const std::lock_guard<std::mutex> lock(mutex);
  std::streambuf* current = stream.rdbuf();
  for (RedirectedBuffer* one = all; one != nullptr; one = one->next_) {
    if (one == current) return *one;
  }
#if defined(__unix__) || defined(__APPLE__)
  if (all == nullptr) {
    pthread_atfork(
        [] {
          mutex.lock();
          for (RedirectedBuffer* one = all; one != nullptr; one = one->next_) one->mutex_.lock();
        },
        [] {
          for (RedirectedBuffer* one = all; one != nullptr; one = one->next_) one->mutex_.unlock();
          mutex.unlock();
        },
        [] {
          for (RedirectedBuffer* one = all; one != nullptr; one = one->next_) {
            one->only_this_thread();
            one->mutex_.unlock();
          }
          mutex.unlock();
        });
  }
#endif
  auto* made = new RedirectedBuffer(current);
  made->next_ = std::exchange(all, made);
  const auto state = stream.rdstate();
  stream.rdbuf(made);
  stream.setstate(state & ~std::ios_base::badbit);  // Which rdbuf() has cleared.
  return *made;
}

// --- from Python to C++ ----------------------------------------------------------------------------------------------

/// All that have not put anything back yet. The mutex is held while `sys` is looked at and changed. That runs Python
/// code only where the last reference of what another thread has just put there goes with it.
struct SysStreams {
  std::recursive_mutex mutex;
  SysStream* first = nullptr;
};
ADDER_FUNC SysStreams& sys_streams() {
  static SysStreams all;
  return all;
}

ADDER_FUNC SysStream::SysStream(StandardStream which, const Bound<PyAny>& replacement)
    : name_(name_of(which)), replacement_(replacement) {
  SysStreams& all = sys_streams();
  for (;;) {
    before_.reset();
    if (auto current = sys_object(name_)) before_.emplace(*std::move(current));
    const auto lock = lock_attached(replacement.py(), all.mutex);
    // One that has ended meanwhile has put something else there.
    if (PySys_GetObject(name_) != (before_ ? before_->as_ptr() : nullptr)) continue;
    next_ = std::exchange(all.first, this);
    if (PySys_SetObject(name_, replacement.as_ptr()) == 0) return;
    leave_list();
    break;
  }
  throw_fetched();
}

ADDER_FUNC void SysStream::leave_list() noexcept {
  SysStream** link = &sys_streams().first;
  while (*link != this) link = &(*link)->next_;
  *link = next_;
}

ADDER_FUNC void SysStream::put_back() noexcept {
  if (name_ == nullptr) return;
  const char* name = std::exchange(name_, nullptr);
  SysStreams& all = sys_streams();
  const bool there_is_python = Python::try_with_gil([&](Python py) {
    const ErrorScope pending(py);
    // Held: what is taken out of sys may be the last reference.
    const auto held = replacement_.bind(py);
    bool has_failed = false;
    {
      const auto lock = lock_attached(py, all.mutex);
      leave_list();
      if (PySys_GetObject(name) == held.as_ptr()) {
        has_failed = PySys_SetObject(name, before_ ? before_->as_ptr() : nullptr) < 0;
      } else {
        // Who came later puts back what was there before both.
        for (SysStream* later = all.first; later != nullptr; later = later->next_) {
          if (later->before_ && later->before_->as_ptr() == held.as_ptr()) {
            std::swap(later->before_, before_);
            break;
          }
        }
      }
    }
    if (has_failed) PyErr_WriteUnraisable(nullptr);
  });
  if (there_is_python) return;
  const std::lock_guard<std::recursive_mutex> lock(all.mutex);
  leave_list();
}

/// The stream that Python code writes to, until its PythonToStream ends. The functions of a Python object share it.
struct StreamSink {
  explicit StreamSink(std::ostream& to) : stream(&to) {}
  std::recursive_mutex mutex;  // What the stream does may be Python code that prints.
  std::ostream* stream;
};
/// In destructors. That it failed the stream knows, and may be asked.
ADDER_FUNC void flush_quietly(std::ostream& stream) noexcept {
  try {
    stream.flush();
  } catch (...) {  // As stream.exceptions() says.
  }
}
/// The state of those functions.
class SharedSink {
 public:
  explicit SharedSink(std::shared_ptr<StreamSink> sink) : sink_(std::move(sink)) {}
  /// Calls @p use with the stream, one thread at a time.
  template <class Use>
  void with_stream(Python py, Use&& use) const {
    const auto lock = lock_attached(py, sink_->mutex);
    if (sink_->stream == nullptr) throw PyValueError::new_err("I/O operation on closed file.");
    use(*sink_->stream);
    // Null where the PythonToStream has ended meanwhile, by what the stream did with the text.
    if (sink_->stream != nullptr && !sink_->stream->good())
      throw PyOSError::new_err("the C++ stream in the place of a file of Python's has failed");
  }

 private:
  std::shared_ptr<StreamSink> sink_;
};

ADDER_FUNC Bound<PyAny> make_stream_object(Python py, const std::shared_ptr<StreamSink>& sink) {
  const auto names = PyDict::new_(py, kw("__name__"_s) = "adder");
  py.run(R"(
      import io

      class CppStream(io.TextIOBase):
          """A C++ stream."""
          encoding = "utf-8"
          errors = "backslashreplace"

          def __init__(self, write, flush):
              self._write = write
              self._flush = flush

          def writable(self):
              return True

          def write(self, text, /):
              if not isinstance(text, str):
                  raise TypeError(f"write() argument must be str, not {type(text).__name__}")
              self._write(text.encode("utf-8", "backslashreplace"))
              return len(text)

          def flush(self):
              self._flush()

          def close(self):
              pass  # It is the program's.
  )",
         names);
  const auto write = new_closure<[](const SharedSink& state, const Bound<PyBytes>& text) {
    state.with_stream(text.py(), [&](std::ostream& stream) {
      stream.write(PyBytes_AS_STRING(text.as_ptr()), PyBytes_GET_SIZE(text.as_ptr()));
    });
  }>(py, "write", SharedSink(sink));
  const auto flush = new_closure<[](const SharedSink& state, Python inner) {
    state.with_stream(inner, [](std::ostream& stream) { stream.flush(); });
  }>(py, "flush", SharedSink(sink));
  return names.get_item("CppStream"_s)->call(write, flush);
}

}  // namespace detail

ADDER_FUNC StreamToPython::StreamToPython(Python py, std::ostream& stream, StandardStream which)
    : redirection_(std::make_shared<detail::Redirection>()) {
  (void)py;
  redirection_->which = which;
  begin(stream);
}

ADDER_FUNC StreamToPython::StreamToPython(Python py, std::ostream& stream, const Bound<PyAny>& file)
    : redirection_(std::make_shared<detail::Redirection>()) {
  if (!file.hasattr("write"_s)) {
    throw PyTypeError::new_err("StreamToPython: '" + file.get_type().name() + "' object has no method write()");
  }
  (void)py;
  redirection_->file.emplace(file);
  begin(stream);
}

ADDER_FUNC void StreamToPython::begin(std::ostream& stream) {
  stream.flush();  // What came before goes where it went before.
  buffer_ = &detail::RedirectedBuffer::of(stream);
  buffer_->begin(detail::token(), redirection_);
}

ADDER_FUNC void StreamToPython::flush() {
  detail::check_token("StreamToPython::flush");
  buffer_->hand_over(detail::token(), true);
  if (auto error = buffer_->take_error(*redirection_)) throw *std::move(error);
}

ADDER_FUNC StreamToPython::~StreamToPython() {
  const bool there_is_python = Python::try_with_gil([this](Python py) {
    const ErrorScope pending(py);
    try {
      buffer_->end(py, redirection_);
    } catch (...) {  // Of the buffer behind.
      detail::translate_current_exception();
      detail::guard_unwind(PyErr_WriteUnraisable, nullptr);
    }
    if (const auto error = buffer_->take_error(*redirection_)) error->write_unraisable(py);
  });
  if (there_is_python) return;
  try {
    buffer_->end_without_python(redirection_);
  } catch (...) {  // Nobody is left to be told.
  }
}

ADDER_FUNC PythonToStream::PythonToStream(Python py, std::ostream& stream, StandardStream which)
    : sink_(std::make_shared<detail::StreamSink>(stream)), stream_(which, detail::make_stream_object(py, sink_)) {}

ADDER_FUNC PythonToStream::~PythonToStream() {
  stream_.put_back();
  const bool there_is_python = Python::try_with_gil([this](Python py) {
    const auto lock = lock_attached(py, sink_->mutex);
    detail::flush_quietly(*sink_->stream);
    sink_->stream = nullptr;
  });
  if (!there_is_python) detail::flush_quietly(*sink_->stream);  // Nobody else can be in it.
}

ADDER_FUNC CapturedOutput::CapturedOutput(Python py, StandardStream which)
    : stream_(which, py.import("io"_s).call_method("StringIO"_s)) {}

ADDER_FUNC std::string CapturedOutput::take(Python py) {
  const auto& kept = stream_.replacement().bind(py);
  auto text = kept.call_method("getvalue"_s).downcast<PyString>().to_string_lossy();
  (void)kept.call_method("seek"_s, 0);
  (void)kept.call_method("truncate"_s, 0);
  return text;
}

}  // namespace adder::inline ADDER_ABI
