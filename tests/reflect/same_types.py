# SPDX-License-Identifier: MIT
"""Stub files of classes bound by hand and by reflection are the same."""
import json

import by_hand_ext
import reflected_ext


def records(module):
    text = module.__adder_types__.replace(module.__name__, "M")
    return sorted(json.dumps(record, sort_keys=True) for record in json.loads(text)["records"])


hand, reflected = records(by_hand_ext), records(reflected_ext)
assert len(hand) > 50
assert hand == reflected, [pair for pair in zip(hand, reflected) if pair[0] != pair[1]][:3]
