// SPDX-License-Identifier: MIT
/// @file
/// @brief C++ ranges as Python iterators: `cls.def<"__iter__", each<&Polygon::points>>()`. Not part of adder.hpp.
///
/// An iterator keeps its object alive, and cannot dangle:
///
/// | the range                                             | between two items             | when the object changes      |
/// |-------------------------------------------------------|-------------------------------|------------------------------|
/// | inside the object, with `r[i]` and `r.size()`         | nothing is borrowed           | goes on, as a list's does    |
/// | another one inside the object                         | the object is borrowed, shared | cannot: RuntimeError        |
/// | returned by value, as a view or a copy                | the same, and the range kept  | cannot: RuntimeError         |
/// | of make_iterator                                      | the range is kept             | is its own                   |
///
/// The borrow ends with the last item, with an exception, or with the iterator. Items are converted one by one; those
/// that are pyclasses are copied.
#pragma once
#include "adder/class/pyclass.hpp"

#include <cstddef>
#include <iterator>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {

/// What of each element an iterator gives.
enum class Pick : unsigned char { whole, key, value };

template <Pick What, class E>
decltype(auto) pick(E&& element) {
  if constexpr (What == Pick::key) {
    return std::as_const(element.first);
  } else if constexpr (What == Pick::value) {
    return std::as_const(element.second);
  } else {
    return std::forward<E>(element);
  }
}

template <class List>
inline constexpr bool leads_to_bits = false;
template <class Vector, class... More>
inline constexpr bool leads_to_bits<TypeList<Vector, More...>> =
    requires { requires std::is_same_v<typename Vector::value_type, bool>; };
/// What stands for an item of a `const std::vector<bool>` in libc++, where it is no bool.
template <class E>
concept BitReference = std::is_convertible_v<const E&, bool> && leads_to_bits<typename TemplateShape<E>::arguments>;

/// An item as a new reference; null with an exception pending.
template <class E>
ADDER_INLINE ::PyObject* item_to_python(E&& item) {
  if constexpr (IsScalar<std::remove_cvref_t<E>>) {
    return Scalar<std::remove_cvref_t<E>>::store(item);
  } else if constexpr (BitReference<std::remove_cvref_t<E>>) {
    return Scalar<bool>::store(item);
  } else {
    return into_ptr_or_pending(std::forward<E>(item));
  }
}

/// A Python iterator over a C++ range. What kind of range it is, two functions know.
class RangeIterator {
 public:
  /// The next item as a new reference; null at the end, and where an exception is pending.
  using Step = ::PyObject* (*)(RangeIterator& iterator);
  /// What the type's slot goes to: next_by_step(), or a short way to the same.
  using Next = ::PyObject* (*)(::PyObject* self) noexcept;
  /// Shows the collector what a state holds.
  using Visit = void (*)(const void* state, PyVisit& visit);
  /// How many items are left, at least.
  using Left = std::size_t (*)(const RangeIterator& iterator);

  /// The owner may be null.
  explicit RangeIterator(::PyObject* owner, Step step = nullptr, Left count = nullptr,
                         Next first = &RangeIterator::next_by_step) noexcept
      : next_(first), step_(step), left_(count) {
    if (owner != nullptr) owner_.emplace(borrow(owner).unbind());
  }
  RangeIterator(const RangeIterator&) = delete;
  RangeIterator& operator=(const RangeIterator&) = delete;
  ~RangeIterator() { end(); }

  ::PyObject* owner() const noexcept { return owner_.has_value() ? owner_->as_ptr() : nullptr; }
  /// The same before the end, of an iterator that has one.
  ADDER_INLINE ::PyObject* present_owner() const noexcept { return owner_->as_ptr(); }
  std::size_t& at() noexcept { return at_; }
  std::size_t at() const noexcept { return at_; }
  void* state() const noexcept { return state_; }
  /// Begins an iteration that has a state of its own. Until then the iterator is at its end, as others may see it.
  /// Destroying the state ends what it borrows of the owner, too.
  void keep(void* state, void (*destroy)(void* state, ::PyObject* owner), Step step, Left count, Visit visit) noexcept {
    state_ = state;
    visit_ = visit;
    destroy_ = destroy;
    step_ = step;
    left_ = count;
  }
  bool keeps_state() const noexcept { return destroy_ != nullptr; }
  /// The step that fails has changed nothing: another one may be taken.
  void stay() noexcept { stays_ = true; }
  /// Lets go of all there is. @return The owner, to be dropped where that harms nobody.
  std::optional<Py<PyAny>> end() noexcept {
    next_ = &RangeIterator::next_by_step;
    step_ = nullptr;
    if (destroy_ != nullptr) std::exchange(destroy_, nullptr)(state_, owner());
    return std::exchange(owner_, std::nullopt);
  }
  std::size_t left() const { return step_ == nullptr ? 0 : left_(*this); }
  static ::PyObject* next(::PyObject* self) noexcept;
  static ::PyObject* next_by_step(::PyObject* self) noexcept;

 private:
  std::optional<Py<PyAny>> after_last() noexcept;

  friend struct PyClass<RangeIterator>;
  std::optional<Py<PyAny>> owner_;
  std::size_t at_ = 0;
  bool stays_ = false;
  Next next_;
  Step step_;
  Left left_;
  void* state_ = nullptr;
  Visit visit_ = nullptr;
  void (*destroy_)(void* state, ::PyObject* owner) = nullptr;
};

}  // namespace detail

/// The type of iterators over C++ ranges.
template <>
struct PyClass<detail::RangeIterator> {
  static constexpr auto name = "iterator";
  static constexpr auto module = "adder";
  static constexpr bool unsafe_send = true;
  static void traverse(const detail::RangeIterator& iterator, PyVisit& visit) {
    visit(iterator.owner_);
    if (iterator.destroy_ != nullptr) iterator.visit_(iterator.state_, visit);
  }
  static void clear(detail::RangeIterator& iterator) { (void)iterator.end(); }
  static void define(ClassBuilder<detail::RangeIterator>& cls);
};

namespace detail {

/// The receiver of a function that wants to know the class that it is bound in.
struct OwnObject;
template <class T>
struct SelfOf {
  ::PyObject* object;
};
template <class T>
class Receiver<T, OwnObject> {
 public:
  explicit Receiver(::PyObject* self) noexcept : self_{self} {}
  static constexpr bool granted() noexcept { return true; }
  SelfOf<T> get() const noexcept { return self_; }

 private:
  SelfOf<T> self_;
};

template <class R>
concept IndexedRange = requires(const R& range, std::size_t at) {
  range[at];
  range.size();
  requires std::random_access_iterator<decltype(std::begin(range))>;
};

/// Whether a range is a container of the standard library whose `size()` and `r[i]` cannot run Python code.
template <class R>
constexpr bool is_known_range() {
  constexpr std::string_view name = type_name<R>();
  if constexpr (starts_with(name, "std::vector<") || starts_with(name, "std::array<") ||
                starts_with(name, "std::deque<")) {
    return std::is_pointer_v<typename R::const_pointer>;  // And not one that an allocator brought.
  } else {
    return false;
  }
}

#if !defined(Py_GIL_DISABLED)
/// The value of an object that nobody borrows, for a look at once: see peek_part(). Else null.
template <class T>
ADDER_INLINE const ValueOf<T>* peek_value(::PyObject* owner) noexcept {
  const auto& state = Layout<T>::state(owner);
  if constexpr (std::is_same_v<T, ValueOf<T>>) {
    if (state.is_usable() && state.flag.is_free()) [[likely]]
      return &Layout<T>::value(owner);
  }
  if constexpr (may_be_part<T>()) {
    if (state.is_usable() && state.flag.is_part()) [[likely]]
      return static_cast<const ValueOf<T>*>(peek_part(*Layout<T>::link(owner)));
  }
  return nullptr;
}
#endif

/// Iteration over a range by index: the object is borrowed for each item.
template <class T, auto Target, Pick What, bool Reversed>
struct IndexedSteps {
  static std::size_t size(const ValueOf<T>& value) { return call_method<Target>(value).size(); }
  static ::PyObject* step(RangeIterator& iterator) {
    Receiver<T, const ValueOf<T>&> receiver(iterator.present_owner());
    if (!receiver.granted()) return nullptr;
    decltype(auto) range = call_method<Target>(receiver.get());
    const std::size_t size = range.size(), at = iterator.at();
    if (at >= size) return nullptr;
    iterator.at() = at + 1;
    return item_to_python(pick<What>(range[Reversed ? size - 1 - at : at]));
  }
#if defined(Py_GIL_DISABLED)
  static constexpr RangeIterator::Next next = &RangeIterator::next_by_step;
#else
  /// Whether neither the range nor its items can lead to Python.
  static constexpr bool is_quick() {
    using Range = std::remove_cvref_t<decltype(call_method<Target>(std::declval<const ValueOf<T>&>()))>;
    if constexpr (!prefers_small_code && is_known_range<Range>() &&
                  (std::is_member_object_pointer_v<decltype(Target)> || !std::is_same_v<T, ValueOf<T>>)) {
      return IsScalar<std::remove_cvref_t<decltype(pick<What>(std::declval<const Range&>()[0]))>>;
    } else {
      return false;
    }
  }
  /// The step without the borrows: nobody comes in between who could see that they are missing.
  static ::PyObject* quick(::PyObject* self) noexcept {
    RangeIterator& iterator = Layout<RangeIterator>::value(self);
    if (Layout<RangeIterator>::state(self).flag.is_free()) [[likely]] {
      if (const ValueOf<T>* value = peek_value<T>(iterator.present_owner())) [[likely]] {
        const auto& range = call_method<Target>(*value);
        const std::size_t at = iterator.at();
        if (at < range.size()) [[likely]] {
          iterator.at() = at + 1;
          return item_to_python(pick<What>(range[Reversed ? range.size() - 1 - at : at]));
        }
      }
    }
    return RangeIterator::next_by_step(self);
  }
  static constexpr RangeIterator::Next find_next() noexcept {
    if constexpr (is_quick()) {
      return &quick;
    } else {
      return &RangeIterator::next_by_step;
    }
  }
  static constexpr RangeIterator::Next next = find_next();
#endif
  static std::size_t left(const RangeIterator& iterator) {
    Receiver<T, const ValueOf<T>&> receiver(iterator.present_owner());
    if (!receiver.granted()) {
      PyErr_Clear();
      return 0;
    }
    const std::size_t size = IndexedSteps::size(receiver.get());
    return iterator.at() >= size ? 0 : size - iterator.at();
  }
};

/// What an iterator borrows; nothing where it has no object.
template <class T>
struct RangeBorrowOf {
  using type = HeldBorrow<T, Access::shared>;
};
template <>
struct RangeBorrowOf<void> {
  struct type {};
};
template <class T>
using RangeBorrow = typename RangeBorrowOf<T>::type;

/// A range with the places in it, and what it borrows.
/// @tparam Range  A reference to one inside the object, or one that is kept.
template <class T, class Range, Pick What>
struct KeptRange {
  Range range;
  decltype(std::begin(std::declval<Range&>())) at;
  decltype(std::end(std::declval<Range&>())) end;

  [[no_unique_address]] RangeBorrow<T> borrow;

  explicit KeptRange(Range&& source, RangeBorrow<T>&& held = RangeBorrow<T>())
      : range(static_cast<Range&&>(source)), at(std::begin(range)), end(std::end(range)), borrow(std::move(held)) {}
  KeptRange(const KeptRange&) = delete;
  KeptRange& operator=(const KeptRange&) = delete;

  static ::PyObject* step(RangeIterator& iterator) {
    if constexpr (!std::is_void_v<T>) {
      if constexpr (is_unsendable<T>()) {  // It was borrowed on its own thread; who asks now?
        if (!Layout<T>::state(iterator.owner()).is_usable()) {
          Borrowing<T>::template error<Access::shared>(iterator.owner()).restore(token());
          iterator.stay();
          return nullptr;
        }
      }
    }
    auto& self = *static_cast<KeptRange*>(iterator.state());
    if (iterator.at()++ != 0) ++self.at;
    if (self.at == self.end) return nullptr;
    return item_to_python(pick<What>(*self.at));
  }
  static std::size_t left(const RangeIterator& iterator) {
    if constexpr (requires(const KeptRange& self) { self.range.size(); }) {
      const auto size = static_cast<std::size_t>(static_cast<KeptRange*>(iterator.state())->range.size());
      return iterator.at() >= size ? 0 : size - iterator.at();
    } else {
      return 0;
    }
  }
  static void visit(const void* state, PyVisit& visit) {
    [[maybe_unused]] const auto& self = *static_cast<const KeptRange*>(state);
    if constexpr (!std::is_reference_v<Range>) visit(self.range);
    if constexpr (!std::is_void_v<T>) {
      if constexpr (may_be_part<T>()) VisitAccess::show(visit, self.borrow.part.root());
    }
  }
  static void destroy(void* state, [[maybe_unused]] ::PyObject* owner) {
    auto* self = static_cast<KeptRange*>(state);
    [[maybe_unused]] RangeBorrow<T> held(std::move(self->borrow));
    delete self;
    if constexpr (!std::is_void_v<T>) held.release(owner);
  }
};

/// Whether a range refers to elements that it does not own, as far as its type says so: a view whose innermost `base()`
/// is an lvalue; or a class of pointers such as std::ranges::subrange and std::initializer_list.
template <class R>
constexpr bool shows_others() {
  if constexpr (requires { requires !ViewTraits<R>::value; }) {
    return false;
  } else if constexpr (requires(R range) { std::move(range).base(); }) {
    using Base = decltype(std::declval<R>().base());
    if constexpr (std::is_reference_v<Base>) {
      return std::is_lvalue_reference_v<Base>;
    } else {
      return shows_others<Base>();
    }
  } else {
    return std::is_trivially_copyable_v<R> && !std::is_aggregate_v<R> &&
           std::is_lvalue_reference_v<decltype(*std::begin(std::declval<R&>()))>;
  }
}

/// The function that makes an iterator over what @p Target gives of its object.
template <auto Target, Pick What, bool Reversed>
struct Each {
  template <class T>
  Bound<RangeIterator> operator()(SelfOf<T> self) const {
    using Range = decltype(call_method<Target>(std::declval<const ValueOf<T>&>()));
    constexpr bool in_place = std::is_lvalue_reference_v<Range> || std::is_member_object_pointer_v<decltype(Target)>;
    if constexpr (!requires(std::remove_reference_t<Range>& range) { std::begin(range) != std::end(range); }) {
      static_assert(sizeof(T) == 0,
                    "adder: each<&T::f>: f is no range, nor a const member function that returns one: its type has no "
                    "begin() and end()");
      return Bound<RangeIterator>::new_(token(), self.object);
    } else if constexpr (in_place && IndexedRange<std::remove_cvref_t<Range>>) {
      using Steps = IndexedSteps<T, Target, What, Reversed>;
      return Bound<RangeIterator>::new_(token(), self.object, &Steps::step, &Steps::left, Steps::next);
    } else {
      static_assert(!Reversed, "adder: each_reversed takes a range with r[i] and r.size(), inside the object");
      using Kept =
          KeptRange<T, std::conditional_t<in_place, const std::remove_cvref_t<Range>&, std::remove_cv_t<Range>>, What>;
      Bound<RangeIterator> result = Bound<RangeIterator>::new_(token(), self.object);
      const PyRefMut<RangeIterator> iterator = result.borrow_mut();
      RangeBorrow<T> held;
      if (!held.acquire(self.object)) throw held.error(self.object);
      try {
        const ValueOf<T>& value = held.value(self.object);
        iterator->keep(new Kept(call_method<Target>(value), std::move(held)), &Kept::destroy, &Kept::step, &Kept::left,
                       &Kept::visit);
      } catch (...) {
        held.release(self.object);
        throw;
      }
      return result;
    }
  }
};
// Compilers differ on whether the type of a template argument is const.
template <auto Target, Pick What, bool Reversed>
struct MethodOf<const Each<Target, What, Reversed>> : FunctionWithReceiver<Bound<RangeIterator>, OwnObject> {};
template <auto Target, Pick What, bool Reversed>
struct MethodOf<Each<Target, What, Reversed>> : FunctionWithReceiver<Bound<RangeIterator>, OwnObject> {};

#if ADDER_STUBS
template <auto Target, Pick What, bool Reversed, class T>
struct ToldResult<Each<Target, What, Reversed>, T> : std::true_type {
  static TypeText text() {
    using Range = decltype(call_method<Target>(std::declval<const ValueOf<T>&>()));
    using Item = decltype(pick<What>(*std::begin(std::declval<Range&>())));
    const TypeDepth in_iterator;  // Of a pointer, as in other containers: without None.
    return "collections.abc.Iterator[" + output_text<Item>() + "]";
  }
};
template <>
struct TagType<RangeIterator> : NamedType<"collections.abc.Iterator[typing.Any]"> {};
#endif

}  // namespace detail

/// @brief A function that returns an iterator over a range of the object: `cls.def<"__iter__",
/// each<&Polygon::points>>()`, `cls.def<each<&Polygon::points>>("points")`.
/// @tparam Target  A field; or a const function of the object, which returns a reference to a range, a view, or a copy.
template <auto Target>
inline constexpr detail::Each<Target, detail::Pick::whole, false> each;
/// @brief The same over the keys of a map.
template <auto Target>
inline constexpr detail::Each<Target, detail::Pick::key, false> each_key;
/// @brief The same over the values of a map.
template <auto Target>
inline constexpr detail::Each<Target, detail::Pick::value, false> each_value;
/// @brief The same from the last to the first: for `__reversed__`.
template <auto Target>
inline constexpr detail::Each<Target, detail::Pick::whole, true> each_reversed;

/// @brief A Python iterator over a C++ range, which it keeps: a container that is moved in, or a view of what outlives
/// it. For functions that give their items one by one instead of a list.
/// @gil  Held.
template <class Range>
Bound<PyAny> make_iterator(Python py, Range range) {
  static_assert(
      !detail::holds_view<detail::Pointers::pass, Range>() && !detail::shows_others<Range>(),
      "adder: make_iterator: the range is a view of something else, which may be gone before the iterator is. "
      "Move the container in, or vouch for the view with adder::ViewTraits");
  using Kept = detail::KeptRange<void, Range, detail::Pick::whole>;
  Bound<detail::RangeIterator> result = Bound<detail::RangeIterator>::new_(py, nullptr);
  result.borrow_mut()->keep(new Kept(std::move(range)), &Kept::destroy, &Kept::step, &Kept::left, &Kept::visit);
  return std::move(result).into_any();
}

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/class/detail/iterate_inl.hpp"
#endif
