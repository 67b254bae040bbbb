# SPDX-License-Identifier: MIT
# Type checkers look at this; each line that says so is wrong, and no other one is.
import dask_words
import word_count

counter = word_count.WordCounter()
counter.feed("a b a")
total: int = counter.total + len(counter)
word_count.count_parallel("a", threads=2, top=3)
words = dask_words.WordCounts("a b") + dask_words.WordCounts()
pairs: list[tuple[str, int]] = words.most_common(n=2)
number: int = words["a"]

counter.feed(b"bytes")  # wrong
counter.feed()  # wrong
counter.total = 3  # wrong
counter.fed("a")  # wrong
word_count.count_parallel("a", top="3")  # wrong
word_count.count_parallel("a", 2, 3, 4)  # wrong
text: str = counter.total  # wrong
words + 3  # wrong


class Mine(word_count.WordCounter):  # wrong
    pass
