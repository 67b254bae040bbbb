# SPDX-License-Identifier: MIT
"""What doxygen's XML says of the public names: one Entity per class, function, concept, alias, variable and macro.

Public is what is in no detail namespace, not private, and declared in a header that is in no detail/ folder.
"""

import dataclasses
import pathlib
import re
import xml.etree.ElementTree as ElementTree


@dataclasses.dataclass
class Entity:
    kind: str  # class, struct, concept, enum, function, typedef, variable, define, friend
    name: str  # with its scope, without "adder::"
    header: str  # "adder/handle/bound.hpp"
    line: int
    id: str
    brief: object  # elements of the XML, or None
    detail: object
    xml: object
    scope: str = ""  # the class it is a member of
    members: list = dataclasses.field(default_factory=list)

    @property
    def short(self):
        if self.scope:
            return text(self.xml, "name")
        return re.sub(r"^.*::(?![^<]*>)", "", self.name)

    @property
    def documented(self):
        return any(part is not None and "".join(part.itertext()).strip() for part in (self.brief, self.detail))


def text(element, tag):
    found = element.find(tag)
    return "" if found is None else re.sub(r"\s+", " ", "".join(found.itertext())).strip()


def is_detail(name):
    return bool(re.search(r"(^|::)detail($|::)", re.sub(r"<.*>", "", name)))


def entity(xml, name, scope=""):
    location = xml.find("location")
    header = re.sub(r"^.*?include/", "", location.get("declfile") or location.get("file"))
    return Entity(
        xml.get("kind"),
        name,
        header,
        int(location.get("line")),
        xml.get("id"),
        xml.find("briefdescription"),
        xml.find("detaileddescription"),
        xml,
        scope,
    )


def tidy(name):
    name = re.sub(r"^adder::", "", name)
    return re.sub(r"< ", "<", re.sub(r" >", ">", name))


def read(folder):
    """The entities of all headers, and {header: the XML of its file comment}."""
    folder = pathlib.Path(folder)
    found, files, seen = [], {}, set()
    for path in sorted(folder.glob("*.xml")):
        root = ElementTree.parse(path).getroot()
        for compound in root.findall("compounddef"):
            kind, name = compound.get("kind"), text(compound, "compoundname")
            if kind == "file":
                location = compound.find("location").get("file")
                if "/include/" in "/" + location:
                    files[re.sub(r"^.*?include/", "", location)] = compound
            elif is_detail(name) or kind in ("dir", "page"):
                continue
            owner = None
            if kind in ("class", "struct", "concept", "union"):
                if compound.get("prot") == "private":
                    continue
                owner = entity(compound, tidy(name))
                found.append(owner)
            for member in compound.iter("memberdef"):
                if member.get("id") in seen or member.get("prot") != "public" or member.get("kind") == "friend":
                    continue
                if kind == "file" and member.get("kind") != "define":
                    continue
                seen.add(member.get("id"))
                if owner:
                    owner.members.append(entity(member, f"{owner.name}::{text(member, 'name')}", owner.name))
                elif kind in ("namespace", "file"):
                    found.append(
                        entity(
                            member,
                            tidy(f"{name}::{text(member, 'name')}") if kind == "namespace" else text(member, "name"),
                        )
                    )
    public = [one for one in found if "/detail/" not in one.header]
    for one in public:
        one.members.sort(key=lambda member: member.line)
    return sorted(public, key=lambda one: (one.header, one.line)), files
