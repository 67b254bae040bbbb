// SPDX-License-Identifier: MIT
/// @file
/// @brief Versions, feature macros, and the inline namespace that keeps unlike builds apart.
///
/// `ADDER_CHECKED` is 1 where every handle operation verifies that the thread is attached and that the handle was
/// not moved from; it follows `NDEBUG` unless the build defines it. Checked handles carry a stamp, so the two kinds
/// of build have different layouts; they live in different inline namespaces and can never be mixed up by a linker.
#pragma once

// Where all that follows would fail as well, it is said once: no compiler reads on behind a header that is not there.
#define ADDER_STOP "adder: see the error above"
#if (defined(_MSVC_LANG) ? _MSVC_LANG : __cplusplus) < 202002L
#error "adder: C++20 is needed: compile with -std=c++20 or newer"
#include ADDER_STOP
#elif defined(__GNUC__) && !defined(__cpp_exceptions)
#error "adder: Python's exceptions are C++ exceptions: compile without -fno-exceptions"
#include ADDER_STOP
#elif defined(__GNUC__) && !defined(__cpp_rtti)
#error "adder: exceptions and casts need type information at run time: compile without -fno-rtti"
#include ADDER_STOP
#endif
#undef ADDER_STOP

/// @brief The version of adder: the one place where it is written down. See docs/project/versioning.md.
#define ADDER_VERSION_MAJOR 0
/// @brief The second number of the version.
#define ADDER_VERSION_MINOR 1
/// @brief The third number of the version.
#define ADDER_VERSION_PATCH 0

#if !defined(ADDER_CHECKED)
#if defined(NDEBUG)
#define ADDER_CHECKED 0
#else
#define ADDER_CHECKED 1
#endif
#endif

// 1 if the linker wraps calls that lock: see adder_check_lock_order() of adderModule.cmake. Not part of the inline
// namespace: layouts are the same, and static libraries may have been compiled without it.
#if !defined(ADDER_LOCK_ORDER) || !ADDER_CHECKED
#undef ADDER_LOCK_ORDER
#define ADDER_LOCK_ORDER 0
#endif

// 1 where a module is compiled once more for nothing but its stub files: see typing/notes.hpp. The module that ships
// has nothing of it. Such files are on their own: they link no compiled core.
#if !defined(ADDER_STUBS)
#define ADDER_STUBS 0
#endif
#if ADDER_STUBS
#undef ADDER_COMPILED
#define ADDER_COMPILED 0
#define ADDER_NOTE(...) __VA_ARGS__
#else
#define ADDER_NOTE(...) static_cast<void>(0)
#endif

// Whether adder's plain functions are compiled once, into a library that adder_add_module() links, rather than in each
// file that needs them. A file of one kind cannot be linked with one of the other.
#if !defined(ADDER_COMPILED)
#define ADDER_COMPILED 0
#endif

#if ADDER_STUBS && ADDER_CHECKED
#define ADDER_ABI v0_checked_stubs
#elif ADDER_STUBS
#define ADDER_ABI v0_stubs
#elif ADDER_CHECKED && ADDER_COMPILED
#define ADDER_ABI v0_checked_compiled
#elif ADDER_CHECKED
#define ADDER_ABI v0_checked
#elif ADDER_COMPILED
#define ADDER_ABI v0_compiled
#else
#define ADDER_ABI v0
#endif

#if defined(__GNUC__)
// Exception types are matched by their type_info across modules, which needs default visibility even where the
// module is built with -fvisibility=hidden.
#define ADDER_VISIBLE __attribute__((visibility("default")))
// State and what is bound belong to one shared object. With default visibility g++ marks such variables as unique in
// the process, and the loader would have two modules share them even where their types have nothing in common.
#define ADDER_HIDDEN __attribute__((visibility("hidden")))
#define ADDER_COLD __attribute__((cold, noinline))
// For declarations of what is defined as ADDER_COLD: g++ warns of noinline there.
#define ADDER_COLD_CALL __attribute__((cold))
#define ADDER_NOINLINE __attribute__((noinline))
#else
#define ADDER_VISIBLE
#define ADDER_HIDDEN
#define ADDER_COLD
#define ADDER_COLD_CALL
#define ADDER_NOINLINE
#endif

// What the compiler must inline; without optimisation it need not, as each copy is compiled anew and nothing of it
// falls away: 720 functions of six scalars take half the time and half the bytes then.
#if defined(__OPTIMIZE__)
#define ADDER_INLINE __attribute__((always_inline)) inline
#define ADDER_INLINE_LAMBDA __attribute__((always_inline))
#else
#define ADDER_INLINE inline
#define ADDER_INLINE_LAMBDA
#endif

// Stands in front of a plain function's definition, in the files called ..._inl.hpp.
#if ADDER_COMPILED
#define ADDER_FUNC
#else
#define ADDER_FUNC inline
#endif

// Whether bound functions share what they can rather than be fast: for those who ask for small code, and for those who
// ask for no optimisation, as they wait for the compiler.
#if defined(__OPTIMIZE_SIZE__) || !defined(__OPTIMIZE__)
#define ADDER_SMALL_CODE 1
#else
#define ADDER_SMALL_CODE 0
#endif

// What is worth inlining into every bound function where speed counts.
#if ADDER_SMALL_CODE
#define ADDER_INLINE_FOR_SPEED ADDER_NOINLINE inline
#else
#define ADDER_INLINE_FOR_SPEED ADDER_INLINE
#endif

// The result refers into *this (or into the annotated parameter): clang warns where it outlives it.
#if defined(__clang__)
#define ADDER_LIFETIMEBOUND [[clang::lifetimebound]]
#else
#define ADDER_LIFETIMEBOUND
#endif
