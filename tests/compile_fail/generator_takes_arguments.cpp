// SPDX-License-Identifier: MIT
// `*args` are lent as well.
// EXPECT: adder: a coroutine that returns a Generator runs when its call is over, and so are the handles and borrows
#include "adder/adder.hpp"
#include "adder/class/generator.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
Generator<Py<PyAny>> given(Args args) {
  for (const auto& item : *args) co_yield item;
}
#else
Generator<Py<PyAny>> given_owned(Python py, Py<PyTuple> args) {
  const auto all = args.bind(py);
  for (const auto& item : all) co_yield Py<PyAny>(item);
}
Generator<Py<PyAny>> given(Python py, const Args& args) { return given_owned(py, Py<PyTuple>(*args)); }
#endif
