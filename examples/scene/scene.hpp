// SPDX-License-Identifier: MIT
// A small scene graph as C++ libraries have them: nodes own their children, visitors and controllers have virtual
// functions, and whoever listens hands over a callback. It knows nothing of Python.
#pragma once
#include <algorithm>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace scene {

struct Vector {
  double x = 0, y = 0, z = 0;
  Vector operator+(const Vector& other) const { return {x + other.x, y + other.y, z + other.z}; }
};

class Group;
class Mesh;
class Light;

/// Looks at the nodes of a tree. Goes on to the children of a group where enter() says so.
class Visitor {
 public:
  virtual ~Visitor() = default;
  virtual bool enter(const std::shared_ptr<Group>& group) = 0;
  virtual void leave(const std::shared_ptr<Group>&) {}
  virtual void visit(const std::shared_ptr<Mesh>&) {}
  virtual void visit(const std::shared_ptr<Light>&) {}
};

class Node : public std::enable_shared_from_this<Node> {
 public:
  explicit Node(std::string name) : name_(std::move(name)) {}
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  virtual ~Node() = default;

  virtual void accept(Visitor& visitor) = 0;
  /// What the node needs of memory, without its children.
  virtual std::size_t cost() const { return 1; }

  const std::string& name() const { return name_; }
  Vector position;
  Vector world_position() const {
    const auto above = parent();
    return above == nullptr ? position : above->world_position() + position;
  }
  std::shared_ptr<Node> parent() const;
  std::string path() const { return parent() == nullptr ? name_ : parent()->path() + "/" + name_; }

 protected:
  template <class T>
  std::shared_ptr<T> self() {
    return std::static_pointer_cast<T>(shared_from_this());
  }

 private:
  friend class Group;
  std::string name_;
  std::weak_ptr<Group> parent_;
};

class Group : public Node {
 public:
  using Node::Node;
  void add(const std::shared_ptr<Node>& child) {
    for (const Node* above = this; above != nullptr; above = above->parent().get()) {
      if (above == child.get()) throw std::invalid_argument("a node cannot be below itself");
    }
    if (const auto old = child->parent_.lock()) old->remove(child);
    children_.push_back(child);
    child->parent_ = self<Group>();
  }
  void remove(const std::shared_ptr<Node>& child) {
    const auto found = std::find(children_.begin(), children_.end(), child);
    if (found == children_.end()) throw std::invalid_argument("the node is no child of this group");
    child->parent_.reset();
    children_.erase(found);
  }
  const std::vector<std::shared_ptr<Node>>& children() const { return children_; }
  void accept(Visitor& visitor) override {
    const auto keep = self<Group>();
    if (!visitor.enter(keep)) return;
    const auto all = children_;  // The visitor may change the tree.
    for (const auto& child : all) child->accept(visitor);
    visitor.leave(keep);
  }

 private:
  std::vector<std::shared_ptr<Node>> children_;
};
inline std::shared_ptr<Node> Node::parent() const { return parent_.lock(); }

class Mesh : public Node {
 public:
  Mesh(std::string name, std::size_t triangle_count) : Node(std::move(name)), triangles(triangle_count) {}
  void accept(Visitor& visitor) override { visitor.visit(self<Mesh>()); }
  std::size_t cost() const override { return triangles; }
  std::size_t triangles;
};
class Light : public Node {
 public:
  Light(std::string name, double brightness) : Node(std::move(name)), power(brightness) {}
  void accept(Visitor& visitor) override { visitor.visit(self<Light>()); }
  double power;
};

/// Moves a node as time goes by.
class Controller {
 public:
  virtual ~Controller() = default;
  virtual Vector at(double time) const = 0;
};
class Linear : public Controller {
 public:
  explicit Linear(Vector per_second) : speed(per_second) {}
  Vector at(double time) const override { return {speed.x * time, speed.y * time, speed.z * time}; }
  Vector speed;
};

/// Runs controllers on threads of its own, and tells its listeners.
class Animation {
 public:
  using Listener = std::function<void(const std::shared_ptr<Node>&, double)>;

  void attach(std::shared_ptr<Node> node, std::unique_ptr<Controller> controller) {
    tracks_.push_back({std::move(node), std::move(controller)});
  }
  void listen(Listener listener) { listeners_.push_back(std::move(listener)); }
  std::size_t size() const { return tracks_.size(); }
  /// Each track on a thread. The first exception of a controller or a listener is thrown once all have ended.
  void play(const std::vector<double>& times) const {
    std::vector<std::thread> threads;
    std::mutex mutex;
    std::exception_ptr first;
    for (const Track& track : tracks_) {
      threads.emplace_back([&] {
        try {
          for (const double time : times) {
            track.node->position = track.controller->at(time);
            for (const Listener& listener : listeners_) listener(track.node, time);
          }
        } catch (...) {
          const std::lock_guard<std::mutex> lock(mutex);
          if (!first) first = std::current_exception();
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    if (first) std::rethrow_exception(first);
  }

 private:
  struct Track {
    std::shared_ptr<Node> node;
    std::unique_ptr<Controller> controller;
  };
  std::vector<Track> tracks_;
  std::vector<Listener> listeners_;
};

inline std::size_t total_cost(const std::shared_ptr<Node>& root) {
  struct Sum : Visitor {
    bool enter(const std::shared_ptr<Group>& group) override {
      cost += group->cost();
      return true;
    }
    void visit(const std::shared_ptr<Mesh>& mesh) override { cost += mesh->cost(); }
    void visit(const std::shared_ptr<Light>& light) override { cost += light->cost(); }
    std::size_t cost = 0;
  } sum;
  root->accept(sum);
  return sum.cost;
}

}  // namespace scene
