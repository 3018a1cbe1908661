"""The records that every client writes and must read again: keys and values that are null, empty and large, and headers."""


def records():
    for i in range(60):
        key = None if i % 5 == 0 else b"" if i % 5 == 1 else b"key-%d" % i
        value = None if i % 7 == 3 else b"" if i % 7 == 4 else b"value-%d-" % i * 10
        # Python clients refuse a record without either.
        if key is None and value is None:
            value = b"either"
        headers = [] if i % 3 else [("a", b"1"), ("a", b"2"), ("empty", b"")]
        yield key, value, headers
    yield b"large", b"x" * 1_000_000, []
