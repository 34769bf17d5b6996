"""The door to set-up: ``python3 -m journal.launch.bootstrap run|test|check|clean``.

This file and the two ``__init__`` above it have to be readable by whatever ``python3`` a machine has, from
3.6 on, so that a wrong one gets a sentence instead of a traceback. The steps are imported once the version is
known to be right.
"""

import sys


def wrong_python(major: int, minor: int) -> str:
    """Return the sentence that says why this Python won't do, empty if it will."""
    if (major, minor) == (3, 11):
        return ""
    return (
        f"Moodtide needs Python 3.11 and this is Python {major}.{minor}. "
        "Install 3.11, or say where it is: make run PYTHON=/path/to/python3.11"
    )


def main() -> int:
    """Run the step that the command line names, if this Python can."""
    sentence = wrong_python(*sys.version_info[:2])
    if sentence:
        print(sentence, file=sys.stderr)
        return 2
    from journal.launch import steps

    return steps.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
