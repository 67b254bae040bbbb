// SPDX-License-Identifier: MIT
// The classes whose members compare.py reads, changes and iterates over from Python.
#pragma once
#include <map>
#include <string>
#include <vector>

namespace parts {

struct Engine {
  int power = 100;
  void start() { ++power; }
};
struct Wheel {
  double pressure = 2.0;
  double width = 0.2;
};
using Numbers = std::vector<int>;
using Wheels = std::vector<Wheel>;
using Counts = std::map<std::string, int>;
struct Car {
  Engine engine;
  Numbers numbers;  ///< 0 to 999.
  Wheels wheels = Wheels(1000);
  Counts counts;  ///< "key0": 0 to "key99": 99.

  Car() {
    for (int i = 0; i < 1000; ++i) numbers.push_back(i);
    for (int i = 0; i < 100; ++i) counts["key" + std::to_string(i)] = i;
  }
};

}  // namespace parts
