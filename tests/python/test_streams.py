# SPDX-License-Identifier: MIT
"""std::cout and std::cerr shown by Python, sys.stdout and sys.stderr shown by C++."""
import contextlib
import io
import os
import subprocess
import sys
import threading

import pytest
import streams_ext as ext


def test_capsys_sees_what_cpp_prints(capsys):
    ext.with_stdout(lambda: ext.print("hello\n"))
    ext.with_stderr(lambda: ext.print_error("oops\n"))
    assert capsys.readouterr() == ("hello\n", "oops\n")


def test_print_and_cout_come_in_order(capsys):
    def both():
        ext.print_and_flush("1 ")
        print("2", end=" ")
        ext.print("3 ")
        ext.print_and_flush("4 ")
        print("5", end=" ")

    ext.with_stdout(both)
    assert capsys.readouterr().out == "1 2 3 4 5 "


def test_the_sys_stdout_of_the_time_is_written_to(capsys):
    file = io.StringIO()

    def changes():
        ext.print_and_flush("first ")
        with contextlib.redirect_stdout(file):
            ext.print_and_flush("second")
        ext.print("third")

    ext.with_stdout(changes)
    assert capsys.readouterr().out == "first third"
    assert file.getvalue() == "second"


def test_text_is_handed_over_at_a_flush_in_large_pieces_and_at_the_end():
    file = Recorder()

    def prints():
        ext.print("a")
        assert file.calls == []
        ext.print_and_flush("b")
        assert file.calls == ["ab", "flush"]
        ext.print("c" * 5000)
        assert file.calls == ["ab", "flush", "c" * 5000]
        ext.print("d")

    ext.with_file_quietly(file, prints)
    assert file.calls == ["ab", "flush", "c" * 5000, "d", "flush"]


class Recorder:
    def __init__(self):
        self.calls = []

    def write(self, text):
        self.calls.append(text)

    def flush(self):
        self.calls.append("flush")


class WriteOnly:
    def __init__(self):
        self.text = ""

    def write(self, text):
        self.text += text


def test_flush_may_be_missing():
    file = WriteOnly()
    ext.with_file(file, lambda: ext.print_and_flush("text"))
    assert file.text == "text"


def test_a_file_without_write_is_refused():
    with pytest.raises(TypeError, match=r"StreamToPython: 'int' object has no method write\(\)"):
        ext.with_file(5, lambda: None)


@pytest.mark.parametrize("text", [b"caf\xc3\xa9", b"\xf0\x9f\x90\x8d"])
def test_a_character_may_come_in_pieces(text):
    file = Recorder()
    ext.with_file(file, lambda: [ext.print_byte(byte) for byte in text])
    assert "".join(call for call in file.calls if call != "flush") == text.decode()


def test_what_is_no_utf_8_is_shown():
    file = io.StringIO()
    ext.with_file(file, lambda: [ext.print_byte(byte) for byte in b"a\xffb\xc3"])
    assert file.getvalue() == "a\\xffb\\xc3"


def test_none_prints_nothing_and_a_lost_stdout_is_an_error(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    ext.with_stdout(lambda: ext.print_and_flush("nothing"))
    monkeypatch.delattr(sys, "stdout")
    with pytest.raises(RuntimeError, match="lost sys.stdout"):
        ext.with_stdout(lambda: ext.print("text"))


class Fails:
    def __init__(self, error):
        self.error = error
        self.writes = 0

    def write(self, text):
        self.writes += 1
        raise self.error


@pytest.mark.parametrize("error", [OSError("full"), KeyboardInterrupt(), SystemExit(3)])
def test_flush_gives_the_error_of_write(error):
    file = Fails(error)
    with pytest.raises(type(error)) as caught:
        ext.with_file(file, lambda: [ext.print_and_flush("x") for _ in range(3)])
    assert caught.value is error
    assert file.writes == 1, "what follows an error is not tried again until somebody knows of it"
    seen = io.StringIO()
    ext.with_file(seen, lambda: ext.print("works"))
    assert seen.getvalue() == "works"


def test_the_first_error_is_the_one_that_is_told():
    class FailsTwice(Fails):
        def flush(self):
            raise ValueError("second")

    with pytest.raises(OSError, match="first"):
        ext.with_file(FailsTwice(OSError("first")), lambda: [ext.print("x" * 5000), ext.print_and_flush("y")])


def test_an_error_that_nobody_asks_for_is_unraisable(monkeypatch):
    seen = []
    monkeypatch.setattr(sys, "unraisablehook", lambda args: seen.append(repr(args.exc_value)))
    ext.with_file_quietly(Fails(OSError("full")), lambda: ext.print("x"))
    assert seen == ["OSError('full')"]


def test_text_that_cannot_be_written_is_not_lost():
    code = """
import streams_ext as ext
class Fails:
    def write(self, text): raise OSError("full")
try:
    ext.with_file(Fails(), lambda: [ext.print_and_flush("first "), ext.print("second ")])
except OSError:
    pass
ext.print_and_flush("third")
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (result.stdout, result.stderr) == ("first second third", "")


class HasNoRoom:
    def write(self, text):
        raise ValueError("no room")


def test_what_a_buffer_behind_throws_at_the_end_is_unraisable(monkeypatch):
    seen = []
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: seen.append(str(unraisable.exc_value)))
    ext.with_a_buffer_that_throws(HasNoRoom())
    assert seen == ["full", "no room"]


def test_a_buffer_behind_that_throws_does_not_stop_what_comes_after():
    good = io.StringIO()
    ext.after_a_buffer_that_throws(HasNoRoom(), good)
    assert good.getvalue() == "two"


def test_what_write_prints_itself_goes_where_it_went_before():
    code = """
import streams_ext as ext
class Echo:
    def write(self, text):
        ext.print_and_flush(f"[{text}]")
        ext.flush_kept()
    def flush(self):
        ext.print_and_flush("|")
        ext.flush_kept()
ext.begin_kept(Echo())
ext.print_and_flush("a")
ext.print_and_flush("b")
ext.end_kept()
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert result.stdout == "[a]|[b]|"


def test_write_may_end_the_redirection_itself():
    code = """
import streams_ext as ext
class Ends:
    def write(self, text):
        ext.end_kept()
ext.begin_kept(Ends())
ext.print("a")
ext.print_and_flush("b ")
ext.print_and_flush("after")
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert (result.stdout, result.stderr) == ("after", "")


def test_what_is_redirected_when_python_ends_is_printed_all_the_same():
    code = """
import sys, streams_ext as ext
ext.begin_kept(sys.stdout)
ext.print("at the end")
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert (result.stdout, result.stderr) == ("at the end", "")


def test_redirections_nest_and_end_in_any_order():
    outer, inner = io.StringIO(), io.StringIO()
    ext.with_file(outer, lambda: [ext.print("a"), ext.with_file(inner, lambda: ext.print("b")), ext.print("c")])
    assert (outer.getvalue(), inner.getvalue()) == ("ac", "b")
    first, second = io.StringIO(), io.StringIO()
    assert ext.in_any_order(first, second) == "done"
    assert (first.getvalue(), second.getvalue()) == ("1 ", "2 3 ")


def test_threads_do_not_mix_what_they_print(capsys):
    ext.from_threads(6, 300)
    lines = capsys.readouterr().out.splitlines()
    assert sorted(lines) == sorted(f"thread {i} line {line}" for i in range(6) for line in range(300))
    for i in range(6):
        mine = [line for line in lines if line.startswith(f"thread {i} ")]
        assert mine == [f"thread {i} line {line}" for line in range(300)]


def test_python_threads_print_at_once():
    file = io.StringIO()

    def prints():
        threads = [threading.Thread(target=lambda: [ext.print_and_flush("x\n") for _ in range(200)]) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    ext.with_file(file, prints)
    assert file.getvalue() == "x\n" * 800


def test_redirections_come_and_go_while_others_print():
    file = io.StringIO()
    ext.come_and_go(file, 200)
    lines = file.getvalue().splitlines()
    assert (lines.count("line"), lines.count("inner"), len(lines)) == (2000, 200, 2200)


def test_exceptions_come_through(capsys):
    with pytest.raises(RuntimeError, match="of C"):
        ext.prints_and_throws()
    with pytest.raises(KeyError, match="pending"):
        ext.prints_with_an_error_pending()
    assert capsys.readouterr().out == "beforetext"


def test_what_python_prints_goes_to_a_stream():
    before = sys.stdout, sys.stderr
    assert ext.to_stream(lambda: print("hello", "\u00e9", "\U0001f40d")) == "hello \u00e9 \U0001f40d\n"
    assert ext.to_stream(lambda: print("oops", file=sys.stderr), errors=True) == "oops\n"
    assert ext.to_stream(lambda: print("\udc80")) == "\\udc80\n"
    assert ext.to_stream(lambda: print("a\0b", flush=True)) == "a\0b\n"
    assert (sys.stdout, sys.stderr) == before


def test_it_is_a_text_file_as_others_are():
    def uses():
        out = sys.stdout
        assert isinstance(out, io.TextIOBase) and out.writable() and not out.readable() and not out.isatty()
        assert (out.encoding, out.errors) == ("utf-8", "backslashreplace")
        assert out.write("\u00e9a") == 2
        out.writelines(["b", "c"])
        with pytest.raises(TypeError, match=r"write\(\) argument must be str, not bytes"):
            out.write(b"d")
        with pytest.raises(io.UnsupportedOperation):
            out.fileno()
        out.close()
        out.write("e")

    assert ext.to_stream(uses) == "\u00e9abce"


def test_who_keeps_it_gets_a_closed_file():
    kept = []
    ext.to_stream(lambda: kept.append(sys.stdout))
    for use in (lambda: kept[0].write("x"), kept[0].flush):
        with pytest.raises(ValueError, match="I/O operation on closed file"):
            use()


def test_what_somebody_else_put_into_sys_stays_there(monkeypatch):
    monkeypatch.setattr(sys, "stdout", sys.stdout)
    other = io.StringIO()
    ext.to_stream(lambda: setattr(sys, "stdout", other))
    assert sys.stdout is other
    ext.to_stream(lambda: delattr(sys, "stdout"))
    assert not hasattr(sys, "stdout")
    assert ext.to_stream(lambda: print("x")) == "x\n"
    assert not hasattr(sys, "stdout")


def test_a_stream_that_fails_is_an_oserror():
    with pytest.raises(OSError, match="stream in the place of a file of Python's has failed"):
        ext.with_broken_stream(lambda: print("x"))
    with pytest.raises(Exception, match=r"iostream|basic_ios|ios_base"):
        ext.with_throwing_stream(lambda: print("x"))


def test_a_redirection_to_a_stream_may_end_by_what_is_written():
    before = sys.stdout

    def writes():
        stream = sys.stdout
        stream.write("text")
        assert sys.stdout is before
        with pytest.raises(ValueError, match="closed file"):
            stream.write("more")

    assert ext.with_ending_stream(writes) == "text"


@pytest.mark.parametrize("order", ["123", "132", "213", "231", "312", "321"])
def test_what_was_there_first_is_back_whoever_ends_last(order):
    before, seen = sys.stdout, []
    try:
        ext.captures_end(order, lambda: (print("x", flush=True), seen.append(sys.stdout)))
        assert sys.stdout is before is seen[2] and before not in seen[:2]
    finally:
        sys.stdout = before
    mine = io.StringIO()
    try:  # What somebody else has put there stays.
        ext.captures_end(order, lambda: setattr(sys, "stdout", mine))
        assert sys.stdout is mine
    finally:
        sys.stdout = before


def test_captured_output_is_taken_in_pieces():
    count = iter(range(10))
    assert ext.captured(lambda: print("call", next(count), "\udc80")) == ("call 0 \ufffd\n", "call 1 \ufffd\n")
    with pytest.raises(ValueError, match="closed file"):
        ext.captured(lambda: sys.stdout.close())
    with pytest.raises(ZeroDivisionError):
        ext.captured(lambda: 1 / 0)
    assert ext.captured(lambda: ext.captured(lambda: print("inner")) and None) == ("", "")


def test_a_circle_ends_at_the_stream():
    assert ext.in_a_circle(lambda: print("from Python")) == "from Python\nfrom C++\n"


def test_python_code_redirects_by_with(capsys):
    with ext.ostream_redirect() as entered:
        ext.print("out\n")
        ext.print_error("err\n")
        print("print")
    assert type(entered) is ext.ostream_redirect
    ext.print_and_flush("")
    assert capsys.readouterr() == ("out\nprint\n", "err\n")  # std::cerr flushes std::cout first.


def test_ostream_redirect_takes_one_stream_alone(capfd):
    file = io.StringIO()
    with contextlib.redirect_stdout(file), contextlib.redirect_stderr(file):
        with ext.ostream_redirect(stderr=False):
            ext.print("a")
            ext.print_error("b")
        with ext.ostream_redirect(stdout=False):
            ext.print_and_flush("c")
            ext.print_error("d")
    assert file.getvalue() == "ad"
    assert capfd.readouterr() == ("c", "b")


def test_an_ostream_redirect_is_entered_again(capsys):
    redirect = ext.ostream_redirect()
    for _ in range(2):
        with redirect, redirect:
            ext.print("twice ")
        ext.print_and_flush("")
    assert capsys.readouterr().out == "twice twice "
    with pytest.raises(RuntimeError, match="ostream_redirect was not entered"):
        redirect.__exit__(None, None, None)


def test_ostream_redirect_lets_exceptions_through_and_raises_those_of_write(capsys):
    with pytest.raises(ZeroDivisionError), ext.ostream_redirect():
        ext.print("before")
        1 / 0
    assert capsys.readouterr().out == "before"

    class Full(io.StringIO):
        def write(self, text):
            raise OSError("full")

    redirect = ext.ostream_redirect()
    references = sys.getrefcount(redirect)
    with contextlib.redirect_stdout(Full()), pytest.raises(OSError, match="full"), redirect:
        ext.print("lost")
    assert sys.getrefcount(redirect) == references
    with redirect:
        ext.print("after")
    assert capsys.readouterr().out == "after"


def test_the_write_of_a_file_may_enter_the_same_ostream_redirect():
    redirect = ext.ostream_redirect()

    class Nested(io.StringIO):
        def write(self, text):
            with redirect:
                pass
            return super().write(text)

    file = Nested()
    with contextlib.redirect_stdout(file), redirect:
        ext.print("text")
    assert file.getvalue() == "text"


def test_an_ostream_redirect_that_dies_entered_ends(capsys):
    redirect = ext.ostream_redirect()
    redirect.__enter__()
    ext.print("text")
    del redirect
    assert capsys.readouterr().out == "text"


def test_threads_enter_one_ostream_redirect(capsys):
    redirect = ext.ostream_redirect()

    def work():
        for _ in range(50):
            with redirect:
                ext.print("x")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ext.print_and_flush("")
    assert capsys.readouterr().out.count("x") == 200


def test_sys_stdout_may_be_replaced_while_cpp_prints_to_it():
    class Writer:
        def __init__(self):
            self.lines = []

        def write(self, text):
            self.lines.append(text)

        def flush(self):
            self.lines.clear()

    def replaces():
        while not done:
            sys.stdout = Writer()

    def prints():
        for _ in range(50000):
            ext.print_and_flush("text\n")

    done, before = [], sys.stdout
    replacing = threading.Thread(target=replaces)

    def both():
        printing = [threading.Thread(target=prints) for _ in range(2)]
        for thread in [replacing, *printing]:
            thread.start()
        for thread in printing:
            thread.join()
        done.append(True)
        replacing.join()

    try:
        ext.with_stdout(both)
    finally:
        sys.stdout = before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # From 3.12 on: fork with threads.
def test_the_child_of_a_fork_writes_in_the_place_of_a_thread_that_is_gone():
    class Slow:
        def __init__(self):
            self.texts, self.is_slow = [], True
            self.entered, self.may_go_on = threading.Event(), threading.Event()

        def write(self, text):
            self.texts.append(text)
            if self.is_slow:
                self.entered.set()
                self.may_go_on.wait(60)

    file = Slow()

    def fork():
        writer = threading.Thread(target=ext.print_and_flush, args=("of a thread",))
        writer.start()
        assert file.entered.wait(60)
        child = os.fork()
        if child == 0:
            file.is_slow = False
            ext.print_and_flush("of the child")
            os._exit(0 if file.texts == ["of a thread", "of the child"] else 1)
        file.may_go_on.set()
        writer.join(60)
        assert os.waitpid(child, 0)[1] == 0

    ext.with_file(file, fork)
    assert file.texts == ["of a thread"]
