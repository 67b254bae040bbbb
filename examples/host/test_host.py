# SPDX-License-Identifier: MIT
"""The program is started and talked to. ADDER_HOST is where it is."""
import os
import pathlib
import shutil
import signal
import subprocess
import time

import pytest

PLUGINS = pathlib.Path(__file__).parent / "plugins"
HOST = os.environ["ADDER_HOST"]


def talk(folder, *commands, status=0):
    result = subprocess.run([HOST, folder], input="".join(command + "\n" for command in commands),
                            capture_output=True, text=True, timeout=120)
    assert result.returncode == status, result.stdout + result.stderr
    return result.stdout.splitlines(), result.stderr


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(PLUGINS, tmp_path / "plugins")


def write(folder, name, text):
    (folder / name).write_text(text)


def test_plugins_are_called_on_worker_threads(folder):
    write(folder, "threads.py", "import threading\ndef on_event(e): return threading.get_ident() != main\n"
                                "main = threading.main_thread().ident\n")
    lines, errors = talk(folder, "run 1000")
    assert lines[:5] == ["log: counter is here", "loaded counter", "loaded shy", "shy printed: being imported",
                         "loaded threads"]
    assert "counter: 499500" in lines
    assert "threads: 1000" in lines
    assert "zealous failed: ValueError: I do not like <Event 7>" in lines
    assert errors == ""


def test_sys_exit_switches_a_plugin_off_and_reload_on_again(folder):
    lines, _ = talk(folder, "run 40", "run 40", "reload shy", "run 10")
    assert lines.count("shy ended with status 3") == 1
    assert "plugins printed: no more after <Event 30>" in lines
    totals = [int(line[5:]) for line in lines if line.startswith("shy: ")]
    assert totals[1] == totals[0] and totals[2] == totals[0] + 10


def test_reload_takes_what_has_changed(folder):
    process = subprocess.Popen([HOST, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    def ask(command, until):
        process.stdin.write(command + "\n")
        process.stdin.flush()
        for line in process.stdout:
            if line.startswith(until):
                return line.strip()
    assert ask("run 3", "counter: ") == "counter: 3"
    write(folder, "counter.py", "def on_event(event): return 1000  # longer than before\n")
    assert ask("reload counter", "reloaded") == "reloaded counter"
    assert ask("run 3", "counter: ") == "counter: 3003"
    write(folder, "counter.py", "def on_event(event) return 0, a syntax error\n")
    assert ask("reload counter", "counter failed: SyntaxError")
    assert ask("run 1", "counter: ") == "counter: 4003"
    process.stdin.close()
    assert process.wait(60) == 0


@pytest.mark.parametrize("command, status", [("quit", 0), ("quit 4", 4), ("eval import sys; sys.exit(5)", 5),
                                             ("eval raise SystemExit('bye')", 1)])
def test_exit_status(folder, command, status):
    lines, errors = talk(folder, command, status=status)
    assert errors == ("bye\n" if "bye" in command else "")


def test_a_prompt(folder):
    lines, _ = talk(folder, "eval x = 20", "eval x + 1", "eval import counter; counter.on_event", "eval 1 / 0",
                    "eval print('\u00e9')", "eval 1 +")
    assert "prompt printed: 21" in lines
    assert "prompt printed: \u00e9" in lines
    assert "ZeroDivisionError: division by zero" in lines
    assert any(line.startswith("SyntaxError: ") for line in lines)


@pytest.mark.parametrize("plugin", [
    "def on_event(event):\n    while True: pass\n",
    "import time\ndef on_event(event):\n    time.sleep(0.3)\n    while True: pass\n",
])
def test_ctrl_c_ends_what_is_running(tmp_path, plugin):
    write(tmp_path, "endless.py", "import host\n" + plugin.replace("    while", "    host.log('running')\n    while"))
    process = subprocess.Popen([HOST, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True)
    process.stdin.write("run 8\n")
    process.stdin.flush()
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.splitlines()[-1] == "KeyboardInterrupt"


@pytest.mark.parametrize("text, message", [
    ("def on_event(event: return 1", "cannot load bad: SyntaxError"),
    ("import no_such_module", "cannot load bad: ModuleNotFoundError: No module named 'no_such_module'"),
    ("1 / 0", "cannot load bad: ZeroDivisionError"),
    ("raise SystemExit(3)", "cannot load bad: SystemExit: 3"),
    ("x = 1", "bad failed: AttributeError: module 'bad' has no attribute 'on_event'"),
    ("on_event = 5", "bad failed: TypeError: 'int' object is not callable"),
    ("def on_event(event): return 'text'", "bad failed: TypeError"),
    ("def on_event(event): return 2 ** 100", "bad failed: OverflowError"),
    ("def on_event(event): event.number = 5", "bad failed: AttributeError"),
    ("import host\ndef on_event(event): host.log(5)", "bad failed: TypeError: log() argument 'text' must be str, not int"),
    ("import host\nhost.Event()", "cannot load bad: TypeError"),
    ("import sys\nsys.stdout.close()\ndef on_event(event): return 1", ""),
    ("import sys\nsys.stdout = None\ndef on_event(event): return 1", "bad: 2"),
    ("import os, threading\nthreading.Thread(target=lambda: None).start()\ndef on_event(event): return 1", "bad: 2"),
])
def test_bad_plugins_do_no_harm(tmp_path, text, message):
    write(tmp_path, "bad.py", text)
    write(tmp_path, "good.py", "def on_event(event): return 1")
    result = subprocess.run([HOST, tmp_path], input="run 2\n", capture_output=True, text=True, timeout=60)
    lines = result.stdout.splitlines()
    if "close()" not in text:  # That is the only one to close the program's own output.
        assert result.returncode == 0, result.stderr
        assert any(line.startswith(message) for line in lines), lines
        assert "good: 2" in lines


@pytest.mark.parametrize("command", ["run", "run x", "run -1", "run 99999999999999999999", "reload", "nonsense", "\0"])
def test_bad_commands_are_answered(folder, command):
    lines, _ = talk(folder, command, "", "quit 6", status=6)
    assert lines[-1].startswith("commands: ")


def test_a_plugin_that_is_not_there(folder):
    lines, _ = talk(folder, "reload nobody")
    assert lines[-1] == "there is no plugin 'nobody'"


def test_a_folder_that_is_not_there(tmp_path):
    lines, errors = talk(tmp_path / "missing", status=1)
    assert "host: " in errors and "No such file or directory" in errors
