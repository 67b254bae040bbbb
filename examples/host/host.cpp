// SPDX-License-Identifier: MIT
// A program with plugins written in Python. It reads commands, a line each, and answers on stdout; see README.md.
#include <adder/adder.hpp>
#include <adder/embed/interpreter.hpp>
#include <adder/module/script.hpp>
#include <adder/module/streams.hpp>
#include <adder/stl/string.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <filesystem>
#include <iostream>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

using namespace adder;

namespace {

/// What a plugin gets to see of an event.
class Event {
 public:
  explicit Event(int number) : number_(number) {}
  int number() const { return number_; }
  std::string repr() const { return "<Event " + std::to_string(number_) + ">"; }

 private:
  int number_;
};

/// A file of Python and what it has asked for. Stored by C++, so it holds a Py<T> and not a Bound<T>.
struct Plugin {
  Plugin(std::string called, Py<PyModule> loaded) : name(std::move(called)), module(std::move(loaded)) {}
  std::string name;
  Py<PyModule> module;
  std::atomic<bool> is_on{true};
  std::atomic<long> total{0};
};

std::mutex answers;  // One line at a time. Nobody calls Python meanwhile.
void answer(std::string_view text) {
  const std::lock_guard lock(answers);
  std::cout << text << '\n';
}
/// What a plugin has printed, each line with the plugin's name.
void answer_lines(const std::string& name, const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) answer(std::string(name).append(" printed: ").append(line));
}

void log_from_python(const std::string& text) { answer("log: " + text); }

}  // namespace

template <>
struct adder::PyClass<Event> {
  static constexpr auto name = "Event";
  static constexpr bool frozen = true, sync = true;  // Never changes, so threads share it.
  static void define(ClassBuilder<Event>& cls) {
    cls.getter<&Event::number>("number");
    cls.def<"__repr__", &Event::repr>();
  }
};

ADDER_MODULE(host, m) {
  m.add_class<Event>();
  m.def<&log_from_python>("log", arg("text"));
}

namespace {

/// What a plugin raised: sys.exit() switches it off, other errors are told. KeyboardInterrupt is the user's, and goes
/// on.
void handle_error(Python py, Plugin& plugin, const PyErr& error) {
  if (error.is_instance_of<PyKeyboardInterrupt>(py)) throw PyErr(error);
  if (error.is_instance_of<PySystemExit>(py)) {
    plugin.is_on = false;
    answer(plugin.name + " ended with status " + std::to_string(exit_status(py, error)));
  } else {
    answer(plugin.name + " failed: " + error.what());
  }
}

class Host {
 public:
  /// Imports all plugins of a folder.
  void load(Python py, const std::filesystem::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.path().extension() == ".py") names.push_back(entry.path().stem().string());
    }
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) {
      CapturedOutput captured(py);
      try {
        Py<PyModule> module = py.import(name);
        plugins_.push_back(std::make_unique<Plugin>(name, std::move(module)));
        answer("loaded " + name);
      } catch (const PyErr& error) {
        if (error.is_instance_of<PyKeyboardInterrupt>(py)) throw;
        answer("cannot load " + name + ": " + error.what());
      }
      answer_lines(name, captured.take(py));
    }
  }

  void reload(Python py, const std::string& name) {
    Plugin* plugin = find(name);
    if (plugin == nullptr) return answer("there is no plugin '" + name + "'");
    CapturedOutput captured(py);
    try {
      plugin->module = plugin->module.bind(py).reload();
      plugin->is_on = true;
      answer("reloaded " + name);
    } catch (const PyErr& error) {
      handle_error(py, *plugin, error);
    }
    answer_lines(name, captured.take(py));
  }

  /// Hands events to the plugins on several threads, and waits; for Ctrl-C as well.
  void run(Python py, int events) {
    std::ostringstream printed;
    {
      const PythonToStream out(py, printed);
      Work work(*this, events);
      py.allow_threads_unchecked([&] { work.start(); });
      try {
        // Ctrl-C is an exception in the main thread of Python, where it looks for it.
        while (!py.allow_threads_unchecked([&] { return work.wait(); })) py.check_signals().value();
      } catch (const PyErr&) {
        work.interrupt();
        py.allow_threads_unchecked([&] { work.join(); });
        throw;
      }
      py.allow_threads_unchecked([&] { work.join(); });
    }
    answer_lines("plugins", printed.str());
    for (const auto& plugin : plugins_) answer(plugin->name + ": " + std::to_string(plugin->total));
  }

 private:
  class Work {
   public:
    Work(Host& host, int events) : host_(host), events_(events) {}
    void start() {
      for (int i = 0; i < 4; ++i) threads_.emplace_back([this] { work(); });
    }
    /// Whether all is done, after a moment.
    bool wait() {
      std::unique_lock lock(mutex_);
      return done_.wait_for(lock, std::chrono::milliseconds(20), [this] { return finished_ == threads_.size(); });
    }
    /// Has plugins that are running meet a KeyboardInterrupt. Attached.
    void interrupt() {
      next_ = events_;
      const std::lock_guard lock(mutex_);
      for (const unsigned long thread : in_python_) PyThreadState_SetAsyncExc(thread, PyExc_KeyboardInterrupt);
    }
    void join() { threads_.clear(); }

   private:
    void work() {
      for (int number = next_++; number < events_; number = next_++) {
        Python::with_gil([&](Python py) { hand_out(py, number); });
      }
      const std::lock_guard lock(mutex_);
      ++finished_;
      done_.notify_one();
    }
    void hand_out(Python py, int number) {
      const unsigned long me = PyThread_get_thread_ident();
      note(me, true);
      try {
        const auto event = Py<Event>::new_(py, number);
        for (const auto& plugin : host_.plugins_) {
          if (!plugin->is_on) continue;
          try {
            plugin->total += plugin->module.bind(py).call_method("on_event"_s, event).extract<long>();
          } catch (const PyErr& error) {
            handle_error(py, *plugin, error);
          }
        }
      } catch (const PyErr&) {
        next_ = events_;  // Interrupted; the main thread tells.
      }
      note(me, false);
    }
    void note(unsigned long thread, bool is_in_python) {
      const std::lock_guard lock(mutex_);
      is_in_python ? in_python_.push_back(thread) : (void)std::erase(in_python_, thread);
    }

    Host& host_;
    const int events_;
    std::atomic<int> next_{0};
    std::mutex mutex_;  // Held for a moment only, and never while Python is called.
    std::condition_variable done_;
    std::size_t finished_ = 0;
    std::vector<unsigned long> in_python_;
    std::vector<std::jthread> threads_;
  };

  Plugin* find(const std::string& name) {
    for (const auto& plugin : plugins_) {
      if (plugin->name == name) return plugin.get();
    }
    return nullptr;
  }

  std::vector<std::unique_ptr<Plugin>> plugins_;
};

/// Reads commands to the end; the status that the program exits with.
int serve(Python py, Host& host) {
  std::string line;
  while (py.allow_threads_unchecked([&] { return static_cast<bool>(std::getline(std::cin, line)); })) {
    py.check_signals().value();
    std::istringstream words(line);
    std::string command;
    std::string word;
    int number = 0;
    words >> command;
    if (command.empty()) continue;
    if (command == "quit") return words >> number ? number : 0;
    if (command == "reload" && words >> word) {
      host.reload(py, word);
    } else if (command == "run" && words >> number && number >= 0) {
      host.run(py, number);
    } else if (command == "eval") {
      // As typed at a prompt.
      CapturedOutput captured(py);
      try {
        run_statement(py, line.substr(line.find("eval") + 4));
      } catch (const PyErr& error) {
        if (error.is_instance_of<PySystemExit>(py)) return exit_status(py, error);
        if (error.is_instance_of<PyKeyboardInterrupt>(py)) throw;
        answer(error.what());
      }
      answer_lines("prompt", captured.take(py));
    } else {
      answer("commands: run NUMBER, reload PLUGIN, eval STATEMENT, quit [STATUS]");
    }
    std::cout.flush();
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: host FOLDER_OF_PLUGINS\n";
    return 2;
  }
  try {
    append_to_inittab("host", PyInit_host);
    Interpreter python(InterpreterConfig().argv({argv[0]}).add_path(argv[1]).signal_handlers());
    Host host;
    return python.end(python.run([&](Python py) {
      host.load(py, argv[1]);
      return serve(py, host);
    }));
  } catch (const std::exception& error) {
    std::cerr << "host: " << error.what() << '\n';
    return 1;
  }
}
