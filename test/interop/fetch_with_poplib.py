"""Fetches all messages with Python's poplib, as a program in Python would: message N goes to the file N.

Arguments: mode (plain, stls, implicit), port, user, password, file with the trusted authority, count, folder.
"""
import os
import poplib
import ssl
import sys

mode, port, user, password, authority, count, folder = sys.argv[1:]

# Lines of 100,000 octets are part of the test; poplib's own limit is 2048.
poplib._MAXLINE = 1_000_000

context = ssl.create_default_context(cafile=authority)
if mode == "implicit":
    client = poplib.POP3_SSL("localhost", int(port), context=context, timeout=60)
else:
    client = poplib.POP3("localhost", int(port), timeout=60)
if mode == "stls":
    client.stls(context=context)
client.user(user)
client.pass_(password)
if client.stat()[0] != int(count):
    raise SystemExit(f"STAT says {client.stat()}, not {count} messages")
for number in range(1, int(count) + 1):
    lines = client.retr(number)[1]
    with open(os.path.join(folder, str(number)), "wb") as file:
        file.write(b"".join(line + b"\r\n" for line in lines))
client.quit()
