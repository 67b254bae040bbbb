// SPDX-License-Identifier: MIT
// Counts the words of a text on several threads, with the GIL released.
//
// A word is what stands between ASCII white space, without the ASCII punctuation at its two ends, ASCII letters in
// lower case. Everything else, non-ASCII text included, counts as it is. In Python:
//
//   Counter(filter(None, (word.strip(string.punctuation.encode()) for word in text.encode().lower().split())))
#include <adder/adder.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <iterator>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

using namespace adder;

namespace {

// --- Counting: plain C++, which knows nothing of Python --------------------------------------------------------------

struct TextHash {
  using is_transparent = void;  // Words that are in the table already are found without making a std::string.
  std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
};
using Counts = std::unordered_map<std::string, std::uint64_t, TextHash, std::equal_to<>>;
using Ranking = std::vector<std::pair<std::string, std::uint64_t>>;

constexpr bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr bool is_punctuation(char c) {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}
constexpr char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

void add(Counts& counts, std::string_view word, std::uint64_t times) {
  if (const auto found = counts.find(word); found != counts.end()) {
    found->second += times;
  } else {
    counts.emplace(word, times);
  }
}

/// Adds the words of a UTF-8 text to @p counts; returns how many there were.
std::uint64_t count_words(std::string_view text, Counts& counts) {
  std::uint64_t total = 0;
  std::string lowered;
  for (const char *at = text.data(), *const end = at + text.size(); at != end;) {
    if (is_space(*at)) {
      ++at;
      continue;
    }
    lowered.clear();
    for (; at != end && !is_space(*at); ++at) lowered.push_back(to_lower(*at));
    std::string_view word = lowered;
    while (!word.empty() && is_punctuation(word.front())) word.remove_prefix(1);
    while (!word.empty() && is_punctuation(word.back())) word.remove_suffix(1);
    if (word.empty()) continue;
    add(counts, word, 1);
    ++total;
  }
  return total;
}

/// Cuts @p text into at most @p pieces of about the same size, between words.
std::vector<std::string_view> cut(std::string_view text, std::size_t pieces) {
  std::vector<std::string_view> result;
  for (; pieces > 1 && !text.empty(); --pieces) {
    std::size_t end = text.size() / pieces;
    while (end != text.size() && !is_space(text[end])) ++end;
    result.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  if (!text.empty()) result.push_back(text);
  return result;
}

/// Counts on @p threads threads. What a worker throws is thrown here, once all of them have ended.
Counts count_on_threads(std::string_view text, std::size_t threads) {
  Counts counts;
  const std::vector<std::string_view> pieces = cut(text, threads);
  std::vector<std::future<Counts>> parts;
  {
    std::vector<std::jthread> workers;  // Joined at the end of the block, also when one of them cannot be started.
    for (const std::string_view piece : pieces) {
      std::packaged_task<Counts()> task([piece] {
        Counts part;
        count_words(piece, part);
        return part;
      });
      parts.push_back(task.get_future());
      workers.emplace_back(std::move(task));
    }
  }
  for (std::future<Counts>& part : parts) {
    const Counts found = part.get();
    if (counts.empty()) counts.reserve(found.size());
    for (const auto& [word, times] : found) add(counts, word, times);
  }
  return counts;
}

/// The @p top most common words, ties in the order of their code points.
Ranking most_common(const Counts& counts, std::size_t top) {
  std::vector<const Counts::value_type*> order;
  order.reserve(counts.size());
  for (const Counts::value_type& entry : counts) order.push_back(&entry);
  const auto middle = order.begin() + static_cast<std::ptrdiff_t>(std::min(top, order.size()));
  std::partial_sort(order.begin(), middle, order.end(), [](const auto* a, const auto* b) {
    return a->second != b->second ? a->second > b->second : a->first < b->first;
  });
  Ranking ranking;
  ranking.reserve(static_cast<std::size_t>(middle - order.begin()));
  std::transform(order.begin(), middle, std::back_inserter(ranking), [](const auto* entry) { return *entry; });
  return ranking;
}

// --- What Python sees ------------------------------------------------------------------------------------------------

/// An argument that counts something.
std::size_t not_negative(std::int64_t value, const char* function, const char* argument) {
  if (value < 0) {
    throw PyValueError::new_err(std::string(function) + "() argument '" + argument + "' must not be negative, but is " +
                                std::to_string(value));
  }
  return static_cast<std::size_t>(value);
}

Bound<PyList> to_list(Python py, const Ranking& ranking) {
  auto list = PyList::empty(py);
  for (const auto& [word, count] : ranking) list.append(PyTuple::new_(py, std::string_view(word), count));
  return list;
}

/// The view points into the Python str, which the caller keeps alive during the call: nothing is copied.
Bound<PyList> count_parallel(Python py, std::string_view text, std::int64_t threads, std::int64_t top) {
  std::size_t workers = not_negative(threads, "count_parallel", "threads");
  if (workers == 0) workers = std::max(1U, std::thread::hardware_concurrency());
  const Ranking ranking =
      py.allow_threads([](std::string_view words, std::size_t count,
                          std::size_t best) { return most_common(count_on_threads(words, count), best); },
                       text, workers, not_negative(top, "count_parallel", "top"));
  return to_list(py, ranking);
}

class WordCounter {
 public:
  /// Non-const: adder borrows the object exclusively for the call.
  void feed(std::string_view text) { total_ += count_words(text, counts_); }
  Bound<PyList> most_common(Python py, std::int64_t n) const {
    return to_list(py, ::most_common(counts_, not_negative(n, "WordCounter.most_common", "n")));
  }
  std::uint64_t total() const { return total_; }
  std::size_t size() const { return counts_.size(); }

 private:
  Counts counts_;
  std::uint64_t total_ = 0;
};

}  // namespace

template <>
struct adder::PyClass<WordCounter> {
  static constexpr auto name = "WordCounter";
  static constexpr auto doc = "Counts the words of several texts. len() is the number of different words.";
  static void define(ClassBuilder<WordCounter>& cls) {
    cls.def_new<>();
    cls.def<&WordCounter::feed>("feed", arg("text"), "Count the words of `text` too.");
    cls.def<&WordCounter::most_common>("most_common", arg("n") = 10,
                                       "The `n` most common words, as a list of (word, count).");
    cls.getter<&WordCounter::total>("total", "How many words were counted.");
    cls.def<"__len__", &WordCounter::size>();
  }
};

ADDER_MODULE(word_count, m) {
  m.doc("Counts words on several threads, with the GIL released.");
  m.def<&count_parallel>("count_parallel", arg("text"), arg("threads") = 0, arg("top") = 10,
                         "The `top` most common words of `text`, as a list of (word, count), ties in alphabetical "
                         "order. Counts on as many threads as told, 0 for one per processor.");
  m.add_class<WordCounter>();
}
