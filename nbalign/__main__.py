"""Entry point of the `nbalign` command: errors become messages and exit codes here, and nowhere else."""

from __future__ import annotations

import io
import os
import sys
import traceback

from nbalign.errors import NbalignError


def main(args: list[str] | None = None) -> int:
    """Runs the command line.

    Args:
        args: Arguments without the program's name; None takes them from the process.

    Returns:
        The exit code: 0 done, 1 error, 2 usage, 3 bad input, 4 model, 5 store, 6 sandbox, 70 bug, 130 stopped by the
        user.
    """
    import click

    from nbalign import offline
    from nbalign.cli.main import nbalign

    offline.install()
    stdout = sys.stdout
    if isinstance(stdout, io.TextIOWrapper) and stdout.errors == "strict":
        # In a locale without the characters of a table or a notebook's name, a question mark is better than no answer.
        stdout.reconfigure(errors="replace")
    try:
        result = nbalign.main(args=args, prog_name="nbalign", standalone_mode=False)
        code = result if isinstance(result, int) else 0
    except NbalignError as error:
        _say_error(error)
        code = error.exit_code
    except click.exceptions.Exit as done:
        code = done.exit_code
    except click.ClickException as error:
        error.show()
        code = 2
    except (KeyboardInterrupt, click.Abort):
        print("\nstopped; everything finished until now is kept", file=sys.stderr)
        code = 130
    except BrokenPipeError:
        # The reader (head, less) went away: not an error, but stdout must not be flushed into the closed pipe again.
        sys.stderr.close()
        code = 0
    except SystemExit:
        # What click makes of the same, after it has put a harmless stdout in place of the real one.
        if sys.stdout is stdout:
            raise
        code = 0
    except Exception as error:
        code = _say_bug(error)
    return code


def _say_bug(error: BaseException) -> int:
    """Nobody should meet a traceback; whoever wants it for a report asks for it."""
    if os.environ.get("NBALIGN_DEBUG"):
        traceback.print_exc()
    else:
        print(f"error: nbalign failed: {type(error).__name__}: {error}", file=sys.stderr)
        print("  This is a bug. Set NBALIGN_DEBUG=1 and run it again for the details to report.", file=sys.stderr)
    return 70


def _say_error(error: NbalignError) -> None:
    from nbalign.notebooks.sanitise import clean

    # File names and what libraries say of broken files end up in messages: nothing of it may command the terminal.
    print(clean(f"error: {error.message}"), file=sys.stderr)
    if error.hint:
        print(clean(f"  {error.hint}"), file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
