// SPDX-License-Identifier: MIT
/// @file
/// @brief Says what the headers of reflect/ need, where the compiler has not got it.
///
/// What reads all headers, whatever the compiler, defines ADDER_WITHOUT_REFLECTION: they have nothing then.
#pragma once
// It is in C++26, and g++ 16 has it.
#if !defined(__cpp_impl_reflection) && !defined(ADDER_WITHOUT_REFLECTION)
#error \
    "adder: adder/reflect/ needs reflection of C++26: g++ 16 with -std=c++26 -freflection. Without it, specialise adder::PyClass<T> by hand: docs/guide/classes.md"
#endif
