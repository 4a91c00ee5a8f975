#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The machine code in the object files of some folders of a kernel build.

usage: text.py BUILD FOLDER...

A line for each section that holds code: file, section, size, digest. Two builds
with the same lines have the same code. What is not code may differ: line numbers
of warnings and of debug information move when a header gets longer.
"""

import hashlib
import os
import struct
import sys

SHF_EXECINSTR = 4


def code_sections(path):
    """(name, bytes) of each section with code in a 64-bit little-endian object."""
    with open(path, "rb") as f:
        elf = f.read()
    if elf[:6] != b"\x7fELF\x02\x01":
        return []
    shoff, = struct.unpack_from("<Q", elf, 0x28)
    shentsize, shnum, shstrndx = struct.unpack_from("<HHH", elf, 0x3A)
    headers = [struct.unpack_from("<IIQQQQ", elf, shoff + i * shentsize) for i in range(shnum)]
    names = headers[shstrndx][4]
    found = []
    for name, _, flags, _, offset, size in headers:
        if flags & SHF_EXECINSTR and size:
            end = elf.index(b"\0", names + name)
            found.append((elf[names + name:end].decode(), elf[offset:offset + size]))
    return found


def main():
    build, folders = sys.argv[1], sys.argv[2:]
    for folder in folders:
        for where, _, files in sorted(os.walk(os.path.join(build, folder))):
            for name in sorted(files):
                path = os.path.join(where, name)
                # A composite module's object says again what its parts say.
                if not name.endswith(".o") or name.endswith(".mod.o"):
                    continue
                for section, code in code_sections(path):
                    print(os.path.relpath(path, build), section, len(code),
                          hashlib.sha256(code).hexdigest()[:16])


if __name__ == "__main__":
    main()
