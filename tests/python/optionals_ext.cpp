// SPDX-License-Identifier: MIT
// Arguments of adder's own functions that may be missing are a std::optional of a handle, without the conversion of
// std::optional: adder/stl/optional.hpp is not included.
#include <adder/adder.hpp>
#include <adder/stl/string.hpp>
#include <adder/types/datetime.hpp>

#include <optional>
#include <string>

using namespace adder;

namespace {

using Any = Bound<PyAny>;

/// Nothing for None.
template <class Handle = Any>
std::optional<Handle> maybe(const Any& object) {
  if (object.is_none()) return std::nullopt;
  return Handle(object);
}

Any slice_of(Python py, const Any& start, const Any& stop, const Any& step) {
  return PySlice::new_(py, maybe(start), maybe<Borrowed<PyAny>>(stop), maybe<Py<PyAny>>(step));
}
Any slice_to(Python py, const Any& stop) { return PySlice::new_(py, std::nullopt, maybe(stop)); }
Any slice_of_numbers(Python py, int stop) {
  return PySlice::new_(py, std::optional<int>(), std::optional<int>(stop), std::nullopt);
}
Any power(const Any& base, const Any& exponent, const Any& modulus) { return base.pow(exponent, maybe(modulus)); }
Any power_of_nothing(const Any& base, const Any& exponent) { return base.pow(exponent, std::nullopt); }
Any reference(const Any& object, const Any& callback) { return PyWeakrefReference::new_with(object, maybe(callback)); }
Any proxy(const Any& object, const Any& callback) { return PyWeakrefProxy::new_with(object, maybe(callback)); }
void unraisable(Python py, const Any& context, int how) {
  const PyErr error = PyValueError::new_err("nowhere to go");
  if (how == 0) error.write_unraisable(py, maybe(context));
  if (how == 1) error.write_unraisable(py, maybe<Borrowed<PyAny>>(context));
  if (how == 2) error.write_unraisable(py, context);
  if (how == 3) error.write_unraisable(py, std::nullopt);
  if (how == 4) error.write_unraisable(py, &context);
  if (how == 5) error.write_unraisable(py);
  if (how == 6) error.write_unraisable(py, context.downcast<PyList>());
}
/// Each name is looked up in the globals, in the locals, or in `__main__`.
Any evaluate(Python py, std::string code, const Any& globals, const Any& locals) {
  std::optional<Bound<PyDict>> outer;
  std::optional<Borrowed<PyDict>> inner;
  if (!globals.is_none()) outer = globals.downcast<PyDict>();
  if (!locals.is_none()) inner = locals.downcast<PyDict>();
  py.run("assert True", outer, inner);
  return py.eval(code, outer, inner);
}
/// A time in a zone, or in none: in each kind of handle.
Bound<PyList> times(Python py, const Any& zone) {
  std::optional<Bound<PyTzInfo>> owned;
  std::optional<Borrowed<PyTzInfo>> borrowed;
  std::optional<Py<PyTzInfo>> stored;
  if (!zone.is_none()) {
    owned = zone.downcast<PyTzInfo>();
    borrowed = zone.downcast<PyTzInfo>();
    stored = Py<PyTzInfo>(*owned);
  }
  return PyList::new_(py, PyTime::new_(py, 1, 2, 3, 4, owned), PyTime::new_(py, 1, 2, 3, 4, borrowed),
                      PyTime::new_(py, 1, 2, 3, 4, stored));
}
Any with_cause(Python py, const Any& cause) {
  const PyErr error = PyValueError::new_err("outer");
  std::optional<PyErr> inner;
  if (!cause.is_none()) inner = PyErr::from_value(cause);
  error.set_cause(py, inner);
  return error.value(py);
}

}  // namespace

ADDER_MODULE(optionals_ext, m) {
  m.def<&slice_of>("slice_of");
  m.def<&slice_to>("slice_to");
  m.def<&slice_of_numbers>("slice_of_numbers");
  m.def<&power>("power");
  m.def<&power_of_nothing>("power_of_nothing");
  m.def<&reference>("reference");
  m.def<&proxy>("proxy");
  m.def<&unraisable>("unraisable");
  m.def<&evaluate>("evaluate");
  m.def<&times>("times");
  m.def<&with_cause>("with_cause");
}
