// SPDX-License-Identifier: MIT
// Two modules inside the program are imported by Python code like any others, and work together.
#include "support/embedded.hpp"

#include <cstdint>
#include <vector>

using namespace adder;
using namespace test;

namespace {

int bodies_run = 0;

class Account {
 public:
  explicit Account(std::int64_t balance) : balance_(balance) {}
  std::int64_t balance() const { return balance_; }
  void deposit(std::int64_t amount) {
    if (amount < 0) throw PyValueError::new_err("a deposit is not negative");
    balance_ += amount;
  }

 private:
  std::int64_t balance_;
};

}  // namespace

template <>
struct adder::PyClass<Account> {
  static constexpr auto name = "Account";
  static void define(ClassBuilder<Account>& cls) {
    cls.def_new<std::int64_t>(arg("balance") = 0);
    cls.getter<&Account::balance>("balance");
    cls.def<&Account::deposit>("deposit", arg("amount"));
  }
};

static void give_all(const std::vector<Bound<PyAny>>& accounts, std::int64_t amount) {
  for (const auto& account : accounts) account.downcast<Account>().borrow_mut()->deposit(amount);
}

ADDER_MODULE(adder_bank, m) {
  ++bodies_run;
  m.doc("Accounts.");
  m.add_class<Account>();
}

ADDER_MODULE(adder_charity, m) {
  ++bodies_run;
  m.add("limit", 100);
  m.def<&give_all>("give_all", arg("accounts"), arg("amount") = 1);
  m.add("bank", m.py().import("adder_bank"));  // Imports the other one from its body.
}

int main() {
  append_to_inittab("adder_bank", PyInit_adder_bank);
  append_to_inittab("adder_charity", PyInit_adder_charity);
  InterpreterConfig().isolated().home(python_home()).start();
  expect(bodies_run == 0);  // Registered is not imported.
  Python::with_gil([](Python py) {
    py.run(R"(
        import sys
        assert {'adder_bank', 'adder_charity'} <= set(sys.builtin_module_names)
        assert 'adder_bank' not in sys.modules

        import adder_charity
        from adder_bank import Account

        assert adder_charity.bank is sys.modules['adder_bank']
        assert adder_charity.bank.__doc__ == 'Accounts.' and adder_charity.limit == 100
        assert Account.__module__ == 'adder_bank'
        rich, poor = Account(balance=1000), Account()
        adder_charity.give_all([rich, poor], amount=5)
        adder_charity.give_all((poor, poor))
        assert (rich.balance, poor.balance) == (1005, 7)
        for call, kind, text in [
            (lambda: adder_charity.give_all([rich], -1), ValueError, 'a deposit is not negative'),
            (lambda: adder_charity.give_all([3]), TypeError, "'int' object is not an instance of 'Account'"),
        ]:
            try:
                call()
            except kind as error:
                assert str(error) == text, error
            else:
                raise AssertionError(text)
    )");
    expect(bodies_run == 2);
    expect(py.import("adder_bank").is(py.import("adder_charity").getattr("bank"_s)));
    expect(bodies_run == 2);
  });
  return failures;
}
