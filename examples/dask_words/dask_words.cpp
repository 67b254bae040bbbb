// SPDX-License-Identifier: MIT
// Counts of words that travel: from process to process, with def_pickle, and into each other, with +.
//
// A word is a run of ASCII letters, in lower case. In Python: Counter(re.findall(b"[a-z]+", text.encode().lower())).
#include <adder/adder.hpp>
#include <adder/class/pickle.hpp>     // IWYU pragma: keep (def_pickle)
#include <adder/class/protocols.hpp>  // IWYU pragma: keep (the dunders)
#include <adder/stl/pair.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/unordered_map.hpp>
#include <adder/stl/vector.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

using namespace adder;

namespace {

using Counts = std::unordered_map<std::string, std::uint64_t>;

Counts count_words(std::string_view text) {
  Counts counts;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) ++counts[word];
    word.clear();
  };
  for (char c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c >= 'a' && c <= 'z') {
      word.push_back(c);
    } else {
      end_word();
    }
  }
  end_word();
  return counts;
}

class WordCounts {
 public:
  WordCounts() = default;
  explicit WordCounts(Counts counts) : counts_(std::move(counts)) {}
  /// The text is a view into the Python str, and is counted without the GIL.
  static WordCounts of(Python py, std::string_view text) { return WordCounts(py.detach(count_words, text)); }

  WordCounts plus(const WordCounts& other) const {
    WordCounts sum = *this;
    for (const auto& [word, times] : other.counts_) sum.counts_[word] += times;
    return sum;
  }
  bool operator==(const WordCounts&) const = default;
  std::size_t size() const { return counts_.size(); }
  std::uint64_t count(const std::string& word) const {
    const auto found = counts_.find(word);
    return found == counts_.end() ? 0 : found->second;
  }
  std::vector<std::pair<std::string, std::uint64_t>> most_common(std::size_t n) const {
    std::vector<std::pair<std::string, std::uint64_t>> all(counts_.begin(), counts_.end());
    std::ranges::sort(all, [](const auto& a, const auto& b) {
      return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    all.resize(std::min(n, all.size()));
    return all;
  }
  const Counts& counts() const { return counts_; }

 private:
  Counts counts_;
};

}  // namespace

template <>
struct adder::PyClass<WordCounts> {
  static constexpr auto name = "WordCounts";
  static constexpr auto doc = "How often each word stands in a text. Two of them can be added.";
  static constexpr bool eq = true;
  static void define(ClassBuilder<WordCounts>& cls) {
    cls.def_new<&WordCounts::of>(arg("text") = "");
    cls.def<"__add__", &WordCounts::plus>();
    cls.def<"__len__", &WordCounts::size>();
    cls.def<"__getitem__", &WordCounts::count>();
    cls.def<&WordCounts::most_common>("most_common", arg("n") = 10,
                                      "The `n` most common words, as a list of (word, count).");
    // What goes to another process is a dict of str and int; there it becomes a WordCounts again.
    cls.def_pickle<&WordCounts::counts, [](Counts counts) { return WordCounts(std::move(counts)); }>();
  }
};

ADDER_MODULE(dask_words, m) {
  m.doc("Counts words, in objects that can go to other processes.");
  m.add_class<WordCounts>();
}
