// SPDX-License-Identifier: MIT
/// @file
/// @brief For programs that run other people's Python: files, statements as typed at a prompt, and the namespace they
/// run in. Not part of adder.hpp.
#pragma once
#include "adder/types/code.hpp"

#include <string_view>

namespace adder::inline ADDER_ABI {

/// @brief `globals()`: the namespace of the Python code that has called C++; that of `__main__` where none has.
/// @gil  Held.
[[nodiscard]] Bound<PyDict> globals(Python py);

/// @brief Runs one statement as if it had been typed at a prompt: the value of an expression is handed to
/// `sys.displayhook`, which prints it and keeps it as `_`.
/// @param py       The token.
/// @param code     UTF-8; the common indentation of its lines is taken away. Several lines for a compound statement.
/// @param globals  A dict, or `{}` for the namespace of `__main__`.
/// @param locals   A dict, or `{}` for @p globals.
/// @throws PyErr   SyntaxError where it is not complete, or more than one; what running it raised.
/// @gil            Held.
void run_statement(Python py, std::string_view code, const Namespace& globals = {}, const Namespace& locals = {});

/// @brief Runs a file of Python, as `python3 path` does: it sees `__file__`, tracebacks show its lines, and its first
/// lines may say how it is encoded.
///
/// `__name__` is that of the namespace: `"__main__"` for that of `__main__`. Its folder does not come into `sys.path`.
/// @param py       The token.
/// @param path     In the encoding of file names, which is UTF-8 nearly everywhere.
/// @param globals  A dict, or `{}` for the namespace of `__main__`.
/// @param locals   A dict, or `{}` for @p globals.
/// @throws PyErr   OSError where it cannot be read; SyntaxError; ValueError for NULs; what running it raised.
/// @gil            Held.
void run_file(Python py, std::string_view path, const Namespace& globals = {}, const Namespace& locals = {});

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/module/detail/script_inl.hpp"
#endif
