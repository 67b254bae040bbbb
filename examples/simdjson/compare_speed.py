# SPDX-License-Identifier: MIT
"""How long json and fastjson need for the same document, and whether they make the same of it."""
import argparse
import json
import random
import time

import fastjson


def document(records):
    chance = random.Random(1)
    words = "alpha beta gamma delta epsilon zêta eta theta".split()
    return json.dumps([{
        "id": number,
        "name": " ".join(chance.choices(words, k=3)),
        "position": [chance.uniform(-180, 180), chance.uniform(-90, 90)],
        "tags": chance.sample(words, k=4),
        "active": chance.random() < 0.5,
        "parent": chance.choice([None, number // 2]),
        "text": " ".join(chance.choices(words, k=20)) + "\n",
    } for number in range(records)], ensure_ascii=False).encode()


def fastest(call, times=5):
    best = float("inf")
    for _ in range(times):
        begin = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - begin)
    return best * 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=20_000)
    data = document(parser.parse_args().records)
    assert fastjson.loads(data) == json.loads(data)
    print(f"{len(data) / 1e6:.1f} MB, simdjson for {fastjson.implementation}")
    ours, theirs = fastest(lambda: fastjson.loads(data)), fastest(lambda: json.loads(data))
    print(f"all of it     json {theirs:7.1f} ms   fastjson {ours:7.1f} ms   {theirs / ours:5.1f} times")
    ours, theirs = fastest(lambda: fastjson.at(data, "/7/name")), fastest(lambda: json.loads(data)[7]["name"])
    print(f"a part of it  json {theirs:7.1f} ms   fastjson {ours:7.1f} ms   {theirs / ours:5.1f} times")


if __name__ == "__main__":
    main()
