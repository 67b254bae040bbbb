// SPDX-License-Identifier: MIT
// Values that C++ holds too: shared_ptr, unique_ptr, and a pointer that counts references inside the value.
#include "adder/adder.hpp"
#include "adder/class/holder.hpp"
#include "adder/stl/functional.hpp"
#include "adder/stl/optional.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/vector.hpp"

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace adder;

namespace {

/// Counts the values that live.
template <class>
struct Counted {
  static inline std::atomic<int> living{0};
  Counted() { ++living; }
  Counted(const Counted&) { ++living; }
  Counted& operator=(const Counted&) = default;
  ~Counted() { --living; }
};

// --- shared_ptr ------------------------------------------------------------------------------------------------------

struct Node : Counted<Node>, std::enable_shared_from_this<Node> {
  explicit Node(std::string given) : name(std::move(given)) {}
  void add(std::shared_ptr<Node> child) {
    child->parent = weak_from_this();
    children.push_back(std::move(child));
  }
  std::shared_ptr<Node> self() { return shared_from_this(); }
  std::shared_ptr<Node> up() const { return parent.lock(); }
  std::string name;
  std::vector<std::shared_ptr<Node>> children;
  std::weak_ptr<Node> parent;
};
std::shared_ptr<Node> make_node(const std::string& name) { return std::make_shared<Node>(name); }
std::shared_ptr<Node> no_node() { return nullptr; }
std::string name_of(const std::shared_ptr<const Node>& node) { return node->name; }
void rename_node(const std::shared_ptr<Node>& node, const std::string& name) { node->name = name; }
std::string name_or_nothing(const std::optional<std::shared_ptr<Node>>& node) {
  return node ? (*node)->name : "nothing";
}
std::size_t joined(const std::vector<std::shared_ptr<Node>>& nodes) { return nodes.size(); }
void link_nodes(const std::shared_ptr<Node>& parent, std::shared_ptr<Node> child) { parent->add(std::move(child)); }
std::string path_of(const Node& node) {
  const auto parent = node.parent.lock();
  return parent == nullptr ? node.name : path_of(*parent) + "/" + node.name;
}
bool same_pointer(const std::shared_ptr<Node>& one, const std::shared_ptr<Node>& other) { return one == other; }
void call_with(const std::shared_ptr<Node>& node, const std::function<void()>& function) {
  const std::string before = node->name;
  function();
  if (node->name.empty()) node->name = before;
}
/// Reads its object while it calls.
void each_of(const Node&, const std::function<void()>& function) { function(); }
std::vector<std::shared_ptr<Node>> kept;
void keep(std::shared_ptr<Node> node) { kept.push_back(std::move(node)); }
std::shared_ptr<Node> last_kept() { return kept.empty() ? nullptr : kept.back(); }
/// Taken out first: what dies may run Python code, which keeps more.
void drop_kept() { const auto old = std::exchange(kept, {}); }
long owners(const std::shared_ptr<Node>& node) { return node.use_count(); }
std::weak_ptr<Node> watched;
void watch(const std::shared_ptr<Node>& node) { watched = node; }
std::shared_ptr<Node> still_watched() { return watched.lock(); }
void drop_on_thread(Python py, std::shared_ptr<Node> node) {
  drop_kept();
  py.allow_threads_unchecked([&] { std::thread([moved = std::move(node)]() mutable { moved.reset(); }).join(); });
}
template <class T>
int living() {
  return Counted<T>::living;
}

// --- A polymorphic chain, and a base that is not the first ---------------------------------------------------------

struct Shape : Counted<Shape> {
  virtual ~Shape() = default;
  virtual double area() const = 0;
  std::string label = "shape";
};
struct Named {
  std::string name = "named";
};
struct Square : Named, Shape {
  explicit Square(double given) : side(given) {}
  double area() const override { return side * side; }
  double side;
};
struct Rectangle final : Square {
  Rectangle(double width, double given) : Square(width), height(given) {}
  double area() const override { return side * height; }
  double height;
};
/// Which Python does not know: a Square to it.
struct Hidden final : Square {
  Hidden() : Square(7) {}
};
/// The same of no class but the base.
struct Point final : Shape {
  double area() const override { return 0; }
};
std::shared_ptr<Shape> make_shape(const std::string& kind) {
  if (kind == "square") return std::make_shared<Square>(2);
  if (kind == "rectangle") return std::make_shared<Rectangle>(2, 3);
  if (kind == "hidden") return std::make_shared<Hidden>();
  if (kind == "point") return std::make_shared<Point>();
  return nullptr;
}
std::vector<std::shared_ptr<Shape>> shapes;
void add_shape(std::shared_ptr<Shape> shape) { shapes.push_back(std::move(shape)); }
std::vector<std::shared_ptr<Shape>> all_shapes() { return shapes; }
void clear_shapes() { shapes.clear(); }
double total_area(const std::vector<std::shared_ptr<const Shape>>& all) {
  double sum = 0;
  for (const auto& shape : all) sum += shape->area();
  return sum;
}
double side_of(const std::shared_ptr<Square>& square) { return square->side; }
double area_of(const Shape& shape) { return shape.area(); }

// --- unique_ptr ------------------------------------------------------------------------------------------------------

struct Ticket : Counted<Ticket> {
  explicit Ticket(int given) : number(given) {}
  int number;
};
std::unique_ptr<Ticket> make_ticket(int number) { return std::make_unique<Ticket>(number); }
std::unique_ptr<Ticket> pocket;
void pocket_ticket(std::unique_ptr<Ticket> ticket) { pocket = std::move(ticket); }
std::unique_ptr<Ticket> take_back() { return std::move(pocket); }
int look_at(const Ticket& ticket) { return ticket.number; }
void take_both(std::unique_ptr<Ticket> first, std::unique_ptr<Ticket> second) {
  pocket = std::move(second);
  first.reset();
}
void take_then_number(std::unique_ptr<Ticket> ticket, int) { pocket = std::move(ticket); }
void maybe_take(std::unique_ptr<Ticket>&& ticket, bool take) {
  if (take) pocket = std::move(ticket);
}
void exchange_tickets(std::unique_ptr<Ticket>&& one, std::unique_ptr<Ticket>&& other) { std::swap(one, other); }
void renew_ticket(std::unique_ptr<Ticket>&& ticket, int number) { ticket = std::make_unique<Ticket>(number); }
void take_and_fail(std::unique_ptr<Ticket>) { throw PyValueError::new_err("no"); }

/// What is lent by a desk, and returned to it.
struct Loan : Counted<Loan> {
  virtual ~Loan() = default;
  int number = 1;
};
struct LongLoan final : Loan {
  std::vector<int> days = {1, 2, 3};
};
std::vector<int> returned;
struct ReturnTo {
  int desk = 0;
  void operator()(Loan* loan) const {
    returned.push_back(desk);
    delete loan;
  }
};
std::unique_ptr<Loan, ReturnTo> lend(int desk) { return std::unique_ptr<Loan, ReturnTo>(new Loan, ReturnTo{desk}); }
std::unique_ptr<LongLoan, ReturnTo> lend_long(int desk) {
  return std::unique_ptr<LongLoan, ReturnTo>(new LongLoan, ReturnTo{desk});
}
void end_long(const std::unique_ptr<LongLoan, ReturnTo>) {}
void exchange_loans(std::unique_ptr<Loan, ReturnTo>&& one, std::unique_ptr<Loan, ReturnTo>&& other) {
  std::swap(one, other);
}
std::vector<int> take_returned() { return std::exchange(returned, {}); }

// --- References counted in the value
// -----------------------------------------------------------------------------------

template <class T>
class Ref {
 public:
  Ref() = default;
  explicit Ref(T* value) : value_(value) {
    if (value_ != nullptr) ++value_->count;
  }
  Ref(const Ref& other) : Ref(other.value_) {}
  Ref(Ref&& other) noexcept : value_(std::exchange(other.value_, nullptr)) {}
  Ref& operator=(Ref other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~Ref() {
    if (value_ != nullptr && --value_->count == 0) delete value_;
  }
  T* get() const { return value_; }
  T* operator->() const { return value_; }

 private:
  T* value_ = nullptr;
};
struct Image : Counted<Image> {
  explicit Image(int given) : width(given) {}
  Ref<Image> self() { return Ref<Image>(this); }
  std::atomic<int> count{0};
  int width;
};
Ref<Image> make_image(int width) { return Ref<Image>(new Image(width)); }
std::vector<Ref<Image>> images;
void keep_image(const Ref<Image>& image) { images.push_back(image); }
Ref<Image> last_image() { return images.empty() ? Ref<Image>() : images.back(); }
void drop_images() { images.clear(); }

// --- With handles ----------------------------------------------------------------------------------------------------

struct Box : Counted<Box> {
  std::optional<Py<PyAny>> content;
};
std::vector<std::shared_ptr<Box>> boxes;
void keep_box(std::shared_ptr<Box> box) { boxes.push_back(std::move(box)); }
void drop_boxes() { boxes.clear(); }

/// Owns others, some of which are instances of Python subclasses.
struct Group : Counted<Group> {
  std::vector<std::shared_ptr<Group>> members;
  std::optional<Py<PyAny>> note;
};
std::shared_ptr<Group> nested_group() {
  auto outer = std::make_shared<Group>();
  outer->members.push_back(std::make_shared<Group>());
  return outer;
}
void set_inner_note(Group& outer, Py<PyAny> note) { outer.members.at(0)->note = std::move(note); }

// --- What only C++ makes, and what nobody may change ----------------------------------------------------------------

struct Config {
  const int level;
};
/// Made by a function.
struct Door {
  int width = 1;
};
std::shared_ptr<Door> make_door(int width) {
  if (width < 0) return nullptr;
  auto door = std::make_shared<Door>();
  door->width = width;
  return door;
}
std::shared_ptr<const Config> make_config(int level) { return std::make_shared<const Config>(Config{level}); }
int level_of(const std::shared_ptr<const Config>& config) { return config->level; }

}  // namespace

template <class T>
struct adder::HolderTraits<Ref<T>> : adder::IntrusiveHolder<Ref, T> {
  static bool is_sole_owner(const Ref<T>& held) { return held->count == 1; }
};

template <>
struct adder::PyClass<Node> {
  static constexpr auto name = "Node";
  static constexpr bool subclass = true, weakref = true;
  using holder = std::shared_ptr<Node>;
  static void define(ClassBuilder<Node>& cls) {
    cls.def_new<std::string>(arg("name"));
    cls.field<&Node::name>("name");
    cls.field<&Node::children>("children");
    cls.def<&Node::add>("add", arg("child"));
    cls.def<&Node::self>("self");
    cls.getter<&Node::up>("parent");
    cls.def<&rename_node>("rename");
    cls.def<&each_of>("each_of");
  }
};
template <>
struct adder::PyClass<Shape> {
  static constexpr auto name = "Shape";
  static constexpr bool subclass = true;
  using holder = std::shared_ptr<Shape>;
  static void define(ClassBuilder<Shape>& cls) {
    cls.def<&Shape::area>("area");
    cls.field<&Shape::label>("label");
  }
};
template <>
struct adder::PyClass<Square> {
  static constexpr auto name = "Square";
  static constexpr bool subclass = true;
  using base = Shape;
  static void define(ClassBuilder<Square>& cls) {
    cls.def_new<double>(arg("side"));
    cls.field<&Square::side>("side");
    cls.field<&Square::name>("name");
  }
};
template <>
struct adder::PyClass<Rectangle> {
  static constexpr auto name = "Rectangle";
  using base = Square;
  static void define(ClassBuilder<Rectangle>& cls) {
    cls.def_new<double, double>(arg("width"), arg("height"));
    cls.field<&Rectangle::height>("height");
  }
};
template <>
struct adder::PyClass<Ticket> {
  static constexpr auto name = "Ticket";
  static constexpr bool subclass = true;
  using holder = std::unique_ptr<Ticket>;
  static void define(ClassBuilder<Ticket>& cls) {
    cls.def_new<int>();
    cls.field<&Ticket::number>("number");
  }
};
template <>
struct adder::PyClass<Loan> {
  static constexpr auto name = "Loan";
  static constexpr bool subclass = true;
  using holder = std::unique_ptr<Loan, ReturnTo>;
  static void define(ClassBuilder<Loan>& cls) { cls.field<&Loan::number>("number"); }
};
template <>
struct adder::PyClass<LongLoan> {
  static constexpr auto name = "LongLoan";
  using base = Loan;
  static void define(ClassBuilder<LongLoan>& cls) { cls.getter<&LongLoan::days>("days"); }
};
template <>
struct adder::PyClass<Image> {
  static constexpr auto name = "Image";
  using holder = Ref<Image>;
  static void define(ClassBuilder<Image>& cls) {
    cls.def_new<int>();
    cls.field<&Image::width>("width");
    cls.def<&Image::self>("self");
  }
};
template <>
struct adder::PyClass<Box> {
  static constexpr auto name = "Box";
  static constexpr bool weakref = true;
  using holder = std::shared_ptr<Box>;
  using fields = FieldList<&Box::content>;
  static void define(ClassBuilder<Box>& cls) {
    cls.def_new<>();
    cls.field<&Box::content>("content");
  }
};
template <>
struct adder::PyClass<Group> {
  static constexpr auto name = "Group";
  static constexpr bool subclass = true, weakref = true;
  using holder = std::shared_ptr<Group>;
  using fields = FieldList<&Group::members, &Group::note>;
  static void define(ClassBuilder<Group>& cls) {
    cls.def_new<>();
    cls.field<&Group::members>("members");
    cls.field<&Group::note>("note");
    cls.def<&set_inner_note>("set_inner_note");
  }
};
template <>
struct adder::PyClass<Door> {
  static constexpr auto name = "Door";
  static constexpr bool subclass = true;
  using holder = std::shared_ptr<Door>;
  static void define(ClassBuilder<Door>& cls) {
    cls.def_new<&make_door>(arg("width") = 1);
    cls.field<&Door::width>("width");
  }
};
template <>
struct adder::PyClass<Config> {
  static constexpr auto name = "Config";
  static constexpr bool frozen = true;
  using holder = std::shared_ptr<Config>;
  static void define(ClassBuilder<Config>& cls) {
    cls.def_new<int>();
    cls.getter<&Config::level>("level");
  }
};

namespace {
/// Without virtual functions: nobody can see what a value is.
struct Flat {
  int number = 1;
};
struct Flatter : Flat {
  int last() const { return number + 4; }
};
std::shared_ptr<Flatter> the_flatter() {
  static const auto one = std::make_shared<Flatter>();
  return one;
}
}  // namespace
template <>
struct adder::PyClass<Flat> {
  static constexpr auto name = "Flat";
  static constexpr bool subclass = true;
  using holder = std::shared_ptr<Flat>;
  static void define(ClassBuilder<Flat>& cls) { cls.field<&Flat::number>("number"); }
};
template <>
struct adder::PyClass<Flatter> {
  static constexpr auto name = "Flatter";
  using base = Flat;
  using fields = PartialFieldList<>;
  static void define(ClassBuilder<Flatter>& cls) { cls.def<&Flatter::last>("last"); }
};

ADDER_MODULE(holders_ext, m) {
  m.add_class<Flat>();
  m.add_class<Flatter>();
  m.def<[]() -> std::shared_ptr<Flat> { return the_flatter(); }>("as_flat");
  m.def<&the_flatter>("as_flatter");
  m.add_class<Node>();
  m.add_class<Shape>();
  m.add_class<Square>();
  m.add_class<Rectangle>();
  m.add_class<Ticket>();
  m.add_class<Loan>();
  m.add_class<LongLoan>();
  m.add_class<Image>();
  m.add_class<Box>();
  m.add_class<Group>();
  m.add_class<Config>();
  m.add_class<Door>();
  m.def<&nested_group>("nested_group");
  m.def<&living<Group>>("living_groups");
  m.def<&make_node>("make_node");
  m.def<&no_node>("no_node");
  m.def<&name_of>("name_of");
  m.def<&rename_node>("rename_node");
  m.def<&name_or_nothing>("name_or_nothing");
  m.def<&joined>("joined");
  m.def<&link_nodes>("link_nodes");
  m.def<&path_of>("path_of");
  m.def<&same_pointer>("same_pointer");
  m.def<&call_with>("call_with");
  m.def<&keep>("keep");
  m.def<&last_kept>("last_kept");
  m.def<&drop_kept>("drop_kept");
  m.def<&owners>("owners");
  m.def<&watch>("watch");
  m.def<&still_watched>("still_watched");
  m.def<&drop_on_thread>("drop_on_thread");
  m.def<&living<Node>>("living_nodes");
  m.def<&living<Shape>>("living_shapes");
  m.def<&living<Ticket>>("living_tickets");
  m.def<&living<Loan>>("living_loans");
  m.def<&living<Image>>("living_images");
  m.def<&living<Box>>("living_boxes");
  m.def<&make_shape>("make_shape");
  m.def<&add_shape>("add_shape");
  m.def<&all_shapes>("all_shapes");
  m.def<&clear_shapes>("clear_shapes");
  m.def<&total_area>("total_area");
  m.def<&side_of>("side_of");
  m.def<&area_of>("area_of");
  m.def<&make_ticket>("make_ticket");
  m.def<&pocket_ticket>("pocket_ticket");
  m.def<&take_back>("take_back");
  m.def<&look_at>("look_at");
  m.def<&take_both>("take_both");
  m.def<&take_then_number>("take_then_number");
  m.def<&maybe_take>("maybe_take");
  m.def<&exchange_tickets>("exchange_tickets");
  m.def<&renew_ticket>("renew_ticket");
  m.def<&take_and_fail>("take_and_fail");
  m.def<&lend>("lend");
  m.def<&lend_long>("lend_long");
  m.def<&end_long>("end_long");
  m.def<&exchange_loans>("exchange_loans");
  m.def<&take_returned>("take_returned");
  m.def<&make_image>("make_image");
  m.def<&keep_image>("keep_image");
  m.def<&last_image>("last_image");
  m.def<&drop_images>("drop_images");
  m.def<&keep_box>("keep_box");
  m.def<&drop_boxes>("drop_boxes");
  m.def<&make_config>("make_config");
  m.def<&level_of>("level_of");
}
