# SPDX-License-Identifier: MIT
"""Usage: check_contracts.py <folder with names.py> <doxygen's XML>

Each public name has a comment on its declaration. Without one may be:
- special members, deleted overloads, friends, and overloads next to one that has a comment;
- specialisations of a trait: its primary template says what they are for;
- what the standard library, or a trait of adder's, prescribes: the names of an iterator or a container, type traits.
"""

import re
import sys

sys.path.insert(0, sys.argv[1])
import names  # noqa: E402

PRESCRIBED = set("""
value_type difference_type size_type reference pointer iterator_category iterator_concept iterator const_iterator
element_type begin end size empty front back swap iter_move data promise_type type Methods Base Building Where Any List
Dict Tuple Type expected extract into_py info meets_no_user_type get_ptr python_name is_type_of is_exact_type_of
input_type output_type type_object FieldsOnly define exception find_type
""".split())
PRESCRIBED_OF = {
    "IntrusiveHolder": "rebind is_shared is_found_in_value make get share",  # as HolderTraits has them
    "FieldList": "complete",
    "PartialFieldList": "complete",
    "DataClass": "data_parts",
}
# Macros that the headers write themselves with; users have no business with them.
MACROS = re.compile(
    r"ADDER_(DETAIL_\w+|QUOTE_?|ABI|VISIBLE|HIDDEN|COLD|COLD_CALL|NOINLINE|INLINE\w*|FUNC|SMALL_CODE|STOP|"
    r"LIFETIMEBOUND|COMPILED|LOCK_ORDER|STUBS|NOTE)|PY_\w+"
)


def excused(one, owner, before):
    arguments = names.text(one.xml, "argsstring")
    plain = re.sub(r"<.*", "", one.short)
    scope = re.sub(r"<.*", "", owner.short) if owner else ""
    return (
        "=delete" in arguments.replace(" ", "")
        or "=default" in arguments.replace(" ", "")
        or plain.startswith("~")
        or (plain == scope and re.match(r"\((const )?" + re.escape(scope), arguments))  # copies and moves
        or plain == "operator="
        or (plain.startswith("operator") and not re.match(r"operator\b *\w", plain))
        or plain in PRESCRIBED
        or plain in PRESCRIBED_OF.get(scope, "").split()
        or (one.kind == "variable" and plain.endswith("_"))  # in a nameless union
        or (before is not None and before.short == one.short)
        # Doxygen takes some definitions outside of a class for functions of their own.
        or (
            owner is not None
            and one.header != owner.header
            and any(other.documented and other.short == one.short for other in owner.members)
        )
        or one.short.startswith("@")  # nameless
    )


entities, _ = names.read(sys.argv[2])
missing, asked = [], 0
for one in entities:
    is_specialisation = "<" in one.name and one.kind in ("class", "struct")
    nested = re.sub(r"<[^:]*>", "", one.name).rsplit("::", 1)
    asked += 1
    guide = one.kind == "function" and "->" in names.text(one.xml, "argsstring") and not names.text(one.xml, "type")
    if (
        not one.documented
        and not guide
        and not is_specialisation
        and nested[-1] not in {*PRESCRIBED, "Access", "Registry"}
        and not (one.kind == "define" and MACROS.fullmatch(one.name))
    ):
        missing.append(one)
    if is_specialisation or nested[-1] in PRESCRIBED or nested[-1] in ("Access", "Registry"):
        continue
    before = None
    for member in one.members:
        asked += 1
        if member.documented:
            before = member
        elif excused(member, one, before):
            before = member if before is not None and before.short == member.short else None
        else:
            missing.append(member)
            before = None
for one in missing:
    print(f"{one.header}:{one.line}: {one.name}{names.text(one.xml, 'argsstring')} has no comment")
print(f"{asked} names, {len(missing)} without a comment")
sys.exit(bool(missing) or asked < 500)
