// SPDX-License-Identifier: MIT
// What CPython's headers ask about a platform, answered by the compiler: enough to compile an extension module for it.
#pragma once
#define SIZEOF_SHORT __SIZEOF_SHORT__
#define SIZEOF_INT __SIZEOF_INT__
#define SIZEOF_LONG __SIZEOF_LONG__
#define SIZEOF_LONG_LONG __SIZEOF_LONG_LONG__
#define SIZEOF_SIZE_T __SIZEOF_SIZE_T__
#define SIZEOF_VOID_P __SIZEOF_POINTER__
#define SIZEOF_UINTPTR_T __SIZEOF_POINTER__
#define SIZEOF_WCHAR_T __SIZEOF_WCHAR_T__
#define SIZEOF_FLOAT __SIZEOF_FLOAT__
#define SIZEOF_DOUBLE __SIZEOF_DOUBLE__
#define SIZEOF_TIME_T 8
#define ALIGNOF_LONG __SIZEOF_LONG__
#define ALIGNOF_SIZE_T __SIZEOF_SIZE_T__
#define ALIGNOF_MAX_ALIGN_T 16
#define HAVE_STDDEF_H 1
#define HAVE_WCHAR_H 1
#define WITH_DOC_STRINGS 1
#if defined(_WIN32)
#define MS_WIN32
#define MS_WINDOWS
#if defined(_WIN64)
#define MS_WIN64
#endif
#define NT_THREADS
#define HAVE_DECLSPEC_DLL
#define Py_ENABLE_SHARED 1
#define HAVE_PY_SSIZE_T 1
typedef __INTPTR_TYPE__ Py_ssize_t;  // NOLINT(modernize-use-using): C reads it too
#define PY_SSIZE_T_MAX __INTPTR_MAX__
#else
#define HAVE_SSIZE_T 1
#define HAVE_UNISTD_H 1
#define HAVE_PTHREAD_H 1
#define HAVE_SYS_TIME_H 1
#define HAVE_SYS_TYPES_H 1
#define HAVE_SYS_SELECT_H 1
#define PTHREAD_KEY_T_IS_COMPATIBLE_WITH_INT 1
#endif
