// SPDX-License-Identifier: MIT
/// @file
/// @brief `Interpreter`: an interpreter that runs for the life of a C++ object; and what a program exits with after an
/// exception. Not part of adder.hpp.
///
/// | what outlives the interpreter          | what becomes of it                                               |
/// |----------------------------------------|------------------------------------------------------------------|
/// | a `Py<T>`, a `PyErr`                   | may be moved and dropped on any thread; its object is leaked      |
/// | `with_gil`, on any thread              | InterpreterUnavailable; `try_with_gil` returns nothing            |
/// | a thread that was in `allow_threads`   | parked where it would come back, for the life of the process      |
/// | classes, interned names, GILOnceCells  | stay as they are: nobody reaches them without a token             |
/// | another interpreter                    | refused: what is in the row above would lead to freed memory      |
#pragma once
#include "adder/embed/embed.hpp"
#include "adder/exception/exceptions.hpp"

#include <exception>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief An Interpreter cannot end now: what() says who is still using it.
class ADDER_VISIBLE InterpreterInUse final : public std::exception {
 public:
  /// @brief Takes a literal: the text is not copied.
  explicit InterpreterInUse(const char* reason) noexcept : reason_(reason) {}
  /// @brief The reason in words. Any thread; lives as long as the program.
  const char* what() const noexcept override { return reason_; }

 private:
  const char* reason_;
};

/// @brief What `python3` exits with where @p error gets out of a program, and prints what it prints.
///
/// | error               | status                                                        | printed to sys.stderr |
/// |---------------------|---------------------------------------------------------------|-----------------------|
/// | `SystemExit`        | its code: an int, 0 for None, 1 for anything else             | what is no int        |
/// | `KeyboardInterrupt` | 130, as a shell shows a process that SIGINT has ended          | the traceback         |
/// | any other           | 1                                                             | the traceback         |
///
/// Tracebacks go through `sys.excepthook`. Unlike PyErr::print() this never ends the process. Not only for the end of a
/// program: a host calls it where a plugin may say `sys.exit()`.
/// @gil  Held.
int exit_status(Python py, const PyErr& error) noexcept;

/// @brief Runs `f(py)` attached, as the main function of a program.
/// @param f  `int(Python)` or `void(Python)`.
/// @return   What @p f returns, 0 for nothing; where a PyErr gets out of it exit_status().
/// @throws   InterpreterUnavailable during and after finalization; what else @p f throws.
/// @threads  Any.
template <class F>
int run_to_exit_status(F&& f) {
  using R = std::invoke_result_t<F, Python>;
  static_assert(std::is_void_v<R> || std::is_same_v<R, int>,
                "adder: a main function returns an exit status, which is an int, or nothing");
  return Python::with_gil([&](Python py) -> int {
    try {
      if constexpr (std::is_void_v<R>) {
        std::forward<F>(f)(py);
        return 0;
      } else {
        return std::forward<F>(f)(py);
      }
    } catch (const PyErr& error) {
      return exit_status(py, error);
    }
  });
}

/// @brief Runs an interpreter from construction to destruction. One for each process.
/// @code
/// int main(int argc, char** argv) {
///   adder::Interpreter python(adder::InterpreterConfig().argv({argv, argv + argc}).signal_handlers());
///   return python.end(python.run([](adder::Python py) { py.import("app").call_method("main"_s); }));
/// }
/// @endcode
/// Ending it waits for Python's own threads (those that are no daemons), runs `atexit` functions, flushes `sys.stdout`,
/// and tells C++ threads that come later that there is no interpreter any more: see the file comment.
///
/// Does not fit a static or thread-local variable: what its destructor runs may need others of these.
class [[nodiscard]] Interpreter {
 public:
  /// @brief Starts it, as InterpreterConfig::start() does.
  /// @throws InterpreterUnavailable  When one runs, or has run, or none can be started: what() says why.
  explicit Interpreter(const InterpreterConfig& config = InterpreterConfig());
  Interpreter(const Interpreter&) = delete;             // One runs for each process.
  Interpreter& operator=(const Interpreter&) = delete;  // The same.
  /// @brief Ends it. The process ends with a message where end() would throw.
  ~Interpreter();

  /// @brief run_to_exit_status().
  template <class F>
  int run(F&& f) {
    return run_to_exit_status(std::forward<F>(f));
  }

  /// @brief Ends the interpreter now. Does nothing once it has ended.
  /// @param status  What the program is to exit with.
  /// @return  @p status; 120 where `sys.stdout` cannot be flushed, as `python3` does.
  /// @throws  InterpreterInUse  On a thread that is attached or within `allow_threads`, has Python code beneath it, or
  ///                            is not the one that started the interpreter, which then goes on.
  /// @threads The one that started it.
  int end(int status = 0);

  /// @brief Whether it has not ended yet.
  bool is_running() const noexcept;

 private:
  const char* why_not_end() const noexcept;

  unsigned long thread_;
};

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/embed/detail/interpreter_inl.hpp"
#endif
