// SPDX-License-Identifier: MIT
#include "adder/types/capsule.hpp"

#include "adder/adder.hpp"
#include "support/errors.hpp"
#include "support/objects.hpp"

#include <gtest/gtest.h>

#include <string_view>
#include <utility>

namespace {

using namespace adder;
using test::error_of;
using test::is_known_as;

struct Noisy {
  explicit Noisy(int* deaths) : deaths_(deaths) {}
  Noisy(Noisy&& other) noexcept : value(other.value), deaths_(std::exchange(other.deaths_, nullptr)) {}
  Noisy& operator=(Noisy&&) = delete;
  ~Noisy() {
    if (deaths_ != nullptr) ++*deaths_;
  }
  int value = 7;

 private:
  int* deaths_;
};

TEST(Capsule, a_capsule_gives_its_value_to_who_knows_its_name_and_type_and_destroys_it_once) {
  Python::with_gil([](Python py) {
    int deaths = 0, calls = 0;
    {
      const auto capsule = PyCapsule::new_(py, Noisy(&deaths), "adder.noisy");
      is_known_as<PyCapsule>(capsule);
      EXPECT_EQ(capsule.reference<Noisy>("adder.noisy").value, 7);
      EXPECT_EQ(capsule.pointer("adder.noisy"), static_cast<void*>(&capsule.reference<Noisy>("adder.noisy")));
      EXPECT_EQ(capsule.name(), "adder.noisy");
      EXPECT_TRUE(capsule.is_valid("adder.noisy"));
      EXPECT_FALSE(capsule.is_valid("adder"));
      EXPECT_EQ(error_of([&] { capsule.pointer("adder"); }),
                "ValueError: the capsule is named 'adder.noisy', not 'adder'");
      EXPECT_EQ(error_of([&] { capsule.reference<int>("adder.noisy"); }),
                "TypeError: the capsule 'adder.noisy' does not hold a C++ value of this type and module");
      EXPECT_EQ(deaths, 0);
    }
    EXPECT_EQ(deaths, 1);
    {
      const auto capsule = PyCapsule::new_with_destructor(
          py, Noisy(&deaths), "", [](Noisy& value, void* context) { *static_cast<int*>(context) += value.value; });
      EXPECT_EQ(capsule.context(), nullptr);
      capsule.set_context(&calls);
      EXPECT_EQ(calls, 0);
    }
    EXPECT_EQ(calls, 7);
    EXPECT_EQ(deaths, 2);
    EXPECT_EQ(error_of([&] { PyCapsule::new_(py, 1, std::string_view("a\0b", 3)); }),
              "ValueError: a capsule's name cannot contain null bytes");
    EXPECT_EQ(error_of([&] { PyCapsule::new_with_pointer(py, nullptr, "x"); }),
              "ValueError: PyCapsule_New called with null pointer");
    EXPECT_NE(PyCapsule::import <void>(py, "datetime.datetime_CAPI"), nullptr);
    EXPECT_EQ(error_of([&] { PyCapsule::import <void>(py, "datetime.nothing"); }),
              "AttributeError: module 'datetime' has no attribute 'nothing'");
  });
}

}  // namespace
