// SPDX-License-Identifier: MIT
// The text of a temporary PyBackedStr would be gone when it is looked at.
// EXPECT: (use of deleted function .*view|call to deleted member function 'view')
#include "adder/adder.hpp"

#include <string_view>
using namespace adder;
bool probe(const Bound<PyString>& text) {
#if ADDER_MUST_NOT_COMPILE
  const std::string_view view = PyBackedStr(text).view();
#else
  const PyBackedStr kept(text);
  const std::string_view view = kept.view();
#endif
  return view.empty();
}
