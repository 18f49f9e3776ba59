"""Reads mails from standard input, a line of base64 each, and writes what Python's email package extracts from each.

A line of JSON for each: contents in base64, and names. Both policies of the package are asked.
"""
import base64
import email
import email.policy
import json
import sys


def attempt(function):
    try:
        return function()
    except Exception:
        return None


def extract(octets, policy, depth):
    found = []
    for part in email.message_from_bytes(octets, policy=policy).walk():
        content = attempt(lambda: part.get_payload(decode=True))
        if content is None:
            content = attempt(lambda: str(part.get_payload()).encode("latin-1", "replace"))
        if content is not None:
            found.append(content)
            if depth < 4 and (attempt(part.get_filename) or "").endswith(".eml"):
                found += extract(content, policy, depth + 1)
        for more in (attempt(lambda: part.get_content()), attempt(part.get_filename), part.preamble, part.epilogue):
            if isinstance(more, str):
                found.append(more.encode("utf-8", "surrogateescape" if more.isascii() else "replace"))
            elif isinstance(more, bytes):
                found.append(more)
    return found


for line in sys.stdin:
    octets = base64.b64decode(line)
    policies = (email.policy.default, email.policy.compat32)
    contents = [content for policy in policies for content in extract(octets, policy, 0)]
    print(json.dumps([base64.b64encode(content).decode() for content in contents]))
