# SPDX-License-Identifier: MIT
import collections
import os
import pathlib
import random
import string
import subprocess
import sys
import threading
import time

import pytest
import word_count

SCRIPT = pathlib.Path(__file__).with_name("top_words.py")
PUNCTUATION = string.punctuation.encode()
EVERYTHING = 2**31


def in_python(text):
    """All words and their counts, in the order that count_parallel promises."""
    words = (word.strip(PUNCTUATION) for word in text.encode().lower().split())
    counts = collections.Counter(word.decode() for word in words if word)
    return sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))


@pytest.fixture(scope="module")
def big_text():
    generator = random.Random(1)
    return " ".join(f"Word{generator.randrange(20_000)}," for _ in range(200_000))


def exception_of(call, *args, **kwargs):
    """Type and message of what the call raises."""
    with pytest.raises(BaseException) as info:
        call(*args, **kwargs)
    return info.type, str(info.value)


# --- What a word is ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("text", "expected"), [
    ("", []),
    (" \t\n\v\f\r", []),
    ("... -- !", []),
    ("one", [("one", 1)]),
    ("The the THE", [("the", 3)]),
    ("b a b a c", [("a", 2), ("b", 2), ("c", 1)]),
    ("'quoted', (in) [any] way.", [("any", 1), ("in", 1), ("quoted", 1), ("way", 1)]),
    ("don't well-known 3.14", [("3.14", 1), ("don't", 1), ("well-known", 1)]),
    ("a\tb\nc\vd\fe\rf", [(letter, 1) for letter in "abcdef"]),
    ("Ärger ärger", [("Ärger", 1), ("ärger", 1)]),  # only ASCII letters change case
    ("a\u00a0b a\u2003b", [("a\u00a0b", 1), ("a\u2003b", 1)]),  # only ASCII white space separates
    ("«a» „b“", [("«a»", 1), ("„b“", 1)]),  # only ASCII punctuation is stripped
    ("日本 日本 🐍", [("日本", 2), ("🐍", 1)]),
    ("a\0b a\0b \0", [("a\0b", 2), ("\0", 1)]),
])
def test_words_are_as_documented(text, expected):
    assert word_count.count_parallel(text) == expected
    assert in_python(text) == expected


def test_result_is_a_list_of_tuples_of_str_and_int():
    result = word_count.count_parallel("a b a")
    assert type(result) is list
    assert [type(entry) for entry in result] == [tuple, tuple]
    assert [(type(word), type(count)) for word, count in result] == [(str, int), (str, int)]


def test_every_number_of_threads_counts_the_same_as_python_on_random_texts():
    generator = random.Random(2)
    alphabet = "aAbBzZ019 ' , . - \t\n\v\f\r\0\x1c\x1f\x85\xa0äÄß\u2028日🐍"
    for _ in range(300):
        text = "".join(generator.choices(alphabet, k=generator.randrange(60)))
        expected = in_python(text)
        for threads in (0, 1, 2, 3, 7, 40):
            assert word_count.count_parallel(text, threads, EVERYTHING) == expected, (text, threads)


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_a_big_text_gives_what_python_gives(big_text, threads):
    assert word_count.count_parallel(big_text, threads, EVERYTHING) == in_python(big_text)


def test_top_cuts_the_list_and_ties_stay_alphabetical():
    text = "d d c c b b a e"
    assert word_count.count_parallel(text, top=0) == []
    assert word_count.count_parallel(text, top=2) == [("b", 2), ("c", 2)]
    assert word_count.count_parallel(text, 1, 4) == [("b", 2), ("c", 2), ("d", 2), ("a", 1)]
    assert len(word_count.count_parallel(" ".join(map(str, range(99))))) == 10


def test_arguments_can_be_named():
    assert word_count.count_parallel(text="a a b", top=1, threads=2) == [("a", 2)]


# --- Bad input --------------------------------------------------------------------------------------------------------

COUNT_ERRORS = [
    ((b"text",), TypeError, "count_parallel() argument 'text' must be str, not bytes"),
    ((None,), TypeError, "count_parallel() argument 'text' must be str, not None"),
    (("text", "2"), TypeError, "count_parallel() argument 'threads' must be int, not str"),
    (("text", 1.5), TypeError, "count_parallel() argument 'threads' must be int, not float"),
    (("text", -1), ValueError, "count_parallel() argument 'threads' must not be negative, but is -1"),
    (("text", 1, -2), ValueError, "count_parallel() argument 'top' must not be negative, but is -2"),
    (("text", 2**64), OverflowError, "18446744073709551616 does not fit into a signed 64-bit integer"),
    (("a\ud800b",), UnicodeEncodeError,
     "'utf-8' codec can't encode character '\\ud800' in position 1: surrogates not allowed"),
    ((), TypeError, "count_parallel() missing 1 required positional argument: 'text'"),
    (("text", 1, 2, 3), TypeError, "count_parallel() takes from 1 to 3 positional arguments but 4 were given"),
]


@pytest.mark.parametrize(("args", "kind", "message"), COUNT_ERRORS)
def test_bad_input_of_count_parallel_is_refused_by_name(args, kind, message):
    assert exception_of(word_count.count_parallel, *args) == (kind, message)


def test_unknown_keyword_is_refused_by_name():
    assert exception_of(word_count.count_parallel, "text", bottom=1) == (
        TypeError, "count_parallel() got an unexpected keyword argument 'bottom'")


FEED_ERRORS = [
    ((b"text",), TypeError, "WordCounter.feed() argument 'text' must be str, not bytes"),
    (("\udfff",), UnicodeEncodeError,
     "'utf-8' codec can't encode character '\\udfff' in position 0: surrogates not allowed"),
    ((), TypeError, "WordCounter.feed() missing 1 required positional argument: 'text'"),
]


@pytest.mark.parametrize(("args", "kind", "message"), FEED_ERRORS)
def test_refused_feed_leaves_the_counter_as_it_was(args, kind, message):
    counter = word_count.WordCounter()
    counter.feed("one two")
    assert exception_of(counter.feed, *args) == (kind, message)
    assert (counter.total, len(counter)) == (2, 2)
    counter.feed("two")
    assert counter.most_common() == [("two", 2), ("one", 1)]


def test_bad_input_of_most_common_is_refused_by_name():
    counter = word_count.WordCounter()
    assert exception_of(counter.most_common, -1) == (
        ValueError, "WordCounter.most_common() argument 'n' must not be negative, but is -1")
    assert exception_of(counter.most_common, "3") == (
        TypeError, "WordCounter.most_common() argument 'n' must be int, not str")


def test_constructor_takes_no_arguments():
    assert exception_of(word_count.WordCounter, "text") == (
        TypeError, "WordCounter() takes 1 positional argument but 2 were given")


def test_total_is_read_only():
    counter = word_count.WordCounter()
    with pytest.raises(AttributeError):
        counter.total = 3
    assert counter.total == 0


# Runs in a process of its own, which lets go of its memory by ending.
OUT_OF_MEMORY = """
import resource, word_count
text = " ".join(map(str, range(1_000_000)))
assert word_count.count_parallel("a")
with open("/proc/self/statm") as file:
    used = int(file.read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + {extra_mib} * 2**20, resource.RLIM_INFINITY))
try:
    word_count.count_parallel(text, {threads})
except {expected} as error:
    print("caught", type(error).__name__)
resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
assert len(word_count.count_parallel(text, 2)) == 10  # nothing is broken
"""


# Little room: the table of a worker does not fit. Many threads: not all of their stacks do, and those that run are
# waited for.
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits memory the Linux way")
@pytest.mark.skipif("asan" in os.environ.get("LD_PRELOAD", ""), reason="ASan wants all of the address space")
@pytest.mark.parametrize(("threads", "extra_mib", "expected"), [(1, 32, "MemoryError"), (500, 64, "OSError")])
def test_failure_in_a_worker_thread_reaches_python(threads, extra_mib, expected):
    code = OUT_OF_MEMORY.format(threads=threads, extra_mib=extra_mib, expected=expected)
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("caught ")
    assert result.stderr == ""


# --- The GIL, references ----------------------------------------------------------------------------------------------

def test_another_python_thread_runs_while_words_are_counted(big_text):
    progress = 0
    stop = False

    def advance():
        nonlocal progress
        while not stop:
            progress += 1
            time.sleep(0.0001)  # lets go of the GIL

    interval = sys.getswitchinterval()
    thread = threading.Thread(target=advance)
    thread.start()
    try:
        # Nobody takes the GIL from this thread now: progress needs the call to let go of it.
        sys.setswitchinterval(1000)
        before = progress
        word_count.count_parallel(big_text, 1)
        after = progress
    finally:
        sys.setswitchinterval(interval)
        stop = True
        thread.join()
    assert after > before


def test_text_has_as_many_references_after_a_call_as_before(big_text):
    counter = word_count.WordCounter()
    text = "".join(["some ", "words"])
    before = sys.getrefcount(text), sys.getrefcount(big_text)
    word_count.count_parallel(big_text, 2)
    word_count.count_parallel(text)
    counter.feed(text)
    for wrong in ({"threads": -1}, {"top": -1}, {"threads": "1"}, {"nothing": 1}):
        with pytest.raises((TypeError, ValueError)):
            word_count.count_parallel(text, **wrong)
    assert (sys.getrefcount(text), sys.getrefcount(big_text)) == before


def test_result_belongs_to_the_caller_alone():
    result = word_count.count_parallel("someword someword otherword")
    plain = [("someword" + str(time.time()), 1)]
    assert sys.getrefcount(result) == sys.getrefcount(plain)
    assert sys.getrefcount(result[0]) == sys.getrefcount(plain[0])
    assert sys.getrefcount(result[0][0]) == sys.getrefcount(plain[0][0])


def test_nothing_is_left_behind_by_many_calls_and_errors():
    def work():
        counter = word_count.WordCounter()
        counter.feed("some words, and some more")
        counter.most_common()
        word_count.count_parallel("some words", 2)
        for args, kind, _ in COUNT_ERRORS:
            with pytest.raises(kind):
                word_count.count_parallel(*args)

    def blocks_after(repeats):
        for _ in range(repeats):
            work()
        return sys.getallocatedblocks()

    blocks_after(20)
    assert blocks_after(200) - blocks_after(0) < 100


# --- WordCounter ------------------------------------------------------------------------------------------------------

def test_counter_accumulates_over_texts():
    counter = word_count.WordCounter()
    assert (counter.total, len(counter), counter.most_common()) == (0, 0, [])
    counter.feed("to be or not")
    counter.feed(text="TO BE!")
    counter.feed("")
    assert (counter.total, len(counter)) == (6, 4)
    assert counter.most_common(2) == [("be", 2), ("to", 2)]
    assert counter.most_common(n=99) == in_python("to be or not TO BE!")
    assert counter.most_common(0) == []


def test_counter_agrees_with_count_parallel_on_the_lines_of_a_big_text(big_text):
    counter = word_count.WordCounter()
    words = big_text.split()
    for start in range(0, len(words), 1000):
        counter.feed(" ".join(words[start:start + 1000]))
    assert counter.total == len(words)
    assert counter.most_common(EVERYTHING) == word_count.count_parallel(big_text, 2, EVERYTHING)


def test_counters_share_nothing():
    one, other = word_count.WordCounter(), word_count.WordCounter()
    one.feed("a b")
    assert (one.total, other.total, len(one), len(other)) == (2, 0, 2, 0)


def test_names_and_docs_are_there_for_help():
    assert word_count.__doc__ == "Counts words on several threads, with the GIL released."
    assert word_count.count_parallel.__text_signature__ == "($module, /, text, threads=0, top=10)"
    assert word_count.count_parallel.__doc__.startswith("The `top` most common words of `text`")
    assert word_count.WordCounter.__module__ == "word_count"
    assert word_count.WordCounter.__doc__.startswith("Counts the words of several texts.")
    assert word_count.WordCounter.most_common.__text_signature__ == "($self, /, n=10)"


# --- The script -------------------------------------------------------------------------------------------------------

def run_script(*args):
    return subprocess.run([sys.executable, SCRIPT, *map(str, args)], capture_output=True, text=True, timeout=300)


def test_script_prints_a_table_and_that_both_agree(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text("to be, or not to be: that is the question. " * 50, encoding="utf-8")
    result = run_script(path, "--threads", 2, "--top", 3)
    assert (result.returncode, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == str(path)
    assert lines[1] == "2,150 characters, 500 words, 8 different ones"
    assert [line.split() for line in lines[3:7]] == [
        ["word", "count", "share"], ["1", "be", "100", "20.00%"], ["2", "to", "100", "20.00%"],
        ["3", "is", "50", "10.00%"]]
    assert lines[-1] == "Both agree on every word."


@pytest.mark.parametrize("content", ["", "... ---"])
def test_script_copes_with_a_text_without_words(tmp_path, content):
    path = tmp_path / "empty.txt"
    path.write_text(content)
    result = run_script(path)
    assert (result.returncode, result.stderr) == (0, "")


def test_script_says_what_is_wrong_and_exits_with_2(tmp_path):
    missing = tmp_path / "missing.txt"
    binary = tmp_path / "binary"
    binary.write_bytes(b"abc \xff\xfe")
    good = tmp_path / "good.txt"
    good.write_text("words")
    for args, message in [
        ((missing,), f"top_words.py: {missing}: No such file or directory\n"),
        ((tmp_path,), f"top_words.py: {tmp_path}: Is a directory\n"),
        ((binary,), f"top_words.py: {binary} is no UTF-8 text: invalid start byte at byte 4\n"),
        ((good, "--threads", -1),
         "top_words.py: count_parallel() argument 'threads' must not be negative, but is -1\n"),
        ((good, "--top", -1), "top_words.py: count_parallel() argument 'top' must not be negative, but is -1\n"),
        ((good, "--top", 2**70), f"top_words.py: {2**70} does not fit into a signed 64-bit integer\n"),
    ]:
        result = run_script(*args)
        assert (result.returncode, result.stdout, result.stderr) == (2, "", message)
