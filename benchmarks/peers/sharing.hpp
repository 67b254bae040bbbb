// SPDX-License-Identifier: MIT
// What compare.py shares between C++ and Python: values behind smart pointers, virtual functions, callbacks.
#pragma once
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace sharing {

struct Node {
  int value = 1;
  int get() const { return value; }
};
using NodePtr = std::shared_ptr<Node>;
using Nodes = std::vector<NodePtr>;

inline Nodes& kept() {
  static Nodes nodes;
  return nodes;
}
inline void keep(NodePtr node) { kept().push_back(std::move(node)); }
inline void clear() { kept().clear(); }
inline NodePtr last() { return kept().back(); }
inline NodePtr fresh() { return std::make_shared<Node>(); }
inline int read(const NodePtr& node) { return node->value; }
inline int sum(const Nodes& nodes) {
  int result = 0;
  for (const NodePtr& node : nodes) result += node->value;
  return result;
}
inline Nodes all() { return kept(); }

struct Animal {
  virtual ~Animal() = default;
  virtual int legs(int more) const { return 4 + more; }
};
struct Dog : Animal {
  int legs(int more) const override { return 3 + more; }
};
inline std::shared_ptr<Animal> make_animal() { return std::make_shared<Dog>(); }
inline int count_legs(const Animal& animal, int times) {
  int result = 0;
  for (int i = 0; i < times; ++i) result += animal.legs(i & 1);
  return result;
}

using Function = std::function<int(int)>;
inline int call(const Function& function, int times) {
  int result = 0;
  for (int i = 0; i < times; ++i) result += function(i & 1);
  return result;
}
inline Function same(Function function) { return function; }
inline Function adding(int n) {
  return [n](int x) { return x + n; };
}

}  // namespace sharing
