"""Reads a mail from standard input with Python's email package and writes what a mail program would see as JSON.

Whatever the package calls a defect, of the mail, of a part or of a header, is in `defects`.
"""
import base64
import email
import email.policy
import json
import sys

message = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
defects = []
parts = []
for part in message.walk():
    content = part.get_payload(decode=True)
    for name, value in part.items():
        defects += [f"{name}: {defect!r}" for defect in getattr(value, "defects", ())]
    defects += [f"{part.get_content_type()}: {defect!r}" for defect in part.defects]
    parts.append(
        {
            "type": part.get_content_type(),
            "name": part.get_filename(),
            "content": None if content is None else base64.b64encode(content).decode(),
        }
    )
headers = [[name, str(value)] for name, value in message.items()]
json.dump({"defects": defects, "headers": headers, "parts": parts}, sys.stdout)
