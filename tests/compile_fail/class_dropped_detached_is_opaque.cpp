// SPDX-License-Identifier: MIT
// A destructor that runs without the GIL: where adder cannot see what it destroys, the author has to say that it is
// not tied to the GIL.
// EXPECT: adder: this type is not Ungil: adder cannot see what it holds
#include "adder/adder.hpp"

#include <type_traits>

using namespace adder;

class Job {
 public:
  Job() : number_(1) {}
  ~Job() { number_ = 0; }

 private:
  int number_;
};
#if !ADDER_MUST_NOT_COMPILE
template <>
struct adder::UngilTraits<Job> : std::true_type {};
#endif
template <>
struct adder::PyClass<Job> {
  static constexpr auto name = "Job";
  static constexpr bool drop_detached = true;
  static void define(ClassBuilder<Job>&) {}
};

void probe(ModuleBuilder& m) { m.add_class<Job>(); }
