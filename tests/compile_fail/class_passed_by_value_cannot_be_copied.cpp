// SPDX-License-Identifier: MIT
// A class that cannot be copied is not taken by value.
// EXPECT: taking this pyclass by value would copy it, and it cannot be copied
#include "adder/adder.hpp"

using namespace adder;

struct Socket {
  explicit Socket(int handle) : fd(handle) {}
  Socket(Socket&&) = default;
  Socket(const Socket&) = delete;
  int fd;
};
template <>
struct adder::PyClass<Socket> {
  static constexpr auto name = "Socket";
  static void define(ClassBuilder<Socket>&) {}
};

#if ADDER_MUST_NOT_COMPILE
int fd_of(Socket socket) { return socket.fd; }
#else
int fd_of(const Socket& socket) { return socket.fd; }
#endif

void probe(ModuleBuilder& m) { m.def<&fd_of>("fd_of"); }
