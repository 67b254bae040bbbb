// SPDX-License-Identifier: MIT
// A railway network as C++ has it, values in containers in values, and Python that works on it in place: nothing is
// copied, and nothing that Python holds can dangle.
#include <adder/adder.hpp>
#include <adder/class/containers.hpp>
#include <adder/class/part.hpp>
#include <adder/stl/string.hpp>

#include <cstddef>
#include <map>
#include <numeric>
#include <string>
#include <vector>

using namespace adder;

struct Platform {
  int number = 0;
  double length = 200;
};
struct Station {
  std::string name;
  std::vector<Platform> platforms;

  double total_length() const {
    return std::accumulate(platforms.begin(), platforms.end(), 0.0,
                           [](double sum, const Platform& platform) { return sum + platform.length; });
  }
};
struct Line {
  std::vector<Station> stations;
  std::vector<double> kilometres;

  const Station* find(const std::string& name) const {
    for (const Station& station : stations) {
      if (station.name == name) return &station;
    }
    return nullptr;
  }
};
struct Network {
  std::map<std::string, Line> lines;

  std::size_t count_stations() const {
    std::size_t count = 0;
    for (const auto& [name, line] : lines) count += line.stations.size();
    return count;
  }
  void close(const std::string& name) { lines.erase(name); }
};

template <>
struct adder::PyClass<Platform> {
  static constexpr auto name = "Platform";
  static constexpr bool part = true;
  static void define(ClassBuilder<Platform>& cls) {
    cls.def_new<&Platform::number, &Platform::length>(arg("number"), arg("length") = 200.0);
    cls.field<&Platform::number>("number");
    cls.field<&Platform::length>("length");
  }
};
template <>
struct adder::PyClass<Station> {
  static constexpr auto name = "Station";
  static constexpr bool part = true;
  static void define(ClassBuilder<Station>& cls) {
    cls.def_new<&Station::name>(arg("name"));
    cls.field<&Station::name>("name");
    cls.part<&Station::platforms>("platforms");
    cls.def<&Station::total_length>("total_length");
  }
};
template <>
struct adder::PyClass<Line> {
  static constexpr auto name = "Line";
  static constexpr bool part = true;
  static void define(ClassBuilder<Line>& cls) {
    cls.def_new<>();
    cls.part<&Line::stations>("stations");
    cls.part<&Line::kilometres>("kilometres");
    cls.def<part_of<&Line::find>>("find", arg("name"));
  }
};
template <>
struct adder::PyClass<Network> {
  static constexpr auto name = "Network";
  static void define(ClassBuilder<Network>& cls) {
    cls.def_new<>();
    cls.part<&Network::lines>("lines");
    cls.def<&Network::count_stations>("count_stations");
    cls.def<&Network::close>("close", arg("name"));
  }
};

ADDER_MODULE(railway, m) {
  m.add_class<Platform>();
  m.add_class<Station>();
  m.add_class<Line>();
  m.add_class<Network>();
}
