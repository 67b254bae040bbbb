# SPDX-License-Identifier: MIT
"""Types for type checkers: writes the .pyi files of an extension module that was compiled with ADDER_STUBS.

| module      | what it does                                                                                     |
|-------------|--------------------------------------------------------------------------------------------------|
| `link`      | makes a module of the object files alone, without the libraries that they call                   |
| `notes`     | loads a module, and reads what its declarations noted of their types                             |
| `spelling`  | writes types down as one file may spell them, and collects the imports that this takes           |
| `runtime`   | what things of a running module say of themselves                                                |
| `describe`  | goes through one module, and says of each thing in it what a stub says                           |
| `generator` | finds the modules and classes that belong together, and has each module described                |
| `overloads` | puts overloads into the order that type checkers want                                               |
| `write`     | lays the text out, as formatters would                                                           |

From a shell: python -m adder.stubs --help.
"""
