# SPDX-License-Identifier: MIT
"""Makes a module of its object files alone, without the libraries that they call.

Each symbol that nothing defines gets a stand-in. A function throws std::runtime_error, which names it: where the module's
body calls it, the module ends there. A destructor does nothing. Data is zero; RTTI and vtables are such that classes can
be derived from, and exceptions caught.

Static objects are constructed by `start()`, and not by the loader, which could do nothing about what they throw.
"""

from __future__ import annotations

import ctypes
import os
import pathlib
import re
import shutil
import subprocess
import sys
from typing import Dict, List, Optional, Sequence

from .notes import Failure

BEGINNINGS = "adder_stubs_beginnings"  # The section that .init_array becomes.


def is_linked(files: Sequence[str]) -> bool:
    for file in files:
        if not os.path.isfile(file):
            raise Failure(f"there is no file {file}")
    linked = [file for file in files if _elf_type(file) == 3 or not file.endswith((".o", ".obj"))]
    if linked and len(files) > 1:
        raise Failure(f"{linked[0]} is a linked module, and comes alone: the others are {', '.join(files[1:])}")
    if not linked and not sys.platform.startswith("linux"):
        raise Failure(
            "object files are linked without their libraries on Linux only: link the module, with its libraries, and "
            "give that instead"
        )
    return bool(linked)


def _elf_type(file: str) -> int:
    """3 is a shared object."""
    with open(file, "rb") as content:
        head = content.read(18)
    if head[:4] != b"\x7fELF":
        return 0
    return int.from_bytes(head[16:18], "little" if head[5] == 1 else "big")


def module_name(files: Sequence[str]) -> str:
    found = sorted(
        {
            match
            for line in _tool("nm", "--defined-only", *files).splitlines()
            for match in re.findall(r" PyInit_(\w+)$", line)
        }
    )
    if len(found) != 1:
        raise Failure(
            f"the object files have {'no ADDER_MODULE' if not found else 'the modules ' + ', '.join(found)}: say by "
            "--module which one is meant"
        )
    return found[0]


def link(files: Sequence[str], name: str, compiler: str, options: Sequence[str], folder: str) -> str:
    """@return The path of a module in the folder."""
    objects = [_hold_static_objects(file, os.path.join(folder, f"{i}.o")) for i, file in enumerate(files)]
    probe = os.path.join(folder, "probe.so")
    _compile(compiler, ["-shared", *objects, "-o", probe, *options])
    source = os.path.join(folder, "stand_ins.cpp")
    pathlib.Path(source).write_text(stand_ins(_missing(probe)), encoding="utf-8")
    path = os.path.join(folder, f"{name.rpartition('.')[2]}.so")
    _compile(compiler, ["-shared", "-fPIC", "-w", "-O0", "-g0", source, *objects, "-o", path, *options])
    return path


def _compile(compiler: str, options: Sequence[str]) -> None:
    try:
        done = subprocess.run(
            [compiler, *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True
        )
    except OSError as error:
        raise Failure(
            f"the compiler '{compiler}' cannot be run: {error.strerror}. Name one by --compiler, or CXX"
        ) from None
    if done.returncode != 0:
        raise Failure(f"the objects cannot be linked:\n{done.stdout.rstrip()}")


def _tool(name: str, *arguments: str, stdin: Optional[str] = None) -> str:
    path = shutil.which(name)
    if path is None:
        raise Failure(f"'{name}' is not installed, which comes with the linker (Debian: binutils)")
    done = subprocess.run(
        [path, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, input=stdin
    )
    if done.returncode != 0:
        raise Failure(f"{name}: {done.stderr.strip()}")
    return done.stdout


def _hold_static_objects(file: str, copy: str) -> str:
    sections = re.findall(r" (\.init_array(?:\.\d+)?|\.ctors(?:\.\d+)?)\s", _tool("objdump", "-h", "-w", file))
    renamed = [f"--rename-section={section}={BEGINNINGS}" for section in sorted(set(sections))]
    _tool("objcopy", *renamed, file, copy)
    return copy


def _missing(probe: str) -> List[str]:
    """What neither the objects define, nor Python, nor the libraries that the compiler links by itself."""
    there = [ctypes.CDLL(None)]
    for library in re.findall(r"^\s*NEEDED\s+(\S+)$", _tool("objdump", "-p", probe), re.M):
        try:
            there.append(ctypes.CDLL(library))
        except OSError:
            pass  # It is one of the options, and not here.
    found = []
    for line in _tool("nm", "-D", "--undefined-only", probe).splitlines():
        kind, symbol = line.split()[-2:]
        if kind == "U" and "@" not in symbol and not any(_has(library, symbol) for library in there):
            found.append(symbol)
    return sorted(set(found))


def _has(library: ctypes.CDLL, symbol: str) -> bool:
    try:
        library[symbol]
    except AttributeError:
        return False
    return True


HEAD = r"""// Written by adder.stubs.
#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <string>
#include <unistd.h>

using Beginning = void (*)(int, char**, char**);
extern "C" {
extern Beginning first __asm__("__start_@SECTION@") __attribute__((weak, visibility("hidden")));
extern Beginning last __asm__("__stop_@SECTION@") __attribute__((weak, visibility("hidden")));
extern char class_info[] __asm__("_ZTVN10__cxxabiv117__class_type_infoE");
}
namespace {
bool starts;
std::jmp_buf back;
char words[2000];

[[noreturn]] void missing(const char* name) {
  throw std::runtime_error(std::string("calls ") + name +
                           ", which is in no source of the module: libraries are not there while stubs are made");
}
[[noreturn]] void missing_virtual() { missing("a virtual function"); }
// What is thrown where nothing may be: in a destructor, or in a noexcept function.
[[noreturn]] void ended() {
  if (const std::exception_ptr error = std::current_exception()) {
    try {
      std::rethrow_exception(error);
    } catch (const std::exception& thrown) {
      std::snprintf(words, sizeof words, "%s", thrown.what());
    } catch (...) {
      std::snprintf(words, sizeof words, "throws something that is no std::exception");
    }
  }
  if (starts) std::longjmp(back, 1);
  std::fprintf(stderr, "adder.stubs: the module's body, where no exception may be thrown, %s\n", words);
  _exit(1);
}
}  // namespace

// Constructs the static objects of file after file. What stops one of a file, stops the rest of that file.
extern "C" __attribute__((visibility("default"))) const char* adder_stubs_start(unsigned long at) {
  if (at == 0) std::set_terminate(&ended);
  Beginning* const begin = &first;
  if (begin == nullptr || at >= static_cast<unsigned long>(&last - begin)) return nullptr;
  words[0] = '\0';
  starts = true;
  if (setjmp(back) == 0) {
    try {
      if (begin[at] != nullptr) begin[at](0, nullptr, nullptr);
    } catch (const std::exception& thrown) {
      std::snprintf(words, sizeof words, "%s", thrown.what());
    } catch (...) {
      std::snprintf(words, sizeof words, "throws something that is no std::exception");
    }
  }
  starts = false;
  return words;
}
"""


def stand_ins(missing: Sequence[str]) -> str:
    """C++ that defines the symbols."""
    readable = _readable(missing)
    parts = [HEAD.replace("@SECTION@", BEGINNINGS)]
    for i, symbol in enumerate(missing):
        parts.append(_stand_in(i, symbol, readable[symbol]))
    return "\n".join(parts)


def _readable(symbols: Sequence[str]) -> Dict[str, str]:
    if not symbols or shutil.which("c++filt") is None:
        return {symbol: symbol for symbol in symbols}
    lines = _tool("c++filt", stdin="\n".join(symbols) + "\n").splitlines()
    return dict(zip(symbols, lines))


def _stand_in(i: int, symbol: str, readable: str) -> str:
    name = f"__asm__({_quoted(symbol)})"
    if symbol.startswith("_ZTI"):
        return (
            f"static const char text_{i}[] = {_quoted(symbol[4:])};\n"
            f'extern "C" const void* const info_{i}[2] {name};\n'
            f'extern "C" const void* const info_{i}[2] = {{class_info + 2 * sizeof(void*), text_{i}}};'
        )
    if symbol.startswith("_ZTS"):
        return (
            f'extern "C" const char text_{i}[{len(symbol) - 3}] {name};\n'
            f'extern "C" const char text_{i}[{len(symbol) - 3}] = {_quoted(symbol[4:])};'
        )
    if symbol.startswith(("_ZTV", "_ZTC")):
        entries = ", ".join(["(void*)&missing_virtual"] * 254)
        return (
            f"static const char text_{i}[] = {_quoted(symbol[4:])};\n"
            f"static const void* const info_{i}[2] = {{class_info + 2 * sizeof(void*), text_{i}}};\n"
            f'extern "C" void* vtable_{i}[256] {name};\n'
            f'extern "C" void* vtable_{i}[256] = {{nullptr, (void*)info_{i}, {entries}}};'
        )
    if symbol.startswith("_ZTT"):
        entries = ", ".join([f"table_{i} + 2"] * 32)
        return (
            f'static void* table_{i}[256] = {{nullptr, nullptr, {", ".join(["(void*)&missing_virtual"] * 254)}}};\n'
            f'extern "C" void* vtt_{i}[32] {name};\n'
            f'extern "C" void* vtt_{i}[32] = {{{entries}}};'
        )
    if re.match(r"_ZN.*D[0-2]Ev$", symbol):
        return f'extern "C" void end_{i}(void) {name};\nextern "C" void end_{i}(void) {{}}'
    if symbol.startswith("_Z") and not symbol.startswith("_ZG") and "(" in readable or not symbol.startswith("_Z"):
        return (
            f'extern "C" void call_{i}(void) {name};\n'
            f'extern "C" void call_{i}(void) {{ missing({_quoted(readable if "(" in readable else readable + "()")}); }}'
        )
    return (
        f'extern "C" char data_{i}[4096] {name} __attribute__((aligned(64)));\n'
        f'extern "C" char data_{i}[4096] = {{}};'
    )


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def start(path: str) -> List[str]:
    """Loads the module that `link()` made, and constructs its static objects. @return What stopped some."""
    try:
        library = ctypes.PyDLL(path)  # Of the GIL, which imports hold too.
    except OSError as error:
        raise Failure(
            f"the module, linked without its libraries, cannot be loaded: {error}. Link it with them, and give that "
            "instead"
        ) from None
    library.adder_stubs_start.restype = ctypes.c_char_p
    library.adder_stubs_start.argtypes = [ctypes.c_ulong]
    found: List[str] = []
    at = 0
    while True:
        words = library.adder_stubs_start(at)
        if words is None:
            return found
        if words:
            found.append(
                "a static object " + words.decode(errors="replace") + ". It, and those below it in its file, are zero"
            )
        at += 1
