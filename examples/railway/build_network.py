# SPDX-License-Identifier: MIT
"""Builds a network in place, then lets four threads work on it."""
import gc
import threading

from railway import Line, Network, Platform, Station

network = Network()
network.lines["S1"] = Line()
line = network.lines["S1"]
line.stations = [Station("Ahlen"), Station("Beckum"), Station("Celle")]
line.kilometres.extend([0, 7.5, 21])

# Three levels down, and it is the network's own platform.
beckum = line.stations[1]
beckum.platforms.append(Platform(1))
beckum.platforms.append(Platform(2, length=150))
beckum.platforms[-1].length += 25
print(line.find("Beckum").total_length(), "m of platforms in", network.lines["S1"].stations[1].name)
print([round(after - before, 1) for before, after in zip(line.kilometres, line.kilometres[1:])], "km between stops")

# A part keeps its owners alive, and looks for its place at each use.
platform = beckum.platforms[0]
line.stations.insert(0, Station("Zeven"))
try:
    platform.length
except IndexError as error:
    print("IndexError:", error)
network.close("S1")
try:
    line.find("Celle")
except KeyError as error:
    print("KeyError:", error)


def work(number):
    """Python's own rules hold: who finds the network in use by another thread is told so, and may try again."""
    done = 0
    while done < 200:
        try:
            name = f"L{number}"
            if name not in network.lines:
                network.lines[name] = Line()
            mine = network.lines[name]
            mine.stations.append(Station(f"{name}-{done}"))
            mine.stations[-1].platforms.append(Platform(done))
            mine.stations[-1].platforms[0].length = done
            done += 1
        except RuntimeError:
            pass


threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
gc.collect()
print(sorted(network.lines), network.count_stations() >= 800)
print(all(station.platforms[0].length >= 0 for line in network.lines.values() for station in line.stations
          if station.platforms))
