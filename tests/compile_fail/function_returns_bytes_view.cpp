// SPDX-License-Identifier: MIT
// A BytesView holds the memory of somebody else for the call. A result would hold it for good.
// EXPECT: adder: a BytesView is for the duration of a call and is no result
// EXPECT: return PyBytes::new_.py, view.as_bytes
#include "adder/adder.hpp"
#include "adder/stl/optional.hpp"
#include "adder/types/bytes_view.hpp"

#include <optional>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
std::optional<BytesView> same(BytesView data) { return data; }
#else
Bound<PyBytes> same(Python py, const BytesView& data) { return PyBytes::new_(py, data.as_bytes()); }
#endif

void probe(ModuleBuilder& m) { m.def<&same>("same"); }
