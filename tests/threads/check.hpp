// SPDX-License-Identifier: MIT
// What the programs in tests/threads share: a check ends the process where it fails, and so does an alarm clock. POSIX
// only.
#pragma once
#include "adder/adder.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace test {

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define ADDER_TEST_TSAN 1
#endif
#endif
#if defined(ADDER_TEST_TSAN) || defined(__SANITIZE_THREAD__)
inline constexpr bool under_tsan = true;
#else
inline constexpr bool under_tsan = false;
#endif
#if defined(Py_GIL_DISABLED)
inline constexpr bool free_threaded = true;
#else
inline constexpr bool free_threaded = false;
#endif

/// How often something is repeated: less often under the thread sanitizer.
constexpr int times(int usual) { return under_tsan ? usual / 20 : usual; }

/// What the program is at, for messages; set it as the program goes on.
inline std::atomic<const char*> now_at = "the beginning";

/// Prints what is wrong and ends the process, without the destructors of statics.
[[noreturn]] inline void fail(std::string_view what, int line = __builtin_LINE(), const char* file = __builtin_FILE()) {
  std::fprintf(stderr, "%s:%d: %.*s (at: %s)\n", file, line, static_cast<int>(what.size()), what.data(), now_at.load());
  std::fflush(nullptr);
  std::_Exit(1);
}
inline void check(bool right, std::string_view what, int line = __builtin_LINE(), const char* file = __builtin_FILE()) {
  if (!right) fail(std::string("not so: ").append(what), line, file);
}
inline void check_equal(long long got, long long wanted, std::string_view what, int line = __builtin_LINE(),
                        const char* file = __builtin_FILE()) {
  if (got == wanted) return;
  fail(std::string(what) + ": " + std::to_string(got) + ", not " + std::to_string(wanted), line, file);
}
inline void check_contains(std::string_view text, std::string_view part, int line = __builtin_LINE(),
                           const char* file = __builtin_FILE()) {
  if (text.find(part) != std::string_view::npos) return;
  fail(std::string("there is no '").append(part).append("' in '").append(text).append("'"), line, file);
}

/// Ends this process with a message unless it is done in time. A fork inherits the handler but not the alarm.
inline void watch(unsigned seconds = 240) {
  struct sigaction action {};
  action.sa_handler = [](int) {
    constexpr char text[] = "watchdog: out of time at: ";
    const char* place = now_at.load();
    const bool written = write(STDERR_FILENO, text, sizeof text - 1) > 0 &&
                         write(STDERR_FILENO, place, std::strlen(place)) > 0 && write(STDERR_FILENO, "\n", 1) > 0;
    (void)written;
    std::abort();
  };
  sigaction(SIGALRM, &action, nullptr);
  alarm(seconds);
}

/// What the InterpreterUnavailable says that @p f has to throw.
template <class F>
std::string refusal(F&& f, int line = __builtin_LINE(), const char* file = __builtin_FILE()) {
  try {
    std::forward<F>(f)();
  } catch (const adder::InterpreterUnavailable& error) {
    return error.what();
  } catch (const std::exception& error) {
    fail(std::string("not InterpreterUnavailable but: ") + error.what(), line, file);
  }
  fail("no InterpreterUnavailable", line, file);
}

/// Waits without the GIL.
inline void join(adder::Python py, std::vector<std::thread>& threads) {
  py.allow_threads_unchecked([&] {
    for (auto& thread : threads) thread.join();
  });
  threads.clear();
}
inline void join(std::vector<std::thread>& threads) {
  for (auto& thread : threads) thread.join();
  threads.clear();
}

template <class F>
void await(F&& condition) {
  while (!condition()) std::this_thread::sleep_for(std::chrono::microseconds(200));
}

/// Attaches by hand and ends the interpreter.
inline void finalize(int line = __builtin_LINE(), const char* file = __builtin_FILE()) {
  PyGILState_Ensure();
  check(Py_FinalizeEx() == 0, "Py_FinalizeEx() == 0", line, file);
}

/// How a child process ended, as a shell has it: its exit status, or 128 and the signal.
inline int outcome_of(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0) check(errno == EINTR, "a child can be waited for");
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// Starts @p program anew with one argument.
/// @param errors  Where its stderr goes, or -1.
inline pid_t start_again(const char* program, const std::string& argument, int errors = -1) {
  const pid_t child = fork();
  check(child >= 0, "fork() works");
  if (child != 0) return child;
  if (errors >= 0) dup2(errors, STDERR_FILENO);
  execl(program, program, argument.c_str(), static_cast<char*>(nullptr));
  std::_Exit(127);
}

}  // namespace test
