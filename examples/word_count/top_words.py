# SPDX-License-Identifier: MIT
"""Counts the words of a text with the extension module word_count, and with collections.Counter for comparison.

Exit status: 0 both agree, 1 they do not, 2 nothing could be counted.
"""
import argparse
import collections
import heapq
import os
import string
import sys
import time

try:
    import word_count
except ImportError as error:
    print(f"top_words.py: {error}. Build the extension module first, and name its folder in PYTHONPATH; "
          "README.md has the command.", file=sys.stderr)
    sys.exit(2)

DEFAULT_TEXT = "/usr/share/common-licenses/GPL-3"
DEFAULT_REPEATS = 200  # One licence is counted too fast for a clock.
PUNCTUATION = string.punctuation.encode()


def count_in_python(text):
    """What a word is, said in Python: see word_count.cpp. bytes.lower and bytes.split know ASCII only, as wanted."""
    counts = collections.Counter(word.strip(PUNCTUATION) for word in text.encode().lower().split())
    del counts[b""]
    return counts


def most_common_in_python(counts, top):
    """The words as str, ties in the order of their code points, which is that of their UTF-8 bytes."""
    best = heapq.nsmallest(top, counts.items(), key=lambda entry: (-entry[1], entry[0]))
    return [(word.decode(), count) for word, count in best]


def best_of(runs, function):
    """The shortest time in seconds, and the last result."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        result = function()
        times.append(time.perf_counter() - start)
    return min(times), result


def print_table(words, total):
    width = max([len("word"), *(len(word) for word, _ in words)])
    print(f"{'':>4}  {'word':<{width}}  {'count':>12}  {'share':>7}")
    for rank, (word, count) in enumerate(words, start=1):
        print(f"{rank:>4}  {word:<{width}}  {count:>12,}  {count / total:>7.2%}")


def main():
    parser = argparse.ArgumentParser(description="Count the words of a text, and compare with collections.Counter.")
    parser.add_argument("path", nargs="?", metavar="PATH",
                        help=f"a UTF-8 text (default: {DEFAULT_TEXT}, {DEFAULT_REPEATS} times)")
    parser.add_argument("--threads", type=int, default=0, metavar="N", help="0: one per processor (default)")
    parser.add_argument("--top", type=int, default=10, metavar="N", help="length of the table (default: 10)")
    options = parser.parse_args()

    path, repeats = (options.path, 1) if options.path is not None else (DEFAULT_TEXT, DEFAULT_REPEATS)
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read() * repeats
        adder_time, words = best_of(5, lambda: word_count.count_parallel(text, options.threads, options.top))
    except UnicodeDecodeError as error:
        print(f"top_words.py: {path} is no UTF-8 text: {error.reason} at byte {error.start:,}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"top_words.py: {path}: {error.strerror}", file=sys.stderr)
        return 2
    except (ValueError, OverflowError) as error:
        print(f"top_words.py: {error}", file=sys.stderr)
        return 2
    python_time, expected = best_of(3, lambda: most_common_in_python(count_in_python(text), options.top))

    counts = count_in_python(text)
    print(f"{path}, {repeats} times" if repeats != 1 else path)
    print(f"{len(text):,} characters, {counts.total():,} words, {len(counts):,} different ones\n")
    print_table(words, counts.total())
    print(f"\nadder, {options.threads or os.cpu_count()} threads  {adder_time * 1e3:>9.1f} ms")
    print(f"collections.Counter {python_time * 1e3:>9.1f} ms")
    print(f"speed               {python_time / adder_time:>9.1f} times")

    # All words, not only those of the table.
    all_words = word_count.count_parallel(text, options.threads, len(counts) + 1)
    if words != expected or all_words != most_common_in_python(counts, len(counts)):
        print("\nThe two do NOT agree.", file=sys.stderr)
        return 1
    print("\nBoth agree on every word.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
