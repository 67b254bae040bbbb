// SPDX-License-Identifier: MIT
// A library that is nowhere: stubs are made without it.
#pragma once
#include <stdexcept>

namespace library {

struct Engine {
  explicit Engine(const char* fuel);
  virtual ~Engine();
  virtual int power(int gear) const;
};
struct Stalled : std::runtime_error {
  using std::runtime_error::runtime_error;
  ~Stalled() override;
};
struct Unknown {
  int value;
};
int version();
extern const int level;
extern "C" int library_c_function(int x);

}  // namespace library
