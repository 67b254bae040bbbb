# SPDX-License-Identifier: MIT
"""Usage: usable_alone.py <include folder> [<output folder>]

Whoever includes one public header of adder can use what it is about. For each there is a line of code here, in a file
that includes nothing else; linked with each other, these files also need all that was only declared. Without an output
folder this prints the names of the files.

handle/, error/ and object/ are three floors of one thing, which types/ and all above bring whole.
typing/ is read by stub builds alone, which bring it. reflect/ needs a compiler with reflection: tests/reflect.
"""
import pathlib
import sys

# The body of a function that has a token `py`, and an `object`.
USES = {
    "adder.hpp": "object.getattr(\"x\"_s).call(1, py.None());",
    "base/config.hpp": "static_assert(ADDER_VERSION_MAJOR >= 0);",
    "base/fwd.hpp": "adder::Py<adder::PyAny>* none = nullptr; (void)none;",
    "base/python.hpp": "(void)PyList_New(0);",
    "token/token.hpp": "static_assert(std::is_copy_constructible_v<adder::Python>);",
    "token/error_scope.hpp": "const adder::ErrorScope pending(py);",
    "token/ungil.hpp": "static_assert(adder::Ungil<int>);",
    "token/stored.hpp": "static_assert(adder::Owning<int>);",
    "token/gil.hpp": "py.allow_threads([] { adder::Python::with_gil([](adder::Python) {}); });",
    "token/gil_guard.hpp": "const adder::GILGuard guard = adder::Python::acquire_gil();",
    "token/gil_pool.hpp": "const adder::GILPool pool = py.new_pool();",
    "types/bytes_view.hpp": "const auto view = object.extract<adder::BytesView>(); (void)view.size();",
    "types/bytes.hpp": "const auto bytes = adder::PyBytes::new_(py, \"x\"); (void)bytes.as_bytes();",
    "types/bytes_view.hpp": "const adder::BytesView view(object); (void)view.as_bytes();",
    "types/capsule.hpp": "(void)adder::PyCapsule::new_(py, 1, \"x\");",
    "types/code.hpp": "(void)object.downcast<adder::PyCode>();",
    "types/datetime.hpp": "(void)adder::PyDate::new_(py, 2000, 1, 1).year();",
    "types/dict.hpp": "const auto dict = adder::PyDict::new_(py); dict.set_item(\"x\", 1); (void)dict.get_item(\"x\");",
    "types/index.hpp": "(void)object.extract<adder::Index>().in(3);",
    "types/list.hpp": "const auto list = adder::PyList::new_(py, object); list.append(1); list.extend(list); (void)list.pop();",
    "types/module.hpp": "(void)py.import(\"sys\").name();",
    "types/numbers.hpp": "(void)adder::PyInt::new_(py, 3); (void)py.None(); (void)adder::PyFloat::new_(py, 1.5).value();",
    "types/sequence.hpp": "(void)object.downcast<adder::PySequence>().get_item(0); (void)object.downcast<adder::PyMapping>().keys();",
    "types/set.hpp": "const auto set = adder::PySet::new_(py); set.add(object); (void)set.contains(object);",
    "types/slice.hpp": "(void)adder::PySlice::new_(py, 1, 2);",
    "types/string.hpp": "const auto text = adder::PyString::new_(py, \"x\"); (void)text.to_str();",
    "types/tuple.hpp": "(void)adder::PyTuple::new_(py, 1, object).get_item(0);",
    "types/type.hpp": "(void)object.get_type().name();",
    "types/typed.hpp": "(void)adder::PyList::new_(py, 1).as<int>().size();",
    "types/types.hpp": "(void)adder::PyList::new_(py, 1).contains(1);",
    "types/weakref.hpp": "(void)adder::PyWeakrefReference::new_(object).upgrade();",
    "types/backed.hpp": "const auto text = object.extract<adder::PyBackedStr>(); (void)text.view();",
    "convert/chars.hpp": "(void)object.extract<char32_t>();",
    "array/element.hpp": "static_assert(adder::IsArrayElement<double>);",
    "array/array.hpp": "const auto a = object.extract<adder::Array<const double, adder::c_order>>(); (void)a.as_span();",
    "array/buffer.hpp": "const auto buffer = object.extract<adder::PyBuffer<double>>(); (void)buffer.to_vec();",
    "array/class_buffer.hpp": "(void)adder::Py<Samples>::new_(py);",
    "array/buffer_view.hpp": "(void)adder::BufferView<int>{.memory = {}, .shape = {0}};",
    "array/constraints.hpp": "(void)adder::shape<-1, 3>();",
    "array/owned_array.hpp": "(void)adder::into_py(py, adder::OwnedArray<double>::zeros(3));",
    "array/view.hpp": "(void)adder::ArrayView<double, adder::ndim<2>>().shape(0);",
    "array/vectorize.hpp": "(void)adder::vectorize<&half>(object.extract<adder::detail::VectorArgument<double>>());",
    # Where there is no Eigen they have nothing.
    "array/eigen.hpp": "(void)py; (void)object;",
    "array/eigen_sparse.hpp": "(void)py; (void)object;",
    "array/half.hpp": "static_assert(adder::Half(0.5F) == 0.5F);",
    "types/fields.hpp": "(void)object.extract<Point>();",
    "convert/basic.hpp": "(void)object.extract<int>(); (void)adder::into_py(py, \"x\");",
    "convert/handles.hpp": "(void)object.extract<adder::Py<adder::PyAny>>();",
    "convert/scalars.hpp": "(void)object.extract<int>(); (void)adder::into_py(py, 1.5);",
    "convert/text.hpp": "(void)adder::into_py(py, \"x\");",
    "call/call.hpp": "(void)object.call(1, adder::kw(\"x\"_s) = 2); (void)object.call_method(\"f\"_s, object);",
    "exception/exceptions.hpp": "if (object.is_none()) throw adder::PyValueError::new_err(object.repr().to_string());",
    "exception/exception_group.hpp": "(void)py; (void)object;",
    "exception/exception_types.hpp": "(void)py; if (object.is_none()) throw adder::PyKeyError::new_err(\"x\");",
    "exception/translate.hpp": "(void)py;",
    "exception/with.hpp": "(void)adder::with(object, [](const adder::Bound<adder::PyAny>&) { return 1; });",
    "gc/traverse.hpp": "static_assert(std::is_empty_v<adder::NotTraversed>);",
    "sync/sync.hpp": "static_assert(adder::Sync<int>);",
    "sync/gil_once_cell.hpp": "static adder::GILOnceCell<int> cell; (void)cell.get_or_init(py, [] { return 1; });",
    "sync/once_lock.hpp": "static adder::PyOnceLock<int> cell; (void)cell.get_or_init(py, [] { return 1; });",
    "sync/py_mutex.hpp": "static adder::PyMutex<int> mutex(1); const auto guard = mutex.lock(py); (void)*guard;",
    "sync/lock.hpp": "static std::mutex mutex; const auto lock = adder::lock_attached(py, mutex);",
    "sync/clone_ref.hpp": "(void)adder::clone_ref(py, adder::Py<adder::PyAny>(object));",
    "sync/gil_protected.hpp": "static adder::GILProtected<int> number(1); (void)number.get(py);",
    "sync/critical_section.hpp": "adder::with_critical_section(object, [] {});",
    "function/arg.hpp": "(void)(adder::arg(\"x\") = 1);",
    "function/function.hpp": "static_assert(std::is_same_v<decltype(adder::release_gil), decltype(adder::release_gil)>);",
    "function/closure.hpp": "(void)adder::new_closure<&add>(py, \"add\", 1);",
    "function/new_function.hpp": "(void)adder::new_function<&add>(py, \"add\");",
    "function/given.hpp": "(void)py; (void)object.extract<adder::Given<int>>().value_or(1);",
    "function/overload.hpp": "(void)adder::overload<&one, &two>;",
    "class/options.hpp": "static_assert(!adder::IsPyClass<Plain>);",
    "class/cell.hpp": "static_assert(!adder::IsPyClass<Plain>);",
    "class/collect.hpp": "static_assert(adder::FieldList<>::complete);",
    "class/containers.hpp": "(void)adder::Py<std::vector<int>>::new_(py);",
    "class/data_class.hpp": "(void)adder::Py<Lines>::new_(py);",
    "class/enum.hpp": "(void)object.extract<Shade>(); (void)adder::into_py(py, Shade::light);",
    "class/class_builder.hpp": "(void)&adder::PyClass<Tally>::define;",
    "class/pyclass.hpp": "const auto counter = adder::Py<Counter>::new_(py); (void)counter.bind(py).borrow()->n;"
                         " const auto n = counter.bind(py).borrow().map(&Counter::n); (void)*n;",
    "class/named_tuple.hpp": "(void)adder::into_py(py, Pair()); (void)object.extract<Pair>();",
    "class/holder_traits.hpp": "(void)adder::HolderTraits<std::shared_ptr<int>>::get(std::make_shared<int>(1));",
    "class/holder.hpp": "(void)object.extract<std::shared_ptr<Wheel>>(); (void)adder::into_py(py, std::make_shared<Wheel>());",
    "class/locked.hpp": "(void)adder::Py<Account>::new_(py);",
    "class/overridable.hpp": "(void)object.extract<std::shared_ptr<Shape>>();",
    "class/part.hpp": "(void)adder::Py<Engine>::new_(py);",
    "class/shared_from.hpp": "(void)adder::Py<Mesh>::new_(py);",
    "class/guard.hpp": "static_assert(!adder::IsPyClass<Plain>);",
    "class/pickle.hpp": "(void)adder::Py<Pickled>::new_(py);",
    "class/static_property.hpp": "(void)adder::Py<Counted>::new_(py);",
    "class/protocols.hpp": "(void)adder::Py<Summand>::new_(py);",
    "class/iterate.hpp": "(void)object; (void)adder::make_iterator(py, std::array<int, 2>{1, 2});",
    "class/generator.hpp": "(void)object; (void)adder::into_py(py, counted(3));",
    "class/slot_guard.hpp": "(void)object; (void)adder::slot_guard<[](const adder::Bound<adder::PyAny>& x) { return x.repr(); }>(nullptr);",
    "module/module_builder.hpp": "(void)&body;",
    "module/macros.hpp": "",
    "module/module.hpp": "(void)py;",
    "module/eval.hpp": "(void)py.eval(\"1 + 1\");",
    "module/script.hpp": "adder::run_statement(py, \"1 + 1\", adder::globals(py)); adder::run_file(py, \"x.py\");",
    "module/ostream_redirect.hpp": "const adder::OstreamRedirect redirect(true, false); redirect.enter(py); redirect.exit(py);",
    "module/streams.hpp": "adder::CapturedOutput captured(py); (void)captured.take(py);",
    "module/testing.hpp": "adder::py_run(py, \"assert True\");",
    "embed/embed.hpp": "adder::InterpreterConfig().isolated().start();",
    "embed/interpreter.hpp": "(void)adder::run_to_exit_status([](adder::Python) {}); const adder::Interpreter python;",
    "stl/array.hpp": "(void)object.extract<std::array<int, 2>>();",
    "stl/chrono.hpp": "(void)object.extract<std::chrono::milliseconds>();",
    "stl/complex.hpp": "(void)object.extract<std::complex<double>>();",
    "stl/deque.hpp": "(void)object.extract<std::deque<int>>();",
    "stl/expected.hpp": "(void)py;",
    # Where the library has no such type they have nothing.
    "array/mdspan.hpp": "(void)py; (void)object;",
    "stl/flat_map.hpp": "(void)py; (void)object;",
    "stl/flat_set.hpp": "(void)py; (void)object;",
    "stl/inplace_vector.hpp": "(void)py; (void)object;",
    "stl/filesystem.hpp": "(void)object.extract<std::filesystem::path>();",
    "stl/functional.hpp": "(void)object.extract<std::function<int(int)>>(); (void)adder::into_py(py, +[] { return 1; });",
    "stl/list.hpp": "(void)object.extract<std::list<int>>();",
    "stl/map.hpp": "(void)object.extract<std::map<int, int>>();",
    "stl/optional.hpp": "(void)object.extract<std::optional<int>>();",
    "stl/pair.hpp": "(void)object.extract<std::pair<int, int>>();",
    "stl/set.hpp": "(void)object.extract<std::set<int>>();",
    "stl/span.hpp": "(void)adder::into_py(py, std::span<const std::byte>());",
    "stl/string.hpp": "(void)object.extract<std::string>();",
    "stl/string_view.hpp": "(void)adder::into_py(py, std::string_view(\"x\"));",
    "stl/tuple.hpp": "(void)object.extract<std::tuple<int, bool>>(); (void)object.extract<std::tuple<>>();",
    "stl/unordered_map.hpp": "(void)object.extract<std::unordered_map<int, int>>();",
    "stl/unordered_set.hpp": "(void)object.extract<std::unordered_set<int>>();",
    "stl/variant.hpp": "(void)object.extract<std::variant<int, bool>>();",
    "stl/vector.hpp": "(void)object.extract<std::vector<int>>();",
}
# What stands in front of the function.
BEFORE = {
    "array/vectorize.hpp": "static double half(double x) { return x / 2; }",
    "types/fields.hpp": "namespace { struct Point { int x = 0; }; }"
                        "template <> struct adder::FromPyObject<Point>"
                        " : adder::FromAttributes<Point, adder::Field<\"x\", &Point::x>> {};",
    "function/closure.hpp": "static int add(const int& state, int x) { return state + x; }",
    "function/new_function.hpp": "static int add(int x, int y) { return x + y; }",
    "function/overload.hpp": "static int one(int x) { return x; } static double two(double x) { return x; }",
    "class/options.hpp": "namespace { struct Plain {}; }",
    "class/cell.hpp": "namespace { struct Plain {}; }",
    "class/guard.hpp": "namespace { struct Plain {}; }",
    "class/enum.hpp": "namespace { enum class Shade { light }; } template <> struct adder::PyEnum<Shade> {"
                      "static constexpr const char* name = \"Shade\";"
                      "static constexpr adder::EnumMember<Shade> members[] = {{\"LIGHT\", Shade::light}}; };",
    "class/class_builder.hpp": "namespace { struct Tally { int n = 0; int get() const { return n; } }; }"
                               "template <> struct adder::PyClass<Tally> { static constexpr const char* name = \"Tally\";"
                               "static void define(ClassBuilder<Tally>& cls) { cls.def<&Tally::get>(\"get\"); } };",
    "class/pyclass.hpp": "namespace { struct Counter { int n = 0; int get() const { return n; } }; }"
                         "template <> struct adder::PyClass<Counter> { static constexpr const char* name = \"Counter\";"
                         "static void define(ClassBuilder<Counter>& cls) { cls.def<&Counter::get>(\"get\"); } };",
    "class/named_tuple.hpp": "namespace { struct Pair { int x = 0; }; using PairTuple = adder::NamedTuple<Pair, \"alone\", "
                             "\"Pair\", adder::Field<\"x\", &Pair::x>>; }"
                             "template <> struct adder::IntoPyObject<Pair> : PairTuple {};"
                             "template <> struct adder::FromPyObject<Pair> : PairTuple {};",
    "class/protocols.hpp": "namespace { struct Summand { int n = 0; int plus(int other) const { return n + other; }"
                           "bool operator==(const Summand&) const = default; }; }"
                           "template <> struct adder::PyClass<Summand> { static constexpr const char* name = \"Summand\";"
                           "static constexpr bool eq = true; static void define(ClassBuilder<Summand>& cls) {"
                           "cls.def<\"__add__\", &Summand::plus>(); cls.def<\"__iadd__\", &Summand::plus>();"
                           "cls.def<\"__setitem__\", [](Summand&, int, int) {}>(); } };",
    "class/containers.hpp": "#include <vector>\n"
                            "template <> struct adder::PyClass<std::vector<int>> : adder::ListClass<std::vector<int>> {"
                            "  static constexpr auto name = \"Ints\"; };",
    "class/data_class.hpp": "namespace { struct Lines { int n = 0; }; }"
                            "template <> struct adder::PyClass<Lines>"
                            "    : adder::DataClass<Lines, adder::OptionalField<\"n\", &Lines::n>> {"
                            "  static constexpr auto name = \"Lines\"; };",
    "class/holder.hpp": "namespace { struct Wheel { int n = 0; }; }"
                        "template <> struct adder::PyClass<Wheel> { static constexpr const char* name = \"Wheel\";"
                        "using holder = std::shared_ptr<Wheel>; static void define(ClassBuilder<Wheel>&) {} };",
    "class/locked.hpp": "namespace bank { struct Account { int n = 0; void add(const Account& other) { n += other.n; } }; }"
                        " using bank::Account;"
                        "template <> struct adder::PyClass<Account> { static constexpr const char* name = \"Account\";"
                        "static constexpr bool locked = true; static void define(ClassBuilder<Account>& cls) {"
                        " cls.def<&Account::add>(\"add\");"
                        " cls.def<[](Account& a, Account& b) { a.n += b.n; }>(\"take\"); } };",
    "class/overridable.hpp": "namespace { struct Shape { virtual ~Shape() = default; virtual int sides() const = 0; };"
                             "struct PyShape : adder::Overridable<Shape> { int sides() const override {"
                             " return pure<\"sides\", int>(); } }; }"
                             "template <> struct adder::PyClass<Shape> { static constexpr const char* name = \"Shape\";"
                             "static constexpr bool subclass = true; using holder = std::shared_ptr<Shape>;"
                             "using overridable = PyShape; static void define(ClassBuilder<Shape>& cls) {"
                             " cls.def_new<>(); } };",
    "class/shared_from.hpp": "namespace shop { struct Mesh { int n = 0; }; } using shop::Mesh;"
        " template <> struct adder::PyClass<Mesh> { static constexpr auto name = \"Mesh\";"
        " static constexpr auto shared_from = \"geometry\";"
        " static void define(adder::ClassBuilder<Mesh>& cls) { cls.def_new<>(); } };",
    "class/part.hpp": "namespace { struct Piston { int n = 0; }; struct Engine { Piston piston;"
                      " const Piston& get() const { return piston; } }; }"
                      "template <> struct adder::PyClass<Piston> { static constexpr const char* name = \"Piston\";"
                      "static constexpr bool part = true; static void define(ClassBuilder<Piston>&) {} };"
                      "template <> struct adder::PyClass<Engine> { static constexpr const char* name = \"Engine\";"
                      "static void define(ClassBuilder<Engine>& cls) { cls.part<&Engine::piston>(\"piston\");"
                      " cls.def<adder::part_of<&Engine::get>>(\"get\"); } };",
    "array/class_buffer.hpp": "namespace { struct Samples { int values[3] = {1, 2, 3}; }; }"
                              "template <> struct adder::PyClass<Samples> { static constexpr const char* name = \"Samples\";"
                              "static void define(ClassBuilder<Samples>& cls) { cls.buffer<&Samples::values>();"
                              " cls.array<&Samples::values>(\"values\"); } };",
    "class/pickle.hpp": "namespace { struct Pickled { int n = 0; }; Pickled pickled(int n) { return {n}; } }"
                        "template <> struct adder::PyClass<Pickled> { static constexpr const char* name = \"Pickled\";"
                        "static void define(ClassBuilder<Pickled>& cls) { cls.def_pickle<&Pickled::n, &pickled>(); } };",
    "class/static_property.hpp": "namespace { struct Counted { static int get() { return 1; } static void set(int) {} }; }"
                                 "template <> struct adder::PyClass<Counted> { static constexpr const char* name = \"Counted\";"
                                 "static void define(ClassBuilder<Counted>& cls) {"
                                 "cls.static_getter<&Counted::get>(\"n\"); cls.static_setter<&Counted::set>(\"n\"); } };",
    "class/generator.hpp": "static adder::Generator<int> counted(int n) { while (n != 0) co_yield --n; }",
    "module/module.hpp": "static int one() { return 1; } ADDER_MODULE(alone, m) { m.def<&one>(\"one\"); }",
    "module/module_builder.hpp": "static int one() { return 1; }"
                                 "static void body(adder::ModuleBuilder& m) { m.def<&one>(\"one\"); m.add(\"x\", 1); }",
}
# No function with an object in these: it would need more than they have.
NO_PYTHON = ("base/", "module/macros.hpp", "sync/sync.hpp", "array/half.hpp", "array/buffer_view.hpp", "class/holder_traits.hpp")
LOW = (*NO_PYTHON, "token/", "sync/gil_protected.hpp", "sync/lock.hpp", "embed/")
INNER = ("handle/", "error/", "object/", "typing/", "reflect/")


def source(header):
    name = "use_" + header.removesuffix(".hpp").replace("/", "_")
    parameters, unused = "adder::Python py, const adder::Bound<adder::PyAny>& object", "(void)py; (void)object;"
    if header.startswith("token/"):
        parameters, unused = "adder::Python py", "(void)py;"
    if header.startswith(NO_PYTHON):
        parameters, unused = "", ""
    literals = "" if header.startswith(LOW) else "using namespace adder::literals;"
    return (f'#include "adder/{header}"\n{BEFORE.get(header, "")}\n{literals}\n'
            f"void {name}({parameters});\nvoid {name}({parameters}) {{ {unused} {USES[header]} }}\n")


def main():
    include = pathlib.Path(sys.argv[1]) / "adder"
    public = set()
    for path in include.rglob("*.hpp"):
        header = path.relative_to(include).as_posix()
        if "detail" not in path.parts and not header.startswith(INNER):
            public.add(header)
    if public != USES.keys():
        sys.exit(f"usable_alone.py: without a use: {sorted(public - USES.keys())}, not public: "
                 f"{sorted(USES.keys() - public)}")
    names = {header: "use_" + header.removesuffix(".hpp").replace("/", "_") + ".cpp" for header in sorted(public)}
    sources = {name: source(header) for header, name in names.items()}
    sources["main.cpp"] = "int main() {}\n"
    if len(sys.argv) == 2:
        print("\n".join(sources))
        return
    for name, text in sources.items():
        path = pathlib.Path(sys.argv[2]) / name
        if not path.is_file() or path.read_text() != text:
            path.write_text(text)


if __name__ == "__main__":
    main()
