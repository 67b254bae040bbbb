// SPDX-License-Identifier: MIT
// An assignment brings a text that lives no longer than the call.
// EXPECT: adder: a view is valid for the call that it came with: a field that Python sets has to own what it shows
#include "adder/adder.hpp"
#include "adder/stl/string.hpp"

#include <string>
#include <string_view>

using namespace adder;

class Label {
 public:
  Label() = default;
  int hidden() const { return hidden_; }

#if ADDER_MUST_NOT_COMPILE
  std::string_view text;
#else
  std::string text;
#endif

 private:
  int hidden_ = 0;
};
template <>
struct adder::PyClass<Label> {
  static constexpr auto name = "Label";
  static void define(ClassBuilder<Label>& cls) { cls.setter<&Label::text>("text"); }
};

void probe(ModuleBuilder& m) { m.add_class<Label>(); }
