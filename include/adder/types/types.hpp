// SPDX-License-Identifier: MIT
/// @file
/// @brief All native types but those of the `datetime` module and the typed views, whose headers are included one by
/// one.
#pragma once
#include "adder/object/accessor.hpp"
#include "adder/object/any.hpp"
#include "adder/object/iterator.hpp"
#include "adder/types/bytes.hpp"
#include "adder/types/capsule.hpp"
#include "adder/types/code.hpp"
#include "adder/types/detail/builder.hpp"
#include "adder/types/dict.hpp"
#include "adder/types/list.hpp"
#include "adder/types/module.hpp"
#include "adder/types/numbers.hpp"
#include "adder/types/sequence.hpp"
#include "adder/types/set.hpp"
#include "adder/types/slice.hpp"
#include "adder/types/string.hpp"
#include "adder/types/tuple.hpp"
#include "adder/types/type.hpp"
#include "adder/types/weakref.hpp"
