// SPDX-License-Identifier: MIT
// Which private fields are mutable cannot be seen: they are const, or the author vouches for them.
// EXPECT: adder: the values of a frozen class are used by several threads at once, and adder cannot see that this class
#include "adder/adder.hpp"

#include <cstddef>
#include <string>

using namespace adder;

class Label {
 public:
  std::size_t size() const { return text_.size(); }

 private:
#if ADDER_MUST_NOT_COMPILE
  std::string text_;
#else
  const std::string text_;
#endif
  friend struct adder::PyClass<Label>;
};
template <>
struct adder::PyClass<Label> {
  static constexpr auto name = "Label";
  static constexpr bool frozen = true;
  using fields = FieldList<&Label::text_>;
  static void define(ClassBuilder<Label>& cls) { cls.def<&Label::size>("size"); }
};

void probe(ModuleBuilder& m) { m.add_class<Label>(); }
