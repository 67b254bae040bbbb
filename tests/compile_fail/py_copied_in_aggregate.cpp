// SPDX-License-Identifier: MIT
// An aggregate that holds a Py is not copied either.
// EXPECT: (use of deleted function .*::Py<|call to implicitly-deleted copy constructor of .Entry.)
// EXPECT: Entry
// EXPECT: (write clone_ref.py|field .object. has a deleted copy constructor)
#include "adder/adder.hpp"

using namespace adder;

struct Entry {
  int id;
  Py<PyAny> object;
};

void probe([[maybe_unused]] Python py, const Entry& entry) {
#if ADDER_MUST_NOT_COMPILE
  Entry copy = entry;
#else
  Entry copy{entry.id, entry.object.clone_ref(py)};
#endif
}
